//! What is wrong in files that build and run images, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::misconfiguration::Misconfiguration;
use model::pod_security::PodSecurity;
use model::report::Report;
use model::severity::Severity;

use crate::table::grid::{Cell, Grid};
use crate::table::paint::{Paint, Style};
use crate::table::{NARROWEST, symbol, write_decision, write_parts};
use crate::text::{count, one_line, wrap};
use crate::{Format, RenderOptions, ReportError, github, gitlab, json, junit, markdown, sarif, table};

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
    if !all.is_empty() {
        pods(&mut out, paint, columns, &report.pod_security);
    }
    if all.is_empty() && !report.unread.is_empty() {
        paint.push(&mut out, Style::Warning, "Nothing was found in what could be read, which is not all.");
        out.push('\n');
    } else if all.is_empty() && report.misconfigurations.is_some() {
        pods(&mut out, paint, columns, &report.pod_security);
        paint.push(&mut out, Style::Good, &format!("Nothing to mend in {}.", one_line(&report.image.reference)));
        out.push('\n');
    }
    if report.secrets.is_some() {
        // What nobody finds wanting needs no second line to say so.
        let silent = report.secrets.iter().all(Vec::is_empty) && report.misconfigurations.is_some();
        if !silent {
            if !out.is_empty() {
                out.push('\n');
            }
            table::secrets::write(&mut out, paint, columns, report);
        }
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

/// The same where the object stands above it.
fn beside_object(one: &Misconfiguration) -> String {
    let about = one.about.strip_prefix(&one.object).map_or(one.about.as_str(), |rest| rest.trim_start_matches(": "));
    if about.is_empty() { one_line(&one.title) } else { format!("{}: {}", one_line(&one.title), one_line(about)) }
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
    for (file, mut ones) in files {
        paint.push(out, Style::Bold, &one_line(file));
        out.push('\n');
        grid.head(out, paint, 0);
        // What is of one object stands together, objects in the order of the file.
        let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
        for one in &ones {
            let next = ranks.len();
            ranks.entry(&one.object).or_insert(next);
        }
        ones.sort_by_key(|one| ranks.get(one.object.as_str()).copied());
        let mut last = "";
        for one in ones {
            if one.object != last {
                paint.push(out, Style::Bold, &format!("  {}", one_line(&one.object)));
                out.push('\n');
                last = &one.object;
            }
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
        Cell::prose(Style::Plain, beside_object(one)),
    ]
}

/// What to write instead, once for each rule.
pub(crate) fn fixes(out: &mut String, paint: Paint, columns: usize, all: &[&Misconfiguration]) {
    let rules: BTreeMap<&str, &Misconfiguration> = all.iter().map(|one| (one.id.as_str(), *one)).collect();
    for (id, one) in rules {
        paint.push(out, Style::Bold, id);
        let text = format!("{} {}", one.why, one.fix);
        let _ = writeln!(out, "  {}", wrap(&text, columns.saturating_sub(10), 10));
    }
    out.push('\n');
}

/// Which level of the Pod Security Standards each workload meets, and what stands against the next.
fn pods(out: &mut String, paint: Paint, columns: usize, pods: &[PodSecurity]) {
    if pods.is_empty() {
        return;
    }
    paint.push(out, Style::Bold, "Pod Security Standards");
    out.push('\n');
    let row = |pod: &PodSecurity| {
        [
            Cell::prose(Style::Plain, one_line(&pod.workload)),
            Cell::new(if pod.level == "restricted" { Style::Good } else { Style::Plain }, pod.level.clone()),
            Cell::prose(Style::Plain, if pod.against.is_empty() { "-".to_owned() } else { pod.against.join(", ") }),
        ]
    };
    let cells: Vec<[Cell; 3]> = pods.iter().map(row).collect();
    let grid = Grid::new(["workload", "level", "against the next level"], &cells, columns, 0, &[1]);
    grid.head(out, paint, 0);
    for pod in pods {
        grid.row(out, paint, 0, &row(pod));
    }
    out.push('\n');
}

pub(crate) fn summary(out: &mut String, paint: Paint, columns: usize, all: &[&Misconfiguration]) {
    let mut parts = vec![(Style::Bold, format!("{}:", count(all.len(), "misconfiguration")))];
    for level in Severity::ALL {
        let number = all.iter().filter(|one| one.severity == level).count();
        if number > 0 {
            parts.push((Style::Severity(level), format!("{} {number} {level}", symbol(level))));
        }
    }
    write_parts(out, paint, columns, "  ", &parts);
}
