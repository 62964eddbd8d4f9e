//! Requirement expressions as advisories write them (`>= 1.0, < 1.2.5`, `~> 5.2.7`, `^1.2 || 2.x`), read into intervals.
//!
//! An expression is a union of alternatives (`||`, in Hex `or`), an alternative a conjunction of comparators (blank,
//! comma, `and`). Shorthands mean what the ecosystem's own tool makes of them. Two things follow the use in advisories
//! rather than the tools: pre-releases count like any other version in the order (`< 2.0.0` holds `2.0.0-rc.1`, save
//! where npm reads a shorthand), and bounds keep the text they were written with, since they are shown as the fix.

use std::cmp::Ordering;

use super::{Scheme, digits, gem, pypi};
use crate::advisory::{End, Range};

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
                hyphen_range(self.scheme, version, last)?
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
        Scheme::Npm | Scheme::Cargo | Scheme::Semver | Scheme::Pub => partial(scheme, operator, version),
        Scheme::Pypi => pep440(operator, version),
        Scheme::Gem if operator == "~>" => {
            let range = pessimistic_gem(version).ok_or_else(unknown)?;
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
        Scheme::Composer => composer(operator, version),
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

/// Up to four numbers with `x` or nothing for the rest: what npm, Cargo, pub, Hex and Composer take shorthands of.
#[derive(Clone, Copy)]
struct Numbers<'a> {
    values: [u64; 4],
    /// How many are given.
    count: usize,
    /// Whether an `x` or `*` stands for the rest.
    is_wild: bool,
    /// What follows the numbers, with its `-` or `+`.
    tail: &'a str,
}

impl<'a> Numbers<'a> {
    /// `None` for what is no such version, for numbers beyond 64 bits, and for numbers after an `x`.
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_start_matches(['v', 'V', '=']);
        let (numbers, tail) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
        let mut parsed = Self { values: [0; 4], count: 0, is_wild: false, tail };
        for part in numbers.split('.') {
            if matches!(part, "x" | "X" | "*") {
                parsed.is_wild = true;
            } else if parsed.is_wild || !digits::only(part) {
                return None;
            } else {
                *parsed.values.get_mut(parsed.count)? = part.parse().ok()?;
                parsed.count += 1;
            }
        }
        Some(parsed)
    }

    /// The first number that was not zero, or the last one given.
    fn leading(&self) -> usize {
        let given = self.values.get(..self.count.clamp(1, 3)).unwrap_or_default();
        given.iter().position(|&number| number > 0).unwrap_or(given.len().saturating_sub(1))
    }

    /// One more at a place, zeros after it, no tail.
    fn bumped(mut self, place: usize) -> Option<Self> {
        let number = self.values.get_mut(place)?;
        *number = number.checked_add(1)?;
        self.values.iter_mut().skip(place + 1).for_each(|number| *number = 0);
        self.tail = "";
        Some(self)
    }

    /// The three numbers with the tail.
    fn full(&self) -> String {
        let [major, minor, patch, _] = self.values;
        format!("{major}.{minor}.{patch}{}", self.tail)
    }

    /// Before every pre-release of the three numbers.
    fn lowest(&self) -> String {
        let [major, minor, patch, _] = self.values;
        format!("{major}.{minor}.{patch}-0")
    }

    /// All four numbers, before every other stability of them: Composer's lower end.
    fn dev(&self) -> String {
        let [one, two, three, four] = self.values;
        format!("{one}.{two}.{three}.{four}-dev")
    }

    fn is_prerelease(&self) -> bool {
        self.tail.starts_with('-')
    }
}

