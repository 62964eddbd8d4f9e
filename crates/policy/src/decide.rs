//! From a policy and a report to one decision.

use std::time::Duration;

use model::digest::Digest;
use model::report::{Decision, Inputs, Outcome, Reason};

use crate::cel::{Budget, Eval};
use crate::evidence;
use crate::facts::Facts;
use crate::facts::question::{Question, Subject};
use crate::rule::{Clause, Policy, Rule};
use crate::value::{Type, Value};

/// Steps that all rules of a decision may take together: a second at most, and ten times what a hundred rules over ten
/// thousand findings take.
const STEPS: u64 = 100_000_000;
/// Findings that one rule names; the others are counted.
const NAMED: usize = 20;

/// What one rule had to say.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It is about other images, gates or environments.
    OutOfScope,
    /// Its condition does not hold.
    Silent,
    /// Its condition holds, or has no answer.
    Speaks(Vec<Reason>),
}

/// Decides: deny outweighs warn, warn outweighs allow; where no rule speaks and nothing is missing, the answer is allow.
/// `name` is what the policy is called in the decision.
pub fn decide(policy: &Policy, name: &str, facts: &mut Facts, question: &Question<'_>) -> Decision {
    facts.age(question.now, question.max_database_age);
    let subject = subject(facts, question);
    let mut reasons = missing_evidence(policy, &subject, question.max_database_age);
    for (_, answer) in answers(policy, &subject) {
        if let Answer::Speaks(mut said) = answer {
            reasons.append(&mut said);
        }
    }
    // The sort is stable, names are unique, and what one rule says is in the order of the findings.
    reasons.sort_by(|left, right| right.outcome.cmp(&left.outcome).then_with(|| left.rule.cmp(&right.rule)));
    let outcome = reasons.iter().map(|reason| reason.outcome).max().unwrap_or(Outcome::Allow);
    let sha256 = |hex: &str| format!("sha256:{hex}").parse::<Digest>().ok();
    let inputs = Inputs {
        policy: Some(policy.digest),
        database: facts.database.sha256.as_deref().and_then(sha256),
        image: facts.image.digest.as_deref().and_then(|digest| digest.parse().ok()),
        gate: question.gate.to_owned(),
        environment: question.environment.map(str::to_owned),
        ..Inputs::default()
    };
    Decision { outcome, policy: name.to_owned(), reasons, inputs: Some(inputs) }
}

/// The decision where there is nothing to decide upon: no policy that can be read, no image, no database.
pub fn refuse(policy: Option<&Policy>, name: &str, what: &str, message: impl Into<String>, question: &Question<'_>) -> Decision {
    let inputs = Inputs {
        policy: policy.map(|policy| policy.digest),
        gate: question.gate.to_owned(),
        environment: question.environment.map(str::to_owned),
        ..Inputs::default()
    };
    Decision {
        outcome: Outcome::Deny,
        policy: name.to_owned(),
        reasons: vec![evidence::missing(message, what)],
        inputs: Some(inputs),
    }
}

pub(crate) fn subject<'a>(facts: &'a Facts, question: &'a Question<'_>) -> Subject<'a> {
    Subject {
        facts,
        gate: question.gate,
        environment: question.environment,
        now: question.now,
        scanned: question.scanned.unwrap_or(facts.created),
    }
}

/// What is missing, as far as no rule says how much may.
pub(crate) fn missing_evidence(policy: &Policy, subject: &Subject<'_>, max_age: Duration) -> Vec<Reason> {
    let ruled = policy.rules.iter().any(|rule| rule.speaks_for_coverage(subject.environment) && in_scope(rule, subject));
    // Who asks for licences alone needs no advisories.
    let advisories = !policy.rules.iter().all(Rule::is_about_licenses);
    evidence::check(subject, max_age, ruled, advisories)
}

/// Every rule with what it has to say.
pub(crate) fn answers<'a>(policy: &'a Policy, subject: &'a Subject<'a>) -> Vec<(&'a Rule, Answer)> {
    let mut budget = Budget::new(STEPS);
    policy.rules.iter().map(|rule| (rule, answer(rule, subject, &mut budget))).collect()
}

