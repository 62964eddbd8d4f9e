//! The end of a distribution's support: a fact worth a finding of its own, and a doubt about every clean answer.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::distro::Distro;
use model::finding::{Evidence, Finding, FindingKind, FindingStatus, Owner};
use model::package::PackageType;
use model::severity::Severity;

/// The date on which the support of a release ended; `None` while it lasts or where no table knows it.
pub(crate) fn ended(namespace: &str, now: Timestamp) -> Option<&'static str> {
    let text = advisory::eol::distro_eol(namespace)?;
    let last: Date = text.parse().ok()?;
    (Offset::UTC.to_datetime(now).date() > last).then_some(text)
}

/// The finding of a release past its end: `PLIMSOLL-EOL:debian:10`.
pub(crate) fn finding(namespace: &str, ended: &str, distro: Option<&Distro>, owner: Owner) -> Finding {
    let (id, version) = namespace.split_once(':').unwrap_or((namespace, ""));
    let name = distro
        .filter(|distro| distro.namespace().as_deref() == Some(namespace) && !distro.pretty_name.is_empty())
        .map_or_else(|| namespace.replacen(':', " ", 1), |distro| distro.pretty_name.clone());
    let range = format!("support of {namespace} ended on {ended}");
    Finding {
        id: format!("PLIMSOLL-EOL:{namespace}"),
        aliases: Vec::new(),
        kind: FindingKind::EndOfLife,
        title: format!("{name} gets no more fixes since {ended}"),
        url: String::new(),
        published: None,
        purl: format!("pkg:generic/{id}@{version}"),
        package: id.to_owned(),
        package_type: PackageType::Generic,
        version: version.to_owned(),
        status: FindingStatus::EndOfLife,
        fixed_in: Vec::new(),
        fix_available_since: None,
        severity: Severity::Unknown,
        severity_source: String::new(),
        cvss: Vec::new(),
        cwes: Vec::new(),
        exploited: None,
        epss: None,
        in_use: None,
        risk: None,
        why: Vec::new(),
        owner,
        suppressed: None,
        evidence: vec![Evidence { path: "/etc/os-release".to_owned(), layer: None, extractor: "matcher/eol".to_owned(), range }],
        sources: vec!["plimsoll-eol".to_owned()],
    }
}
