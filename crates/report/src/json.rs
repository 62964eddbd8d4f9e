//! `plimsoll.report/v1` and `plimsoll.index/v1`: everything a scan has to say, for programs. `v1` only grows: a field
//! that is once here keeps its name and its meaning. `null` means not looked at; `[]` and 0 mean looked, none found.

mod suppression;

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::coverage::Coverage;
use model::digest::Digest;
use model::finding::{Evidence, Finding};
use model::image::{ImageInfo, LayerInfo};
use model::license::LicenseVerdict;
use model::misconfiguration::Misconfiguration;
use model::package::{Location, Package, SourcePackage};
use model::pod_security::PodSecurity;
use model::report::{Decision, Reason, Report};
use model::secret::Secret;
use model::severity::{Cvss, Severity};
use serde::Serialize;

use suppression::SuppressionRow;

use crate::funnel::Funnel;
use crate::{RenderOptions, ReportError};

/// Renders one document: the report, or the index of several.
pub fn render(reports: &[Report], options: &RenderOptions) -> Result<Vec<u8>, ReportError> {
    let mut bytes = match (options.index, reports) {
        (None, [report]) => serde_json::to_vec_pretty(&Document::new(report))?,
        (_, reports) => serde_json::to_vec_pretty(&IndexDocument::new(reports, options))?,
    };
    bytes.push(b'\n');
    Ok(bytes)
}

/// One report without white space, for programs that read it at once.
pub fn compact(report: &Report) -> Result<Vec<u8>, ReportError> {
    Ok(serde_json::to_vec(&Document::new(report))?)
}

/// Several reports, as the children of an index.
#[derive(Serialize)]
pub(crate) struct IndexDocument<'a> {
    schema: &'static str,
    index: IndexReference,
    reports: Vec<Document<'a>>,
}

#[derive(Serialize)]
struct IndexReference {
    digest: Option<Digest>,
}

impl<'a> IndexDocument<'a> {
    pub(crate) fn new(reports: &'a [Report], options: &RenderOptions) -> Self {
        Self {
            schema: "plimsoll.index/v1",
            index: IndexReference { digest: options.index.and_then(|index| index.digest) },
            reports: reports.iter().map(Document::new).collect(),
        }
    }
}

/// The report as it goes over the wire. Borrowed throughout; the order of the fields is the order in the document.
#[derive(Serialize)]
pub(crate) struct Document<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    created: Timestamp,
    image: Image<'a>,
    os: Option<Os<'a>>,
    database: Database<'a>,
    coverage: Vec<CoverageRow<'a>>,
    packages: Vec<PackageRow<'a>>,
    findings: Option<Vec<FindingRow<'a>>>,
    misconfigurations: Option<&'a [Misconfiguration]>,
    // Only manifests have workloads.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pod_security: &'a [PodSecurity],
    // Nobody looks at these yet.
    secrets: Option<&'a [Secret]>,
    licenses: Option<&'a [LicenseVerdict]>,
    summary: Summary,
    decision: Option<DecisionRow<'a>>,
    warnings: &'a [String],
    unread: &'a [String],
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Image<'a> {
    reference: &'a str,
    source: &'a str,
    names: &'a [String],
    digest: Option<Digest>,
    config_digest: Option<Digest>,
    platform: Option<String>,
    created: Option<Timestamp>,
    user: Option<&'a str>,
    exposed_ports: &'a [String],
    command: &'a [String],
    labels: &'a BTreeMap<String, String>,
    layers: Vec<Layer<'a>>,
    base: Option<Base<'a>>,
}

#[derive(Serialize)]
struct Layer<'a> {
    diff_id: Option<Digest>,
    digest: Option<Digest>,
    size: u64,
    created_by: Option<&'a str>,
}

#[derive(Serialize)]
struct Base<'a> {
    name: Option<&'a str>,
    digest: Option<Digest>,
    how: &'static str,
}

#[derive(Serialize)]
struct Os<'a> {
    id: &'a str,
    version: &'a str,
    codename: Option<&'a str>,
    name: &'a str,
    eol: Option<&'a str>,
}

#[derive(Serialize)]
struct Database<'a> {
    built: Option<Timestamp>,
    sha256: Option<String>,
    kind: &'a str,
    feeds: Vec<Feed<'a>>,
}

#[derive(Serialize)]
struct Feed<'a> {
    name: &'a str,
    as_of: &'a str,
}

#[derive(Serialize)]
pub(crate) struct CoverageRow<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
    release: Option<&'a str>,
    feed: Option<&'a str>,
    as_of: Option<&'a str>,
    level: &'static str,
    judged: usize,
    unjudged: usize,
    undetermined: usize,
    reasons: &'a [String],
}

