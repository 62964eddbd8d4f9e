//! pacman's order, `vercmp(8)`: epoch, version and package release, compared by an older kin of `rpmvercmp`.

use std::cmp::Ordering;

use super::digits;
use super::rpm::{Evr, compare_segment};

/// Orders as `vercmp` does; releases count only where both sides have one.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    Some(Evr::parse(left).compare(&Evr::parse(right), compare_part))
}

fn compare_part(mut left: &[u8], mut right: &[u8]) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    let is_separator = |byte: &u8| !byte.is_ascii_alphanumeric();
    while !left.is_empty() && !right.is_empty() {
        let (left_gap, left_rest) = digits::split_while(left, is_separator);
        let (right_gap, right_rest) = digits::split_while(right, is_separator);
        (left, right) = (left_rest, right_rest);
        if left.is_empty() || right.is_empty() {
            break;
        }
        // More separators between segments are newer, as `1..1` over `1.1`.
        let (order, left_rest, right_rest) = compare_segment(left, right);
        let order = left_gap.len().cmp(&right_gap.len()).then(order);
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    // What is left over makes a version newer, except letters that follow directly: `1.0rc` comes before `1.0`.
    let is_letter = |bytes: &[u8]| bytes.first().is_some_and(u8::is_ascii_alphabetic);
    match (left.is_empty(), right.is_empty()) {
        (true, true) => Ordering::Equal,
        (true, false) if !is_letter(right) => Ordering::Less,
        _ if is_letter(left) => Ordering::Less,
        _ => Ordering::Greater,
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, &["1.0a", "1.0b", "1.0beta", "1.0p", "1.0pre", "1.0rc", "1.0", "1.0.a", "1.0.1"]);
        tables::ascending(compare, &["1", "1.0", "1.1", "1.1.1", "1.2", "2.0", "3.0.0", "1:0.1-1", "1:0.1-2"]);
        tables::ascending(compare, &["1.5-1", "1.5-2", "1.5.1-1", "1:1.0-1"]);
    }

    #[test]
    fn equal() {
        tables::equal(compare, &[("1.5", "1.5-1"), ("0:1.0", "1.0"), ("1.01", "1.1")]);
    }

    #[test]
    fn refused() {
        tables::refused(compare, &[""]);
    }
}
