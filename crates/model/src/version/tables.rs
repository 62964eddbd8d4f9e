//! What the tests of the version orders share.

use std::cmp::Ordering;

/// Ascending by every SemVer-like order; from the standard's section 11 and its edges.
pub(super) const SEMVER: &[&str] = &[
    "0.0.0-0",
    "0.0.0-0.0",
    "0.0.0",
    "0.9.10",
    "1.0.0--",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
];

type Compare = fn(&str, &str) -> Option<Ordering>;

/// Every version of the list is less than every later one, and equal to itself.
pub(super) fn ascending(compare: Compare, versions: &[&str]) {
    for (at, left) in versions.iter().enumerate() {
        for (other, right) in versions.iter().enumerate() {
            assert_eq!(compare(left, right), Some(at.cmp(&other)), "{left} and {right}");
        }
    }
}

/// The two of each pair are equal.
pub(super) fn equal(compare: Compare, pairs: &[(&str, &str)]) {
    for (left, right) in pairs {
        assert_eq!(compare(left, right), Some(Ordering::Equal), "{left} and {right}");
        assert_eq!(compare(right, left), Some(Ordering::Equal), "{right} and {left}");
    }
}

/// None can be compared, not even with itself.
pub(super) fn refused(compare: Compare, versions: &[&str]) {
    for version in versions {
        assert_eq!(compare(version, version), None, "{version}");
    }
}
