//! Why an id was found, and why it was not: every package the feeds name was looked at by some rule, and this says which.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use advisory::database::Database;
use model::inventory::Inventory;
use model::package::Package;

use crate::judgement::{self, Outcome};
use crate::plan::{Plan, Planner, Refusal};
use crate::{MatchError, MatchOptions, eol, fold, verdict};

/// The answer for one package and one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It is a finding.
    Matched,
    /// It was looked at, and is none.
    NotMatched,
    /// It cannot be told.
    Undetermined,
    /// No feed may judge the package.
    Unjudged,
    /// The vulnerability speaks of nothing that is here.
    Absent,
}

impl Answer {
    /// The word in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Matched => "matched",
            Self::NotMatched => "not matched",
            Self::Undetermined => "undetermined",
            Self::Unjudged => "unjudged",
            Self::Absent => "absent",
        }
    }
}

/// One line of the answer to "why?".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Explanation {
    /// The purl of the package that was looked at; `None` where none was.
    pub purl: Option<String>,
    /// What became of it.
    pub answer: Answer,
    /// Why, in plain words.
    pub reason: String,
    /// What the entry says: the package it names and its versions. Empty where no entry was asked.
    pub range: String,
    /// The feed. Empty where no entry was asked.
    pub feed: String,
    /// The feed's own id, errata after it. Empty where no entry was asked.
    pub advisory: String,
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.answer.name())?;
        if let Some(purl) = &self.purl {
            write!(f, "{purl}: ")?;
        }
        f.write_str(&self.reason)?;
        if !self.feed.is_empty() {
            write!(f, ": {} ({}, {})", self.range, self.feed, self.advisory)?;
        }
        Ok(())
    }
}

/// All that can be said of one id: what matched, what did not, what could not be told. Shown one line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanations(pub Vec<Explanation>);

impl fmt::Display for Explanations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|explanation| writeln!(f, "{explanation}"))
    }
}

/// Explains one vulnerability: any of its ids will do. Never empty, sorted.
///
/// # Errors
/// Only where the database cannot be read.
pub fn explain(inventory: &Inventory, database: &Database, options: &MatchOptions, id: &str) -> Result<Explanations, MatchError> {
    let mut explanations = collect(inventory, database, options, id)?;
    explanations.sort();
    explanations.dedup();
    Ok(Explanations(explanations))
}

fn bare(purl: Option<String>, answer: Answer, reason: String) -> Explanation {
    Explanation { purl, answer, reason, range: String::new(), feed: String::new(), advisory: String::new() }
}

fn collect(inventory: &Inventory, database: &Database, options: &MatchOptions, id: &str) -> Result<Vec<Explanation>, MatchError> {
    if let Some(release) = id.strip_prefix(eol::PREFIX) {
        return Ok(end_of_life(inventory, release, options));
    }
    let mut records = database.records(id)?;
    if records.is_empty() {
        return Ok(vec![bare(None, Answer::Absent, format!("no feed in this database speaks of {id}"))]);
    }
    // Advisories that fold into the same findings may know this id from other feeds alone.
    let primaries: BTreeSet<&str> = records.iter().map(|record| record.primary_id).collect();
    for primary in primaries {
        records.extend(database.records(primary)?.into_iter().filter(|record| record.primary_id == primary));
    }
    let ids: BTreeSet<&str> = records.iter().map(|record| record.advisory.id.as_str()).collect();
    // What the advisories name: releases and ecosystems by package name.
    let mut named: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for affected in records.iter().flat_map(|record| &record.advisory.affected) {
        named.entry(&affected.name).or_default().insert(&affected.namespace);
    }
    let planner = Planner::new(inventory, options);
    let mut explanations = Vec::new();
    for package in &inventory.packages {
        let plan = planner.plan(package);
        let namespaces: BTreeSet<&str> =
            plan.names.iter().filter_map(|name| named.get(name.as_ref())).flatten().copied().collect();
        if namespaces.is_empty() {
            continue;
        }
        let purl = || Some(model::purl::of(package, inventory.distro.as_ref()));
        if !plan.namespaces.iter().any(|namespace| namespaces.contains(namespace.as_str())) {
            if let Some(explanation) = elsewhere(package, &plan, &namespaces, purl) {
                explanations.push(explanation);
            }
        } else if let Some(refusal) = &plan.refusal {
            explanations.push(refused(refusal, purl()));
        } else {
            explanations.extend(judged(database, &ids, package, &plan, &purl)?);
        }
    }
    if explanations.is_empty() {
        let names: Vec<String> = named
            .iter()
            .map(|(name, namespaces)| format!("{name} ({})", namespaces.iter().copied().collect::<Vec<_>>().join(", ")))
            .collect();
        explanations.push(bare(
            None,
            Answer::Absent,
            format!("the feeds name only packages that are not here: {}", names.join(", ")),
        ));
    }
    Ok(explanations)
}

