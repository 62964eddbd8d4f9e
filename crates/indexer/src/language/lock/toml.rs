//! The few things lock files in TOML need: the document, its tables and their texts.

use toml::{Table, Value};

use crate::extractor::Found;

/// The document; `None`, and a problem, where it is none.
pub(super) fn document(content: &[u8], found: &mut Found) -> Option<Table> {
    match String::from_utf8_lossy(content).parse() {
        Ok(table) => Some(table),
        Err(error) => {
            let error: toml::de::Error = error;
            found.lost(format!("is not valid TOML: {}", error.message()));
            None
        }
    }
}

/// `[[name]]`.
pub(super) fn tables<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a Table> {
    table.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_table)
}

/// A text; empty where the field is missing or something else.
pub(super) fn text<'a>(table: &'a Table, field: &str) -> &'a str {
    table.get(field).and_then(Value::as_str).unwrap_or_default()
}
