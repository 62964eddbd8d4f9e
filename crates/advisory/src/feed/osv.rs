//! OSV records (<https://ossf.github.io/osv-schema/>), as the OSV project and many databases publish them: PyPA, RustSec,
//! Go, GitHub, AlmaLinux, Bitnami, Drupal, Haskell, malicious packages, Ubuntu, Debian, Rocky, ….

use model::advisory::{Advisory, AdvisoryKind, Affected};
use model::package::PackageType;
use model::severity::{Rating, Severity};
use serde::Deserialize;
use serde_json::Value;

use super::record::{cwe, first_sentence, is_cve, nullable, title};
use super::{ParseError, Sink, rating, time};

pub(super) mod ecosystem;
mod ranges;

/// Most package entries that one record may turn into, counted over all the vulnerabilities of an erratum.
const AFFECTED_LIMIT: usize = 2_000_000;

#[derive(Deserialize)]
struct Record {
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    modified: String,
    #[serde(default, deserialize_with = "nullable")]
    published: String,
    #[serde(default, deserialize_with = "nullable")]
    withdrawn: String,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    upstream: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    related: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    summary: String,
    #[serde(default, deserialize_with = "nullable")]
    details: String,
    #[serde(default, deserialize_with = "nullable")]
    severity: Vec<RawSeverity>,
    #[serde(default, deserialize_with = "nullable")]
    affected: Vec<RawAffected>,
    #[serde(default, deserialize_with = "nullable")]
    database_specific: DatabaseSpecific,
}

#[derive(Deserialize)]
struct RawSeverity {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    score: Value,
}

/// What databases add to a record or to one of its packages; every field by one of them, other shapes ignored.
#[derive(Default, Deserialize)]
struct DatabaseSpecific {
    #[serde(default)]
    severity: Value,
    #[serde(default)]
    cwe_ids: Value,
    #[serde(default)]
    cwes: Value,
    #[serde(default)]
    url: Value,
    #[serde(default)]
    informational: Value,
    #[serde(default)]
    categories: Value,
}

#[derive(Deserialize)]
struct RawAffected {
    #[serde(default, deserialize_with = "nullable")]
    package: Option<RawPackage>,
    #[serde(default, deserialize_with = "nullable")]
    severity: Vec<RawSeverity>,
    #[serde(default, deserialize_with = "nullable")]
    ranges: Vec<ranges::RawRange>,
    #[serde(default, deserialize_with = "nullable")]
    versions: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    ecosystem_specific: EcosystemSpecific,
    #[serde(default, deserialize_with = "nullable")]
    database_specific: DatabaseSpecific,
}

#[derive(Deserialize)]
struct RawPackage {
    ecosystem: String,
    name: String,
}

#[derive(Default, Deserialize)]
struct EcosystemSpecific {
    /// Go: the packages of the module, and their functions.
    #[serde(default)]
    imports: Value,
    /// Ubuntu and others: the distribution's own word for the level.
    #[serde(default)]
    severity: Value,
}

/// Go's `ecosystem_specific.imports[]` (<https://go.dev/doc/security/vuln/database>).
#[derive(Deserialize)]
struct Import {
    path: String,
    #[serde(default, deserialize_with = "nullable")]
    symbols: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    goos: Vec<String>,
}

/// Reads one record.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let record: Record = serde_json::from_slice(bytes)?;
    let modified = time::timestamp(&record.modified);
    let published = time::timestamp(&record.published);
    // Go dates none of its records by their last change, and a few old publication dates must not speak for the feed.
    sink.record(modified.map(time::day));
    if record.id.is_empty() || record.id.len() > 200 {
        return Err(ParseError("it has no usable id".into()));
    }
    let withdrawn = time::timestamp(&record.withdrawn);
    let kind = kind(&record);
    // A package wrongly called malicious must not be called so anywhere.
    if kind == AdvisoryKind::Malicious && !record.withdrawn.is_empty() {
        return Ok(());
    }
    let ratings = ratings(&record, name, sink);
    let cwes = cwes(&record);
    let url = url(&record);
    let title = if record.summary.is_empty() { first_sentence(&record.details) } else { title(&record.summary) };
    let Identity { id, aliases, errata, cves } = identity(&record);
    let bug_fix = record.id.starts_with("ALBA-") || record.id.starts_with("ALEA-");
    if bug_fix && cves.is_empty() {
        return Ok(());
    }
    let summary = record.summary;
    let mut affected = Vec::with_capacity(record.affected.len());
    for raw in record.affected {
        if let Some(entry) = package(raw, &record.id, &summary, modified.or(published), sink) {
            affected.push(entry);
        }
    }
    let template = Advisory { id, aliases, errata, kind, title, url, published, modified, withdrawn, ratings, cwes, affected };
    if template.affected.is_empty() {
        return Ok(());
    }
    if cves.len().saturating_mul(template.affected.len()) > AFFECTED_LIMIT {
        return Err(ParseError("it names too many vulnerabilities and packages".into()));
    }
    if cves.is_empty() {
        sink.advisory(template);
        return Ok(());
    }
    for cve in cves {
        sink.advisory(Advisory { id: cve, ..template.clone() });
    }
    Ok(())
}