/// npm's, Cargo's and pub's notation, in which a part that is missing or `x` stands for all its values.
///
/// For npm, as `npm audit` reads it: pre-releases included.
fn partial(scheme: Scheme, operator: &str, version: &str) -> Result<Vec<Range>, ConstraintError> {
    let unknown = || syntax(scheme, &format!("{operator}{version}"));
    let Some(parts) = Numbers::parse(version).filter(|parts| parts.count <= 3) else {
        return plain(scheme, operator, version);
    };
    let is_partial = parts.is_wild || (parts.count < 3 && matches!(scheme, Scheme::Npm | Scheme::Cargo));
    let operator = match (scheme, operator) {
        (Scheme::Cargo, "") if !parts.is_wild => "^",
        (_, "~>") => "~",
        _ => operator,
    };
    let low = if parts.count < 3 { parts.lowest() } else { parts.full() };
    let bumped = |place| Some(parts.bumped(place)?.lowest());
    if parts.count == 0 {
        return Ok(if matches!(operator, "<" | ">") { Vec::new() } else { vec![everything()] });
    }
    let range = match operator {
        "^" => {
            let place = if scheme == Scheme::Pub { parts.leading().min(1) } else { parts.leading() };
            between(low, bumped(place).ok_or_else(unknown)?)
        }
        "~" => between(low, bumped(usize::from(parts.count > 1)).ok_or_else(unknown)?),
        "" | "=" | "==" if is_partial => between(low, bumped(parts.count - 1).ok_or_else(unknown)?),
        ">=" if is_partial => from(low),
        "<" if is_partial => before(low),
        ">" if is_partial => from(bumped(parts.count - 1).ok_or_else(unknown)?),
        "<=" if is_partial => before(bumped(parts.count - 1).ok_or_else(unknown)?),
        _ => return plain(scheme, operator, version),
    };
    Ok(vec![range])
}

/// `1.0 - 2.0`, of npm and Composer: both ends included, a partial end with all that it stands for.
fn hyphen_range(scheme: Scheme, from_text: &str, to_text: &str) -> Result<Vec<Range>, ConstraintError> {
    let unknown = || syntax(scheme, &format!("{from_text} - {to_text}"));
    let lowest: fn(&Numbers<'_>) -> String = match scheme {
        Scheme::Npm => |parts| parts.lowest(),
        Scheme::Composer => |parts| parts.dev(),
        _ => return Err(unknown()),
    };
    let (low, high) = (Numbers::parse(from_text).ok_or_else(unknown)?, Numbers::parse(to_text).ok_or_else(unknown)?);
    let range = from(if low.is_prerelease() { from_text.to_owned() } else { lowest(&low) });
    let end = match high.count {
        0 => End::Open,
        1 | 2 if high.tail.is_empty() => End::Fixed(lowest(&high.bumped(high.count - 1).ok_or_else(unknown)?)),
        _ => End::LastAffected(to_text.to_owned()),
    };
    Ok(vec![Range { end, ..range }])
}

/// Composer's notation; a lower bound takes in the unstable versions of itself, as Composer has it.
fn composer(operator: &str, version: &str) -> Result<Vec<Range>, ConstraintError> {
    let scheme = Scheme::Composer;
    let unknown = || syntax(scheme, &format!("{operator}{version}"));
    // `@dev` and its like say which stability is wanted, not which version.
    let version = version.split_once('@').map_or(version, |(version, _)| version);
    let parts = Numbers::parse(version);
    let range = match (operator, parts) {
        ("" | "=" | "==", Some(parts)) if parts.is_wild => match parts.count.checked_sub(1) {
            None => everything(),
            Some(place) => between(parts.dev(), parts.bumped(place).ok_or_else(unknown)?.dev()),
        },
        ("^" | "~", Some(parts)) if !parts.is_wild && parts.count > 0 => {
            let place = match operator {
                "^" => parts.leading(),
                _ => parts.count.saturating_sub(2),
            };
            let low = if parts.is_prerelease() { version.to_owned() } else { parts.dev() };
            between(low, parts.bumped(place).ok_or_else(unknown)?.dev())
        }
        (">=", Some(parts)) if parts.tail.is_empty() && !parts.is_wild => from(parts.dev()),
        _ => return plain(scheme, operator, version),
    };
    Ok(vec![range])
}

