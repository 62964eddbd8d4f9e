//! Cases of a policy: reports with the decision that is expected, so that a policy is tested as code is.

use std::collections::BTreeSet;

use jiff::Timestamp;
use model::report::Decision;
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::facts::question::GATES;
use crate::place::PolicyError;

/// A file of cases; paths in it are relative to it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseFile {
    /// Path of the policy.
    pub policy: String,
    /// The cases.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is about.
    pub name: String,
    /// Path of a stored report (`plimsoll.report/v1`).
    pub report: String,
    at: Spanned<String>,
    /// Where the image is to run.
    #[serde(default)]
    pub environment: Option<String>,
    /// The time of the decision; without it, when the report was written, so that cases stay true.
    #[serde(default)]
    pub now: Option<Timestamp>,
    expect: Spanned<String>,
    /// Exactly the rules that speak, `evidence` for missing evidence; without it any.
    #[serde(default)]
    rules: Option<BTreeSet<String>>,
}

impl CaseFile {
    /// Reads a file of cases.
    pub fn read(bytes: &[u8]) -> Result<Self, PolicyError> {
        let file: Self = serde_saphyr::from_slice(bytes).map_err(|error| PolicyError::of_yaml(&error))?;
        for case in &file.cases {
            for (word, known) in [(&case.at, GATES), (&case.expect, &["deny", "warn", "allow"][..])] {
                if !known.contains(&word.value.as_str()) {
                    let message = format!("`{}` is not one of {}", word.value, known.join(", "));
                    return Err(PolicyError::at(word.referenced, message));
                }
            }
        }
        Ok(file)
    }
}

impl Case {
    /// The gate.
    pub fn at(&self) -> &str {
        &self.at.value
    }

    /// What is not as expected.
    pub fn check(&self, decision: &Decision) -> Result<(), String> {
        let outcome = decision.outcome.name();
        let spoke: BTreeSet<String> = decision.reasons.iter().map(|reason| reason.rule.clone()).collect();
        let list = |names: &BTreeSet<String>| {
            if names.is_empty() { "none".to_owned() } else { names.iter().cloned().collect::<Vec<_>>().join(", ") }
        };
        if outcome != self.expect.value {
            return Err(format!("expected {}, the answer is {outcome} (rules that speak: {})", self.expect.value, list(&spoke)));
        }
        match &self.rules {
            Some(expected) if *expected != spoke => {
                Err(format!("expected these rules to speak: {}; those that do: {}", list(expected), list(&spoke)))
            }
            _ => Ok(()),
        }
    }
}
