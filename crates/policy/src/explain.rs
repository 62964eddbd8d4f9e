//! A policy in words: each rule with the CEL it stands for, and of a report, what each had to say.

use std::fmt::Write as _;

use model::report::{Outcome, Reason};

use crate::decide::{Answer, answers, missing_evidence, one_line, subject};
use crate::facts::Facts;
use crate::facts::question::{Question, VARIABLES};
use crate::rule::{Policy, Rule};
use crate::value::{Shape, Type, Typed};

/// Every rule: where it speaks, when, and what then.
pub fn explain(policy: &Policy) -> String {
    let mut out = String::new();
    for rule in &policy.rules {
        write_rule(&mut out, rule);
    }
    out
}

/// Every rule, and what it says of a report; then what decided.
pub fn explain_report(policy: &Policy, facts: &mut Facts, question: &Question<'_>) -> String {
    facts.age(question.now, question.max_database_age);
    let subject = subject(facts, question);
    let mut out = String::new();
    let missing = missing_evidence(policy, &subject, question.max_database_age);
    let mut worst = missing.iter().map(|reason| (reason.outcome, reason.rule.as_str())).max_by_key(|(outcome, _)| *outcome);
    let answers = answers(policy, &subject);
    for (rule, answer) in &answers {
        write_rule(&mut out, rule);
        match answer {
            Answer::OutOfScope => out.push_str("  → not asked: out of its scope\n"),
            Answer::Silent => out.push_str("  → silent: the condition does not hold\n"),
            Answer::Speaks(reasons) => {
                write_reasons(&mut out, reasons);
                let outcome = reasons.iter().map(|reason| reason.outcome).max().unwrap_or(Outcome::Allow);
                if worst.is_none_or(|(worst, _)| outcome > worst) {
                    worst = Some((outcome, &rule.name));
                }
            }
        }
    }
    if !missing.is_empty() {
        out.push_str("evidence (deny)\n  where: everywhere\n");
        write_reasons(&mut out, &missing);
    }
    let _ = match worst {
        Some((outcome, rule)) => writeln!(out, "Decision: {}, by {rule}", outcome.name()),
        None => writeln!(out, "Decision: allow, as no rule speaks"),
    };
    out
}

fn write_rule(out: &mut String, rule: &Rule) {
    let _ = writeln!(out, "{} ({}, {}), line {}", rule.name, rule.outcome.name(), rule.form, rule.line);
    let _ = writeln!(out, "  where: {}", rule.scope.words());
    let _ = writeln!(out, "  when: {}", one_line(&rule.cel()));
    if let Some(message) = &rule.message {
        let _ = writeln!(out, "  says: {}", one_line(message));
    }
    if let Some(link) = &rule.link {
        let _ = writeln!(out, "  link: {link}");
    }
}

fn write_reasons(out: &mut String, reasons: &[Reason]) {
    for reason in reasons {
        let _ = writeln!(out, "  → {}: {}", reason.outcome.name(), one_line(&reason.message));
    }
}

/// What conditions can name, as a table in Markdown: variables first, then the fields of each record.
pub fn context() -> String {
    let mut out = String::from("# What a condition can name\n");
    let mut waiting = vec![&VARIABLES];
    let mut done: Vec<&str> = Vec::new();
    while let Some(shape) = waiting.pop() {
        if done.contains(&shape.name) {
            continue;
        }
        done.push(shape.name);
        let title = if std::ptr::eq(shape, &raw const VARIABLES) { "Variables".to_owned() } else { format!("`{}`", shape.name) };
        let _ = writeln!(out, "\n## {title}\n\n| name | type | what |\n|---|---|---|");
        for field in shape.fields {
            let null = if field.of.nullable { " or null" } else { "" };
            let _ = writeln!(out, "| `{}` | {}{null} | {} |", field.name, field.of.kind.name(), field.about);
        }
        // The last is taken first.
        waiting.extend(shape.fields.iter().rev().filter_map(|field| record_of(field.of)));
    }
    out
}

fn record_of(typed: Typed) -> Option<&'static Shape> {
    match typed.kind {
        Type::Record(shape) => Some(shape),
        Type::List(of) => record_of(*of),
        _ => None,
    }
}
