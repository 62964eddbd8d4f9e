//! From what the user named to inventories: opened, indexed, folded, base found.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Context;
use image::Limits;
use image::client::ClientOptions;
use image::source::{Image, OpenOptions, Opened, PlatformChoice, RootFs};
use indexer::cache::Cache;
use indexer::dispatch::Extractors;
use indexer::extractor::Target as TargetKind;
use indexer::index::{self, IndexOptions, Progress};
use indexer::secret::SecretRules;
use model::digest::Digest;
use model::image::ImageInfo;
use model::inventory::Inventory;
use model::misconfiguration::Misconfiguration;
use model::vex::VexDocument;

use crate::args::Global;
use crate::args::scan::Target;
use crate::base::{self, ImageRecords};
use crate::progress::ScanProgress;

/// What the layer cache may hold, in bytes.
pub const CACHE_LIMIT: u64 = 2_000_000_000;

/// One thing to judge: an image of one platform, or what stands in its place.
pub struct Subject {
    /// What it is.
    pub image: ImageInfo,
    /// What is in it.
    pub inventory: Inventory,
    /// VEX that came with it; `None` where none was looked for.
    pub claims: Option<VexDocument>,
    /// Misconfigurations; `None` where they were not looked for.
    pub misconfigurations: Option<Vec<Misconfiguration>>,
}

impl Subject {
    fn new(image: ImageInfo, mut inventory: Inventory) -> Self {
        inventory.note_missing_packages();
        Self { image, inventory, claims: None, misconfigurations: None }
    }

    /// Looks for misconfigurations, in what holds an image's files.
    fn look_for_misconfigurations(&mut self) {
        let Self { image, inventory, .. } = self;
        if matches!(image.source.as_str(), "source" | "sbom") {
            inventory.problems.push("misconfigurations are looked for in images; `plimsoll check` looks at files".to_owned());
            return;
        }
        if inventory.notable_left_out > 0 {
            let problem = "{} files are more than a layer may name; misconfigurations leave them out";
            inventory.problems.push(problem.replace("{}", &inventory.notable_left_out.to_string()));
        }
        let secrets = inventory.secrets.as_deref();
        self.misconfigurations = Some(checks::image_config::check(image, &inventory.notable, secrets));
    }
}

/// Everything the user's target holds.
pub struct Subjects {
    /// At least one.
    pub all: Vec<Subject>,
    /// Digest of the index they come from, with `--platform all`.
    pub index_digest: Option<Digest>,
    /// Whether every platform was asked for, so that the answer is an index.
    pub is_index: bool,
}

/// The cache of layers.
pub fn layer_cache(global: &Global) -> Cache {
    let extractors = Extractors::new(TargetKind::Installed);
    layer_cache_for(global, &extractors, None)
}

fn layer_cache_for(global: &Global, extractors: &Extractors, secrets: Option<&SecretRules>) -> Cache {
    let fingerprint = match secrets {
        Some(rules) => format!("{} {}", extractors.fingerprint(), rules.fingerprint()),
        None => extractors.fingerprint(),
    };
    Cache::new(&global.cache_folder().join("layers"), CACHE_LIMIT, &fingerprint)
}

/// The records of images scanned before.
pub fn image_records(global: &Global) -> ImageRecords {
    ImageRecords::new(&global.cache_folder().join("images"))
}

/// How images are opened.
fn open_options(global: &Global, target: &Target) -> anyhow::Result<OpenOptions> {
    let platform = match target.opening.platform.as_deref() {
        None => PlatformChoice::Default,
        Some("all") => PlatformChoice::All,
        Some(text) => PlatformChoice::One(text.parse()?),
    };
    Ok(OpenOptions {
        platform,
        limits: Limits { timeout: target.opening.timeout, ..Limits::default() },
        client: client_options(global, target)?,
        verify_layers: target.opening.verify_layers,
    })
}

fn client_options(global: &Global, target: &Target) -> anyhow::Result<ClientOptions> {
    Ok(ClientOptions {
        mirrors: crate::settings::tables()?.mirrors,
        ca_cert: global.ca_cert.clone(),
        insecure_registries: target.opening.insecure_registry.clone(),
        offline: global.offline,
        ..ClientOptions::default()
    })
}

/// What to look for beside packages.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looking<'a> {
    /// Files of which the inventories are to say which package owns them.
    pub owners_of: &'a [String],
    /// Texts of licences.
    pub licenses: bool,
    /// Whether secrets were asked for by name.
    pub secrets_by_name: bool,
    /// Secrets, by these rules.
    pub secrets: Option<&'a SecretRules>,
    /// Misconfigurations of images.
    pub misconfigurations: bool,
}

/// Opens and indexes what the user named.
pub fn take(global: &Global, target: &Target, looking: Looking<'_>) -> anyhow::Result<Subjects> {
    let mut subjects = open(global, target, looking)?;
    if looking.misconfigurations {
        subjects.all.iter_mut().for_each(Subject::look_for_misconfigurations);
    }
    Ok(subjects)
}

