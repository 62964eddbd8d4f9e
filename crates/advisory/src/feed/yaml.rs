//! YAML documents of feeds.

use serde::de::DeserializeOwned;

use super::ParseError;

/// Reads one YAML document. The reader's own budget bounds nesting, anchors and nodes.
pub(super) fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ParseError> {
    serde_saphyr::from_slice(bytes).map_err(|error| ParseError(super::record::title(&error.to_string())))
}
