//! Grype's JSON (<https://oss.anchore.com/docs/reference/grype/json/>; its fields are those of the Go type `models.Document`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::advisory::{Epss, Kev};
use model::distro::Distro;
use model::finding::{Evidence, Exploited, Finding, FindingStatus};
use model::image::{ImageInfo, LayerInfo};
use model::package::{Location, Package, PackageType};
use model::platform::Platform;
use model::report::Report;
use model::severity::{Cvss, Severity};
use model::suppression::{Suppression, SuppressionKind};
use model::vex::VexStatus;
use serde::Deserialize;

use super::StoredError;
use super::foreign::{self, Foreign, location, names};

const SCANNER: &str = "grype";

#[derive(Deserialize)]
pub(super) struct Document {
    matches: Vec<Match>,
    #[serde(default, rename = "ignoredMatches")]
    ignored: Option<Vec<Match>>,
    source: Option<Source>,
    distro: Option<DistroRow>,
    descriptor: Descriptor,
}

#[derive(Deserialize)]
struct Match {
    vulnerability: Vulnerability,
    #[serde(default, rename = "relatedVulnerabilities")]
    related: Option<Vec<Related>>,
    #[serde(default, rename = "matchDetails")]
    details: Option<Vec<Details>>,
    artifact: Artifact,
    #[serde(default, rename = "appliedIgnoreRules")]
    ignored_by: Option<Vec<IgnoreRule>>,
}

#[derive(Deserialize)]
struct Vulnerability {
    id: String,
    #[serde(default, rename = "dataSource")]
    data_source: String,
    #[serde(default)]
    namespace: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    cvss: Option<Vec<CvssRow>>,
    #[serde(default)]
    cwes: Option<Vec<CweRow>>,
    #[serde(default)]
    epss: Option<Vec<EpssRow>>,
    #[serde(default, rename = "knownExploited")]
    known_exploited: Option<Vec<KevRow>>,
    #[serde(default)]
    fix: Option<Fix>,
}

