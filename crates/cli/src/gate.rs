//! A policy is asked: by `gate`, and by `scan --policy`. What is missing is a written deny; a policy that is none is an error.

use std::io::Read;
use std::path::Path;

use anyhow::{Context, bail};
use jiff::Timestamp;
use matcher::MatchOptions;
use model::digest::Digest;
use model::report::{Decision, Outcome, Report};
use policy::{Facts, Policy, Question};

use crate::args::policy::At;
use crate::args::scan::Gates;
use crate::exit::Exit;

/// Bytes of a stored report; those of large images have some 50 MB.
pub const MAX_REPORT: u64 = 1 << 30;

/// Where a stored report was read from.
pub struct StoredIn {
    /// Digest of the file.
    pub digest: Digest,
    /// When the report was written.
    pub created: Option<Timestamp>,
}

/// A policy, and where it is asked.
pub struct Asked<'a> {
    /// The policy's name in decisions: its path, as it was given.
    name: String,
    /// The policy, or why it is missing.
    policy: Result<Policy, String>,
    at: At,
    environment: Option<&'a str>,
}

impl<'a> Asked<'a> {
    /// Reads a policy. One that is missing is kept as a reason to deny; one that is wrong is an error with its place.
    pub fn new(path: &Path, at: At, environment: Option<&'a str>) -> anyhow::Result<Self> {
        if environment.is_some_and(|name| name.trim().is_empty()) {
            bail!("--environment names nothing; write a name, or leave it away");
        }
        let policy = match bytes(path, policy::MAX_SIZE as u64 + 1) {
            Ok(bytes) => Ok(parse(path, &bytes)?),
            Err(error) => Err(format!("the policy {} could not be read: {error}", path.display())),
        };
        Ok(Self { name: path.display().to_string(), policy, at, environment })
    }

    /// `--policy`, where it is given.
    pub fn by(gates: &'a Gates) -> anyhow::Result<Option<Self>> {
        gates.policy.as_deref().map(|path| Self::new(path, gates.at, gates.environment.as_deref())).transpose()
    }

    /// Whether a rule speaks of licences, so that they must be looked at.
    pub fn asks_for_licenses(&self) -> bool {
        self.policy.as_ref().is_ok_and(Policy::asks_for_licenses)
    }

    /// Whether a rule names one of a report's lists (`secrets`, `misconfigurations`), so that it must be looked for.
    pub fn asks_for(&self, fact: &str) -> bool {
        self.policy.as_ref().is_ok_and(|policy| policy.asks_for(fact))
    }

    /// Writes beside each licence what the policy's lists say of it.
    pub fn judge_licenses(&self, report: &mut Report) {
        if let (Ok(policy), Some(licenses)) = (&self.policy, report.licenses.take()) {
            report.licenses = Some(policy.judge_licenses(licenses, &report.image.reference, self.at.name(), self.environment));
        }
    }

    fn question(&self, options: &MatchOptions, scanned: Option<Timestamp>) -> Question<'_> {
        Question {
            gate: self.at.name(),
            environment: self.environment,
            now: options.now,
            max_database_age: options.max_db_age,
            scanned,
        }
    }

    /// Decides upon a report that holds every finding, filters or not: of a scan just made, or one that was `stored`.
    pub fn decide(&self, report: &Report, options: &MatchOptions, stored: Option<&StoredIn>) -> Decision {
        // As JSON, so that a stored report is decided upon in the same way.
        let facts = report::json::compact(report).map_err(|error| error.to_string());
        let facts = facts.and_then(|json| Facts::read(&json).map_err(|error| error.to_string()));
        self.decide_upon(facts, options, stored)
    }

    /// Decides upon what is known of an image, or refuses for the reason that nothing is.
    pub fn decide_upon(&self, facts: Result<Facts, String>, options: &MatchOptions, stored: Option<&StoredIn>) -> Decision {
        // A stored report is as old as it says, a scan just made is of now.
        let question = self.question(options, if stored.is_some() { None } else { Some(options.now) });
        let mut decision = match (&self.policy, facts) {
            (Err(why), _) => policy::refuse(None, &self.name, "policy", why, &question),
            (Ok(policy), Ok(mut facts)) => policy::decide(policy, &self.name, &mut facts, &question),
            (Ok(policy), Err(why)) => policy::refuse(Some(policy), &self.name, "report", why, &question),
        };
        if let (Some(stored), Some(inputs)) = (stored, &mut decision.inputs) {
            inputs.report = Some(stored.digest);
            inputs.report_created = stored.created;
        }
        decision
    }

    /// The decision where there is nothing to decide upon: `what` is missing.
    pub fn refuse(&self, what: &str, why: &anyhow::Error, options: &MatchOptions) -> Decision {
        let question = self.question(options, None);
        match &self.policy {
            Ok(policy) => policy::refuse(Some(policy), &self.name, what, why.to_string(), &question),
            Err(missing) => policy::refuse(None, &self.name, "policy", missing, &question),
        }
    }
}

/// Reads a policy that must be there.
pub fn read_policy(path: &Path) -> anyhow::Result<Policy> {
    let bytes =
        bytes(path, policy::MAX_SIZE as u64 + 1).with_context(|| format!("the policy {} could not be read", path.display()))?;
    parse(path, &bytes)
}

fn parse(path: &Path, bytes: &[u8]) -> anyhow::Result<Policy> {
    Policy::read(bytes).map_err(|error| anyhow::anyhow!("{}:{error}", path.display()))
}

/// Reads a stored report.
pub fn read_report(path: &Path) -> anyhow::Result<Facts> {
    let bytes = bytes(path, MAX_REPORT).with_context(|| format!("the report {} could not be read", path.display()))?;
    Facts::read(&bytes).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))
}

/// A file, up to so many bytes: what is cut off is refused by whoever reads it.
pub fn bytes(path: &Path, most: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The exit code of a decision.
pub fn exit(decision: &Decision) -> Exit {
    if decision.outcome == Outcome::Deny { Exit::Refused } else { Exit::Done }
}

/// The question that cases and explanations ask of a stored report.
pub fn of_stored<'a>(at: &'a str, environment: Option<&'a str>, now: Timestamp, max_age: std::time::Duration) -> Question<'a> {
    Question { gate: at, environment, now, max_database_age: max_age, scanned: None }
}
