//! The policy file as it is written: YAML, checked for its form alone.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use crate::short_form::Short;

/// A whole file.
/// How each field of a rule is written.
const EXAMPLES: [&str; 23] = [
    "name: no-criticals",
    "scope: {gate: [push, admit], image: \"registry.example.com/**\", environment: production}",
    "outcome: warn",
    "message: Attackers use this today",
    "link: https://wiki.example.com/exploited",
    "when: image.user == null",
    "max-severity: medium",
    "deny-exploited: true",
    "fix-within-days: {severity: high, from-fix: 30}",
    "max-risk: 70",
    "base-image-allowed: [debian, \"registry.example.com/base/*\"]",
    "max-age-of-scan: 7",
    "min-coverage: 90",
    "require-signature: true",
    "require-attestation: true",
    "no-root: true",
    "no-secrets: true",
    "license-deny: [AGPL-3.0-only]",
    "licenses: {allow: [MIT, Apache-2.0, \"BSD-*\"], deny: [AGPL], unknown: warn, except: [\"pkg:deb/debian/*\"]}",
    "not-end-of-life: true",
    "no-malicious: true",
    "exceptions: {longest-days: 90}",
    "rules: [{name: exploited, deny-exploited: true}]",
];

/// How a field is written.
pub(crate) fn example(key: &str) -> Option<&'static str> {
    EXAMPLES.into_iter().find(|example| example.split(':').next() == Some(key))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    pub(crate) schema: Option<Spanned<String>>,
    pub(crate) rules: Spanned<Vec<Spanned<RawRule>>>,
}

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RawRule {
    pub(crate) name: Spanned<String>,
    #[serde(default)]
    pub(crate) scope: Option<Spanned<RawScope>>,
    #[serde(default)]
    pub(crate) outcome: Option<Spanned<RawOutcome>>,
    #[serde(default)]
    pub(crate) message: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) link: Option<Spanned<String>>,
    #[serde(default)]
    pub(crate) when: Option<Spanned<String>>,
    #[serde(default)]
    max_severity: Option<Spanned<Either<Level, MaxSeverity>>>,
    #[serde(default)]
    deny_exploited: Option<Spanned<bool>>,
    #[serde(default)]
    fix_within_days: Option<Spanned<FixWithin>>,
    #[serde(default)]
    max_risk: Option<Spanned<f64>>,
    #[serde(default)]
    base_image_allowed: Option<Spanned<Many>>,
    #[serde(default)]
    max_age_of_scan: Option<Spanned<u32>>,
    #[serde(default)]
    min_coverage: Option<Spanned<Either<u8, MinCoverage>>>,
    #[serde(default)]
    require_signature: Option<Spanned<bool>>,
    #[serde(default)]
    require_attestation: Option<Spanned<bool>>,
    #[serde(default)]
    no_root: Option<Spanned<bool>>,
    #[serde(default)]
    no_secrets: Option<Spanned<bool>>,
    #[serde(default)]
    license_deny: Option<Spanned<Many>>,
    #[serde(default)]
    licenses: Option<Spanned<Licenses>>,
    #[serde(default)]
    not_end_of_life: Option<Spanned<bool>>,
    #[serde(default)]
    no_malicious: Option<Spanned<bool>>,
    #[serde(default)]
    exceptions: Option<Spanned<Exceptions>>,
}

impl RawRule {
    /// The short forms that are written, each with its place.
    pub(crate) fn short_forms(&self) -> Vec<(Short<'_>, serde_saphyr::Location)> {
        let mut all = Vec::new();
        macro_rules! take {
            ($($field:ident => $short:expr;)*) => {
                $(if let Some(written) = &self.$field { all.push(($short(&written.value), written.referenced)); })*
            };
        }
        take! {
            max_severity => |value: &Either<Level, MaxSeverity>| match value {
                Either::Short(level) => Short::MaxSeverity(*level, true),
                Either::Long(long) => Short::MaxSeverity(long.level, long.unrated == Unrated::Deny),
            };
            deny_exploited => |value: &bool| Short::DenyExploited(*value);
            fix_within_days => Short::FixWithin;
            max_risk => |value: &f64| Short::MaxRisk(*value);
            base_image_allowed => |value| Short::BaseImageAllowed(Many::texts(value));
            max_age_of_scan => |value: &u32| Short::MaxAgeOfScan(*value);
            min_coverage => |value: &Either<u8, MinCoverage>| match value {
                Either::Short(judged) => Short::MinCoverage(*judged, CoverageLevel::Partial),
                Either::Long(long) => Short::MinCoverage(long.judged, long.level),
            };
            require_signature => |value: &bool| Short::RequireSignature(*value);
            require_attestation => |value: &bool| Short::RequireAttestation(*value);
            no_root => |value: &bool| Short::NoRoot(*value);
            no_secrets => |value: &bool| Short::NoSecrets(*value);
            license_deny => |value| Short::LicenseDeny(Many::texts(value));
            licenses => Short::Licenses;
            not_end_of_life => |value: &bool| Short::NotEndOfLife(*value);
            no_malicious => |value: &bool| Short::NoMalicious(*value);
            exceptions => Short::Exceptions;
        }
        all
    }
}

