//! The difference, for people at a terminal: what came first, then what went.

use std::fmt::Write as _;

use model::finding::Finding;
use model::report::Report;
use model::secret::Secret;

use super::{Changed, Diff, Fixed, PackageChange};
use crate::RenderOptions;
use crate::funnel::Funnel;
use crate::secrets::places;
use crate::table::grid::{Cell, Grid};
use crate::table::paint::{Paint, Style, badge, symbol};
use crate::table::{NARROWEST, write_decision};
use crate::text::{count, one_line, wrap};

/// How many lines one part has at most.
const MOST: usize = 50;

pub(super) fn render(diff: &Diff<'_>, options: &RenderOptions) -> Vec<u8> {
    let paint = Paint { color: options.color };
    let columns = options.width.max(NARROWEST);
    let mut out = String::new();
    side(&mut out, paint, columns, "old", diff.old);
    side(&mut out, paint, columns, "new", diff.new);
    for warning in &diff.warnings {
        paint.push(&mut out, Style::Warning, &format!("! {}", wrap(&one_line(warning), columns.saturating_sub(2), 2)));
        out.push('\n');
    }
    let new = Style::Alarm;
    let heading = if diff.brought.is_empty() { Style::Good } else { new };
    part(&mut out, paint, columns, heading, &count(diff.brought.len(), "new finding"), &diff.brought, |finding| brought(finding));
    part(&mut out, paint, columns, Style::Good, &format!("{} fixed", diff.fixed.len()), &diff.fixed, fixed);
    part(
        &mut out,
        paint,
        columns,
        Style::Bold,
        &format!("{} changed, {} the same", diff.changed.len(), diff.same),
        &diff.changed,
        changed,
    );
    if !diff.brought_secrets.is_empty() || !diff.fixed_secrets.is_empty() {
        let secret = |secret: &&Secret| secret_row(secret);
        part(&mut out, paint, columns, new, &count(diff.brought_secrets.len(), "new secret"), &diff.brought_secrets, secret);
        let heading = format!("{} gone", count(diff.fixed_secrets.len(), "secret"));
        part(&mut out, paint, columns, Style::Good, &heading, &diff.fixed_secrets, secret);
    }
    let words = packages_in_words(diff);
    part(&mut out, paint, columns, Style::Bold, &words, &diff.packages, package);
    write_decision(&mut out, paint, columns, diff.decision);
    out.into_bytes()
}

fn side(out: &mut String, paint: Paint, columns: usize, which: &str, report: &Report) {
    paint.push(out, Style::Bold, which);
    let funnel = Funnel::of(report);
    let findings = if report.findings.is_some() { count(funnel.findings, "finding") } else { "not judged".to_owned() };
    let exploited = if funnel.exploited > 0 { format!(", {} known exploited", funnel.exploited) } else { String::new() };
    let text = format!("{}: {}, {findings}{exploited}", one_line(&report.image.reference), count(funnel.packages, "package"));
    let _ = writeln!(out, "  {}", wrap(&text, columns.saturating_sub(5), 5));
}

/// "2 packages came, 1 went, 3 changed".
pub(super) fn packages_in_words(diff: &Diff<'_>) -> String {
    let number = |test: fn(&PackageChange<'_>) -> bool| diff.packages.iter().filter(|change| test(change)).count();
    let came = number(|change| change.old.is_empty());
    let went = number(|change| change.new.is_empty());
    format!("{} came, {went} went, {} changed", count(came, "package"), diff.packages.len() - came - went)
}

/// A heading and its rows, which line up.
fn part<T>(
    out: &mut String,
    paint: Paint,
    columns: usize,
    style: Style,
    heading: &str,
    rows: &[T],
    cells: impl Fn(&T) -> [Cell; 4],
) {
    out.push('\n');
    paint.push(out, style, heading);
    out.push('\n');
    let shown: Vec<[Cell; 4]> = rows.iter().take(MOST).map(cells).collect();
    let grid = Grid::new([""; 4], &shown, columns, 2, &[0]);
    for row in &shown {
        grid.row(out, paint, 2, row);
    }
    if rows.len() > MOST {
        let _ = writeln!(out, "  and {} more; --format json has all", rows.len() - MOST);
    }
}

fn name(finding: &Finding) -> Cell {
    let level = finding.severity;
    let cell = Cell::new(Style::Severity(level), symbol(level)).and(Style::Plain, one_line(&finding.id));
    match badge(finding) {
        Some(badge) => cell.and(Style::Alarm, badge),
        None => cell,
    }
}

fn plain(text: &str) -> Cell {
    Cell::new(Style::Plain, one_line(text))
}

fn secret_row(secret: &Secret) -> [Cell; 4] {
    let level = secret.severity;
    [
        Cell::new(Style::Severity(level), symbol(level)).and(Style::Plain, one_line(&secret.rule)),
        plain(&secret.title),
        plain(&secret.redacted),
        Cell::prose(Style::Plain, places(secret)),
    ]
}

fn brought(finding: &Finding) -> [Cell; 4] {
    let fix = match finding.fixed_in.as_slice() {
        [] => finding.status.words().to_owned(),
        fixes => format!("fixed in {}", one_line(&fixes.join(", "))),
    };
    let risk = finding.risk.map(|risk| format!(", risk {risk:.0}")).unwrap_or_default();
    [
        name(finding),
        plain(&finding.package),
        plain(&finding.version),
        Cell::prose(Style::Plain, format!("{}{risk}; {fix}", finding.severity)),
    ]
}

fn fixed(fixed: &Fixed<'_>) -> [Cell; 4] {
    let finding = fixed.finding;
    [name(finding), plain(&finding.package), plain(&finding.version), Cell::prose(Style::Plain, one_line(&fixed.how.words()))]
}

fn changed(changed: &Changed<'_>) -> [Cell; 4] {
    let finding = changed.finding;
    let changes = changes_in_words(changed);
    [name(finding), plain(&finding.package), plain(&finding.version), Cell::prose(Style::Plain, one_line(&changes))]
}

/// "severity high → critical, risk 20 → 80".
pub(super) fn changes_in_words(changed: &Changed<'_>) -> String {
    let said = |text: &str| if text.is_empty() { "none".to_owned() } else { text.replace('_', " ") };
    let change =
        |change: &super::Change| format!("{} {} → {}", change.field.replace('_', " "), said(&change.old), said(&change.new));
    changed.changes.iter().map(change).collect::<Vec<_>>().join(", ")
}

fn package(change: &PackageChange<'_>) -> [Cell; 4] {
    let (style, sign) = match (change.old.is_empty(), change.new.is_empty()) {
        (true, _) => (Style::Warning, "+"),
        (_, true) => (Style::Good, "−"),
        _ => (Style::Plain, "~"),
    };
    [
        Cell::new(style, sign),
        plain(change.kind.name()),
        plain(change.name),
        Cell::prose(Style::Plain, one_line(&versions_in_words(change))),
    ]
}

/// "1.0 → 1.1", or the versions of the side that has any.
pub(super) fn versions_in_words(change: &PackageChange<'_>) -> String {
    let sides = [&change.old, &change.new];
    let sides: Vec<String> = sides.into_iter().filter(|side| !side.is_empty()).map(|side| side.join(", ")).collect();
    sides.join(" → ")
}
