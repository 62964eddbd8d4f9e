//! The table: what people see first. It begins with what could be judged and ends in what to do.

pub(crate) mod coverage;
mod findings;
pub(crate) mod grid;
mod licenses;
mod misconfigurations;
mod packages;
pub(crate) mod paint;
pub(crate) mod secrets;

use std::fmt::Write as _;

use model::coverage::Level;
use model::finding::{Finding, Owner};
use model::report::{Decision, Outcome, Report};
use model::severity::Severity;

use crate::RenderOptions;
use crate::funnel::Funnel;
use crate::text::{count, one_line, width, wrap};
use crate::upgrade;
use paint::{Paint, Style};
pub(crate) use paint::{badge, symbol};

/// Below this no table can be read, so it is not made narrower.
pub(crate) const NARROWEST: usize = 40;
/// How many upgrades are named.
const UPGRADES: usize = 5;
/// How many reasons of a decision are named.
const REASONS: usize = 5;

/// Renders reports one after the other.
pub(crate) fn render(reports: &[Report], options: &RenderOptions) -> Vec<u8> {
    let paint = Paint { color: options.color };
    let columns = options.width.max(NARROWEST);
    let mut out = String::new();
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            out.push('\n');
            paint.push(&mut out, Style::Dim, &"─".repeat(columns));
            out.push_str("\n\n");
        }
        one(&mut out, paint, columns, report);
    }
    out.into_bytes()
}

fn one(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    coverage::write(out, paint, columns, report);
    coverage::write_warnings(out, paint, columns, report);
    let Some(all) = &report.findings else {
        // Who asked for licences alone is shown them, and the packages under each.
        if report.licenses.is_some() || report.secrets.is_some() || report.misconfigurations.is_some() {
            secrets::write(out, paint, columns, report);
            misconfigurations::write(out, paint, columns, report);
            licenses::write(out, paint, columns, report);
        } else {
            packages::write(out, paint, columns, report);
        }
        write_decision(out, paint, columns, report.decision.as_ref());
        return;
    };
    let open: Vec<&Finding> = all.iter().filter(|finding| finding.suppressed.is_none()).collect();
    findings::write(out, paint, columns, report);
    out.push('\n');
    if open.is_empty() {
        write_nothing_found(out, paint, columns, report);
    } else {
        write_summary(out, paint, columns, report, &open);
    }
    write_not_shown(out, paint, report, all.len() - open.len());
    findings::write_suppressed(out, paint, columns, report);
    secrets::write(out, paint, columns, report);
    misconfigurations::write(out, paint, columns, report);
    licenses::write(out, paint, columns, report);
    write_decision(out, paint, columns, report.decision.as_ref());
    write_upgrades(out, paint, columns, report);
}

/// What an empty list means, which is never "clean".
fn write_nothing_found(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let (judged, unjudged, undetermined) = coverage::totals(report);
    let mut sentences = Vec::new();
    let not_shown = report.hidden_by_filters > 0 || report.findings.iter().flatten().next().is_some();
    if judged > 0 {
        let known = if report.database.kind == "embedded" { "known-exploited" } else { "known" };
        let left = if not_shown { " left to list" } else { "" };
        sentences.push(format!("No {known} vulnerability{left} in the {} that could be judged.", count(judged, "package")));
    } else if report.packages.is_empty() {
        sentences.push("No package was found, so there was nothing to judge.".to_owned());
    } else if not_shown {
        sentences.push("No finding is left to list.".to_owned());
    } else {
        sentences.push("Nothing could be judged, so nothing was found.".to_owned());
    }
    if unjudged + undetermined > 0 {
        sentences.push(format!("{} cannot be called clean.", count(unjudged + undetermined, "package")));
    }
    if report.coverage.iter().any(|row| row.level == Level::FixedOnly && row.judged > 0) {
        sentences.push("Vulnerabilities that have no fix yet are not in these feeds.".to_owned());
    }
    let style = if judged > 0 && unjudged + undetermined == 0 { Style::Good } else { Style::Warning };
    for line in wrap(&sentences.join(" "), columns, 0).split('\n') {
        paint.push(out, style, line);
        out.push('\n');
    }
}

fn write_summary(out: &mut String, paint: Paint, columns: usize, report: &Report, open: &[&Finding]) {
    let number = |test: &dyn Fn(&Finding) -> bool| open.iter().filter(|finding| test(finding)).count();
    let mut parts = vec![(Style::Bold, format!("{}:", count(open.len(), "finding")))];
    for level in Severity::ALL {
        let number = number(&|finding| finding.severity == level);
        if number > 0 {
            parts.push((Style::Severity(level), format!("{} {number} {level}", symbol(level))));
        }
    }
    write_parts(out, paint, columns, "  ", &parts);
    write_funnel(out, paint, columns, report);
    write_owners(out, paint, columns, open);
}

