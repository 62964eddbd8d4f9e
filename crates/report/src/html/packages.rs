//! The table of packages: open where it is all there is, folded away behind findings.

use std::fmt::Write as _;

use model::report::Report;

use super::escape::Escape;
use super::{Place, heading, tools};
use crate::text::count;

/// Writes every package.
pub(super) fn write(out: &mut String, report: &Report, place: Place) {
    heading(out, place, "Packages");
    if report.packages.is_empty() {
        out.push_str("<p>No package was found.</p>\n");
        return;
    }
    let open = if report.findings.is_none() { " open" } else { "" };
    let _ = writeln!(out, "<details{open}><summary>{}</summary>", count(report.packages.len(), "package"));
    tools(out, place, "packages", "Filter packages");
    let _ = writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Packages\"><table data-sortable data-tools=\"packages-{}-tools\">\n\
         <caption>Everything that was found, with the places where it says so</caption>\n\
         <thead><tr><th scope=\"col\">type</th><th scope=\"col\">package</th><th scope=\"col\">version</th>\
         <th scope=\"col\">licences</th><th scope=\"col\">found in</th></tr></thead>\n<tbody>",
        place.number
    );
    for (purl, package) in &report.packages {
        let paths: Vec<&str> = package.locations.iter().map(|location| location.path.as_str()).collect();
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"name\" title=\"{}\">{}</td><td class=\"version mono\">{}</td><td class=\"name\">{}</td><td class=\"title mono\">{}</td></tr>",
            package.kind,
            Escape(purl),
            Escape(&package.name),
            Escape(&package.version),
            Escape(&package.licenses.join(", ")),
            Escape(&paths.join(", ")),
        );
    }
    out.push_str("</tbody></table></div></details>\n");
}
