//! One page that holds everything: no file beside it, no address it loads from, readable without scripts and on paper.

mod escape;
mod findings;
mod licenses;
mod overview;
mod packages;
mod secrets;

use std::fmt::Write as _;

use model::report::Report;

use crate::text::count;
use escape::{Escape, source_hash};

const STYLE: &str = include_str!("html/style.css");
const SCRIPT: &str = include_str!("html/script.js");

/// Where a report stands on the page: what its ids end in, and how deep its headings are.
#[derive(Clone, Copy, Debug)]
struct Place {
    number: usize,
    level: usize,
}

/// Renders one page with a section for each report.
pub(crate) fn render(reports: &[Report]) -> Vec<u8> {
    let mut out = String::with_capacity(64 << 10);
    let title = match reports {
        [report] => overview::name(report),
        [first, ..] => format!("{} ({})", overview::name(first), count(reports.len(), "platform")),
        [] => "nothing".to_owned(),
    };
    // Nothing on the page may load or run but these two texts, known by their hashes.
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src '{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{} · Plimsoll</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header>\n<h1>{}</h1>\n",
        source_hash(STYLE),
        source_hash(SCRIPT),
        Escape(&title),
        Escape(&title),
    );
    match reports {
        [report] => {
            overview::facts(&mut out, report);
            out.push_str("</header>\n<main id=\"main\">\n");
            one(&mut out, report, Place { number: 1, level: 2 });
        }
        reports => {
            out.push_str("<nav aria-label=\"Platforms\"><ul>\n");
            for (number, report) in reports.iter().enumerate() {
                let _ = writeln!(out, "<li><a href=\"#report-{}\">{}</a></li>", number + 1, Escape(&overview::platform(report)));
            }
            out.push_str("</ul></nav>\n</header>\n<main id=\"main\">\n");
            for (number, report) in reports.iter().enumerate() {
                let number = number + 1;
                let _ = writeln!(
                    out,
                    "<section aria-labelledby=\"report-{number}\">\n<h2 class=\"platform\" id=\"report-{number}\">{}</h2>",
                    Escape(&overview::platform(report))
                );
                overview::facts(&mut out, report);
                one(&mut out, report, Place { number, level: 3 });
                out.push_str("</section>\n");
            }
        }
    }
    out.push_str("</main>\n<footer>");
    if let Some(report) = reports.first() {
        let _ = write!(
            out,
            "Written by Plimsoll {} on <time datetime=\"{}\">{}</time>.",
            Escape(&report.tool_version),
            report.created,
            report.created
        );
    }
    let _ = write!(out, "</footer>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    out.into_bytes()
}

fn one(out: &mut String, report: &Report, place: Place) {
    overview::write(out, report, place);
    findings::write(out, report, place);
    secrets::write(out, report, place);
    licenses::write(out, report, place);
    packages::write(out, report, place);
}

/// The heading of a section.
fn heading(out: &mut String, place: Place, text: &str) {
    let _ = writeln!(out, "<h{0} class=\"section\">{1}</h{0}>", place.level, Escape(text));
}

/// The filter of a table; hidden until the script makes it work. The table names it in `data-tools`.
fn tools(out: &mut String, place: Place, what: &str, label: &str) {
    let id = format!("{what}-{}", place.number);
    let _ = writeln!(
        out,
        "<div class=\"tools\" id=\"{id}-tools\" hidden><label for=\"{id}-filter\">{label}</label> \
         <input type=\"search\" id=\"{id}-filter\" autocomplete=\"off\" spellcheck=\"false\"> \
         <output for=\"{id}-filter\" class=\"soft\"></output></div>"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_and_script_end_where_their_elements_do() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</"));
    }
}
