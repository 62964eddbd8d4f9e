//! Composer's order: `composer/semver` normalises a version, PHP's `version_compare` orders what comes out.

use std::cmp::Ordering;

use super::digits;

/// Orders as `Composer\Semver\Comparator` does; `None` for branches (`dev-main`), which have no order, and for what
/// Composer cannot read.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    let (left, right) = (Version::parse(left)?, Version::parse(right)?);
    let (mut left, mut right) = (left.tokens(), right.tokens());
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Some(Ordering::Equal),
            (None, Some(token)) => token.against_nothing().reverse(),
            (Some(token), None) => token.against_nothing(),
            (Some(one), Some(two)) => one.compare(two),
        };
        if order.is_ne() {
            return Some(order);
        }
    }
}

/// What `version_compare` compares: numbers, and words in this order: others, dev, alpha, beta, RC, a number, p.
#[derive(Clone, Copy)]
enum Token<'a> {
    Number(&'a str),
    Word(u8),
}

const OTHER: u8 = 0;
const DEV: u8 = 1;
const ALPHA: u8 = 2;
const BETA: u8 = 3;
const CANDIDATE: u8 = 4;
const NUMBER: u8 = 5;
const PATCH: u8 = 6;

/// What stands for `x` in a branch such as `1.x-dev`, so that it comes after every release of it.
const BRANCH_PART: &str = "9999999";

impl Token<'_> {
    fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Number(one), Self::Number(two)) => digits::compare(one.as_bytes(), two.as_bytes()),
            _ => self.rank().cmp(&other.rank()),
        }
    }

    fn against_nothing(self) -> Ordering {
        match self {
            Self::Number(_) => Ordering::Greater,
            Self::Word(rank) => rank.cmp(&NUMBER),
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Number(_) => NUMBER,
            Self::Word(rank) => rank,
        }
    }
}

/// A normalised version.
#[derive(Default)]
struct Version<'a> {
    /// Digit runs, and `x` or `*`, between any of `.`, `:` and `-`.
    core: &'a str,
    /// How many numbers there must be; missing ones are [`Self::filler`].
    width: usize,
    filler: &'static str,
    stability: Option<u8>,
    /// Digit runs between `.` and `-`, one such perhaps in front.
    stability_number: &'a str,
    is_dev: bool,
}

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = strip_stability_flag(text.trim());
        let is_branch = text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("dev-"));
        if is_branch || matches!(text, "master" | "trunk" | "default") {
            return None;
        }
        let text = match text.split_once('+') {
            Some((version, build)) if version.is_empty() || build.is_empty() || has_blank(text) => return None,
            Some((version, _)) => version,
            None => text,
        };
        let bare = text.strip_prefix(['v', 'V']).unwrap_or(text);
        Self::parse_classical(bare).or_else(|| Self::parse_date(bare)).or_else(|| Self::parse_branch(bare))
    }

    /// One to four numbers and a modifier.
    fn parse_classical(text: &'a str) -> Option<Self> {
        let mut end = digit_run(text, 0);
        if !(1..=5).contains(&end) {
            return None;
        }
        for _ in 0..3 {
            let run = digit_run(text, end + 1);
            if text.as_bytes().get(end) != Some(&b'.') || run == 0 {
                break;
            }
            end += 1 + run;
        }
        Self { core: text.get(..end)?, width: 4, filler: "0", ..Self::default() }.with_modifier(text.get(end..)?)
    }

    /// A date, with or without a time, and a modifier.
    fn parse_date(text: &'a str) -> Option<Self> {
        let is_core = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b':' | b'-');
        let core = text.get(..text.bytes().position(|byte| !is_core(byte)).unwrap_or(text.len()))?;
        let core = core.trim_end_matches(['.', ':', '-']);
        // Four digits, then at most six pairs and a last run of three, a separator before each.
        let is_date = core.len() <= 26 && digit_run(core, 0) >= 4 && is_date_tail(core.as_bytes().get(4..)?, 0);
        let version = Self { core, width: 0, filler: "0", ..Self::default() };
        if is_date { version.with_modifier(text.get(core.len()..)?) } else { None }
    }

    /// `1.x-dev`: the tip of a numbered branch.
    fn parse_branch(text: &'a str) -> Option<Self> {
        let core = text.len().checked_sub(3).and_then(|at| text.split_at_checked(at));
        let core = core.filter(|(_, end)| end.eq_ignore_ascii_case("dev"))?.0;
        let core = core.strip_suffix(['.', '-']).unwrap_or(core);
        let mut parts = core.split('.');
        let is_valid = parts.next().is_some_and(digits::only)
            && parts.all(|part| digits::only(part) || matches!(part, "x" | "X" | "*"))
            && core.split('.').count() <= 4;
        is_valid.then(|| Self { core, width: 4, filler: BRANCH_PART, is_dev: true, ..Self::default() })
    }

    /// `[._-]? (stability digits?)? ([.-]? dev)?` to the end.
    fn with_modifier(mut self, modifier: &'a str) -> Option<Self> {
        const STABILITIES: [(&str, u8); 9] = [
            ("stable", OTHER),
            ("beta", BETA),
            ("b", BETA),
            ("rc", CANDIDATE),
            ("alpha", ALPHA),
            ("a", ALPHA),
            ("patch", PATCH),
            ("pl", PATCH),
            ("p", PATCH),
        ];
        let mut rest = modifier.strip_prefix(['.', '_', '-']).unwrap_or(modifier);
        let found = STABILITIES.iter().find_map(|&(name, rank)| {
            let (word, tail) = rest.split_at_checked(name.len())?;
            word.eq_ignore_ascii_case(name).then_some((word, rank, tail))
        });
        if let Some((word, rank, tail)) = found {
            let end = number_end(tail);
            self.stability_number = tail.get(..end)?;
            rest = tail.get(end..)?;
            self.stability = Some(rank);
            if word == "stable" {
                // Says nothing, and what follows it is dropped.
                (self.stability, self.stability_number) = (None, "");
                let dev = rest.strip_prefix(['.', '-']).unwrap_or(rest);
                return (rest.is_empty() || dev.eq_ignore_ascii_case("dev")).then_some(self);
            }
        }
        let dev = rest.strip_prefix(['.', '-']).unwrap_or(rest);
        self.is_dev = dev.eq_ignore_ascii_case("dev");
        (rest.is_empty() || self.is_dev).then_some(self)
    }

    fn tokens(&self) -> impl Iterator<Item = Token<'a>> {
        let number = |part: &'a str| Token::Number(if digits::only(part) { part } else { BRANCH_PART });
        let missing = self.width.saturating_sub(self.core.split(['.', ':', '-']).count());
        let stability = self.stability.map(Token::Word);
        let is_dev = self.is_dev.then_some(Token::Word(DEV));
        self.core
            .split(['.', ':', '-'])
            .map(number)
            .chain(std::iter::repeat_n(Token::Number(self.filler), missing))
            .chain(stability)
            .chain(self.stability_number.split(['.', '-']).filter(|part| !part.is_empty()).map(Token::Number))
            .chain(is_dev)
    }
}

