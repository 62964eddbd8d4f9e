//! Secrets: tokens, keys and passwords in what files, settings and histories hold.
//!
//! A text is read once by a prefilter over raw bytes; a rule's expression is tried only where one of its words stands. What is
//! found is never kept: only which rule spoke, where, and a hash by which two places of one secret are told to be one.

mod archive;
mod assignment;
mod check;
mod encoding;
mod entropy;
pub mod places;
mod prefilter;
mod rule;
mod scan;
mod stream;

use std::collections::BTreeMap;

use model::image::ImageInfo;
use model::severity::Severity;
use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use encoding::aligned_base64;
use prefilter::{Prefilter, Word};
use rule::{Kind, Rule, RuleFile, WrittenAllow};
pub use stream::SecretStream;

/// Raised whenever the same bytes would give another result; part of the cache key.
const VERSION: u32 = 1;

/// Words of secrets' surroundings that are looked for in base64, too: a name inside an encoded file.
const ENCODED_NAMES: &[&str] = &[
    "password",
    "PASSWORD",
    "Password",
    "passwd",
    "secret",
    "SECRET",
    "Secret",
    "token",
    "TOKEN",
    "Token",
    "api_key",
    "API_KEY",
    "apiKey",
    "ApiKey",
    "api-key",
    "_KEY=",
    "_key=",
    "_key:",
    "_KEY:",
    "-key:",
    "Key\": ",
    "Key\":\"",
    "access_key",
    "-----BEGIN",
    "credential",
    "postgres:",
    "postgresql:",
    "mysql:",
    "mongodb",
    "redis:",
    "amqp:",
    "machine ",
    "Authorization",
];

/// What tells a document whose values are in base64: Kubernetes' Secret.
const ENCODED_DOCUMENTS: &[&str] = &["kind: Secret", "\"kind\": \"Secret\"", "\"kind\":\"Secret\"", "kind\\\":\\\"Secret\\\""];

/// All rules, ready to be looked for.
#[derive(Debug)]
pub struct SecretRules {
    rules: Vec<Rule>,
    targets: Vec<Target>,
    filter: Prefilter,
    /// Numbers of the rules about whole files.
    of_files: Vec<usize>,
    allows: Vec<Allow>,
    fingerprint: String,
}

/// What a word of the prefilter stands for.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// The rule of this number; the word has so many bytes more than the rule's own.
    Rule { number: usize, more: usize },
    /// A document whose values are in base64.
    Encoded,
    /// Something that may be worth decoding; the word begins at this letter of a group of four.
    Base64 { lead: usize },
}

#[derive(Debug)]
struct Allow {
    rule: Option<String>,
    path: Option<Regex>,
    value: Option<Regex>,
}

/// One secret at one place of one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretMatch {
    /// Id of the rule.
    pub rule: String,
    /// The line it begins in, from 1.
    pub line: u64,
    /// What may be shown of it.
    pub redacted: String,
    /// Hash of the rule and the secret, cut to 64 bits: the same secret has the same one.
    pub identity: u64,
    /// Where inside the file it is, for an archive: path of the member.
    pub inside: Option<String>,
    /// A comment on its line takes it out.
    pub ignored: bool,
}

/// What a report says of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleFacts {
    /// What the secret is.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
}

/// A file of rules that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RulesError(String);

impl SecretRules {
    /// The rules that come with the program.
    pub fn built_in() -> Self {
        Self::new(rule::built_in(), Vec::new(), "")
    }

    /// The same with a user's: `[[rule]]` adds one or takes the place of the one of its id, `disable` leaves some out, `[[allow]]`
    /// says what is no secret.
    ///
    /// # Errors
    /// Where the text is no TOML, or a rule is not sound: what is wrong with it.
    pub fn with(text: &str) -> Result<Self, RulesError> {
        let file: RuleFile = toml::from_str(text).map_err(|error| RulesError(error.message().to_owned()))?;
        let own: Vec<Rule> = file.rule.into_iter().map(Rule::new).collect::<Result<_, _>>().map_err(RulesError)?;
        for rule in &own {
            rule.verify().map_err(RulesError)?;
        }
        let mut rules = rule::built_in();
        let known = |id: &String| rules.iter().chain(&own).any(|rule| rule.id == *id);
        if let Some(unknown) =
            file.disable.iter().chain(file.allow.iter().filter_map(|allow| allow.rule.as_ref())).find(|id| !known(id))
        {
            return Err(RulesError(format!("no rule has the id `{unknown}`")));
        }
        rules.retain(|rule| !file.disable.contains(&rule.id) && own.iter().all(|own| own.id != rule.id));
        let allows = file.allow.into_iter().map(Allow::new).collect::<Result<_, _>>().map_err(RulesError)?;
        // A user's own speak first.
        Ok(Self::new(own.into_iter().chain(rules).collect(), allows, text))
    }

