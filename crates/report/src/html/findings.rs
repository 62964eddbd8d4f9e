//! The table of findings; everything that is known of one stands below its title.

use std::fmt::Write as _;

use model::finding::{Finding, FindingKind};
use model::report::Report;
use model::suppression::Suppression;

use super::escape::Escape;
use super::{Place, heading, tools};
use crate::table::{badge, symbol};
use crate::text::{count, web_address};

/// Writes the findings, or what their absence means.
pub(super) fn write(out: &mut String, report: &Report, place: Place) {
    let Some(all) = &report.findings else { return };
    heading(out, place, "Findings");
    if all.is_empty() {
        let why = match report.hidden_by_filters {
            0 => "nothing known was found in what could be judged, as the table above tells.".to_owned(),
            hidden => format!("filters hide {}.", count(hidden, "finding")),
        };
        let _ = writeln!(out, "<p>Nothing is listed: {}</p>", Escape(&why));
        return;
    }
    tools(out, place, "findings", "Filter findings");
    let _ = writeln!(
        out,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Findings\"><table data-sortable data-tools=\"findings-{}-tools\">\n\
         <caption>{}, in order of work</caption>\n\
         <thead><tr><th scope=\"col\">risk</th><th scope=\"col\">severity</th><th scope=\"col\">id</th><th scope=\"col\">package</th>\
         <th scope=\"col\">installed</th><th scope=\"col\">fixed in</th><th scope=\"col\">what it is</th></tr></thead>\n<tbody>",
        place.number,
        count(all.len(), "finding")
    );
    for finding in all {
        row(out, finding);
    }
    out.push_str("</tbody></table></div>\n");
}

fn row(out: &mut String, finding: &Finding) {
    let level = finding.severity;
    let _ = write!(
        out,
        "<tr><td class=\"mono\" data-key=\"{}\">{}</td><td class=\"level {level}\" data-key=\"{}\"><span aria-hidden=\"true\">{}</span> {level}</td><td class=\"id\">",
        finding.risk.map(|risk| format!("{:05.1}", 100.0 - risk)).unwrap_or_default(),
        finding.risk.map(|risk| format!("{risk:.0}")).unwrap_or_default(),
        6 - level as usize,
        symbol(level)
    );
    match web_address(&finding.url) {
        Some(address) => {
            let _ = write!(out, "<a rel=\"noreferrer noopener\" href=\"{}\">{}</a>", Escape(address), Escape(&finding.id));
        }
        None => {
            let _ = write!(out, "{}", Escape(&finding.id));
        }
    }
    if let Some(badge) = badge(finding) {
        let meaning = match finding.kind {
            FindingKind::Vulnerability => "known to be exploited",
            FindingKind::Malicious => "the package itself is the attack",
            FindingKind::EndOfLife => "gets no more fixes",
            FindingKind::Unmaintained => "maintained by nobody",
        };
        let _ = write!(out, " <abbr class=\"mark kev\" title=\"{meaning}\">{badge}</abbr>");
    }
    if finding.suppressed.is_some() {
        out.push_str(" <span class=\"mark soft\">suppressed</span>");
    }
    let fixed = match finding.kind {
        FindingKind::Malicious => "remove it".to_owned(),
        _ if finding.fixed_in.is_empty() => finding.status.name().replace('_', " "),
        _ => finding.fixed_in.join(", "),
    };
    let class = if finding.fixed_in.is_empty() { "soft" } else { "good" };
    let _ = write!(
        out,
        "</td><td class=\"name\">{} <span class=\"soft small\">{}</span></td><td class=\"version mono\">{}</td><td class=\"version mono {class}\">{}</td><td class=\"title\">",
        Escape(&finding.package),
        finding.package_type,
        Escape(&finding.version),
        Escape(&fixed),
    );
    details(out, finding);
    out.push_str("</td></tr>\n");
}

/// Title, and below it what is known.
fn details(out: &mut String, finding: &Finding) {
    let title = if finding.title.is_empty() { "Details" } else { &finding.title };
    let _ = write!(out, "<details><summary>{}</summary><dl>", Escape(title));
    let mut fact = |name: &str, value: String| {
        if !value.is_empty() {
            let _ = write!(out, "<dt>{name}</dt><dd>{}</dd>", Escape(&value));
        }
    };
    fact("risk", finding.risk.map(|risk| format!("{risk} of 100: {}", finding.why.join("; "))).unwrap_or_default());
    fact("whose job", finding.owner.words().to_owned());
    fact("package URL", finding.purl.clone());
    fact("suppressed", finding.suppressed.as_ref().map(Suppression::words).unwrap_or_default());
    let claims: Vec<String> = finding.claimed.iter().flatten().map(Suppression::words).collect();
    fact("claimed by the image", claims.join("; "));
    fact("also known as", finding.aliases.join(", "));
    if let Some(kev) = finding.exploited.as_ref().and_then(|exploited| exploited.kev.as_ref()) {
        let ransomware = if kev.ransomware { ", used in ransomware campaigns" } else { "" };
        fact("known exploited", format!("listed on {}{ransomware}", kev.date_added));
    }
    fact("exploit code", finding.exploited.as_ref().and_then(|exploited| exploited.exploit_code.clone()).unwrap_or_default());
    if let Some(epss) = &finding.epss {
        fact(
            "exploit prediction",
            format!(
                "{:.1} % within 30 days, higher than {:.0} % of all (EPSS of {})",
                epss.score * 100.0,
                epss.percentile * 100.0,
                epss.date
            ),
        );
    }
    fact("severity by", finding.severity_source.clone());
    for cvss in &finding.cvss {
        fact("CVSS", format!("{:.1} by {}: {}", cvss.score, cvss.source, cvss.vector));
    }
    fact("weakness", finding.cwes.join(", "));
    fact("published", finding.published.map(|time| time.to_string()).unwrap_or_default());
    fact("fix since", finding.fix_available_since.map(|time| time.to_string()).unwrap_or_default());
    for evidence in &finding.evidence {
        let layer = evidence.layer.map(|layer| format!(", layer {layer}")).unwrap_or_default();
        fact("evidence", format!("{} in {}{layer} (by {})", evidence.range, evidence.path, evidence.extractor));
    }
    fact("sources", finding.sources.join(", "));
    out.push_str("</dl></details>");
}