/// From everything to what is worth acting on today.
fn write_funnel(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let steps = Funnel::of(report).steps();
    let parts: Vec<(Style, String)> = steps
        .iter()
        .map(|(what, number)| match number {
            Some(number) => {
                let exploited = what.contains("exploited") && *number > 0;
                (if exploited { Style::Alarm } else { Style::Plain }, format!("{number} {what}"))
            }
            None => (Style::Dim, format!("{what} not looked at")),
        })
        .collect();
    write_parts(out, paint, columns, " → ", &parts);
}

/// Whose job they are, where that is known of any.
fn write_owners(out: &mut String, paint: Paint, columns: usize, open: &[&Finding]) {
    if open.iter().all(|finding| finding.owner == Owner::Unknown) {
        return;
    }
    let parts: Vec<(Style, String)> = [Owner::Base, Owner::App, Owner::Platform, Owner::Unknown]
        .into_iter()
        .filter_map(|owner| {
            let number = open.iter().filter(|finding| finding.owner == owner).count();
            (number > 0).then(|| (Style::Plain, format!("{number} {}", owner.words())))
        })
        .collect();
    out.push_str("Whose: ");
    write_parts(out, paint, columns.saturating_sub(7), " · ", &parts);
}

/// Writes parts in one line, or in as many as they need.
pub(crate) fn write_parts(out: &mut String, paint: Paint, columns: usize, between: &str, parts: &[(Style, String)]) {
    let mut used = 0;
    for (style, text) in parts {
        if used > 0 && used + width(between) + width(text) > columns {
            out.push_str("\n  ");
            used = 2;
        } else if used > 0 {
            out.push_str(between);
            used += width(between);
        }
        paint.push(out, *style, text);
        used += width(text);
    }
    out.push('\n');
}

fn write_not_shown(out: &mut String, paint: Paint, report: &Report, suppressed: usize) {
    let mut parts = Vec::new();
    if report.hidden_by_filters > 0 {
        parts.push(format!("{} hidden by filters", report.hidden_by_filters));
    }
    if suppressed > 0 {
        parts.push(format!("{suppressed} suppressed"));
    }
    if !parts.is_empty() {
        paint.push(out, Style::Dim, &format!("Not counted: {}", parts.join(" · ")));
        out.push('\n');
    }
}

pub(crate) fn write_decision(out: &mut String, paint: Paint, columns: usize, decision: Option<&Decision>) {
    let Some(decision) = decision else { return };
    let style = match decision.outcome {
        Outcome::Allow => Style::Good,
        Outcome::Warn => Style::Warning,
        Outcome::Deny => Style::Alarm,
    };
    out.push_str("\nDecision: ");
    paint.push(out, style, decision.outcome.name());
    if !decision.policy.is_empty() {
        let _ = write!(out, " by {}", one_line(&decision.policy));
    }
    out.push('\n');
    for reason in decision.reasons.iter().take(REASONS) {
        let mut text = one_line(&reason.message);
        // Messages mostly name their subject themselves.
        if !reason.subject.is_empty() && !reason.message.contains(&reason.subject) {
            text = format!("{}: {text}", one_line(&reason.subject));
        }
        if !reason.rule.is_empty() {
            text = format!("{text} ({})", one_line(&reason.rule));
        }
        let _ = writeln!(out, "  - {}", wrap(&text, columns.saturating_sub(4), 4));
    }
    if decision.reasons.len() > REASONS {
        let _ = writeln!(out, "  and {}", count(decision.reasons.len() - REASONS, "more reason"));
    }
}

fn write_upgrades(out: &mut String, paint: Paint, columns: usize, report: &Report) {
    let upgrades = upgrade::first(report, UPGRADES);
    if upgrades.is_empty() {
        if let Some(text) = upgrade::nothing_to_upgrade(report) {
            let _ = writeln!(out, "\n{}", wrap(&text, columns, 0));
        }
        return;
    }
    out.push('\n');
    for (number, upgrade) in upgrades.iter().enumerate() {
        paint.push(out, Style::Bold, if number == 0 { "First: " } else { " then: " });
        let text = wrap(&one_line(&format!("{} ({})", upgrade.what(), upgrade.why())), columns.saturating_sub(7), 7);
        out.push_str(&text);
        out.push('\n');
    }
}