fn open(global: &Global, target: &Target, looking: Looking<'_>) -> anyhow::Result<Subjects> {
    let begun = Instant::now();
    if let Some(threads) = target.opening.threads {
        // Built once a process; asking again for the same program is harmless.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global();
    }
    let options = open_options(global, target)?;
    let is_index = options.platform == PlatformChoice::All;
    let opened = image::source::open(&target.image, &options)?;
    let extractors = if looking.licenses { Extractors::with_licenses } else { Extractors::new };
    let installed = extractors(TargetKind::Installed);
    let cache = layer_cache_for(global, &installed, looking.secrets);
    let progress = Arc::new(Progress::default());
    let layers =
        if let Opened::Images { images, .. } = &opened { images.iter().map(|image| image.layers.len()).sum() } else { 0 };
    let _bar = ScanProgress::start(&progress, layers, global.quiet);
    let index_options = IndexOptions {
        extractors: &installed,
        limits: &options.limits,
        deadline: target.opening.timeout.and_then(|timeout| begun.checked_add(timeout)),
        cache: Some(&cache),
        verify_layers: options.verify_layers,
        progress: &progress,
        secrets: looking.secrets,
        owners_of: looking.owners_of,
    };
    match opened {
        Opened::Images { images, index_digest, notes } => {
            // Misconfigurations show steps of the history.
            let built_in = (looking.misconfigurations && looking.secrets.is_none()).then(SecretRules::built_in);
            let redacting = looking.secrets.or(built_in.as_ref());
            let bases = base::Bases::new(target.opening.base.as_deref(), &options, image_records(global));
            let all = images
                .into_iter()
                .map(|image| take_image(image, &bases, &index_options, &notes, redacting))
                .collect::<anyhow::Result<_>>()?;
            Ok(Subjects { all, index_digest, is_index })
        }
        Opened::RootFs(RootFs::Folder(root)) => {
            // Of a running system only what an extractor asks for is opened, unless somebody asks for more.
            let running = root == Path::new("/") && !looking.secrets_by_name;
            let secrets = index_options.secrets.filter(|_| !running);
            let mut inventory = index::index_rootfs(&root, &IndexOptions { secrets, ..index_options })?;
            if running && index_options.secrets.is_some() {
                inventory.problems.push("secrets were not looked for in a running system; --only secret does".to_owned());
                inventory.problems.sort();
            }
            Ok(single(plain("rootfs", &target.image), inventory))
        }
        Opened::RootFs(RootFs::Tar(layer)) => {
            let inventory = index::index_tar(&layer, &index_options)?;
            Ok(single(plain("rootfs", &target.image), inventory))
        }
        Opened::SourceFolder(folder) => {
            let source = Extractors::new(TargetKind::Source);
            let inventory = index::index_source(&folder, &IndexOptions { extractors: &source, ..index_options })?;
            Ok(single(plain("source", &target.image), inventory))
        }
        Opened::Sbom(path) => take_sbom(&path, target),
    }
}

fn plain(source: &str, reference: &str) -> ImageInfo {
    ImageInfo { reference: reference.to_owned(), source: source.to_owned(), ..ImageInfo::default() }
}

fn single(image: ImageInfo, inventory: Inventory) -> Subjects {
    Subjects { all: vec![Subject::new(image, inventory)], index_digest: None, is_index: false }
}

fn take_image(
    mut image: Image,
    bases: &base::Bases<'_>,
    options: &IndexOptions<'_>,
    notes: &[String],
    redacting: Option<&SecretRules>,
) -> anyhow::Result<Subject> {
    let (base, note) = bases.of(&image)?;
    image.info.base = base;
    let mut inventory = index::index_image(&image, options)?;
    inventory.problems.extend(notes.iter().chain(&image.notes).cloned().chain(note));
    inventory.problems.sort();
    inventory.problems.dedup();
    bases.remember(&image);
    if let Some(rules) = redacting {
        rules.redact_image(&mut image.info);
    }
    Ok(Subject::new(image.info, inventory))
}

fn take_sbom(path: &Path, target: &Target) -> anyhow::Result<Subjects> {
    const MAX_SIZE: u64 = 512 << 20;
    let size = std::fs::metadata(path).with_context(|| format!("{} could not be read", path.display()))?.len();
    anyhow::ensure!(size <= MAX_SIZE, "{} is larger than the {} MB an SBOM may have", path.display(), MAX_SIZE >> 20);
    let content = std::fs::read(path).with_context(|| format!("{} could not be read", path.display()))?;
    let sbom = indexer::sbom::parse(&content).with_context(|| format!("{} is no SBOM that can be read", path.display()))?;
    let mut image = sbom.image.unwrap_or_default();
    image.names =
        Some(std::mem::replace(&mut image.reference, target.image.clone())).filter(|name| !name.is_empty()).into_iter().collect();
    "sbom".clone_into(&mut image.source);
    let inventory = Inventory {
        distro: sbom.distro,
        packages: sbom.packages,
        problems: sbom.problems,
        unread: sbom.unread,
        ..Inventory::default()
    };
    let mut subjects = single(image, inventory);
    // Who wrote the SBOM may have written an analysis into it. Formats that have none, and analyses that cannot be read,
    // claim nothing.
    for subject in &mut subjects.all {
        subject.claims = advisory::vex::parse(path, &content).ok().filter(|document| !document.statements.is_empty());
    }
    Ok(subjects)
}
