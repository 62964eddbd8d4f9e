//! The difference, for pull requests and job summaries.

use std::fmt::Write as _;

use super::table::{changes_in_words, packages_in_words, versions_in_words};
use super::{Changed, Diff, Fixed, PackageChange};
use crate::markdown::{secret_rows, table, text, write_reasons};
use crate::table::symbol;
use crate::text::count;

/// How many rows one part has at most.
const MOST: usize = 50;

pub(super) fn render(diff: &Diff<'_>) -> Vec<u8> {
    let mut out = String::new();
    let verdict = match diff.decision {
        Some(decision) => format!("{}, ", decision.outcome.name()),
        None => String::new(),
    };
    let _ = writeln!(
        out,
        "### Plimsoll: {verdict}{}, {} fixed · {} → {}\n",
        count(diff.brought.len(), "new finding"),
        diff.fixed.len(),
        text(&diff.old.image.reference),
        text(&diff.new.image.reference)
    );
    for warning in &diff.warnings {
        let _ = writeln!(out, "> {}\n", text(warning));
    }
    write_reasons(&mut out, diff.decision);
    if !diff.brought.is_empty() {
        out.push_str("**New**\n");
        table(&mut out, diff.brought.get(..MOST).unwrap_or(&diff.brought));
        more(&mut out, diff.brought.len());
    }
    part(
        &mut out,
        &format!("{} fixed", diff.fixed.len()),
        "| | id | package | was | how |\n|---|---|---|---|---|",
        &diff.fixed,
        fixed,
    );
    for (secrets, what) in [(&diff.brought_secrets, "New secrets"), (&diff.fixed_secrets, "Secrets that are gone")] {
        if !secrets.is_empty() {
            let _ = writeln!(out, "\n**{what}**");
            secret_rows(&mut out, secrets.get(..MOST).unwrap_or(secrets));
            more(&mut out, secrets.len());
        }
    }
    let heading = format!("{} changed, {} the same", diff.changed.len(), diff.same);
    part(&mut out, &heading, "| | id | package | changes |\n|---|---|---|---|", &diff.changed, changed);
    part(&mut out, &packages_in_words(diff), "| type | package | versions |\n|---|---|---|", &diff.packages, package);
    out.into_bytes()
}

/// A part that is folded away until it is asked for.
fn part<T>(out: &mut String, heading: &str, head: &str, rows: &[T], row: fn(&T) -> String) {
    if rows.is_empty() {
        let _ = writeln!(out, "\n{heading}");
        return;
    }
    let _ = writeln!(out, "\n<details><summary>{heading}</summary>\n\n{head}");
    for one in rows.iter().take(MOST) {
        let _ = writeln!(out, "| {} |", row(one));
    }
    more(out, rows.len());
    out.push_str("\n</details>\n");
}

fn more(out: &mut String, number: usize) {
    if number > MOST {
        let _ = writeln!(out, "\nand {} that are not listed here", number - MOST);
    }
}

fn fixed(fixed: &Fixed<'_>) -> String {
    let finding = fixed.finding;
    let cells = [&finding.id, &finding.package, &finding.version].map(|cell| text(cell));
    format!("{} | {} | {}", symbol(finding.severity), cells.join(" | "), text(&fixed.how.words()))
}

fn changed(changed: &Changed<'_>) -> String {
    let finding = changed.finding;
    let cells = [&finding.id, &finding.package].map(|cell| text(cell));
    format!("{} | {} | {}", symbol(finding.severity), cells.join(" | "), text(&changes_in_words(changed)))
}

fn package(change: &PackageChange<'_>) -> String {
    [text(change.kind.name()), text(change.name), text(&versions_in_words(change))].join(" | ")
}