/// Where a rule speaks; what is left away means everywhere.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawScope {
    #[serde(default)]
    pub(crate) image: Option<Spanned<Many>>,
    #[serde(default)]
    pub(crate) gate: Option<Spanned<Many>>,
    #[serde(default)]
    pub(crate) environment: Option<Spanned<Many>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RawOutcome {
    Deny,
    Warn,
    Allow,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Level {
    None,
    Negligible,
    Low,
    Medium,
    High,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MaxSeverity {
    level: Level,
    #[serde(default)]
    unrated: Unrated,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Unrated {
    #[default]
    Deny,
    Allow,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct FixWithin {
    #[serde(default)]
    pub(crate) from_fix: Option<u32>,
    #[serde(default)]
    pub(crate) from_disclosure: Option<u32>,
    /// The least severity that counts.
    #[serde(default)]
    pub(crate) severity: Option<FixLevel>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FixLevel {
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MinCoverage {
    judged: u8,
    #[serde(default)]
    level: CoverageLevel,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum CoverageLevel {
    None,
    #[default]
    Partial,
    FixedOnly,
    Full,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Exceptions {
    #[serde(default)]
    pub(crate) longest_days: Option<u32>,
    #[serde(default)]
    pub(crate) authors: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) never_for_exploited: Option<bool>,
}

/// Licences that may be used and that may not, by SPDX identifier, family (`GPL`) or glob (`BSD-*`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Licenses {
    #[serde(default)]
    pub(crate) allow: Option<Many>,
    #[serde(default)]
    pub(crate) deny: Option<Many>,
    /// What a licence that no list speaks of, or that nobody knows, asks for.
    #[serde(default)]
    pub(crate) unknown: Option<RawOutcome>,
    /// Purls of packages that the rule does not speak of.
    #[serde(default)]
    pub(crate) except: Option<Many>,
}

/// One text, or a list of them.
pub(crate) type Many = Either<String, Vec<String>>;

impl Many {
    pub(crate) fn texts(&self) -> Vec<&str> {
        match self {
            Self::Short(text) => vec![text],
            Self::Long(texts) => texts.iter().map(String::as_str).collect(),
        }
    }
}

/// A scalar, or something longer. Unlike an untagged enum of serde it says what is wrong with the longer form.
#[derive(Debug)]
pub(crate) enum Either<S, L> {
    Short(S),
    Long(L),
}

impl<'de, S: Deserialize<'de>, L: Deserialize<'de>> Deserialize<'de> for Either<S, L> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Choice<S, L>(PhantomData<(S, L)>);
        use serde::de::value::{StrDeserializer, U64Deserializer};
        impl<'de, S: Deserialize<'de>, L: Deserialize<'de>> Visitor<'de> for Choice<S, L> {
            type Value = Either<S, L>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("one value, or its long form")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                S::deserialize(StrDeserializer::new(text)).map(Either::Short)
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Self::Value, E> {
                S::deserialize(U64Deserializer::new(number)).map(Either::Short)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                L::deserialize(MapAccessDeserializer::new(map)).map(Either::Long)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
                L::deserialize(SeqAccessDeserializer::new(seq)).map(Either::Long)
            }
        }
        deserializer.deserialize_any(Choice(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    #[test]
    fn examples_are_read() {
        for example in super::EXAMPLES {
            let rule = match example.split(':').next().unwrap() {
                "rules" => example.to_owned(),
                "name" => format!("rules:\n  - {example}\n    deny-exploited: true\n"),
                "scope" | "message" | "link" => format!("rules:\n  - name: a\n    deny-exploited: true\n    {example}\n"),
                "when" => format!("rules:\n  - name: a\n    outcome: deny\n    {example}\n"),
                "outcome" => format!("rules:\n  - name: a\n    {example}\n    when: image.digest == null\n"),
                _ => format!("rules:\n  - name: a\n    {example}\n"),
            };
            Policy::read(rule.as_bytes()).unwrap_or_else(|error| panic!("{example}: {error}"));
        }
    }

    #[test]
    fn what_a_field_cannot_be_is_told_with_an_example() {
        for (line, example) in [
            ("fix-within-days: soon", "write it as in `fix-within-days: {severity: high, from-fix: 30}`"),
            ("deny-exploited: [1]", "write it as in `deny-exploited: true`"),
            ("min-coverage: lots", "write it as in `min-coverage: 90`"),
            ("require-attestation: slsa", "write it as in `require-attestation: true`"),
            ("licenses: [MIT]", "write it as in `licenses: {allow: [MIT"),
            ("max-severty: high", "unknown field `max-severty`"),
        ] {
            let error = Policy::read(format!("rules:\n  - name: a\n    {line}\n").as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("3:") && error.contains(example), "{error}");
        }
    }
}
