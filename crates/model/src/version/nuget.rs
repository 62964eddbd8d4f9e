//! NuGet's order: `NuGetVersion`, SemVer with a fourth number and without regard to case.

use std::cmp::Ordering;

use super::digits;
use super::semver::Parts;

/// Orders as NuGet's `VersionComparer.VersionRelease` does: metadata after `+` does not count.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (parse(left)?, parse(right)?);
    let order = digits::compare_padded(left.numbers.split('.'), right.numbers.split('.')).then_with(|| {
        match (left.prerelease.is_empty(), right.prerelease.is_empty()) {
            (false, false) => compare_labels(left.prerelease, right.prerelease),
            (left, right) => left.cmp(&right),
        }
    });
    Some(order)
}

fn parse(text: &str) -> Option<Parts<'_>> {
    // The numbers are .NET's `int`.
    Parts::parse(text.trim()).filter(|parts| parts.numbers.split('.').count() <= 4 && parts.numbers_within(b"2147483647"))
}

fn compare_labels(left: &str, right: &str) -> Ordering {
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            // A label that is no `int`, a date with its time for one, is a word.
            (Some(one), Some(two)) => match (one.parse::<i32>(), two.parse::<i32>()) {
                (Ok(one), Ok(two)) => one.cmp(&two),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => upper(one).cmp(upper(two)),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn upper(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().map(|byte| byte.to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, tables::SEMVER);
        tables::ascending(
            compare,
            &[
                "1.0.0-alpha.2",
                "1.0.0-alpha.10",
                "1.0.0-beta",
                "1.0.0-BETA.1",
                "1.0.0-beta.2147483647",
                "1.0.0-beta.2147483648",
                "1.0.0",
                "1.0.0.1",
                "1.0.0.10",
                "1.0.1",
            ],
        );
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[
                ("1.0", "1.0.0.0"),
                ("1", "1.0"),
                ("1.0.0-RC", "1.0.0-rc"),
                ("1.0.0+a", "1.0.0+b"),
                ("1.01", "1.1"),
                ("1.0-01", "1.0-1"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "v1.0", "1.0.0.0.0", "1..0", "1.a", "1.0-", "2147483648.0", "1.0-a..b", "1.0-a_b"]);
    }
}
