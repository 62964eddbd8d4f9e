//! Markdown for a pull request's comment or a job's summary: the verdict, the funnel, what to do first, and the findings,
//! most of them folded away. Written for GitHub's and GitLab's dialects.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use model::finding::{Finding, FindingKind};
use model::misconfiguration::Misconfiguration;
use model::report::{Decision, Report};
use model::secret::Secret;

use crate::funnel::Funnel;
use crate::licenses::Counts;
use crate::misconfigurations::what;
use crate::secrets;
use crate::table::{badge, coverage, symbol};
use crate::text::{count, one_line, web_address};
use crate::upgrade;

/// Findings that stand in the open; the rest is folded.
const OPEN: usize = 10;
/// Findings that are written at all: GitHub refuses summaries of more than 1 MiB.
const MOST: usize = 1000;
/// Upgrades and reasons that are named.
const NAMED: usize = 5;

/// Renders reports one after the other.
pub(crate) fn render(reports: &[Report]) -> Vec<u8> {
    let mut out = String::new();
    for (number, report) in reports.iter().enumerate() {
        if number > 0 {
            out.push_str("\n---\n\n");
        }
        one(&mut out, report);
    }
    out.into_bytes()
}

fn one(out: &mut String, report: &Report) {
    let open: Vec<&Finding> = report.findings.iter().flatten().filter(|finding| finding.suppressed.is_none()).collect();
    let places = report.misconfigurations.as_deref().unwrap_or_default();
    let of_files = report.findings.is_none() && (report.misconfigurations.is_some() || report.secrets.is_some());
    let secrets = report.secrets.as_ref().map(|_| secrets::open(report).count());
    let verdict = match &report.decision {
        Some(decision) => decision.outcome.name().to_owned(),
        None if of_files => {
            let places = report.misconfigurations.as_ref().map(|places| count(places.len(), "misconfiguration"));
            let parts: Vec<String> = places.into_iter().chain(secrets.map(|number| count(number, "secret"))).collect();
            parts.join(", ")
        }
        // Where nobody looked there is no count.
        None if report.findings.is_none() => "an inventory".to_owned(),
        None => count(open.len(), "finding"),
    };
    let platform =
        report.image.platform.as_ref().map(|platform| format!(" ({})", text(&platform.to_string()))).unwrap_or_default();
    let _ = writeln!(out, "### Plimsoll: {verdict} · {}{}\n", text(&report.image.reference), platform);
    if report.findings.is_some() {
        let steps = Funnel::of(report).steps();
        let steps: Vec<String> = steps
            .iter()
            .map(|(what, number)| number.map_or_else(|| format!("{what} not looked at"), |number| format!("**{number}** {what}")))
            .collect();
        let _ = writeln!(out, "{}\n", steps.join(" → "));
    }
    let (judged, unjudged, undetermined) = coverage::totals(report);
    if !of_files && report.findings.is_some() && (unjudged + undetermined > 0 || judged == 0) {
        let _ = writeln!(
            out,
            "> {} judged, {unjudged} not judged, {undetermined} undetermined: what was not judged is not clean.\n",
            count(judged, "package")
        );
    }
    write_reasons(out, report.decision.as_ref());
    if let Some(counts) = Counts::of(report) {
        let _ = writeln!(out, "{}\n", counts.words());
    }
    for (number, upgrade) in upgrade::first(report, NAMED).iter().enumerate() {
        if number == 0 {
            out.push_str("**What to do first**\n\n");
        }
        let _ = writeln!(out, "{}. {} ({})", number + 1, text(&upgrade.what()), text(&upgrade.why()));
    }
    let (first, rest) = open.split_at(open.len().min(OPEN));
    table(out, first);
    if !rest.is_empty() {
        let _ = writeln!(out, "\n<details><summary>{}</summary>", count(rest.len(), "more finding"));
        table(out, rest.get(..MOST).unwrap_or(rest));
        if rest.len() > MOST {
            let _ = writeln!(out, "\nand {} that are not listed here", rest.len() - MOST);
        }
        out.push_str("\n</details>\n");
    }
    misconfigurations(out, places);
    write_secrets(out, report);
    if of_files {
        for part in &report.unread {
            let _ = writeln!(out, "\n> {}: what was not read is not clean.", text(part));
        }
    }
    let suppressed = report.findings.iter().flatten().count() - open.len();
    if suppressed + report.hidden_by_filters > 0 {
        let _ = writeln!(out, "\nNot counted: {suppressed} suppressed, {} hidden by filters.", report.hidden_by_filters);
    }
}

