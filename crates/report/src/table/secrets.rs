//! Secrets: one line for each, and its places below.

use model::report::Report;
use model::secret::Secret;

use super::grid::{Cell, Grid};
use super::paint::{Paint, Style};
use super::symbol;
use crate::secrets::places;
use crate::text::{count, one_line, wrap};

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
    let cells: Vec<[Cell; 4]> = open.iter().map(|secret| row(secret)).collect();
    let grid = Grid::new(["severity", "secret", "shown", "where"], &cells, columns, 0, &[0]);
    grid.head(out, paint, 0);
    for row in &cells {
        grid.row(out, paint, 0, row);
    }
    out.push('\n');
    let aside = if aside.is_empty() { String::new() } else { format!(" {} set aside.", count(aside.len(), "more")) };
    let deleted = open.iter().filter(|secret| secret.locations.iter().all(|place| place.deleted_in.is_some())).count();
    let still = match deleted {
        0 => String::new(),
        number => format!(
            " {} in files that a later layer deletes; whoever pulls the image can read the layer below.",
            count(number, "secret")
        ),
    };
    paint.push(out, Style::Bold, &format!("{}.", count(open.len(), "secret")));
    let text = format!("{aside}{still} {}", Secret::FIX);
    out.push_str(&wrap(&text, columns, 0));
    out.push('\n');
}

fn row(secret: &Secret) -> [Cell; 4] {
    [
        Cell::new(Style::Severity(secret.severity), format!("{} {}", symbol(secret.severity), secret.severity)),
        Cell::prose(Style::Bold, one_line(&secret.title)),
        Cell::prose(Style::Plain, one_line(&secret.redacted)),
        Cell::prose(Style::Plain, places(secret)),
    ]
}
