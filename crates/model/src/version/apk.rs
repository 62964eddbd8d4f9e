//! apk-tools' order, as of version 2.14 and 3: `digits[.digits]…[letter][_suffix[digits]]…[~hash][-rN]`.

use std::cmp::Ordering;

use super::digits;

/// Orders as `apk version -t` does; `None` where `apk version -c` calls a version invalid.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (mut left, mut right) = (Tokens::new(left), Tokens::new(right));
    let order = loop {
        let (one, two) = (left.next_token()?, right.next_token()?);
        let order = one.compare(two);
        if order.is_ne() || matches!((one, two), (Token::End, Token::End)) {
            break order;
        }
    };
    // A version is valid or not as a whole, wherever the first difference stands.
    (left.finish() && right.finish()).then_some(order)
}

/// One part of a version. A part that comes earlier in this list makes a version newer than one that comes later.
#[derive(Clone, Copy)]
enum Token<'a> {
    FirstNumber(&'a [u8]),
    Number(&'a [u8]),
    Letter(u8),
    Suffix(Suffix),
    SuffixNumber(&'a [u8]),
    CommitHash(&'a [u8]),
    Revision(&'a [u8]),
    End,
}

/// The suffixes, oldest first; all before `Release` are pre-releases.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Suffix {
    Alpha,
    Beta,
    Pre,
    Rc,
    Release,
    Cvs,
    Svn,
    Git,
    Hg,
    Patch,
}

impl Suffix {
    fn parse(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"alpha" => Self::Alpha,
            b"beta" => Self::Beta,
            b"pre" => Self::Pre,
            b"rc" => Self::Rc,
            b"cvs" => Self::Cvs,
            b"svn" => Self::Svn,
            b"git" => Self::Git,
            b"hg" => Self::Hg,
            b"p" => Self::Patch,
            _ => return None,
        })
    }
}

impl Token<'_> {
    fn kind(self) -> u8 {
        match self {
            Self::FirstNumber(_) => 0,
            Self::Number(_) => 1,
            Self::Letter(_) => 2,
            Self::Suffix(_) => 3,
            Self::SuffixNumber(_) => 4,
            Self::CommitHash(_) => 5,
            Self::Revision(_) => 6,
            Self::End => 7,
        }
    }

    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            // A leading zero turns the part into a decimal fraction: 1.06 comes before 1.6.
            (Self::Number(one), Self::Number(two)) if one.starts_with(b"0") || two.starts_with(b"0") => one.cmp(two),
            (Self::FirstNumber(one), Self::FirstNumber(two))
            | (Self::Number(one), Self::Number(two))
            | (Self::SuffixNumber(one), Self::SuffixNumber(two))
            | (Self::Revision(one), Self::Revision(two)) => digits::compare(one, two),
            (Self::Letter(one), Self::Letter(two)) => one.cmp(&two),
            (Self::Suffix(one), Self::Suffix(two)) => one.cmp(&two),
            (Self::CommitHash(one), Self::CommitHash(two)) => one.cmp(two),
            (Self::End, Self::End) => Ordering::Equal,
            (Self::Suffix(suffix), _) if suffix < Suffix::Release => Ordering::Less,
            (_, Self::Suffix(suffix)) if suffix < Suffix::Release => Ordering::Greater,
            _ => other.kind().cmp(&self.kind()),
        }
    }
}

struct Tokens<'a> {
    rest: &'a [u8],
    /// Kind of the last token; `None` before the first.
    last: Option<u8>,
}

impl<'a> Tokens<'a> {
    fn new(text: &'a str) -> Self {
        Self { rest: text.as_bytes(), last: None }
    }

    /// The next token, [`Token::End`] for ever after the last; `None` where the version is invalid.
    fn next_token(&mut self) -> Option<Token<'a>> {
        let (token, rest) = match (self.last, self.rest) {
            (None, bytes) => number(bytes, Token::FirstNumber)?,
            (Some(_), []) => (Token::End, self.rest),
            (Some(0..=1), [letter @ b'a'..=b'z', rest @ ..]) => (Token::Letter(*letter), rest),
            (Some(0..=1), [b'.', rest @ ..]) => number(rest, Token::Number)?,
            (Some(3), [b'0'..=b'9', ..]) => number(self.rest, Token::SuffixNumber)?,
            (Some(0..=4), [b'_', rest @ ..]) => {
                let (name, rest) = digits::split_while(rest, u8::is_ascii_lowercase);
                (Token::Suffix(Suffix::parse(name)?), rest)
            }
            (Some(0..=4), [b'~', rest @ ..]) => {
                let (hash, rest) = digits::split_while(rest, |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
                if hash.is_empty() {
                    return None;
                }
                (Token::CommitHash(hash), rest)
            }
            (Some(0..=5), [b'-', b'r', rest @ ..]) => number(rest, Token::Revision)?,
            _ => return None,
        };
        self.rest = rest;
        self.last = Some(token.kind());
        Some(token)
    }

    /// Whether the rest is valid.
    fn finish(mut self) -> bool {
        loop {
            match self.next_token() {
                Some(Token::End) => return true,
                Some(_) => {}
                None => return false,
            }
        }
    }
}

fn number<'a>(bytes: &'a [u8], token: fn(&'a [u8]) -> Token<'a>) -> Option<(Token<'a>, &'a [u8])> {
    let (run, rest) = digits::split_front(bytes);
    (!run.is_empty()).then(|| (token(run), rest))
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
                "1_alpha_pre2",
                "1_alpha",
                "1_alpha1",
                "1_beta",
                "1_pre",
                "1_rc",
                "1_rc2",
                "1",
                "1-r0",
                "1-r1",
                "1~abc",
                "1_cvs",
                "1_svn",
                "1_git20240101",
                "1_git20240101-r1",
                "1_hg",
                "1_p",
                "1_p1",
                "1_p10",
                "1a",
                "1b",
                "1.0",
                "1.00",
                "1.06",
                "1.6",
                "1.10",
                "2",
            ],
        );
        tables::ascending(compare, &["8.2.0015", "8.2.002", "8.2.1"]);
        tables::ascending(compare, &["1.1.1t-r3", "1.1.1u-r0", "1.1.1w-r1", "3.0.8-r0", "3.0.8-r1", "3.0.8-r10"]);
        tables::ascending(compare, &["1.0_pre20191002222144-r0", "1.0_pre20210530193627-r0", "1.0_pre99999999999999999999999"]);
    }

    #[test]
    fn equal() {
        tables::equal(compare, &[("1.0-r0", "1.0-r0"), ("01", "1"), ("1_p01", "1_p1"), ("1-r01", "1-r1")]);
    }

    #[test]
    fn refused() {
        tables::refused(
            compare,
            &["", "a", "1.", "1.0bc", "1_foo", "1-1", "1-r", "1a.1", "1~", "1~xyz", "1.0A", "1.0 ", "1-r1_p1", "v1"],
        );
    }
}
