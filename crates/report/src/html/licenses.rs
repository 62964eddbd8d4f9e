//! The table of licences.

use std::fmt::Write as _;

use model::report::Report;

use super::escape::Escape;
use super::{Place, heading};
use crate::licenses::{Counts, are_judged, names, worst_first};

/// Writes every licence with the packages under it; nothing where nobody looked.
pub(super) fn write(out: &mut String, report: &Report, place: Place) {
    let (Some(rows), Some(counts)) = (&report.licenses, Counts::of(report)) else { return };
    heading(out, place, "Licences");
    let names = names(report);
    let judged = are_judged(rows);
    let _ = writeln!(
        out,
        "<p>{}</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Licences\"><table data-sortable>\n\
         <caption>What packages declare, as SPDX expressions</caption>\n\
         <thead><tr><th scope=\"col\">verdict</th><th scope=\"col\">licence</th><th scope=\"col\">packages</th></tr></thead>\n<tbody>",
        Escape(&counts.words())
    );
    for row in worst_first(rows) {
        let packages: Vec<&str> =
            row.packages.iter().map(|purl| names.get(purl.as_str()).map_or(purl.as_str(), String::as_str)).collect();
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"name\">{}</td><td class=\"title\">{}</td></tr>",
            if judged { row.verdict.name() } else { "" },
            Escape(&row.expression),
            Escape(&packages.join(", "))
        );
    }
    out.push_str("</tbody></table></div>\n");
}
