//! Secrets: one line for each, and its places below.

use std::fmt::Write as _;

use model::report::Report;
use model::secret::Secret;

use super::grid::{Cell, Grid};
use super::paint::{Paint, Style};
use super::symbol;
use crate::secrets::place as shown;
use crate::text::{count, one_line, wrap};

/// Places of one secret that are named.
const PLACES: usize = 8;
/// Columns before them.
const BELOW: usize = 12;

/// Writes what was found of secrets; nothing where nobody looked.
pub(crate) fn write(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let Some(secrets) = &report.secrets else { return };
    let (open, aside): (Vec<&Secret>, Vec<&Secret>) = secrets.iter().partition(|secret| secret.suppressed.is_none());
    if open.is_empty() {
        let aside = if aside.is_empty() { String::new() } else { format!("; {} set aside", count(aside.len(), "secret")) };
        paint.push(out, Style::Good, &format!("No secret was found{aside}."));
        out.push('\n');
        return;
    }
    let cells: Vec<[Cell; 3]> = open.iter().map(|secret| row(secret)).collect();
    let grid = Grid::new(["severity", "secret", "shown"], &cells, columns, 0, &[0]);
    grid.head(out, paint, 0);
    for (row, secret) in cells.iter().zip(&open) {
        grid.row(out, paint, 0, row);
        for place in secret.locations.iter().take(PLACES) {
            let _ = writeln!(out, "{:BELOW$}{}", "", wrap(&shown(place), columns.saturating_sub(BELOW), BELOW));
        }
        if secret.locations.len() > PLACES {
            let _ = writeln!(out, "{:BELOW$}{} more; --format json has all", "", secret.locations.len() - PLACES);
        }
    }
    out.push('\n');
    let aside = if aside.is_empty() { String::new() } else { format!(" {} more set aside.", aside.len()) };
    let deleted = open.iter().filter(|secret| secret.locations.iter().all(|place| place.deleted_in.is_some())).count();
    let still = match deleted {
        0 => String::new(),
        number => format!(
            " {} in files that a later layer deletes; whoever pulls the image can read the layer below.",
            count(number, "secret")
        ),
    };
    paint.push(out, Style::Bold, &format!("{}.{aside}", count(open.len(), "secret")));
    out.push('\n');
    out.push_str(&wrap(format!("{still} {}", Secret::FIX).trim_start(), columns, 0));
    out.push('\n');
}

fn row(secret: &Secret) -> [Cell; 3] {
    [
        Cell::new(Style::Severity(secret.severity), format!("{} {}", symbol(secret.severity), secret.severity)),
        Cell::prose(Style::Bold, one_line(&secret.title)),
        Cell::prose(Style::Plain, one_line(&secret.redacted)),
    ]
}
