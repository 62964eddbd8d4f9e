//! `--fail-on TERM`: the short gate of a pipeline. What is not known fails it too, with an exit code of its own.

use std::fmt;
use std::str::FromStr;

use model::coverage::Level;
use model::finding::{Finding, FindingKind, FindingStatus, Owner};
use model::report::{Decision, FeedInfo, Outcome, Reason, Report};
use model::severity::Severity;

use crate::exit::Exit;

/// One term; several are joined by OR.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// At least this severe.
    Level(Severity),
    /// At least this severe, and a fix is there.
    Fixable(Severity),
    /// At least this severe, in what the application brought.
    App(Severity),
    /// Known to be exploited.
    Exploited,
    /// A malicious package.
    Malicious,
    /// At least this risk, in tenths.
    Risk(u16),
    /// A secret.
    Secret,
    /// A misconfiguration, at least this severe.
    Misconfig(Severity),
    /// Nobody rated it.
    Unrated,
    /// A package that no feed judges.
    Unjudged,
}

impl FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let level = |word: &str| match word.parse() {
            Ok(level) if level >= Severity::Low => Ok(level),
            _ => Err(format!("`{word}` is no level; use low, medium, high or critical")),
        };
        Ok(match text.split_once(':') {
            Some(("fixable", word)) => Self::Fixable(level(word)?),
            Some(("app", word)) => Self::App(level(word)?),
            Some(("misconfig", word)) => Self::Misconfig(level(word)?),
            _ => match text {
                "exploited" => Self::Exploited,
                "malicious" => Self::Malicious,
                word if word.starts_with("risk>=") => Self::Risk(risk(&word[6..])?),
                "secret" => Self::Secret,
                "unrated" => Self::Unrated,
                "unjudged" => Self::Unjudged,
                word => Self::Level(level(word).map_err(|_| {
                    format!("`{text}` is no term; use low, medium, high, critical, fixable:LEVEL, app:LEVEL, exploited, malicious, risk>=NUMBER, secret, misconfig:LEVEL, unrated or unjudged")
                })?),
            },
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level(level) => write!(f, "{level}"),
            Self::Fixable(level) => write!(f, "fixable:{level}"),
            Self::App(level) => write!(f, "app:{level}"),
            Self::Exploited => f.write_str("exploited"),
            Self::Malicious => f.write_str("malicious"),
            Self::Risk(tenths) => write!(f, "risk>={}", f64::from(*tenths) / 10.0),
            Self::Secret => f.write_str("secret"),
            Self::Misconfig(level) => write!(f, "misconfig:{level}"),
            Self::Unrated => f.write_str("unrated"),
            Self::Unjudged => f.write_str("unjudged"),
        }
    }
}

impl Term {
    /// Whether this term refuses an image for this finding.
    fn refuses(self, finding: &Finding) -> bool {
        if finding.suppressed.is_some() {
            return false;
        }
        let vulnerability = finding.kind == FindingKind::Vulnerability;
        // A malicious package has no severity: it is worse than any.
        let at_least = |level| finding.kind == FindingKind::Malicious || (vulnerability && finding.severity >= level);
        match self {
            Self::Level(level) => at_least(level),
            Self::Fixable(level) => at_least(level) && finding.status == FindingStatus::Fixed,
            // Where nothing says whose a package is, it may be the application's.
            Self::App(level) => at_least(level) && matches!(finding.owner, Owner::App | Owner::Unknown),
            Self::Exploited => finding.is_known_exploited(),
            Self::Malicious => finding.kind == FindingKind::Malicious,
            Self::Risk(tenths) => finding.risk.is_some_and(|risk| risk * 10.0 >= f64::from(tenths) - 0.01),
            Self::Unrated => vulnerability && finding.severity == Severity::Unknown,
            Self::Secret | Self::Misconfig(_) | Self::Unjudged => false,
        }
    }

