//! Which licences may be used: lists of what is allowed and what is denied, asked about expressions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::parse;

/// What lists say of a licence, from best to worst.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It may be used.
    Allow,
    /// No list speaks of it, or nobody knows what it is.
    #[default]
    Unknown,
    /// It may not be used.
    Deny,
}

impl Verdict {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Unknown => "unknown",
            Self::Deny => "deny",
        }
    }
}

/// One licence expression of an image, who is under it, and what was said of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LicenseVerdict {
    /// SPDX expression; [`super::NOT_SAID`] for packages that declare none.
    pub expression: String,
    /// Purls, sorted.
    pub packages: Vec<String>,
    /// What a policy's lists say; unknown where no policy was asked.
    pub verdict: Verdict,
}

impl LicenseVerdict {
    /// Every licence of the packages, each a purl and what it declares, with nothing said of it yet.
    pub fn group<'a>(packages: impl IntoIterator<Item = (&'a str, &'a [String])>) -> Vec<Self> {
        let mut groups: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        for (purl, declared) in packages {
            groups.entry(super::combined(declared)).or_default().insert(purl);
        }
        let group = |(expression, packages): (String, BTreeSet<&str>)| Self {
            expression,
            packages: packages.into_iter().map(str::to_owned).collect(),
            verdict: Verdict::Unknown,
        };
        groups.into_iter().map(group).collect()
    }
}

/// A word that names no licence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TermsError(String);

/// Licences that are allowed and denied.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    allow: Vec<Pattern>,
    deny: Vec<Pattern>,
}

/// `MIT`, `GPL` (every version), `GPL-*`, `GPL-2.0-or-later`, `GPL-2.0-only WITH Classpath-exception-2.0`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pattern {
    license: String,
    /// `None` speaks of a licence with any exception, and without.
    exception: Option<String>,
}

impl Terms {
    /// Reads the words of both lists.
    pub fn new<'a>(
        allow: impl IntoIterator<Item = &'a str>,
        deny: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, TermsError> {
        let read = |words: &mut dyn Iterator<Item = &'a str>| words.map(Pattern::new).collect::<Result<Vec<_>, _>>();
        Ok(Self { allow: read(&mut allow.into_iter())?, deny: read(&mut deny.into_iter())? })
    }

    /// What the lists say of an expression: of `OR` the best side counts, of `AND` the worst. Without a list of what is
    /// allowed, every licence of the SPDX list is that is not denied.
    pub fn judge(&self, expression: &str) -> Verdict {
        let Some(parsed) = parse(expression) else { return Verdict::Unknown };
        if parsed.evaluate(|license| self.of(license) == Verdict::Allow) {
            Verdict::Allow
        } else if parsed.evaluate(|license| self.of(license) != Verdict::Deny) {
            Verdict::Unknown
        } else {
            Verdict::Deny
        }
    }

    /// One licence; of one that may be taken in a later version, the best version counts.
    fn of(&self, license: &spdx::LicenseReq) -> Verdict {
        let exception = license.addition.as_ref().map(ToString::to_string);
        let judge = |names: &[&str]| self.named(names, exception.as_deref());
        match &license.license {
            spdx::LicenseItem::Other(reference) => judge(&[&reference.to_string()]),
            spdx::LicenseItem::Spdx { id, or_later } => {
                let (stem, later) = match id.name.strip_suffix("-or-later") {
                    Some(stem) => (stem, true),
                    None => (id.name.strip_suffix("-only").unwrap_or(id.name), *or_later),
                };
                // What names the choice itself goes before its sides.
                let whole = format!("{stem}+");
                let own = if later { judge(&[&format!("{stem}-or-later"), &whole]) } else { Verdict::Unknown };
                let own_is_said = later && self.speaks(&[&format!("{stem}-or-later"), &whole], exception.as_deref());
                if own_is_said {
                    return own;
                }
                let versions = if later { later_versions(stem) } else { vec![stem.to_owned()] };
                let each = versions.iter().map(|version| judge(&[version, &format!("{version}-only")]));
                each.min().unwrap_or_default()
            }
        }
    }

