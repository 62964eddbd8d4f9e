//! Shorthands for intervals: `^1.2`, `~1.2`, `1.x`, `1.0 - 2.0`, `~> 1.2`.

use super::{ConstraintError, before, between, everything, from, plain, syntax};
use crate::advisory::{End, Range};
use crate::version::{Scheme, digits, gem};

/// Up to four numbers with `x` or nothing for the rest: what npm, Cargo, pub, Hex and Composer take shorthands of.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a> {
    values: [u64; 4],
    /// How many are given.
    pub(super) count: usize,
    /// Whether an `x` or `*` stands for the rest.
    pub(super) is_wild: bool,
    /// What follows the numbers, with its `-` or `+`.
    tail: &'a str,
}

impl<'a> Numbers<'a> {
    /// `None` for what is no such version, for numbers beyond 64 bits, and for numbers after an `x`.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
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
    pub(super) fn bumped(mut self, place: usize) -> Option<Self> {
        let number = self.values.get_mut(place)?;
        *number = number.checked_add(1)?;
        self.values.iter_mut().skip(place + 1).for_each(|number| *number = 0);
        self.tail = "";
        Some(self)
    }

    /// The three numbers with the tail.
    pub(super) fn full(&self) -> String {
        let [major, minor, patch, _] = self.values;
        format!("{major}.{minor}.{patch}{}", self.tail)
    }

    /// Before every pre-release of the three numbers.
    pub(super) fn lowest(&self) -> String {
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
pub(super) fn partial(scheme: Scheme, operator: &str, version: &str) -> Result<Vec<Range>, ConstraintError> {
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
pub(super) fn hyphen_range(scheme: Scheme, from_text: &str, to_text: &str) -> Result<Vec<Range>, ConstraintError> {
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
pub(super) fn composer(operator: &str, version: &str) -> Result<Vec<Range>, ConstraintError> {
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
pub(super) fn pessimistic_gem(version: &str) -> Option<Range> {
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