    /// Whether it rests on what is known of packages.
    pub fn is_about_packages(self) -> bool {
        !matches!(self, Self::Secret | Self::Misconfig(_))
    }
}

/// The bound of `risk>=`.
fn risk(text: &str) -> Result<u16, String> {
    match text.parse::<f64>() {
        Ok(number) if (0.0..=100.0).contains(&number) => Ok((number * 10.0).round() as u16),
        _ => Err(format!("`{text}` is no risk; use a number from 0 to 100")),
    }
}

/// Judges a report by the terms. The findings are those before any filter of the command line: hiding a finding from
/// view must not open the gate.
///
/// `unread` are the parts of the image that were not read at all; `doubt` says why a feed is too old to be relied on.
pub fn judge(
    terms: &[Term],
    report: &Report,
    findings: &[Finding],
    unread: &[String],
    doubt: &dyn Fn(&FeedInfo) -> Option<String>,
    allow_undetermined: bool,
) -> (Decision, Exit) {
    let mut reasons = Vec::new();
    for finding in findings {
        if let Some(term) = terms.iter().find(|term| term.refuses(finding)) {
            reasons.push(Reason {
                rule: format!("fail-on {term}"),
                message: format!("{} in {} {}", finding.id, finding.package, finding.version),
                subject: finding.purl.clone(),
                outcome: Outcome::Deny,
                link: None,
            });
        }
    }
    if terms.contains(&Term::Secret) {
        reasons.extend(secrets(report));
    }
    for one in report.misconfigurations.iter().flatten() {
        let refuses = |term: &&Term| matches!(term, Term::Misconfig(level) if one.severity >= *level);
        reasons.extend(terms.iter().find(refuses).map(|term| Reason {
            rule: format!("fail-on {term}"),
            message: format!("{} {}", one.id, one.title),
            subject: one.target.clone(),
            outcome: Outcome::Deny,
            link: Some(one.link.clone()),
        }));
    }
    if terms.contains(&Term::Unjudged) {
        let unjudged = report.coverage.iter().filter(|coverage| coverage.unjudged > 0);
        reasons.extend(unjudged.map(|coverage| Reason {
            rule: "fail-on unjudged".to_owned(),
            message: format!("{} packages were not judged: {}", coverage.unjudged, coverage.reasons.join("; ")),
            subject: coverage.release.clone().unwrap_or_else(|| coverage.kind.clone()),
            outcome: Outcome::Deny,
            link: None,
        }));
    }
    let refused = !reasons.is_empty();
    let mut undetermined = if allow_undetermined { Vec::new() } else { undetermined(terms, report, unread, doubt) };
    let exit = match (refused, undetermined.is_empty()) {
        (true, _) => Exit::Refused,
        (false, false) => Exit::Undetermined,
        (false, true) => Exit::Done,
    };
    reasons.append(&mut undetermined);
    let outcome = if exit == Exit::Done { Outcome::Allow } else { Outcome::Deny };
    let policy = terms.iter().map(Term::to_string).collect::<Vec<_>>().join(" or ");
    (Decision { outcome, policy: format!("fail-on {policy}"), reasons, inputs: None }, exit)
}

/// A reason for each secret that counts.
pub fn secrets(report: &Report) -> impl Iterator<Item = Reason> {
    let open = report.secrets.iter().flatten().filter(|secret| secret.suppressed.is_none());
    open.map(|secret| Reason {
        rule: "fail-on secret".to_owned(),
        message: format!("{} in {}", secret.title, secret.locations.first().map_or("", |place| &place.path)),
        subject: secret.rule.clone(),
        outcome: Outcome::Deny,
        link: None,
    })
}

