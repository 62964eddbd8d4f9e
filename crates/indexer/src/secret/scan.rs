//! One window of text against all rules.

use super::check::{self, Check, Name};
use super::encoding::decode_around;
use super::entropy::{bits, is_placeholder};
use super::rule::{Kind, Rule};
use super::{SecretRules, Target, assignment};

/// Bytes after one of its words that a secret may end at.
const MAX_LENGTH: usize = 24 << 10;
/// Bytes around a secret in which a rule's `near` may stand.
const NEAR: usize = 2000;
/// How deep base64 may lie in base64.
const MAX_DEPTH: usize = 2;
/// Secrets of one window; a file of more is a list of test data, and those found say so already.
const MAX_FOUND: usize = 1000;

/// A secret in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Number of the rule.
    pub rule: usize,
    /// What was matched; the base64 it is in, where it is in base64.
    pub begin: usize,
    pub end: usize,
    /// Where the secret itself begins.
    pub at: usize,
    /// Where it ends.
    pub until: usize,
    /// Hash of what is secret.
    pub identity: u64,
    /// How much of its beginning is no secret.
    pub shown: usize,
    /// How long the secret is.
    pub length: usize,
    /// Where the name begins that it is given to, or the secret itself.
    name: usize,
    /// Which of two rules that speak of one place is believed: the lower.
    rank: u8,
}

/// Finds the secrets whose words begin in `owned` (the rest is there for their surroundings), by place.
pub(super) fn scan(rules: &SecretRules, path: &[u8], text: &[u8], owned: std::ops::Range<usize>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let scan = Scan { rules, path, depth: 0 };
    // A file that is base64 from its first line on.
    let head = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count();
    if owned.start == 0
        && head >= 32
        && let Some((from, to, decoded)) = decode_around(text, 0, 0)
    {
        scan.add_decoded(&decoded, from, to, &mut found);
    }
    scan.run(text, owned, &mut found);
    resolve(found)
}

/// Finds the secret that a short file is as a whole.
pub(super) fn scan_file(rules: &SecretRules, path: &[u8], text: &[u8]) -> Vec<Candidate> {
    let name = model::path::file_name(path);
    let named = |rule: &Rule| matches!(&rule.kind, Kind::File(files) if files.iter().any(|file| file.as_bytes() == name));
    let mut found = Vec::new();
    for &number in &rules.of_files {
        let rule = &rules.rules[number];
        let Some(whole) = named(rule).then(|| rule.expression()?.find(text)).flatten() else { continue };
        let secret = whole.as_bytes().trim_ascii_end();
        if !is_placeholder(secret)
            && bits(secret) >= rule.entropy
            && !rules.allows.iter().any(|allow| allow.allows(&rule.id, path, secret))
        {
            found.push(Candidate {
                rule: number,
                begin: 0,
                end: secret.len(),
                at: 0,
                until: secret.len(),
                identity: identity(&rule.id, secret),
                shown: 0,
                length: secret.len(),
                name: 0,
                rank: 0,
            });
        }
    }
    found
}

#[derive(Clone, Copy)]
struct Scan<'s> {
    rules: &'s SecretRules,
    path: &'s [u8],
    depth: usize,
}