#[derive(Deserialize)]
struct Related {
    id: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    cvss: Option<Vec<CvssRow>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CvssRow {
    source: String,
    version: String,
    vector: String,
    metrics: Metrics,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Metrics {
    base_score: f64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CweRow {
    cwe: String,
}

#[derive(Deserialize)]
struct EpssRow {
    epss: f64,
    percentile: f64,
    date: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct KevRow {
    date_added: Option<String>,
    #[serde(default)]
    known_ransomware_campaign_use: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fix {
    versions: Option<Vec<String>>,
    state: String,
    available: Option<Vec<Available>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Available {
    date: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details {
    found: serde_json::Value,
}

#[derive(Deserialize)]
struct Artifact {
    name: String,
    #[serde(default)]
    version: String,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    locations: Option<Vec<LocationRow>>,
    #[serde(default)]
    licenses: Option<Vec<String>>,
    #[serde(default)]
    purl: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LocationRow {
    path: String,
    #[serde(rename = "layerID")]
    layer: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct IgnoreRule {
    vulnerability: String,
    reason: String,
    vex_status: String,
    vex_justification: String,
}

#[derive(Deserialize)]
struct Source {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    target: serde_json::Value,
}

/// `source.target` where the source is an image.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ImageTarget {
    user_input: String,
    #[serde(rename = "imageID")]
    image_id: String,
    manifest_digest: String,
    tags: Option<Vec<String>>,
    layers: Option<Vec<LayerRow>>,
    repo_digests: Option<Vec<String>>,
    architecture: String,
    os: String,
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct LayerRow {
    digest: String,
    size: u64,
}

#[derive(Deserialize)]
struct DistroRow {
    #[serde(default)]
    name: String,
    #[serde(default)]
    version: String,
}

#[derive(Deserialize)]
struct Descriptor {
    #[serde(default)]
    version: String,
    #[serde(default)]
    timestamp: Option<Timestamp>,
    #[serde(default)]
    db: Option<Db>,
}

#[derive(Deserialize)]
struct Db {
    /// Up to version 5 of its database.
    #[serde(default)]
    built: Option<Timestamp>,
    #[serde(default)]
    status: Option<DbStatus>,
}

#[derive(Deserialize)]
struct DbStatus {
    #[serde(default)]
    built: Option<Timestamp>,
}

/// The report that Grype's amounts to.
pub(super) fn report(document: Document) -> Result<Report, StoredError> {
    let mut foreign = Foreign::new(SCANNER);
    foreign.looked = true;
    foreign.version = document.descriptor.version;
    foreign.created = document.descriptor.timestamp;
    foreign.advisories = document.descriptor.db.and_then(|db| db.built.or_else(|| db.status.and_then(|status| status.built)));
    foreign.distro = document.distro.filter(|distro| !distro.name.is_empty()).map(|distro| Distro {
        pretty_name: format!("{} {}", distro.name, distro.version).trim().to_owned(),
        id: distro.name,
        version_id: distro.version,
        ..Distro::default()
    });
    if let Some(source) = document.source {
        foreign.image = image(source);
    }
    for one in document.matches {
        add(&mut foreign, one, None)?;
    }
    for mut one in document.ignored.into_iter().flatten() {
        let rules = one.ignored_by.take().unwrap_or_default();
        add(&mut foreign, one, Some(suppression(&rules)))?;
    }
    foreign.warnings.push("only packages with findings are known: a report of Grype names no others".to_owned());
    Ok(foreign.finish())
}

fn image(source: Source) -> ImageInfo {
    if source.kind != "image" {
        let reference = source.target.as_str().map_or_else(|| source.target.to_string(), str::to_owned);
        let kind = if source.kind == "sbom" || source.kind == "sbom-file" { "sbom" } else { "rootfs" };
        return ImageInfo { reference, source: kind.to_owned(), ..ImageInfo::default() };
    }
    let target: ImageTarget = serde_json::from_value(source.target).unwrap_or_default();
    let known = !target.os.is_empty() && !target.architecture.is_empty();
    // Grype makes a manifest of its own for images that come from an engine or an archive: only a repository's digest is one.
    let pushed = target.repo_digests.unwrap_or_default();
    let digest = pushed.first().and_then(|name| name.rsplit_once('@')).and_then(|(_, digest)| digest.parse().ok());
    ImageInfo {
        reference: target.user_input,
        source: if digest.is_some() { "registry" } else { "archive" }.to_owned(),
        names: target.tags.unwrap_or_default(),
        digest: digest.filter(|digest: &model::digest::Digest| digest.to_string() == target.manifest_digest),
        // Without its configuration nothing is known of how it runs, so it is not named either.
        config_digest: None,
        platform: known.then(|| Platform::new(&target.os, &target.architecture, None)),
        labels: target.labels.unwrap_or_default(),
        layers: target
            .layers
            .unwrap_or_default()
            .into_iter()
            .map(|layer| LayerInfo { diff_id: layer.digest.parse().ok(), digest: None, size: layer.size, created_by: None })
            .collect(),
        ..ImageInfo::default()
    }
}

/// Syft's words for kinds of packages, for those without a purl.
fn package_type(word: &str) -> PackageType {
    match word {
        "python" => PackageType::Pypi,
        "java-archive" | "jenkins-plugin" => PackageType::Maven,
        "go-module" => PackageType::Golang,
        "rust-crate" => PackageType::Cargo,
        "dotnet" => PackageType::Nuget,
        "php-composer" => PackageType::Composer,
        "dart-pub" => PackageType::Pub,
        "R-package" => PackageType::Cran,
        other => other.parse().unwrap_or(PackageType::Generic),
    }
}

fn add(foreign: &mut Foreign, one: Match, suppressed: Option<Suppression>) -> Result<(), StoredError> {
    let Match { vulnerability, related, details, artifact, .. } = one;
    if vulnerability.id.is_empty() || artifact.name.is_empty() {
        return Err(StoredError("a match of Grype lacks the vulnerability's id or the artifact's name".to_owned()));
    }
    let related = related.unwrap_or_default();
    let locations: Vec<Location> = match artifact.locations.unwrap_or_default() {
        none if none.is_empty() => vec![location("", None)],
        rows => rows.iter().map(|row| location(&row.path, row.layer.as_deref())).collect(),
    };
    let parsed = model::purl::parse(&artifact.purl);
    let kind = parsed.as_ref().map_or_else(|| package_type(&artifact.kind), |parsed| parsed.kind);
    let mut package = Package::new(kind, parsed.map_or(artifact.name, |parsed| parsed.name), artifact.version, SCANNER);
    package.licenses = artifact.licenses.unwrap_or_default();
    package.locations.clone_from(&locations);
    package.given_purl = Some(artifact.purl).filter(|purl| !purl.is_empty());
    let (name, installed) = (package.name.clone(), package.version.clone());
    let purl = foreign.package(package);

    let (id, aliases) = names(&vulnerability.id, related.iter().map(|related| related.id.as_str()));
    let sort = foreign::kind(&id, &aliases);
    let mut finding = Finding::new(id, sort, kind);
    finding.aliases = aliases;
    let said = |text: &String| text.lines().next().filter(|line| !line.is_empty()).map(str::to_owned);
    finding.title = said(&vulnerability.description)
        .or_else(|| related.iter().find_map(|related| said(&related.description)))
        .unwrap_or_default();
    finding.url = vulnerability.data_source;
    finding.purl = purl;
    finding.package = name;
    finding.version = installed;
    let fix = vulnerability.fix.unwrap_or_default();
    finding.fixed_in = fix.versions.unwrap_or_default();
    finding.status = match fix.state.as_str() {
        _ if !finding.fixed_in.is_empty() => FindingStatus::Fixed,
        "wont-fix" => FindingStatus::WontFix,
        _ => FindingStatus::Affected,
    };
    let since = fix.available.iter().flatten().filter_map(|available| midnight(&available.date)).min();
    finding.fix_available_since = since.filter(|_| finding.status == FindingStatus::Fixed);
    let feed = vulnerability.namespace.split(':').next().filter(|feed| !feed.is_empty()).unwrap_or(SCANNER).to_owned();
    finding.severity = Severity::from_vendor_word(&vulnerability.severity).unwrap_or_default();
    finding.severity_source = if finding.severity == Severity::Unknown { String::new() } else { feed.clone() };
    let scores = vulnerability.cvss.iter().flatten().chain(related.iter().flat_map(|related| related.cvss.iter().flatten()));
    finding.cvss = vectors(scores);
    finding.cwes = vulnerability.cwes.into_iter().flatten().map(|row| row.cwe).filter(|cwe| !cwe.is_empty()).collect();
    finding.cwes.sort();
    finding.cwes.dedup();
    finding.epss = vulnerability.epss.into_iter().flatten().next().map(|row| Epss {
        score: row.epss,
        percentile: row.percentile,
        date: row.date,
    });
    // What Grype does not list it may not have looked for: silence here is no answer.
    finding.exploited = vulnerability.known_exploited.into_iter().flatten().next().map(|row| Exploited {
        kev: Some(Kev {
            date_added: row.date_added.map(|date| date.chars().take(10).collect()).unwrap_or_default(),
            ransomware: row.known_ransomware_campaign_use.eq_ignore_ascii_case("known"),
        }),
        exploit_code: None,
    });
    let range = range(details.as_deref().unwrap_or_default(), &feed);
    finding.evidence = locations
        .into_iter()
        .map(|place| Evidence { path: place.path, layer: place.layer, extractor: SCANNER.to_owned(), range: range.clone() })
        .collect();
    finding.sources = vec![feed];
    finding.suppressed = suppressed;
    foreign.finding(finding);
    Ok(())
}

/// A day, alone or at the start of a time.
fn midnight(text: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = text.get(..10)?.parse().ok()?;
    jiff::tz::Offset::UTC.to_timestamp(date.to_datetime(jiff::civil::Time::midnight())).ok()
}

fn vectors<'a>(rows: impl Iterator<Item = &'a CvssRow>) -> Vec<Cvss> {
    let mut vectors: Vec<Cvss> = rows
        .filter(|row| !row.vector.is_empty())
        .map(|row| Cvss {
            version: row.version.clone(),
            vector: row.vector.clone(),
            score: row.metrics.base_score,
            source: row.source.clone(),
        })
        .collect();
    let key = |one: &Cvss| (one.source.clone(), one.version.clone(), one.vector.clone());
    vectors.sort_by_key(key);
    vectors.dedup_by_key(|one| key(one));
    vectors
}

fn range(details: &[Details], feed: &str) -> String {
    let constraint = details.iter().find_map(|one| one.found.get("versionConstraint")?.as_str());
    match constraint.filter(|constraint| !constraint.starts_with("none")) {
        Some(constraint) => format!("{constraint} ({SCANNER}, {feed})"),
        None => format!("every version ({SCANNER}, {feed})"),
    }
}

fn suppression(rules: &[IgnoreRule]) -> Suppression {
    let status = rules.iter().find_map(|rule| VexStatus::from_name(&rule.vex_status));
    let first =
        |text: fn(&IgnoreRule) -> &String| rules.iter().map(text).find(|text| !text.is_empty()).cloned().unwrap_or_default();
    Suppression {
        kind: if status.is_some() { SuppressionKind::Vex } else { SuppressionKind::IgnoreFile },
        source: "Grype's report".to_owned(),
        line: None,
        id: first(|rule| &rule.vulnerability),
        author: String::new(),
        reason: first(|rule| &rule.reason),
        status,
        justification: first(|rule| &rule.vex_justification),
        expires: None,
    }
}