/// Everything in the terms' scope that nobody could tell.
fn undetermined(terms: &[Term], report: &Report, unread: &[String], doubt: &dyn Fn(&FeedInfo) -> Option<String>) -> Vec<Reason> {
    let reason = |message: String, subject: String| Reason {
        rule: "undetermined".to_owned(),
        message,
        subject,
        outcome: Outcome::Deny,
        link: None,
    };
    let mut reasons: Vec<Reason> = unread.iter().map(|part| reason(part.clone(), "image".to_owned())).collect();
    if terms.contains(&Term::Secret) && report.secrets.is_none() {
        reasons.push(reason("nobody looked for secrets".to_owned(), "image".to_owned()));
    }
    if terms.iter().any(|term| matches!(term, Term::Misconfig(_))) && report.misconfigurations.is_none() {
        reasons.push(reason("nobody looked for misconfigurations".to_owned(), "image".to_owned()));
    }
    // Advisories say nothing of either.
    if !terms.iter().any(|term| term.is_about_packages()) {
        return reasons;
    }
    // The embedded set knows of what is exploited, and of nothing else.
    let only_exploited = terms.iter().all(|term| *term == Term::Exploited);
    match report.database.kind.as_str() {
        "full" => {}
        "embedded" if only_exploited => return reasons,
        "embedded" => {
            reasons.push(reason("only known-exploited vulnerabilities were looked for".to_owned(), "database".to_owned()));
            return reasons;
        }
        _ => reasons.push(reason("there is no advisory database".to_owned(), "database".to_owned())),
    }
    // These terms rest on certain feeds, whatever else judges the packages. OSV's npm export holds the malicious packages too.
    for (term, feeds) in [(Term::Exploited, ["kev", "kev"]), (Term::Malicious, ["malicious-packages", "osv-npm"])] {
        if terms.contains(&term) {
            let doubt = match feeds.iter().find_map(|name| report.database.feeds.iter().find(|feed| feed.name == *name)) {
                Some(feed) => doubt(feed),
                None => Some(format!("the database holds no feed {}", feeds[0])),
            };
            reasons.extend(doubt.map(|why| reason(why, "database".to_owned())));
        }
    }
    // A list of malicious packages is all that this term asks of an ecosystem.
    let only_malicious = terms.iter().all(|term| *term == Term::Malicious);
    for coverage in &report.coverage {
        let subject = coverage.release.clone().unwrap_or_else(|| coverage.kind.clone());
        let why = || if coverage.reasons.is_empty() { "no feed judges them".to_owned() } else { coverage.reasons.join("; ") };
        if coverage.level == Level::None && coverage.judged + coverage.unjudged + coverage.undetermined > 0 {
            reasons.push(reason(format!("no {} package was judged: {}", coverage.kind, why()), subject));
        } else if coverage.level == Level::Partial && !only_malicious {
            let feeds = coverage.feed.as_deref().unwrap_or("the feed").replace('+', " and ");
            let message = match &coverage.release {
                Some(release) => format!("{feeds} know only part of what was fixed in {release}"),
                None => format!("{feeds} know only part of what is vulnerable among {} packages", coverage.kind),
            };
            reasons.push(reason(message, subject));
        } else if coverage.undetermined > 0 {
            reasons.push(reason(
                format!("{} {} packages could not be judged: {}", coverage.undetermined, coverage.kind, why()),
                subject,
            ));
        }
    }
    reasons
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_read_back_as_written() {
        for text in [
            "low",
            "critical",
            "fixable:high",
            "app:medium",
            "exploited",
            "malicious",
            "risk>=70",
            "risk>=7.5",
            "unrated",
            "misconfig:high",
            "unjudged",
        ] {
            assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
        }
        for bad in [
            "",
            "negligible",
            "unknown",
            "fixable",
            "fixable:",
            "app:none",
            "misconfig",
            "misconfig:none",
            "HIGH!",
            "risk>=",
            "risk>=101",
            "risk>=-1",
            "risk>70",
            "risk>=NaN",
        ] {
            assert!(bad.parse::<Term>().is_err(), "{bad}");
        }
    }
}