/// What a record is called. Where `cves` is not empty the record speaks of several vulnerabilities, or is an erratum, and
/// each of them becomes an advisory of its own.
struct Identity {
    id: String,
    aliases: Vec<String>,
    errata: Vec<String>,
    cves: Vec<String>,
}

fn identity(record: &Record) -> Identity {
    let sorted = |ids: Vec<&String>| {
        let mut ids: Vec<String> = ids.into_iter().filter(|id| **id != record.id).cloned().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let cves_of = |ids: &[String]| {
        let mut cves: Vec<String> = ids.iter().filter_map(|id| embedded_cve(id)).map(str::to_owned).collect();
        cves.sort_unstable();
        cves.dedup();
        cves
    };
    if !is_erratum(&record.id) {
        // `UBUNTU-CVE-2024-1`, `DEBIAN-CVE-2024-1`, `ALPINE-CVE-2024-1` are that CVE; what they name upstream is it too.
        let mut aliases = sorted(record.aliases.iter().chain(&record.upstream).collect());
        if let Some(cve) = embedded_cve(&record.id).filter(|cve| *cve != record.id && !aliases.iter().any(|alias| alias == cve)) {
            aliases.push(cve.to_owned());
        }
        let cves = cves_of(&aliases);
        if cves.len() < 2 {
            return Identity { id: record.id.clone(), aliases, errata: Vec::new(), cves: Vec::new() };
        }
        // Several vulnerabilities under one id: folding by it would make them one.
        let mut errata: Vec<String> = aliases.into_iter().filter(|alias| !is_cve(alias)).collect();
        errata.insert(0, record.id.clone());
        return Identity { id: String::new(), aliases: Vec::new(), errata, cves };
    }
    let named: Vec<String> = record.aliases.iter().chain(&record.upstream).cloned().collect();
    let mut cves = cves_of(&named);
    if cves.is_empty() {
        cves = cves_of(&record.related);
    }
    if cves.is_empty() {
        return Identity { id: record.id.clone(), aliases: Vec::new(), errata: Vec::new(), cves };
    }
    Identity { id: String::new(), aliases: Vec::new(), errata: vec![record.id.clone()], cves }
}

/// The CVE that an id is (`CVE-2024-1`) or is made of (`UBUNTU-CVE-2024-1`).
fn embedded_cve(id: &str) -> Option<&str> {
    let start = if id.starts_with("CVE-") { 0 } else { id.find("-CVE-")? + 1 };
    id.get(start..).filter(|cve| is_cve(cve))
}

/// Whether an id is that of a distribution's erratum, which may fix several vulnerabilities.
fn is_erratum(id: &str) -> bool {
    const PREFIXES: [&str; 24] = [
        "ALBA-",
        "ALEA-",
        "ALSA-",
        "DLA-",
        "DSA-",
        "DTSA-",
        "ELSA-",
        "FEDORA-",
        "LSN-",
        "MGASA-",
        "OESA-",
        "PHSA-",
        "RHBA-",
        "RHEA-",
        "RHSA-",
        "RLBA-",
        "RLEA-",
        "RLSA-",
        "RXSA-",
        "SUSE-",
        "USN-",
        "openSUSE-",
        "openEuler-",
        "BELL-SA-",
    ];
    PREFIXES.iter().any(|prefix| id.starts_with(prefix)) && !id.contains("-CVE-")
}

/// What sort of statement a record makes.
fn kind(record: &Record) -> AdvisoryKind {
    let category = |wanted: &str| {
        record.affected.iter().any(|affected| match &affected.database_specific.categories {
            Value::Array(words) => words.iter().any(|word| word.as_str() == Some(wanted)),
            _ => false,
        })
    };
    if record.id.starts_with("MAL-") || category("malicious") {
        return AdvisoryKind::Malicious;
    }
    // RustSec: what is informational is a warning of `cargo audit`, not a vulnerability.
    let informational = record.affected.iter().find_map(|affected| affected.database_specific.informational.as_str());
    match informational {
        None => AdvisoryKind::Vulnerability,
        Some("unmaintained") => AdvisoryKind::Unmaintained,
        Some(_) => AdvisoryKind::Notice,
    }
}

/// The party whose ratings a record carries.
fn source(record: &Record) -> &'static str {
    const SOURCES: [(&str, &str); 22] = [
        ("GHSA-", "ghsa"),
        ("PYSEC-", "pypa"),
        ("RUSTSEC-", "rustsec"),
        ("GO-", "go"),
        ("BIT-", "bitnami"),
        ("HSEC-", "haskell"),
        ("DRUPAL-", "drupal"),
        ("MAL-", "ossf"),
        ("AL", "almalinux"),
        ("RH", "redhat"),
        ("RL", "rocky"),
        ("RX", "rocky"),
        ("UBUNTU-", "ubuntu"),
        ("USN-", "ubuntu"),
        ("DEBIAN-", "debian"),
        ("DSA-", "debian"),
        ("DLA-", "debian"),
        ("SUSE-", "suse"),
        ("openSUSE-", "suse"),
        ("AZL-", "azurelinux"),
        ("PHSA-", "photon"),
        ("MGASA-", "mageia"),
    ];
    if record.affected.iter().flat_map(|affected| &affected.package).any(|package| package.ecosystem == "DHI") {
        return "dhi";
    }
    SOURCES.iter().find(|(prefix, _)| record.id.starts_with(prefix)).map_or("osv", |(_, source)| source)
}

