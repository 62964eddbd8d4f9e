//! A policy that was read and checked.

use model::digest::Digest;
use model::report::Outcome;

use crate::cel::Node;
use crate::pattern::ImagePatterns;
use crate::short_form::LicenseLists;

/// A policy: rules, each with a name of its own. Their order means nothing.
#[derive(Debug)]
pub struct Policy {
    /// Of the file's bytes.
    pub digest: Digest,
    /// In the order of the file.
    pub(crate) rules: Vec<Rule>,
}

impl Policy {
    /// Whether a condition names one of a report's lists, so that it must be looked for.
    pub fn asks_for(&self, fact: &str) -> bool {
        self.rules.iter().flat_map(|rule| &rule.clauses).any(|clause| clause.cel.contains(fact))
    }
}

/// One rule.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: String,
    /// Where it stands in the file.
    pub(crate) line: u64,
    pub(crate) scope: Scope,
    /// `when`, or the short form's key.
    pub(crate) form: &'static str,
    /// One is enough.
    pub(crate) clauses: Vec<Clause>,
    /// Of a rule about licences.
    pub(crate) license_lists: Option<LicenseLists>,
    pub(crate) outcome: Outcome,
    pub(crate) message: Option<String>,
    pub(crate) link: Option<String>,
}

/// Part of a condition.
#[derive(Debug)]
pub(crate) struct Clause {
    pub(crate) cel: String,
    /// What is wrong where it holds; empty where the user wrote the condition.
    pub(crate) says: String,
    /// What it asks for at most; `None`: what its rule asks for.
    pub(crate) at_most: Option<Outcome>,
    pub(crate) node: Node,
}

/// Where a rule speaks; `None` is everywhere.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) images: Option<ImagePatterns>,
    pub(crate) gates: Option<Vec<String>>,
    pub(crate) environments: Option<Vec<String>>,
}

impl Scope {
    /// Whether a rule speaks of an image at a gate. Where nobody said in which environment, it could be any of them.
    pub(crate) fn covers(&self, reference: &str, gate: &str, environment: Option<&str>) -> bool {
        self.images.as_ref().is_none_or(|images| images.matches(reference))
            && self.gates.as_ref().is_none_or(|gates| gates.iter().any(|one| one == gate))
            && match (&self.environments, environment) {
                (Some(names), Some(environment)) => names.iter().any(|one| one == environment),
                _ => true,
            }
    }

    /// In words, for people.
    pub(crate) fn words(&self) -> String {
        let mut parts = Vec::new();
        if let Some(gates) = &self.gates {
            parts.push(format!("at {}", gates.join(", ")));
        }
        if let Some(names) = &self.environments {
            parts.push(format!("in {}", names.join(", ")));
        }
        if let Some(images) = &self.images {
            parts.push(format!("for {}", images.texts.join(", ")));
        }
        if parts.is_empty() { "everywhere".to_owned() } else { parts.join(" ") }
    }
}

impl Rule {
    /// Whether it speaks of licences and of nothing else.
    pub(crate) fn is_about_licenses(&self) -> bool {
        matches!(self.form, "licenses" | "license-deny")
    }

    /// What a clause of this rule asks for.
    pub(crate) fn outcome_of(&self, clause: &Clause) -> Outcome {
        clause.at_most.map_or(self.outcome, |most| most.min(self.outcome))
    }

    /// The whole condition.
    pub(crate) fn cel(&self) -> String {
        match self.clauses.as_slice() {
            [one] => one.cel.clone(),
            all => all.iter().map(|clause| format!("({})", clause.cel)).collect::<Vec<_>>().join(" || "),
        }
    }

    /// Whether it says how much must be judged, in the place of what is asked otherwise. Where nobody said in which
    /// environment, a rule of one environment does not.
    pub(crate) fn speaks_for_coverage(&self, environment: Option<&str>) -> bool {
        self.form == "min-coverage" && (self.scope.environments.is_none() || environment.is_some())
    }
}