fn refused(refusal: &Refusal, purl: Option<String>) -> Explanation {
    match refusal {
        Refusal::Unjudged(reason) => bare(purl, Answer::Unjudged, reason.text().to_owned()),
        Refusal::Undetermined(reason) => bare(purl, Answer::Undetermined, reason.text().to_owned()),
    }
}

/// A package of the right name, of which the feeds speak in other releases of its distribution alone. Names that merely
/// occur in another ecosystem too are nothing to tell.
fn elsewhere(
    package: &Package,
    plan: &Plan<'_>,
    namespaces: &BTreeSet<&str>,
    purl: impl Fn() -> Option<String>,
) -> Option<Explanation> {
    let release = plan.release.as_deref().filter(|_| package.kind.is_os())?;
    let id = release.split(':').next().unwrap_or(release);
    let others: Vec<&str> =
        namespaces.iter().copied().filter(|namespace| namespace.split(':').next() == Some(id) || *namespace == id).collect();
    if others.is_empty() {
        return None;
    }
    if let Some(refusal) = &plan.refusal {
        return Some(refused(refusal, purl()));
    }
    let name = plan.names.first()?;
    let reason = format!("the feeds speak of {name} in {}, not in {release}", others.join(", "));
    Some(bare(purl(), Answer::NotMatched, reason))
}

fn judged(
    database: &Database,
    ids: &BTreeSet<&str>,
    package: &Package,
    plan: &Plan<'_>,
    purl: &impl Fn() -> Option<String>,
) -> Result<Vec<Explanation>, MatchError> {
    let entries = judgement::entries(database, plan)?;
    let outcomes = judgement::outcomes(&entries, package, plan);
    let mut explanations = Vec::new();
    for (ranked, outcome) in entries.iter().zip(outcomes) {
        let entry = &ranked.entry;
        if !ids.contains(entry.id()) {
            continue;
        }
        let advisory = entry.advisory()?;
        let version = plan.version;
        let (answer, reason) = match outcome {
            Outcome::Affected(_) if fold::finding_kind(advisory.kind).is_none() => {
                (Answer::NotMatched, "the advisory is a notice, not a weakness".to_owned())
            }
            Outcome::Affected(_) => (Answer::Matched, format!("{version} is in the range")),
            Outcome::NotAffected => (Answer::NotMatched, "the vendor says that it is not affected".to_owned()),
            Outcome::Overruled => (
                Answer::NotMatched,
                "another entry of the vendor says that it is not affected, or speaks of its channel".to_owned(),
            ),
            Outcome::Withdrawn => (Answer::NotMatched, "the advisory was withdrawn".to_owned()),
            Outcome::Out(verdict::Out::Version) => (Answer::NotMatched, format!("{version} is outside the range")),
            Outcome::Out(out) => (Answer::NotMatched, out.text().to_owned()),
            Outcome::Unknown(unknown) => (Answer::Undetermined, unknown.text().to_owned()),
        };
        let advisory = std::iter::once(advisory.id).chain(advisory.errata).collect::<Vec<_>>().join(", ");
        explanations.push(Explanation {
            purl: purl(),
            answer,
            reason,
            range: verdict::entry_text(entry.affected()),
            feed: entry.feed().to_owned(),
            advisory,
        });
    }
    Ok(explanations)
}

fn end_of_life(inventory: &Inventory, release: &str, options: &MatchOptions) -> Vec<Explanation> {
    let runtimes =
        inventory.packages.iter().filter(|package| eol::runtime_id(package).strip_prefix(eol::PREFIX) == Some(release));
    let ended: Vec<Explanation> = runtimes
        .filter_map(|package| {
            let date = eol::runtime_ended(package, options.now)?;
            let purl = model::purl::of(package, inventory.distro.as_ref());
            Some(bare(Some(purl), Answer::Matched, format!("its support ended on {date}")))
        })
        .collect();
    if !ended.is_empty() {
        return ended;
    }
    vec![match (eol::ended(release, options.now), advisory::eol::distro_eol(release)) {
        (Some(date), _) => bare(None, Answer::Matched, format!("support of {release} ended on {date}")),
        (None, Some(date)) => bare(None, Answer::NotMatched, format!("{release} is supported until {date}")),
        (None, None) => bare(None, Answer::Undetermined, format!("no table knows when the support of {release} ends")),
    }]
}