impl Scan<'_> {
    fn run(self, text: &[u8], owned: std::ops::Range<usize>, found: &mut Vec<Candidate>) {
        // How far each rule has got: a place is not looked at twice by one rule, nor decoded twice.
        let mut done: Vec<(usize, usize)> = Vec::new();
        let mut decoded_until = 0;
        self.rules.filter.find(text, |target, begin, end| {
            if !owned.contains(&begin) || found.len() >= MAX_FOUND {
                return;
            }
            match self.rules.targets[target as usize] {
                Target::Rule { number, more } => {
                    let end = end - more;
                    if done.iter().any(|&(rule, until)| rule == number && begin < until) {
                        return;
                    }
                    if let Some(candidate) = self.try_rule(number, text, begin, end) {
                        done.retain(|(rule, _)| *rule != number);
                        done.push((number, candidate.end));
                        found.push(candidate);
                    }
                }
                Target::Base64 { lead } if self.depth < MAX_DEPTH && begin >= decoded_until => {
                    let Some((from, to, decoded)) = decode_around(text, begin, lead) else { return };
                    decoded_until = to;
                    self.add_decoded(&decoded, from, to, found);
                }
                Target::Base64 { .. } => {}
                Target::Encoded if self.depth < MAX_DEPTH && decoded_until == 0 => {
                    decoded_until = text.len();
                    self.decode_all(text, found);
                }
                Target::Encoded => {}
            }
        });
    }

    /// Every run of base64 of a document whose values are written so.
    fn decode_all(self, text: &[u8], found: &mut Vec<Candidate>) {
        let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
        let mut at = 0;
        while let Some(from) = text[at..].iter().position(is_letter).map(|place| at + place) {
            let length = text[from..].iter().take_while(|byte| is_letter(byte)).count();
            at = from + length;
            if length >= 16
                && found.len() < MAX_FOUND
                && let Some((begin, end, decoded)) = decode_around(text, from, 0)
            {
                at = at.max(end);
                self.add_decoded(&decoded, begin, end, found);
            }
        }
    }

    fn add_decoded(self, decoded: &[u8], from: usize, to: usize, found: &mut Vec<Candidate>) {
        let mut inner = Vec::new();
        Self { depth: self.depth + 1, ..self }.run(decoded, 0..decoded.len(), &mut inner);
        let inner = resolve(inner).into_iter();
        found.extend(inner.map(|one| Candidate { begin: from, end: to, at: from, until: to, name: from, shown: 0, ..one }));
    }

    fn try_rule(self, number: usize, text: &[u8], begin: usize, end: usize) -> Option<Candidate> {
        let rule = &self.rules.rules[number];
        let (name, whole, secret) = match &rule.kind {
            Kind::Prefix(words) => {
                let prefix = words.iter().filter(|word| text[begin..].starts_with(word.as_bytes())).map(String::len).max()?;
                if !begins_freely(text, begin, prefix) {
                    return None;
                }
                let value = begin + prefix;
                let found = rule.expression()?.find(window(text, value))?;
                let stop = value + found.end();
                ends_freely(text, stop, false).then_some((begin, begin..stop, value..stop))?
            }
            Kind::Named(names) => {
                let ends_here = names.iter().any(|name| {
                    name.strip_suffix('$').is_some_and(|name| text[begin..end].eq_ignore_ascii_case(name.as_bytes()))
                });
                if ends_here && text.get(end).is_some_and(|&byte| is_name(byte)) {
                    return None;
                }
                let given = assignment::value(text, end)?;
                let loose = matches!(rule.check, Some(Check::Generic | Check::RandomPassword));
                // `arn:aws:secretsmanager:…:secret:name` is an address.
                let address = begin > 0 && text[begin - 1] == b':';
                if loose && (address || !given.assigned && !is_given(text, begin, end, given.at)) {
                    return None;
                }
                let value = given.at;
                let expression = rule.expression()?;
                let Some(found) = expression.find(window(text, value)) else {
                    return self.try_encoded(number, text, begin, value);
                };
                let stop = value + found.end();
                if loose && encoded_value(text, value).is_some() {
                    return self.try_encoded(number, text, begin, value);
                }
                // A call is code.
                let free = ends_freely(text, stop, true) && !(loose && text.get(stop) == Some(&b'('));
                free.then_some((begin, value..stop, value..stop))?
            }
            // Tried on the whole file.
            Kind::File(_) => return None,
            Kind::Around { before, .. } => {
                let from = begin.saturating_sub(*before);
                let part = window(text, from);
                let captures = rule.expression()?.captures_iter(part).take(100).find(|captures| {
                    captures.get(0).is_some_and(|whole| from + whole.start() <= begin && from + whole.end() >= end)
                })?;
                let whole = captures.get(0)?;
                let secret = captures.iter().skip(1).flatten().next().unwrap_or(whole);
                let (whole, secret) = (from + whole.start()..from + whole.end(), from + secret.start()..from + secret.end());
                // An expression that shows its own end with a group needs no look beyond it.
                let free = whole != secret || (begins_freely(text, whole.start, 4) && ends_freely(text, whole.end, false));
                free.then_some((whole.start, whole, secret))?
            }
        };
        let (whole, secret) = match rule.check {
            Some(Check::PrivateKey) => {
                let stop = key_end(text, whole.end);
                (whole.start..stop, whole.start..stop)
            }
            _ => (whole, secret),
        };
        self.is_secret(rule, text, name, &whole, &secret).then(|| Candidate {
            rule: number,
            begin: whole.start,
            end: whole.end,
            at: secret.start,
            until: secret.end,
            identity: identity(&rule.id, &text[secret.clone()]),
            shown: if matches!(rule.kind, Kind::Prefix(_)) { secret.start - whole.start } else { 0 },
            length: if matches!(rule.kind, Kind::Prefix(_)) { whole.len() } else { secret.len() },
            name,
            rank: rank(rule),
        })
    }

    /// A value that is written in base64, as Kubernetes does.
    fn try_encoded(self, number: usize, text: &[u8], name: usize, value: usize) -> Option<Candidate> {
        let rule = &self.rules.rules[number];
        let (stop, decoded) = encoded_value(text, value)?;
        let found = rule.expression()?.find(&decoded).filter(|found| found.end() == decoded.len())?;
        let secret = found.range();
        let sound = !is_placeholder(&decoded)
            && bits(&decoded) >= rule.entropy
            && rule.check.is_none_or(|check| check::holds(check, &decoded, &decoded, name_around(text, name)))
            && !self.rules.allows.iter().any(|allow| allow.allows(&rule.id, self.path, &decoded))
            && !is_test_of_package(self.path);
        sound.then(|| Candidate {
            rule: number,
            begin: value,
            end: stop,
            at: value,
            until: stop,
            identity: identity(&rule.id, &decoded[secret.clone()]),
            shown: 0,
            length: secret.len(),
            name,
            rank: rank(rule),
        })
    }

    fn is_secret(
        self,
        rule: &Rule,
        text: &[u8],
        name: usize,
        whole: &std::ops::Range<usize>,
        secret: &std::ops::Range<usize>,
    ) -> bool {
        let value = &text[secret.clone()];
        let is_key = matches!(rule.check, Some(Check::PrivateKey | Check::Base64PrivateKey | Check::Jwt));
        let is_password =
            matches!(rule.check, Some(Check::Password | Check::RandomPassword | Check::UrlPassword | Check::BasicAuth));
        if !matches!(rule.kind, Kind::Prefix(_)) && is_test_of_package(self.path) {
            return false;
        }
        (is_key || (!is_placeholder(value) && (is_password || bits(value) >= rule.entropy)))
            && near(rule, text, whole)
            && rule.check.is_none_or(|check| check::holds(check, &text[whole.clone()], value, name_around(text, name)))
            && !self.rules.allows.iter().any(|allow| allow.allows(&rule.id, self.path, value))
    }
}

