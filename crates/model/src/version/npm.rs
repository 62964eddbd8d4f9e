//! node-semver's order.

use std::cmp::Ordering;

use super::semver::Parts;

/// node-semver refuses longer versions.
const MAX_LENGTH: usize = 256;
/// `Number.MAX_SAFE_INTEGER`: node-semver refuses larger numbers.
const MAX_NUMBER: &[u8] = b"9007199254740991";

/// Orders as `semver.compare` does after `semver.clean`: strict, save any `v` and `=` in front.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(parse(left)?.precedence(&parse(right)?))
}

fn parse(text: &str) -> Option<Parts<'_>> {
    let text = text.trim().trim_start_matches(['v', '=']).trim();
    let parts = Parts::parse_strict(text)?;
    (text.len() <= MAX_LENGTH && parts.numbers_within(MAX_NUMBER)).then_some(parts)
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
    fn equal() {
        tables::equal(
            compare,
            &[
                ("v1.2.3", "=1.2.3"),
                (" =v1.2.3 ", "1.2.3"),
                ("1.2.3+a", "1.2.3"),
                ("9007199254740991.0.0", "9007199254740991.0.0"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(
            compare,
            &["", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-01", "1.2.3-", "1.2.3beta", "9007199254740992.0.0", "1.2.x"],
        );
        tables::refused(compare, &[&format!("1.2.3-{}", "a".repeat(251))]);
    }
}
