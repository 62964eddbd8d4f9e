//! A mirrored VEX repository, as VEX Hub is one (<https://github.com/aquasecurity/vex-repo-spec>): `index.json` says which
//! document speaks for which package.
//!
//! A document is believed about the package it is listed under and about nothing else: the repository checked that it came
//! from that package's own source, and not what else it may say.

use std::path::{Component, Path};

use model::purl::pattern::Pattern;
use model::vex::{VexDocument, VexProduct};
use serde::Deserialize;

use super::{VexError, content, parse};

#[derive(Deserialize)]
struct Index {
    packages: Vec<Entry>,
}

/// One package and its document.
#[derive(Deserialize)]
pub(super) struct Entry {
    id: String,
    location: String,
}

/// The index of a folder that is a repository; `None` where it is none.
pub(super) fn index(folder: &Path) -> Result<Option<Vec<Entry>>, VexError> {
    let path = folder.join("index.json");
    if !path.exists() {
        return Ok(None);
    }
    let bytes = content(&path)?;
    let malformed = |reason: String| VexError::Malformed { path: path.clone(), reason };
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| malformed(format!("not the JSON that was expected: {error}")))?;
    if value.get("packages").is_none() {
        return Ok(None);
    }
    let index: Index =
        serde_json::from_value(value).map_err(|error| malformed(format!("it is no index of a VEX repository: {error}")))?;
    Ok(Some(index.packages))
}

/// The documents that an index lists, each cut down to the package it is listed under.
pub(super) fn documents(folder: &Path, entries: &[Entry]) -> Result<Vec<VexDocument>, VexError> {
    let mut documents = Vec::with_capacity(entries.len());
    for entry in entries {
        let index = || folder.join("index.json");
        let inside = Path::new(&entry.location).components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        if !inside {
            let reason = format!("the location `{}` leads out of the repository", entry.location);
            return Err(VexError::Malformed { path: index(), reason });
        }
        let Some(listed) = Pattern::parse(&entry.id) else {
            let reason = format!("`{}` is no package URL", entry.id);
            return Err(VexError::Malformed { path: index(), reason });
        };
        let path = folder.join(&entry.location);
        let mut document = parse(&path, &content(&path)?)?;
        for statement in &mut document.statements {
            statement.products.retain(|product| speaks_of(&listed, product));
        }
        document.statements.retain(|statement| !statement.products.is_empty());
        documents.push(document);
    }
    Ok(documents)
}

/// Whether a product is the listed package, in any version.
fn speaks_of(listed: &Pattern, product: &VexProduct) -> bool {
    let Some(named) = Pattern::parse(&product.id) else { return false };
    let version_free = Pattern { version: None, ..listed.clone() };
    version_free.means(&named)
}
