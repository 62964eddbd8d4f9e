//! AlmaLinux's errata as its own service gives them (<https://errata.almalinux.org/8/errata.json>): what its repositories
//! say in `updateinfo.xml` (see [`super::updateinfo`]), a release in one document.

use std::collections::HashMap;

use jiff::Timestamp;
use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use model::severity::Severity;
use serde::Deserialize;
use serde_json::Value;

use super::record::{is_cve, nullable, title};
use super::{ParseError, Sink, rating, time};

/// Most package entries that one erratum may turn into, counted over all its vulnerabilities.
const AFFECTED_LIMIT: usize = 1_000_000;

#[derive(Deserialize)]
struct Erratum {
    updateinfo_id: String,
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    severity: String,
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    kind: String,
    #[serde(default, deserialize_with = "nullable")]
    issued_date: Date,
    #[serde(default, deserialize_with = "nullable")]
    updated_date: Date,
    #[serde(default, deserialize_with = "nullable")]
    pkglist: List,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<Reference>,
}

/// Milliseconds since 1970, as MongoDB exports them.
#[derive(Default, Deserialize)]
struct Date {
    #[serde(default, rename = "$date")]
    milliseconds: Value,
}

#[derive(Default, Deserialize)]
struct List {
    #[serde(default, deserialize_with = "nullable")]
    packages: Vec<Package>,
    #[serde(default, deserialize_with = "nullable")]
    module: Module,
}

#[derive(Default, Deserialize)]
struct Module {
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    stream: String,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    release: String,
    #[serde(default, deserialize_with = "nullable")]
    epoch: String,
    #[serde(default, deserialize_with = "nullable")]
    arch: String,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(default, deserialize_with = "nullable")]
    id: String,
}

impl Date {
    fn moment(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.milliseconds.as_i64()?).ok()
    }
}

/// Reads the errata of the release that the document's folder names, `almalinux/8/errata.json`.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let release = name.rsplit('/').nth(1).unwrap_or_default();
    if release.is_empty() || release.len() > 8 || !release.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseError("its folder does not name a release".into()));
    }
    for value in serde_json::from_slice::<Vec<Value>>(bytes)? {
        match Erratum::deserialize(&value) {
            Ok(erratum) => emit(release, erratum, sink),
            Err(error) => {
                let id = value.get("updateinfo_id").and_then(Value::as_str).unwrap_or("an erratum");
                sink.problem(format!("{} cannot be read: {error}", title(id)));
            }
        }
    }
    Ok(())
}

fn emit(release: &str, erratum: Erratum, sink: &mut dyn Sink) {
    let issued = erratum.issued_date.moment();
    let updated = erratum.updated_date.moment().max(issued);
    sink.record(updated.map(time::day));
    let mut cves: Vec<String> = erratum.references.into_iter().map(|reference| reference.id).filter(|id| is_cve(id)).collect();
    cves.sort_unstable();
    cves.dedup();
    // Bug fixes and enhancements are no advisories, unless they fix a vulnerability by the way.
    if cves.is_empty() && erratum.kind != "security" {
        return;
    }
    let id = erratum.updateinfo_id;
    let Module { name, stream } = erratum.pkglist.module;
    let module = (!name.is_empty()).then(|| format!("{name}:{stream}"));
    let mut affected: Vec<Affected> = Vec::new();
    let mut known: HashMap<(String, String), usize> = HashMap::new();
    for package in erratum.pkglist.packages.into_iter().filter(|package| package.arch != "src") {
        let epoch = if matches!(package.epoch.as_str(), "" | "0") { String::new() } else { format!("{}:", package.epoch) };
        let version = format!("{epoch}{}-{}", package.version, package.release);
        let at = *known.entry((package.name.clone(), version.clone())).or_insert_with(|| {
            affected.push(Affected {
                namespace: format!("almalinux:{release}"),
                kind: Some(PackageType::Rpm),
                name: package.name,
                module: module.clone(),
                ranges: vec![Range { end: End::Fixed(version), ..Range::default() }],
                fixed_at: issued,
                ..Affected::default()
            });
            affected.len() - 1
        });
        if let Some(entry) = affected.get_mut(at)
            && !entry.architectures.contains(&package.arch)
        {
            entry.architectures.push(package.arch);
        }
    }
    for entry in &mut affected {
        if entry.architectures.iter().any(|architecture| architecture == "noarch" || architecture.is_empty()) {
            entry.architectures.clear();
        }
    }
    if affected.is_empty() {
        return;
    }
    if cves.len().saturating_mul(affected.len()) > AFFECTED_LIMIT {
        sink.problem(format!("{}: it names too many vulnerabilities and packages", title(&id)));
        return;
    }
    let template = Advisory {
        title: title(&erratum.title),
        url: format!("https://errata.almalinux.org/{release}/{}.html", id.replace(':', "-")),
        modified: updated,
        ratings: rating::ratings("almalinux", Severity::from_vendor_word(&erratum.severity), [], &mut 0),
        affected,
        ..Advisory::default()
    };
    if cves.is_empty() {
        sink.advisory(Advisory { id, published: issued, ..template });
        return;
    }
    for cve in cves {
        sink.advisory(Advisory { id: cve, errata: vec![id.clone()], ..template.clone() });
    }
}
