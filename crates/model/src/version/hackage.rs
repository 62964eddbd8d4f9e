//! Haskell's order: the Package Versioning Policy, as Cabal reads it.

use std::cmp::Ordering;

use super::digits;

/// Cabal refuses longer numbers.
const MAX_DIGITS: usize = 9;

/// Orders number by number; `1.0` comes before `1.0.0`.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(digits::compare_lists(numbers(left)?, numbers(right)?))
}

fn numbers(text: &str) -> Option<impl Iterator<Item = &str>> {
    let numbers = text.split('.');
    let is_number = |number: &str| digits::only(number) && !digits::is_padded(number) && number.len() <= MAX_DIGITS;
    numbers.clone().all(is_number).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, &["0", "0.1", "0.1.0", "0.1.0.0", "0.1.0.1", "0.2", "0.10", "1", "1.999999999"]);
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "1.", "1-2", "01", "1.02", "1.1234567890", "1.a"]);
    }
}
