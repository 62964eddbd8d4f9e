//! Licences: one line for each expression, and who is under it.

use model::license::Verdict;
use model::report::Report;

use super::grid::{Cell, Grid};
use super::paint::{Paint, Style};
use crate::licenses::{Counts, are_judged, names, worst_first};
use crate::text::{harmless, one_line, wrap};

/// Packages of one licence that are named.
const NAMED: usize = 3;

/// Writes what was found of licences; nothing where nobody looked.
pub(super) fn write(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let (Some(rows), Some(counts)) = (&report.licenses, Counts::of(report)) else { return };
    let names = names(report);
    let judged = are_judged(rows);
    let cells: Vec<[Cell; 3]> = worst_first(rows)
        .into_iter()
        .map(|row| {
            let style = match row.verdict {
                Verdict::Deny => Style::Alarm,
                Verdict::Unknown => Style::Warning,
                Verdict::Allow => Style::Good,
            };
            let mut who: Vec<String> = row
                .packages
                .iter()
                .take(NAMED)
                .map(|purl| harmless(names.get(purl.as_str()).map_or(purl, |name| name)).into_owned())
                .collect();
            if row.packages.len() > NAMED {
                who.push(format!("{} more", row.packages.len() - NAMED));
            }
            // Without a policy nobody said anything of them.
            let verdict = if judged { row.verdict.name() } else { "" };
            [
                Cell::new(style, verdict),
                Cell::prose(Style::Bold, one_line(&row.expression)),
                Cell::prose(Style::Plain, who.join(", ")),
            ]
        })
        .collect();
    let grid = Grid::new([if judged { "verdict" } else { "" }, "licence", "packages"], &cells, columns, 0, &[0]);
    out.push('\n');
    grid.head(out, paint, 0);
    for row in &cells {
        grid.row(out, paint, 0, row);
    }
    out.push('\n');
    out.push_str(&wrap(&counts.words(), columns, 0));
    out.push('\n');
}
