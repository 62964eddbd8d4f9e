//! What one layer holds: the unit of work, of caching and of deduplication.

use std::collections::HashMap;

use image::{Entry, EntryKind, More, Visitor, Wish};
use model::distro::Distro;
use model::package::Package;
use serde::{Deserialize, Serialize};

use crate::dispatch::Extractors;
use crate::extractor::{File, Found, LicenseText, PackageLicenses, Reading, parse_whole, too_long};
use crate::memory::{self, Turn};
use crate::notable::{self, NotableEntry};
use crate::path_hash::PathHash;
use crate::secret::{SecretMatch, SecretRules, SecretStream};

/// Everything an image's fold needs to know of one layer, and nothing of any other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerInventory {
    /// Files in which something was found, in the layer's order.
    pub files: Vec<FileInventory>,
    /// Sorted hashes of every name that is not a directory: each hides the same name, and what lies below it, in lower layers.
    pub names: Vec<u64>,
    /// Sorted hashes of deleted names.
    pub whiteouts: Vec<u64>,
    /// Sorted hashes of folders that hide what lower layers put into them.
    pub opaque: Vec<u64>,
    /// Secrets, in the layer's order; also of names that come again, since both contents are in the layer.
    pub secrets: Vec<FoundSecret>,
    /// Files that are worth a word whatever they hold, by path.
    pub notable: Vec<NotableEntry>,
    /// How many of those there are beyond what is kept.
    pub notable_left_out: usize,
    /// Sorted hashes of folders: where one comes again, its mode is another.
    pub folders: Vec<u64>,
    /// What could not be looked at.
    pub problems: Vec<String>,
    /// The walk stopped early for this reason; what follows in the layer is not known.
    pub cut_short: Option<String>,
}

/// What was found in one file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FileInventory {
    /// Path as reports write it.
    pub path: String,
    /// [`PathHash::with_ancestors`] of the path.
    pub hashes: Vec<u64>,
    /// [`PathHash::of_merged`] of the path.
    pub merged: u64,
    /// Packages, each with its places inside this file.
    pub packages: Vec<Package>,
    /// The distribution.
    pub distro: Option<Distro>,
    /// Files that OS packages own.
    pub owned: Vec<OwnedFiles>,
    /// Licences of OS packages.
    pub licenses: Vec<(String, Vec<String>)>,
    /// The text of a licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license_text: Option<LicenseText>,
    /// It may tell of packages that were not found ([`Found::lost`]).
    pub unread: bool,
}

/// A secret and the file it is in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoundSecret {
    /// Path as reports write it.
    pub path: String,
    /// [`PathHash::with_ancestors`] of the path.
    pub hashes: Vec<u64>,
    /// What was found.
    pub secret: SecretMatch,
}

/// Files that one OS package owns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OwnedFiles {
    /// Name of the package.
    pub package: String,
    /// Sorted [`PathHash::of_merged`] of its files.
    pub files: Vec<u64>,
}

/// A hard link whose content an extractor wants: the name it is wanted under and the name that holds the content.
#[derive(Debug)]
struct PendingLink {
    path: Vec<u8>,
    mode: u32,
    target: u64,
}

/// Collects a [`LayerInventory`] from a walk.
pub struct Indexer<'a> {
    extractors: &'a Extractors,
    inventory: LayerInventory,
    links: Vec<PendingLink>,
    /// In the second pass, over hard links' targets alone.
    second_pass: bool,
    /// Places in `inventory.files` by the hash of the name they were found under.
    found: HashMap<u64, Vec<usize>>,
    wanted: Vec<usize>,
    current: Current,
    license_bytes: usize,
    notable: notable::Collector,
    /// The search for secrets, where it was asked for.
    secrets: Option<SecretStream<'a>>,
    /// Whether it wants more of the current file.
    searching: bool,
}

/// The file being read.
#[derive(Default)]
struct Current {
    path: Vec<u8>,
    size: u64,
    mode: u32,
    /// Names the content is analysed under: the file's own in the first pass, its links' in the second.
    running: Vec<Running>,
    /// The content so far, while somebody wants it whole.
    content: Vec<u8>,
    /// Held while the content is large.
    turn: Option<Turn>,
    /// Nothing but the first bytes is known to be wanted: ELF or not.
    probing: bool,
    probe: Vec<u8>,
}

struct Running {
    path: Vec<u8>,
    mode: u32,
    extractor: usize,
    /// `None` once it wants no more.
    reading: Option<Reading>,
    found: Found,
}

