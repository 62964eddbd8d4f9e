//! The end of support: of a distribution's release, which also puts every clean answer in doubt, and of a run-time's.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::distro::Distro;
use model::finding::{Evidence, Finding, FindingKind, FindingStatus, Owner};
use model::package::{Package, PackageType};

use crate::fold;

/// What the ids of findings about ended support begin with.
pub(crate) const PREFIX: &str = "PLIMSOLL-EOL:";

/// The date on which the support of a release ended; `None` while it lasts or where no table knows it.
pub(crate) fn ended(namespace: &str, now: Timestamp) -> Option<&'static str> {
    let text = advisory::eol::distro_eol(namespace)?;
    is_past(text, now).then_some(text)
}

/// The date on which the support of a run-time's release line ended, for programs and libraries that no distribution
/// maintains.
pub(crate) fn runtime_ended(package: &Package, now: Timestamp) -> Option<&'static str> {
    if package.owned_by.is_some() {
        return None;
    }
    let text = advisory::eol::runtime_eol(package.kind, &package.name, &package.version)?;
    is_past(text, now).then_some(text)
}

fn is_past(last_day: &str, now: Timestamp) -> bool {
    last_day.parse::<Date>().is_ok_and(|last| Offset::UTC.to_datetime(now).date() > last)
}

/// The id of a run-time's finding: `PLIMSOLL-EOL:python:3.7.3`.
pub(crate) fn runtime_id(package: &Package) -> String {
    format!("{PREFIX}{}:{}", package.name, package.version)
}

/// The finding of a run-time past its end.
pub(crate) fn runtime_finding(package: &Package, purl: String, ended: &str) -> Finding {
    let range = format!("support of {} {} ended on {ended}", package.name, package.version);
    let evidence = package.locations.iter().map(|location| Evidence {
        path: location.path.clone(),
        layer: location.layer,
        extractor: package.extractor.clone(),
        range: range.clone(),
    });
    Finding {
        id: runtime_id(package),
        title: format!("{} {} gets no more fixes since {ended}", package.name, package.version),
        purl,
        package: package.name.clone(),
        package_type: package.kind,
        version: package.version.clone(),
        owner: fold::owner(package.origin),
        evidence: evidence.collect(),
        ..blank()
    }
}

/// The finding of a release past its end: `PLIMSOLL-EOL:debian:10`.
pub(crate) fn finding(namespace: &str, ended: &str, distro: Option<&Distro>, owner: Owner) -> Finding {
    let (id, version) = namespace.split_once(':').unwrap_or((namespace, ""));
    let name = distro
        .filter(|distro| distro.namespace().as_deref() == Some(namespace) && !distro.pretty_name.is_empty())
        .map_or_else(|| namespace.replacen(':', " ", 1), |distro| distro.pretty_name.clone());
    let range = format!("support of {namespace} ended on {ended}");
    Finding {
        id: format!("{PREFIX}{namespace}"),
        title: format!("{name} gets no more fixes since {ended}"),
        purl: format!("pkg:generic/{id}@{version}"),
        package: id.to_owned(),
        version: version.to_owned(),
        owner,
        evidence: vec![Evidence { path: "/etc/os-release".to_owned(), layer: None, extractor: "matcher/eol".to_owned(), range }],
        ..blank()
    }
}

/// What the findings about ended support share.
fn blank() -> Finding {
    Finding {
        status: FindingStatus::EndOfLife,
        sources: vec!["plimsoll-eol".to_owned()],
        ..Finding::new("", FindingKind::EndOfLife, PackageType::Generic)
    }
}
