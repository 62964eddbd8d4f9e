//! pub's order: Dart's `pub_semver`, which unlike SemVer also orders build metadata.

use std::cmp::Ordering;

use super::semver::{Parts, compare_identifiers};

/// Orders as `pub_semver`'s `Version.compareTo` does: a build comes after the same version without one.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (parse(left)?, parse(right)?);
    Some(left.precedence(&right).then_with(|| compare_identifiers(identifiers(left.build), identifiers(right.build))))
}

/// Three numbers; zeros in front are allowed.
fn parse(text: &str) -> Option<Parts<'_>> {
    Parts::parse(text).filter(|parts| parts.numbers.split('.').count() == 3)
}

/// No identifier at all for the empty text.
fn identifiers(list: &str) -> impl Iterator<Item = &str> {
    list.split('.').filter(|identifier| !identifier.is_empty())
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
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0-rc.1+build.1",
                "1.0.0",
                "1.0.0+0.3.7",
                "1.3.7+build",
                "1.3.7+build.2.b8f12d7",
                "1.3.7+build.11.e0f985a",
                "2.0.0",
                "2.1.0",
                "2.2.0",
                "2.11.0",
                "2.11.1",
            ],
        );
    }

    #[test]
    fn equal() {
        tables::equal(compare, &[("01.2.3", "1.2.3"), ("1.2.3+01", "1.2.3+1")]);
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "1.2", "1.2.3.4", "v1.2.3", "1.2.3-", "1.2.3+"]);
    }
}