/// Whether a name that no sign follows is given its value all the same: a flag of a command, a column of a table, a setting
/// that its program writes without one.
fn is_given(text: &[u8], begin: usize, end: usize, value: usize) -> bool {
    const BARE: &[&[u8]] = &[b"requirepass", b"masterauth"];
    let name = name_around(text, begin);
    let from = begin - text[..begin].iter().rev().take(60).take_while(|&&byte| is_name(byte)).count();
    let line = from == 0 || matches!(text[from - 1], b'\n' | b'\r');
    let quoted = from > 0 && matches!(text[from - 1], b'"' | b'\'');
    let comma = text[end..].iter().take(60).find(|&&byte| !is_name(byte) && !matches!(byte, b'"' | b'\'')) == Some(&b',');
    name.whole.starts_with(b"-")
        || BARE.contains(&&text[begin..end])
        || (comma && (line || quoted) && !text[end..value].contains(&b'\n'))
}

/// The printable text that the value is the base64 of.
fn encoded_value(text: &[u8], value: usize) -> Option<(usize, Vec<u8>)> {
    let part = window(text, value);
    let letters = part.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')).count();
    let padding = part[letters..].iter().take(2).take_while(|&&byte| byte == b'=').count();
    let length = letters + padding;
    if length < 12 || length % 4 != 0 {
        return None;
    }
    let decoded = check::base64(&part[..length])?;
    let decoded = decoded.strip_suffix(b"\n").unwrap_or(&decoded).to_vec();
    decoded.iter().all(|byte| (b'!'..=b'~').contains(byte)).then_some((value + length, decoded))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// Whether a file is among the tests, examples and documents of a package somebody else made: its passwords and keys are as
/// public as the package. Tokens that a provider issued are looked for there, too.
fn is_test_of_package(path: &[u8]) -> bool {
    const PACKAGES: &[&str] = &[
        "dist-packages/",
        "site-packages/",
        "node_modules/",
        "usr/share/",
        "usr/lib/",
        "usr/lib64/",
        "usr/local/lib/",
        "usr/local/share/",
        "/gems/",
        "go/pkg/mod/",
        "/registry/src/",
        "vendor/",
    ];
    const FOLDERS: &[&str] = &[
        "/test/",
        "/tests/",
        "/testing/",
        "/testdata/",
        "/test_data/",
        "/fixtures/",
        "/example/",
        "/examples/",
        "/samples/",
        "/doc/",
        "/docs/",
        "/spec/",
        "/specs/",
        "/__tests__/",
        "/mocks/",
        "/man/",
        "/certdata/",
    ];
    let name = model::path::file_name(path);
    // How a package's own pipeline is set up is as public as the package.
    let pipeline = [&b".coveralls.yml"[..], b".travis.yml", b"appveyor.yml", b".appveyor.yml", b"circle.yml"].contains(&name);
    let document = pipeline
        || [&b"README"[..], b"CHANGELOG", b"HISTORY"].iter().any(|word| name.starts_with(word))
        || name.ends_with(b".md");
    let package =
        PACKAGES.iter().filter_map(|folder| memchr::memmem::find(path, folder.as_bytes()).map(|at| at + folder.len() - 1)).min();
    package
        .is_some_and(|at| document || FOLDERS.iter().any(|folder| memchr::memmem::find(&path[at..], folder.as_bytes()).is_some()))
}

/// What is tried: no further than a secret goes.
fn window(text: &[u8], from: usize) -> &[u8] {
    &text[from.min(text.len())..text.len().min(from + MAX_LENGTH)]
}

fn rank(rule: &Rule) -> u8 {
    match (&rule.kind, rule.check) {
        (_, Some(Check::Generic)) => 5,
        (_, Some(Check::RandomPassword)) => 4,
        (_, Some(Check::Mixed)) => 3,
        (Kind::Prefix(_) | Kind::File(_), _) => 0,
        (Kind::Around { .. }, _) => 1,
        (Kind::Named(_), _) => 2,
    }
}

/// Of rules that speak of one place the best one is believed, and of equals the one that begins first.
fn resolve(mut found: Vec<Candidate>) -> Vec<Candidate> {
    found.sort_by_key(|one| (one.rank, one.begin, std::cmp::Reverse(one.end), one.rule));
    let mut kept: Vec<Candidate> = Vec::with_capacity(found.len());
    for one in found {
        // Several secrets may be in one run of base64.
        let covered = |other: &Candidate| one.begin < other.end && other.begin < one.end;
        let apart = |other: &Candidate| {
            (one.begin, one.end) == (other.begin, other.end)
                && one.identity != other.identity
                && one.rule != other.rule
                && one.shown == 0
                && one.length + other.length < one.end - one.begin
        };
        if !kept.iter().any(|other| covered(other) && !apart(other)) {
            kept.push(one);
        }
    }
    kept.sort_by_key(|one| (one.begin, one.end, one.rule));
    kept
}

/// Whether a token that begins here is no end of a longer word. An escape (`\n`, `%3D`, `\u003d`) is no part of one.
fn begins_freely(text: &[u8], at: usize, prefix: usize) -> bool {
    let before = &text[at.saturating_sub(6)..at];
    let Some(&last) = before.last() else { return true };
    // Short beginnings happen inside paths and base64.
    let joins = last.is_ascii_alphanumeric() || last == b'_' || (prefix < 4 && matches!(last, b'+' | b'/' | b'-' | b'.'));
    let hex = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_hexdigit);
    let escaped = match before {
        [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., b'%', high, low] => hex(&[*high, *low]),
        [b'\\', b'u', digits @ ..] => digits.len() == 4 && hex(digits),
        [.., b'\\', b'x', high, low] => hex(&[*high, *low]),
        // A colour code of a terminal.
        [.., b'[', b'm'] | [.., b'[', _, b'm'] | [.., b'[', _, _, b'm'] => true,
        _ => false,
    };
    !joins || escaped
}

