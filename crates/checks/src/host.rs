//! The CIS Docker Benchmark over facts of a host. Collecting them is somebody else's work; here stands what was seen
//! ([`Facts`]), and rules that judge it and open nothing.
//!
//! A rule that lacks a fact says so: what could not be seen is never taken for good.

pub mod engine;
pub mod facts;
mod history;
pub mod rules;
pub mod settings;

use std::fmt::Display;

use model::host::{Control, HostOutcome};

pub use facts::Facts;
use facts::{Container, Engine, File, Place};

/// The benchmark whose numbers the rules carry.
pub const BENCHMARK: &str = "CIS Docker Benchmark 1.7";
/// What stands before a number of the benchmark among a rule's aliases.
pub const ALIAS: &str = "CIS-Docker-";

/// A rule over facts of a host. Its examples are facts in JSON; they are empty where people alone can tell.
pub type Rule = crate::rule::Rule<fn(&Facts) -> Told>;

/// What a rule says, or which fact it lacks.
pub type Told = Result<Verdict, String>;

/// How a control came out, and upon what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How it came out.
    pub outcome: HostOutcome,
    /// What was seen, in one sentence without its end.
    pub evidence: String,
    /// The containers, images and files that it is about.
    pub items: Vec<String>,
}

impl Verdict {
    /// It is as it should be.
    pub fn pass(evidence: impl Into<String>) -> Self {
        Self::new(HostOutcome::Pass, evidence)
    }

    /// It is not.
    pub fn fail(evidence: impl Into<String>) -> Self {
        Self::new(HostOutcome::Fail, evidence)
    }

    /// A person has to look.
    pub fn manual(evidence: impl Into<String>) -> Self {
        Self::new(HostOutcome::Manual, evidence)
    }

    /// There is nothing here that the control speaks of.
    pub fn not_applicable(evidence: impl Into<String>) -> Self {
        Self::new(HostOutcome::NotApplicable, evidence)
    }

    /// Good where the condition holds.
    pub fn pass_if(condition: bool, evidence: impl Into<String>) -> Self {
        if condition { Self::pass(evidence) } else { Self::fail(evidence) }
    }

    /// With what it is about.
    #[must_use]
    pub fn on(mut self, items: impl IntoIterator<Item = impl Display>) -> Self {
        self.items = items.into_iter().map(|item| item.to_string()).collect();
        self
    }

    fn new(outcome: HostOutcome, evidence: impl Into<String>) -> Self {
        Self { outcome, evidence: evidence.into(), items: Vec::new() }
    }
}

/// Judges the facts by these rules, in their order.
pub fn judge<'r>(facts: &Facts, rules: impl IntoIterator<Item = &'r Rule>) -> Vec<Control> {
    rules.into_iter().map(|rule| control(rule, facts)).collect()
}

fn control(rule: &Rule, facts: &Facts) -> Control {
    let verdict = (rule.check)(facts).unwrap_or_else(|why| Verdict::new(HostOutcome::Undetermined, why));
    Control {
        id: rule.id.to_owned(),
        number: number(rule).to_owned(),
        section: section(number(rule)).to_owned(),
        aliases: rule.aliases.iter().map(|&alias| alias.to_owned()).collect(),
        title: rule.title.to_owned(),
        severity: rule.severity,
        outcome: verdict.outcome,
        evidence: verdict.evidence,
        items: verdict.items,
        why: rule.why.to_owned(),
        fix: rule.fix.to_owned(),
        link: rule.link.to_owned(),
    }
}

/// The control's number in the benchmark.
pub fn number(rule: &Rule) -> &'static str {
    rule.aliases.iter().find_map(|alias| alias.strip_prefix(ALIAS)).unwrap_or_default()
}

/// What a section of the benchmark is about.
pub fn section(number: &str) -> &'static str {
    match number.split('.').next().unwrap_or_default() {
        "1" => "Host",
        "2" => "Engine",
        "3" => "Files of the engine",
        "4" => "Images",
        "5" => "Containers",
        "6" => "Operations",
        "7" => "Swarm",
        _ => "Others",
    }
}

impl Facts {
    /// What the engine says.
    fn asked(&self) -> Result<&Engine, String> {
        self.engine.get().map_err(|why| format!("the engine could not be asked: {why}"))
    }

    /// The files of a part; none where it is not on the host.
    fn place(&self, place: Place) -> Result<&[File], String> {
        let files = self.files.get(&place).ok_or("nobody looked")?;
        files.get().map(Vec::as_slice).map_err(|why| format!("it could not be looked at: {why}"))
    }

    /// Looks for a fault in each container: `find` says what it is, or nothing but that it is there. `fault` names it as in
    /// `2 of 3 containers without a limit`.
    fn each_container(&self, fault: &str, find: impl Fn(&Container) -> Option<String>) -> Told {
        self.containers_with(fault, find, Verdict::fail)
    }

    /// The same where a container that stands out has to be judged by a person.
    fn each_container_manually(&self, what: &str, find: impl Fn(&Container) -> Option<String>) -> Told {
        self.containers_with(what, find, Verdict::manual)
    }

    fn containers_with(&self, what: &str, find: impl Fn(&Container) -> Option<String>, verdict: fn(String) -> Verdict) -> Told {
        let engine = self.asked()?;
        let found = engine.containers.iter().filter_map(|one| find(one).map(|about| labelled(&one.label(), &about)));
        let found: Vec<String> = found.collect();
        let evidence = format!("{} of {} {what}", found.len(), count(engine.containers.len(), "container"));
        match (found.is_empty(), engine.unread_containers.first()) {
            (false, _) => Ok(verdict(evidence).on(found)),
            (true, Some(first)) => {
                Err(format!("{} could not be looked at: {first}", count(engine.unread_containers.len(), "container")))
            }
            (true, None) if engine.containers.is_empty() => Ok(Verdict::not_applicable("there is no container")),
            (true, None) => Ok(Verdict::pass(evidence)),
        }
    }
}

fn labelled(name: &str, about: &str) -> String {
    if about.is_empty() { name.to_owned() } else { format!("{name}: {about}") }
}

/// `1 container`, `2 containers`.
fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