    fn new(rules: Vec<Rule>, allows: Vec<Allow>, text: &str) -> Self {
        let mut words = Vec::new();
        let mut targets = Vec::new();
        for (number, rule) in rules.iter().enumerate() {
            let target = targets.len() as u32;
            targets.extend([Target::Rule { number, more: 0 }, Target::Rule { number, more: 1 }]);
            let run = rule.run();
            words.extend(words_of(rule).into_iter().map(|(text, exact, more)| Word {
                text,
                exact,
                run: if more { run } else { 0 },
                target: target + u32::from(more),
            }));
        }
        targets.push(Target::Encoded);
        for text in ENCODED_DOCUMENTS {
            words.push(Word { text: text.as_bytes().to_vec(), exact: true, run: 0, target: targets.len() as u32 - 1 });
        }
        let encoded = ENCODED_NAMES.iter().map(|name| name.as_bytes().to_vec()).chain(rules.iter().flat_map(encoded_words));
        let mut seen = BTreeMap::new();
        for (text, lead) in encoded.flat_map(|word| aligned_base64(&word)) {
            let target = *seen.entry(lead).or_insert_with(|| {
                targets.push(Target::Base64 { lead });
                targets.len() as u32 - 1
            });
            words.push(Word { text, exact: true, run: 0, target });
        }
        let digest = Sha256::digest(text.as_bytes());
        let fingerprint =
            format!("secret/{VERSION}/{}/{:02x}{:02x}{:02x}{:02x}", rules.len(), digest[0], digest[1], digest[2], digest[3]);
        let of_files = (0..rules.len()).filter(|&number| matches!(rules[number].kind, Kind::File(_))).collect();
        Self { filter: Prefilter::new(&words), of_files, rules, targets, allows, fingerprint }
    }

    /// Names everything that shapes what is found; part of the key of the cache.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// What is to be said of a rule.
    pub fn facts(&self, id: &str) -> Option<RuleFacts> {
        let rule = self.rules.iter().find(|rule| rule.id == id)?;
        Some(RuleFacts { name: rule.name.clone(), severity: rule.severity })
    }

    /// Ids, names and severities of all rules, in order of their ids.
    pub fn list(&self) -> Vec<(&str, &str, Severity)> {
        let mut list: Vec<_> = self.rules.iter().map(|rule| (rule.id.as_str(), rule.name.as_str(), rule.severity)).collect();
        list.sort_unstable();
        list
    }

