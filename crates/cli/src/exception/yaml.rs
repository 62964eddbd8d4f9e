//! YAML with errors that name file and line.

use anyhow::anyhow;
use serde::de::DeserializeOwned;

/// Reads one document. The reader's own budget bounds nesting, anchors and nodes.
pub(super) fn parse<T: DeserializeOwned>(source: &str, text: &str) -> anyhow::Result<T> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let line = error.location().map(|location| format!(" line {}", location.line())).unwrap_or_default();
        let words = error.to_string();
        let words: Vec<&str> = words.split_whitespace().collect();
        anyhow!("{source}{line}: {}", words.join(" "))
    })
}
