//! Semantic Versioning 2.0.0 (semver.org), and the parts of it that npm, Cargo, Hex, Go and pub share.

use std::cmp::Ordering;

use super::digits;

/// Orders by SemVer precedence, leniently: a `v` in front is ignored, missing parts are zero, further numeric parts and
/// zeros in front are read. Build metadata does not count.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(lenient(left)?.precedence(&lenient(right)?))
}

fn lenient(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    Parts::parse(text.strip_prefix(['v', 'V']).unwrap_or(text))
}

/// A version taken apart; every part is of the right characters.
pub(super) struct Parts<'a> {
    /// Digit runs between dots.
    pub(super) numbers: &'a str,
    /// Identifiers between dots; empty where there are none.
    pub(super) prerelease: &'a str,
    /// Identifiers between dots; empty where there are none.
    pub(super) build: &'a str,
}

impl<'a> Parts<'a> {
    /// Any number of numeric parts.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
        let (numbers, prerelease) = rest.split_once('-').map_or((rest, None), |(rest, prerelease)| (rest, Some(prerelease)));
        let is_valid =
            numbers.split('.').all(digits::only) && prerelease.is_none_or(are_identifiers) && build.is_none_or(are_identifiers);
        is_valid.then(|| Self { numbers, prerelease: prerelease.unwrap_or_default(), build: build.unwrap_or_default() })
    }

    /// Three numbers, as the standard asks; no zero in front of a number.
    pub(super) fn parse_strict(text: &'a str) -> Option<Self> {
        Self::parse(text).filter(|parts| parts.numbers.split('.').count() == 3 && !parts.has_padding())
    }

    /// Whether a number has a needless zero in front.
    pub(super) fn has_padding(&self) -> bool {
        self.numbers.split('.').any(digits::is_padded)
            || self.prerelease.split('.').any(|identifier| digits::is_padded(identifier) && digits::only(identifier))
    }

    /// Whether none of the three numbers is greater than `limit`.
    pub(super) fn numbers_within(&self, limit: &[u8]) -> bool {
        self.numbers.split('.').all(|number| digits::compare(number.as_bytes(), limit).is_le())
    }

    /// Precedence as the standard's section 11 has it.
    pub(super) fn precedence(&self, other: &Self) -> Ordering {
        digits::compare_padded(self.numbers.split('.'), other.numbers.split('.')).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_identifiers(self.prerelease.split('.'), other.prerelease.split('.')),
            }
        })
    }
}

/// Compares identifier by identifier: numbers by value and before words, words by their bytes; the shorter list first.
pub(super) fn compare_identifiers<'a>(
    mut left: impl Iterator<Item = &'a str>,
    mut right: impl Iterator<Item = &'a str>,
) -> Ordering {
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(two)) => match (digits::only(one), digits::only(two)) {
                (true, true) => digits::compare(one.as_bytes(), two.as_bytes()),
                (true, false) => Ordering::Less,
                (false, true) => Ordering::Greater,
                (false, false) => one.cmp(two),
            },
        };
        if order.is_ne() {
            return order;
        }
    }
}

pub(super) fn are_identifiers(text: &str) -> bool {
    text.split('.')
        .all(|identifier| !identifier.is_empty() && identifier.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, tables::SEMVER);
        tables::ascending(compare, &["1", "1.0.0.1", "1.0.1", "1.2.3.4", "1.2.3.10", "v2"]);
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[("1", "1.0.0"), ("v1.2", "1.2.0"), ("1.2.3+a", "1.2.3+b"), ("1.02", "1.2"), ("1.0.0-01", "1.0.0-1")],
        );
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "v", "a", "1.a", "1..2", "1.", "1.0.0-", "1.0.0-a..b", "1.0.0+", "1.2.3rc1", "1.0.0-ä"]);
    }
}
