//! What a rule says, and the rules that come with the program.
//!
//! A rule finds its secrets in one of four ways: by the letters that every secret of the kind begins with (`prefix`), by the
//! name that it is given to (`named`), by an expression around words that stand in or beside it (`keywords`, `pattern`), or by
//! the name of a file that holds nothing else (`files`).

use std::sync::OnceLock;

use model::severity::Severity;
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;

use super::check::Check;

/// The files of rules, each a family.
const BUILT_IN: &[&str] = &[
    include_str!("rules/source_hosting.toml"),
    include_str!("rules/cloud.toml"),
    include_str!("rules/data.toml"),
    include_str!("rules/packages.toml"),
    include_str!("rules/messaging.toml"),
    include_str!("rules/payment.toml"),
    include_str!("rules/ai.toml"),
    include_str!("rules/monitoring.toml"),
    include_str!("rules/services.toml"),
    include_str!("rules/keys.toml"),
];

/// Bytes of memory that one expression may take once compiled: a user's own rule is no way around the bound on memory.
const MAX_EXPRESSION: usize = 1 << 20;
/// Bits a letter that a secret has at least where its rule names no other bound: below are words and rows of digits.
const ENTROPY: f64 = 2.5;

/// A file of rules, ours or a user's.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RuleFile {
    /// Rules.
    pub rule: Vec<WrittenRule>,
    /// What is no secret although a rule says so.
    pub allow: Vec<WrittenAllow>,
    /// Ids of built-in rules that are not wanted.
    pub disable: Vec<String>,
}

/// What is no secret although a rule says so; every part that is given must hold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WrittenAllow {
    /// Id of the rule.
    pub rule: Option<String>,
    /// An expression that the path has to match.
    pub path: Option<String>,
    /// An expression that the secret has to match.
    pub value: Option<String>,
}

/// A rule as its file writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct WrittenRule {
    pub id: String,
    pub name: String,
    pub severity: Option<Severity>,
    pub prefix: Vec<String>,
    pub named: Vec<String>,
    pub value: String,
    pub keywords: Vec<String>,
    pub files: Vec<String>,
    pub pattern: String,
    pub before: usize,
    pub any_case: bool,
    pub near: Vec<String>,
    pub entropy: Option<f64>,
    pub check: Option<Check>,
}

/// How the places are told at which an expression is tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The secret begins with one of these; the expression tells the rest.
    Prefix(Vec<String>),
    /// The secret is given to one of these names, `_` standing for any way of parting words; with `$`, the name ends there.
    Named(Vec<String>),
    /// All of a file that is called so.
    File(Vec<String>),
    /// One of these words stands in it or close by, at most `before` bytes after its beginning.
    Around { words: Vec<String>, before: usize },
}

/// A rule.
#[derive(Debug)]
pub(super) struct Rule {
    /// Its id, for reports and for what leaves it out.
    pub id: String,
    /// What the secret is, for people.
    pub name: String,
    /// How bad it is that it lies there.
    pub severity: Severity,
    pub(super) kind: Kind,
    /// Whether the words count in any mixture of large and small letters.
    pub(super) any_case: bool,
    /// One of these, in small letters, has to stand close by.
    pub(super) near: Vec<String>,
    /// Bits a letter that the secret has at least.
    pub(super) entropy: f64,
    pub(super) check: Option<Check>,
    source: String,
    compiled: OnceLock<Option<Regex>>,
}

