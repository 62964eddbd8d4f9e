//! What checking a file of manifests found.

use std::collections::BTreeSet;

use model::misconfiguration::Misconfiguration;

use crate::kubernetes::standard::PodSecurity;
use crate::rule::Hit;
use crate::yaml::{Ignored, Problem};
use crate::{compose, dockerfile, kubernetes};

/// Rules that speak where a secret stands.
const SECRETS: [&str; 3] = ["PLM-C029", "PLM-K046", "PLM-K047"];

/// Places in one file after which nothing more is looked at.
const MAX_HITS: usize = 100_000;

/// What the documents of a file are.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Rule and place, by line and then id.
    pub hits: Vec<(&'static str, Hit)>,
    /// How many places an ignore comment takes out.
    pub ignored: usize,
    /// What could not be read, by line.
    pub problems: Vec<Problem>,
    /// What could not be read and does not look like a manifest.
    pub unreadable: Vec<Problem>,
    /// Which Pod Security Standard each workload meets.
    pub pods: Vec<PodSecurity>,
    /// Lines that hold what looks like a secret, which are shown nowhere.
    pub secret_lines: BTreeSet<usize>,
    /// How many documents are manifests.
    pub manifests: usize,
    /// How many are something else.
    pub others: usize,
    /// Whether there is more than was looked at.
    cut: bool,
}

impl Found {
    /// Adds what a rule found, unless a comment takes it out.
    pub(crate) fn add<C>(&mut self, rule: &crate::Rule<C>, hits: Vec<Hit>, ignored: &Ignored) {
        let ignored = ignored.of(rule.id, rule.aliases);
        for hit in hits {
            if SECRETS.contains(&rule.id) {
                self.secret_lines.insert(hit.line);
            }
            if ignored(hit.line) {
                self.ignored += 1;
            } else {
                self.hits.push((rule.id, hit));
            }
        }
    }

    /// Whether it holds as much as anybody would read, and more; says once that what is at a line was not looked at.
    pub(crate) fn is_full_at(&mut self, line: usize) -> bool {
        let full = self.hits.len() >= MAX_HITS;
        if full && !self.cut {
            self.cut = true;
            let message = format!("comes after {MAX_HITS} places where rules speak, and was not looked at, nor what follows");
            self.problems.push(Problem { line, message, template: false });
        }
        full
    }

    /// Into the order of the file.
    pub(crate) fn sort(&mut self) {
        fn order<'a>((id, hit): &'a (&'static str, Hit)) -> (usize, &'static str, &'a str, &'a str) {
            (hit.line, id, &hit.object, &hit.about)
        }
        self.hits.sort_by(|left, right| order(left).cmp(&order(right)));
        self.hits.dedup();
        self.problems.sort();
        self.problems.dedup();
    }
}

/// What a report says of a hit of the rule of an id, whatever it is a rule of.
pub fn misconfiguration(id: &str, hit: Hit, target: &str, instruction: Option<String>) -> Option<Misconfiguration> {
    if let Some(rule) = dockerfile::rules::by_id(id) {
        return Some(rule.misconfiguration(hit, target, instruction));
    }
    if let Some(rule) = kubernetes::rules::by_id(id) {
        return Some(rule.misconfiguration(hit, target, instruction));
    }
    Some(compose::rules::by_id(id)?.misconfiguration(hit, target, instruction))
}
