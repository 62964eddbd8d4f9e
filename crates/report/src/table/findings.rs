//! One line for each finding, in groups: the distribution's packages, those of each ecosystem, and files that hold
//! several packages of their own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::finding::{Finding, FindingKind, FindingStatus};
use model::package::PackageType;
use model::report::Report;

use super::coverage::subject;
use super::grid::{Cell, Grid};
use super::paint::{Paint, Style, badge, symbol};
use crate::text::{count, harmless, one_line};

/// The package type, and the file where several packages stand in one.
type Key<'a> = (PackageType, Option<&'a str>);

/// Writes every finding that is not suppressed.
pub(super) fn write(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let files = shared_files(report);
    let mut groups: BTreeMap<(usize, PackageType, Option<&str>), Vec<&Finding>> = BTreeMap::new();
    // Groups stand in the order of their worst findings, as the report is in the order of work.
    let mut order: HashMap<Key<'_>, usize> = HashMap::new();
    for finding in report.findings.iter().flatten().filter(|finding| finding.suppressed.is_none()) {
        let kind = finding.package_type;
        let file = finding.evidence.first().map(|evidence| outer(&evidence.path));
        let file = file.filter(|file| !kind.is_os() && files.contains(&(kind, *file)));
        let next = order.len();
        let place = *order.entry((kind, file)).or_insert(next);
        groups.entry((place, kind, file)).or_default().push(finding);
    }
    let rows: Vec<[Cell; 7]> = groups.values().flatten().map(|finding| row(finding)).collect();
    let titled = groups.values().flatten().any(|finding| !finding.title.is_empty());
    let title = if titled { "title" } else { "" };
    let ranked = groups.values().flatten().any(|finding| finding.risk.is_some());
    let risk = if ranked { "risk" } else { "" };
    let grid = Grid::new([risk, "severity", "id", "package", "installed", "fixed in", title], &rows, columns, 0, &[0, 2]);
    let mut rows = rows.iter();
    for ((_, kind, file), findings) in &groups {
        out.push('\n');
        let packages: BTreeSet<&str> = findings.iter().map(|finding| finding.purl.as_str()).collect();
        let target = match file {
            Some(file) => format!(" · {}", harmless(file)),
            None if kind.is_os() => format!(" · {}", subject(report)),
            None => String::new(),
        };
        paint.push(out, Style::Bold, &format!("{kind}{target}"));
        let found = format!(" · {} in {}", count(findings.len(), "finding"), count(packages.len(), "package"));
        paint.push(out, Style::Dim, &found);
        out.push('\n');
        grid.head(out, paint, 0);
        for row in rows.by_ref().take(findings.len()) {
            grid.row(out, paint, 0, row);
        }
    }
}

/// Files of ecosystems' packages that hold two or more: programs, lock files, archives within archives.
fn shared_files(report: &Report) -> BTreeSet<(PackageType, &str)> {
    let mut seen: HashMap<(PackageType, &str), usize> = HashMap::new();
    for (_, package) in &report.packages {
        if let Some(location) = package.locations.first() {
            *seen.entry((package.kind, outer(&location.path))).or_default() += 1;
        }
    }
    seen.into_iter().filter(|(_, packages)| *packages > 1).map(|(file, _)| file).collect()
}

/// The file on disk that an archive within it is named after.
fn outer(path: &str) -> &str {
    path.split_once('!').map_or(path, |(file, _)| file)
}

fn row(finding: &Finding) -> [Cell; 7] {
    let level = finding.severity;
    let severity = Cell::prose(Style::Severity(level), format!("{} {level}", symbol(level)));
    let id = Cell::new(Style::Plain, harmless(&finding.id));
    let id = match badge(finding) {
        Some(badge) => id.and(Style::Alarm, badge),
        None => id,
    };
    let title = if finding.title.is_empty() { String::new() } else { one_line(&finding.title) };
    let risk = finding.risk.map(|risk| format!("{risk:>4.0}")).unwrap_or_default();
    [
        Cell::new(Style::Bold, risk),
        severity,
        id,
        Cell::new(Style::Bold, harmless(&finding.package)),
        Cell::new(Style::Plain, harmless(&finding.version)),
        fix(finding),
        Cell::prose(Style::Dim, title),
    ]
}

/// The versions that fix it, or why there is none.
fn fix(finding: &Finding) -> Cell {
    let fixes = finding.fixed_in.join(", ");
    if finding.kind == FindingKind::Malicious {
        return Cell::prose(Style::Bold, "remove it");
    }
    match finding.status {
        FindingStatus::Fixed if !fixes.is_empty() => Cell::new(Style::Good, one_line(&fixes)),
        status => Cell::prose(Style::Dim, status.words()),
    }
}

/// Writes what was suppressed, with its reasons.
pub(super) fn write_suppressed(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let suppressed = report.findings.iter().flatten().filter_map(|finding| Some((finding, finding.suppressed.as_ref()?.words())));
    let rows: Vec<[Cell; 3]> = suppressed
        .map(|(finding, reason)| {
            [
                Cell::new(Style::Dim, harmless(&finding.id)),
                Cell::new(Style::Dim, one_line(&format!("{} {}", finding.package, finding.version))),
                Cell::prose(Style::Dim, one_line(&reason)),
            ]
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    let grid = Grid::new(["id", "package", "reason"], &rows, columns, 2, &[]);
    paint.push(out, Style::Dim, "Suppressed");
    out.push('\n');
    for row in &rows {
        grid.row(out, paint, 2, row);
    }
}
