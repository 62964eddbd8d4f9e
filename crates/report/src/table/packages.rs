//! The inventory alone: one line for each package.

use model::report::Report;

use super::grid::{Cell, Grid};
use super::paint::{Paint, Style};
use crate::text::{harmless, one_line};

/// Writes every package.
pub(super) fn write(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    if report.packages.is_empty() {
        return;
    }
    let rows: Vec<[Cell; 5]> = report
        .packages
        .iter()
        .map(|(_, package)| {
            let mut places = package.locations.iter();
            let mut place = places.next().map_or_else(String::new, |first| harmless(&first.path).into_owned());
            if places.len() > 0 {
                place = format!("{place} and {} more", places.len());
            }
            [
                Cell::new(Style::Dim, package.kind.name()),
                Cell::new(Style::Bold, harmless(&package.name)),
                Cell::new(Style::Plain, harmless(&package.version)),
                Cell::prose(Style::Plain, one_line(&package.licenses.join(", "))),
                Cell::new(Style::Dim, place),
            ]
        })
        .collect();
    let grid = Grid::new(["type", "package", "version", "licences", "found in"], &rows, columns, 0, &[0]);
    out.push('\n');
    grid.head(out, paint, 0);
    for row in &rows {
        grid.row(out, paint, 0, row);
    }
}
