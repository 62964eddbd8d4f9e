//! Misconfigurations of an image: one line for each, below it what it is about and which step of the build brought it, and in
//! the end what to do, once for each rule.

use model::misconfiguration::Misconfiguration;
use model::report::Report;

use super::grid::{Cell, Grid};
use super::paint::{Paint, Style};
use super::symbol;
use crate::misconfigurations::{fixes, summary};
use crate::text::{one_line, wrap};

/// How far what belongs to a line stands below it.
const INDENT: usize = 4;

/// Writes what was found, worst first; nothing where nobody looked.
pub(super) fn write(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let Some(all) = &report.misconfigurations else { return };
    // Those of files have lines.
    if all.iter().any(|one| one.line.is_some()) {
        return crate::misconfigurations::write(out, paint, columns, report);
    }
    out.push('\n');
    if all.is_empty() {
        paint.push(out, Style::Good, "No misconfiguration was found.");
        out.push('\n');
        return;
    }
    let mut sorted: Vec<&Misconfiguration> = all.iter().collect();
    sorted.sort_by_key(|one| std::cmp::Reverse(one.severity));
    let cells: Vec<[Cell; 3]> = sorted.iter().map(|one| row(one)).collect();
    let grid = Grid::new(["severity", "rule", "what"], &cells, columns, 0, &[0, 1]);
    grid.head(out, paint, 0);
    for (one, row) in sorted.iter().zip(&cells) {
        grid.row(out, paint, 0, row);
        for (word, text) in [("", Some(&one.about)), ("by ", one.instruction.as_ref())] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                let text = wrap(&format!("{word}{}", one_line(text)), columns.saturating_sub(INDENT), INDENT);
                paint.push(out, Style::Dim, &format!("{}{text}", " ".repeat(INDENT)));
                out.push('\n');
            }
        }
    }
    out.push('\n');
    fixes(out, paint, columns, &sorted);
    summary(out, paint, columns, &sorted);
}

fn row(one: &Misconfiguration) -> [Cell; 3] {
    let rule = one.aliases.first().map_or_else(|| one.id.clone(), |alias| format!("{} {alias}", one.id));
    [
        Cell::new(Style::Severity(one.severity), format!("{} {}", symbol(one.severity), one.severity)),
        Cell::new(Style::Plain, rule),
        Cell::prose(Style::Plain, one_line(&one.title)),
    ]
}
