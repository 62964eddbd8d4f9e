//! From matched entries to findings: one for each vulnerability and package, however many feeds and ids speak of it.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};

use model::advisory::{Advisory, AdvisoryKind, Affected, CveFacts, End, Status};
use model::finding::{Evidence, Exploited, Finding, FindingKind, FindingStatus, Owner};
use model::package::{Origin, Package};
use model::severity::Rating;
use model::version::Scheme;

use crate::severity;

/// One entry that a package fell into.
#[derive(Debug)]
pub(crate) struct Match<'d> {
    /// The id that entries of one vulnerability share.
    pub(crate) primary: &'d str,
    /// All other ids of the vulnerability, those that other feeds know included.
    pub(crate) aliases: Vec<String>,
    pub(crate) feed: &'d str,
    pub(crate) advisory: Advisory,
    pub(crate) affected: &'d Affected,
    /// The matched interval in words.
    pub(crate) range: String,
}

/// What a finding takes from outside its entries.
#[derive(Debug)]
pub(crate) struct Surroundings<'a> {
    pub(crate) purl: &'a str,
    /// The version that was compared: the source's for some distributions.
    pub(crate) version: &'a str,
    pub(crate) scheme: Option<Scheme>,
    pub(crate) facts: Option<&'a CveFacts>,
    /// Whether the database knows which vulnerabilities are exploited, so that silence means something.
    pub(crate) knows_exploitation: bool,
}

/// The sort of finding an advisory makes; `None` for notices, which make none.
pub(crate) fn finding_kind(kind: AdvisoryKind) -> Option<FindingKind> {
    match kind {
        AdvisoryKind::Vulnerability => Some(FindingKind::Vulnerability),
        AdvisoryKind::Malicious => Some(FindingKind::Malicious),
        AdvisoryKind::Unmaintained => Some(FindingKind::Unmaintained),
        AdvisoryKind::Notice => None,
    }
}

/// The matches of one package by vulnerability. What is said of one id as a weakness and as malice stays apart.
pub(crate) fn group(mut matches: Vec<Match<'_>>) -> Vec<(FindingKind, String, Vec<Match<'_>>)> {
    matches.sort_by(|left, right| key(left).cmp(&key(right)));
    let mut groups: BTreeMap<(&str, FindingKind), Vec<Match<'_>>> = BTreeMap::new();
    for one in matches {
        if let Some(kind) = finding_kind(one.advisory.kind) {
            groups.entry((one.primary, kind)).or_default().push(one);
        }
    }
    groups.into_iter().map(|((id, kind), matches)| (kind, id.to_owned(), matches)).collect()
}

fn key<'a>(one: &'a Match<'_>) -> (&'a str, &'a str, &'a str) {
    (one.feed, &one.advisory.id, &one.range)
}