    /// A text without its secrets: `****` stands for each.
    pub fn redact(&self, text: &str) -> Option<String> {
        let found = scan::scan(self, b"", text.as_bytes(), 0..text.len());
        let mut bytes = text.as_bytes().to_vec();
        let mut spans: Vec<(usize, usize)> = found.iter().map(|one| (one.at, one.until)).collect();
        spans.sort_unstable();
        for &(from, to) in spans.iter().rev().filter(|(from, to)| from < to) {
            bytes.splice(from..to, *b"****");
        }
        (!spans.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Takes the secrets out of what an image says of itself, so that no report repeats them.
    pub fn redact_image(&self, image: &mut ImageInfo) {
        let texts = image.env.iter_mut().chain(&mut image.command).chain(&mut image.healthcheck);
        let steps = image.history.iter_mut().map(|step| &mut step.created_by);
        let layers = image.layers.iter_mut().filter_map(|layer| layer.created_by.as_mut());
        for text in texts.chain(steps).chain(layers) {
            if let Some(redacted) = self.redact(text) {
                *text = redacted;
            }
        }
        // A name says what kind of secret a value is.
        for (name, value) in &mut image.labels {
            if let Some(redacted) = self.redact(&format!("{name}={value}")) {
                redacted.get(name.len() + 1..).unwrap_or("****").clone_into(value);
            }
        }
    }

    /// Searches bytes in memory, as a file of this path.
    pub fn search(&self, path: &str, content: &[u8]) -> Vec<SecretMatch> {
        let mut stream = SecretStream::new(self);
        stream.begin(path.as_bytes(), content.len() as u64);
        if !content.is_empty() {
            stream.feed(content);
        }
        stream.finish().secrets
    }
}

impl Allow {
    fn new(written: WrittenAllow) -> Result<Self, String> {
        let compile = |source: Option<String>| {
            source
                .map(|source| RegexBuilder::new(&source).size_limit(1 << 20).build().map_err(|error| error.to_string()))
                .transpose()
        };
        if written.path.is_none() && written.value.is_none() {
            return Err("an `allow` needs a `path` or a `value`".to_owned());
        }
        Ok(Self { rule: written.rule, path: compile(written.path)?, value: compile(written.value)? })
    }

    fn allows(&self, rule: &str, path: &[u8], value: &[u8]) -> bool {
        self.rule.as_ref().is_none_or(|own| own == rule)
            && self.path.as_ref().is_none_or(|own| own.is_match(path))
            && self.value.as_ref().is_none_or(|own| own.is_match(value))
    }
}

/// Letters that may follow a beginning that is too short to be looked for alone.
const FOLLOWING: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
/// What may follow a name that ends.
const ENDING: &[u8] = b"=: \t\"'\\>]";

/// The words of a rule, whether large and small letters differ in them, and whether a letter was added.
fn words_of(rule: &Rule) -> Vec<(Vec<u8>, bool, bool)> {
    let longer = |word: &str, exact: bool, following: &[u8]| -> Vec<(Vec<u8>, bool, bool)> {
        if word.len() >= 4 {
            return vec![(word.as_bytes().to_vec(), exact, false)];
        }
        following.iter().map(|&next| ([word.as_bytes(), &[next]].concat(), exact, true)).collect()
    };
    match &rule.kind {
        Kind::File(_) => Vec::new(),
        Kind::Prefix(words) => words.iter().flat_map(|word| longer(word, true, FOLLOWING)).collect(),
        Kind::Around { words, .. } => words.iter().flat_map(|word| longer(word, !rule.any_case, FOLLOWING)).collect(),
        Kind::Named(names) => {
            let ways = ["_", "-", ".", "", " "];
            let spelled = |name: &str| -> Vec<String> { ways.iter().map(|way| name.replace('_', way)).collect() };
            let (bare, open): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| name.ends_with('$'));
            let open: Vec<String> = open.into_iter().flat_map(|name| spelled(name)).collect();
            // `dd_api_key` tells what `dd_api` already does.
            let needed = |name: &String| !open.iter().any(|other| other != name && name.starts_with(other.as_str()));
            let mut all: Vec<(String, &[u8])> =
                open.iter().filter(|name| needed(name)).map(|name| (name.clone(), FOLLOWING)).collect();
            all.extend(bare.into_iter().flat_map(|name| spelled(name.trim_end_matches('$'))).map(|name| (name, ENDING)));
            all.sort_unstable();
            all.dedup();
            all.into_iter().flat_map(|(name, following)| longer(&name, false, following)).collect()
        }
    }
}

/// The words of a rule that are looked for in base64, too.
fn encoded_words(rule: &Rule) -> Vec<Vec<u8>> {
    match &rule.kind {
        // Of three letters, too: what stands alone in base64 begins a group.
        Kind::Prefix(words) => words.iter().filter(|word| word.len() >= 3).map(|word| word.as_bytes().to_vec()).collect(),
        Kind::Around { words, before } if *before > 0 => {
            words.iter().filter(|word| word.len() >= 4).map(|word| word.as_bytes().to_vec()).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::SecretRules;

    fn found(text: &str) -> Vec<String> {
        SecretRules::built_in().search("app/x", text.as_bytes()).into_iter().map(|one| one.rule).collect()
    }

    #[test]
    fn archives_are_opened() {
        use std::io::Write as _;
        let text = b"[client]\npassword=DvJ~dmKF*YaNR.REwI\n";
        let gzip = |bytes: &[u8]| {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        };
        let tar = testing::tar::Tar::new().file("etc/my.cnf", text).bytes();
        let rules = SecretRules::built_in();
        for (name, bytes, inside) in [
            ("backup.cnf.gz", gzip(text), "backup.cnf"),
            ("backup.tar", tar.clone(), "etc/my.cnf"),
            ("backup.tar.gz", gzip(&tar), "etc/my.cnf"),
        ] {
            let found = rules.search(name, &bytes);
            let places: Vec<_> = found.iter().map(|one| (one.rule.as_str(), one.inside.as_deref(), one.line)).collect();
            assert_eq!(places, [("password", Some(inside), 2)], "{name}");
        }
    }

    #[test]
    fn passwords_by_their_names() {
        assert_eq!(found("[client]\nuser=root\npassword=DvJ~dmKF*YaNR.REwI\n"), ["password"]);
        assert_eq!(found("service_password=\"joV+bFWY~HY5z+is\","), ["password"]);
        assert_eq!(found("dbPass: String = \"IVt-OhSL_95xU_sr7q\""), ["password"]);
    }
}
