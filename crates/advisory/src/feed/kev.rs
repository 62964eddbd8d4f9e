//! CISA's Known Exploited Vulnerabilities catalogue
//! (<https://www.cisa.gov/known-exploited-vulnerabilities-catalog>, `known_exploited_vulnerabilities.json`).

use model::advisory::{CveFacts, Kev};
use serde::Deserialize;

use super::record::{cwe, nullable, title};
use super::{ParseError, Sink, time};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Catalogue {
    #[serde(default)]
    date_released: String,
    /// How many entries the catalogue says it has.
    count: usize,
    vulnerabilities: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "cveID")]
    cve: String,
    #[serde(default, deserialize_with = "nullable")]
    vulnerability_name: String,
    date_added: String,
    #[serde(default, deserialize_with = "nullable")]
    known_ransomware_campaign_use: String,
    #[serde(default, deserialize_with = "nullable")]
    cwes: Vec<String>,
}

/// Reads the catalogue. A catalogue with fewer entries than it announces is refused: a cut list of what is exploited is
/// worse than none.
pub fn parse(_name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let catalogue: Catalogue = serde_json::from_slice(bytes)?;
    if catalogue.vulnerabilities.len() < catalogue.count {
        return Err(ParseError(format!("it has {} of {} entries", catalogue.vulnerabilities.len(), catalogue.count)));
    }
    let released = time::leading_day(&catalogue.date_released);
    for entry in catalogue.vulnerabilities {
        sink.record(released.or_else(|| time::leading_day(&entry.date_added)));
        if time::leading_day(&entry.date_added).is_none() {
            sink.problem(format!("{}: `{}` is not a date", entry.cve, title(&entry.date_added)));
            continue;
        }
        sink.facts(CveFacts {
            id: entry.cve,
            title: title(&entry.vulnerability_name),
            cwes: entry.cwes.iter().filter_map(|text| cwe(text)).collect(),
            kev: Some(Kev {
                date_added: entry.date_added,
                ransomware: entry.known_ransomware_campaign_use.eq_ignore_ascii_case("known"),
            }),
            ..CveFacts::default()
        });
    }
    Ok(())
}
