//! Hex's order: Elixir's `Version`, strict SemVer.

use std::cmp::Ordering;

use super::semver::Parts;

/// Orders as `Version.compare/2` does; build metadata does not count.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(Parts::parse_strict(left)?.precedence(&Parts::parse_strict(right)?))
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, tables::SEMVER);
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "1", "1.0", "v1.0.0", "1.0.0.0", "1.0.0-01", "01.0.0", "1.0.0-"]);
    }
}