    fn speaks(&self, names: &[&str], exception: Option<&str>) -> bool {
        self.allow.iter().chain(&self.deny).any(|pattern| pattern.names(names) && pattern.covers(exception))
    }

    /// What names an exception speaks before what does not; else what denies before what allows.
    fn named(&self, names: &[&str], exception: Option<&str>) -> Verdict {
        let any = |list: &[Pattern], exact: bool| {
            list.iter().any(|pattern| pattern.names(names) && pattern.covers(exception) && pattern.exception.is_some() == exact)
        };
        for exact in [true, false] {
            if any(&self.deny, exact) {
                return Verdict::Deny;
            }
            if any(&self.allow, exact) {
                return Verdict::Allow;
            }
        }
        let listed = !names.iter().any(|name| name.contains("LicenseRef-") || *name == super::NOT_SAID);
        if self.allow.is_empty() && listed { Verdict::Allow } else { Verdict::Unknown }
    }
}

impl Pattern {
    fn new(text: &str) -> Result<Self, TermsError> {
        let (license, exception) = match text.split_once(" WITH ") {
            Some((license, exception)) => (license.trim(), Some(exception.trim())),
            None => (text.trim(), None),
        };
        let bad = |what: &str| {
            TermsError(format!(
                "`{text}` {what}; write one as `GPL-3.0-only`, `GPL`, `BSD-*` or `LicenseRef-own` (https://spdx.org/licenses)"
            ))
        };
        let valid =
            |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+:*".contains(&byte));
        if !valid(license) || !exception.is_none_or(valid) {
            return Err(bad("is no SPDX identifier"));
        }
        let pattern = Self { license: license.to_owned(), exception: exception.map(str::to_owned) };
        let known = license.contains("LicenseRef-")
            || license == super::NOT_SAID
            || spdx::identifiers::LICENSES.iter().any(|known| pattern.names(&[known.name]));
        if !known {
            return Err(bad("fits no licence of the SPDX list"));
        }
        if let Some(exception) = exception
            && !spdx::identifiers::EXCEPTIONS.iter().any(|known| glob(exception, known.name))
        {
            return Err(TermsError(format!(
                "`{exception}` is no exception of the SPDX list (https://spdx.org/licenses/exceptions-index.html)"
            )));
        }
        Ok(pattern)
    }

    /// Whether it means one of the names that a licence goes by.
    fn names(&self, names: &[&str]) -> bool {
        names.iter().any(|name| {
            glob(&self.license, name)
                // `GPL` is every version of it, `BSD` is not one licence in versions.
                || name.len() > self.license.len()
                    && name.is_char_boundary(self.license.len())
                    && name[..self.license.len()].eq_ignore_ascii_case(&self.license)
                    && is_version(&name[self.license.len()..])
        }) || self
            .license
            .strip_suffix("-or-later")
            .or_else(|| self.license.strip_suffix('+'))
            .is_some_and(|stem| later_versions(stem).iter().any(|version| names.contains(&version.as_str())))
    }

    fn covers(&self, exception: Option<&str>) -> bool {
        match (&self.exception, exception) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(pattern), Some(exception)) => glob(pattern, exception),
        }
    }
}

/// `-2.0`, `-2.0-only`, `-2.0-or-later`.
fn is_version(rest: &str) -> bool {
    rest.strip_prefix('-').is_some_and(|rest| {
        rest.starts_with(|character: char| character.is_ascii_digit()) && {
            let number = rest.trim_end_matches('+');
            let number = number.strip_suffix("-only").or_else(|| number.strip_suffix("-or-later")).unwrap_or(number);
            number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        }
    })
}

