//! SUSE's updates in the Common Vulnerability Reporting Framework 1.1 and 1.2
//! (<https://docs.oasis-open.org/csaf/csaf-cvrf/v1.2/csaf-cvrf-v1.2.html>,
//! <https://ftp.suse.com/pub/projects/security/cvrf/>): one document per erratum, the vulnerabilities it fixes, and for
//! each of them the builds in products that have the fix.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use model::advisory::{Advisory, Affected, End, Range};
use model::package::PackageType;
use model::severity::Severity;

use super::osv::ecosystem::suse;
use super::record::{first_sentence, is_cve, title};
use super::xml::{self, Element};
use super::{ParseError, Sink, rating, time};

/// What the document says before it comes to its vulnerabilities.
#[derive(Default)]
struct Head {
    id: String,
    title: String,
    url: String,
    issued: Option<Timestamp>,
    changed: Option<Timestamp>,
    /// Build and product of what is a build in a product.
    placed: HashMap<String, (String, String)>,
}

/// Reads one document.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let mut head = Head::default();
    let wanted =
        |name: &str| ["DocumentTitle", "DocumentTracking", "DocumentReferences", "Relationship", "Vulnerability"].contains(&name);
    xml::elements(bytes, &wanted, &mut |element| {
        match element.name.as_str() {
            "DocumentTitle" => head.title = title(&element.text),
            "DocumentTracking" => {
                let identification = element.child("Identification");
                head.id = identification.map(|identification| identification.child_text("ID").to_owned()).unwrap_or_default();
                head.issued = time::timestamp(element.child_text("InitialReleaseDate"));
                head.changed = time::timestamp(element.child_text("CurrentReleaseDate")).or(head.issued);
                sink.record(head.changed.map(time::day));
            }
            "DocumentReferences" => head.url = first_url(&element),
            "Relationship" => {
                let whole = element.child("FullProductName").map_or("", |whole| whole.attribute("ProductID")).to_owned();
                let part = |name: &str| element.attribute(name).to_owned();
                head.placed.insert(whole, (part("ProductReference"), part("RelatesToProductReference")));
            }
            _ => emit(name, &element, &head, sink),
        }
        Ok(())
    })?;
    if head.id.is_empty() {
        return Err(ParseError("it is no CVRF document".into()));
    }
    Ok(())
}

/// The first address of a list of references.
fn first_url(list: &Element) -> String {
    list.child("Reference").map_or("", |reference| reference.child_text("URL")).to_owned()
}

/// Turns one vulnerability into an advisory.
fn emit(name: &str, vulnerability: &Element, head: &Head, sink: &mut dyn Sink) {
    let affected = affected(vulnerability, head, sink);
    if affected.is_empty() {
        return;
    }
    let cve = Some(vulnerability.child_text("CVE")).filter(|cve| is_cve(cve));
    let description = vulnerability.child("Notes").map_or("", |notes| notes.child_text("Note"));
    let level = vulnerability.child("Threats").into_iter().flat_map(|threats| threats.all("Threat"));
    let level = level
        .filter(|threat| threat.attribute("Type") == "Impact")
        .find_map(|threat| Severity::from_vendor_word(threat.child_text("Description")));
    // `ScoreSet` with a `Vector` in 1.1; since 1.2 the names say of which version they are.
    let sets = vulnerability.child("CVSSScoreSets").map_or(&[][..], |sets| &sets.children);
    let vectors = sets.iter().flat_map(|set| ["VectorV3", "VectorV2", "Vector"].map(|name| set.child_text(name)));
    let mut unreadable = 0;
    let ratings = rating::ratings("suse", level, vectors, &mut unreadable);
    if unreadable > 0 {
        sink.problem(format!("{name}: {unreadable} CVSS vectors cannot be read"));
    }
    let url = vulnerability.child("References").map(first_url).filter(|url| !url.is_empty());
    sink.advisory(Advisory {
        id: cve.unwrap_or(&head.id).to_owned(),
        errata: cve.map(|_| head.id.clone()).into_iter().collect(),
        title: if description.is_empty() { head.title.clone() } else { first_sentence(description) },
        url: url.unwrap_or_else(|| head.url.clone()),
        modified: head.changed,
        ratings,
        affected,
        ..Advisory::default()
    });
}

/// The builds that fix a vulnerability, in the products that an installed distribution can be recognised as.
fn affected(vulnerability: &Element, head: &Head, sink: &mut dyn Sink) -> Vec<Affected> {
    let mut affected = Vec::new();
    let mut seen = HashSet::new();
    for status in vulnerability.child("ProductStatuses").into_iter().flat_map(|statuses| statuses.all("Status")) {
        let kind = status.attribute("Type");
        if !["Fixed", "First Fixed", "Recommended"].contains(&kind) {
            sink.problem(format!("{}: products that are `{}` are not used", head.id, title(kind)));
            continue;
        }
        for id in status.all("ProductID").map(|id| id.text.trim()) {
            // Images are products as well, and have colons in their names.
            let placed = head.placed.get(id).map(|(build, product)| (build.as_str(), product.as_str()));
            let Some((reference, product)) = placed.or_else(|| id.rsplit_once(':').map(|(product, build)| (build, product)))
            else {
                sink.problem(format!("{}: `{}` is not a package in a product", head.id, title(id)));
                continue;
            };
            let Some(namespace) = suse(product) else { continue };
            let Some((package, version)) = build(reference) else {
                sink.problem(format!("{}: `{}` has no version", head.id, title(reference)));
                continue;
            };
            // Modules of one service pack carry the same build.
            if seen.insert((namespace.clone(), package, version)) {
                affected.push(Affected {
                    namespace,
                    kind: Some(PackageType::Rpm),
                    name: package.to_owned(),
                    ranges: vec![Range { end: End::Fixed(version.to_owned()), ..Range::default() }],
                    fixed_at: head.issued,
                    ..Affected::default()
                });
            }
        }
    }
    affected
}

/// `strongswan-libs0-5.6.0-lp151.4.3.1`: the name, and the version with its release.
fn build(reference: &str) -> Option<(&str, &str)> {
    let release = reference.rfind('-')?;
    let version = reference.get(..release)?.rfind('-')?;
    let (name, version) = (reference.get(..version)?, reference.get(version + 1..)?);
    (!name.is_empty() && !version.starts_with('-') && !version.ends_with('-')).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn builds() {
        assert_eq!(build("strongswan-libs0-5.6.0-lp151.4.3.1"), Some(("strongswan-libs0", "5.6.0-lp151.4.3.1")));
        for reference in ["", "log4j", "a-1", "-1-1", "a-1-", "a--1"] {
            assert_eq!(build(reference), None, "{reference}");
        }
    }
}
