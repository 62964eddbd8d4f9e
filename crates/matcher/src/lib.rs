//! Inventory × database → findings with their evidence, and how much of the inventory could be judged at all.
//!
//! The order of judgement: the distribution's verdict first, then ownership (what a distribution's package owns is judged
//! by its vendor alone), then the ecosystem. What cannot be told is counted, never clean.

mod binary;
mod coverage;
mod eol;
pub mod exception;
mod explain;
mod facts;
mod fold;
mod judgement;
mod language;
mod os;
mod ownership;
mod plan;
mod rank;
mod severity;
mod vendor;
mod verdict;
pub mod vex;

use std::collections::BTreeMap;
use std::time::Duration;

use advisory::build::EMBEDDED;
use advisory::database::{Database, DatabaseError};
use jiff::Timestamp;
use model::coverage::Coverage;
use model::distro::Distro;
use model::finding::{Finding, Owner};
use model::inventory::Inventory;
use model::package::{Origin, Package, PackageType};

pub use explain::{Answer, Explanation, Explanations, explain};
pub use facts::add_facts;
pub use fold::sort_findings;
pub use rank::{Context, rank};

use coverage::{Age, Feed, Row};
use fold::{Match, Surroundings};
use judgement::{Outcome, Ranked};
use plan::{Plan, Planner, Reason, Refusal};

/// How to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatchOptions {
    /// The time by which feeds are stale and releases have ended.
    pub now: Timestamp,
    /// Older feeds leave what they judge undetermined.
    pub max_db_age: Duration,
    /// Whether header packages of the kernel inherit its vulnerabilities.
    pub kernel_headers: bool,
}

impl MatchOptions {
    /// The defaults at this time: feeds may be a week old, kernel headers carry no kernel.
    pub fn new(now: Timestamp) -> Self {
        Self { now, max_db_age: Duration::from_secs(7 * 86_400), kernel_headers: false }
    }
}

/// What matching found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matched {
    /// Findings in the order of reports, unique by id and purl.
    pub findings: Vec<Finding>,
    /// What could be judged, sorted by package type and release.
    pub coverage: Vec<Coverage>,
    /// What the reader must know of the answer as a whole, sorted.
    pub warnings: Vec<String>,
}

