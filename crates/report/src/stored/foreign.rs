//! What the reports of other scanners have in common: packages and findings that come in any order, become unique and
//! sorted, and a coverage that rests on the other scanner's word.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::coverage::{Coverage, Level};
use model::distro::Distro;
use model::finding::{Finding, FindingKind};
use model::image::ImageInfo;
use model::package::{Location, Package, PackageType};
use model::report::{DatabaseInfo, FeedInfo, Report};

/// A report in the making.
pub(super) struct Foreign {
    /// The scanner's name, as feeds are named.
    pub(super) scanner: &'static str,
    /// The scanner's version; empty where it does not say.
    pub(super) version: String,
    /// When it looked; `None` where it does not say, so that nobody takes its word for fresh.
    pub(super) created: Option<Timestamp>,
    /// Of which time its advisories are; `None` where it does not say.
    pub(super) advisories: Option<Timestamp>,
    pub(super) image: ImageInfo,
    pub(super) distro: Option<Distro>,
    pub(super) packages: BTreeMap<String, Package>,
    pub(super) findings: BTreeMap<(String, String), Finding>,
    /// Whether it looked for vulnerabilities.
    pub(super) looked: bool,
    /// Where the scanner looked for them.
    pub(super) secrets: Option<Vec<model::secret::Secret>>,
    pub(super) warnings: Vec<String>,
    pub(super) unread: Vec<String>,
}

impl Foreign {
    pub(super) fn new(scanner: &'static str) -> Self {
        Self {
            scanner,
            version: String::new(),
            created: None,
            advisories: None,
            image: ImageInfo::default(),
            distro: None,
            packages: BTreeMap::new(),
            findings: BTreeMap::new(),
            looked: false,
            secrets: None,
            warnings: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// Adds a package, or one more place of it, and gives its purl.
    pub(super) fn package(&mut self, package: Package) -> String {
        let purl = package.given_purl.clone().unwrap_or_else(|| model::purl::of(&package, self.distro.as_ref()));
        match self.packages.get_mut(&purl) {
            Some(known) => {
                known.locations.extend(package.locations);
                known.locations.sort();
                known.locations.dedup();
            }
            None => {
                self.packages.insert(purl.clone(), package);
            }
        }
        purl
    }

    /// Adds a finding, or one more place of it. One that counts goes before one that was set aside.
    pub(super) fn finding(&mut self, finding: Finding) {
        let key = (finding.id.clone(), finding.purl.clone());
        let Some(known) = self.findings.get_mut(&key) else {
            self.findings.insert(key, finding);
            return;
        };
        if known.suppressed.is_some() && finding.suppressed.is_none() {
            known.suppressed = None;
        }
        known.evidence.extend(finding.evidence);
        known.evidence.sort();
        known.evidence.dedup();
    }

    pub(super) fn finish(mut self) -> Report {
        let as_of = self.advisories.or(self.created).map_or_else(|| "unknown".to_owned(), |time| time.strftime("%F").to_string());
        if self.created.is_none() {
            self.warnings.push(format!("{} does not say when it looked, so its word counts as old", self.scanner));
        }
        if self.packages.is_empty() {
            self.unread.push(format!("the report of {} names no package, so there is nothing to judge", self.scanner));
        } else if !self.looked {
            self.unread.push(format!("{} reports no finding and does not say that it looked for any", self.scanner));
        }
        self.warnings
            .push(format!("what the filters and the database of {} left out cannot be told from its report", self.scanner));
        self.warnings.extend(self.unread.iter().cloned());
        self.warnings.sort();
        self.warnings.dedup();
        let coverage = self.coverage(&as_of);
        Report {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            created: self.created.unwrap_or(Timestamp::UNIX_EPOCH),
            image: self.image,
            distro: self.distro,
            distro_eol: None,
            database: DatabaseInfo {
                kind: "full".to_owned(),
                built: self.advisories,
                sha256: None,
                feeds: vec![FeedInfo { name: self.scanner.to_owned(), as_of, records: 0 }],
            },
            coverage,
            packages: self.packages.into_iter().collect(),
            findings: self.looked.then(|| self.findings.into_values().collect()),
            misconfigurations: None,
            pod_security: Vec::new(),
            licenses: None,
            notices: None,
            secrets: self.secrets,
            hidden_by_filters: 0,
            warnings: self.warnings,
            unread: self.unread,
            decision: None,
        }
    }

    /// A row for each type and release, as far as the scanner looked.
    fn coverage(&self, as_of: &str) -> Vec<Coverage> {
        let release = self.distro.as_ref().and_then(Distro::namespace);
        let mut rows: BTreeMap<(PackageType, Option<String>), usize> = BTreeMap::new();
        for package in self.packages.values() {
            *rows.entry((package.kind, release.clone().filter(|_| package.kind.is_os()))).or_default() += 1;
        }
        let by = if self.version.is_empty() { self.scanner.to_owned() } else { format!("{} {}", self.scanner, self.version) };
        rows.into_iter()
            .map(|((kind, release), count)| Coverage {
                kind: kind.name().to_owned(),
                release,
                feed: self.looked.then(|| self.scanner.to_owned()),
                as_of: self.looked.then(|| as_of.to_owned()),
                level: if self.looked { Level::Full } else { Level::None },
                judged: if self.looked { count } else { 0 },
                unjudged: if self.looked { 0 } else { count },
                undetermined: 0,
                reasons: vec![format!("by the word of {by}")],
            })
            .collect()
    }
}

/// Both scanners list malicious packages as they list weaknesses; the id tells them apart.
pub(super) fn kind(id: &str, aliases: &[String]) -> FindingKind {
    let malicious = id.starts_with("MAL-") || aliases.iter().any(|alias| alias.starts_with("MAL-"));
    if malicious { FindingKind::Malicious } else { FindingKind::Vulnerability }
}

/// A place, where something says which.
pub(super) fn location(path: &str, layer: Option<&str>) -> Location {
    let path = if path.starts_with('/') || path.is_empty() { path.to_owned() } else { format!("/{path}") };
    Location { path, layer: layer.and_then(|layer| layer.parse().ok()) }
}

/// The name of a weakness by our rule: the CVE where there is one; the others are its aliases.
pub(super) fn names<'a>(id: &str, others: impl Iterator<Item = &'a str>) -> (String, Vec<String>) {
    let mut all: Vec<&str> = others.filter(|other| !other.is_empty() && *other != id).collect();
    all.sort_unstable();
    all.dedup();
    let cves: Vec<&str> = all.iter().copied().filter(|other| other.starts_with("CVE-")).collect();
    let chosen = match cves.as_slice() {
        [cve] if !id.starts_with("CVE-") => cve,
        _ => id,
    };
    all.push(id);
    all.sort_unstable();
    (chosen.to_owned(), all.into_iter().filter(|one| *one != chosen).map(str::to_owned).collect())
}
