//! Photon OS's list of vulnerabilities per release
//! (<https://packages.vmware.com/photon/photon_cve_metadata/>, `cve_data_photon4.0.json`).

use model::advisory::{Advisory, Affected, End, Range, Status};
use model::package::PackageType;
use model::severity::{Rating, Severity};
use serde::Deserialize;

use super::record::{nullable, title};
use super::{ParseError, Sink};

#[derive(Deserialize)]
struct Entry {
    cve_id: String,
    pkg: String,
    #[serde(default, deserialize_with = "nullable")]
    cve_score: Option<f64>,
    #[serde(default, deserialize_with = "nullable")]
    res_ver: String,
    #[serde(default, deserialize_with = "nullable")]
    status: String,
}

/// Reads the list of the release that the document's name says.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let release = name.rsplit_once("photon").map_or("", |(_, rest)| rest).trim_end_matches(".json");
    if !release.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(ParseError("its name does not say which release it is of".into()));
    }
    for entry in serde_json::from_slice::<Vec<Entry>>(bytes)? {
        sink.record(None);
        // Where there is no CVE, the scanner's own id stands (`BDSA-2025-0719`).
        if entry.cve_id.is_empty() || entry.pkg.is_empty() {
            sink.problem(format!("an entry of {} names no vulnerability or no package", title(name)));
            continue;
        }
        let has_version = entry.res_ver.starts_with(|c: char| c.is_ascii_digit());
        let (status, end) = match entry.status.as_str() {
            "Not Affected" => (Status::NotAffected, None),
            _ if has_version => (Status::Affected, Some(End::Fixed(entry.res_ver))),
            // Older lists have no status; `NA` there is a vulnerability that does not touch the package.
            "" => (Status::NotAffected, None),
            "Under Investigation" => (Status::UnderInvestigation, Some(End::Open)),
            _ => (Status::Affected, Some(End::Open)),
        };
        let level = entry.cve_score.map(Severity::from_score);
        sink.advisory(Advisory {
            id: entry.cve_id,
            ratings: level.map(|level| Rating { source: "photon".into(), level: Some(level), cvss: None }).into_iter().collect(),
            affected: vec![Affected {
                namespace: format!("photon:{release}"),
                kind: Some(PackageType::Rpm),
                name: entry.pkg,
                status,
                ranges: end.into_iter().map(|end| Range { end, ..Range::default() }).collect(),
                ..Affected::default()
            }],
            ..Advisory::default()
        });
    }
    Ok(())
}
