//! VEX statements on findings: which are about a finding of this image, which of them decides, and what it leaves open.
//!
//! Statements only ever set findings aside, and only those they name: by the vulnerability's id or alias, and by a product
//! that is the image or a package in it. What cannot be understood fits nothing.

mod image;
mod product;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use advisory::database::{Database, DatabaseError};
use model::digest::Digest;
use model::finding::Finding;
use model::image::ImageInfo;
use model::package::Package;
use model::suppression::{Suppression, SuppressionKind};
use model::vex::{VexDocument, VexReach, VexStatement, VexStatus};

use image::Identity;
use product::{Named, Product};

/// The feed of documents that whoever builds a database puts into it; other feeds are vendors'.
const OWN_FEED: &str = "vex";

/// What statements are held against.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The image.
    pub image: &'a ImageInfo,
    /// The index that it was chosen from: what a reference by digest names as a rule.
    pub index_digest: Option<Digest>,
    /// Its packages, with their purls.
    pub packages: &'a [(String, Package)],
}

/// Sets aside what statements say is not affected or fixed; what they said that could not be used, in plain words.
///
/// Where a document that was named for this scan speaks of a finding, the database is not asked. Of several statements the
/// latest decides; where none is later, the one that leaves more open does, and the contradiction is among the warnings.
pub fn apply(findings: &mut [Finding], subject: &Subject<'_>, named: &[VexDocument], of_database: &[VexDocument]) -> Vec<String> {
    let set_aside = |finding: &mut Finding, suppression| finding.suppressed = Some(suppression);
    let first = decide(findings, subject, named, &HashSet::new(), set_aside);
    let second = decide(findings, subject, of_database, &first.spoken_of, set_aside);
    [first.warnings, second.warnings].concat()
}

/// Notes on findings what travels with the image says of them. It sets nothing aside: whoever can push an image can write
/// it.
pub fn claim(findings: &mut [Finding], subject: &Subject<'_>, documents: &[VexDocument]) -> Vec<String> {
    for finding in findings.iter_mut() {
        finding.claimed.get_or_insert_default();
    }
    let note = |finding: &mut Finding, suppression| finding.claimed.get_or_insert_default().push(suppression);
    decide(findings, subject, documents, &HashSet::new(), note).warnings
}

/// The statements in a database about the vulnerabilities of these findings, one document a feed.
///
/// # Errors
/// Only where the database cannot be read.
pub fn from_database(findings: &[Finding], database: &Database) -> Result<Vec<VexDocument>, DatabaseError> {
    let ids: BTreeSet<String> = findings.iter().flat_map(ids_of).collect();
    let mut by_feed: BTreeMap<&str, Vec<VexStatement>> = BTreeMap::new();
    for id in &ids {
        for (feed, statement) in database.vex(id)? {
            // It stands under each of its ids, and is taken under the first of them.
            if statement_ids(&statement).filter(|own| ids.contains(own)).min().is_none_or(|first| first == *id) {
                by_feed.entry(feed).or_default().push(statement);
            }
        }
    }
    let document = |(feed, statements): (&str, _)| {
        let reach = if feed == OWN_FEED { VexReach::Everything } else { VexReach::VendorImages };
        VexDocument { source: feed.to_owned(), reach, expected: false, statements }
    };
    Ok(by_feed.into_iter().map(document).collect())
}

/// One statement, ready to be held against findings.
struct Ready<'a> {
    document: usize,
    source: &'a str,
    statement: &'a VexStatement,
    products: Vec<Product>,
}

/// What came of a round of documents.
#[derive(Default)]
struct Decided {
    warnings: Vec<String>,
    /// Places of the findings of which a statement spoke, whatever it said.
    spoken_of: HashSet<usize>,
}

