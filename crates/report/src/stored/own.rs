//! `plimsoll.report/v1` and `plimsoll.index/v1`, read back into the model. What a later version of the program adds is passed
//! over, and what an earlier one did not write yet is taken for not looked at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use model::advisory::{Epss, Kev, Ssvc};
use model::coverage::{Coverage, Level};
use model::digest::Digest;
use model::distro::Distro;
use model::finding::{Evidence, Exploited, Finding, FindingKind, FindingStatus, Owner};
use model::image::{BaseEvidence, BaseImage, ImageInfo, LayerInfo};
use model::license::LicenseVerdict;
use model::misconfiguration::Misconfiguration;
use model::package::{Location, Origin, Package, PackageType, SourcePackage};
use model::platform::Platform;
use model::pod_security::PodSecurity;
use model::report::{DatabaseInfo, Decision, FeedInfo, Inputs, Outcome, Reason, Report};
use model::secret::Secret;
use model::severity::{Cvss, Severity};
use model::suppression::{Suppression, SuppressionKind};
use model::vex::VexStatus;
use serde::{Deserialize, Deserializer};

/// Several reports, as the children of an index.
#[derive(Deserialize)]
pub(super) struct IndexDocument {
    pub(super) index: IndexReference,
    pub(super) reports: Vec<Document>,
}

#[derive(Deserialize)]
pub(super) struct IndexReference {
    pub(super) digest: Option<Digest>,
}

