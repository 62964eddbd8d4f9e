//! What is wrong in files that build images, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::misconfiguration::Misconfiguration;
use model::report::Report;
use model::severity::Severity;

use crate::table::grid::{Cell, Grid};
use crate::table::paint::{Paint, Style};
use crate::table::{NARROWEST, symbol, write_decision, write_parts};
use crate::text::{count, one_line, wrap};
use crate::{Format, RenderOptions, ReportError, github, gitlab, json, junit, markdown, sarif};

/// Renders the report of files alone.
///
/// # Errors
/// Where the format has no form for them.
pub fn render(format: &Format, report: &Report, options: &RenderOptions) -> Result<Vec<u8>, ReportError> {
    match format {
        Format::Table => Ok(table(report, options)),
        Format::Json => json::render(std::slice::from_ref(report), options),
        Format::GitHub => Ok(github::misconfigurations(report)),
        Format::GitLab => gitlab::code_quality(report),
        Format::Sarif => sarif::render(std::slice::from_ref(report)),
        Format::Junit => Ok(junit::render(std::slice::from_ref(report))),
        Format::Markdown => Ok(markdown::render(std::slice::from_ref(report))),
        other => Err(ReportError::NoMisconfigurations { format: other.to_string() }),
    }
}

fn table(report: &Report, options: &RenderOptions) -> Vec<u8> {
    let paint = Paint { color: options.color };
    let columns = options.width.max(NARROWEST);
    let mut out = String::new();
    for warning in &report.warnings {
        paint.push(&mut out, Style::Warning, &format!("! {}", wrap(&one_line(warning), columns.saturating_sub(2), 2)));
        out.push('\n');
    }
    let all: Vec<&Misconfiguration> = report.misconfigurations.iter().flatten().collect();
    places(&mut out, paint, columns, &all);
    if all.is_empty() && !report.unread.is_empty() {
        paint.push(&mut out, Style::Warning, "Nothing was found in what could be read, which is not all.");
        out.push('\n');
    } else if all.is_empty() {
        paint.push(&mut out, Style::Good, &format!("Nothing to mend in {}.", one_line(&report.image.reference)));
        out.push('\n');
    }
    write_decision(&mut out, paint, columns, report.decision.as_ref());
    out.into_bytes()
}

/// Beside vulnerabilities: the places, if there are some.
pub(crate) fn write(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let all: Vec<&Misconfiguration> = report.misconfigurations.iter().flatten().collect();
    if !all.is_empty() {
        out.push('\n');
        places(out, paint, columns, &all);
    }
}

/// What is wrong, with what it is about.
pub(crate) fn what(one: &Misconfiguration) -> String {
    if one.about.is_empty() { one_line(&one.title) } else { format!("{}: {}", one_line(&one.title), one_line(&one.about)) }
}

/// The places file by file, what to write instead, and their number.
fn places(out: &mut String, paint: Paint, columns: usize, all: &[&Misconfiguration]) {
    if all.is_empty() {
        return;
    }
    let mut files: BTreeMap<&str, Vec<&Misconfiguration>> = BTreeMap::new();
    for one in all {
        files.entry(&one.target).or_default().push(one);
    }
    // Over all files, so that their columns line up.
    let cells: Vec<[Cell; 4]> = all.iter().map(|one| row(one)).collect();
    let grid = Grid::new(["line", "severity", "rule", "what"], &cells, columns, 0, &[0, 1, 2]);
    for (file, ones) in files {
        paint.push(out, Style::Bold, &one_line(file));
        out.push('\n');
        grid.head(out, paint, 0);
        for one in ones {
            grid.row(out, paint, 0, &row(one));
        }
        out.push('\n');
    }
    fixes(out, paint, columns, all);
    summary(out, paint, columns, all);
}

fn row(one: &Misconfiguration) -> [Cell; 4] {
    let line = one.line.map(|line| format!("{line:>4}")).unwrap_or_default();
    let severity = Style::Severity(one.severity);
    let rule = match one.aliases.first() {
        Some(alias) => format!("{} {alias}", one.id),
        None => one.id.clone(),
    };
    [
        Cell::new(Style::Plain, line),
        Cell::new(severity, format!("{} {}", symbol(one.severity), one.severity)),
        Cell::new(Style::Plain, rule),
        Cell::prose(Style::Plain, what(one)),
    ]
}

/// What to write instead, once for each rule.
fn fixes(out: &mut String, paint: Paint, columns: usize, all: &[&Misconfiguration]) {
    let rules: BTreeMap<&str, &Misconfiguration> = all.iter().map(|one| (one.id.as_str(), *one)).collect();
    for (id, one) in rules {
        paint.push(out, Style::Bold, id);
        let text = format!("{} {}", one.why, one.fix);
        let _ = writeln!(out, "  {}", wrap(&text, columns.saturating_sub(10), 10));
    }
    out.push('\n');
}

fn summary(out: &mut String, paint: Paint, columns: usize, all: &[&Misconfiguration]) {
    let mut parts = vec![(Style::Bold, format!("{}:", count(all.len(), "misconfiguration")))];
    for level in Severity::ALL {
        let number = all.iter().filter(|one| one.severity == level).count();
        if number > 0 {
            parts.push((Style::Severity(level), format!("{} {number} {level}", symbol(level))));
        }
    }
    write_parts(out, paint, columns, "  ", &parts);
}
