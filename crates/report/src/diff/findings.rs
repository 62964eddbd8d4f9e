//! Findings that came, went or changed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use model::finding::Finding;
use model::package::PackageType;
use model::report::Report;

use super::known::{Known, counts, ids};

/// A finding that is there no more.
#[derive(Clone, Debug, PartialEq)]
pub struct Fixed<'a> {
    /// As it was.
    pub finding: &'a Finding,
    /// How it went.
    pub how: HowFixed<'a>,
}

/// How a finding went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HowFixed<'a> {
    /// The package is there in other versions.
    Upgraded(Vec<&'a str>),
    /// The package is gone.
    Removed,
    /// The same version is there, and the advisories speak of it no more.
    NoLongerReported,
    /// It is set aside now, for this reason.
    SetAside(String),
}

impl HowFixed<'_> {
    /// In words.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Upgraded(versions) => format!("now {}", versions.join(", ")),
            Self::Removed => "no longer there".to_owned(),
            Self::NoLongerReported => "no longer reported for this version".to_owned(),
            Self::SetAside(why) => format!("set aside: {why}"),
        }
    }

    /// The word in `plimsoll.diff/v1`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Upgraded(_) => "upgraded",
            Self::Removed => "removed",
            Self::NoLongerReported => "no_longer_reported",
            Self::SetAside(_) => "set_aside",
        }
    }
}

/// A finding of both that is not the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed<'a> {
    /// As it is now.
    pub finding: &'a Finding,
    /// What changed, at least one thing.
    pub changes: Vec<Change>,
}

/// One field of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field's name in `plimsoll.report/v1`.
    pub field: &'static str,
    /// Before.
    pub old: String,
    /// Now.
    pub new: String,
}

/// All three.
#[derive(Default)]
pub(super) struct Comparison<'a> {
    pub(super) brought: Vec<&'a Finding>,
    pub(super) fixed: Vec<Fixed<'a>>,
    pub(super) changed: Vec<Changed<'a>>,
    pub(super) same: usize,
}

/// A package without its version.
type Package<'a> = (PackageType, &'a str);

fn package(finding: &Finding) -> Package<'_> {
    (finding.package_type, &finding.package)
}

/// The findings of a report that count, by package and each of their names.
fn by_name(report: &Report) -> HashMap<(Package<'_>, &str), &Finding> {
    let mut found = HashMap::new();
    // Backwards, so that the first in the order of work stays.
    for finding in report.findings.iter().flatten().rev().filter(|finding| counts(finding)) {
        for id in ids(finding) {
            found.insert((package(finding), id), finding);
        }
    }
    found
}

pub(super) fn compare<'a>(old: &'a Report, new: &'a Report) -> Comparison<'a> {
    let (before, now) = (by_name(old), by_name(new));
    let find = |among: &HashMap<(Package<'a>, &'a str), &'a Finding>, finding: &'a Finding| {
        ids(finding).find_map(|id| among.get(&(package(finding), id)).copied())
    };
    let known = Known::of(std::slice::from_ref(old));
    let mut comparison = Comparison::default();
    // Several versions of a package side by side make one line, that of the first in the order of work.
    let mut told: HashSet<(Package<'_>, &str)> = HashSet::new();
    for finding in new.findings.iter().flatten().filter(|finding| counts(finding)) {
        if !told.insert((package(finding), &finding.id)) {
            continue;
        }
        match find(&before, finding) {
            Some(earlier) if known.knows(finding) => {
                let changes = changes(earlier, finding);
                if changes.is_empty() {
                    comparison.same += 1;
                } else {
                    comparison.changed.push(Changed { finding, changes });
                }
            }
            _ => comparison.brought.push(finding),
        }
    }
    let mut versions: BTreeMap<Package<'_>, BTreeSet<&str>> = BTreeMap::new();
    for (_, package) in &new.packages {
        versions.entry((package.kind, &package.name)).or_default().insert(&package.version);
    }
    let aside: HashMap<(Package<'_>, &str), &Finding> = new
        .findings
        .iter()
        .flatten()
        .filter(|finding| !counts(finding))
        .flat_map(|finding| ids(finding).map(move |id| ((package(finding), id), finding)))
        .collect();
    told.clear();
    for finding in old.findings.iter().flatten().filter(|finding| counts(finding)) {
        if find(&now, finding).is_some() || !told.insert((package(finding), &finding.id)) {
            continue;
        }
        let suppressed = find(&aside, finding).and_then(|aside| aside.suppressed.as_ref());
        let how = match (suppressed, versions.get(&package(finding))) {
            (Some(suppressed), _) => HowFixed::SetAside(suppressed.words()),
            (None, None) => HowFixed::Removed,
            (None, Some(versions)) if versions.contains(finding.version.as_str()) => HowFixed::NoLongerReported,
            (None, Some(versions)) => HowFixed::Upgraded(versions.iter().copied().collect()),
        };
        comparison.fixed.push(Fixed { finding, how });
    }
    comparison
}

/// How much the risk must move to be told: less is a new day's EPSS.
const RISK: f64 = 5.0;

fn changes(old: &Finding, new: &Finding) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut compare = |field: &'static str, old: String, new: String| {
        if old != new {
            changes.push(Change { field, old, new });
        }
    };
    compare("version", old.version.clone(), new.version.clone());
    compare("severity", old.severity.name().to_owned(), new.severity.name().to_owned());
    compare("status", old.status.name().to_owned(), new.status.name().to_owned());
    compare("fixed_in", old.fixed_in.join(", "), new.fixed_in.join(", "));
    let code = |finding: &Finding| finding.exploited.as_ref().and_then(|exploited| exploited.exploit_code.clone());
    compare("exploit_code", code(old).unwrap_or_default(), code(new).unwrap_or_default());
    let used = |finding: &Finding| finding.in_use.map_or(String::new(), |used| used.to_string());
    compare("in_use", used(old), used(new));
    if let (Some(before), Some(now)) = (old.risk, new.risk)
        && (before - now).abs() >= RISK
    {
        compare("risk", format!("{before:.1}"), format!("{now:.1}"));
    }
    changes
}
