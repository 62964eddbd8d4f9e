//! OpenVEX documents (<https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md>), of versions 0.0.1 and 0.2.0.

use model::vex::{VexProduct, VexStatement, VexStatus};
use serde::Deserialize;

use super::record::{nullable, title};
use super::{ParseError, Sink, time};

/// Most products and components of one document.
const PRODUCTS_LIMIT: usize = 1_000_000;

#[derive(Deserialize)]
struct Document {
    #[serde(default, rename = "@id", deserialize_with = "nullable")]
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    author: String,
    #[serde(default, deserialize_with = "nullable")]
    timestamp: String,
    statements: Vec<Statement>,
}

#[derive(Deserialize)]
struct Statement {
    #[serde(default, rename = "@id", deserialize_with = "nullable")]
    id: String,
    vulnerability: Vulnerability,
    #[serde(default, deserialize_with = "nullable")]
    timestamp: String,
    #[serde(default, deserialize_with = "nullable")]
    last_updated: String,
    #[serde(default, deserialize_with = "nullable")]
    products: Vec<Product>,
    status: String,
    #[serde(default, deserialize_with = "nullable")]
    justification: String,
    #[serde(default, rename = "impact_statement", deserialize_with = "nullable")]
    impact: String,
    #[serde(default, rename = "action_statement", deserialize_with = "nullable")]
    action: String,
    #[serde(default, deserialize_with = "nullable")]
    status_notes: String,
    /// Version 0.0.1 keeps the components beside the products.
    #[serde(default, deserialize_with = "nullable")]
    subcomponents: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Vulnerability {
    Name(String),
    Object {
        #[serde(default, deserialize_with = "nullable")]
        name: String,
        #[serde(default, rename = "@id", deserialize_with = "nullable")]
        id: String,
        #[serde(default, deserialize_with = "nullable")]
        aliases: Vec<String>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Product {
    Id(String),
    Object {
        #[serde(default, rename = "@id", deserialize_with = "nullable")]
        id: String,
        #[serde(default, deserialize_with = "nullable")]
        identifiers: Identifiers,
        #[serde(default, deserialize_with = "nullable")]
        subcomponents: Vec<Component>,
    },
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Component {
    Id(String),
    Object {
        #[serde(default, rename = "@id", deserialize_with = "nullable")]
        id: String,
        #[serde(default, deserialize_with = "nullable")]
        identifiers: Identifiers,
    },
}

#[derive(Default, Deserialize)]
struct Identifiers {
    #[serde(default, deserialize_with = "nullable")]
    purl: String,
}

impl Component {
    fn name(self) -> String {
        match self {
            Self::Id(id) => id,
            Self::Object { id, identifiers } => named(id, identifiers),
        }
    }
}

/// A purl where there is one, else the id.
fn named(id: String, identifiers: Identifiers) -> String {
    if identifiers.purl.is_empty() { id } else { identifiers.purl }
}

/// Reads one document: one statement each; those with an unknown status are problems.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let document: Document = serde_json::from_slice(bytes)?;
    let written = time::timestamp(&document.timestamp);
    let mut products = 0;
    let mut newest = written;
    let mut statements = Vec::with_capacity(document.statements.len());
    for statement in document.statements {
        let Some(status) = VexStatus::from_name(&statement.status) else {
            sink.problem(format!("{name}: `{}` is not a VEX status", title(&statement.status)));
            continue;
        };
        let (vulnerability, aliases) = match statement.vulnerability {
            Vulnerability::Name(name) => (name, Vec::new()),
            Vulnerability::Object { name, id, aliases } => (if name.is_empty() { id } else { name }, aliases),
        };
        if vulnerability.is_empty() {
            sink.problem(format!("{name}: a statement names no vulnerability"));
            continue;
        }
        let shared: Vec<String> = statement.subcomponents.into_iter().map(Component::name).collect();
        let mut about = Vec::with_capacity(statement.products.len());
        for product in statement.products {
            let product = match product {
                Product::Id(id) => VexProduct { id, subcomponents: shared.clone() },
                Product::Object { id, identifiers, subcomponents } => {
                    let mut subcomponents: Vec<String> = subcomponents.into_iter().map(Component::name).collect();
                    subcomponents.extend(shared.iter().cloned());
                    VexProduct { id: named(id, identifiers), subcomponents }
                }
            };
            products += 1 + product.subcomponents.len();
            if products > PRODUCTS_LIMIT {
                return Err(ParseError(format!("it names more than {PRODUCTS_LIMIT} products")));
            }
            if !product.id.is_empty() {
                about.push(product);
            }
        }
        let timestamp = time::timestamp(&statement.last_updated).or_else(|| time::timestamp(&statement.timestamp)).or(written);
        newest = newest.max(timestamp);
        let words = [statement.impact, statement.action, statement.status_notes];
        statements.push(VexStatement {
            id: if statement.id.is_empty() { document.id.clone() } else { statement.id },
            vulnerability,
            // Addresses of pages about it are not ids.
            aliases: aliases.into_iter().filter(|alias| !alias.contains("://")).collect(),
            products: about,
            status,
            justification: statement.justification,
            statement: words.iter().find(|text| !text.is_empty()).map(|text| title(text)).unwrap_or_default(),
            author: document.author.clone(),
            timestamp,
        });
    }
    sink.record(newest.map(time::day));
    for statement in statements {
        sink.vex(statement);
    }
    Ok(())
}