fn in_scope(rule: &Rule, subject: &Subject<'_>) -> bool {
    rule.scope.covers(&subject.facts.image.reference, subject.gate, subject.environment)
}

fn answer<'a>(rule: &'a Rule, subject: &'a Subject<'a>, budget: &mut Budget) -> Answer {
    if !in_scope(rule, subject) {
        return Answer::OutOfScope;
    }
    let mut reasons = Vec::new();
    for clause in &rule.clauses {
        let mut eval = Eval::new(subject, budget);
        match eval.test(&clause.node) {
            Ok(false) => {}
            Ok(true) => reasons.extend(why(rule, clause, &mut eval)),
            // Whatever the rule would have said: without an answer nothing passes.
            Err(fault) => {
                let message = format!("the condition has no answer: {}", fault.message());
                reasons.push(reason(rule, Outcome::Deny, message, String::new()));
            }
        }
    }
    if reasons.is_empty() { Answer::Silent } else { Answer::Speaks(reasons) }
}

/// The reasons of a clause that holds: one for each finding that made it so, else one.
fn why<'a>(rule: &'a Rule, clause: &'a Clause, eval: &mut Eval<'a, '_>) -> Vec<Reason> {
    let says = |rest: &str| {
        let words = match (&rule.message, clause.says.as_str()) {
            (Some(message), says) if says.starts_with("not looked at") => format!("{message}: {says}"),
            (Some(message), _) => message.clone(),
            (None, "") => format!("`{}` holds", one_line(&clause.cel)),
            (None, says) => says.to_owned(),
        };
        if rest.is_empty() { words } else { format!("{words}: {rest}") }
    };
    let (mut named, mut more) = (Vec::new(), 0_usize);
    let witnesses = eval.witnesses(&clause.node, true, &mut |item| {
        if named.len() < NAMED { named.push(item) } else { more += 1 }
    });
    if let Err(fault) = witnesses {
        return vec![reason(rule, Outcome::Deny, format!("the condition has no answer: {}", fault.message()), String::new())];
    }
    let mut reasons: Vec<Reason> = Vec::new();
    let outcome = rule.outcome_of(clause);
    for (what, subject) in named.into_iter().filter_map(|item| describe(item, rule.is_about_licenses())) {
        let one = reason(rule, outcome, says(&what), subject);
        // Two sides of a condition may name the same finding.
        if !reasons.contains(&one) {
            reasons.push(one);
        }
    }
    if reasons.is_empty() {
        reasons.push(reason(rule, outcome, says(""), "image".to_owned()));
    } else if more > 0 {
        reasons.push(reason(rule, outcome, says(&format!("and {more} more")), String::new()));
    }
    reasons
}

fn reason(rule: &Rule, outcome: Outcome, message: String, subject: String) -> Reason {
    Reason { rule: rule.name.clone(), message, subject, outcome, link: rule.link.clone() }
}

/// What an item of a list is called, and what it is of; of packages their licence, too, where it is about that.
fn describe(item: Value<'_>, licenses: bool) -> Option<(String, String)> {
    let record = match item {
        Value::Record(record) => record,
        Value::Text(text) => return Some((text.to_owned(), "image".to_owned())),
        _ => return None,
    };
    let shape = record.shape();
    let text = |name: &str| {
        let index = shape.fields.iter().position(|field| field.name == name)?;
        match record.field(index) {
            Value::Text(text) => Some(text.to_owned()),
            _ => None,
        }
    };
    match shape.name {
        "finding" => {
            let what = format!("{} in {} {}", text("id")?, text("package")?, text("version")?);
            Some((what, text("purl")?))
        }
        "package" if licenses => Some((format!("{} in {} {}", text("license")?, text("name")?, text("version")?), text("purl")?)),
        "package" => Some((format!("{} {}", text("name")?, text("version")?), text("purl")?)),
        "coverage" => Some((text("release").or_else(|| text("type"))?, "image".to_owned())),
        // Whatever names it first.
        _ => {
            let first = shape.fields.iter().find(|field| matches!(field.of.kind, Type::Text))?;
            Some((text(first.name)?, "image".to_owned()))
        }
    }
}

pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
