//! Short forms about findings: those that no exception and no VEX suppresses.

use super::{Part, days, list, part};
use crate::file::{FixLevel, FixWithin, Level};

/// `max-severity`. A malicious package has no severity: it is worse than any. What nobody rated may be worse than allowed.
pub(super) fn max_severity(level: Level, unrated: bool) -> Vec<Part> {
    let mut worse: Vec<&str> = match level {
        Level::None => vec!["critical", "high", "medium", "low", "negligible"],
        Level::Negligible => vec!["critical", "high", "medium", "low"],
        Level::Low => vec!["critical", "high", "medium"],
        Level::Medium => vec!["critical", "high"],
        Level::High => vec!["critical"],
    };
    if unrated {
        worse.push("unknown");
    }
    let cel = format!(
        "findings.exists(f, f.suppressed == null && (f.kind == \"malicious\" || f.kind == \"vulnerability\" && f.severity in {}))",
        list(worse)
    );
    vec![part(cel, "worse than this policy lets pass")]
}

/// `deny-exploited`.
pub(super) fn deny_exploited() -> Vec<Part> {
    vec![
        part(
            "findings.exists(f, f.suppressed == null && f.exploited != null && f.exploited.kev != null)",
            "known to be exploited",
        ),
        part(
            "!database.feeds.exists(d, d.name == \"kev\" && !d.stale)",
            "not looked at: the database holds no fresh list of what is known to be exploited (feed kev)",
        ),
    ]
}

/// `fix-within-days`: how long a fix may wait. Where it is not known since when there is one, the disclosure counts.
pub(super) fn fix_within(within: &FixWithin) -> Result<Vec<Part>, String> {
    if within.from_fix.is_none() && within.from_disclosure.is_none() {
        return Err("it names no days; write `from-fix: 30`, `from-disclosure: 90`, or both".to_owned());
    }
    let severities = match within.severity {
        None => String::new(),
        Some(least) => {
            let all = [
                (FixLevel::Low, "low"),
                (FixLevel::Medium, "medium"),
                (FixLevel::High, "high"),
                (FixLevel::Critical, "critical"),
            ];
            let from = all.iter().position(|(level, _)| *level == least).unwrap_or(0);
            format!(" && f.severity in {}", list(all[from..].iter().rev().map(|(_, word)| *word).chain(["unknown"])))
        }
    };
    let fixed = format!("f.suppressed == null && f.kind == \"vulnerability\" && f.status == \"fixed\"{severities}");
    let mut parts = Vec::new();
    if let Some(limit) = within.from_fix {
        let limit = days(limit);
        let cel = format!(
            "findings.exists(f, {fixed} && (f.fix_available_since != null ? now - f.fix_available_since > {limit} : f.published == null || now - f.published > {limit}))"
        );
        parts.push(part(cel, "a fix has been there for too long"));
    }
    if let Some(limit) = within.from_disclosure {
        let limit = days(limit);
        let cel = format!("findings.exists(f, {fixed} && (f.published == null || now - f.published > {limit}))");
        parts.push(part(cel, "disclosed too long ago, and a fix is there"));
    }
    Ok(parts)
}

/// `max-risk`. What was not ranked may be riskier.
pub(super) fn max_risk(risk: f64) -> Result<Vec<Part>, String> {
    if !(0.0..=100.0).contains(&risk) {
        return Err(format!("{risk} is no risk; write a number from 0 to 100"));
    }
    let number = if risk.fract() == 0.0 { format!("{risk:.1}") } else { risk.to_string() };
    let cel = format!("findings.exists(f, f.suppressed == null && (f.risk == null || f.risk > {number}))");
    Ok(vec![part(cel, "riskier than this policy lets pass")])
}

/// `no-malicious`. OSV's npm export holds the malicious packages, too.
pub(super) fn no_malicious() -> Vec<Part> {
    vec![
        part("findings.exists(f, f.suppressed == null && f.kind == \"malicious\")", "a malicious package"),
        part(
            "!database.feeds.exists(d, d.name in [\"malicious-packages\", \"osv-npm\"] && !d.stale)",
            "not looked at: the database holds no fresh list of malicious packages (feed malicious-packages)",
        ),
    ]
}
