//! Packages that came, went or changed.

use std::collections::{BTreeMap, BTreeSet};

use model::package::PackageType;
use model::report::Report;

/// One package by its type and name; several versions may stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageChange<'a> {
    /// The type.
    pub kind: PackageType,
    /// The name.
    pub name: &'a str,
    /// Versions before; none where it came.
    pub old: Vec<&'a str>,
    /// Versions now; none where it went.
    pub new: Vec<&'a str>,
}

type Versions<'a> = BTreeMap<(PackageType, &'a str), BTreeSet<&'a str>>;

fn versions(report: &Report) -> Versions<'_> {
    let mut versions = Versions::new();
    for (_, package) in &report.packages {
        versions.entry((package.kind, &package.name)).or_default().insert(&package.version);
    }
    versions
}

pub(super) fn compare<'a>(old: &'a Report, new: &'a Report) -> Vec<PackageChange<'a>> {
    let (old, new) = (versions(old), versions(new));
    let none = BTreeSet::new();
    let all: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    all.into_iter()
        .filter_map(|key| {
            let (before, now) = (old.get(key).unwrap_or(&none), new.get(key).unwrap_or(&none));
            let (kind, name) = *key;
            (before != now).then(|| PackageChange {
                kind,
                name,
                old: before.iter().copied().collect(),
                new: now.iter().copied().collect(),
            })
        })
        .collect()
}
