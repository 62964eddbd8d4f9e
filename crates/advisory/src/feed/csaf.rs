//! CSAF 2.0 documents (<https://docs.oasis-open.org/csaf/csaf/v2.0/>) of RPM distributions: Red Hat's VEX files and
//! advisories (<https://security.access.redhat.com/data/csaf/v2/>), and SUSE's in the same format.
//!
//! A document has a tree of products (platforms with a CPE, packages with a purl), relationships that put packages into
//! platforms, and for each vulnerability lists of product ids by status.

mod document;
pub mod statement;

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use model::advisory::{Advisory, Affected, End, Namespace, Range, Status};
use model::package::PackageType;
use model::severity::Severity;

use document::{Csaf, RawProduct, Vulnerability, flatten};

use super::osv::ecosystem::suse;
use super::record::{cwe, title};
use super::{ParseError, Sink, rating, time};

/// Deepest nesting of branches; real documents have four.
const DEPTH_LIMIT: usize = 16;

/// A package in a platform.
#[derive(Clone)]
struct Component {
    name: String,
    version: Option<String>,
    module: Option<String>,
}

/// Reads one document. Of the many platforms, those are kept that an installed distribution can be recognised as.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let csaf: Csaf = serde_json::from_slice(bytes)?;
    let current = time::timestamp(&csaf.document.tracking.current_release_date);
    sink.record(current.map(time::day));
    if csaf.document.tracking.status == "draft" {
        return Ok(());
    }
    let vendor = if csaf.document.publisher.name.contains("SUSE") { "suse" } else { "redhat" };
    let mut products = HashMap::new();
    for branch in csaf.product_tree.branches {
        flatten(branch, 0, &mut products)?;
    }
    let mut placed: HashMap<String, (Namespace, Component)> = HashMap::new();
    for relationship in csaf.product_tree.relationships {
        let Some(namespace) = products.get(&relationship.relates_to_product_reference).and_then(platform) else { continue };
        let Some(component) = component(&relationship.product_reference, products.get(&relationship.product_reference)) else {
            continue;
        };
        placed.insert(relationship.full_product_name.product_id, (namespace, component));
    }
    let tracking_id = csaf.document.tracking.id;
    for vulnerability in csaf.vulnerabilities {
        let id = if vulnerability.cve.is_empty() { tracking_id.clone() } else { vulnerability.cve.clone() };
        let (affected, mut errata) = affected(&vulnerability, &placed);
        if affected.is_empty() {
            continue;
        }
        if tracking_id != id && !tracking_id.starts_with("CVE-") && !errata.contains(&tracking_id) {
            errata.push(tracking_id.clone());
        }
        let word = vulnerability.threats.iter().find(|threat| threat.category == "impact").map(|threat| threat.details.as_str());
        let level = Severity::from_vendor_word(word.unwrap_or(&csaf.document.aggregate_severity.text));
        let vectors = vulnerability.scores.iter().flat_map(|score| [&score.cvss_v3, &score.cvss_v2]).flatten();
        let mut unreadable = 0;
        let ratings = rating::ratings(vendor, level, vectors.map(|vector| vector.vector_string.as_str()), &mut unreadable);
        if unreadable > 0 {
            sink.problem(format!("{name}: {unreadable} CVSS vectors cannot be read"));
        }
        let text = if vulnerability.title.is_empty() { &csaf.document.title } else { &vulnerability.title };
        sink.advisory(Advisory {
            url: match vendor {
                "redhat" => format!("https://access.redhat.com/security/cve/{id}"),
                _ => format!("https://www.suse.com/security/cve/{id}.html"),
            },
            id,
            errata,
            title: title(text),
            published: time::timestamp(&vulnerability.release_date),
            modified: current,
            ratings,
            cwes: vulnerability.cwe.and_then(|weakness| cwe(&weakness.id)).into_iter().collect(),
            affected,
            ..Advisory::default()
        });
    }
    Ok(())
}

/// The release line of a platform. Extended support, layered products and containers have none: their builds are their own.
fn platform(product: &RawProduct) -> Option<Namespace> {
    let cpe = &product.product_identification_helper.cpe;
    if let Some((_, rest)) = cpe.split_once(":redhat:enterprise_linux:") {
        let major = rest.split([':', '.']).next().filter(|major| !major.is_empty())?;
        return Some(format!("rhel:{major}"));
    }
    suse(&product.name)
}

