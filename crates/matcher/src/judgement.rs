//! All entries of one package's name held against it: which stand, which are overruled, which cannot be told.

use std::collections::HashSet;

use advisory::database::{Database, Entry};

use crate::MatchError;
use crate::plan::Plan;
use crate::verdict::{self, Interval, Out, Unknown};
use model::advisory::Status;
use model::coverage::Level;
use model::package::Package;

/// An entry, and the place of its namespace among those of the plan: lower ones overrule higher ones.
pub(crate) struct Ranked<'d> {
    pub(crate) entry: Entry<'d>,
    rank: usize,
}

/// What became of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The package is affected.
    Affected(Interval),
    /// The entry says that it is not affected.
    NotAffected,
    /// Another entry says that the package is not affected, or a channel it comes from speaks of the vulnerability.
    Overruled,
    /// The advisory was withdrawn.
    Withdrawn,
    /// The entry does not speak of this package.
    Out(Out),
    /// It cannot be told.
    Unknown(Unknown),
}

/// All entries that could speak of a package with this plan.
pub(crate) fn entries<'d>(database: &'d Database, plan: &Plan<'_>) -> Result<Vec<Ranked<'d>>, MatchError> {
    let mut ranked = Vec::new();
    for (rank, namespace) in plan.namespaces.iter().enumerate() {
        for name in &plan.names {
            ranked.extend(database.entries(namespace, name)?.into_iter().map(|entry| Ranked { entry, rank }));
        }
    }
    // What one feed lost is no gap where another speaks of the whole release.
    let is_gap = |ranked: &Ranked<'_>| ranked.entry.affected().status == Status::Unread;
    if let (true, Some(release)) = (ranked.iter().any(is_gap), plan.namespaces.last()) {
        let feeds = database.covers(release).unwrap_or_default();
        ranked.retain(|one| {
            !is_gap(one) || !feeds.iter().any(|feed| feed.feed != one.entry.feed() && feed.level >= Level::FixedOnly)
        });
    }
    Ok(ranked)
}

/// What becomes of each entry, in their order.
pub(crate) fn outcomes(entries: &[Ranked<'_>], package: &Package, plan: &Plan<'_>) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(entries.len());
    // Vulnerabilities whose judgement has ended with a word of the vendor, and those that a channel speaks of.
    let mut ended: HashSet<&str> = HashSet::new();
    let mut spoken: HashSet<(&str, usize)> = HashSet::new();
    let several_channels = plan.namespaces.len() > 1;
    for Ranked { entry, rank } in entries {
        let outcome = if entry.is_withdrawn() {
            Outcome::Withdrawn
        } else {
            match verdict::judge(entry.affected(), package, plan) {
                verdict::Verdict::Affected(interval) => Outcome::Affected(interval),
                verdict::Verdict::NotAffected => Outcome::NotAffected,
                verdict::Verdict::Out(out) => Outcome::Out(out),
                verdict::Verdict::Unknown(unknown) => Outcome::Unknown(unknown),
            }
        };
        if outcome == Outcome::NotAffected {
            ended.extend([entry.id(), entry.primary_id()]);
        }
        let speaks = !matches!(outcome, Outcome::Withdrawn | Outcome::Out(Out::Kind | Out::Architecture | Out::Module));
        if several_channels && speaks {
            spoken.insert((entry.primary_id(), *rank));
        }
        outcomes.push(outcome);
    }
    if ended.is_empty() && !several_channels {
        return outcomes;
    }
    for (outcome, Ranked { entry, rank }) in outcomes.iter_mut().zip(entries) {
        if matches!(outcome, Outcome::Affected(_) | Outcome::Unknown(_)) {
            let not_affected = ended.contains(entry.id()) || ended.contains(entry.primary_id());
            let by_channel = (0..*rank).any(|lower| spoken.contains(&(entry.primary_id(), lower)));
            if not_affected || by_channel {
                *outcome = Outcome::Overruled;
            }
        }
    }
    outcomes
}
