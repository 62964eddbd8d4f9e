//! `plimsoll host check`: a host and its engine, by the CIS Docker Benchmark.

use std::path::Path;

use anyhow::{Context, bail, ensure};
use checks::host::facts::SCHEMA;
use checks::host::{self as benchmark, Facts, Rule, rules};
use image::client::ClientOptions;
use model::host::{Control, HostOutcome, HostReport};
use model::report::{Decision, Outcome, Reason};
use model::severity::Severity;
use report::{Format, RenderOptions};

use crate::args::Global;
use crate::args::host::{Host, HostCheck, HostVerb};
use crate::command::scan::{created, say};
use crate::exit::Exit;
use crate::output::Outputs;
use crate::{gate, host, printer};

/// Bytes of a file of facts: those of ten thousand containers have some 30 MB.
const MAX_FACTS: u64 = 256 << 20;

/// Runs the verb.
pub fn run(global: &Global, host: &Host) -> anyhow::Result<Exit> {
    match &host.verb {
        HostVerb::Check(check) => run_check(global, check),
    }
}

fn run_check(global: &Global, check: &HostCheck) -> anyhow::Result<Exit> {
    if let Some(file) = &check.collect {
        let mut bytes = serde_json::to_vec_pretty(&facts(global, check)?)?;
        bytes.push(b'\n');
        printer::result(&bytes, (file != Path::new("-")).then_some(file))?;
        return Ok(Exit::Done);
    }
    let outputs = Outputs::new(&check.output, Format::Table)?;
    let rules = chosen(check)?;
    let facts = facts(global, check)?;
    let controls = benchmark::judge(&facts, rules.iter().copied());
    let mut report = HostReport {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        created: created()?,
        benchmark: benchmark::BENCHMARK.to_owned(),
        engine: facts.engine.get().ok().map(|engine| match &engine.version {
            Some(version) => format!("Docker Engine {version}"),
            None => "an engine of unknown version".to_owned(),
        }),
        skipped: rules::ALL.len() - controls.len(),
        warnings: host::unseen(&facts, &controls),
        controls,
        decision: None,
    };
    let mut exit = Exit::Done;
    if let Some(level) = check.fail_on {
        let (decision, answer) = decide(level, &report.controls, check.allow_undetermined);
        report.decision = Some(decision);
        exit = answer;
    }
    for (format, file) in outputs.wanted() {
        let color = file.is_none() && printer::color(global.no_color);
        let options = RenderOptions { width: printer::width(), color, index: None };
        let bytes = report::host::render(format, &report, &options)?;
        printer::result(&bytes, file.as_deref())?;
    }
    say(exit, report.decision.iter().flat_map(|decision| &decision.reasons), &outputs, global);
    Ok(exit)
}

/// The facts: read from a file, or of this host.
fn facts(global: &Global, check: &HostCheck) -> anyhow::Result<Facts> {
    let Some(file) = &check.facts else {
        let root = check.root.as_deref().unwrap_or(Path::new("/"));
        ensure!(root.is_dir(), "{} is no folder; --root names the host's root file system", root.display());
        return Ok(host::collect(&ClientOptions { offline: global.offline, ..ClientOptions::default() }, root));
    };
    let bytes = gate::bytes(file, MAX_FACTS + 1)
        .with_context(|| format!("the facts {} could not be read; check the path and its permissions", file.display()))?;
    ensure!(bytes.len() as u64 <= MAX_FACTS, "the facts {} are larger than {MAX_FACTS} bytes", file.display());
    let facts: Facts = serde_json::from_slice(&bytes).with_context(|| {
        format!("{} holds no facts of a host; `plimsoll host check --collect FILE` writes them", file.display())
    })?;
    if facts.schema != SCHEMA {
        bail!("{} holds no facts of a host that this version knows (schema {SCHEMA}); collect them anew", file.display());
    }
    Ok(facts)
}

/// The rules that are wanted; a word that names none is a mistake.
fn chosen(check: &HostCheck) -> anyhow::Result<Vec<&'static Rule>> {
    for word in check.only.iter().chain(&check.skip) {
        ensure!(
            rules::ALL.iter().any(|rule| rules::is_named(rule, word)),
            "`{word}` names no control; use an id such as PLM-H022, a control such as 2.2, or a section such as 5"
        );
    }
    let named = |words: &[String], rule: &Rule| words.iter().any(|word| rules::is_named(rule, word));
    let wanted = |rule: &&Rule| (check.only.is_empty() || named(&check.only, rule)) && !named(&check.skip, rule);
    Ok(rules::ALL.iter().copied().filter(wanted).collect())
}

/// What fails refuses. What could not be told leaves the answer open; what only people can tell was never asked.
fn decide(level: Severity, controls: &[Control], allow_undetermined: bool) -> (Decision, Exit) {
    let rule = format!("fail-on misconfig:{level}");
    let of = |outcome: HostOutcome, rule: &str| {
        let concerned = controls.iter().filter(|control| control.severity >= level && control.outcome == outcome);
        let reasons = concerned.map(|control| Reason {
            rule: rule.to_owned(),
            message: format!("{} {}: {}", control.number, control.title, control.evidence),
            subject: control.number.clone(),
            outcome: Outcome::Deny,
            link: Some(control.link.clone()),
        });
        reasons.collect::<Vec<_>>()
    };
    let mut reasons = of(HostOutcome::Fail, &rule);
    let refused = !reasons.is_empty();
    if !allow_undetermined {
        reasons.extend(of(HostOutcome::Undetermined, "undetermined"));
    }
    let (outcome, exit) = match (refused, reasons.is_empty()) {
        (true, _) => (Outcome::Deny, Exit::Refused),
        (false, false) => (Outcome::Deny, Exit::Undetermined),
        (false, true) => (Outcome::Allow, Exit::Done),
    };
    (Decision { outcome, policy: rule, reasons, inputs: None }, exit)
}