impl Running {
    /// Shows the next piece, ends an analysis that wants no more, and says whether it goes on.
    fn feed(&mut self, piece: &[u8]) -> bool {
        let goes_on = match &mut self.reading {
            Some(Reading::Pieces(analysis)) => piece.is_empty() || analysis.feed(piece) == More::Yes,
            // The indexer collects the content.
            Some(Reading::Whole { .. }) => true,
            None => false,
        };
        if !goes_on && let Some(Reading::Pieces(analysis)) = self.reading.take() {
            analysis.finish(true, &mut self.found);
        }
        goes_on
    }

    fn is_whole(&self) -> bool {
        matches!(self.reading, Some(Reading::Whole { .. }))
    }

    /// The content has ended.
    fn finish(&mut self, size: u64, content: &[u8], complete: bool) {
        match self.reading.take() {
            Some(Reading::Pieces(analysis)) => analysis.finish(complete, &mut self.found),
            Some(Reading::Whole { parse, .. }) => {
                parse_whole(parse, &File { path: &self.path, size, mode: self.mode }, content, complete, &mut self.found);
            }
            None => {}
        }
    }
}

/// Bytes that the names of one content may cost: a file of 100 MB under ten thousand names is a bomb.
const MAX_LINKED: u64 = 8 << 30;

/// Bytes of the texts of licences that are kept of a layer; a distribution's base image has some 3 MB.
const MAX_LICENSE_TEXTS: usize = 32 << 20;

/// Places of secrets that are kept of a layer: more of them are test data, and those that are kept say so already.
const MAX_SECRETS: usize = 10_000;

/// Bytes of a buffer that is kept for the next file.
const KEPT: usize = 1 << 20;

const ELF_MAGIC: &[u8] = b"\x7fELF";

impl<'a> Indexer<'a> {
    /// Starts on one layer.
    pub fn new(extractors: &'a Extractors, secrets: Option<&'a SecretRules>) -> Self {
        Self {
            extractors,
            inventory: LayerInventory::default(),
            links: Vec::new(),
            second_pass: false,
            found: HashMap::new(),
            wanted: Vec::new(),
            current: Current::default(),
            license_bytes: 0,
            notable: notable::Collector::default(),
            secrets: secrets.map(SecretStream::new),
            searching: false,
        }
    }

    /// Whether some extractor wants a hard link whose content came under a name that nobody wanted: the layer must be
    /// walked once more, after [`Self::begin_second_pass`].
    pub fn needs_second_pass(&self) -> bool {
        !self.links.is_empty()
    }

    /// Makes the next walk look at the targets of hard links alone.
    pub fn begin_second_pass(&mut self) {
        self.second_pass = true;
        self.links.sort_by(|left, right| (left.target, &left.path).cmp(&(right.target, &right.path)));
    }

    /// The inventory; `cut_short` says why the walk did not reach the end of the layer, where it did not.
    pub fn finish(mut self, cut_short: Option<String>) -> LayerInventory {
        let inventory = &mut self.inventory;
        for hashes in [&mut inventory.names, &mut inventory.whiteouts, &mut inventory.opaque, &mut inventory.folders] {
            hashes.sort_unstable();
            hashes.dedup();
        }
        self.inventory.files.retain(|file| !file.path.is_empty());
        self.inventory.problems.sort();
        (self.inventory.notable, self.inventory.notable_left_out) = self.notable.finish();
        self.inventory.cut_short = cut_short;
        self.inventory
    }

    /// What was found under a name is gone when the name comes again: who unpacks the layer is left with the last one.
    fn forget(&mut self, name: PathHash) {
        for place in self.found.remove(&name.0).into_iter().flatten() {
            self.inventory.files[place] = FileInventory::default();
        }
    }

    fn start(&mut self, path: &[u8], mode: u32, extractor: usize) {
        let file = File { path, size: self.current.size, mode };
        let mut running = Running { path: path.to_vec(), mode, extractor, reading: None, found: Found::default() };
        match self.extractors.get(extractor).start(&file) {
            Reading::Whole { limit, .. } if file.size > limit => running.found.lost(too_long(file.size, limit)),
            reading => running.reading = Some(reading),
        }
        self.current.running.push(running);
    }

    fn begin_file(&mut self, entry: &Entry<'_>, hash: PathHash) -> Wish {
        let file = File { path: entry.path, size: entry.size, mode: entry.mode };
        let mut wanted = std::mem::take(&mut self.wanted);
        self.extractors.claimed(&file, hash, &mut wanted);
        let probing = self.extractors.may_be_elf(&file);
        self.searching = self.secrets.as_mut().is_some_and(|secrets| secrets.begin(entry.path, entry.size));
        let wish = if wanted.is_empty() && !probing && !self.searching { Wish::Skip } else { Wish::Content };
        if wish == Wish::Content {
            self.begin_current(entry, probing);
            for &extractor in &wanted {
                self.start(entry.path, entry.mode, extractor);
            }
        }
        self.wanted = wanted;
        wish
    }

