//! Requirement expressions as advisories write them (`>= 1.0, < 1.2.5`, `~> 5.2.7`, `^1.2 || 2.x`), read into intervals.
//!
//! An expression is a union of alternatives (`||`, in Hex `or`), an alternative a conjunction of comparators (blank,
//! comma, `and`). Shorthands mean what the ecosystem's own tool makes of them. Two things follow the use in advisories
//! rather than the tools: pre-releases count like any other version in the order (`< 2.0.0` holds `2.0.0-rc.1`, save
//! where npm reads a shorthand), and bounds keep the text they were written with, since they are shown as the fix.

use std::cmp::Ordering;

use self::shorthand::Numbers;
use super::Scheme;
use crate::advisory::{End, Range};

mod pep440;
mod shorthand;

/// Longest expression that is read, in bytes.
const MAX_LENGTH: usize = 16 * 1024;
/// Most intervals that an expression may come to.
const MAX_RANGES: usize = 256;

/// Why an expression says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConstraintError {
    /// A comparator that the scheme does not know, or a version that it cannot read.
    #[error("`{part}` is not a {scheme} requirement")]
    Syntax {
        /// Whose notation was expected.
        scheme: Scheme,
        /// The part that was not understood, cut to a readable length.
        part: String,
    },
    /// The expression, or what it comes to, is beyond the bounds.
    #[error("the requirement is longer than {MAX_LENGTH} bytes or comes to more than {MAX_RANGES} intervals")]
    TooLarge,
}

/// Reads a requirement into the intervals whose union it is; empty where nothing can meet it.
pub fn parse(scheme: Scheme, text: &str) -> Result<Vec<Range>, ConstraintError> {
    if text.len() > MAX_LENGTH {
        return Err(ConstraintError::TooLarge);
    }
    let mut ranges = Vec::new();
    let separator = if scheme == Scheme::Composer { "|" } else { "||" };
    for group in text.split(separator) {
        // Composer's `|` and `||` are one.
        if group.trim().is_empty() && scheme == Scheme::Composer && text.contains("||") {
            continue;
        }
        let bracketed = matches!(scheme, Scheme::Maven | Scheme::Nuget) && group.trim_start().starts_with(['[', '(']);
        let alternatives =
            if bracketed { parse_brackets(scheme, group)? } else { Reader { scheme, rest: group }.alternatives()? };
        ranges.extend(alternatives);
        if ranges.len() > MAX_RANGES {
            return Err(ConstraintError::TooLarge);
        }
    }
    Ok(ranges)
}

/// The interval without bounds.
fn everything() -> Range {
    Range::default()
}

fn from(introduced: impl Into<String>) -> Range {
    Range { introduced: Some(introduced.into()), ..Range::default() }
}

fn after(bound: impl Into<String>) -> Range {
    Range { after: Some(bound.into()), ..Range::default() }
}

fn before(fixed: impl Into<String>) -> Range {
    Range { end: End::Fixed(fixed.into()), ..Range::default() }
}

fn until(last: impl Into<String>) -> Range {
    Range { end: End::LastAffected(last.into()), ..Range::default() }
}

fn between(introduced: impl Into<String>, fixed: impl Into<String>) -> Range {
    Range { end: End::Fixed(fixed.into()), ..from(introduced) }
}

/// The versions that an interval names.
fn bounds(range: &Range) -> impl Iterator<Item = &str> {
    let end = match &range.end {
        End::Open => None,
        End::Fixed(bound) | End::LastAffected(bound) => Some(bound),
    };
    [range.introduced.as_ref(), range.after.as_ref(), end].into_iter().flatten().map(String::as_str)
}

fn syntax(scheme: Scheme, part: &str) -> ConstraintError {
    ConstraintError::Syntax { scheme, part: part.trim().chars().take(80).collect() }
}

