//! `plimsoll cache`.

use indicatif::DecimalBytes;

use crate::args::{Cache, Global};
use crate::exit::Exit;
use crate::{printer, subject};

/// Shows or clears what is kept.
pub fn run(global: &Global, cache: &Cache) -> anyhow::Result<Exit> {
    let layers = subject::layer_cache(global);
    if cache.clear {
        layers.clear()?;
        subject::image_records(global).clear()?;
    }
    let size = layers.size()?;
    let text = format!(
        "folder  {}\nlayers  {} ({} of {} at most)\n",
        global.cache_folder().display(),
        size.layers,
        DecimalBytes(size.bytes),
        DecimalBytes(subject::CACHE_LIMIT),
    );
    printer::result(text.as_bytes(), None)?;
    Ok(Exit::Done)
}
