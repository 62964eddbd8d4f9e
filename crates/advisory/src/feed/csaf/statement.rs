//! The same documents read as VEX: what a supplier says of its products (CSAF 2.0, profile 5 "VEX",
//! <https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex>).
//!
//! A product without a package URL keeps its id: it fits nothing, and so says nothing of what was scanned.

use std::collections::HashMap;

use model::vex::{VexProduct, VexStatement, VexStatus};

use super::document::{Csaf, Group, RawProduct, Relationship, Vulnerability, flatten};
use crate::feed::record::title;
use crate::feed::{ParseError, Sink, time};

/// Relationships build on each other; more than this many steps is a circle or a joke.
const STEPS_LIMIT: usize = 8;

/// The lists of `product_status` (section 3.2.3.9) that say something definite. `recommended` and `last_affected` do not
/// say of the versions they name that they are fixed.
const LISTS: [(&str, VexStatus); 7] = [
    ("known_not_affected", VexStatus::NotAffected),
    ("fixed", VexStatus::Fixed),
    ("first_fixed", VexStatus::Fixed),
    ("known_affected", VexStatus::Affected),
    ("first_affected", VexStatus::Affected),
    ("last_affected", VexStatus::Affected),
    ("under_investigation", VexStatus::UnderInvestigation),
];

/// Reads one document: a statement for each vulnerability, status and reason.
pub fn parse(_: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let csaf: Csaf = serde_json::from_slice(bytes)?;
    let tracking = csaf.document.tracking;
    let current = time::timestamp(&tracking.current_release_date);
    sink.record(current.map(time::day));
    if tracking.status == "draft" {
        return Err(ParseError("it is a draft (document.tracking.status); take the final document".into()));
    }
    let mut products = HashMap::new();
    for branch in csaf.product_tree.branches {
        flatten(branch, 0, &mut products)?;
    }
    products.extend(csaf.product_tree.full_product_names.into_iter().map(|product| (product.product_id.clone(), product)));
    let tree = Tree {
        products,
        relationships: csaf
            .product_tree
            .relationships
            .into_iter()
            .map(|relationship| (relationship.full_product_name.product_id.clone(), relationship))
            .collect(),
        groups: csaf.product_tree.product_groups,
    };
    for vulnerability in csaf.vulnerabilities {
        let id = if vulnerability.cve.is_empty() { tracking.id.clone() } else { vulnerability.cve.clone() };
        for (list, status) in LISTS {
            // Each product has reasons of its own: those that share them share a statement.
            let mut by_reason: Vec<((String, String), Vec<VexProduct>)> = Vec::new();
            for product in vulnerability.product_status.get(list).into_iter().flatten() {
                let reason = reason(&vulnerability, product, status, &tree);
                let about = tree.product(product);
                match by_reason.iter_mut().find(|(known, _)| *known == reason) {
                    Some((_, products)) => products.push(about),
                    None => by_reason.push((reason, vec![about])),
                }
            }
            for ((justification, statement), products) in by_reason {
                sink.vex(VexStatement {
                    id: tracking.id.clone(),
                    vulnerability: id.clone(),
                    aliases: Vec::new(),
                    products,
                    status,
                    justification,
                    statement,
                    author: csaf.document.publisher.name.clone(),
                    timestamp: current,
                });
            }
        }
    }
    Ok(())
}

struct Tree {
    products: HashMap<String, RawProduct>,
    relationships: HashMap<String, Relationship>,
    groups: Vec<Group>,
}

impl Tree {
    /// The product behind an id: by its own purl, or as a component of another product.
    fn product(&self, id: &str) -> VexProduct {
        let Some(relationship) = self.relationships.get(id) else {
            return VexProduct { id: self.name(id), subcomponents: Vec::new() };
        };
        let own = &relationship.full_product_name.product_identification_helper.purl;
        if !own.is_empty() {
            return VexProduct { id: own.clone(), subcomponents: Vec::new() };
        }
        VexProduct {
            id: self.outermost(&relationship.relates_to_product_reference),
            subcomponents: vec![self.component(&relationship.product_reference)],
        }
    }

    fn name(&self, id: &str) -> String {
        let purl = self.products.get(id).map(|product| &product.product_identification_helper.purl);
        purl.filter(|purl| !purl.is_empty()).cloned().unwrap_or_else(|| format!("csaf:{id}"))
    }

    /// What a product that is itself a component is in the end part of.
    fn outermost(&self, id: &str) -> String {
        let mut id = id;
        for _ in 0..STEPS_LIMIT {
            match self.relationships.get(id) {
                Some(relationship) => id = &relationship.relates_to_product_reference,
                None => break,
            }
        }
        self.name(id)
    }

    /// The component itself, wherever it is in turn part of.
    fn component(&self, id: &str) -> String {
        let mut id = id;
        for _ in 0..STEPS_LIMIT {
            match self.relationships.get(id) {
                Some(relationship) => id = &relationship.product_reference,
                None => break,
            }
        }
        self.name(id)
    }

    fn is_listed(&self, product: &str, products: &[String], groups: &[String]) -> bool {
        let in_group = |group: &Group| groups.contains(&group.group_id) && group.product_ids.iter().any(|id| id == product);
        products.iter().any(|id| id == product) || self.groups.iter().any(in_group)
    }
}

/// The justification and the words for one product.
fn reason(vulnerability: &Vulnerability, product: &str, status: VexStatus, tree: &Tree) -> (String, String) {
    let flag = vulnerability.flags.iter().find(|flag| tree.is_listed(product, &flag.product_ids, &flag.group_ids));
    let justification = flag.filter(|_| status == VexStatus::NotAffected).map(|flag| flag.label.clone());
    let impact = |threat: &&super::document::Threat| {
        let all = threat.product_ids.is_empty() && threat.group_ids.is_empty();
        threat.category == "impact" && (all || tree.is_listed(product, &threat.product_ids, &threat.group_ids))
    };
    let words = match status {
        VexStatus::NotAffected | VexStatus::UnderInvestigation => {
            vulnerability.threats.iter().find(impact).map(|threat| title(&threat.details))
        }
        VexStatus::Affected | VexStatus::Fixed => vulnerability
            .remediations
            .iter()
            .find(|remediation| remediation.product_ids.iter().any(|id| id == product))
            .map(|remediation| title(&remediation.details)),
    };
    (justification.unwrap_or_default(), words.unwrap_or_default())
}
