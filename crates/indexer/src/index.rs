//! From an opened image, a root file system or a folder of source to its inventory.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use image::source::Image;
use image::{Entry, Limits, More, Visitor, Wish};
use model::digest::Digest;
use model::inventory::Inventory;
use rayon::prelude::*;

use crate::cache::Cache;
use crate::coalesce::{self, coalesce};
use crate::dispatch::Extractors;
use crate::layer::{Indexer, LayerInventory};
use crate::secret::{SecretRules, places as secrets};

/// How to index.
#[derive(Clone, Copy)]
pub struct IndexOptions<'a> {
    /// The extractors for this kind of target.
    pub extractors: &'a Extractors,
    /// Bounds on what is read.
    pub limits: &'a Limits,
    /// When the time for the whole target is over; a walk's own bound is `limits.timeout`, and the nearer one holds.
    pub deadline: Option<Instant>,
    /// Where layers that were read before are kept; `None` reads everything and keeps nothing.
    pub cache: Option<&'a Cache>,
    /// Layers that the cache knows are read and verified all the same.
    pub verify_layers: bool,
    /// Told how much has been looked at.
    pub progress: &'a Progress,
    /// The rules by which secrets are looked for; `None` where they are not.
    pub secrets: Option<&'a SecretRules>,
    /// Files, absolute, of which [`Inventory::owners`] is to say whose they are.
    pub owners_of: &'a [String],
}

impl IndexOptions<'_> {
    /// The limits for a walk that begins now.
    fn limits_now(&self) -> Limits {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let timeout = match (self.limits.timeout, left) {
            (Some(own), Some(left)) => Some(own.min(left)),
            (own, left) => own.or(left),
        };
        Limits { timeout, ..self.limits.clone() }
    }
}

/// How far a scan is; read by whoever draws a progress bar.
#[derive(Debug, Default)]
pub struct Progress {
    /// Uncompressed bytes of files met so far.
    pub bytes: AtomicU64,
    /// Layers done so far.
    pub layers: AtomicU64,
}

/// Indexes all layers of an image, several at a time, and folds them.
pub fn index_image(image: &Image, options: &IndexOptions<'_>) -> Result<Inventory, image::Error> {
    let layers: Vec<LayerInventory> =
        image.layers.par_iter().map(|layer| index_layer(layer, options)).collect::<Result<_, _>>()?;
    if let Some(cache) = options.cache {
        // A cache that cannot be pruned is no reason to withhold a verdict; the next `put` says what is wrong.
        let _ = cache.prune();
    }
    let fold: Vec<coalesce::Layer<'_>> = image
        .layers
        .iter()
        .zip(&layers)
        .map(|(layer, inventory)| coalesce::Layer { diff_id: layer.diff_id, inventory })
        .collect();
    let mut inventory = coalesce(&fold, image.info.base.as_ref(), options.owners_of);
    inventory.secrets = options.secrets.map(|rules| secrets::of_image(rules, &image.info, &fold));
    Ok(inventory)
}

/// Indexes one layer, or takes what an earlier run found in it.
pub fn index_layer(layer: &image::Layer, options: &IndexOptions<'_>) -> Result<LayerInventory, image::Error> {
    let done = || options.progress.layers.fetch_add(1, Ordering::Relaxed);
    if let Some(reason) = layer.skip_reason() {
        done();
        return Ok(LayerInventory { cut_short: Some(format!("not read: {reason}")), ..LayerInventory::default() });
    }
    let cached = || layer.diff_id.and_then(|diff_id| options.cache?.get(&diff_id));
    if !options.verify_layers
        && let Some(inventory) = cached()
    {
        done();
        return Ok(inventory);
    }
    let mut indexer = Indexer::new(options.extractors, options.secrets);
    let mut walked = layer.walk(&options.limits_now(), &mut Counting { visitor: &mut indexer, progress: options.progress })?;
    if indexer.needs_second_pass() {
        indexer.begin_second_pass();
        walked = layer.walk(&options.limits_now(), &mut indexer)?;
    }
    let mut inventory = indexer.finish(walked.limit_reached);
    // The diff id is of verified bytes only now. What a limit cut short depends on the limit, which is not in the key.
    if let (Some(cache), Some(diff_id), None) = (options.cache, layer.diff_id, &inventory.cut_short)
        && let Err(error) = cache.put(&diff_id, &inventory)
    {
        inventory.problems.push(format!("{error}; the next scan will read this layer again"));
    }
    done();
    Ok(inventory)
}

/// Indexes a root file system in a folder.
pub fn index_rootfs(root: &Path, options: &IndexOptions<'_>) -> Result<Inventory, image::Error> {
    index_folder(options, |visitor| image::rootfs::walk_rootfs(root, &options.limits_now(), visitor))
}

/// Indexes a folder of source code.
pub fn index_source(folder: &Path, options: &IndexOptions<'_>) -> Result<Inventory, image::Error> {
    index_folder(options, |visitor| image::rootfs::walk_source(folder, &options.limits_now(), visitor))
}

/// Indexes a root file system in a tar.
pub fn index_tar(layer: &image::Layer, options: &IndexOptions<'_>) -> Result<Inventory, image::Error> {
    let inventory = index_layer(layer, options)?;
    Ok(fold_one(layer.diff_id, &inventory, options))
}

fn index_folder(
    options: &IndexOptions<'_>,
    walk: impl Fn(&mut dyn Visitor) -> Result<(), image::Error>,
) -> Result<Inventory, image::Error> {
    let mut indexer = Indexer::new(options.extractors, options.secrets);
    walk(&mut Counting { visitor: &mut indexer, progress: options.progress })?;
    let inventory = indexer.finish(None);
    Ok(fold_one(None, &inventory, options))
}

fn fold_one(diff_id: Option<Digest>, inventory: &LayerInventory, options: &IndexOptions<'_>) -> Inventory {
    let fold = [coalesce::Layer { diff_id, inventory }];
    let mut inventory = coalesce(&fold, None, options.owners_of);
    inventory.secrets = options.secrets.map(|rules| secrets::of_layers(rules, &fold));
    inventory
}

/// Counts what passes by.
struct Counting<'a> {
    visitor: &'a mut dyn Visitor,
    progress: &'a Progress,
}

impl Visitor for Counting<'_> {
    fn entry(&mut self, entry: &Entry<'_>) -> Wish {
        self.progress.bytes.fetch_add(entry.size, Ordering::Relaxed);
        self.visitor.entry(entry)
    }
    fn content(&mut self, piece: &[u8]) -> More {
        self.visitor.content(piece)
    }
    fn end(&mut self, complete: bool) {
        self.visitor.end(complete);
    }
    fn problem(&mut self, problem: String) {
        self.visitor.problem(problem);
    }
}
