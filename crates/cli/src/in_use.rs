//! `--in-use FILE`: what was seen running, from a usage file (`plimsoll.usage/v1`).

use std::path::Path;

use anyhow::{Context, ensure};
use model::image::ImageInfo;
use model::usage::{SCHEMA, Usage};

use crate::subject::Subject;

/// Bytes of a usage file: hundreds of thousands of files.
const MAX_SIZE: u64 = 256 << 20;

/// Reads a usage file.
pub fn read(path: &Path) -> anyhow::Result<Usage> {
    let unreadable = || format!("the usage file {} could not be read", path.display());
    let size = std::fs::metadata(path).with_context(unreadable)?.len();
    ensure!(size <= MAX_SIZE, "the usage file {} is larger than {} MB", path.display(), MAX_SIZE >> 20);
    let content = std::fs::read(path).with_context(unreadable)?;
    let usage: Usage = serde_json::from_slice(&content)
        .map_err(|error| anyhow::anyhow!("{} is no usage file of the form {SCHEMA}: {error}", path.display()))?;
    ensure!(usage.schema == SCHEMA, "{} is of the form `{}`; this program reads {SCHEMA}", path.display(), usage.schema);
    ensure!(
        usage.uses.iter().all(|one| one.purl.is_some() || one.path.is_some()),
        "{} holds a use without purl and path; each needs one of them",
        path.display()
    );
    Ok(usage)
}

/// The files of which the indexer is to say whose they are.
pub fn paths(usage: Option<&Usage>) -> Vec<String> {
    usage.iter().flat_map(|usage| &usage.uses).filter_map(|one| one.path.clone()).collect()
}

/// Whether the usage is of this image.
pub fn is_of(usage: &Usage, image: &ImageInfo) -> bool {
    [image.digest, image.config_digest].contains(&Some(usage.image))
}

/// Refuses a usage file of another image: it would make what runs look unused.
pub fn check(usage: &Usage, path: &Path, subjects: &[Subject]) -> anyhow::Result<()> {
    ensure!(
        subjects.iter().any(|subject| is_of(usage, &subject.image)),
        "{} is about another image ({}); take the one that was watched",
        path.display(),
        usage.image
    );
    Ok(())
}
