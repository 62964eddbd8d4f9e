//! Runs of decimal digits compared by value, however long they are: no version order may overflow.

use std::cmp::Ordering;

/// Compares two runs of ASCII digits by value; an empty run is zero.
pub(super) fn compare(left: &[u8], right: &[u8]) -> Ordering {
    let (left, right) = (significant(left), significant(right));
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// Whether a text is one or more ASCII digits.
pub(super) fn only(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a run of digits is zero.
pub(super) fn is_zero(run: &[u8]) -> bool {
    significant(run).is_empty()
}

/// Whether a run of digits has a zero in front that it does not need.
pub(super) fn is_padded(run: &str) -> bool {
    run.len() > 1 && run.starts_with('0')
}

/// Splits the digits off the front.
pub(super) fn split_front(bytes: &[u8]) -> (&[u8], &[u8]) {
    split_while(bytes, u8::is_ascii_digit)
}

/// Splits off the front while `wanted` holds.
pub(super) fn split_while(bytes: &[u8], wanted: impl Fn(&u8) -> bool) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().position(|byte| !wanted(byte)).unwrap_or(bytes.len()))
}

fn significant(run: &[u8]) -> &[u8] {
    split_while(run, |&byte| byte == b'0').1
}

/// Compares two lists of digit runs, a missing one being zero.
pub(super) fn compare_padded<'a>(mut left: impl Iterator<Item = &'a str>, mut right: impl Iterator<Item = &'a str>) -> Ordering {
    loop {
        let (one, two) = (left.next(), right.next());
        if one.is_none() && two.is_none() {
            return Ordering::Equal;
        }
        let order = compare(one.unwrap_or_default().as_bytes(), two.unwrap_or_default().as_bytes());
        if order.is_ne() {
            return order;
        }
    }
}

/// Compares two lists of digit runs, the shorter of two equal ones coming first.
pub(super) fn compare_lists<'a>(mut left: impl Iterator<Item = &'a str>, mut right: impl Iterator<Item = &'a str>) -> Ordering {
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(one), Some(two)) => compare(one.as_bytes(), two.as_bytes()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_compare_by_value_beyond_any_integer() {
        assert_eq!(compare(b"007", b"7"), Ordering::Equal);
        assert_eq!(compare(b"", b"000"), Ordering::Equal);
        assert_eq!(compare(b"99999999999999999999999", b"100000000000000000000000"), Ordering::Less);
        assert_eq!(compare_padded("1.2".split('.'), "1.2.0.0".split('.')), Ordering::Equal);
        assert_eq!(compare_lists("1.2".split('.'), "1.2.0".split('.')), Ordering::Less);
    }
}
