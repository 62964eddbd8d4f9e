//! What the findings rest on: the advisory database, what it covers, and the counts, as conditions see them.

use jiff::Timestamp;
use serde::Deserialize;

use crate::value::Type::{Bool, Int, List, Record, Text, Time, Word};
use crate::value::{Value, is, or_null, record};

pub(crate) const KINDS: &[&str] = &["full", "embedded", "none"];
pub(crate) const LEVELS: &[&str] = &["none", "partial", "fixed-only", "full"];

#[derive(Debug, Deserialize)]
pub(crate) struct Database {
    built: Option<Timestamp>,
    pub(crate) sha256: Option<String>,
    pub(crate) kind: String,
    pub(crate) feeds: Vec<Feed>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Feed {
    pub(crate) name: String,
    pub(crate) as_of: String,
    /// Why it is too old.
    #[serde(skip)]
    pub(crate) doubt: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Coverage {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) release: Option<String>,
    pub(crate) feed: Option<String>,
    pub(crate) as_of: Option<String>,
    pub(crate) level: String,
    pub(crate) judged: i64,
    pub(crate) unjudged: i64,
    pub(crate) undetermined: i64,
    pub(crate) reasons: Vec<String>,
    /// Why its feed is too old.
    #[serde(skip)]
    pub(crate) doubt: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Summary {
    pub(crate) hidden_by_filters: i64,
    suppressed: i64,
    funnel: Funnel,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Funnel {
    packages: i64,
    findings: i64,
    fixable: i64,
    critical_or_high: i64,
    likely_exploited: i64,
    exploited: i64,
    in_use: Option<i64>,
}

impl Summary {
    /// Of all packages of a coverage, per cent that were judged, rounded down; 100 where there is none.
    pub(crate) fn judged_percent(coverage: &[Coverage]) -> i64 {
        let judged: i64 = coverage.iter().map(|row| row.judged).fold(0, i64::saturating_add);
        let rest: i64 = coverage.iter().map(|row| row.unjudged.saturating_add(row.undetermined)).fold(0, i64::saturating_add);
        match judged.saturating_add(rest) {
            0 => 100,
            all => judged.saturating_mul(100) / all,
        }
    }
}

record! { Database, DATABASE, "database",
    "built": or_null(Time), "the newest date among its feeds", |of| Value::time(of.built);
    "sha256": or_null(Text), "checksum of its content", |of| Value::text(of.sha256.as_deref());
    "kind": is(Word(KINDS)), "full, embedded or none", |of| Value::Text(&of.kind);
    "feeds": is(List(&is(Record(&FEED)))), "the feeds in it", |of| Value::List(&of.feeds);
}

record! { Feed, FEED, "feed",
    "name": is(Text), "debian-dsa, kev, …", |of| Value::Text(&of.name);
    "as_of": is(Text), "YYYY-MM-DD", |of| Value::Text(&of.as_of);
    "stale": is(Bool), "older than --max-db-age, or of no known date", |of| Value::Bool(of.doubt.is_some());
}

record! { Coverage, COVERAGE, "coverage",
    "type": is(Text), "deb, npm, …", |of| Value::Text(&of.kind);
    "release": or_null(Text), "debian:12; null for languages", |of| Value::text(of.release.as_deref());
    "feed": or_null(Text), "the feeds that judged", |of| Value::text(of.feed.as_deref());
    "as_of": or_null(Text), "YYYY-MM-DD", |of| Value::text(of.as_of.as_deref());
    "level": is(Word(LEVELS)), "full, fixed-only, partial or none", |of| Value::Text(&of.level);
    "judged": is(Int), "packages a feed could speak of", |of| Value::Int(of.judged);
    "unjudged": is(Int), "packages that no feed speaks of", |of| Value::Int(of.unjudged);
    "undetermined": is(Int), "packages whose answer cannot be told", |of| Value::Int(of.undetermined);
    "stale": is(Bool), "its feed is older than --max-db-age", |of| Value::Bool(of.doubt.is_some());
}

record! { Summary, SUMMARY, "summary",
    "hidden_by_filters": is(Int), "findings hidden by filters", |of| Value::Int(of.hidden_by_filters);
    "suppressed": is(Int), "findings suppressed", |of| Value::Int(of.suppressed);
    "funnel": is(Record(&FUNNEL)), "how many are left at each step", |of| Value::Record(&of.funnel);
}

record! { Funnel, FUNNEL, "funnel",
    "packages": is(Int), "packages", |of| Value::Int(of.packages);
    "findings": is(Int), "findings that are not suppressed", |of| Value::Int(of.findings);
    "fixable": is(Int), "of these, those with a fix", |of| Value::Int(of.fixable);
    "critical_or_high": is(Int), "of the findings, those critical or high", |of| Value::Int(of.critical_or_high);
    "likely_exploited": is(Int), "of the findings, those likely exploited", |of| Value::Int(of.likely_exploited);
    "exploited": is(Int), "of the findings, those known exploited", |of| Value::Int(of.exploited);
    "in_use": or_null(Int), "of the findings, those in use", |of| of.in_use.map_or(Value::Null, Value::Int);
}
