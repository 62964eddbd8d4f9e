//! OSV's events and version lists as half-open intervals.

use std::cmp::Ordering;

use model::advisory::{End, Range};
use model::version::Scheme;
use serde::Deserialize;

use super::super::record::nullable;

/// Most events of one range. The largest known has about 150.
const EVENTS_LIMIT: usize = 4096;

/// `affected[].ranges[]`.
#[derive(Deserialize)]
pub(super) struct RawRange {
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) events: Vec<Event>,
}

/// One of `ranges[].events[]`.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Event {
    Introduced(String),
    Fixed(String),
    LastAffected(String),
    Limit(String),
}

impl Event {
    fn version(&self) -> &str {
        match self {
            Self::Introduced(version) | Self::Fixed(version) | Self::LastAffected(version) | Self::Limit(version) => version,
        }
    }

    /// Whether the version means "from the beginning": OSV's `0`, and `0.0.0-0`, the lowest semantic version.
    fn is_beginning(&self) -> bool {
        matches!(self, Self::Introduced(version) if version == "0" || version == "0.0.0-0")
    }
}

/// The intervals of one range: events are put into the order of their versions, `introduced` opens an interval, `fixed`,
/// `last_affected` and `limit` close it (<https://ossf.github.io/osv-schema/#evaluation>). `Err` says why it is unusable.
pub(super) fn intervals(mut events: Vec<Event>, scheme: Option<Scheme>) -> Result<Vec<Range>, &'static str> {
    if events.len() > EVENTS_LIMIT {
        return Err("it has too many events");
    }
    // Where two intervals overlap, the order of their versions loses the second (Bitnami writes such); each pair as it was
    // written is an interval, too.
    let pairs = if alternates(&events) { pairs(&events) } else { Vec::new() };
    sort(&mut events, scheme);
    let overlapping = !alternates(&events);
    let mut ranges = Vec::new();
    let mut open: Option<Option<String>> = None;
    for event in events {
        let beginning = event.is_beginning();
        let end = match event {
            Event::Introduced(version) => {
                // A version that is already inside an interval opens none.
                open.get_or_insert_with(|| (!beginning).then_some(version));
                continue;
            }
            // A limit bounds what the range speaks of; for an installed version that is the same as an end.
            Event::Fixed(version) | Event::Limit(version) => {
                if version == "*" {
                    continue;
                }
                End::Fixed(version)
            }
            Event::LastAffected(version) => End::LastAffected(version),
        };
        if let Some(introduced) = open.take() {
            ranges.push(Range { introduced, end, ..Range::default() });
        }
    }
    if let Some(introduced) = open {
        ranges.push(Range { introduced, end: End::Open, ..Range::default() });
    }
    if overlapping {
        for pair in pairs {
            if !ranges.contains(&pair) {
                ranges.push(pair);
            }
        }
    }
    Ok(ranges)
}

/// Whether every other event opens an interval, and the ones between close them.
fn alternates(events: &[Event]) -> bool {
    events.iter().enumerate().all(|(at, event)| matches!(event, Event::Introduced(_)) == at.is_multiple_of(2))
}

/// The intervals of alternating events.
fn pairs(events: &[Event]) -> Vec<Range> {
    let (pairs, _) = events.as_chunks::<2>();
    pairs
        .iter()
        .filter_map(|[first, last]| {
            let end = match last {
                Event::Fixed(version) | Event::Limit(version) if version != "*" => End::Fixed(version.clone()),
                Event::LastAffected(version) => End::LastAffected(version.clone()),
                _ => return None,
            };
            Some(Range { introduced: (!first.is_beginning()).then(|| first.version().to_owned()), end, ..Range::default() })
        })
        .collect()
}