#[derive(Serialize)]
struct PackageRow<'a> {
    purl: &'a str,
    name: &'a str,
    version: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    source: Option<&'a SourcePackage>,
    vendor: Option<&'a str>,
    licenses: &'a [String],
    locations: &'a [Location],
    origin: model::package::Origin,
}

#[derive(Serialize)]
pub(crate) struct FindingRow<'a> {
    id: &'a str,
    aliases: &'a [String],
    kind: &'static str,
    title: &'a str,
    url: Option<&'a str>,
    published: Option<Timestamp>,
    purl: &'a str,
    package: &'a str,
    #[serde(rename = "type")]
    package_type: &'static str,
    version: &'a str,
    status: &'static str,
    fixed_in: &'a [String],
    fix_available_since: Option<Timestamp>,
    severity: Severity,
    severity_source: Option<&'a str>,
    cvss: &'a [Cvss],
    cwes: &'a [String],
    exploited: Option<Exploited<'a>>,
    epss: Option<Epss<'a>>,
    ssvc: Option<SsvcRow<'a>>,
    in_use: Option<bool>,
    risk: Option<f64>,
    why: &'a [String],
    owner: &'static str,
    suppressed: Option<SuppressionRow<'a>>,
    claimed: Option<Vec<SuppressionRow<'a>>>,
    evidence: Vec<EvidenceRow<'a>>,
    sources: &'a [String],
}

#[derive(Serialize)]
struct Exploited<'a> {
    kev: Option<Kev<'a>>,
    exploit_code: Option<&'a str>,
}

/// CISA's decision points.
#[derive(Serialize)]
struct SsvcRow<'a> {
    exploitation: &'a str,
    automatable: bool,
    technical_impact: &'a str,
}

#[derive(Serialize)]
struct Kev<'a> {
    date_added: &'a str,
    ransomware: bool,
}

#[derive(Serialize)]
struct Epss<'a> {
    score: f64,
    percentile: f64,
    date: &'a str,
}

#[derive(Serialize)]
struct EvidenceRow<'a> {
    path: &'a str,
    layer: Option<Digest>,
    extractor: &'a str,
    range: &'a str,
}

#[derive(Serialize)]
struct Summary {
    hidden_by_filters: usize,
    suppressed: usize,
    funnel: Funnel,
}

#[derive(Serialize)]
pub(crate) struct DecisionRow<'a> {
    outcome: &'static str,
    policy: &'a str,
    reasons: Vec<ReasonRow<'a>>,
    inputs: Option<InputsRow<'a>>,
}

#[derive(Serialize)]
struct InputsRow<'a> {
    policy: Option<Digest>,
    database: Option<Digest>,
    image: Option<Digest>,
    report: Option<Digest>,
    report_created: Option<Timestamp>,
    gate: &'a str,
    environment: Option<&'a str>,
}

#[derive(Serialize)]
struct ReasonRow<'a> {
    rule: &'a str,
    message: &'a str,
    subject: &'a str,
    outcome: &'static str,
    link: Option<&'a str>,
}

impl<'a> Document<'a> {
    pub(crate) fn new(report: &'a Report) -> Self {
        let suppressed = report.findings.iter().flatten().filter(|finding| finding.suppressed.is_some()).count();
        Self {
            schema: "plimsoll.report/v1",
            tool: Tool { name: "plimsoll", version: &report.tool_version },
            created: report.created,
            image: Image::new(&report.image),
            os: report.distro.as_ref().map(|distro| Os {
                id: &distro.id,
                version: &distro.version_id,
                codename: distro.codename.as_deref(),
                name: &distro.pretty_name,
                eol: report.distro_eol.as_deref(),
            }),
            database: Database {
                built: report.database.built,
                // The field is named after the algorithm, so the digest stands without it.
                sha256: report.database.sha256.map(|digest| digest.hex()),
                kind: &report.database.kind,
                feeds: report.database.feeds.iter().map(|feed| Feed { name: &feed.name, as_of: &feed.as_of }).collect(),
            },
            coverage: report.coverage.iter().map(CoverageRow::new).collect(),
            packages: report.packages.iter().map(|(purl, package)| PackageRow::new(purl, package)).collect(),
            findings: report.findings.as_ref().map(|findings| findings.iter().map(FindingRow::new).collect()),
            misconfigurations: report.misconfigurations.as_deref(),
            pod_security: &report.pod_security,
            secrets: report.secrets.as_deref(),
            licenses: report.licenses.as_deref(),
            summary: Summary { hidden_by_filters: report.hidden_by_filters, suppressed, funnel: Funnel::of(report) },
            decision: report.decision.as_ref().map(DecisionRow::new),
            warnings: &report.warnings,
            unread: &report.unread,
        }
    }
}

