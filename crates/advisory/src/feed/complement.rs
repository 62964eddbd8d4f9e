//! What is left of all versions when intervals are taken out: feeds that list *safe* versions say the vulnerable ones so.

use std::cmp::Ordering;

use model::advisory::{End, Range};
use model::version::Scheme;

/// The lower end of what is not yet told.
#[derive(Clone)]
enum Bound {
    /// From the beginning.
    Beginning,
    /// From this version on, itself included.
    At(String),
    /// From this version on, itself not included.
    After(String),
}

impl Bound {
    /// The version, and whether it is left out.
    fn parts(&self) -> Option<(&str, bool)> {
        match self {
            Self::Beginning => None,
            Self::At(version) => Some((version, false)),
            Self::After(version) => Some((version, true)),
        }
    }

    /// Orders lower ends; `None` where the scheme cannot compare the versions.
    fn compare(&self, other: &Self, scheme: Scheme) -> Option<Ordering> {
        Some(match (self.parts(), other.parts()) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some((left, left_out)), Some((right, right_out))) => scheme.compare(left, right)?.then(left_out.cmp(&right_out)),
        })
    }

    fn of(range: &Range) -> Self {
        match (&range.introduced, &range.after) {
            (Some(version), _) => Self::At(version.clone()),
            (None, Some(version)) => Self::After(version.clone()),
            (None, None) => Self::Beginning,
        }
    }
}

/// All versions outside `safe`. `None` where the scheme cannot order the bounds.
pub(super) fn outside(safe: &[Range], scheme: Scheme) -> Option<Vec<Range>> {
    // Insertion into order: lists are short, and a comparison may fail.
    let mut sorted: Vec<(Bound, &End)> = Vec::with_capacity(safe.len());
    for range in safe {
        let bound = Bound::of(range);
        let mut at = sorted.len();
        while let Some((previous, _)) = at.checked_sub(1).and_then(|before| sorted.get(before)) {
            if previous.compare(&bound, scheme)? != Ordering::Greater {
                break;
            }
            at -= 1;
        }
        sorted.insert(at, (bound, &range.end));
    }
    let mut left = Vec::new();
    let mut from = Bound::Beginning;
    for (start, end) in sorted {
        if from.compare(&start, scheme)? == Ordering::Less {
            let end = match &start {
                Bound::At(version) => End::Fixed(version.clone()),
                Bound::After(version) => End::LastAffected(version.clone()),
                Bound::Beginning => continue,
            };
            left.push(range(from.clone(), end));
        }
        let next = match end {
            End::Open => return Some(left),
            End::Fixed(version) => Bound::At(version.clone()),
            End::LastAffected(version) => Bound::After(version.clone()),
        };
        if from.compare(&next, scheme)? == Ordering::Less {
            from = next;
        }
    }
    left.push(range(from, End::Open));
    Some(left)
}

fn range(from: Bound, end: End) -> Range {
    match from {
        Bound::Beginning => Range { end, ..Range::default() },
        Bound::At(version) => Range { introduced: Some(version), end, ..Range::default() },
        Bound::After(version) => Range { after: Some(version), end, ..Range::default() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::version::constraint;

    fn vulnerable(safe: &[&str]) -> Vec<String> {
        let safe: Vec<Range> = safe.iter().flat_map(|text| constraint::parse(Scheme::Gem, text).unwrap()).collect();
        let told = |range: &Range| {
            let from = range.introduced.clone().or_else(|| range.after.as_ref().map(|version| format!(">{version}")));
            let to = match &range.end {
                End::Open => "…".to_owned(),
                End::Fixed(version) => format!("<{version}"),
                End::LastAffected(version) => format!("<={version}"),
            };
            format!("{} {to}", from.unwrap_or_default())
        };
        outside(&safe, Scheme::Gem).unwrap().iter().map(told).collect()
    }

    #[test]
    fn what_is_left() {
        assert_eq!(vulnerable(&[]), [" …"]);
        assert_eq!(vulnerable(&[">= 4.3.0"]), [" <4.3.0"]);
        assert_eq!(vulnerable(&[">= 6.0.4.8", "~> 5.2.7, >= 5.2.7.1"]), [" <5.2.7.1", "5.3.A <6.0.4.8"]);
        assert_eq!(vulnerable(&["< 4.0.0", "> 4.3.2"]), ["4.0.0 <=4.3.2"]);
        assert_eq!(vulnerable(&["<= 1.0", ">= 2.0", "< 0.5"]), [">1.0 <2.0"]);
        assert!(vulnerable(&[">= 0"]).iter().all(|range| range == " <0"));
    }
}
