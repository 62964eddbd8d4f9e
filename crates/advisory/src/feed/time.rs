//! Dates as feeds write them.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{Timestamp, civil};

/// Reads a point in time: RFC 3339, the same without a zone (taken as UTC) or with a blank for the `T`, or a day alone
/// (its first moment, UTC). Years before 1980 are how some feeds write "unknown" (`0001-01-01T00:00:00Z`): `None`.
pub(super) fn timestamp(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let moment = text.parse::<Timestamp>().ok().or_else(|| {
        let naive = text.parse::<DateTime>().ok().or_else(|| Some(text.get(..10)?.parse::<Date>().ok()?.at(0, 0, 0, 0)))?;
        Offset::UTC.to_timestamp(naive).ok()
    })?;
    (day(moment).year() >= 1980).then_some(moment)
}

/// The day of a point in time, in UTC.
pub(super) fn day(moment: Timestamp) -> Date {
    Offset::UTC.to_datetime(moment).date()
}

/// The first moment of a day, in UTC.
pub(super) fn start_of(date: Date) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok()
}

/// The day named at the start of a text: `2025-08-25T17:04:19Z`, `2025-08-25`.
pub(super) fn leading_day(text: &str) -> Option<Date> {
    timestamp(text).map(day)
}

/// `29 Mar 2023`, as Debian's advisory lists and changelogs write days.
pub(super) fn english_day(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut words = text.split_whitespace();
    let day = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? + 1;
    let year = words.next()?.parse().ok()?;
    civil::Date::new(year, i8::try_from(month).ok()?, day).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for (text, expected) in [
            ("2024-10-01T21:22:35.777428Z", Some("2024-10-01T21:22:35.777428Z")),
            ("1999-09-29T04:00:00", Some("1999-09-29T04:00:00Z")),
            ("2018-10-02 00:01:00", Some("2018-10-02T00:01:00Z")),
            ("2018-10-02", Some("2018-10-02T00:00:00Z")),
            ("2026-08-16T00:00:00+0000", Some("2026-08-16T00:00:00Z")),
            ("0001-01-01T00:00:00Z", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(timestamp(text).map(|moment| moment.to_string()).as_deref(), expected, "{text}");
        }
        assert_eq!(english_day("29 Mar 2023"), Some(civil::date(2023, 3, 29)));
        assert_eq!(english_day("31 Feb 2023"), None);
    }
}
