//! RPM's order of `[epoch:]version[-release]`: `rpm-version(7)`.

use std::cmp::Ordering;

use super::digits;

/// Orders as rpm compares dependency ranges: a missing epoch is 0, releases count only where both sides have one.
///
/// Leaving out the release makes this order non-transitive across versions with and without one, as in rpm itself.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    Some(Evr::parse(left).compare(&Evr::parse(right), compare_part))
}

/// Epoch, version and release; pacman splits the same way.
pub(super) struct Evr<'a> {
    epoch: &'a [u8],
    version: &'a [u8],
    release: Option<&'a [u8]>,
}

impl<'a> Evr<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let (epoch, rest) = match digits::split_front(text.as_bytes()) {
            (epoch, [b':', rest @ ..]) => (epoch, rest),
            _ => (&[][..], text.as_bytes()),
        };
        let dash = rest.iter().rposition(|&byte| byte == b'-');
        let (version, release) = match dash.map(|at| rest.split_at(at)) {
            Some((version, release)) => (version, release.get(1..)),
            None => (rest, None),
        };
        Self { epoch, version, release }
    }

    pub(super) fn compare(&self, other: &Self, part: fn(&[u8], &[u8]) -> Ordering) -> Ordering {
        digits::compare(self.epoch, other.epoch).then_with(|| part(self.version, other.version)).then_with(|| {
            match (self.release, other.release) {
                (Some(left), Some(right)) => part(left, right),
                _ => Ordering::Equal,
            }
        })
    }
}

/// `rpmvercmp`: alternating runs of letters and digits; `~` sorts before the end, `^` after it but before anything else.
fn compare_part(mut left: &[u8], mut right: &[u8]) -> Ordering {
    let is_separator = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'~' | b'^');
    loop {
        left = digits::split_while(left, is_separator).1;
        right = digits::split_while(right, is_separator).1;
        match (left, right) {
            ([b'~', left_rest @ ..], [b'~', right_rest @ ..]) | ([b'^', left_rest @ ..], [b'^', right_rest @ ..]) => {
                (left, right) = (left_rest, right_rest);
                continue;
            }
            ([b'~', ..], _) => return Ordering::Less,
            (_, [b'~', ..]) => return Ordering::Greater,
            ([], []) => return Ordering::Equal,
            // Also says that `^` comes after the end, and before everything else.
            ([], _) => return Ordering::Less,
            (_, []) => return Ordering::Greater,
            ([b'^', ..], _) => return Ordering::Less,
            (_, [b'^', ..]) => return Ordering::Greater,
            _ => {}
        }
        let (order, left_rest, right_rest) = compare_segment(left, right);
        if order.is_ne() {
            return order;
        }
        (left, right) = (left_rest, right_rest);
    }
}

/// Compares the first segments of two texts, runs of digits or of letters, and returns what follows them. A number is
/// newer than letters.
pub(super) fn compare_segment<'l, 'r>(left: &'l [u8], right: &'r [u8]) -> (Ordering, &'l [u8], &'r [u8]) {
    let is_number = |bytes: &[u8]| bytes.first().is_some_and(u8::is_ascii_digit);
    match (is_number(left), is_number(right)) {
        (true, true) => {
            let ((one, left), (two, right)) = (digits::split_front(left), digits::split_front(right));
            (digits::compare(one, two), left, right)
        }
        (false, false) => {
            let (one, left) = digits::split_while(left, u8::is_ascii_alphabetic);
            let (two, right) = digits::split_while(right, u8::is_ascii_alphabetic);
            (one.cmp(two), left, right)
        }
        (one, two) => (one.cmp(&two), left, right),
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
            &["1.0~rc1", "1.0~rc1^git1", "1.0", "1.0^20240101", "1.0^20240102", "1.0a", "1.0.1", "1.10", "2", "1:0.5", "2:0"],
        );
        tables::ascending(compare, &["1.0-1.el8", "1.0-1.el9", "1.0-1.el9_2", "1.0-1.el9_10", "1.0-2", "1.0-10", "1.1-1"]);
        tables::ascending(compare, &["5.a", "5.5", "5.0005.1", "6.a", "6.5", "10xyz", "10.1xyz"]);
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[
                ("1.0", "0:1.0"),
                ("1.0", "1.0-5"),
                ("1.05", "1.5"),
                ("1_0", "1.0"),
                ("1.0", "1.0."),
                ("1.0-1", "0:1.0-01"),
                ("a+", "a_"),
                ("1.0a", "1.0.a"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(compare, &[""]);
    }
}
