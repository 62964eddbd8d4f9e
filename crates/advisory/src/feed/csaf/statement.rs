//! The same documents read as VEX: what a supplier says of its products (CSAF 2.0, profile 5 "VEX",
//! <https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#45-profile-5-vex>).
//!
//! A product without a package URL keeps its id: it fits nothing, and so says nothing of what was scanned.

use std::collections::{BTreeMap, HashMap};

use model::vex::{VexProduct, VexStatement, VexStatus};

use super::document::{Csaf, RawProduct, Relationship, Vulnerability, flatten};
use crate::feed::record::title;
use crate::feed::{ParseError, Sink, time};

/// Most products that all reasons of one vulnerability name together.
const PRODUCTS_LIMIT: usize = 1_000_000;
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
        groups: csaf.product_tree.product_groups.into_iter().map(|group| (group.group_id, group.product_ids)).collect(),
    };
    for vulnerability in csaf.vulnerabilities {
        let id = if vulnerability.cve.is_empty() { tracking.id.clone() } else { vulnerability.cve.clone() };
        let reasons = Reasons::new(&vulnerability, &tree)?;
        for (list, status) in LISTS {
            // Each product has reasons of its own: those that share them share a statement.
            let mut by_reason: BTreeMap<(&str, &str), Vec<VexProduct>> = BTreeMap::new();
            for product in vulnerability.product_status.get(list).into_iter().flatten() {
                by_reason.entry(reasons.of(product, status)).or_default().push(tree.product(product));
            }
            for ((justification, statement), products) in by_reason {
                sink.vex(VexStatement {
                    id: tracking.id.clone(),
                    vulnerability: id.clone(),
                    aliases: Vec::new(),
                    products,
                    status,
                    justification: justification.to_owned(),
                    statement: title(statement),
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
    groups: HashMap<String, Vec<String>>,
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

    /// Notes a text for products and for those of groups, the first of each kept.
    fn note<'a>(
        &'a self,
        texts: &mut HashMap<&'a str, &'a str>,
        products: &'a [String],
        groups: &[String],
        text: &'a str,
        budget: &mut usize,
    ) -> Result<(), ParseError> {
        let of_groups = groups.iter().filter_map(|group| self.groups.get(group)).flatten();
        for product in products.iter().chain(of_groups) {
            *budget = budget.checked_sub(1).ok_or_else(|| {
                ParseError(format!("what it says of one vulnerability names more than {PRODUCTS_LIMIT} products"))
            })?;
            texts.entry(product).or_insert(text);
        }
        Ok(())
    }
}

/// What is said of single products, by product.
#[derive(Default)]
struct Reasons<'a> {
    flags: HashMap<&'a str, &'a str>,
    impacts: HashMap<&'a str, &'a str>,
    /// An impact that names no product is that of all.
    impact: &'a str,
    remediations: HashMap<&'a str, &'a str>,
}

impl<'a> Reasons<'a> {
    fn new(vulnerability: &'a Vulnerability, tree: &'a Tree) -> Result<Self, ParseError> {
        let mut reasons = Self::default();
        let mut budget = PRODUCTS_LIMIT;
        for flag in &vulnerability.flags {
            tree.note(&mut reasons.flags, &flag.product_ids, &flag.group_ids, &flag.label, &mut budget)?;
        }
        for threat in vulnerability.threats.iter().filter(|threat| threat.category == "impact") {
            if threat.product_ids.is_empty() && threat.group_ids.is_empty() {
                reasons.impact = &threat.details;
            }
            tree.note(&mut reasons.impacts, &threat.product_ids, &threat.group_ids, &threat.details, &mut budget)?;
        }
        for remediation in &vulnerability.remediations {
            tree.note(&mut reasons.remediations, &remediation.product_ids, &[], &remediation.details, &mut budget)?;
        }
        Ok(reasons)
    }

    /// The justification and the words for one product.
    fn of(&self, product: &str, status: VexStatus) -> (&'a str, &'a str) {
        let found = |map: &HashMap<&'a str, &'a str>, otherwise| map.get(product).copied().unwrap_or(otherwise);
        match status {
            VexStatus::NotAffected => (found(&self.flags, ""), found(&self.impacts, self.impact)),
            VexStatus::UnderInvestigation => ("", found(&self.impacts, self.impact)),
            VexStatus::Affected | VexStatus::Fixed => ("", found(&self.remediations, "")),
        }
    }
}