    fn begin_current(&mut self, entry: &Entry<'_>, probing: bool) {
        self.current.path.clear();
        self.current.path.extend_from_slice(entry.path);
        self.current.size = entry.size;
        self.current.mode = entry.mode;
        self.current.probing = probing;
        self.current.probe.clear();
    }

    fn remember_link(&mut self, entry: &Entry<'_>) {
        let file = File { path: entry.path, size: 0, mode: entry.mode };
        let mut wanted = std::mem::take(&mut self.wanted);
        self.extractors.claimed(&file, PathHash::of(entry.path), &mut wanted);
        let target = PathHash::of(entry.link).0;
        if !wanted.is_empty() {
            self.links.push(PendingLink { path: entry.path.to_vec(), mode: entry.mode, target });
        }
        self.wanted = wanted;
    }

    /// In the second pass: the content under this name is wanted under the names of its links.
    fn begin_target(&mut self, entry: &Entry<'_>, hash: PathHash) -> Wish {
        let from = self.links.partition_point(|link| link.target < hash.0);
        let to = self.links.partition_point(|link| link.target <= hash.0);
        if from == to {
            return Wish::Skip;
        }
        self.begin_current(entry, false);
        let mut wanted = std::mem::take(&mut self.wanted);
        let affordable = usize::try_from(MAX_LINKED / entry.size.max(1)).unwrap_or(usize::MAX).max(1);
        for index in from..to {
            let (path, mode) = (std::mem::take(&mut self.links[index].path), self.links[index].mode);
            let file = File { path: &path, size: entry.size, mode };
            self.extractors.claimed(&file, PathHash::of(&path), &mut wanted);
            for &extractor in &wanted {
                if index - from < affordable {
                    self.start(&path, mode, extractor);
                } else {
                    let mut found = Found::default();
                    found.lost(format!("its content has more than {affordable} names; it was not read under this one"));
                    self.collect(Running { path: path.clone(), mode, extractor, reading: None, found });
                }
            }
            self.links[index].path = path;
        }
        self.wanted = wanted;
        Wish::Content
    }

    /// Decides, once enough of the file is known, whether it is an ELF file that somebody wants.
    fn probe(&mut self, piece: &[u8]) {
        self.current.probe.extend_from_slice(&piece[..piece.len().min(ELF_MAGIC.len() - self.current.probe.len())]);
        if self.current.probe.len() < ELF_MAGIC.len() {
            return;
        }
        self.current.probing = false;
        if self.current.probe != ELF_MAGIC {
            return;
        }
        let path = std::mem::take(&mut self.current.path);
        let file = File { path: &path, size: self.current.size, mode: self.current.mode };
        let mut wanted = std::mem::take(&mut self.wanted);
        wanted.clear();
        self.extractors.claimed_elf(&file, &mut wanted);
        wanted.retain(|&extractor| self.current.running.iter().all(|running| running.extractor != extractor));
        for &extractor in &wanted {
            self.start(&path, self.current.mode, extractor);
        }
        self.wanted = wanted;
        self.current.path = path;
    }

    /// Keeps a piece for those who want the file whole.
    fn keep(&mut self, piece: &[u8]) {
        if !self.current.running.iter().any(Running::is_whole) {
            return;
        }
        if self.current.content.is_empty() {
            let size = self.current.size;
            if size > memory::FREE {
                self.current.turn = Some(Turn::take());
            }
            self.current.content.reserve_exact(size as usize);
        }
        self.current.content.extend_from_slice(piece);
    }

    fn collect(&mut self, running: Running) {
        let Running { path, extractor, found, .. } = running;
        let id = self.extractors.get(extractor).id();
        let display = model::path::display(&path);
        let Found { mut packages, distro, owned, licenses, license_text, notable, problems, lost } = found;
        let license_text = license_text.filter(|license| self.affords(license, &display));
        for kind in notable {
            self.notable.note(&path, kind);
        }
        self.inventory.problems.extend(problems.into_iter().map(|problem| format!("{display}: {problem} ({id})")));
        if packages.is_empty() && distro.is_none() && owned.is_empty() && licenses.is_empty() && license_text.is_none() && !lost {
            return;
        }
        for package in &mut packages {
            if package.locations.is_empty() {
                package.locations.push(model::package::Location { path: display.clone(), layer: None });
            }
        }
        let hashes = PathHash::with_ancestors(&path);
        if let Some(&name) = hashes.first() {
            self.found.entry(name).or_default().push(self.inventory.files.len());
        }
        self.inventory.files.push(FileInventory {
            path: display,
            hashes,
            merged: PathHash::of_merged(&path).0,
            packages,
            distro,
            owned: owned
                .into_iter()
                .map(|owned| {
                    let mut files: Vec<u64> = owned.paths.iter().map(|path| PathHash::of_merged(path).0).collect();
                    files.sort_unstable();
                    OwnedFiles { package: owned.package, files }
                })
                .collect(),
            licenses: licenses.into_iter().map(|PackageLicenses { package, licenses }| (package, licenses)).collect(),
            license_text,
            unread: lost,
        });
    }

