//! Trivy's JSON, schema version 2 (<https://trivy.dev/docs/latest/configuration/reporting/#json>; its fields are those of the
//! Go types `types.Report`, `types.Result` and `types.DetectedVulnerability`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::digest::Digest;
use model::finding::{Evidence, Finding, FindingStatus};
use model::image::{ImageInfo, LayerInfo};
use model::package::{Package, PackageType, SourcePackage};
use model::platform::Platform;
use model::report::Report;
use model::secret::{Secret, SecretLocation};
use model::severity::{Cvss, Severity};
use model::suppression::{Suppression, SuppressionKind};
use model::vex::VexStatus;
use serde::Deserialize;

use super::StoredError;
use super::foreign::{self, Foreign, location, names};
use crate::trivy::names::{distro, package_type};

const SCANNER: &str = "trivy";

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Document {
    created_at: Option<Timestamp>,
    trivy: Option<Program>,
    artifact_name: String,
    artifact_type: String,
    metadata: Option<Metadata>,
    results: Option<Vec<ResultRow>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Program {
    version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    #[serde(rename = "OS")]
    os: Option<Os>,
    #[serde(rename = "ImageID")]
    image_id: Option<String>,
    #[serde(rename = "DiffIDs")]
    diff_ids: Option<Vec<String>>,
    #[serde(rename = "RepoTags")]
    repo_tags: Option<Vec<String>>,
    #[serde(rename = "RepoDigests")]
    repo_digests: Option<Vec<String>>,
    #[serde(rename = "ImageConfig")]
    image_config: Option<ImageConfig>,
    #[serde(rename = "Layers")]
    layers: Option<Vec<Layer>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Os {
    family: String,
    name: String,
    #[serde(rename = "EOSL")]
    eosl: bool,
}

/// The image's configuration as OCI writes it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ImageConfig {
    architecture: String,
    os: String,
    variant: Option<String>,
    created: Option<Timestamp>,
    config: Option<RunConfig>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RunConfig {
    user: Option<String>,
    exposed_ports: Option<BTreeMap<String, serde_json::Value>>,
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
    labels: Option<BTreeMap<String, String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Layer {
    #[serde(rename = "Digest")]
    digest: Option<String>,
    #[serde(rename = "DiffID")]
    diff_id: Option<String>,
    #[serde(rename = "Size")]
    size: u64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ResultRow {
    target: String,
    class: String,
    #[serde(rename = "Type")]
    kind: String,
    packages: Option<Vec<PackageRow>>,
    vulnerabilities: Option<Vec<Vulnerability>>,
    secrets: Option<Vec<SecretRow>>,
    experimental_modified_findings: Option<Vec<Modified>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct SecretRow {
    #[serde(rename = "RuleID")]
    rule_id: String,
    severity: String,
    title: String,
    start_line: u64,
    #[serde(rename = "Match")]
    shown: String,
    layer: Layer,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct PackageRow {
    name: String,
    version: String,
    release: String,
    epoch: u64,
    arch: String,
    src_name: String,
    src_version: String,
    src_release: String,
    src_epoch: u64,
    identifier: Identifier,
    licenses: Option<Vec<String>>,
    maintainer: String,
    modularitylabel: String,
    layer: Layer,
    file_path: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Identifier {
    #[serde(rename = "PURL")]
    purl: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Vulnerability {
    #[serde(rename = "VulnerabilityID")]
    id: String,
    #[serde(rename = "VendorIDs")]
    vendor_ids: Option<Vec<String>>,
    pkg_name: String,
    pkg_path: String,
    pkg_identifier: Identifier,
    installed_version: String,
    fixed_version: String,
    status: String,
    layer: Layer,
    severity_source: String,
    #[serde(rename = "PrimaryURL")]
    primary_url: String,
    data_source: Option<DataSource>,
    title: String,
    description: String,
    severity: String,
    #[serde(rename = "CweIDs")]
    cwe_ids: Option<Vec<String>>,
    #[serde(rename = "CVSS")]
    cvss: Option<BTreeMap<String, Scores>>,
    published_date: Option<Timestamp>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DataSource {
    #[serde(rename = "ID")]
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Scores {
    #[serde(rename = "V2Vector")]
    v2_vector: String,
    #[serde(rename = "V3Vector")]
    v3_vector: String,
    #[serde(rename = "V40Vector")]
    v40_vector: String,
    #[serde(rename = "V2Score")]
    v2_score: f64,
    #[serde(rename = "V3Score")]
    v3_score: f64,
    #[serde(rename = "V40Score")]
    v40_score: f64,
}

/// What VEX or an ignore file took out of the results.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Modified {
    #[serde(rename = "Type")]
    kind: String,
    status: String,
    statement: String,
    source: String,
    finding: Option<Vulnerability>,
}

/// The report that Trivy's amounts to.
pub(super) fn report(document: Document) -> Result<Report, StoredError> {
    let mut foreign = Foreign::new(SCANNER);
    foreign.created = document.created_at;
    foreign.version = document.trivy.map(|program| program.version).unwrap_or_default();
    let metadata = document.metadata.unwrap_or_default();
    if let Some(os) = &metadata.os {
        foreign.distro = distro(&os.family, &os.name);
        if os.eosl {
            foreign.warnings.push(format!("{} {} gets no more fixes, by Trivy's word", os.family, os.name));
        }
    }
    foreign.image = image(document.artifact_name, &document.artifact_type, metadata);
    let mut listed = false;
    for result in document.results.unwrap_or_default() {
        if result.class == "secret" {
            let secrets = foreign.secrets.get_or_insert_default();
            secrets.extend(result.secrets.into_iter().flatten().map(|row| secret(row, &result.target)));
        }
        if !matches!(result.class.as_str(), "os-pkgs" | "lang-pkgs") {
            continue;
        }
        let Some(kind) = package_type(&result.class, &result.kind) else {
            foreign.unread.push(format!("{}: packages of Trivy's type `{}` are not known here", result.target, result.kind));
            continue;
        };
        listed |= result.packages.is_some();
        // Trivy writes no empty list: one finding, counted or not, is the only sign that it looked for any.
        foreign.looked |= result.vulnerabilities.is_some() || result.experimental_modified_findings.is_some();
        for row in result.packages.into_iter().flatten() {
            foreign.package(package(row, kind, &result.target));
        }
        for row in result.vulnerabilities.into_iter().flatten() {
            add(&mut foreign, row, kind, &result.target, None)?;
        }
        for modified in result.experimental_modified_findings.into_iter().flatten().filter(|one| one.kind == "vulnerability") {
            let suppression = suppression(&modified);
            if let Some(row) = modified.finding {
                add(&mut foreign, row, kind, &result.target, Some(suppression))?;
            }
        }
    }
    if !listed && !foreign.packages.is_empty() {
        foreign
            .warnings
            .push("only packages with findings are known; have Trivy write its report with `--list-all-pkgs`".to_owned());
    }
    Ok(foreign.finish())
}

fn image(reference: String, artifact_type: &str, metadata: Metadata) -> ImageInfo {
    // Without its configuration nothing is known of how it runs, so it is not named either.
    let config_digest = metadata.image_id.filter(|_| metadata.image_config.is_some()).and_then(|id| id.parse().ok());
    let config = metadata.image_config.unwrap_or_default();
    let run = config.config.as_ref();
    let digests = |list: Option<Vec<String>>| -> Vec<Option<Digest>> {
        list.unwrap_or_default().iter().map(|digest| digest.parse().ok()).collect()
    };
    let layers = match metadata.layers {
        Some(layers) if !layers.is_empty() => layers
            .iter()
            .map(|layer| LayerInfo {
                diff_id: layer.diff_id.as_deref().and_then(|digest| digest.parse().ok()),
                digest: layer.digest.as_deref().and_then(|digest| digest.parse().ok()),
                size: layer.size,
                created_by: None,
            })
            .collect(),
        _ => digests(metadata.diff_ids)
            .into_iter()
            .map(|diff_id| LayerInfo { diff_id, digest: None, size: 0, created_by: None })
            .collect(),
    };
    let repo_digest = metadata.repo_digests.unwrap_or_default().into_iter().next();
    let (source, digest) = match artifact_type {
        "container_image" => match &repo_digest {
            Some(name) => ("registry", name.rsplit_once('@').and_then(|(_, digest)| digest.parse().ok())),
            None => ("archive", None),
        },
        "cyclonedx" | "spdx" => ("sbom", None),
        "repository" => ("source", None),
        _ => ("rootfs", None),
    };
    ImageInfo {
        reference,
        source: source.to_owned(),
        names: metadata.repo_tags.unwrap_or_default(),
        digest,
        config_digest,
        platform: config.platform(),
        created: config.created,
        user: run.and_then(|run| run.user.clone()).filter(|user| !user.is_empty()),
        healthcheck: Vec::new(),
        history: Vec::new(),
        exposed_ports: run
            .and_then(|run| run.exposed_ports.as_ref())
            .into_iter()
            .flatten()
            .map(|(port, _)| port.clone())
            .collect(),
        command: run.into_iter().flat_map(|run| [&run.entrypoint, &run.cmd]).flatten().flatten().cloned().collect(),
        labels: run.and_then(|run| run.labels.clone()).unwrap_or_default(),
        env: Vec::new(),
        layers,
        base: None,
    }
}

impl ImageConfig {
    fn platform(&self) -> Option<Platform> {
        let known = !self.os.is_empty() && !self.architecture.is_empty();
        known.then(|| Platform::new(&self.os, &self.architecture, self.variant.as_deref().filter(|variant| !variant.is_empty())))
    }
}

/// `epoch:version-release` of a distribution's package.
fn version(epoch: u64, version: &str, release: &str) -> String {
    let epoch = if epoch == 0 { String::new() } else { format!("{epoch}:") };
    let release = if release.is_empty() { String::new() } else { format!("-{release}") };
    format!("{epoch}{version}{release}")
}

/// Where a package is by Trivy's word: the file of its own, else what the result is about.
fn place<'a>(path: &'a str, target: &'a str, kind: PackageType) -> &'a str {
    // The target of a distribution's packages is the image's name.
    if !path.is_empty() || kind.is_os() { path } else { target }
}

fn package(row: PackageRow, kind: PackageType, target: &str) -> Package {
    let given = row.identifier.purl.filter(|purl| !purl.is_empty());
    let parsed = given.as_deref().and_then(model::purl::parse);
    let installed = version(row.epoch, &row.version, &row.release);
    let kind = parsed.as_ref().map_or(kind, |parsed| parsed.kind);
    let name = parsed.map_or(row.name, |parsed| parsed.name);
    let mut package = Package::new(kind, name, installed, SCANNER);
    package.architecture = Some(row.arch).filter(|arch| !arch.is_empty());
    package.source = (!row.src_name.is_empty())
        .then(|| SourcePackage { name: row.src_name, version: version(row.src_epoch, &row.src_version, &row.src_release) });
    package.module = Some(row.modularitylabel).filter(|module| !module.is_empty());
    package.vendor = Some(row.maintainer).filter(|maintainer| !maintainer.is_empty());
    package.licenses = row.licenses.unwrap_or_default();
    package.locations = vec![location(place(&row.file_path, target, kind), row.layer.diff_id.as_deref())];
    package.given_purl = given;
    package
}

/// Adds a finding and, where no list names it, its package.
fn add(
    foreign: &mut Foreign,
    row: Vulnerability,
    kind: PackageType,
    target: &str,
    suppressed: Option<Suppression>,
) -> Result<(), StoredError> {
    if row.id.is_empty() || row.pkg_name.is_empty() {
        return Err(StoredError(format!("a finding of Trivy in {target} lacks its VulnerabilityID or PkgName")));
    }
    let given = row.pkg_identifier.purl.filter(|purl| !purl.is_empty());
    let parsed = given.as_deref().and_then(model::purl::parse);
    let kind = parsed.as_ref().map_or(kind, |parsed| parsed.kind);
    let mut package = Package::new(kind, parsed.map_or(row.pkg_name, |parsed| parsed.name), row.installed_version, SCANNER);
    let place = location(place(&row.pkg_path, target, kind), row.layer.diff_id.as_deref());
    package.given_purl = given;
    package.locations = vec![place.clone()];
    let (name, installed) = (package.name.clone(), package.version.clone());
    let purl = foreign.package(package);
    let (id, aliases) = names(&row.id, row.vendor_ids.iter().flatten().map(String::as_str));
    let sort = foreign::kind(&id, &aliases);
    let mut finding = Finding::new(id, sort, kind);
    finding.aliases = aliases;
    finding.title = if row.title.is_empty() { first_line(&row.description) } else { row.title };
    finding.url = row.primary_url;
    finding.published = row.published_date;
    finding.purl = purl;
    finding.package = name;
    finding.version = installed;
    finding.fixed_in = row.fixed_version.split(',').map(str::trim).filter(|fix| !fix.is_empty()).map(str::to_owned).collect();
    finding.status = match row.status.as_str() {
        _ if !finding.fixed_in.is_empty() => FindingStatus::Fixed,
        "will_not_fix" | "fix_deferred" => FindingStatus::WontFix,
        "end_of_life" => FindingStatus::EndOfLife,
        "under_investigation" => FindingStatus::UnderInvestigation,
        _ => FindingStatus::Affected,
    };
    finding.severity = Severity::from_vendor_word(&row.severity).unwrap_or_default();
    finding.severity_source = if finding.severity == Severity::Unknown { String::new() } else { row.severity_source };
    finding.cvss = row.cvss.iter().flatten().flat_map(|(source, scores)| vectors(source, scores)).collect();
    finding.cwes = row.cwe_ids.unwrap_or_default();
    let feed = row.data_source.map(|source| source.id).filter(|id| !id.is_empty()).unwrap_or_else(|| SCANNER.to_owned());
    let range = match finding.fixed_in.as_slice() {
        [] => format!("no fix known ({SCANNER}, {feed})"),
        fixes => format!("fixed in {} ({SCANNER}, {feed})", fixes.join(", ")),
    };
    finding.evidence = vec![Evidence { path: place.path, layer: place.layer, extractor: SCANNER.to_owned(), range }];
    finding.sources = vec![feed];
    finding.suppressed = suppressed;
    foreign.finding(finding);
    Ok(())
}

/// A secret as far as it may be shown: of what Trivy writes of its line, the asterisks alone.
fn secret(row: SecretRow, target: &str) -> Secret {
    let hidden: String = row.shown.chars().filter(|one| *one == '*').take(40).collect();
    Secret {
        rule: row.rule_id,
        title: row.title,
        severity: Severity::from_vendor_word(&row.severity).unwrap_or_default(),
        locations: vec![SecretLocation {
            path: target.to_owned(),
            layer: row.layer.diff_id.and_then(|digest| digest.parse().ok()),
            line: Some(row.start_line).filter(|line| *line > 0),
            deleted_in: None,
        }],
        redacted: if hidden.is_empty() { "****".to_owned() } else { hidden },
        suppressed: None,
    }
}

fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}

fn vectors<'a>(source: &'a str, scores: &'a Scores) -> impl Iterator<Item = Cvss> + 'a {
    let of = [(&scores.v2_vector, scores.v2_score), (&scores.v3_vector, scores.v3_score), (&scores.v40_vector, scores.v40_score)];
    of.into_iter().filter(|(vector, _)| !vector.is_empty()).map(move |(vector, score)| Cvss {
        version: vector.strip_prefix("CVSS:").and_then(|rest| rest.split('/').next()).unwrap_or("2.0").to_owned(),
        vector: vector.clone(),
        score,
        source: source.to_owned(),
    })
}

fn suppression(modified: &Modified) -> Suppression {
    let status = VexStatus::from_name(&modified.status);
    Suppression {
        kind: if status.is_some() { SuppressionKind::Vex } else { SuppressionKind::IgnoreFile },
        source: if modified.source.is_empty() { "Trivy's report".to_owned() } else { modified.source.clone() },
        line: None,
        id: String::new(),
        author: String::new(),
        reason: modified.statement.clone(),
        status,
        justification: String::new(),
        expires: None,
    }
}