/// The version that a name ends in, and what the list has of the same licence after it.
fn later_versions(stem: &str) -> Vec<String> {
    let mut versions = vec![stem.to_owned()];
    let Some((base, first)) = stem.rsplit_once('-') else { return versions };
    let number = |text: &str| -> Option<Vec<u32>> { text.split('.').map(|part| part.parse().ok()).collect() };
    let Some(first) = number(first) else { return versions };
    for license in spdx::identifiers::LICENSES {
        let name = license.name.strip_suffix("-only").unwrap_or(license.name);
        if let Some(version) = name.strip_prefix(base).and_then(|rest| rest.strip_prefix('-')).and_then(number)
            && version > first
            && !versions.iter().any(|known| known == name)
        {
            versions.push(name.to_owned());
        }
    }
    versions
}

/// Whether a name fits a pattern in which `*` is anything; letters in either case.
fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let lower = name.to_ascii_lowercase();
    let Some(mut rest) = lower.strip_prefix(&first.to_ascii_lowercase()) else { return false };
    let parts: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part.as_str()) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last.as_str())
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Allow, Deny, Unknown};
    use super::*;

    #[test]
    fn verdicts() {
        for (allow, deny, expression, expected) in [
            (&["MIT", "Apache-2.0"][..], &[][..], "MIT", Allow),
            (&["MIT"], &["GPL"], "GPL-3.0-only OR MIT", Allow),
            (&["MIT"], &["GPL"], "GPL-3.0-only AND MIT", Deny),
            (&["MIT"], &[], "Zlib AND MIT", Unknown),
            (&["MIT"], &[], "Zlib OR MIT", Allow),
            (&["MIT"], &["GPL"], "GPL-3.0-only OR Zlib", Unknown),
            // Families and globs.
            (&[], &["GPL"], "LGPL-2.1-only", Allow),
            (&[], &["GPL"], "GPL-2.0-only", Deny),
            (&[], &["*GPL-*"], "LGPL-2.1-only", Deny),
            (&["BSD-*"], &[], "BSD-3-Clause", Allow),
            (&["BSD-*"], &[], "0BSD", Unknown),
            // Later versions: any of them may be taken.
            (&["GPL-3.0-only"], &[], "GPL-2.0-or-later", Allow),
            (&["GPL-2.0-only"], &["GPL-3.0-only"], "GPL-2.0-or-later", Allow),
            (&[], &["GPL-3.0-only"], "GPL-3.0-or-later", Deny),
            (&[], &["GPL-2.0-only"], "GPL-2.0-or-later", Allow),
            (&[], &["GPL-2.0-or-later"], "GPL-3.0-only", Deny),
            (&[], &["GPL-2.0-or-later"], "GPL-2.0-or-later", Deny),
            (&[], &["GPL-3.0-or-later"], "GPL-2.0-only", Allow),
            (&["EPL-1.0"], &[], "EPL-1.0+", Allow),
            // Exceptions.
            (&[], &["GPL"], "GPL-2.0-only WITH Classpath-exception-2.0", Deny),
            (&["GPL-2.0-only WITH Classpath-exception-2.0"], &["GPL"], "GPL-2.0-only WITH Classpath-exception-2.0", Allow),
            (&["GPL-2.0-only WITH Classpath-exception-2.0"], &["GPL"], "GPL-2.0-only", Deny),
            (&["GPL-* WITH *"], &["GPL"], "GPL-3.0-or-later WITH GCC-exception-3.1", Allow),
            (&["Apache-2.0"], &[], "Apache-2.0 WITH LLVM-exception", Allow),
            // What nobody knows.
            (&[], &["GPL"], "NOASSERTION", Unknown),
            (&[], &["GPL"], "LicenseRef-own", Unknown),
            (&["LicenseRef-own"], &[], "LicenseRef-own", Allow),
            (&[], &["LicenseRef-*"], "LicenseRef-own", Deny),
            (&[], &[], "no expression at all", Unknown),
        ] {
            let terms = Terms::new(allow.iter().copied(), deny.iter().copied()).unwrap();
            assert_eq!(terms.judge(expression), expected, "allow {allow:?} deny {deny:?}: {expression}");
        }
    }

    #[test]
    fn words_that_name_nothing() {
        for word in ["", "a b", "GPLv3", "GNU", "MIT WITH nothing", "<x>"] {
            assert!(Terms::new([word], []).is_err(), "{word}");
        }
    }
}
