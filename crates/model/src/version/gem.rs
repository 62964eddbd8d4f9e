//! RubyGems' order: `Gem::Version`.

use std::cmp::Ordering;

use super::digits;

/// Orders as `Gem::Version#<=>` does; `None` for what RubyGems calls malformed.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (mut left, mut right) = (Canonical::new(left)?, Canonical::new(right)?);
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Some(Ordering::Equal),
            (one, two) => compare_segments(one.unwrap_or(Segment::ZERO), two.unwrap_or(Segment::ZERO)),
        };
        if order.is_ne() {
            return Some(order);
        }
    }
}

/// Whether RubyGems reads a version: digits, then letters and digits between dots, then anything such after a `-`.
pub(super) fn is_valid(text: &str) -> bool {
    let (release, suffix) = text.split_once('-').map_or((text, None), |(release, suffix)| (release, Some(suffix)));
    let are = |list: &str, wanted: fn(u8) -> bool| list.split('.').all(|part| !part.is_empty() && part.bytes().all(wanted));
    release.split('.').next().is_some_and(digits::only)
        && are(release, |byte| byte.is_ascii_alphanumeric())
        && suffix.is_none_or(|suffix| are(suffix, |byte| byte.is_ascii_alphanumeric() || byte == b'-'))
}

#[derive(Clone, Copy)]
enum Segment<'a> {
    Number(&'a [u8]),
    Word(&'a [u8]),
}

impl Segment<'_> {
    const ZERO: Self = Self::Number(b"0");
}

fn compare_segments(left: Segment<'_>, right: Segment<'_>) -> Ordering {
    match (left, right) {
        (Segment::Number(one), Segment::Number(two)) => digits::compare(one, two),
        (Segment::Word(one), Segment::Word(two)) => one.cmp(two),
        (Segment::Word(_), Segment::Number(_)) => Ordering::Less,
        (Segment::Number(_), Segment::Word(_)) => Ordering::Greater,
    }
}

/// The canonical segments: without the zeros at the end and without those before the first word.
struct Canonical<'a> {
    rest: &'a [u8],
    /// Zeros read but not yet known to count.
    zeros: usize,
    /// What follows those zeros.
    held: Option<Segment<'a>>,
    had_word: bool,
}

impl<'a> Canonical<'a> {
    fn new(text: &'a str) -> Option<Self> {
        let text = text.trim();
        is_valid(text).then_some(Self { rest: text.as_bytes(), zeros: 0, held: None, had_word: false })
    }

    /// The next segment as written; a `-` reads as the word `pre`.
    fn read(&mut self) -> Option<Segment<'a>> {
        loop {
            let (segment, rest) = match self.rest {
                [] => return None,
                [b'0'..=b'9', ..] => {
                    let (run, rest) = digits::split_front(self.rest);
                    (Segment::Number(run), rest)
                }
                [b'a'..=b'z' | b'A'..=b'Z', ..] => {
                    let (word, rest) = digits::split_while(self.rest, u8::is_ascii_alphabetic);
                    (Segment::Word(word), rest)
                }
                [b'-', rest @ ..] => (Segment::Word(b"pre"), rest),
                [_, rest @ ..] => {
                    self.rest = rest;
                    continue;
                }
            };
            self.rest = rest;
            return Some(segment);
        }
    }
}

impl<'a> Iterator for Canonical<'a> {
    type Item = Segment<'a>;

    fn next(&mut self) -> Option<Segment<'a>> {
        while self.held.is_none() {
            match self.read()? {
                Segment::Number(run) if digits::is_zero(run) => self.zeros += 1,
                Segment::Word(word) => {
                    if !self.had_word {
                        self.zeros = 0;
                    }
                    self.had_word = true;
                    self.held = Some(Segment::Word(word));
                }
                number @ Segment::Number(_) => self.held = Some(number),
            }
        }
        if self.zeros > 0 {
            self.zeros -= 1;
            return Some(Segment::ZERO);
        }
        self.held.take()
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
                "0.beta.1",
                "0.0.1",
                "1.0.A",
                "1.0.a",
                "1.0.a.2",
                "1.0.b1",
                "1.0-rc1",
                "1.0.rc1",
                "1.0",
                "1.0.1",
                "1.8.2.a9",
                "1.8.2.a10",
                "1.8.2.b",
                "1.8.2",
                "5.2.7",
                "5.2.7.1",
                "5.2.8.rc1",
                "5.10",
            ],
        );
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[
                ("1.0", "1"),
                ("1.0.0.a", "1.a"),
                ("1.0-1", "1.pre.1"),
                (" 1.0 ", "1"),
                ("1.a.0", "1.a"),
                ("1.a0b", "1.a.0.b"),
                ("00", "0"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(compare, &["", "junk", "a.1", "1..2", "1.2 3.4", "1.2+3", "1.", "1-", "v1", "1_2", "1.2.3-x86_64-linux"]);
    }
}