impl<'a> DecisionRow<'a> {
    pub(crate) fn new(decision: &'a Decision) -> Self {
        Self {
            outcome: decision.outcome.name(),
            policy: &decision.policy,
            reasons: decision
                .reasons
                .iter()
                .map(|Reason { rule, message, subject, outcome, link }| ReasonRow {
                    rule,
                    message,
                    subject,
                    outcome: outcome.name(),
                    link: link.as_deref(),
                })
                .collect(),
            inputs: decision.inputs.as_ref().map(|inputs| InputsRow {
                policy: inputs.policy,
                database: inputs.database,
                image: inputs.image,
                report: inputs.report,
                report_created: inputs.report_created,
                gate: &inputs.gate,
                environment: inputs.environment.as_deref(),
            }),
        }
    }
}

impl<'a> Image<'a> {
    fn new(image: &'a ImageInfo) -> Self {
        Self {
            reference: &image.reference,
            source: &image.source,
            names: &image.names,
            digest: image.digest,
            config_digest: image.config_digest,
            platform: image.platform.as_ref().map(ToString::to_string),
            created: image.created,
            user: image.user.as_deref(),
            exposed_ports: &image.exposed_ports,
            command: &image.command,
            labels: &image.labels,
            layers: image
                .layers
                .iter()
                .map(|LayerInfo { diff_id, digest, size, created_by }| Layer {
                    diff_id: *diff_id,
                    digest: *digest,
                    size: *size,
                    created_by: created_by.as_deref(),
                })
                .collect(),
            base: image.base.as_ref().map(|base| Base { name: base.name.as_deref(), digest: base.digest, how: base.how.name() }),
        }
    }
}

impl<'a> CoverageRow<'a> {
    pub(crate) fn new(coverage: &'a Coverage) -> Self {
        Self {
            kind: &coverage.kind,
            release: coverage.release.as_deref(),
            feed: coverage.feed.as_deref(),
            as_of: coverage.as_of.as_deref(),
            level: coverage.level.name(),
            judged: coverage.judged,
            unjudged: coverage.unjudged,
            undetermined: coverage.undetermined,
            reasons: &coverage.reasons,
        }
    }
}

impl<'a> PackageRow<'a> {
    fn new(purl: &'a str, package: &'a Package) -> Self {
        Self {
            purl,
            name: &package.name,
            version: &package.version,
            kind: package.kind.name(),
            source: package.source.as_ref(),
            vendor: package.vendor.as_deref(),
            licenses: &package.licenses,
            locations: &package.locations,
            origin: package.origin,
        }
    }
}

/// What nobody said is `null`.
fn said(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

impl<'a> FindingRow<'a> {
    pub(crate) fn new(finding: &'a Finding) -> Self {
        Self {
            id: &finding.id,
            aliases: &finding.aliases,
            kind: finding.kind.name(),
            title: &finding.title,
            url: said(&finding.url),
            published: finding.published,
            purl: &finding.purl,
            package: &finding.package,
            package_type: finding.package_type.name(),
            version: &finding.version,
            status: finding.status.name(),
            fixed_in: &finding.fixed_in,
            fix_available_since: finding.fix_available_since,
            severity: finding.severity,
            severity_source: said(&finding.severity_source),
            cvss: &finding.cvss,
            cwes: &finding.cwes,
            exploited: finding.exploited.as_ref().map(|exploited| Exploited {
                kev: exploited.kev.as_ref().map(|kev| Kev { date_added: &kev.date_added, ransomware: kev.ransomware }),
                exploit_code: exploited.exploit_code.as_deref(),
            }),
            epss: finding.epss.as_ref().map(|epss| Epss { score: epss.score, percentile: epss.percentile, date: &epss.date }),
            ssvc: finding.ssvc.as_ref().map(|ssvc| SsvcRow {
                exploitation: &ssvc.exploitation,
                automatable: ssvc.automatable,
                technical_impact: &ssvc.technical_impact,
            }),
            in_use: finding.in_use,
            risk: finding.risk,
            why: &finding.why,
            owner: finding.owner.name(),
            suppressed: finding.suppressed.as_ref().map(SuppressionRow::new),
            claimed: finding.claimed.as_ref().map(|claims| claims.iter().map(SuppressionRow::new).collect()),
            evidence: finding.evidence.iter().map(EvidenceRow::new).collect(),
            sources: &finding.sources,
        }
    }
}

impl<'a> EvidenceRow<'a> {
    fn new(evidence: &'a Evidence) -> Self {
        Self { path: &evidence.path, layer: evidence.layer, extractor: &evidence.extractor, range: &evidence.range }
    }
}