/// `1.0@beta` names the stability that is asked for, not the version's.
fn strip_stability_flag(text: &str) -> &str {
    match text.rsplit_once('@') {
        Some((version, flag))
            if ["stable", "rc", "beta", "alpha", "dev"].iter().any(|known| flag.eq_ignore_ascii_case(known)) =>
        {
            version
        }
        _ => text,
    }
}

fn has_blank(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_whitespace() || c == ',')
}

/// How many digits stand at a place.
fn digit_run(text: &str, at: usize) -> usize {
    text.as_bytes().get(at..).map_or(0, |bytes| digits::split_front(bytes).0.len())
}

/// Where `([.-]? digits)*` ends.
fn number_end(text: &str) -> usize {
    let mut end = 0;
    loop {
        let skip = usize::from(matches!(text.as_bytes().get(end), Some(b'.' | b'-')));
        let run = digit_run(text, end + skip);
        if run == 0 {
            return end;
        }
        end += skip + run;
    }
}

/// Whether what follows the year is one to six pairs of digits and perhaps a run of one to three.
fn is_date_tail(bytes: &[u8], pairs: usize) -> bool {
    let bare = match bytes {
        [b'.' | b':' | b'-', rest @ ..] => rest,
        _ => bytes,
    };
    let run = digits::split_front(bare).0.len();
    let ends_here = pairs > 0 && (bytes.is_empty() || ((1..=3).contains(&run) && run == bare.len()));
    ends_here || (pairs < 6 && run >= 2 && bare.get(2..).is_some_and(|rest| is_date_tail(rest, pairs + 1)))
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
                "1.0.0-dev",
                "1.0.0-alpha",
                "1.0.0-alpha1",
                "1.0.0-alpha2-dev",
                "1.0.0-alpha2",
                "1.0.0-alpha.10",
                "1.0.0-beta1",
                "1.0.0-RC1",
                "1.0.0-RC2",
                "1.0.0",
                "1.0.0-p1",
                "1.0.0-patch2",
                "1.0.0-pl10",
                "1.0.1",
                "1.2.3.4",
                "1.x-dev",
                "2.0",
                "20230101",
                "20230101.1",
                "20240101",
            ],
        );
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[
                ("1", "1.0.0.0"),
                ("v1.2", "1.2.0"),
                ("1.0-a1", "1.0.0alpha.1"),
                ("1.0b2", "1.0-beta2"),
                ("1.0-pl1", "1.0p1"),
                ("1.0rc1", "1.0-RC1"),
                ("1.0-stable", "1.0"),
                ("1.0+meta", "1.0"),
                ("1.0@dev", "1.0"),
                ("2023-01-01", "2023:01:01"),
                ("1.x-dev", "1.9999999.9999999.9999999-dev"),
                ("1.0.", "1.0"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(
            compare,
            &[
                "",
                "dev-main",
                "DEV-x",
                "master",
                "foo",
                "1.2.3.4.5",
                "1.0-pre1",
                "1.0 beta",
                "a1.0",
                "1.0-beta1x",
                "main-dev",
                "1..0",
                "+1",
                "1.x",
            ],
        );
    }
}
