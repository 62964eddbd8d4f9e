//! Fedora's updates as its update system gives them (<https://bodhi.fedoraproject.org/docs/server_api/rest/updates.html>):
//! builds of source packages, with the vulnerabilities named in the titles of their bugs.

use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use model::severity::Severity;
use serde::Deserialize;
use serde_json::Value;

use super::record::{cves_in, nullable, title};
use super::{ParseError, Sink, rating, time};

#[derive(Deserialize)]
struct Page {
    updates: Vec<Update>,
}

#[derive(Deserialize)]
struct Update {
    alias: String,
    #[serde(default, deserialize_with = "nullable")]
    display_name: String,
    #[serde(default, deserialize_with = "nullable")]
    notes: String,
    #[serde(default, deserialize_with = "nullable")]
    severity: String,
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    kind: String,
    #[serde(default, deserialize_with = "nullable")]
    status: String,
    #[serde(default, deserialize_with = "nullable")]
    date_stable: String,
    #[serde(default, deserialize_with = "nullable")]
    date_pushed: String,
    #[serde(default, deserialize_with = "nullable")]
    date_modified: String,
    #[serde(default, deserialize_with = "nullable")]
    url: String,
    release: Release,
    #[serde(default, deserialize_with = "nullable")]
    bugs: Vec<Bug>,
    #[serde(default, deserialize_with = "nullable")]
    builds: Vec<Build>,
}

#[derive(Deserialize)]
struct Release {
    version: String,
    #[serde(default, deserialize_with = "nullable")]
    id_prefix: String,
}

#[derive(Deserialize)]
struct Bug {
    #[serde(default, deserialize_with = "nullable")]
    title: String,
}

#[derive(Deserialize)]
struct Build {
    nvr: String,
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    kind: String,
    #[serde(default)]
    epoch: Value,
}

/// Reads a page of updates, or one update.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let value: Value = serde_json::from_slice(bytes)?;
    let updates =
        if value.get("updates").is_some() { Page::deserialize(value)?.updates } else { vec![Update::deserialize(value)?] };
    for update in updates {
        emit(update, sink);
    }
    Ok(())
}

fn emit(update: Update, sink: &mut dyn Sink) {
    let stable = time::timestamp(&update.date_stable).or_else(|| time::timestamp(&update.date_pushed));
    let changed = time::timestamp(&update.date_modified).or(stable);
    sink.record(changed.map(time::day));
    // EPEL is not part of the distribution; what is not stable yet cannot be installed by ordinary means.
    if update.kind != "security" || update.status != "stable" || update.release.id_prefix != "FEDORA" {
        return;
    }
    let mut affected = Vec::new();
    for build in update.builds.iter().filter(|build| build.kind == "rpm") {
        let parts = build.nvr.rsplit_once('-').and_then(|(rest, release)| Some((rest.rsplit_once('-')?, release)));
        let Some(((name, version), release)) = parts else {
            sink.problem(format!("{}: `{}` is not a build", update.alias, title(&build.nvr)));
            continue;
        };
        let epoch = build.epoch.as_u64().filter(|epoch| *epoch > 0).map(|epoch| format!("{epoch}:")).unwrap_or_default();
        affected.push(Affected {
            namespace: format!("fedora:{}", update.release.version),
            kind: Some(PackageType::Rpm),
            name: name.to_owned(),
            ranges: vec![Range { end: End::Fixed(format!("{epoch}{version}-{release}")), ..Range::default() }],
            fixed_at: stable,
            ..Affected::default()
        });
    }
    if affected.is_empty() {
        return;
    }
    let mut cves: Vec<String> = update.bugs.iter().flat_map(|bug| cves_in(&bug.title)).chain(cves_in(&update.notes)).collect();
    cves.sort_unstable();
    cves.dedup();
    let template = Advisory {
        title: title(&update.display_name),
        url: update.url,
        modified: changed,
        ratings: rating::ratings("fedora", Severity::from_vendor_word(&update.severity), [], &mut 0),
        affected,
        ..Advisory::default()
    };
    if cves.is_empty() {
        sink.advisory(Advisory { id: update.alias, published: stable, ..template });
        return;
    }
    for id in cves {
        sink.advisory(Advisory { id, errata: vec![update.alias.clone()], ..template.clone() });
    }
}