/// A package by its purl, else by its name (`curl-0:7.76.1-26.el9_3.2.x86_64`). Source packages are left out: what is
/// installed are binaries, and they are listed beside them.
fn component(id: &str, product: Option<&RawProduct>) -> Option<Component> {
    let purl = product.map_or("", |product| product.product_identification_helper.purl.as_str());
    let Some(rest) = purl.strip_prefix("pkg:rpm/") else {
        let (stem, architecture) = id.rsplit_once('.')?;
        return (architecture != "src").then(|| split_build(stem)).flatten();
    };
    let (path, qualifiers) = rest.split_once('?').unwrap_or((rest, ""));
    let qualifier = |key: &str| qualifiers.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='));
    if qualifier("arch") == Some("src") {
        return None;
    }
    let (path, version) = path.split_once('@').map_or((path, None), |(path, version)| (path, Some(version)));
    let package = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    let version = version.map(|version| match qualifier("epoch").filter(|epoch| *epoch != "0") {
        Some(epoch) => format!("{epoch}:{version}"),
        None => version.to_owned(),
    });
    // `rpmmod=nodejs:18:8080020231012…:63b34585`
    let module = qualifier("rpmmod").and_then(|module| {
        let mut parts = module.split(':');
        Some(format!("{}:{}", parts.next().filter(|name| !name.is_empty())?, parts.next()?))
    });
    Some(Component { name: decoded(package), version: version.map(|version| decoded(&version)), module })
}

/// Takes off a purl's percent-encoding.
pub(in crate::feed) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `name-epoch:version-release`; epoch 0 is not written.
fn split_build(stem: &str) -> Option<Component> {
    let (rest, release) = stem.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    let version = version.strip_prefix("0:").unwrap_or(version);
    Some(Component { name: name.to_owned(), version: Some(format!("{version}-{release}")), module: None })
}

/// The entries of one vulnerability, and the errata that fix it.
fn affected(vulnerability: &Vulnerability, placed: &HashMap<String, (Namespace, Component)>) -> (Vec<Affected>, Vec<String>) {
    let mut fixes: HashMap<&str, Option<Timestamp>> = HashMap::new();
    let mut refused: HashMap<&str, Status> = HashMap::new();
    let mut errata = Vec::new();
    for remediation in &vulnerability.remediations {
        let status = match (remediation.category.as_str(), remediation.details.as_str()) {
            ("vendor_fix", _) => {
                let erratum = remediation.url.rsplit('/').next().filter(|id| !id.is_empty()).map(str::to_owned);
                let known = remediation.product_ids.iter().any(|id| placed.contains_key(id));
                errata.extend(erratum.filter(|id| known && !errata.contains(id)));
                let date = time::timestamp(&remediation.date);
                fixes.extend(remediation.product_ids.iter().map(|id| (id.as_str(), date)));
                continue;
            }
            ("no_fix_planned", "Out of support scope") => Status::EndOfLife,
            ("no_fix_planned", _) => Status::WontFix,
            _ => continue,
        };
        refused.extend(remediation.product_ids.iter().map(|id| (id.as_str(), status)));
    }
    let mut entries: Vec<Affected> = Vec::new();
    let mut seen = HashSet::new();
    for (list, status) in [
        ("fixed", Status::Affected),
        ("recommended", Status::Affected),
        ("first_fixed", Status::Affected),
        ("known_affected", Status::Affected),
        ("under_investigation", Status::UnderInvestigation),
        ("known_not_affected", Status::NotAffected),
    ] {
        for id in vulnerability.product_status.get(list).into_iter().flatten() {
            let Some(placed_as) = placed.get(id) else { continue };
            let (namespace, component) = placed_as;
            let is_fix = matches!(list, "fixed" | "recommended" | "first_fixed");
            let end = match (&component.version, is_fix) {
                (Some(version), true) => Some(End::Fixed(version.clone())),
                (None, true) => continue,
                (_, false) => (status != Status::NotAffected).then_some(End::Open),
            };
            let entry = Affected {
                namespace: namespace.clone(),
                kind: Some(PackageType::Rpm),
                name: component.name.clone(),
                module: component.module.clone(),
                status: if list == "known_affected" { refused.get(id.as_str()).copied().unwrap_or(status) } else { status },
                ranges: end.into_iter().map(|end| Range { end, ..Range::default() }).collect(),
                fixed_at: fixes.get(id.as_str()).copied().flatten().filter(|_| is_fix),
                ..Affected::default()
            };
            // The same package for several architectures.
            if seen.insert((&placed_as.0, &component.name, &component.module, &component.version, list)) {
                entries.push(entry);
            }
        }
    }
    entries.sort_by(|left, right| {
        (&left.namespace, &left.name, &left.module, left.status).cmp(&(
            &right.namespace,
            &right.name,
            &right.module,
            right.status,
        ))
    });
    (entries, errata)
}
