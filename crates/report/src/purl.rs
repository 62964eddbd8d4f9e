//! One package URL a line, sorted, each once.

use std::collections::BTreeSet;

use model::report::Report;

/// Renders the packages of all reports together.
pub(crate) fn render(reports: &[Report]) -> Vec<u8> {
    let purls: BTreeSet<&str> = reports.iter().flat_map(|report| &report.packages).map(|(purl, _)| purl.as_str()).collect();
    let mut text = String::new();
    for purl in purls {
        // A purl that came with an SBOM is kept to the letter; a line break in it must not make two of it.
        text.push_str(&crate::text::harmless(purl));
        text.push('\n');
    }
    text.into_bytes()
}