/// Why nothing could be matched.
#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Holds every package against the database.
///
/// # Errors
/// Only where the database cannot be read.
pub fn match_inventory(inventory: &Inventory, database: &Database, options: &MatchOptions) -> Result<Matched, MatchError> {
    let planner = Planner::new(inventory, options);
    let mut plans: Vec<(&Package, Plan<'_>)> =
        inventory.packages.iter().map(|package| (package, planner.plan(package))).collect();
    // Packages of one source side by side: its entries are read once.
    plans.sort_by(|(_, left), (_, right)| (&left.namespaces, &left.names).cmp(&(&right.namespaces, &right.names)));

    let known = database.has_exploitation_feeds();
    let knows_exploitation = known.kev || known.exploit_code;
    let mut rows: BTreeMap<(PackageType, Option<String>), Row> = BTreeMap::new();
    // A release has ended whether or not a package of it is left.
    let release = inventory.distro.as_ref().and_then(Distro::namespace);
    let mut ended: BTreeMap<String, &'static str> =
        release.and_then(|release| eol::ended(&release, options.now).map(|date| (release, date))).into_iter().collect();
    let mut findings = Vec::new();
    let mut read: Option<(&Plan<'_>, Vec<Ranked<'_>>)> = None;
    for (package, plan) in &plans {
        let row = match rows.entry((package.kind, plan.release.clone())) {
            std::collections::btree_map::Entry::Occupied(row) => row.into_mut(),
            std::collections::btree_map::Entry::Vacant(place) => place.insert(row_of(database, plan, options, &mut ended)),
        };
        if let Some(date) = eol::runtime_ended(package, options.now) {
            findings.push(eol::runtime_finding(package, model::purl::of(package, inventory.distro.as_ref()), date));
        }
        if let Some(refusal) = &plan.refusal {
            row.refused(refusal.clone());
            continue;
        }
        if !row.has_feed() {
            let subject = plan.release.as_deref().unwrap_or(package.kind.name());
            row.refused(Refusal::Unjudged(Reason::Said(format!("no feed for {subject} in this database"))));
            continue;
        }
        let same = read.as_ref().is_some_and(|(last, _)| last.namespaces == plan.namespaces && last.names == plan.names);
        if !same {
            read = Some((plan, judgement::entries(database, plan)?));
        }
        let entries = read.as_ref().map_or(&[][..], |(_, entries)| entries);
        let unknown = judge(database, inventory, entries, package, plan, knows_exploitation, &mut findings)?;
        match unknown {
            Some(reason) => row.refused(Refusal::Undetermined(reason)),
            None => row.judged(),
        }
    }

    let only_exploited = database.info().kind == "embedded";
    for (release, date) in ended {
        findings.push(eol::finding(&release, date, inventory.distro.as_ref(), os_owner(inventory)));
    }
    sort_findings(&mut findings);
    fold::unite(&mut findings);
    let mut coverage: Vec<Coverage> =
        rows.into_iter().map(|((kind, release), row)| row.finish(kind.name(), release, only_exploited)).collect();
    coverage.sort();
    let mut warnings = Vec::new();
    if only_exploited {
        warnings.push("only known-exploited vulnerabilities were looked for: this is the embedded database".to_owned());
    }
    Ok(Matched { findings, coverage, warnings })
}

/// Judges one package: its findings are added, the reason returned where part of the answer cannot be told.
fn judge(
    database: &Database,
    inventory: &Inventory,
    entries: &[Ranked<'_>],
    package: &Package,
    plan: &Plan<'_>,
    knows_exploitation: bool,
    findings: &mut Vec<Finding>,
) -> Result<Option<Reason>, MatchError> {
    if entries.is_empty() {
        return Ok(None);
    }
    let mut matches = Vec::new();
    let mut unknown = None;
    for (Ranked { entry, .. }, outcome) in entries.iter().zip(judgement::outcomes(entries, package, plan)) {
        match outcome {
            Outcome::Affected(interval) => matches.push(Match {
                primary: entry.primary_id(),
                aliases: entry.aliases()?,
                feed: entry.feed(),
                advisory: entry.advisory()?,
                affected: entry.affected(),
                range: verdict::range_text(entry.affected(), interval, plan.version),
            }),
            Outcome::Unknown(verdict::Unknown::Unread) => {
                unknown.get_or_insert(Reason::Said(entry.advisory()?.title));
            }
            Outcome::Unknown(why) => {
                let version = if package.version.is_empty() { "without a version" } else { &package.version };
                unknown.get_or_insert_with(|| Reason::Said(format!("{} {version}: {}", package.name, why.text())));
            }
            Outcome::NotAffected | Outcome::Overruled | Outcome::Withdrawn | Outcome::Out(_) => {}
        }
    }
    if !matches.is_empty() {
        let purl = model::purl::of(package, inventory.distro.as_ref());
        for (kind, id, matches) in fold::group(matches) {
            let facts = if id.starts_with("CVE-") { database.cve(&id)? } else { None };
            let around = Surroundings {
                purl: &purl,
                version: plan.version,
                scheme: plan.scheme,
                facts: facts.as_ref(),
                knows_exploitation,
            };
            findings.push(fold::finding(kind, id, &matches, package, &around));
        }
    }
    Ok(unknown)
}

/// Opens the row of a package type and release: which feeds speak of it, and what speaks against calling it clean.
fn row_of(database: &Database, plan: &Plan<'_>, options: &MatchOptions, ended: &mut BTreeMap<String, &'static str>) -> Row {
    // The last namespace is the release itself; those before it are channels of single packages.
    let namespace = plan.namespaces.last();
    let mut feeds: Vec<Feed> = namespace
        .and_then(|namespace| database.covers(namespace))
        .unwrap_or_default()
        .into_iter()
        .map(|feed| Feed { name: feed.feed, as_of: feed.as_of, level: feed.level })
        .collect();
    // The set that is part of the program only adds to what other feeds say.
    let only_exploited = !feeds.is_empty() && feeds.iter().all(|feed| feed.name == EMBEDDED);
    if !only_exploited {
        feeds.retain(|feed| feed.name != EMBEDDED);
    }
    // Nothing rests on the age of what leaves all undetermined anyway.
    let age = if only_exploited { Age::default() } else { coverage::age(&feeds, options.now, options.max_db_age) };
    let mut row = Row::new(feeds, age);
    if only_exploited {
        row.doubt("only known-exploited vulnerabilities were looked for".to_owned());
    }
    if let Some(release) = &plan.release
        && let Some(date) = eol::ended(release, options.now)
    {
        row.doubt(format!("{release} gets no more fixes since {date}"));
        ended.insert(release.clone(), date);
    }
    row
}

/// Whose the distribution is: the base image's, where any of its packages is known to come from there.
fn os_owner(inventory: &Inventory) -> Owner {
    let base = inventory.packages.iter().any(|package| package.kind.is_os() && package.origin == Origin::Base);
    if base { Owner::Base } else { Owner::Unknown }
}