    /// What was found in the file that is over. Every name of a link has the same content, so the first pass has all.
    fn collect_secrets(&mut self) {
        let Some(secrets) = self.secrets.as_mut().filter(|_| !self.second_pass) else { return };
        let found = secrets.finish();
        if found.unopened {
            let path = model::path::display(&self.current.path);
            self.inventory
                .problems
                .push(format!("{path}: an archive of {} bytes was not opened in search of secrets", self.current.size));
        }
        if found.secrets.is_empty() {
            return;
        }
        let (path, hashes) = (model::path::display(&self.current.path), PathHash::with_ancestors(&self.current.path));
        let room = MAX_SECRETS.saturating_sub(self.inventory.secrets.len());
        if found.secrets.len() > room {
            let problem = format!("of the secrets of one layer no more than {MAX_SECRETS} places are kept");
            if !self.inventory.problems.contains(&problem) {
                self.inventory.problems.push(problem);
            }
        }
        let found = found.secrets.into_iter().take(room);
        self.inventory.secrets.extend(found.map(|secret| FoundSecret { path: path.clone(), hashes: hashes.clone(), secret }));
    }

    /// Whether one more text of a licence may be kept.
    fn affords(&mut self, license: &LicenseText, path: &str) -> bool {
        let copyrights: usize = license.copyrights.iter().map(String::len).sum();
        // Small files are not free.
        self.license_bytes += 256 + path.len() + copyrights + license.text.len();
        if self.license_bytes <= MAX_LICENSE_TEXTS {
            return true;
        }
        let problem = format!("of the texts of licences no more than {} MiB of one layer are kept", MAX_LICENSE_TEXTS >> 20);
        if !self.inventory.problems.contains(&problem) {
            self.inventory.problems.push(problem);
        }
        false
    }
}

impl Visitor for Indexer<'_> {
    fn entry(&mut self, entry: &Entry<'_>) -> Wish {
        let hash = PathHash::of(entry.path);
        if self.second_pass {
            return if entry.kind == EntryKind::File { self.begin_target(entry, hash) } else { Wish::Skip };
        }
        match entry.kind {
            EntryKind::Directory => {
                self.notable.entry(entry, hash);
                self.inventory.folders.push(hash.0);
                return Wish::Skip;
            }
            EntryKind::Whiteout => {
                self.inventory.whiteouts.push(hash.0);
                return Wish::Skip;
            }
            EntryKind::Opaque => {
                self.inventory.opaque.push(hash.0);
                return Wish::Skip;
            }
            EntryKind::File | EntryKind::Symlink | EntryKind::Hardlink | EntryKind::Other => {
                self.forget(hash);
                self.notable.entry(entry, hash);
                self.inventory.names.push(hash.0);
            }
        }
        match entry.kind {
            EntryKind::File => self.begin_file(entry, hash),
            EntryKind::Hardlink => {
                self.remember_link(entry);
                Wish::Skip
            }
            _ => Wish::Skip,
        }
    }

    fn content(&mut self, piece: &[u8]) -> More {
        if self.current.probing {
            let had = self.current.probe.len();
            let first_new = self.current.running.len();
            self.probe(piece);
            // An analysis that starts only now has missed the bytes it took to see that the file is an ELF file.
            for running in &mut self.current.running[first_new..] {
                debug_assert!(!running.is_whole(), "ELF files are too large to be wanted whole");
                running.feed(&self.current.probe[..had]);
            }
        }
        self.keep(piece);
        if self.searching
            && let Some(secrets) = &mut self.secrets
        {
            self.searching = secrets.feed(piece) == More::Yes;
        }
        let mut more = self.current.probing || self.searching;
        for running in &mut self.current.running {
            more |= running.feed(piece);
        }
        if more { More::Yes } else { More::No }
    }

    fn end(&mut self, complete: bool) {
        self.collect_secrets();
        let mut running = std::mem::take(&mut self.current.running);
        for mut running in running.drain(..) {
            running.finish(self.current.size, &self.current.content, complete);
            self.collect(running);
        }
        // Both keep their capacity for the next file.
        self.current.running = running;
        self.current.content.clear();
        if self.current.content.capacity() > KEPT {
            self.current.content = Vec::new();
        }
        self.current.turn = None;
    }

    fn problem(&mut self, problem: String) {
        if !self.second_pass {
            self.inventory.problems.push(problem);
        }
    }
}
