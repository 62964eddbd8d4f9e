//! How much of an inventory could be judged, by which feed and how fresh it was. Part of every answer: a report that
//! says "no findings" without it says nothing.

use serde::Deserialize;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

/// Seconds.
const DAY: u64 = 86_400;

/// How completely a feed speaks of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// No feed speaks of it.
    None,
    /// A feed speaks of part of it.
    Partial,
    /// Only vulnerabilities that have a fix are known (DSA lists, Alpine secdb, mirror changelogs, errata).
    FixedOnly,
    /// Fixed and unfixed vulnerabilities are known.
    Full,
}

impl Level {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Partial => "partial",
            Self::FixedOnly => "fixed-only",
            Self::Full => "full",
        }
    }
}

/// Coverage of one package type in one release.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Coverage {
    /// purl type (`deb`, `npm`).
    pub kind: String,
    /// `debian:12` for distributions, `None` for language ecosystems.
    pub release: Option<String>,
    /// The feeds that judged, joined by `+`; `None` where none did.
    pub feed: Option<String>,
    /// The oldest date among the most complete of them, `YYYY-MM-DD`.
    pub as_of: Option<String>,
    /// How completely.
    pub level: Level,
    /// Packages a feed could speak of.
    pub judged: usize,
    /// Packages that no feed speaks of (third-party builds, no coordinates, no feed).
    pub unjudged: usize,
    /// Packages where a feed speaks but the answer cannot be told (unparseable version, stale or ended release).
    pub undetermined: usize,
    /// Why some were not judged, in plain words, sorted, each once.
    pub reasons: Vec<String>,
}

/// Why a feed is too old, or of no known age, to call anything clean; `None` where it is fresh. Ages are counted in whole
/// days, as feeds are dated, and not told: a report must not change from one day to the next.
pub fn too_old(feed: &str, as_of: &str, now: Timestamp, max_age: Duration) -> Option<String> {
    let Ok(date) = as_of.parse::<Date>() else { return Some(format!("{feed} does not say which date it is of")) };
    let today = Offset::UTC.to_datetime(now).date();
    // A clock behind the feed is no sign of age.
    let days = u64::try_from((today - date).get_days()).unwrap_or(0);
    let limit = match max_age.as_secs() {
        limit if days * DAY <= limit => return None,
        DAY => "a day".to_owned(),
        limit if limit % DAY == 0 => format!("{} days", limit / DAY),
        limit => format!("{} hours", limit / 3600),
    };
    Some(format!("{feed} is of {as_of}, more than {limit} old"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn age_in_days() {
        let now: Timestamp = "2024-03-08T00:00:01Z".parse().unwrap();
        for (as_of, days, expected) in [
            ("2024-03-01", 7, None),
            ("2024-02-29", 7, Some("x is of 2024-02-29, more than 7 days old")),
            ("2022-03-08", 1, Some("x is of 2022-03-08, more than a day old")),
            ("2022-03-08", 100_000, None),
            ("2024-03-09", 7, None),
            ("unknown", 7, Some("x does not say which date it is of")),
        ] {
            let found = too_old("x", as_of, now, Duration::from_secs(days * DAY));
            assert_eq!(found.as_deref(), expected, "{as_of}");
        }
        let hours = too_old("x", "2024-03-06", now, Duration::from_secs(36 * 3600));
        assert_eq!(hours.as_deref(), Some("x is of 2024-03-06, more than 36 hours old"));
    }
}
