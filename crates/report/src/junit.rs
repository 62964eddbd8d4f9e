//! JUnit XML, as build servers read it (<https://github.com/testmoapp/junitxml>): a suite for each image, a case for each
//! finding, misconfiguration and secret that fails, and one for each sort of packages that passes or, where it could not be judged, is an error.

use std::fmt::Write as _;

use model::coverage::Level;
use model::finding::{Finding, FindingKind};
use model::report::Report;
use model::secret::Secret;

use crate::misconfigurations::what;
use crate::secrets;
use crate::text::one_line;

/// Renders all reports into one document.
pub(crate) fn render(reports: &[Report]) -> Vec<u8> {
    let suites: Vec<Suite> = reports.iter().map(suite).collect();
    let sum = |number: fn(&Suite) -> usize| suites.iter().map(number).sum::<usize>();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        out,
        "<testsuites name=\"plimsoll\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">",
        sum(|suite| suite.tests),
        sum(|suite| suite.failures),
        sum(|suite| suite.errors)
    );
    for suite in suites {
        out.push_str(&suite.text);
    }
    out.push_str("</testsuites>\n");
    out.into_bytes()
}

struct Suite {
    text: String,
    tests: usize,
    failures: usize,
    errors: usize,
}

fn suite(report: &Report) -> Suite {
    let (mut cases, mut tests, mut failures, mut errors, mut skipped) = (String::new(), 0, 0, 0, 0);
    for finding in report.findings.iter().flatten() {
        tests += 1;
        let case = format!("  <testcase classname=\"{}\" name=\"{}\" time=\"0\">", escape(&finding.purl), escape(&name(finding)));
        if let Some(why) = &finding.suppressed {
            skipped += 1;
            let _ = writeln!(cases, "{case}<skipped message=\"suppressed: {}\"/></testcase>", escape(&why.words()));
        } else {
            failures += 1;
            let _ = writeln!(
                cases,
                "{case}<failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
                finding.severity,
                escape(if finding.title.is_empty() { &finding.id } else { &finding.title }),
                escape(&details(finding))
            );
        }
    }
    for row in &report.coverage {
        tests += 1;
        let release = row.release.as_deref().unwrap_or(&row.kind);
        let case =
            format!("  <testcase classname=\"coverage\" name=\"{} packages of {}\" time=\"0\">", row.kind, escape(release));
        if row.level == Level::None || row.undetermined > 0 {
            errors += 1;
            let why = format!(
                "{} judged, {} not, {} undetermined: {}",
                row.judged,
                row.unjudged,
                row.undetermined,
                row.reasons.join("; ")
            );
            let _ = writeln!(cases, "{case}<error type=\"undetermined\" message=\"{}\"/></testcase>", escape(&why));
        } else {
            let _ = writeln!(cases, "{case}</testcase>");
        }
    }
    for one in report.misconfigurations.iter().flatten() {
        tests += 1;
        failures += 1;
        let line = one.line.map(|line| format!(" line {line}")).unwrap_or_default();
        let _ = writeln!(
            cases,
            "  <testcase classname=\"{}\" name=\"{}{line}: {}\" time=\"0\"><failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
            escape(&one.target),
            escape(&one.id),
            escape(&what(one)),
            one.severity,
            escape(&one.title),
            escape(&format!("{} {} {}", one.why, one.fix, one.link))
        );
    }
    for secret in report.secrets.iter().flatten() {
        tests += 1;
        let class = secret.locations.first().map_or("secrets", |place| place.path.as_str());
        let name = format!("{}: {}", secrets::rule_id(secret), secrets::what(secret));
        let case = format!("  <testcase classname=\"{}\" name=\"{}\" time=\"0\">", escape(class), escape(&name));
        if let Some(why) = &secret.suppressed {
            skipped += 1;
            let _ = writeln!(cases, "{case}<skipped message=\"suppressed: {}\"/></testcase>", escape(why));
        } else {
            failures += 1;
            let _ = writeln!(
                cases,
                "{case}<failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
                secret.severity,
                escape(&secret.title),
                escape(&format!("{}: {}", secrets::places(secret), Secret::FIX))
            );
        }
    }
    if report.findings.is_none() && (report.misconfigurations.is_some() || report.secrets.is_some()) {
        for part in &report.unread {
            tests += 1;
            errors += 1;
            let case = "  <testcase classname=\"files\" name=\"could be read\" time=\"0\">";
            let _ = writeln!(cases, "{case}<error type=\"undetermined\" message=\"{}\"/></testcase>", escape(part));
        }
        // A suite without a case is taken for one that did not run.
        if tests == 0 {
            tests += 1;
            let what = if report.misconfigurations.is_some() { "misconfigurations" } else { "secrets" };
            let _ = writeln!(cases, "  <testcase classname=\"files\" name=\"no {what}\" time=\"0\"></testcase>");
        }
    }
    let text = format!(
        " <testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\" timestamp=\"{}\">\n{cases} </testsuite>\n",
        escape(&report.image.reference),
        report.created.strftime("%Y-%m-%dT%H:%M:%S")
    );
    Suite { text, tests, failures, errors }
}

fn name(finding: &Finding) -> String {
    format!("{} in {} {}", finding.id, finding.package, finding.version)
}

fn details(finding: &Finding) -> String {
    let fixed = match finding.kind {
        FindingKind::Malicious => "remove it".to_owned(),
        _ if finding.fixed_in.is_empty() => finding.status.words().to_owned(),
        _ => format!("fixed in {}", finding.fixed_in.join(", ")),
    };
    let risk = finding.risk.map(|risk| format!("risk {risk}"));
    let parts = std::iter::once(fixed).chain(risk).chain(finding.why.iter().cloned()).chain(std::iter::once(finding.url.clone()));
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// Text of XML 1.0, which has no control characters at all.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for character in one_line(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