/// One report.
#[derive(Deserialize)]
pub(super) struct Document {
    schema: String,
    tool: Tool,
    created: Timestamp,
    image: Image,
    os: Option<Os>,
    database: Database,
    coverage: Vec<CoverageRow>,
    packages: Vec<PackageRow>,
    findings: Option<Vec<FindingRow>>,
    #[serde(default)]
    misconfigurations: Option<Vec<Misconfiguration>>,
    #[serde(default)]
    pod_security: Vec<PodSecurity>,
    licenses: Option<Vec<LicenseVerdict>>,
    secrets: Option<Vec<Secret>>,
    summary: Summary,
    decision: Option<DecisionRow>,
    warnings: Vec<String>,
    #[serde(default)]
    unread: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Tool {
    version: String,
}

#[derive(Deserialize)]
struct Image {
    reference: String,
    source: String,
    #[serde(default)]
    names: Vec<String>,
    digest: Option<Digest>,
    config_digest: Option<Digest>,
    platform: Option<String>,
    created: Option<Timestamp>,
    user: Option<String>,
    #[serde(default)]
    exposed_ports: Vec<String>,
    #[serde(default)]
    command: Vec<String>,
    labels: BTreeMap<String, String>,
    layers: Vec<LayerInfo>,
    base: Option<Base>,
}

#[derive(Deserialize)]
struct Base {
    name: Option<String>,
    digest: Option<Digest>,
    how: BaseEvidence,
}

#[derive(Deserialize)]
struct Os {
    id: String,
    version: String,
    #[serde(default)]
    codename: Option<String>,
    name: String,
    eol: Option<String>,
}

#[derive(Deserialize)]
struct Database {
    built: Option<Timestamp>,
    sha256: Option<String>,
    kind: String,
    feeds: Vec<Feed>,
}

#[derive(Deserialize)]
struct Feed {
    name: String,
    as_of: String,
}

#[derive(Deserialize)]
struct CoverageRow {
    #[serde(rename = "type")]
    kind: String,
    release: Option<String>,
    feed: Option<String>,
    as_of: Option<String>,
    level: Level,
    judged: usize,
    unjudged: usize,
    undetermined: usize,
    reasons: Vec<String>,
}

#[derive(Deserialize)]
struct PackageRow {
    purl: String,
    name: String,
    version: String,
    #[serde(rename = "type")]
    kind: PackageType,
    source: Option<SourcePackage>,
    #[serde(default)]
    vendor: Option<String>,
    licenses: Vec<String>,
    locations: Vec<Location>,
    origin: Origin,
}

#[derive(Deserialize)]
struct FindingRow {
    id: String,
    aliases: Vec<String>,
    kind: FindingKind,
    title: String,
    url: Option<String>,
    published: Option<Timestamp>,
    purl: String,
    package: String,
    #[serde(rename = "type")]
    package_type: PackageType,
    version: String,
    status: FindingStatus,
    fixed_in: Vec<String>,
    fix_available_since: Option<Timestamp>,
    severity: Severity,
    severity_source: Option<String>,
    cvss: Vec<Cvss>,
    cwes: Vec<String>,
    exploited: Option<ExploitedRow>,
    epss: Option<EpssRow>,
    #[serde(default)]
    ssvc: Option<SsvcRow>,
    in_use: Option<bool>,
    risk: Option<f64>,
    why: Vec<String>,
    owner: Owner,
    suppressed: Option<SuppressionRow>,
    #[serde(default)]
    claimed: Option<Vec<SuppressionRow>>,
    evidence: Vec<EvidenceRow>,
    sources: Vec<String>,
}

#[derive(Deserialize)]
struct ExploitedRow {
    kev: Option<KevRow>,
    exploit_code: Option<String>,
}

#[derive(Deserialize)]
struct KevRow {
    date_added: String,
    ransomware: bool,
}

#[derive(Deserialize)]
struct EpssRow {
    score: f64,
    percentile: f64,
    date: String,
}

#[derive(Deserialize)]
struct SsvcRow {
    exploitation: String,
    automatable: bool,
    technical_impact: String,
}

#[derive(Deserialize)]
struct SuppressionRow {
    kind: SuppressionKind,
    #[serde(default, deserialize_with = "said")]
    source: String,
    #[serde(default)]
    line: Option<u32>,
    #[serde(default, deserialize_with = "said")]
    id: String,
    #[serde(default, deserialize_with = "said")]
    author: String,
    #[serde(default, deserialize_with = "said")]
    reason: String,
    #[serde(default)]
    status: Option<VexStatus>,
    #[serde(default, deserialize_with = "said")]
    justification: String,
    #[serde(default)]
    expires: Option<Date>,
}

#[derive(Deserialize)]
struct EvidenceRow {
    path: String,
    layer: Option<Digest>,
    extractor: String,
    range: String,
}

#[derive(Deserialize)]
struct Summary {
    hidden_by_filters: usize,
}

#[derive(Deserialize)]
struct DecisionRow {
    outcome: Outcome,
    policy: String,
    reasons: Vec<ReasonRow>,
    #[serde(default)]
    inputs: Option<InputsRow>,
}

#[derive(Deserialize)]
struct InputsRow {
    policy: Option<Digest>,
    database: Option<Digest>,
    image: Option<Digest>,
    report: Option<Digest>,
    report_created: Option<Timestamp>,
    gate: String,
    environment: Option<String>,
}

#[derive(Deserialize)]
struct ReasonRow {
    rule: String,
    message: String,
    subject: String,
    outcome: Outcome,
    link: Option<String>,
}

/// `null` is what nobody said.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

impl Document {
    /// The report; `Err` says in words what it cannot be.
    pub(super) fn into_report(self) -> Result<Report, String> {
        if self.schema != super::REPORT {
            return Err(format!("a report in it is of the form `{}`", self.schema));
        }
        let sha256 = self.database.sha256.map(|hex| format!("sha256:{hex}").parse::<Digest>());
        let (distro, distro_eol) = match self.os {
            Some(Os { id, version, codename, name, eol }) => {
                (Some(Distro { id, id_like: Vec::new(), version_id: version, codename, pretty_name: name }), eol)
            }
            None => (None, None),
        };
        Ok(Report {
            tool_version: self.tool.version,
            created: self.created,
            image: self.image.into_model()?,
            distro,
            distro_eol,
            database: DatabaseInfo {
                kind: self.database.kind,
                built: self.database.built,
                sha256: sha256.transpose().map_err(|error| error.to_string())?,
                feeds: self
                    .database
                    .feeds
                    .into_iter()
                    .map(|feed| FeedInfo { name: feed.name, as_of: feed.as_of, records: 0 })
                    .collect(),
            },
            coverage: self.coverage.into_iter().map(CoverageRow::into_model).collect(),
            packages: self.packages.into_iter().map(PackageRow::into_model).collect(),
            findings: self.findings.map(|findings| findings.into_iter().map(FindingRow::into_model).collect()),
            misconfigurations: self.misconfigurations,
            pod_security: self.pod_security,
            licenses: self.licenses,
            notices: None,
            secrets: self.secrets,
            hidden_by_filters: self.summary.hidden_by_filters,
            warnings: self.warnings,
            unread: self
                .unread
                .unwrap_or_else(|| vec!["the report does not say whether all of the image was read; scan it again".to_owned()]),
            decision: self.decision.map(DecisionRow::into_model),
        })
    }
}

impl Image {
    fn into_model(self) -> Result<ImageInfo, String> {
        let platform = self.platform.map(|platform| platform.parse::<Platform>());
        Ok(ImageInfo {
            reference: self.reference,
            source: self.source,
            names: self.names,
            digest: self.digest,
            config_digest: self.config_digest,
            platform: platform.transpose().map_err(|error| error.to_string())?,
            created: self.created,
            user: self.user,
            exposed_ports: self.exposed_ports,
            command: self.command,
            labels: self.labels,
            env: Vec::new(),
            healthcheck: Vec::new(),
            history: Vec::new(),
            layers: self.layers,
            base: self.base.map(|base| BaseImage { name: base.name, digest: base.digest, how: base.how, layers: None }),
        })
    }
}

impl CoverageRow {
    fn into_model(self) -> Coverage {
        let Self { kind, release, feed, as_of, level, judged, unjudged, undetermined, reasons } = self;
        Coverage { kind, release, feed, as_of, level, judged, unjudged, undetermined, reasons }
    }
}

impl PackageRow {
    fn into_model(self) -> (String, Package) {
        let mut package = Package::new(self.kind, self.name, self.version, super::EXTRACTOR);
        // Only the purl says so.
        package.architecture =
            self.purl.contains("arch=").then(|| model::purl::parse(&self.purl)).flatten().and_then(|one| one.architecture);
        package.source = self.source;
        package.vendor = self.vendor;
        package.licenses = self.licenses;
        package.locations = self.locations;
        package.origin = self.origin;
        package.given_purl = Some(self.purl.clone());
        (self.purl, package)
    }
}

impl FindingRow {
    fn into_model(self) -> Finding {
        Finding {
            id: self.id,
            aliases: self.aliases,
            kind: self.kind,
            title: self.title,
            url: self.url.unwrap_or_default(),
            published: self.published,
            purl: self.purl,
            package: self.package,
            package_type: self.package_type,
            version: self.version,
            status: self.status,
            fixed_in: self.fixed_in,
            fix_available_since: self.fix_available_since,
            severity: self.severity,
            severity_source: self.severity_source.unwrap_or_default(),
            cvss: self.cvss,
            cwes: self.cwes,
            exploited: self.exploited.map(|exploited| Exploited {
                kev: exploited.kev.map(|kev| Kev { date_added: kev.date_added, ransomware: kev.ransomware }),
                exploit_code: exploited.exploit_code,
            }),
            epss: self.epss.map(|epss| Epss { score: epss.score, percentile: epss.percentile, date: epss.date }),
            ssvc: self.ssvc.map(|ssvc| Ssvc {
                exploitation: ssvc.exploitation,
                automatable: ssvc.automatable,
                technical_impact: ssvc.technical_impact,
            }),
            in_use: self.in_use,
            risk: self.risk,
            why: self.why,
            owner: self.owner,
            suppressed: self.suppressed.map(SuppressionRow::into_model),
            claimed: self.claimed.map(|claims| claims.into_iter().map(SuppressionRow::into_model).collect()),
            evidence: self.evidence.into_iter().map(EvidenceRow::into_model).collect(),
            sources: self.sources,
        }
    }
}

impl SuppressionRow {
    fn into_model(self) -> Suppression {
        let Self { kind, source, line, id, author, reason, status, justification, expires } = self;
        Suppression { kind, source, line, id, author, reason, status, justification, expires }
    }
}

impl EvidenceRow {
    fn into_model(self) -> Evidence {
        Evidence { path: self.path, layer: self.layer, extractor: self.extractor, range: self.range }
    }
}

impl DecisionRow {
    fn into_model(self) -> Decision {
        Decision {
            outcome: self.outcome,
            policy: self.policy,
            reasons: self
                .reasons
                .into_iter()
                .map(|ReasonRow { rule, message, subject, outcome, link }| Reason { rule, message, subject, outcome, link })
                .collect(),
            inputs: self.inputs.map(|inputs| {
                let InputsRow { policy, database, image, report, report_created, gate, environment } = inputs;
                Inputs { policy, database, image, report, report_created, gate, environment }
            }),
        }
    }
}