impl Rule {
    /// Reads one rule; the error says what is wrong with it.
    pub(super) fn new(written: WrittenRule) -> Result<Self, String> {
        let WrittenRule {
            id,
            name,
            severity,
            prefix,
            named,
            value,
            keywords,
            files,
            pattern,
            before,
            any_case,
            near,
            entropy,
            check,
        } = written;
        let wrong = |what: &str| format!("rule `{id}`: {what}");
        if id.is_empty() || name.is_empty() {
            return Err("a rule has no `id` or no `name`".to_owned());
        }
        // Of alternatives the one is taken after which the token ends.
        let whole = || format!("\\A(?:{value})\\b{{end-half}}");
        let (kind, source) = match (prefix.is_empty(), named.is_empty(), keywords.is_empty(), files.is_empty()) {
            (false, true, true, true) => (Kind::Prefix(prefix), whole()),
            (true, false, true, true) => (Kind::Named(named), whole()),
            (true, true, false, true) if before == 0 => (Kind::Around { words: keywords, before }, format!("\\A(?:{pattern})")),
            (true, true, false, true) => (Kind::Around { words: keywords, before }, pattern.clone()),
            (true, true, true, false) => (Kind::File(files), format!("\\A(?:{value})")),
            _ => return Err(wrong("it needs one of `prefix`, `named`, `keywords` and `files`")),
        };
        if matches!(kind, Kind::Around { .. }) == pattern.is_empty() || value.is_empty() != matches!(kind, Kind::Around { .. }) {
            return Err(wrong("`prefix`, `named` and `files` need `value`, `keywords` needs `pattern`"));
        }
        let words = match &kind {
            Kind::Prefix(words) | Kind::Named(words) | Kind::File(words) | Kind::Around { words, .. } => words,
        };
        if words.iter().any(|word| word.len() < 2 || word.len() > 200 || !word.is_ascii()) {
            return Err(wrong("its words are 2 to 200 letters of ASCII"));
        }
        Ok(Self {
            id,
            name,
            severity: severity.unwrap_or(Severity::High),
            kind,
            any_case,
            near: near.into_iter().map(|word| word.to_ascii_lowercase()).collect(),
            entropy: entropy.unwrap_or(ENTROPY),
            check,
            source,
            compiled: OnceLock::new(),
        })
    }

    /// Letters of a token that follow its beginning at least, less the one that is looked for with it.
    pub(super) fn run(&self) -> u8 {
        let value = self.source.strip_prefix("\\A(?:").unwrap_or_default();
        let count = value.strip_prefix('[').and_then(|rest| rest.split_once("]{")).and_then(|(class, rest)| {
            let plain = class.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
            let digits = rest.find(|one: char| !one.is_ascii_digit()).map_or(rest, |end| &rest[..end]);
            plain.then(|| digits.parse::<u8>().ok()).flatten()
        });
        match (&self.kind, count) {
            (Kind::Prefix(_), Some(count)) => count.saturating_sub(1),
            _ => 0,
        }
    }

    /// The letters that may follow the beginning of a token, where its expression begins with a plain class of them.
    pub(super) fn following(&self) -> Option<Vec<u8>> {
        let value = self.source.strip_prefix("\\A(?:").filter(|_| matches!(self.kind, Kind::Prefix(_)))?;
        let class = value.strip_prefix('[')?.split_once("]{")?.0.as_bytes();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if !class.iter().all(plain) {
            return None;
        }
        let mut letters = Vec::new();
        let mut rest = class;
        while let Some((&first, tail)) = rest.split_first() {
            match tail {
                [b'-', last, more @ ..] => {
                    letters.extend(first..=*last);
                    rest = more;
                }
                _ => {
                    letters.push(first);
                    rest = tail;
                }
            }
        }
        Some(letters)
    }

    fn compile(&self) -> Result<Regex, regex::Error> {
        let mut builder = RegexBuilder::new(&self.source);
        builder.unicode(false).case_insensitive(self.any_case && matches!(self.kind, Kind::Around { .. }));
        // What a search keeps beside it is small, too: there are hundreds of them, and each thread has its own.
        builder.size_limit(MAX_EXPRESSION).dfa_size_limit(MAX_EXPRESSION / 16).build()
    }

    /// The expression: compiled when it is first needed, since most rules never speak. `None` where it does not compile,
    /// which [`built_in`] holds by a test and [`super::SecretRules::with`] refuses.
    pub(super) fn expression(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| self.compile().ok()).as_ref()
    }

    /// Whether the expression compiles; the error says why it does not.
    pub(super) fn verify(&self) -> Result<(), String> {
        self.compile().map(|_| ()).map_err(|error| {
            let text = error.to_string();
            format!("rule `{}`: {}", self.id, text.lines().last().unwrap_or("its expression cannot be read"))
        })
    }
}

/// The rules that come with the program.
pub(super) fn built_in() -> Vec<Rule> {
    let files = BUILT_IN.iter().filter_map(|text| toml::from_str::<RuleFile>(text).ok());
    files.flat_map(|file| file.rule).filter_map(|written| Rule::new(written).ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn built_in_rules_are_sound() {
        let written: Vec<WrittenRule> = BUILT_IN.iter().flat_map(|text| toml::from_str::<RuleFile>(text).unwrap().rule).collect();
        let ids: BTreeSet<&str> = written.iter().map(|rule| rule.id.as_str()).collect();
        assert_eq!(ids.len(), written.len(), "an id is there twice");
        assert!(ids.len() >= 150, "{}", ids.len());
        for rule in built_in() {
            rule.verify().unwrap();
        }
        assert_eq!(built_in().len(), written.len());
    }
}