/// Cuts an alternative into comparators.
struct Reader<'a> {
    scheme: Scheme,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn alternatives(mut self) -> Result<Vec<Range>, ConstraintError> {
        let (mut union, mut current, whole) = (Vec::new(), None, self.rest);
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c == ',' || c.is_whitespace());
            if self.rest.is_empty() {
                break;
            }
            let operator = self.take_while(|c| matches!(c, '<' | '>' | '=' | '!' | '~' | '^'));
            self.rest = self.rest.trim_start();
            let version = self.version();
            match (self.scheme, operator, version) {
                (Scheme::Hex, "", "and") => continue,
                (Scheme::Hex, "", "or") => {
                    union.append(&mut current.take().ok_or_else(|| syntax(self.scheme, whole))?);
                    continue;
                }
                (_, _, "") => return Err(syntax(self.scheme, operator)),
                _ => {}
            }
            let met = if operator.is_empty()
                && let Some(last) = self.hyphen()
            {
                shorthand::hyphen_range(self.scheme, version, last)?
            } else {
                comparator(self.scheme, operator, version)?
            };
            if !met.iter().flat_map(bounds).all(|bound| self.scheme.compare(bound, bound).is_some()) {
                return Err(syntax(self.scheme, version));
            }
            let conjunction = intersect(self.scheme, current.as_deref().unwrap_or(&[everything()]), &met);
            if conjunction.len() > MAX_RANGES {
                return Err(ConstraintError::TooLarge);
            }
            current = Some(conjunction);
        }
        union.append(&mut current.ok_or_else(|| syntax(self.scheme, whole))?);
        Ok(union)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let (taken, rest) = self.rest.split_at(self.rest.find(|c| !wanted(c)).unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Up to a blank, a comma or the next operator; a `!` alone is PEP 440's epoch, `~` and `^` belong to some versions.
    fn version(&mut self) -> &'a str {
        let is_end = |(at, c): (usize, char)| match c {
            ',' | '<' | '>' | '=' => true,
            '!' => self.rest.get(at + 1..).is_some_and(|rest| rest.starts_with('=')),
            _ => c.is_whitespace(),
        };
        let end = self.rest.char_indices().find(|&place| is_end(place)).map_or(self.rest.len(), |(at, _)| at);
        let (version, rest) = self.rest.split_at(end);
        self.rest = rest;
        version
    }

    /// The end of `1.0 - 2.0`, after its start.
    fn hyphen(&mut self) -> Option<&'a str> {
        let rest = self.rest.strip_prefix(char::is_whitespace)?.trim_start().strip_prefix('-')?;
        self.rest = rest.strip_prefix(char::is_whitespace)?.trim_start();
        Some(self.version())
    }
}

/// Maven's and NuGet's `[1.0,2.0)`, `(,1.0]`, `[1.0]`, several after each other being alternatives.
fn parse_brackets(scheme: Scheme, text: &str) -> Result<Vec<Range>, ConstraintError> {
    let mut ranges = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find([']', ')']).ok_or_else(|| syntax(scheme, rest))?;
        let (interval, tail) = rest.split_at(end + 1);
        let includes = (interval.starts_with('['), interval.ends_with(']'));
        let inner = interval.strip_prefix(['[', '(']).and_then(|inner| inner.strip_suffix([']', ')']));
        let inner = inner.ok_or_else(|| syntax(scheme, interval))?;
        let (low, high) = match inner.split_once(',') {
            Some((low, high)) => (low.trim(), high.trim()),
            None if includes == (true, true) => (inner.trim(), inner.trim()),
            None => return Err(syntax(scheme, interval)),
        };
        let mut range = everything();
        if !low.is_empty() {
            let low = readable(scheme, low)?;
            range = if includes.0 { from(low) } else { after(low) };
        }
        if !high.is_empty() {
            let high = readable(scheme, high)?;
            range.end = if includes.1 { End::LastAffected(high) } else { End::Fixed(high) };
        }
        ranges.push(range);
        if ranges.len() > MAX_RANGES {
            return Err(ConstraintError::TooLarge);
        }
        rest = tail.trim_start().trim_start_matches(',').trim_start();
    }
    Ok(ranges)
}

/// The version as text, if the scheme can read it.
fn readable(scheme: Scheme, version: &str) -> Result<String, ConstraintError> {
    match scheme.compare(version, version) {
        Some(_) => Ok(version.to_owned()),
        None => Err(syntax(scheme, version)),
    }
}

/// What one comparator allows.
fn comparator(scheme: Scheme, operator: &str, version: &str) -> Result<Vec<Range>, ConstraintError> {
    let unknown = || syntax(scheme, &format!("{operator}{version}"));
    if operator.is_empty() && version == "*" {
        return Ok(vec![everything()]);
    }
    match scheme {
        Scheme::Npm | Scheme::Cargo | Scheme::Semver | Scheme::Pub => shorthand::partial(scheme, operator, version),
        Scheme::Pypi => pep440::specifier(operator, version),
        Scheme::Gem if operator == "~>" => {
            let range = shorthand::pessimistic_gem(version).ok_or_else(unknown)?;
            Ok(vec![range])
        }
        Scheme::Hex => {
            let parts = Numbers::parse(version).filter(|parts| !parts.is_wild).ok_or_else(unknown)?;
            if operator == "~>" {
                return match parts.count {
                    2 | 3 => Ok(vec![between(parts.full(), parts.bumped(parts.count - 2).ok_or_else(unknown)?.lowest())]),
                    _ => Err(unknown()),
                };
            }
            plain(scheme, operator, &parts.full())
        }
        Scheme::Composer => shorthand::composer(operator, version),
        _ => plain(scheme, operator, version),
    }
}

