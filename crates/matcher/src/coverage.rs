//! How much of the inventory was judged, counted while it is judged.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
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
    doubts: Vec<String>,
    /// What else is to be said of the feeds.
    notes: Vec<String>,
}

impl Row {
    pub(crate) fn new(feeds: Vec<Feed>, age: Age) -> Self {
        Self { feeds, doubts: age.doubts, notes: age.notes, ..Self::default() }
    }

    /// Adds a reason why nothing in this row can be called clean.
    pub(crate) fn doubt(&mut self, reason: String) {
        self.doubts.push(reason);
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
        let level = most_complete(&self.feeds);
        let mut names: Vec<&str> = self.feeds.iter().map(|feed| feed.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let mut reasons = self.doubts;
        reasons.extend(self.notes);
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
            as_of: self.feeds.iter().filter(|feed| feed.level == level).map(|feed| feed.as_of.as_str()).min().map(str::to_owned),
            level: if only_exploited { level.min(Level::Partial) } else { level },
            judged: self.judged,
            unjudged: self.unjudged,
            undetermined: self.undetermined,
            reasons,
        }
    }
}

/// Feeds add up: one that lists malicious packages alone takes nothing from one that knows every vulnerability.
fn most_complete(feeds: &[Feed]) -> Level {
    feeds.iter().map(|feed| feed.level).max().unwrap_or(Level::None)
}

/// What the age of the feeds says against a row.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Age {
    /// The most complete feeds among them that are too old for anything to be called clean.
    pub(crate) doubts: Vec<String>,
    /// The others that are too old. They only add to what the former say, some of them from archives that are closed for
    /// good, so their age is told and takes nothing away.
    pub(crate) notes: Vec<String>,
}

/// Says which feeds are too old.
pub(crate) fn age(feeds: &[Feed], now: Timestamp, max_age: Duration) -> Age {
    let most_complete = most_complete(feeds);
    let mut found = Age::default();
    for feed in feeds {
        if let Some(text) = model::coverage::too_old(&feed.name, &feed.as_of, now, max_age) {
            if feed.level == most_complete { found.doubts.push(text) } else { found.notes.push(text) }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(name: &str, as_of: &str, level: Level) -> Feed {
        Feed { name: name.into(), as_of: as_of.into(), level }
    }

    #[test]
    fn an_old_feed_takes_nothing_from_a_more_complete_one() {
        let now: Timestamp = "2024-03-08T00:00:00Z".parse().unwrap();
        let week = Duration::from_secs(7 * 86_400);
        let (fresh, old) = (feed("fresh", "2024-03-07", Level::Full), feed("old", "2020-01-01", Level::Partial));
        let found = age(&[fresh, old.clone()], now, week);
        assert_eq!(found.doubts, [""; 0]);
        assert_eq!(found.notes, ["old is of 2020-01-01, more than 7 days old"]);
        // Where only partial feeds speak, each of them counts.
        let found = age(&[feed("new", "2024-03-07", Level::Partial), old], now, week);
        assert_eq!((found.doubts.len(), found.notes.len()), (1, 0));
    }

    #[test]
    fn the_oldest_date_of_the_most_complete_feeds_counts() {
        let feeds = vec![
            feed("c", "2024-01-03", Level::Full),
            feed("b", "2024-01-02", Level::Full),
            feed("a", "2024-01-01", Level::FixedOnly),
        ];
        let coverage = Row::new(feeds, Age::default()).finish("deb", Some("debian:12".into()), false);
        assert_eq!(coverage.feed.as_deref(), Some("a+b+c"));
        assert_eq!(coverage.as_of.as_deref(), Some("2024-01-02"));
        assert_eq!(coverage.level, Level::Full);
    }

    #[test]
    fn reasons_are_sorted_counted_and_bounded() {
        let mut row = Row::new(vec![feed("a", "2024-01-01", Level::Full)], Age::default());
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
        let age = Age { doubts: vec!["a is of 2020-01-01".into()], notes: Vec::new() };
        let mut row = Row::new(vec![feed("a", "2020-01-01", Level::Full)], age);
        row.judged();
        assert_eq!((row.judged, row.undetermined), (0, 1));
    }
}