/// Secrets with their places, and what to do about them.
fn write_secrets(out: &mut String, report: &Report) {
    let open: Vec<&Secret> = secrets::open(report).collect();
    let aside = report.secrets.iter().flatten().count() - open.len();
    if !open.is_empty() {
        let _ = writeln!(out, "\n**{}**", count(open.len(), "secret"));
        secret_rows(out, open.get(..MOST).unwrap_or(&open));
        if open.len() > MOST {
            let _ = writeln!(out, "\nand {} that are not listed here", open.len() - MOST);
        }
        let _ = writeln!(out, "\n{}", Secret::FIX);
    }
    if aside > 0 {
        let _ = writeln!(out, "\n{} set aside.", count(aside, "secret"));
    }
}

pub(crate) fn secret_rows(out: &mut String, secrets: &[&Secret]) {
    out.push_str("\n| severity | secret | shown | where |\n|---|---|---|---|\n");
    for secret in secrets {
        let severity = secret.severity;
        let cells = [&secret.title, &secret.redacted, &secrets::places(secret)].map(|cell| text(cell));
        let _ = writeln!(out, "| {} {severity} | {} |", symbol(severity), cells.join(" | "));
    }
}

/// Misconfigurations with their places, the worst first, and what to write instead, once for each rule.
fn misconfigurations(out: &mut String, places: &[Misconfiguration]) {
    if places.is_empty() {
        return;
    }
    let mut worst: Vec<&Misconfiguration> = places.iter().collect();
    worst.sort_by_key(|one| Reverse(one.severity));
    let _ = writeln!(out, "\n**{}**", count(places.len(), "misconfiguration"));
    let (first, rest) = worst.split_at(worst.len().min(OPEN));
    rows(out, first);
    if !rest.is_empty() {
        let _ = writeln!(out, "\n<details><summary>{}</summary>", count(rest.len(), "more misconfiguration"));
        rows(out, rest.get(..MOST).unwrap_or(rest));
        if rest.len() > MOST {
            let _ = writeln!(out, "\nand {} that are not listed here", rest.len() - MOST);
        }
        out.push_str("\n</details>\n");
    }
    let rules: BTreeMap<&str, &Misconfiguration> = places.iter().map(|one| (one.id.as_str(), one)).collect();
    out.push_str("\n<details><summary>What to write instead</summary>\n\n");
    for (id, one) in rules {
        let _ = writeln!(out, "- **{}** {} {}", text(id), text(&one.why), text(&one.fix));
    }
    out.push_str("\n</details>\n");
}

fn rows(out: &mut String, places: &[&Misconfiguration]) {
    out.push_str("\n| severity | rule | where | what |\n|---|---|---|---|\n");
    for one in places {
        let rule = match web_address(&one.link) {
            Some(address) if !address.contains(['(', ')', '<', '>', '|', ' ']) => format!("[{}](<{address}>)", text(&one.id)),
            _ => text(&one.id),
        };
        let line = one.line.map(|line| format!(":{line}")).unwrap_or_default();
        let severity = one.severity;
        let _ =
            writeln!(out, "| {} {severity} | {rule} | {}{line} | {} |", symbol(severity), text(&one.target), text(&what(one)));
    }
}

/// Why a gate decided as it did.
pub(crate) fn write_reasons(out: &mut String, decision: Option<&Decision>) {
    if let Some(decision) = decision {
        for reason in decision.reasons.iter().take(NAMED) {
            let _ = writeln!(out, "- {} ({})", text(&reason.message), text(&reason.rule));
        }
        if decision.reasons.len() > NAMED {
            let _ = writeln!(out, "- and {}", count(decision.reasons.len() - NAMED, "more reason"));
        }
        if !decision.reasons.is_empty() {
            out.push('\n');
        }
    }
}

pub(crate) fn table(out: &mut String, findings: &[&Finding]) {
    if findings.is_empty() {
        return;
    }
    out.push_str("\n| risk | severity | id | package | installed | fixed in |\n|---:|---|---|---|---|---|\n");
    for finding in findings {
        let risk = finding.risk.map(|risk| format!("{risk:.0}")).unwrap_or_default();
        let id = match web_address(&finding.url) {
            Some(address) if !address.contains(['(', ')', '<', '>', '|', ' ']) => format!("[{}](<{address}>)", text(&finding.id)),
            _ => text(&finding.id),
        };
        let badge = badge(finding).map(|badge| format!(" **{badge}**")).unwrap_or_default();
        let fixed = match finding.kind {
            FindingKind::Malicious => "remove it".to_owned(),
            _ if finding.fixed_in.is_empty() => finding.status.words().to_owned(),
            _ => text(&finding.fixed_in.join(", ")),
        };
        let _ = writeln!(
            out,
            "| {risk} | {} {} | {id}{badge} | {} | {} | {fixed} |",
            symbol(finding.severity),
            finding.severity,
            text(&finding.package),
            text(&finding.version)
        );
    }
}

/// Text in which nothing is markup, a mention or a reference: what could be stands as a character reference
/// (<https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references>).
pub(crate) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for character in one_line(text).chars() {
        match character {
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '@' | '!' | '$' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out
}
