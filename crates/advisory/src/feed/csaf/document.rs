//! The parts of a CSAF document that are read, as they lie on the wire.

use std::collections::HashMap;

use serde::Deserialize;

use super::DEPTH_LIMIT;
use crate::feed::ParseError;
use crate::feed::record::nullable;

#[derive(Deserialize)]
pub(in crate::feed) struct Csaf {
    pub(in crate::feed) document: Document,
    #[serde(default)]
    pub(in crate::feed) product_tree: Tree,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) vulnerabilities: Vec<Vulnerability>,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Document {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) title: String,
    #[serde(default)]
    pub(in crate::feed) publisher: Publisher,
    pub(in crate::feed) tracking: Tracking,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) aggregate_severity: Words,
}

#[derive(Default, Deserialize)]
pub(in crate::feed) struct Publisher {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) name: String,
}

#[derive(Default, Deserialize)]
pub(in crate::feed) struct Words {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) text: String,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Tracking {
    pub(in crate::feed) id: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) current_release_date: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) status: String,
}

#[derive(Default, Deserialize)]
pub(in crate::feed) struct Tree {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) branches: Vec<Branch>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) full_product_names: Vec<RawProduct>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_groups: Vec<Group>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) relationships: Vec<Relationship>,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Branch {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) branches: Vec<Branch>,
    #[serde(default)]
    pub(in crate::feed) product: Option<RawProduct>,
}

#[derive(Deserialize)]
pub(in crate::feed) struct RawProduct {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) name: String,
    pub(in crate::feed) product_id: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_identification_helper: Helper,
}

#[derive(Clone, Default, Deserialize)]
pub(in crate::feed) struct Helper {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) cpe: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) purl: String,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Relationship {
    pub(in crate::feed) product_reference: String,
    pub(in crate::feed) relates_to_product_reference: String,
    pub(in crate::feed) full_product_name: FullName,
}

#[derive(Deserialize)]
pub(in crate::feed) struct FullName {
    pub(in crate::feed) product_id: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_identification_helper: Helper,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Vulnerability {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) cve: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) title: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) release_date: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) cwe: Option<Weakness>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) flags: Vec<Flag>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_status: HashMap<String, Vec<String>>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) remediations: Vec<Remediation>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) threats: Vec<Threat>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) scores: Vec<Score>,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Weakness {
    pub(in crate::feed) id: String,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Remediation {
    pub(in crate::feed) category: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) details: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) url: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) date: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_ids: Vec<String>,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Threat {
    pub(in crate::feed) category: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) details: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_ids: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) group_ids: Vec<String>,
}

/// Why products are not affected.
#[derive(Deserialize)]
pub(in crate::feed) struct Flag {
    pub(in crate::feed) label: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_ids: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) group_ids: Vec<String>,
}

/// Products under one id.
#[derive(Deserialize)]
pub(in crate::feed) struct Group {
    pub(in crate::feed) group_id: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) product_ids: Vec<String>,
}

#[derive(Deserialize)]
pub(in crate::feed) struct Score {
    #[serde(default)]
    pub(in crate::feed) cvss_v3: Option<Vector>,
    #[serde(default)]
    pub(in crate::feed) cvss_v2: Option<Vector>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::feed) struct Vector {
    #[serde(default, deserialize_with = "nullable")]
    pub(in crate::feed) vector_string: String,
}

/// Collects the products of a branch and of those below it, by id.
pub(super) fn flatten(branch: Branch, depth: usize, products: &mut HashMap<String, RawProduct>) -> Result<(), ParseError> {
    if depth > DEPTH_LIMIT {
        return Err(ParseError("its product tree is nested too deep".into()));
    }
    if let Some(product) = branch.product {
        products.insert(product.product_id.clone(), product);
    }
    branch.branches.into_iter().try_for_each(|branch| flatten(branch, depth + 1, products))
}