fn ratings(record: &Record, name: &str, sink: &mut dyn Sink) -> Vec<Rating> {
    let source = source(record);
    let word = |value: &Value| value.as_str().and_then(Severity::from_vendor_word);
    let all = || record.severity.iter().chain(record.affected.iter().flat_map(|affected| &affected.severity));
    let level = word(&record.database_specific.severity)
        .or_else(|| record.affected.iter().find_map(|affected| word(&affected.database_specific.severity)))
        .or_else(|| record.affected.iter().find_map(|affected| word(&affected.ecosystem_specific.severity)))
        // `{"type": "Ubuntu", "score": "medium"}`
        .or_else(|| all().filter(|raw| !raw.kind.starts_with("CVSS")).find_map(|raw| word(&raw.score)))
        // Errata: `Important: openssl security update`.
        .or_else(|| {
            if is_erratum(&record.id) {
                record.summary.split_once(':').and_then(|(word, _)| Severity::from_vendor_word(word))
            } else {
                None
            }
        });
    let mut unreadable = 0;
    let vectors = all().filter(|raw| raw.kind.starts_with("CVSS")).map(|raw| raw.score.as_str().unwrap_or("?"));
    let ratings = rating::ratings(source, level, vectors, &mut unreadable);
    if unreadable > 0 {
        sink.problem(format!("{name}: {unreadable} CVSS vectors cannot be read"));
    }
    ratings
}

