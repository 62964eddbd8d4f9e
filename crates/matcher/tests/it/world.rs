//! A target and what the feeds say, made line by line.

use std::collections::BTreeMap;
use std::time::Duration;

use advisory::database::{Database, FeedCoverage, Writer};
use jiff::Timestamp;
use matcher::{Explanation, MatchOptions, Matched};
use model::advisory::{Advisory, Affected, CveFacts, End, Range, Status};
use model::coverage::{Coverage, Level};
use model::distro::Distro;
use model::finding::Finding;
use model::inventory::Inventory;
use model::package::{Location, Package, PackageType, SourcePackage};
use model::report::FeedInfo;

pub(crate) fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A target, feeds, and the time of the scan.
pub(crate) struct World {
    pub(crate) inventory: Inventory,
    pub(crate) options: MatchOptions,
    pub(crate) kind: &'static str,
    feeds: BTreeMap<String, FeedCoverage>,
    advisories: Vec<(String, Advisory)>,
    facts: Vec<CveFacts>,
}

impl World {
    /// A target of a distribution (none where the text is empty), scanned on the day after the feeds' date.
    pub(crate) fn new(os_release: &str) -> Self {
        Self {
            inventory: Inventory { distro: Distro::from_os_release(os_release), ..Inventory::default() },
            options: MatchOptions::new(time("2024-07-02T12:00:00Z")),
            kind: "full",
            feeds: BTreeMap::new(),
            advisories: Vec::new(),
            facts: Vec::new(),
        }
    }

    pub(crate) fn debian() -> Self {
        Self::new("ID=debian\nVERSION_ID=\"12\"\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"").feed(
            "debian-dsa",
            "2024-07-01",
            &[("debian:12", Level::FixedOnly)],
        )
    }

    pub(crate) fn language(kind: PackageType) -> Self {
        let feed = format!("osv-{}", kind.name());
        Self::new("").feed(&feed, "2024-07-01", &[(kind.name(), Level::Full)])
    }

    pub(crate) fn feed(mut self, name: &str, as_of: &str, coverage: &[(&str, Level)]) -> Self {
        let info = FeedInfo { name: name.into(), as_of: as_of.into(), records: 1 };
        let coverage = coverage.iter().map(|(namespace, level)| ((*namespace).to_owned(), *level)).collect();
        self.feeds.insert(name.into(), FeedCoverage { info, coverage });
        self
    }

    pub(crate) fn says(mut self, feed: &str, advisory: Advisory) -> Self {
        self.advisories.push((feed.into(), advisory));
        self
    }

    pub(crate) fn facts(mut self, facts: CveFacts) -> Self {
        self.facts.push(facts);
        self
    }

    pub(crate) fn has(mut self, package: Package) -> Self {
        self.inventory.packages.push(package);
        self
    }

    pub(crate) fn database(&self) -> Database {
        let mut writer = Writer::new();
        for (feed, advisory) in &self.advisories {
            writer.add(feed, advisory.clone());
        }
        for facts in &self.facts {
            writer.add_facts(facts.clone());
        }
        let (bytes, _) = writer.encode(self.feeds.values().cloned().collect(), self.kind).unwrap();
        Database::from_static(bytes.leak()).unwrap()
    }

    pub(crate) fn matched(&self) -> Matched {
        matcher::match_inventory(&self.inventory, &self.database(), &self.options).unwrap()
    }

    pub(crate) fn ids(&self) -> Vec<String> {
        self.matched().findings.into_iter().map(|finding| finding.id).collect()
    }

    /// The only finding.
    pub(crate) fn finding(&self) -> Finding {
        let mut findings = self.matched().findings;
        assert_eq!(findings.len(), 1, "{findings:#?}");
        findings.remove(0)
    }

    /// The row of a package type.
    pub(crate) fn coverage(&self, kind: &str) -> Coverage {
        let coverage = self.matched().coverage;
        coverage.into_iter().find(|row| row.kind == kind).unwrap_or_else(|| panic!("no row for {kind}"))
    }

    /// Judged, unjudged, undetermined, and the reasons.
    pub(crate) fn counts(&self, kind: &str) -> (usize, usize, usize, Vec<String>) {
        let row = self.coverage(kind);
        (row.judged, row.unjudged, row.undetermined, row.reasons)
    }

    pub(crate) fn explained(&self, id: &str) -> Vec<Explanation> {
        matcher::explain(&self.inventory, &self.database(), &self.options, id).unwrap().0
    }

    pub(crate) fn patient(mut self) -> Self {
        self.options.max_db_age = Duration::from_secs(u64::from(u32::MAX));
        self
    }
}

pub(crate) fn package(kind: PackageType, name: &str, version: &str) -> Package {
    let mut package = Package::new(kind, name, version, "test");
    package.locations = vec![Location { path: "/place".into(), layer: None }];
    package
}

pub(crate) fn deb(name: &str, version: &str) -> Package {
    package(PackageType::Deb, name, version)
}

pub(crate) fn rpm(name: &str, version: &str) -> Package {
    package(PackageType::Rpm, name, version)
}

pub(crate) fn from_source(mut package: Package, name: &str, version: &str) -> Package {
    package.source = Some(SourcePackage { name: name.into(), version: version.into() });
    package
}

/// What an advisory says of one package: every version below `fixed`, every version at all where that is empty.
pub(crate) fn affected(namespace: &str, name: &str, fixed: &str) -> Affected {
    let ranges = if fixed.is_empty() { Vec::new() } else { vec![below(fixed)] };
    Affected { namespace: namespace.into(), name: name.into(), ranges, ..Affected::default() }
}

pub(crate) fn not_affected(namespace: &str, name: &str) -> Affected {
    Affected { status: Status::NotAffected, ..affected(namespace, name, "") }
}

pub(crate) fn below(fixed: &str) -> Range {
    Range { end: End::Fixed(fixed.into()), ..Range::default() }
}

pub(crate) fn between(introduced: &str, fixed: &str) -> Range {
    Range { introduced: Some(introduced.into()), ..below(fixed) }
}

pub(crate) fn advisory(id: &str, affected: Affected) -> Advisory {
    Advisory { id: id.into(), affected: vec![affected], ..Advisory::default() }
}

pub(crate) fn alias(mut advisory: Advisory, aliases: &[&str]) -> Advisory {
    advisory.aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
    advisory
}

pub(crate) fn erratum(mut advisory: Advisory, id: &str) -> Advisory {
    advisory.errata = vec![id.into()];
    advisory
}
