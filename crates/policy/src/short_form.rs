//! The short forms of conditions. Each compiles to CEL that the user could have written, in clauses of which one is enough for
//! the rule to speak: each says in words what it found. Where a fact is missing that a form rests on, the form speaks.

mod evidence;
mod exceptions;
mod findings;
mod licenses;
mod origin;

use model::license::Terms;
use model::report::Outcome;

use crate::file::{CoverageLevel, Exceptions, FixWithin, Level, Licenses};
use crate::purls::PurlPatterns;

/// A short form with what it is given.
#[derive(Debug)]
pub(crate) enum Short<'a> {
    /// The worst severity that passes, and whether unrated findings count.
    MaxSeverity(Level, bool),
    DenyExploited(bool),
    FixWithin(&'a FixWithin),
    MaxRisk(f64),
    BaseImageAllowed(Vec<&'a str>),
    /// Days.
    MaxAgeOfScan(u32),
    /// Per cent of packages, and how completely the feeds must speak.
    MinCoverage(u8, CoverageLevel),
    RequireSignature(bool),
    RequireAttestation(bool),
    NoRoot(bool),
    NoSecrets(bool),
    LicenseDeny(Vec<&'a str>),
    Licenses(&'a Licenses),
    NotEndOfLife(bool),
    NoMalicious(bool),
    Exceptions(&'a Exceptions),
}

/// Part of a condition; the parts are joined by `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// The condition.
    pub(crate) cel: String,
    /// What is wrong where it holds.
    pub(crate) says: String,
    /// What it asks for at most; `None`: what its rule asks for.
    pub(crate) at_most: Option<Outcome>,
}

fn part(cel: impl Into<String>, says: impl Into<String>) -> Part {
    Part { cel: cel.into(), says: says.into(), at_most: None }
}

/// Lists of licences, and whom they do not speak of.
#[derive(Debug)]
pub(crate) struct LicenseLists {
    pub(crate) terms: Terms,
    pub(crate) except: PurlPatterns,
}

/// The keys of all short forms, for messages.
pub(crate) const NAMES: &str = "max-severity, deny-exploited, fix-within-days, max-risk, base-image-allowed, max-age-of-scan, \
    min-coverage, require-signature, require-attestation, no-root, no-secrets, license-deny, licenses, not-end-of-life, no-malicious, exceptions";

impl Short<'_> {
    /// Its key in the file.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::MaxSeverity(..) => "max-severity",
            Self::DenyExploited(_) => "deny-exploited",
            Self::FixWithin(_) => "fix-within-days",
            Self::MaxRisk(_) => "max-risk",
            Self::BaseImageAllowed(_) => "base-image-allowed",
            Self::MaxAgeOfScan(_) => "max-age-of-scan",
            Self::MinCoverage(..) => "min-coverage",
            Self::RequireSignature(_) => "require-signature",
            Self::RequireAttestation(_) => "require-attestation",
            Self::NoRoot(_) => "no-root",
            Self::NoSecrets(_) => "no-secrets",
            Self::LicenseDeny(_) => "license-deny",
            Self::Licenses(_) => "licenses",
            Self::NotEndOfLife(_) => "not-end-of-life",
            Self::NoMalicious(_) => "no-malicious",
            Self::Exceptions(_) => "exceptions",
        }
    }

    /// Its condition, or what is wrong with what it was given.
    pub(crate) fn parts(&self) -> Result<Vec<Part>, String> {
        match self {
            Self::DenyExploited(false)
            | Self::RequireSignature(false)
            | Self::RequireAttestation(false)
            | Self::NoRoot(false)
            | Self::NoSecrets(false)
            | Self::NotEndOfLife(false)
            | Self::NoMalicious(false) => {
                Err(format!("`{}: false` never speaks; write `true`, or leave the rule away", self.name()))
            }
            Self::MaxSeverity(level, unrated) => Ok(findings::max_severity(*level, *unrated)),
            Self::DenyExploited(_) => Ok(findings::deny_exploited()),
            Self::FixWithin(within) => findings::fix_within(within),
            Self::MaxRisk(risk) => findings::max_risk(*risk),
            Self::NoMalicious(_) => Ok(findings::no_malicious()),
            Self::BaseImageAllowed(patterns) => origin::base_image_allowed(patterns),
            Self::NotEndOfLife(_) => Ok(origin::not_end_of_life()),
            Self::NoRoot(_) => Ok(origin::no_root()),
            Self::NoSecrets(_) => Ok(origin::no_secrets()),
            Self::Licenses(lists) => licenses::parts(lists),
            Self::LicenseDeny(licenses) => origin::license_deny(licenses),
            Self::MaxAgeOfScan(days) => evidence::max_age_of_scan(*days),
            Self::MinCoverage(percent, level) => evidence::min_coverage(*percent, *level),
            Self::RequireSignature(_) => Ok(evidence::require("signatures", "no signature was verified")),
            Self::RequireAttestation(_) => Ok(evidence::require("attestations", "no attestation was verified")),
            Self::Exceptions(caps) => exceptions::caps(caps),
        }
    }
}

impl Short<'_> {
    /// The lists of a rule about licences, by which verdicts are told beside its decision.
    pub(crate) fn license_lists(&self) -> Option<LicenseLists> {
        match self {
            Self::Licenses(lists) => licenses::lists(lists).ok(),
            _ => None,
        }
    }
}

/// A CEL string literal.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => out.extend(['\\', character]),
            character if character.is_control() => out.push_str(&format!("\\u{:04x}", character as u32)),
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

/// A CEL list of string literals.
fn list<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", texts.into_iter().map(quoted).collect::<Vec<_>>().join(", "))
}

/// A CEL duration of days.
fn days(days: u32) -> String {
    format!("duration(\"{}h\")", u64::from(days) * 24)
}