fn cwes(record: &Record) -> Vec<String> {
    let mut found = Vec::new();
    let specific = record.affected.iter().map(|affected| &affected.database_specific).chain([&record.database_specific]);
    for list in specific.flat_map(|specific| [&specific.cwe_ids, &specific.cwes]) {
        for value in list.as_array().into_iter().flatten() {
            let text = value.as_str().or_else(|| value.get("cweId").and_then(Value::as_str));
            found.extend(text.and_then(cwe));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The database's own page about a record.
fn url(record: &Record) -> String {
    let id = &record.id;
    if let Some(url) = record.database_specific.url.as_str().filter(|url| url.starts_with("https://") && url.len() < 300) {
        return url.to_owned();
    }
    if id.starts_with("GHSA-") {
        return format!("https://github.com/advisories/{id}");
    }
    if id.starts_with("RUSTSEC-") {
        return format!("https://rustsec.org/advisories/{id}.html");
    }
    if id.starts_with("USN-") {
        return format!("https://ubuntu.com/security/notices/{id}");
    }
    if let Some(number) = ["ALSA-", "ALBA-", "ALEA-"].iter().find_map(|prefix| id.strip_prefix(prefix)) {
        let release =
            record.affected.iter().flat_map(|affected| &affected.package).find_map(|package| package.ecosystem.split_once(':'));
        if let (Some((_, release)), Some(kind)) = (release, id.get(..4)) {
            return format!("https://errata.almalinux.org/{release}/{kind}-{}.html", number.replace(':', "-"));
        }
    }
    format!("https://osv.dev/vulnerability/{id}")
}

/// One package of a record; `None` where it says nothing that an inventory could be matched with.
fn package(raw: RawAffected, id: &str, summary: &str, date: Option<jiff::Timestamp>, sink: &mut dyn Sink) -> Option<Affected> {
    let package = raw.package?;
    let Some((namespace, kind)) = ecosystem::resolve(&package.ecosystem) else {
        sink.problem(format!(
            "records of ecosystem `{}` are not used: no package found in images belongs to it",
            title(&package.ecosystem)
        ));
        return None;
    };
    let symbols = symbols(&raw.ecosystem_specific.imports)?;
    let scheme = kind.version_scheme();
    let mut intervals = Vec::new();
    // GIT ranges speak of commits, which no package manager records.
    for range in raw.ranges.into_iter().filter(|range| range.kind != "GIT") {
        match ranges::intervals(range.events, scheme) {
            Ok(more) => intervals.extend(more),
            Err(reason) => sink.problem(format!("{id}: a range of {} cannot be used: {reason}", package.name)),
        }
    }
    // Lists of versions mostly enumerate the ranges; what the ranges do not cover is said in addition.
    let mut versions = raw.versions;
    if let Some(scheme) = scheme.filter(|_| !intervals.is_empty()) {
        versions.retain(|version| !ranges::covers(&intervals, version, scheme));
    }
    if intervals.is_empty() && versions.is_empty() {
        return None;
    }
    let module = (kind == PackageType::Rpm).then(|| module(&intervals, summary)).flatten();
    // An erratum is published when the fix is.
    let fixed_at = date.filter(|_| kind.is_os() && is_erratum(id));
    Some(Affected {
        namespace,
        kind: Some(kind),
        name: ecosystem::normalised(kind, &package.name),
        module,
        ranges: intervals,
        versions,
        fixed_at,
        symbols,
        ..Affected::default()
    })
}

/// Go's vulnerable symbols. `None` where every package named is only built for systems other than Linux: such a weakness
/// is in no Linux image.
fn symbols(imports: &Value) -> Option<Vec<String>> {
    let Some(imports) = imports.as_array().filter(|imports| !imports.is_empty()) else { return Some(Vec::new()) };
    let mut symbols = Vec::new();
    let mut elsewhere = 0;
    for value in imports {
        let Ok(import) = Import::deserialize(value) else { continue };
        if !import.goos.is_empty() && !import.goos.iter().any(|system| system == "linux") {
            elsewhere += 1;
        } else if import.symbols.is_empty() {
            symbols.push(import.path);
        } else {
            symbols.extend(import.symbols.iter().map(|symbol| format!("{}.{symbol}", import.path)));
        }
    }
    (elsewhere < imports.len()).then_some(symbols)
}

/// The module stream of a modular build. OSV has no field for it; the erratum's summary names it
/// (`Important: nodejs:18 security update`), and builds of modules say so in their release (`.module_el8`, `.module+el8`).
fn module(ranges: &[model::advisory::Range], summary: &str) -> Option<String> {
    let modular = ranges.iter().any(|range| match &range.end {
        model::advisory::End::Fixed(version) => version.contains(".module"),
        _ => false,
    });
    if !modular {
        return None;
    }
    summary.split_whitespace().find_map(|word| {
        let (name, stream) = word.split_once(':')?;
        (!name.is_empty() && !stream.is_empty()).then(|| word.to_owned())
    })
}
