//! What must be there before any rule is asked: without it nothing can be called clean, so the answer is no.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use model::report::{Outcome, Reason};

use crate::facts::Facts;
use crate::facts::database::Coverage;
use crate::facts::question::Subject;

/// The name under which missing evidence speaks.
pub(crate) const RULE: &str = "evidence";
/// How far clocks may differ.
const SKEW: SignedDuration = SignedDuration::from_hours(1);

/// One missing piece.
pub(crate) fn missing(message: impl Into<String>, subject: impl Into<String>) -> Reason {
    Reason { rule: RULE.to_owned(), message: message.into(), subject: subject.into(), outcome: Outcome::Deny, link: None }
}

/// Every missing piece. `coverage_is_ruled`: a rule says how much must be judged; `advisories`: a rule rests on them.
pub(crate) fn check(subject: &Subject<'_>, max_age: Duration, coverage_is_ruled: bool, advisories: bool) -> Vec<Reason> {
    let facts = subject.facts;
    let mut reasons = Vec::new();
    let mut lack = |message: String, subject: &str| reasons.push(missing(message, subject));
    if advisories && facts.findings.is_none() {
        lack("the report holds an inventory alone: nobody looked for vulnerabilities".to_owned(), "report");
    }
    if advisories && facts.summary.hidden_by_filters != 0 {
        lack("filters hide findings from this report; write it without them".to_owned(), "report");
    }
    if subject.scanned > later(subject.now, SKEW) {
        lack("the report is of the future; one of the clocks is wrong".to_owned(), "report");
    }
    let age = subject.now.duration_since(subject.scanned);
    if SignedDuration::try_from(max_age).is_ok_and(|max_age| age > max_age) {
        lack("the report is older than --max-db-age lets any advisory be; scan the image again".to_owned(), "report");
    }
    match &facts.unread {
        None => lack("the report does not say whether all of the image was read; scan the image again".to_owned(), "report"),
        Some(parts) => parts.iter().for_each(|part| lack(part.clone(), "image")),
    }
    if !advisories {
        return reasons;
    }
    match facts.database.kind.as_str() {
        "full" => {}
        "embedded" => lack(
            "only known-exploited vulnerabilities were looked for; bring a database with `plimsoll db update`".to_owned(),
            "database",
        ),
        _ => lack("there is no advisory database; bring one with `plimsoll db update`".to_owned(), "database"),
    }
    staleness(facts, &mut lack);
    if !coverage_is_ruled {
        for row in &facts.coverage {
            if let Some(why) = uncovered(row) {
                lack(why, row.release.as_deref().unwrap_or(&row.kind));
            }
        }
    }
    if facts.coverage.is_empty() && !facts.packages.is_empty() {
        lack("the report does not say what was judged".to_owned(), "report");
    }
    reasons
}

/// Feeds that are too old: those that judged a package, and what is known to be exploited.
fn staleness(facts: &Facts, lack: &mut impl FnMut(String, &str)) {
    let mut told = Vec::new();
    for row in facts.coverage.iter().filter(|row| row.judged + row.undetermined > 0) {
        if let Some(why) = &row.doubt {
            told.push(why.clone());
        }
    }
    told.extend(facts.database.feeds.iter().filter(|feed| feed.name == "kev").filter_map(|feed| feed.doubt.clone()));
    told.sort();
    told.dedup();
    for why in told {
        lack(format!("{why}; bring a newer database with `plimsoll db update`"), "database");
    }
}

/// Why a row of the coverage is not enough, in the terms of `--fail-on`.
fn uncovered(row: &Coverage) -> Option<String> {
    let why = || if row.reasons.is_empty() { "no feed judges them".to_owned() } else { row.reasons.join("; ") };
    let all = row.judged.saturating_add(row.unjudged).saturating_add(row.undetermined);
    if all == 0 {
        return None;
    }
    match row.level.as_str() {
        "full" | "fixed-only" if row.undetermined == 0 => None,
        "full" | "fixed-only" => Some(format!("{} {} packages could not be judged: {}", row.undetermined, row.kind, why())),
        "partial" => {
            let feeds = row.feed.as_deref().unwrap_or("the feed").replace('+', " and ");
            Some(format!("{feeds} know only part of what is vulnerable among {} packages", row.kind))
        }
        _ => Some(format!("no {} package was judged: {}", row.kind, why())),
    }
}

fn later(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(time)
}
