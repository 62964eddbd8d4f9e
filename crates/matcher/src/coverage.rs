//! How much of the inventory was judged, counted while it is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use model::coverage::{Coverage, Level};

use crate::plan::{Reason, Refusal};

/// Most reasons that one row lists; what is left out is counted.
const MAX_REASONS: usize = 50;

/// A feed that speaks of a namespace, and since when nothing new is known from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Feed {
    pub(crate) name: String,
    pub(crate) as_of: String,
    pub(crate) level: Level,
}

/// The row of one package type and release, under way.
#[derive(Debug, Default)]
pub(crate) struct Row {
    feeds: Vec<Feed>,
    judged: usize,
    unjudged: usize,
    undetermined: usize,
    said: BTreeSet<String>,
    counted: BTreeMap<&'static str, usize>,
    /// Why nothing in this row can be called clean, however its packages were judged.
    pub(crate) doubts: Vec<String>,
}

impl Row {
    pub(crate) fn new(feeds: Vec<Feed>, doubts: Vec<String>) -> Self {
        Self { feeds, doubts, ..Self::default() }
    }

    /// Whether any feed speaks of this row's packages.
    pub(crate) fn has_feed(&self) -> bool {
        !self.feeds.is_empty()
    }

    /// Counts a package that was held against all entries.
    pub(crate) fn judged(&mut self) {
        if self.doubts.is_empty() {
            self.judged += 1;
        } else {
            self.undetermined += 1;
        }
    }

    /// Counts a package that was not, or not with a clear answer.
    pub(crate) fn refused(&mut self, refusal: Refusal) {
        let reason = match refusal {
            Refusal::Unjudged(reason) => {
                self.unjudged += 1;
                reason
            }
            Refusal::Undetermined(reason) => {
                self.undetermined += 1;
                reason
            }
        };
        match reason {
            Reason::Said(text) => {
                self.said.insert(text);
            }
            Reason::Counted(text) => *self.counted.entry(text).or_default() += 1,
        }
    }

    /// The finished row. A database of known exploited vulnerabilities alone covers nothing more than partially.
    pub(crate) fn finish(self, kind: &str, release: Option<String>, only_exploited: bool) -> Coverage {
        // Feeds add up: one that lists malicious packages alone takes nothing from one that knows every vulnerability.
        let level = self.feeds.iter().map(|feed| feed.level).max().unwrap_or(Level::None);
        let mut names: Vec<&str> = self.feeds.iter().map(|feed| feed.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let mut reasons = self.doubts;
        reasons.extend(self.counted.iter().map(|(text, count)| {
            let packages = if *count == 1 { "package" } else { "packages" };
            format!("{count} {packages} {text}")
        }));
        let more = self.said.len().saturating_sub(MAX_REASONS);
        reasons.extend(self.said.into_iter().take(MAX_REASONS));
        if more > 0 {
            reasons.push(format!("and {more} more packages for reasons like these"));
        }
        reasons.sort();
        reasons.dedup();
        Coverage {
            kind: kind.to_owned(),
            release,
            feed: (!names.is_empty()).then(|| names.join("+")),
            as_of: self.feeds.iter().map(|feed| feed.as_of.as_str()).min().map(str::to_owned),
            level: if only_exploited { level.min(Level::Partial) } else { level },
            judged: self.judged,
            unjudged: self.unjudged,
            undetermined: self.undetermined,
            reasons,
        }
    }
}

/// Says which feeds are too old to call anything clean. Ages are counted in whole days, as feeds are dated.
pub(crate) fn stale(feeds: &[Feed], now: Timestamp, max_age: Duration) -> Vec<String> {
    let today = Offset::UTC.to_datetime(now).date();
    let mut doubts = Vec::new();
    for feed in feeds {
        match feed.as_of.parse::<Date>() {
            Ok(date) => {
                let days = (today - date).get_days();
                let age = Duration::from_secs(u64::try_from(days).unwrap_or(0) * 86_400);
                if age > max_age {
                    doubts.push(format!("{} is of {}, {days} days old", feed.name, feed.as_of));
                }
            }
            Err(_) => doubts.push(format!("{} does not say which date it is of", feed.name)),
        }
    }
    doubts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(name: &str, as_of: &str, level: Level) -> Feed {
        Feed { name: name.into(), as_of: as_of.into(), level }
    }

    #[test]
    fn age_in_days() {
        let now: Timestamp = "2024-03-08T00:00:01Z".parse().unwrap();
        let week = Duration::from_secs(7 * 86_400);
        for (as_of, doubt) in [
            ("2024-03-01", None),
            ("2024-02-29", Some("x is of 2024-02-29, 8 days old")),
            ("2022-03-08", Some("x is of 2022-03-08, 731 days old")),
            // A clock behind the feed is no sign of age.
            ("2024-03-09", None),
            ("unknown", Some("x does not say which date it is of")),
        ] {
            let doubts = stale(&[feed("x", as_of, Level::Full)], now, week);
            assert_eq!(doubts.first().map(String::as_str), doubt, "{as_of}");
        }
    }

    #[test]
    fn the_oldest_date_and_the_highest_level_count() {
        let row = Row::new(vec![feed("b", "2024-01-02", Level::Full), feed("a", "2024-01-01", Level::FixedOnly)], Vec::new());
        let coverage = row.finish("deb", Some("debian:12".into()), false);
        assert_eq!(coverage.feed.as_deref(), Some("a+b"));
        assert_eq!(coverage.as_of.as_deref(), Some("2024-01-01"));
        assert_eq!(coverage.level, Level::Full);
    }

    #[test]
    fn reasons_are_sorted_counted_and_bounded() {
        let mut row = Row::new(vec![feed("a", "2024-01-01", Level::Full)], Vec::new());
        for number in 0..60 {
            row.refused(Refusal::Unjudged(Reason::Said(format!("p{number:02}: not built by Debian"))));
            row.refused(Refusal::Undetermined(Reason::Counted("of a kind")));
        }
        let coverage = row.finish("deb", None, true);
        assert_eq!((coverage.judged, coverage.unjudged, coverage.undetermined), (0, 60, 60));
        assert_eq!(coverage.reasons.len(), 52);
        assert!(coverage.reasons.contains(&"60 packages of a kind".to_owned()));
        assert!(coverage.reasons.contains(&"and 10 more packages for reasons like these".to_owned()));
        assert_eq!(coverage.level, Level::Partial);
    }

    #[test]
    fn a_doubt_about_the_row_leaves_no_package_judged() {
        let mut row = Row::new(vec![feed("a", "2020-01-01", Level::Full)], vec!["a is of 2020-01-01".into()]);
        row.judged();
        assert_eq!((row.judged, row.undetermined), (0, 1));
    }
}
