//! The top of a report: what was scanned, what could be judged, how bad it is, and what to do first.

use std::fmt::Write as _;

use model::finding::{Finding, FindingStatus};
use model::report::{Outcome, Report};
use model::severity::Severity;

use super::escape::Escape;
use super::{Place, heading};
use crate::funnel::Funnel;
use crate::table::coverage::{subject, totals, warnings};
use crate::text::count;
use crate::upgrade;

/// How many upgrades are named.
const UPGRADES: usize = 10;

/// What the image is called.
pub(super) fn name(report: &Report) -> String {
    if report.image.reference.is_empty() { "Image".to_owned() } else { report.image.reference.clone() }
}

/// What tells it from the others of its index.
pub(super) fn platform(report: &Report) -> String {
    report.image.platform.as_ref().map_or_else(|| name(report), ToString::to_string)
}

/// One line on what was scanned.
pub(super) fn facts(out: &mut String, report: &Report) {
    let image = &report.image;
    let system = report.distro.as_ref().map(|distro| distro.pretty_name.clone()).filter(|name| !name.is_empty());
    let mut parts = vec![system.unwrap_or_else(|| subject(report))];
    parts.extend(image.platform.as_ref().map(ToString::to_string));
    parts.push(count(report.packages.len(), "package"));
    let _ = write!(out, "<p class=\"soft\">{}", Escape(&parts.join(" · ")));
    if let Some(digest) = image.digest.or(image.config_digest) {
        let _ = write!(out, "<br><code>{digest}</code>");
    }
    out.push_str("</p>\n");
}

/// Everything above the tables.
pub(super) fn write(out: &mut String, report: &Report, place: Place) {
    let warnings = warnings(report);
    if !warnings.is_empty() {
        let _ = writeln!(out, "<div class=\"box warn\">");
        heading(out, place, "Before you rely on this");
        list(out, "ul", warnings.iter().map(String::as_str));
        out.push_str("</div>\n");
    }
    decision(out, report, place);
    if let Some(findings) = &report.findings {
        cards(out, report, findings);
        upgrades(out, report, place);
    }
    coverage(out, report, place);
}

fn list<'a>(out: &mut String, element: &str, lines: impl Iterator<Item = &'a str>) {
    let _ = writeln!(out, "<{element}>");
    for line in lines {
        let _ = writeln!(out, "<li>{}</li>", Escape(line));
    }
    let _ = writeln!(out, "</{element}>");
}

fn decision(out: &mut String, report: &Report, place: Place) {
    let Some(decision) = &report.decision else { return };
    let class = match decision.outcome {
        Outcome::Allow => "allow",
        Outcome::Warn => "warn",
        Outcome::Deny => "deny",
    };
    let _ = writeln!(out, "<div class=\"box {class}\">");
    heading(out, place, &format!("Decision: {}", decision.outcome.name()));
    if !decision.policy.is_empty() {
        let _ = writeln!(out, "<p class=\"soft\">by {}</p>", Escape(&decision.policy));
    }
    let reasons: Vec<String> = decision
        .reasons
        .iter()
        .map(|reason| {
            let named = reason.subject.is_empty() || reason.message.contains(&reason.subject);
            let subject = if named { String::new() } else { format!("{}: ", reason.subject) };
            let rule = if reason.rule.is_empty() { String::new() } else { format!(" ({})", reason.rule) };
            format!("{subject}{}{rule}", reason.message)
        })
        .collect();
    if !reasons.is_empty() {
        list(out, "ul", reasons.iter().map(String::as_str));
    }
    out.push_str("</div>\n");
}

/// Numbers that one looks at first.
fn cards(out: &mut String, report: &Report, all: &[Finding]) {
    let open: Vec<&Finding> = all.iter().filter(|finding| finding.suppressed.is_none()).collect();
    let number = |test: &dyn Fn(&Finding) -> bool| open.iter().filter(|finding| test(finding)).count();
    out.push_str("<ul class=\"cards\">\n");
    for level in Severity::ALL {
        let number = number(&|finding| finding.severity == level);
        // The usual levels are always there, so that two reports can be laid side by side.
        if number > 0 || level >= Severity::Low {
            let class = if number > 0 { level.name() } else { "soft" };
            let _ = writeln!(out, "<li><b class=\"{class}\">{number}</b>{level}</li>");
        }
    }
    let fixable = number(&|finding| finding.status == FindingStatus::Fixed);
    let exploited = number(&Finding::is_known_exploited);
    let class = if exploited > 0 { "critical" } else { "soft" };
    let _ =
        writeln!(out, "<li><b class=\"{class}\">{exploited}</b>known exploited</li>\n<li><b>{fixable}</b>can be fixed now</li>");
    out.push_str("</ul>\n");
    let steps: Vec<String> = Funnel::of(report)
        .steps()
        .iter()
        .map(|(what, number)| match number {
            Some(number) => format!("<b>{number}</b> {what}"),
            None => format!("<span class=\"soft\">{what} not looked at</span>"),
        })
        .collect();
    let _ = writeln!(out, "<p>{}</p>", steps.join(" → "));
    let suppressed = all.len() - open.len();
    if suppressed + report.hidden_by_filters > 0 {
        let _ = writeln!(
            out,
            "<p class=\"soft small\">Not counted: {suppressed} suppressed, {} hidden by filters.</p>",
            report.hidden_by_filters
        );
    }
}

fn upgrades(out: &mut String, report: &Report, place: Place) {
    let upgrades = upgrade::first(report, UPGRADES);
    let nothing = upgrade::nothing_to_upgrade(report);
    if upgrades.is_empty() && nothing.is_none() {
        return;
    }
    out.push_str("<div class=\"box\">\n");
    heading(out, place, "What to do first");
    if upgrades.is_empty() {
        let _ = writeln!(out, "<p>{}</p>", Escape(&nothing.unwrap_or_default()));
    } else {
        out.push_str("<ol>\n");
        for upgrade in upgrades {
            let _ =
                writeln!(out, "<li>{} <span class=\"soft\">({})</span></li>", Escape(&upgrade.what()), Escape(&upgrade.why()));
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</div>\n");
}

fn coverage(out: &mut String, report: &Report, place: Place) {
    heading(out, place, "What could be judged");
    if report.findings.is_none() || report.coverage.is_empty() {
        out.push_str("<p>Nothing was judged.</p>\n");
        return;
    }
    let (judged, unjudged, undetermined) = totals(report);
    let _ = writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"What could be judged\"><table>\n\
         <caption>{} judged, {unjudged} not judged, {undetermined} undetermined</caption>\n\
         <thead><tr><th scope=\"col\">type</th><th scope=\"col\">release</th><th scope=\"col\">judged</th>\
         <th scope=\"col\">not judged</th><th scope=\"col\">undetermined</th><th scope=\"col\">by</th>\
         <th scope=\"col\">as of</th><th scope=\"col\">knows</th><th scope=\"col\">why not all</th></tr></thead>\n<tbody>",
        count(judged, "package")
    );
    for row in &report.coverage {
        let _ = writeln!(
            out,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"date\">{}</td><td>{}</td><td class=\"title\">{}</td></tr>",
            Escape(&row.kind),
            Escape(row.release.as_deref().unwrap_or_default()),
            row.judged,
            row.unjudged,
            row.undetermined,
            Escape(row.feed.as_deref().unwrap_or("no feed")),
            Escape(row.as_of.as_deref().unwrap_or_default()),
            row.level.name(),
            Escape(&row.reasons.join("; ")),
        );
    }
    out.push_str("</tbody></table></div>\n");
}
