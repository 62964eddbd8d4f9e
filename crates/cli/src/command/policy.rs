//! `plimsoll policy`: what a policy means, and whether it decides as it should.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use jiff::Timestamp;
use model::report::Outcome;
use policy::{CaseFile, Question};

use crate::args::Global;
use crate::args::policy::{Explain, Policy, PolicyVerb, Test};
use crate::exit::Exit;
use crate::{gate, printer};

/// Runs the verb.
pub fn run(global: &Global, policy: &Policy) -> anyhow::Result<Exit> {
    match &policy.verb {
        PolicyVerb::Test(test) => run_cases(global, test),
        PolicyVerb::Explain(explain) => run_explain(global, explain),
    }
}

fn run_explain(global: &Global, explain: &Explain) -> anyhow::Result<Exit> {
    let Some(file) = &explain.file else {
        printer::result(policy::context().as_bytes(), None)?;
        return Ok(Exit::Done);
    };
    let policy = gate::read_policy(file)?;
    let environment = explain.environment.as_deref();
    let question = gate::of_stored(explain.at.name(), environment, Timestamp::now(), global.max_db_age);
    let text = match explain.report.as_slice() {
        [] => policy::explain(&policy),
        [report] => policy::explain_report(&policy, &mut gate::read_report(report)?, &question),
        reports => dry_run(&policy, reports, &question)?,
    };
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}

/// What the policy would decide upon each report: a line each, then how many of each outcome.
fn dry_run(policy: &policy::Policy, reports: &[PathBuf], question: &Question<'_>) -> anyhow::Result<String> {
    let mut out = String::new();
    let mut counted = [(Outcome::Allow, 0), (Outcome::Warn, 0), (Outcome::Deny, 0)];
    for path in reports {
        let mut facts = gate::read_report(path)?;
        let decision = policy::decide(policy, "", &mut facts, question);
        let why = match decision.reasons.as_slice() {
            [] => String::new(),
            [one] => format!("  {}: {}", one.rule, one.message),
            [first, rest @ ..] => format!("  {}: {} (and {} more)", first.rule, first.message, rest.len()),
        };
        out.push_str(&format!("{:<5}  {}{why}\n", decision.outcome.name(), path.display()));
        for (outcome, number) in &mut counted {
            *number += usize::from(*outcome == decision.outcome);
        }
    }
    let counted = counted.map(|(outcome, number)| format!("{number} {}", outcome.name()));
    out.push_str(&format!("{}\n", counted.join(", ")));
    // Messages may quote what an image says of itself; it must not drive the terminal.
    Ok(printer::harmless(&out))
}

fn run_cases(global: &Global, test: &Test) -> anyhow::Result<Exit> {
    let (mut out, mut failed, mut passed) = (String::new(), 0, 0);
    for path in &test.cases {
        let bytes = gate::bytes(path, policy::MAX_SIZE as u64)
            .with_context(|| format!("the cases {} could not be read", path.display()))?;
        let file = CaseFile::read(&bytes).map_err(|error| anyhow::anyhow!("{}:{error}", path.display()))?;
        if file.cases.is_empty() {
            bail!("{} holds no case; write at least one", path.display());
        }
        let policy = gate::read_policy(&beside(path, &file.policy))?;
        for case in &file.cases {
            let mut facts = gate::read_report(&beside(path, &case.report))?;
            let now = case.now.unwrap_or(facts.created());
            let question = gate::of_stored(case.at(), case.environment.as_deref(), now, global.max_db_age);
            let decision = policy::decide(&policy, &file.policy, &mut facts, &question);
            match case.check(&decision) {
                Ok(()) => {
                    passed += 1;
                    out.push_str(&format!("ok      {}\n", case.name));
                }
                Err(why) => {
                    failed += 1;
                    out.push_str(&format!("FAILED  {}: {why}\n", case.name));
                }
            }
        }
    }
    out.push_str(&format!("{passed} passed, {failed} failed\n"));
    printer::result(out.as_bytes(), None)?;
    Ok(if failed == 0 { Exit::Done } else { Exit::Refused })
}

/// A path that a file names relative to itself.
fn beside(file: &Path, name: &str) -> PathBuf {
    file.parent().map_or_else(|| PathBuf::from(name), |folder| folder.join(name))
}