/// Whether a token that ends here does not go on.
fn ends_freely(text: &[u8], at: usize, named: bool) -> bool {
    let next = text.get(at).copied().unwrap_or(b' ');
    let after = text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    let goes_on = next.is_ascii_alphanumeric()
        || next == b'_'
        || (named && after && matches!(next, b'-' | b'.' | b'+' | b'/' | b':' | b'@'));
    !goes_on
}

/// Where a private key ends: after its last line, or where its text does.
fn key_end(text: &[u8], head: usize) -> usize {
    let rest = window(text, head);
    memchr::memmem::find(rest, b"-----END").map_or(head + rest.len().min(1024), |at| head + at)
}

fn near(rule: &Rule, text: &[u8], whole: &std::ops::Range<usize>) -> bool {
    rule.near.is_empty() || {
        let around = &text[whole.start.saturating_sub(NEAR)..text.len().min(whole.end + NEAR)];
        let lower = around.to_ascii_lowercase();
        rule.near.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
    }
}

/// The whole name that a known part of one stands in.
fn name_around(text: &[u8], at: usize) -> Name<'_> {
    let is = |byte: &u8| is_name(*byte);
    let lowest = at.saturating_sub(60);
    let from = text[lowest..at].iter().rposition(|byte| !is(byte)).map_or(lowest, |place| lowest + place + 1);
    let highest = text.len().min(at + 60);
    let to = text[at..highest].iter().position(|byte| !is(byte)).map_or(highest, |place| at + place);
    Name { whole: &text[from..to], word: at - from }
}

fn identity(rule: &str, secret: &[u8]) -> u64 {
    use sha2::Digest as _;
    let digest = sha2::Sha256::new().chain_update(rule.as_bytes()).chain_update([0]).chain_update(secret).finalize();
    u64::from_le_bytes(digest[..8].try_into().unwrap_or_default())
}
