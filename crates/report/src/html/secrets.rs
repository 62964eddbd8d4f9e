//! The table of secrets.

use std::fmt::Write as _;

use model::report::Report;
use model::secret::Secret;

use super::escape::Escape;
use super::{Place, heading};
use crate::secrets::{open, place as shown_place};
use crate::table::symbol;
use crate::text::count;

/// Writes every secret with all its places; nothing where nobody looked.
pub(super) fn write(out: &mut String, report: &Report, place: Place) {
    let Some(secrets) = &report.secrets else { return };
    heading(out, place, "Secrets");
    let number = open(report).count();
    if secrets.is_empty() {
        out.push_str("<p>No secret was found.</p>\n");
        return;
    }
    let aside = secrets.len() - number;
    let aside = if aside == 0 { String::new() } else { format!(", {aside} set aside") };
    let _ = writeln!(
        out,
        "<p>{}{aside}. {}</p>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Secrets\"><table data-sortable>\n\
         <caption>What may be shown of each secret, and where it lies</caption>\n\
         <thead><tr><th scope=\"col\">severity</th><th scope=\"col\">secret</th><th scope=\"col\">shown</th>\
         <th scope=\"col\">where</th></tr></thead>\n<tbody>",
        count(number, "secret"),
        Escape(Secret::FIX)
    );
    for secret in secrets {
        let places: Vec<String> = secret.locations.iter().map(shown_place).collect();
        let aside = secret.suppressed.as_ref().map(|why| format!(" (set aside: {why})")).unwrap_or_default();
        let _ = writeln!(
            out,
            "<tr><td>{} {}</td><td class=\"name\">{}{}</td><td>{}</td><td class=\"title\">{}</td></tr>",
            symbol(secret.severity),
            secret.severity,
            Escape(&secret.title),
            Escape(&aside),
            Escape(&secret.redacted),
            Escape(&places.join(", "))
        );
    }
    out.push_str("</tbody></table></div>\n");
}
