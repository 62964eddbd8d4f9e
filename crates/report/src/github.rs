//! Annotations of a GitHub Actions job
//! (<https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>): one line a finding, the worst
//! first. GitHub shows ten errors and ten warnings of a step, so no more are written; the last line counts them all.

use std::fmt::Write as _;

use model::finding::{Finding, FindingKind, FindingStatus};
use model::report::{Outcome, Report};
use model::secret::Secret;
use model::severity::Severity;

use crate::secrets::{self, open as open_secrets};
use crate::text::{count, one_line};

/// Annotations of one level that GitHub shows of a step.
const SHOWN: usize = 10;

/// Renders the annotations of all reports.
pub(crate) fn render(reports: &[Report]) -> Vec<u8> {
    let mut out = String::new();
    let (mut errors, mut warnings) = (0, 0);
    for report in reports {
        let open = || report.findings.iter().flatten().filter(|finding| finding.suppressed.is_none());
        for finding in open() {
            let (level, written) = if urgent(finding) { ("error", &mut errors) } else { ("warning", &mut warnings) };
            *written += 1;
            if *written <= SHOWN {
                command(&mut out, level, &title(finding), file(report, finding), &message(finding));
            }
        }
        out.push_str(&places(report));
        let total = open().count();
        let image = one_line(&report.image.reference);
        let level = match report.decision.as_ref().map(|decision| decision.outcome) {
            Some(Outcome::Deny) => "error",
            Some(Outcome::Warn) => "warning",
            _ => "notice",
        };
        let mut told = format!("{image}: {}", count(total, "finding"));
        if let Some(decision) = &report.decision {
            let _ = write!(told, "; {} by {}", decision.outcome.name(), decision.policy);
            if let Some(reason) = decision.reasons.first() {
                let _ = write!(told, ": {}", reason.message);
            }
        }
        command(&mut out, level, "Plimsoll", None, &told);
    }
    out.into_bytes()
}

/// An annotation at the line of each misconfiguration and secret.
pub(crate) fn misconfigurations(report: &Report) -> Vec<u8> {
    places(report).into_bytes()
}

fn places(report: &Report) -> String {
    let mut out = String::new();
    for one in report.misconfigurations.iter().flatten() {
        let level = annotation(one.severity);
        let line = one.line.map(|line| format!(",line={line}")).unwrap_or_default();
        let about = if one.about.is_empty() { String::new() } else { format!(": {}", one.about) };
        let message = format!("{}{about}. {}", one.title, one.fix);
        let _ = writeln!(out, "::{level} file={}{line},title={}::{}", property(&one.target), property(&one.id), data(&message));
    }
    for secret in open_secrets(report) {
        let place = secret.locations.first().filter(|_| report.image.source == "source");
        let line = place.and_then(|place| place.line).map(|line| format!("line={line},")).unwrap_or_default();
        let file = place.map(|place| format!("file={},", property(&secrets::file(place)))).unwrap_or_default();
        let message = format!("{} in {}. {}", secrets::what(secret), secrets::places(secret), Secret::FIX);
        let _ = writeln!(
            out,
            "::{} {file}{line}title={}::{}",
            annotation(secret.severity),
            property(&secrets::rule_id(secret)),
            data(&message)
        );
    }
    out
}

fn annotation(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium | Severity::Unknown => "warning",
        Severity::Low | Severity::Negligible => "notice",
    }
}

fn urgent(finding: &Finding) -> bool {
    finding.severity >= Severity::High || finding.is_known_exploited() || finding.kind == FindingKind::Malicious
}

fn title(finding: &Finding) -> String {
    let exploited = if finding.is_known_exploited() { ", known exploited" } else { "" };
    format!("{} in {} ({}{exploited})", finding.id, finding.package, finding.severity)
}

fn message(finding: &Finding) -> String {
    let what = if finding.title.is_empty() { &finding.id } else { &finding.title };
    let todo = match finding.status {
        _ if finding.kind == FindingKind::Malicious => format!("remove {} {}", finding.package, finding.version),
        FindingStatus::Fixed => format!("upgrade {} {} to {}", finding.package, finding.version, finding.fixed_in.join(" or ")),
        other => format!("{} {}: {}", finding.package, finding.version, other.words()),
    };
    format!("{what}; {todo}")
}

/// The file in the checkout; what lies in an image lies nowhere there.
fn file<'a>(report: &Report, finding: &'a Finding) -> Option<&'a str> {
    let path = finding.evidence.first().filter(|_| report.image.source == "source")?.path.as_str();
    Some(path.trim_start_matches('/'))
}

fn command(out: &mut String, level: &str, title: &str, file: Option<&str>, message: &str) {
    let file = file.map(|file| format!("file={},", property(file))).unwrap_or_default();
    let _ = writeln!(out, "::{level} {file}title={}::{}", property(title), data(message));
}

/// A value of a command: a line break would end it, and the next line could be a command of its own.
fn data(text: &str) -> String {
    one_line(text).replace('%', "%25")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