/// Sorts by version with a plain insertion sort: it is stable, linear for the sorted lists that feeds have, keeps the
/// feed's order where versions cannot be compared, and cannot fail on an order that contradicts itself.
fn sort(events: &mut [Event], scheme: Option<Scheme>) {
    for last in 1..events.len() {
        let mut at = last;
        while let Some([left, right]) = at.checked_sub(1).and_then(|start| events.get(start..=at)) {
            let wrong = match (left.is_beginning(), right.is_beginning()) {
                (false, true) => true,
                (true, _) => false,
                _ => scheme.and_then(|scheme| scheme.compare(left.version(), right.version())) == Some(Ordering::Greater),
            };
            if !wrong {
                break;
            }
            events.swap(at - 1, at);
            at -= 1;
        }
    }
}

/// Whether a version lies in any of the ranges, where the scheme can tell.
pub(super) fn covers(ranges: &[Range], version: &str, scheme: Scheme) -> bool {
    let compare = |bound: &str| scheme.compare(version, bound);
    ranges.iter().any(|range| {
        let from =
            range.introduced.as_deref().is_none_or(|bound| matches!(compare(bound), Some(Ordering::Greater | Ordering::Equal)));
        let until = match &range.end {
            End::Open => true,
            End::Fixed(bound) => compare(bound) == Some(Ordering::Less),
            End::LastAffected(bound) => matches!(compare(bound), Some(Ordering::Less | Ordering::Equal)),
        };
        from && until && range.after.as_deref().is_none_or(|bound| compare(bound) == Some(Ordering::Greater))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<Range> {
        intervals(serde_json::from_str(json).unwrap(), Some(Scheme::Semver)).unwrap()
    }

    fn range(introduced: Option<&str>, end: End) -> Range {
        Range { introduced: introduced.map(str::to_owned), end, ..Range::default() }
    }

    #[test]
    fn events_become_intervals() {
        assert_eq!(
            read(
                r#"[{"introduced":"0"},{"fixed":"1.0.0"},{"introduced":"2.0.0"},{"last_affected":"2.3.0"},{"introduced":"3.0.0"}]"#
            ),
            [
                range(None, End::Fixed("1.0.0".into())),
                range(Some("2.0.0"), End::LastAffected("2.3.0".into())),
                range(Some("3.0.0"), End::Open),
            ]
        );
        assert_eq!(read(r#"[{"introduced":"0.0.0-0"}]"#), [range(None, End::Open)]);
        assert!(read(r#"[{"fixed":"1.0.0"}]"#).is_empty());
        // The second `introduced` and the second `fixed` say nothing new.
        assert_eq!(
            read(r#"[{"introduced":"0"},{"introduced":"1.0.0"},{"fixed":"2.0.0"},{"fixed":"3.0.0"}]"#),
            [range(None, End::Fixed("2.0.0".into()))]
        );
    }

    #[test]
    fn unsorted_events_are_sorted_and_the_beginning_is_first() {
        assert_eq!(read(r#"[{"fixed":"1.0.0"},{"introduced":"0"}]"#), [range(None, End::Fixed("1.0.0".into()))]);
        if Scheme::Semver.compare("1.0.0", "2.0.0").is_some() {
            assert_eq!(
                read(r#"[{"introduced":"2.0.0"},{"fixed":"2.5.0"},{"introduced":"0"},{"fixed":"1.0.0"}]"#),
                [range(None, End::Fixed("1.0.0".into())), range(Some("2.0.0"), End::Fixed("2.5.0".into()))]
            );
        }
    }

    #[test]
    fn overlapping_pairs_lose_nothing() {
        let events = r#"[{"introduced":"14.0.0"},{"fixed":"14.14.1"},{"introduced":"14.14.0"},{"fixed":"14.20.0"}]"#;
        assert_eq!(
            read(events),
            [range(Some("14.0.0"), End::Fixed("14.14.1".into())), range(Some("14.14.0"), End::Fixed("14.20.0".into())),]
        );
        assert!(covers(&read(events), "14.19.0", Scheme::Semver));
    }

    #[test]
    fn a_hostile_range_is_refused() {
        let events = vec![Event::Introduced("1".into()); EVENTS_LIMIT + 1];
        assert!(intervals(events, None).is_err());
    }
}
