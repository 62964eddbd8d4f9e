//! PEP 440's version specifiers.

use super::{ConstraintError, before, between, from, plain, syntax};
use crate::advisory::Range;
use crate::version::{Scheme, pypi};

/// What a specifier allows. A local version counts as its public one, as the specification has it.
pub(super) fn specifier(operator: &str, text: &str) -> Result<Vec<Range>, ConstraintError> {
    let scheme = Scheme::Pypi;
    let unknown = || syntax(scheme, &format!("{operator}{text}"));
    if let Some(prefix) = text.strip_suffix(".*") {
        let (low, next) = prefix_bounds(prefix, 0).ok_or_else(unknown)?;
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
            let (_, next) = prefix_bounds(text, 1).ok_or_else(unknown)?;
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
fn prefix_bounds(text: &str, dropped: usize) -> Option<(String, String)> {
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