fn decide(
    findings: &mut [Finding],
    subject: &Subject<'_>,
    documents: &[VexDocument],
    settled: &HashSet<usize>,
    mut take: impl FnMut(&mut Finding, Suppression),
) -> Decided {
    if documents.is_empty() {
        return Decided::default();
    }
    let identity = Identity::new(subject.image, subject.index_digest);
    let known: BTreeSet<String> = findings.iter().flat_map(ids_of).collect();
    let mut by_id: HashMap<String, Vec<usize>> = HashMap::new();
    let mut all: Vec<Ready<'_>> = Vec::new();
    for (document, VexDocument { source, reach, statements, .. }) in documents.iter().enumerate() {
        for statement in statements {
            let ids: BTreeSet<String> = statement_ids(statement).filter(|id| known.contains(id)).collect();
            if ids.is_empty() {
                continue;
            }
            for id in ids {
                by_id.entry(id).or_default().push(all.len());
            }
            let products = statement.products.iter().filter_map(|product| Product::new(product, &identity, *reach)).collect();
            all.push(Ready { document, source, statement, products });
        }
    }
    let mut warnings = BTreeSet::new();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let mut spoken_of = HashSet::new();
    for (place, finding) in findings.iter_mut().enumerate().filter(|(place, _)| !settled.contains(place)) {
        let candidates: BTreeSet<usize> = ids_of(finding).filter_map(|id| by_id.get(&id)).flatten().copied().collect();
        if candidates.is_empty() {
            continue;
        }
        let named = Named::new(finding);
        let applying: Vec<&Ready<'_>> = candidates
            .into_iter()
            .filter_map(|number| all.get(number))
            .filter(|ready| ready.products.iter().any(|product| product.is_about(finding, &named, subject.packages)))
            .collect();
        used.extend(applying.iter().map(|ready| ready.document));
        let (chosen, against) = choose(&applying);
        let Some(chosen) = chosen else { continue };
        spoken_of.insert(place);
        if let Some(against) = against {
            warnings.insert(contradiction(finding, chosen, against));
        }
        if chosen.statement.status.suppresses() {
            take(finding, suppression(chosen));
        }
    }
    for (number, document) in documents.iter().enumerate() {
        // Feeds and mirrors are full of other images.
        if document.expected
            && !used.contains(&number)
            && let Some(ready) = all.iter().find(|ready| ready.document == number)
        {
            let product = ready.statement.products.first().map_or("no product", |product| product.id.as_str());
            warnings.insert(format!(
                "{} was not used: it speaks of {} in {product}, which is neither this image ({}) nor a package in it that has the finding",
                document.source,
                ready.statement.vulnerability,
                identity.words()
            ));
        }
    }
    Decided { warnings: warnings.into_iter().collect(), spoken_of }
}

fn ids_of(finding: &Finding) -> impl Iterator<Item = String> {
    std::iter::once(&finding.id).chain(&finding.aliases).map(|id| id.to_ascii_uppercase())
}

/// A vulnerability may be named by the address of a page about it (OpenVEX: an IRI).
fn statement_ids(statement: &VexStatement) -> impl Iterator<Item = String> {
    std::iter::once(&statement.vulnerability)
        .chain(&statement.aliases)
        .map(|id| id.rsplit('/').next().unwrap_or(id).to_ascii_uppercase())
}

/// How much a status leaves open.
fn open(status: VexStatus) -> u8 {
    match status {
        VexStatus::NotAffected => 0,
        VexStatus::Fixed => 1,
        VexStatus::UnderInvestigation => 2,
        VexStatus::Affected => 3,
    }
}

/// The statement that decides, and one as late that would have decided otherwise. Whoever gives no time may be the latest.
fn choose<'r, 'a>(applying: &[&'r Ready<'a>]) -> (Option<&'r Ready<'a>>, Option<&'r Ready<'a>>) {
    let latest = applying.iter().filter_map(|ready| ready.statement.timestamp).max();
    let in_time = |ready: &&&'r Ready<'a>| ready.statement.timestamp.is_none() || ready.statement.timestamp == latest;
    let mut chosen: Option<&'r Ready<'a>> = None;
    for ready in applying.iter().filter(in_time) {
        if chosen.is_none_or(|best| open(ready.statement.status) > open(best.statement.status)) {
            chosen = Some(ready);
        }
    }
    let against = chosen.and_then(|chosen| {
        let differs = |ready: &&&'r Ready<'a>| ready.statement.status.suppresses() != chosen.statement.status.suppresses();
        applying.iter().filter(in_time).find(differs).copied()
    });
    (chosen, against)
}

fn contradiction(finding: &Finding, chosen: &Ready<'_>, against: &Ready<'_>) -> String {
    format!(
        "two statements on {} in {} contradict each other and neither is later: {} says {}, {} says {}; the finding stands",
        finding.id,
        finding.purl,
        chosen.source,
        chosen.statement.status.name(),
        against.source,
        against.statement.status.name()
    )
}

fn suppression(ready: &Ready<'_>) -> Suppression {
    let statement = ready.statement;
    Suppression {
        kind: SuppressionKind::Vex,
        source: ready.source.to_owned(),
        line: None,
        id: statement.id.clone(),
        author: statement.author.clone(),
        reason: statement.statement.clone(),
        status: Some(statement.status),
        justification: statement.justification.clone(),
        expires: None,
    }
}
