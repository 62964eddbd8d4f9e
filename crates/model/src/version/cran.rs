//! R's order: `package_version` and `compareVersion`.

use std::cmp::Ordering;

use super::digits;

/// Orders number by number, between which `.` and `-` are alike; `1.0` comes before `1.0.0`.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(digits::compare_lists(numbers(left)?, numbers(right)?))
}

fn numbers(text: &str) -> Option<impl Iterator<Item = &str>> {
    let numbers = text.split(['.', '-']);
    numbers.clone().all(digits::only).then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, &["0.9", "1", "1.0", "1.0-1", "1.0.2", "1.0-10", "1.1", "1.10"]);
    }

    #[test]
    fn equal() {
        tables::equal(compare, &[("1.2-3", "1.2.3"), ("1.02", "1.2")]);
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "1.", ".1", "1.a", "1..2", "1.0rc1", "1 "]);
    }
}
