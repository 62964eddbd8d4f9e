//! What to do first: the upgrades that take away the most, the worst first.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet, HashMap};

use model::finding::{Finding, FindingKind, FindingStatus};
use model::package::{Package, PackageType};
use model::report::Report;
use model::severity::Severity;

use crate::text::{count, fit_middle};

/// One thing to do, and what it takes away.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Upgrade<'a> {
    /// The packages to upgrade, sorted: all that were built from one source.
    pub(crate) packages: Vec<&'a str>,
    /// The installed version.
    pub(crate) installed: &'a str,
    /// The version that fixes everything that has a fix; `None` where the package itself is the attack and must go.
    pub(crate) target: Option<&'a str>,
    /// How many findings (by id) it takes away.
    pub(crate) fixes: usize,
    /// How many of them are known to be exploited.
    pub(crate) exploited: usize,
    /// The worst of them.
    pub(crate) worst: Severity,
    /// The highest risk among them; 0 where they are not ranked.
    pub(crate) risk: f64,
}

/// How many packages are named in one line.
const NAMED: usize = 3;
/// Columns that a name may take here.
const LONGEST: usize = 60;

impl Upgrade<'_> {
    /// `upgrade openssl 1.0 → 1.1`.
    pub(crate) fn what(&self) -> String {
        let names: Vec<_> = self.packages.iter().take(NAMED).map(|name| fit_middle(name, LONGEST)).collect();
        let mut names = names.join(", ");
        if self.packages.len() > NAMED {
            names = format!("{names} and {} more", self.packages.len() - NAMED);
        }
        match self.target {
            Some(target) => format!("upgrade {names} {} → {target}", self.installed),
            None => format!("remove {names} {}", self.installed),
        }
    }

    /// `fixes 7, 1 known exploited`.
    pub(crate) fn why(&self) -> String {
        let mut why = match self.target {
            Some(_) => format!("fixes {}", self.fixes),
            None => "the package itself is the attack".to_owned(),
        };
        if self.exploited > 0 {
            why = format!("{why}, {} known exploited", self.exploited);
        }
        if self.worst >= Severity::High && self.target.is_some() {
            why = format!("{why}, worst {}", self.worst.name());
        }
        why
    }
}

/// The first `most` upgrades: malicious packages first, then by risk, known exploitation, worst severity and count.
pub(crate) fn first(report: &Report, most: usize) -> Vec<Upgrade<'_>> {
    let packages: HashMap<&str, &Package> = report.packages.iter().map(|(purl, package)| (purl.as_str(), package)).collect();
    let mut groups: BTreeMap<(bool, PackageType, &str, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in report.findings.iter().flatten().filter(|finding| finding.suppressed.is_none()) {
        let malicious = finding.kind == FindingKind::Malicious;
        if malicious || (finding.status == FindingStatus::Fixed && !finding.fixed_in.is_empty()) {
            // Packages of one source are fixed together, as long as they stand at one version.
            let source = packages.get(finding.purl.as_str()).and_then(|package| package.source.as_ref());
            let unit = source.filter(|_| !malicious).map_or(finding.package.as_str(), |source| &source.name);
            groups.entry((malicious, finding.package_type, unit, &finding.version)).or_default().push(finding);
        }
    }
    let mut upgrades: Vec<_> = groups
        .into_iter()
        .map(|((malicious, kind, _, installed), findings)| {
            let ids = |test: fn(&Finding) -> bool| {
                findings.iter().filter(|finding| test(finding)).map(|finding| finding.id.as_str()).collect::<BTreeSet<_>>().len()
            };
            Upgrade {
                packages: findings.iter().map(|finding| finding.package.as_str()).collect::<BTreeSet<_>>().into_iter().collect(),
                installed,
                target: if malicious { None } else { target(kind, installed, &findings) },
                fixes: ids(|_| true),
                exploited: ids(Finding::is_known_exploited),
                worst: findings.iter().map(|finding| finding.severity).max().unwrap_or_default(),
                risk: findings.iter().filter_map(|finding| finding.risk).fold(0.0, f64::max),
            }
        })
        .collect();
    // The sort is stable, and the groups came in order of their names.
    let key = |upgrade: &Upgrade<'_>| (Reverse(upgrade.exploited), Reverse(upgrade.worst), Reverse(upgrade.fixes));
    upgrades.sort_by(|left, right| {
        (left.target.is_some().cmp(&right.target.is_some()))
            .then_with(|| right.risk.total_cmp(&left.risk))
            .then_with(|| key(left).cmp(&key(right)))
    });
    upgrades.truncate(most);
    upgrades
}

/// The lowest version that is a fix for all: the highest of every finding's nearest fix.
fn target<'a>(kind: PackageType, installed: &str, findings: &[&'a Finding]) -> Option<&'a str> {
    let order = |left: &str, right: &str| kind.version_scheme().and_then(|scheme| scheme.compare(left, right));
    let nearest = |finding: &'a Finding| {
        let later = finding.fixed_in.iter().find(|fix| order(fix, installed) == Some(Ordering::Greater));
        later.or(finding.fixed_in.last()).map(String::as_str)
    };
    findings.iter().copied().filter_map(nearest).reduce(
        |best, fix| {
            if order(fix, best) == Some(Ordering::Greater) { fix } else { best }
        },
    )
}

/// One line on what is left to do where nothing can be upgraded; `None` where there is nothing to do.
pub(crate) fn nothing_to_upgrade(report: &Report) -> Option<String> {
    let open = report.findings.iter().flatten().filter(|finding| finding.suppressed.is_none()).count();
    (open > 0).then(|| {
        let verb = if open == 1 { "has" } else { "have" };
        format!("Nothing to upgrade: {} {verb} no fix that is known.", count(open, "finding"))
    })
}
