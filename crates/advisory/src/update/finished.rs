//! A finished database taken over: from a file, or from a registry as an artifact of one layer.

use std::fs;
use std::path::{Path, PathBuf};

use model::report::DatabaseInfo;

use super::UpdateError;
use crate::database::{Database, replace};

/// Media type of the one layer of a database published to a registry.
pub const MEDIA_TYPE: &str = "application/vnd.plimsoll.database.v1";
/// Largest database that is taken over; one of every feed has 150 MB.
pub const LIMIT: u64 = 2 << 30;

/// Where a finished database comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `file:PATH`.
    File(PathBuf),
    /// `oci://REFERENCE`, with or without a digest.
    Oci(String),
}

impl Origin {
    /// Reads `file:PATH` and `oci://REFERENCE`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("file:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return (!path.is_empty()).then(|| Self::File(path.into()));
        }
        text.strip_prefix("oci://").filter(|reference| !reference.is_empty()).map(|reference| Self::Oci(reference.to_owned()))
    }
}

/// Gets the bytes of the layer of an artifact, its digest verified.
pub type Pull<'a> = &'a dyn Fn(&str) -> Result<Vec<u8>, Box<dyn std::error::Error + Send + Sync>>;

/// Checks every byte of a finished database and puts it in the place of the one at `out`.
pub fn take(origin: &Origin, out: &Path, allow_older: bool, pull: Pull<'_>) -> Result<DatabaseInfo, UpdateError> {
    let name = match origin {
        Origin::File(path) => path.display().to_string(),
        Origin::Oci(reference) => format!("oci://{reference}"),
    };
    let cannot = |source: Box<dyn std::error::Error + Send + Sync>| UpdateError::Finished { origin: name.clone(), source };
    let bytes = match origin {
        Origin::File(path) => {
            let length = fs::metadata(path).map_err(|error| cannot(error.into()))?.len();
            if length > LIMIT {
                return Err(cannot(format!("it is larger than {} MiB", LIMIT >> 20).into()));
            }
            fs::read(path).map_err(|error| cannot(error.into()))?
        }
        Origin::Oci(reference) => pull(reference).map_err(cannot)?,
    };
    let new = super::beside(out);
    let place = || -> Result<DatabaseInfo, UpdateError> {
        if let Some(folder) = out.parent() {
            fs::create_dir_all(folder).map_err(super::write_at(folder))?;
        }
        // What is checked is the copy: the original may change in between.
        replace(&new, &bytes).map_err(super::write_at(&new))?;
        let info = {
            let database = Database::open(&new)?;
            database.verify()?;
            database.info().clone()
        };
        super::put_in_place(&new, out, allow_older)?;
        Ok(info)
    };
    let outcome = place();
    let _ = fs::remove_file(&new);
    outcome
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins() {
        assert_eq!(Origin::parse("file:a/b.db"), Some(Origin::File("a/b.db".into())));
        assert_eq!(Origin::parse("file:///a/b.db"), Some(Origin::File("/a/b.db".into())));
        assert_eq!(Origin::parse("oci://r/a:1@sha256:00"), Some(Origin::Oci("r/a:1@sha256:00".to_owned())));
        for text in ["a.db", "file:", "oci://", "https://a"] {
            assert_eq!(Origin::parse(text), None, "{text}");
        }
    }
}