/// Makes one finding of the matches of one vulnerability in one package.
pub(crate) fn finding(
    kind: FindingKind,
    id: String,
    matches: &[Match<'_>],
    package: &Package,
    around: &Surroundings<'_>,
) -> Finding {
    let facts = around.facts;
    let advisories = || matches.iter().map(|one| &one.advisory);
    let own: Vec<&Rating> = advisories().flat_map(|advisory| &advisory.ratings).collect();
    let of_cve: Vec<&Rating> = facts.iter().flat_map(|facts| &facts.ratings).collect();
    let (level, source) = severity::choose(&own, &of_cve);
    let fixed_in = fixed_versions(matches, around.version, around.scheme);
    let status = if fixed_in.is_empty() { vendor_status(matches) } else { FindingStatus::Fixed };
    let ids =
        matches.iter().flat_map(|one| one.aliases.iter().chain(std::iter::once(&one.advisory.id)).chain(&one.advisory.errata));
    let aliases: BTreeSet<&String> = ids.filter(|alias| **alias != id && !alias.is_empty()).collect();
    let cwes: BTreeSet<&String> =
        advisories().flat_map(|advisory| &advisory.cwes).chain(facts.iter().flat_map(|facts| &facts.cwes)).collect();
    let title =
        advisories().map(|advisory| &advisory.title).chain(facts.map(|facts| &facts.title)).find(|title| !title.is_empty());
    let url = advisories().map(|advisory| &advisory.url).find(|url| !url.is_empty());
    let sources: BTreeSet<&str> = matches.iter().map(|one| one.feed).collect();
    Finding {
        aliases: aliases.into_iter().cloned().collect(),
        kind,
        title: title.cloned().unwrap_or_default(),
        url: url.cloned().unwrap_or_else(|| cve_page(&id)),
        published: facts
            .and_then(|facts| facts.published)
            .or_else(|| advisories().filter_map(|advisory| advisory.published).min()),
        purl: around.purl.to_owned(),
        package: package.name.clone(),
        package_type: package.kind,
        version: package.version.clone(),
        status,
        fix_available_since: if fixed_in.is_empty() {
            None
        } else {
            matches.iter().filter_map(|one| one.affected.fixed_at).min()
        },
        fixed_in,
        severity: level,
        severity_source: source.to_owned(),
        cvss: severity::vectors(&[own.as_slice(), of_cve.as_slice()].concat()),
        cwes: cwes.into_iter().cloned().collect(),
        exploited: around.knows_exploitation.then(|| Exploited {
            kev: facts.and_then(|facts| facts.kev.clone()),
            exploit_code: facts.and_then(|facts| Some(facts.exploit.as_ref()?.level.clone())),
        }),
        epss: facts.and_then(|facts| facts.epss.clone()),
        ssvc: facts.and_then(|facts| facts.ssvc.clone()),
        in_use: None,
        risk: None,
        why: Vec::new(),
        owner: owner(package.origin),
        suppressed: None,
        claimed: None,
        evidence: evidence(matches, package),
        sources: sources.into_iter().map(str::to_owned).collect(),
        id,
    }
}

/// Where the package was seen, each place with each interval it fell into.
fn evidence(matches: &[Match<'_>], package: &Package) -> Vec<Evidence> {
    let ranges: BTreeSet<String> = matches
        .iter()
        .map(|one| {
            let said_by = if one.advisory.errata.is_empty() { one.advisory.id.clone() } else { one.advisory.errata.join(", ") };
            format!("{} ({}, {said_by})", one.range, one.feed)
        })
        .collect();
    let mut evidence: Vec<Evidence> = package
        .locations
        .iter()
        .flat_map(|location| {
            ranges.iter().map(|range| Evidence {
                path: location.path.clone(),
                layer: location.layer,
                extractor: package.extractor.clone(),
                range: range.clone(),
            })
        })
        .collect();
    evidence.sort();
    evidence.dedup();
    evidence
}

/// Versions that fix it and are newer than what is installed, ascending.
fn fixed_versions(matches: &[Match<'_>], installed: &str, scheme: Option<Scheme>) -> Vec<String> {
    let compare = |left: &str, right: &str| scheme.and_then(|scheme| scheme.compare(left, right));
    let candidates: BTreeSet<&String> = matches
        .iter()
        .flat_map(|one| &one.affected.ranges)
        .filter_map(|range| match &range.end {
            End::Fixed(version) => Some(version),
            End::Open | End::LastAffected(_) => None,
        })
        .filter(|version| !matches!(compare(version, installed), Some(Ordering::Less | Ordering::Equal)))
        .collect();
    // Insertion, since versions that cannot be compared have no total order to sort by.
    let mut sorted: Vec<String> = Vec::with_capacity(candidates.len());
    for version in candidates {
        if sorted.iter().any(|known| compare(known, version) == Some(Ordering::Equal)) {
            continue;
        }
        let place = sorted.iter().position(|known| compare(version, known) == Some(Ordering::Less)).unwrap_or(sorted.len());
        sorted.insert(place, version.clone());
    }
    sorted
}

/// Without a fix, the most telling word: a decision not to fix says more than "affected", and that more than "we look".
fn vendor_status(matches: &[Match<'_>]) -> FindingStatus {
    let mut found = FindingStatus::UnderInvestigation;
    for one in matches {
        match one.affected.status {
            Status::WontFix => return FindingStatus::WontFix,
            Status::EndOfLife => found = FindingStatus::EndOfLife,
            Status::Affected | Status::NotAffected if found == FindingStatus::UnderInvestigation => {
                found = FindingStatus::Affected;
            }
            Status::Affected | Status::NotAffected | Status::UnderInvestigation | Status::Unread => {}
        }
    }
    found
}

/// The owner follows from where the package came with.
pub(crate) fn owner(origin: Origin) -> Owner {
    match origin {
        Origin::Base => Owner::Base,
        Origin::App => Owner::App,
        Origin::Unknown => Owner::Unknown,
    }
}

/// The CVE programme's own page; empty for ids of feeds that gave no address.
fn cve_page(id: &str) -> String {
    if id.starts_with("CVE-") { format!("https://www.cve.org/CVERecord?id={id}") } else { String::new() }
}

/// Puts findings into the order of reports: by risk, where it is not known by known exploitation and severity; then by id
/// and purl.
pub fn sort_findings(findings: &mut [Finding]) {
    findings.sort_by(|left, right| {
        let risk = |finding: &Finding| finding.risk.unwrap_or(-1.0);
        let rest = |finding: &Finding| (Reverse(finding.is_known_exploited()), Reverse(finding.severity));
        risk(right)
            .total_cmp(&risk(left))
            .then_with(|| rest(left).cmp(&rest(right)))
            .then_with(|| left.id.cmp(&right.id))
            .then_with(|| left.purl.cmp(&right.purl))
            .then_with(|| left.kind.cmp(&right.kind))
    });
}

/// Makes (id, purl) unique where an inventory names one purl twice (an SBOM may), keeping all places.
pub(crate) fn unite(findings: &mut Vec<Finding>) {
    findings.dedup_by(|later, earlier| {
        let same = later.id == earlier.id && later.purl == earlier.purl && later.kind == earlier.kind;
        if same {
            earlier.evidence.append(&mut later.evidence);
            earlier.evidence.sort();
            earlier.evidence.dedup();
        }
        same
    });
}