/// The operators that every scheme has.
fn plain(scheme: Scheme, operator: &str, version: &str) -> Result<Vec<Range>, ConstraintError> {
    let bound = readable(scheme, version)?;
    Ok(match operator {
        "" | "=" | "==" | "===" => vec![Range { end: End::LastAffected(bound.clone()), ..from(bound) }],
        "!=" | "<>" => vec![before(bound.clone()), after(bound)],
        ">=" | "=>" => vec![from(bound)],
        ">" | ">>" => vec![after(bound)],
        "<=" | "=<" => vec![until(bound)],
        "<" | "<<" => vec![before(bound)],
        _ => return Err(syntax(scheme, &format!("{operator}{version}"))),
    })
}

/// What two unions have in common.
fn intersect(scheme: Scheme, left: &[Range], right: &[Range]) -> Vec<Range> {
    let pairs = left.iter().flat_map(|one| right.iter().map(move |two| (one, two)));
    pairs.filter_map(|(one, two)| overlap(scheme, one, two)).take(MAX_RANGES + 1).collect()
}

fn overlap(scheme: Scheme, one: &Range, two: &Range) -> Option<Range> {
    // Every bound was read by the scheme before, so all compare.
    let compare = |left: &str, right: &str| scheme.compare(left, right).unwrap_or(Ordering::Equal);
    let low = |range: &Range| match (&range.introduced, &range.after) {
        (_, Some(bound)) => Some((bound.clone(), 1)),
        (Some(bound), None) => Some((bound.clone(), 0)),
        (None, None) => None,
    };
    let high = |range: &Range| match &range.end {
        End::Open => None,
        End::Fixed(bound) => Some((bound.clone(), 0)),
        End::LastAffected(bound) => Some((bound.clone(), 1)),
    };
    // Both orders put the exclusive lower bound, and the inclusive upper one, last.
    let by_place = |left: &(String, u8), right: &(String, u8)| compare(&left.0, &right.0).then(left.1.cmp(&right.1));
    let low = low(one).into_iter().chain(low(two)).max_by(by_place);
    let high = high(one).into_iter().chain(high(two)).min_by(by_place);
    if let (Some((low, is_exclusive)), Some((high, is_inclusive))) = (&low, &high) {
        let order = compare(low, high);
        if order.is_gt() || (order.is_eq() && !(*is_exclusive == 0 && *is_inclusive == 1)) {
            return None;
        }
    }
    let range = match low {
        None => everything(),
        Some((bound, 0)) => from(bound),
        Some((bound, _)) => after(bound),
    };
    let end = match high {
        None => End::Open,
        Some((bound, 0)) => End::Fixed(bound),
        Some((bound, _)) => End::LastAffected(bound),
    };
    Some(Range { end, ..range })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::contains;
    use super::*;

    fn holds(scheme: Scheme, text: &str, version: &str) -> bool {
        let ranges = parse(scheme, text).unwrap_or_else(|error| panic!("{text}: {error}"));
        ranges.iter().any(|range| contains(scheme, range, version).unwrap_or_else(|| panic!("{text}: {version}")))
    }

    fn check(scheme: Scheme, text: &str, inside: &[&str], outside: &[&str]) {
        for version in inside {
            assert!(holds(scheme, text, version), "{scheme}: {version} should meet {text}");
        }
        for version in outside {
            assert!(!holds(scheme, text, version), "{scheme}: {version} should not meet {text}");
        }
    }

    #[test]
    fn comparators_of_github_advisories() {
        check(Scheme::Maven, ">= 1.0, < 1.2", &["1.0", "1.1.9", "1.2-rc1"], &["0.9", "1.2"]);
        check(Scheme::Go, "< 1.2.3", &["v1.2.2", "0.1.0"], &["v1.2.3"]);
        check(Scheme::Nuget, "= 1.2.0", &["1.2"], &["1.2.1", "1.1"]);
        check(Scheme::Npm, "> 1.0.0, <= 2.0.0", &["1.0.1", "2.0.0"], &["1.0.0", "2.0.1"]);
        check(Scheme::Pypi, ">=1.0,!=1.5,<2", &["1.0", "1.4", "1.6"], &["1.5", "2.0", "0.9"]);
        check(Scheme::Deb, ">= 1:1.0~rc1, << 1:2", &["1:1.0~rc1", "1:1.0"], &["1:2", "1:1.0~beta"]);
    }

    #[test]
    fn an_exclusive_lower_bound_stays_exclusive() {
        let ranges = parse(Scheme::Gem, "> 1.0").unwrap_or_default();
        assert_eq!(ranges, [after("1.0")]);
    }

    #[test]
    fn gem_requirements() {
        check(Scheme::Gem, "~> 5.2.7, >= 5.2.7.1", &["5.2.7.1", "5.2.9"], &["5.2.7", "5.3.0.rc1", "5.3"]);
        check(Scheme::Gem, "~> 5", &["5.0", "5.9"], &["4.9", "6.0.a", "6"]);
        check(Scheme::Gem, "~> 1.0.0.rc4.1", &["1.0.0.rc4.1", "1.0.0"], &["1.0.0.rc4", "1.1"]);
        check(Scheme::Gem, "~> 4.25.14p12", &["4.25.14", "4.25.15"], &["4.26", "4.25.14p11"]);
        check(Scheme::Gem, "!= 1.0", &["0.9", "1.0.1"], &["1.0", "1"]);
    }

    #[test]
    fn npm_ranges() {
        check(Scheme::Npm, "^1.2.3 || 2.x", &["1.2.3", "1.9.0", "2.0.0", "2.9.9"], &["1.2.2", "3.0.0", "3.0.0-rc.1"]);
        check(Scheme::Npm, "^0.2.3", &["0.2.3", "0.2.9"], &["0.3.0", "0.2.2"]);
        check(Scheme::Npm, "^0.0.3", &["0.0.3"], &["0.0.4"]);
        check(Scheme::Npm, "~1.2", &["1.2.0", "1.2.9"], &["1.3.0", "1.1.9"]);
        check(Scheme::Npm, "1.2.3 - 2.3", &["1.2.3", "2.3.9"], &["1.2.2", "2.4.0", "2.4.0-a"]);
        check(Scheme::Npm, ">=1.0.0 <1.2.0 || =2.0.0", &["1.1.0", "2.0.0"], &["1.2.0", "2.0.1"]);
        check(Scheme::Npm, "<1.2", &["1.1.9"], &["1.2.0-a", "1.2.0"]);
        check(Scheme::Npm, ">1.2", &["1.3.0"], &["1.2.9"]);
        check(Scheme::Npm, "*", &["0.0.0-0", "9.9.9"], &[]);
    }

    #[test]
    fn cargo_and_pub_requirements() {
        check(Scheme::Cargo, "1.2.3", &["1.2.3", "1.9.0"], &["2.0.0", "1.2.2"]);
        check(Scheme::Cargo, ">= 1.2, < 1.5", &["1.2.0", "1.4.9"], &["1.5.0", "1.1.0"]);
        check(Scheme::Cargo, "=1.2", &["1.2.9"], &["1.3.0"]);
        check(Scheme::Pub, "^0.0.3", &["0.0.9"], &["0.1.0", "0.0.2"]);
    }

    #[test]
    fn pep_440_specifiers() {
        check(Scheme::Pypi, "==1.*", &["1.0.dev1", "1.9", "1"], &["2.0.dev0", "0.9"]);
        check(Scheme::Pypi, "!=1.2.*", &["1.1", "1.3"], &["1.2", "1.2.9", "1.2a1"]);
        check(Scheme::Pypi, "~=1.4.2", &["1.4.2", "1.4.9"], &["1.5", "1.4.1", "1.5a1"]);
        check(Scheme::Pypi, "~=1.4", &["1.4", "1.9"], &["2.0", "1.3"]);
        check(Scheme::Pypi, "==1.0", &["1.0", "1.0+cu118", "1"], &["1.0.post1", "1.0.post0.dev0", "1.0.1", "1.0rc1"]);
        check(Scheme::Pypi, "==1.0.post1", &["1.0.post1+x", "1.0-1"], &["1.0.post2", "1.0.post2.dev0"]);
        check(Scheme::Pypi, "==1!1.0a1.dev2", &["1!1.0a1.dev2+x"], &["1.0a1.dev2", "1!1.0a1.dev3"]);
        check(Scheme::Pypi, "<=1.0", &["1.0+local"], &["1.0.1"]);
        check(Scheme::Pypi, ">1.0", &["1.0.1"], &["1.0+local", "1.0"]);
        check(Scheme::Pypi, "==1.0+local", &["1.0+local"], &["1.0"]);
    }

    #[test]
    fn hex_requirements() {
        check(Scheme::Hex, "~> 1.0 or >= 3.0.0 and < 3.2.0", &["1.0.0", "1.9.0", "3.1.0"], &["2.0.0", "3.2.0", "0.9.0"]);
        check(Scheme::Hex, "~> 2.1.3", &["2.1.3", "2.1.9"], &["2.2.0", "2.2.0-rc.1", "2.1.2"]);
    }

    #[test]
    fn composer_constraints() {
        check(Scheme::Composer, ">=1.0,<1.2", &["1.0", "1.0-beta1", "1.1.9"], &["1.2", "0.9"]);
        check(Scheme::Composer, "^1.2.3", &["1.2.3", "1.9"], &["2.0", "2.0-dev", "1.2.2"]);
        check(Scheme::Composer, "~1.2 | ~2.1.3", &["1.2", "1.9", "2.1.9"], &["2.0", "2.2", "1.1"]);
        check(Scheme::Composer, "~1.2 || 3.*", &["1.2", "3.9"], &["2.0", "4.0", "1.1"]);
        check(Scheme::Composer, "1.0 - 2.0", &["1.0", "2.0.9"], &["2.1", "0.9"]);
        check(Scheme::Composer, ">=2.1.0-beta1 <2.1.3", &["2.1.0-beta1", "2.1.2"], &["2.1.0-alpha1", "2.1.3"]);
    }

    #[test]
    fn bracketed_intervals() {
        check(Scheme::Maven, "[1.0,2.0),[3.0]", &["1.0", "1.9", "3.0"], &["2.0", "0.9", "3.1"]);
        check(Scheme::Nuget, "(1.0, 2.0]", &["1.1", "2.0"], &["1.0", "2.1"]);
        check(Scheme::Maven, "(,1.0]", &["0.1", "1.0"], &["1.1"]);
    }

    #[test]
    fn what_cannot_be_met_is_no_interval() {
        assert_eq!(parse(Scheme::Npm, ">2.0.0 <1.0.0"), Ok(Vec::new()));
        assert_eq!(parse(Scheme::Npm, ">1.0.0 <=1.0.0"), Ok(Vec::new()));
    }

    #[test]
    fn what_says_nothing_is_an_error() {
        let cases = [
            (Scheme::Gem, ""),
            (Scheme::Gem, "~> x"),
            (Scheme::Npm, ">="),
            (Scheme::Npm, "latest"),
            (Scheme::Composer, "dev-main"),
            (Scheme::Hex, "~> 1"),
            (Scheme::Hex, "or 1.0.0"),
            (Scheme::Maven, "[1.0"),
            (Scheme::Pypi, "~=1"),
            (Scheme::Pypi, "<=1.*"),
            (Scheme::Npm, "^1.2.3.4"),
            (Scheme::Npm, "^99999999999999999999.0.0"),
            (Scheme::Npm, "^1.2.3-%"),
            (Scheme::Deb, "~ 1"),
        ];
        for (scheme, text) in cases {
            assert!(matches!(parse(scheme, text), Err(ConstraintError::Syntax { .. })), "{scheme} {text}");
        }
        assert_eq!(parse(Scheme::Npm, &">1.0.0 ".repeat(10_000)), Err(ConstraintError::TooLarge));
        let alternatives = "1.0.0||".repeat(300) + "1.0.0";
        assert_eq!(parse(Scheme::Npm, &alternatives), Err(ConstraintError::TooLarge));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[0-9a-zA-Zé.,|<>=!~^*()\\[\\] +-]{0,40}") {
            for scheme in Scheme::ALL {
                let _ = parse(scheme, &text);
            }
        }

        /// A conjunction holds what both sides hold.
        #[test]
        fn a_comma_is_and(one in 0u8..5, two in 0u8..5, low in 0u8..5, high in 0u8..5, version in 0u8..5) {
            const OPERATORS: [&str; 5] = [">", ">=", "<", "<=", "!="];
            let operator = |at: u8| OPERATORS.get(usize::from(at)).copied().unwrap_or("=");
            let (left, right) = (format!("{} 1.{low}.0", operator(one)), format!("{} 1.{high}.0", operator(two)));
            let version = format!("1.{version}.0");
            for scheme in [Scheme::Npm, Scheme::Gem, Scheme::Pypi, Scheme::Composer, Scheme::Maven, Scheme::Deb] {
                let both = holds(scheme, &left, &version) && holds(scheme, &right, &version);
                prop_assert_eq!(holds(scheme, &format!("{left}, {right}"), &version), both, "{} {} {}", scheme, left, right);
            }
        }
    }
}
