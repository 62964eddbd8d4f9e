//! Cargo's order: strict SemVer with 64-bit numbers.

use std::cmp::Ordering;

use super::semver::Parts;

/// Orders by SemVer precedence; build metadata does not count, as in Cargo's version requirements.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(parse(left)?.precedence(&parse(right)?))
}

fn parse(text: &str) -> Option<Parts<'_>> {
    // `u64::MAX`: Cargo refuses larger numbers.
    Parts::parse_strict(text).filter(|parts| parts.numbers_within(b"18446744073709551615"))
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, tables::SEMVER);
        tables::ascending(compare, &["0.0.0-0", "0.0.0", "0.1.0-alpha.9", "0.1.0-alpha.10", "18446744073709551615.0.0"]);
    }

    #[test]
    fn equal() {
        tables::equal(compare, &[("1.2.3+a", "1.2.3+b")]);
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "v1.2.3", "1.2", "1.2.3.4", "01.2.3", "1.2.3-01", "18446744073709551616.0.0"]);
    }
}