/// RubyGems' `~>`: up to the next value of the number before the last one given.
fn pessimistic_gem(version: &str) -> Option<Range> {
    if !gem::is_valid(version) {
        return None;
    }
    // The numbers before the first word.
    let mut numbers = Vec::new();
    for part in version.split('-').next()?.split('.') {
        let (number, word) = part.split_at(part.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(part.len()));
        numbers.extend(Some(number).filter(|number| !number.is_empty()));
        if !word.is_empty() {
            break;
        }
    }
    if numbers.len() > 1 {
        numbers.pop();
    }
    let last: u64 = numbers.pop()?.parse().ok()?;
    let next = last.checked_add(1)?.to_string();
    numbers.push(&next);
    // The pre-releases of the bound are out, and `A` is the first of them.
    Some(between(version, format!("{}.A", numbers.join("."))))
}

/// PEP 440's version specifiers. A local version counts as its public one, as the specification has it.
fn pep440(operator: &str, text: &str) -> Result<Vec<Range>, ConstraintError> {
    let scheme = Scheme::Pypi;
    let unknown = || syntax(scheme, &format!("{operator}{text}"));
    if let Some(prefix) = text.strip_suffix(".*") {
        let (low, next) = pep440_prefix(prefix, 0).ok_or_else(unknown)?;
        return match operator {
            "" | "=" | "==" => Ok(vec![between(low, next)]),
            "!=" => Ok(vec![before(low), from(next)]),
            _ => Err(unknown()),
        };
    }
    let version = pypi::Version::parse(text).ok_or_else(unknown)?;
    let next = if version.local.is_empty() { after_locals(&version).ok_or_else(unknown)? } else { String::new() };
    Ok(vec![match operator {
        "~=" => {
            let (_, next) = pep440_prefix(text, 1).ok_or_else(unknown)?;
            between(text, next)
        }
        _ if !version.local.is_empty() || operator == "===" => return plain(scheme, operator, text),
        "" | "=" | "==" => between(text, next),
        "!=" => return Ok(vec![before(text), from(next)]),
        "<=" => before(next),
        ">" => from(next),
        _ => return plain(scheme, operator, text),
    }])
}

/// The first version that starts with the release numbers, the last `dropped` of them left out, and the first after.
fn pep440_prefix(text: &str, dropped: usize) -> Option<(String, String)> {
    let version = pypi::Version::parse(text)?;
    let numbers: Vec<&str> = version.release.split('.').collect();
    let kept = numbers.get(..numbers.len().checked_sub(dropped)?)?;
    let (last, front) = kept.split_last()?;
    let epoch = epoch_prefix(&version)?;
    let front: String = front.iter().flat_map(|number| [number, "."]).collect();
    let next = last.parse::<u64>().ok()?.checked_add(1)?;
    Some((format!("{epoch}{front}{last}.dev0"), format!("{epoch}{front}{next}.dev0")))
}

/// The first version after all local versions of a public one.
fn after_locals(version: &pypi::Version<'_>) -> Option<String> {
    let digits = |run| std::str::from_utf8(run).ok().map(|run: &str| if run.is_empty() { "0" } else { run });
    let next = |run| digits(run)?.parse::<u64>().ok()?.checked_add(1);
    let mut text = epoch_prefix(version)? + version.release;
    if let Some((phase, number)) = version.pre {
        text = text + phase.label() + digits(number)?;
    }
    Some(match (version.post, version.dev) {
        (None, None) => text + ".post0.dev0",
        (Some(post), None) => format!("{text}.post{}.dev0", next(post)?),
        (None, Some(dev)) => format!("{text}.dev{}", next(dev)?),
        (Some(post), Some(dev)) => format!("{text}.post{}.dev{}", digits(post)?, next(dev)?),
    })
}

fn epoch_prefix(version: &pypi::Version<'_>) -> Option<String> {
    let epoch = std::str::from_utf8(version.epoch).ok()?;
    Some(if epoch.is_empty() { String::new() } else { format!("{epoch}!") })
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
