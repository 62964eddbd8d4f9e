//! dpkg's order: Debian Policy 5.6.12 and `deb-version(7)`.

use std::cmp::Ordering;

use super::digits;

/// Orders as `dpkg --compare-versions` does; `None` where dpkg refuses the version.
///
/// What dpkg only warns about (a first character that is no digit, an odd character) is compared, as dpkg does.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::parse(left)?, Version::parse(right)?);
    let order = digits::compare(left.epoch, right.epoch)
        .then_with(|| compare_part(left.upstream, right.upstream))
        .then_with(|| compare_part(left.revision, right.revision));
    Some(order)
}

struct Version<'a> {
    epoch: &'a [u8],
    upstream: &'a [u8],
    revision: &'a [u8],
}

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\x0b');
        if text.bytes().any(|byte| byte.is_ascii_whitespace() || byte == b'\x0b' || byte == 0) {
            return None;
        }
        let (epoch, rest) = match text.split_once(':') {
            Some((epoch, rest)) => (epoch.strip_prefix('+').unwrap_or(epoch), rest),
            None => ("0", text),
        };
        // dpkg keeps epochs in an `int`.
        if !digits::only(epoch) || digits::compare(epoch.as_bytes(), b"2147483647").is_gt() {
            return None;
        }
        let (upstream, revision) = match rest.rsplit_once('-') {
            Some((_, "")) => return None,
            Some(split) => split,
            None => (rest, ""),
        };
        (!upstream.is_empty()).then_some(Self {
            epoch: epoch.as_bytes(),
            upstream: upstream.as_bytes(),
            revision: revision.as_bytes(),
        })
    }
}

/// Compares by turns a run without digits, character by character, and a run of digits, by value.
fn compare_part(mut left: &[u8], mut right: &[u8]) -> Ordering {
    while !left.is_empty() || !right.is_empty() {
        let ((left_text, left_rest), (right_text, right_rest)) = (split_text(left), split_text(right));
        let order = compare_text(left_text, right_text);
        if order.is_ne() {
            return order;
        }
        let ((left_run, left_rest), (right_run, right_rest)) = (digits::split_front(left_rest), digits::split_front(right_rest));
        let order = digits::compare(left_run, right_run);
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
    Ordering::Equal
}

fn split_text(bytes: &[u8]) -> (&[u8], &[u8]) {
    digits::split_while(bytes, |byte| !byte.is_ascii_digit())
}

fn compare_text(left: &[u8], right: &[u8]) -> Ordering {
    let length = left.len().max(right.len());
    (0..length).map(|at| weight(left.get(at))).cmp((0..length).map(|at| weight(right.get(at))))
}

/// Where a character sorts: `~` before the end of the part, then letters, then everything else.
fn weight(byte: Option<&u8>) -> i32 {
    match byte {
        Some(b'~') => -1,
        None => 0,
        Some(&byte) if byte.is_ascii_alphabetic() => i32::from(byte),
        // dpkg reads plain, hence signed, characters: beyond ASCII they are negative before the 256 is added.
        Some(&byte) => i32::from(byte.cast_signed()) + 256,
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(
            compare,
            &[
                "0~~",
                "0~~a",
                "0~",
                "0",
                "0a",
                "0a1",
                "0+",
                "0.",
                "1.0~beta1~svn1245",
                "1.0~beta1",
                "1.0",
                "1.0-1~deb12u1",
                "1.0-1",
                "1.0-1+b1",
                "1.0-1.1",
                "1.0-10",
                "1.2.3",
                "1.10",
                "1:0.1",
                "2:0",
                "10:0",
            ],
        );
    }

    #[test]
    fn equal() {
        tables::equal(compare, &[("1.0", "0:1.0"), ("1.0", "1.0-0"), ("1.0", "1.00"), ("a", "a0"), (" 1 ", "1"), ("00:1", "1")]);
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", " ", "1 2", ":1", "a:1", "1:", "1-", "1:-1", "99999999999:1", "-1"]);
    }
}
