//! The contract of an extractor: it says which files it wants, is pushed their content piece by piece, and says what it
//! found. It never walks, opens, writes or panics; bad input is `found so far` and a problem.
//!
//! Content is pushed, not pulled, so that several extractors share one pass over a file and none of them can hold a layer.

use image::More;
use model::distro::Distro;
use model::notable::Notable;
use model::package::{Location, Package};
use serde::{Deserialize, Serialize};

/// The file an extractor is given.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Normalised path ([`model::path::normalize`]).
    pub path: &'a [u8],
    /// Content length in bytes.
    pub size: u64,
    /// Permission bits.
    pub mode: u32,
}

impl File<'_> {
    /// The last component of the path.
    pub fn name(&self) -> &[u8] {
        model::path::file_name(self.path)
    }

    /// The path as reports write it.
    pub fn display(&self) -> String {
        model::path::display(self.path)
    }
}

/// Where an extractor looks. The registry compiles the claims of all extractors into one table, so that a file nobody
/// wants costs a look-up or two.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    /// Exactly this path.
    Path(&'static str),
    /// Any file of this name (`package.json`).
    Name(&'static str),
    /// Any file whose name ends in this, the dot included (`.jar`); ASCII case ignored.
    Extension(&'static str),
    /// Any file below this directory, which ends in `/` (`var/lib/dpkg/status.d/`).
    Below(&'static str),
    /// Any executable or shared object that begins with the ELF magic, wherever it lies; other claims need not hold.
    Elf,
}

/// What the target is: lock files are read in source folders only, installed evidence in images only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Layers of an image or a root file system.
    Installed,
    /// A folder of source code.
    Source,
}

/// An extractor.
pub trait Extractor: Send + Sync {
    /// Its name, which is its place: `os/dpkg`, `language/python`, `binary/go`.
    fn id(&self) -> &'static str;
    /// Raised whenever the same bytes would give another result; part of the cache key.
    fn version(&self) -> u32;
    /// Where it runs.
    fn targets(&self) -> &'static [Target] {
        &[Target::Installed]
    }
    /// Where it looks.
    fn claims(&self) -> &'static [Claim];
    /// A closer look at a claimed path before any content is read.
    fn accepts(&self, _file: &File<'_>) -> bool {
        true
    }
    /// Starts on one accepted file.
    fn start(&self, file: &File<'_>) -> Reading;
}

/// How an extractor takes the content of a file.
pub enum Reading {
    /// Piece by piece, as it streams by.
    Pieces(Box<dyn Analysis>),
    /// At once; all who want a file so share one copy of it.
    Whole {
        /// Files longer than this many bytes are reported, not read.
        limit: u64,
        /// See [`Parser::parse`].
        parse: fn(&File<'_>, &[u8], &mut Found),
    },
}

/// One file under analysis.
pub trait Analysis {
    /// The next piece of content, in order, without gaps; never empty.
    fn feed(&mut self, piece: &[u8]) -> More;
    /// The content ended, or `feed` answered [`More::No`] (then `complete` is true); `complete` is false where it was cut short.
    fn finish(self: Box<Self>, complete: bool, found: &mut Found);
}

/// What extractors found in one file. The caller knows the file and the layer.
#[derive(Debug, Default)]
pub struct Found {
    /// Packages; `locations` may be left empty, the file itself is then the place.
    pub packages: Vec<Package>,
    /// The distribution, from `os-release` and its relatives.
    pub distro: Option<Distro>,
    /// Files that a distribution's package owns.
    pub owned: Vec<Owned>,
    /// Licences of a package that another file names (`usr/share/doc/NAME/copyright`).
    pub licenses: Vec<PackageLicenses>,
    /// The text of a licence, where licences are looked at.
    pub license_text: Option<LicenseText>,
    /// What is worth a word of the file whatever packages it tells of.
    pub notable: Vec<Notable>,
    /// What could not be read, as a sentence without the path, which the caller adds.
    pub problems: Vec<String>,
    /// Whether there may be packages that were not found, so that no gate may pass over the file; see [`Found::lost`].
    pub lost: bool,
}

/// Paths owned by one OS package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// Name of the package, with `:arch` where the format's own files are named so.
    pub package: String,
    /// Normalised paths of files (directories may be among them).
    pub paths: Vec<Vec<u8>>,
}

/// Licences declared for an OS package in a file of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageLicenses {
    /// Name of the package.
    pub package: String,
    /// As [`Package::licenses`].
    pub licenses: Vec<String>,
}

/// The text of a licence, or of what must be handed on with a program.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenseText {
    /// Which licence it is, as an SPDX expression; `None` where nobody knows, and of notices that are no licence.
    pub expression: Option<String>,
    /// Lines that say whose the copyright is.
    pub copyrights: Vec<String>,
    /// The text itself.
    pub text: String,
}

impl Found {
    /// A problem that may hide packages: a record of something installed that cannot be read, or a bound that was reached.
    pub fn lost(&mut self, problem: impl Into<String>) {
        self.problems.push(problem.into());
        self.lost = true;
    }

    /// Adds a package found at a place inside the file: `inner` is what stands after `!` (a jar in a jar).
    pub fn package_inside(&mut self, mut package: Package, file: &File<'_>, inner: &str) {
        package.locations = vec![Location { path: format!("{}!{inner}", file.display()), layer: None }];
        self.packages.push(package);
    }
}

/// An extractor that wants the whole file at once: most formats are small. The registry wraps it, see [`Whole`].
pub trait Parser: Send + Sync + 'static {
    /// See [`Extractor::id`].
    const ID: &'static str;
    /// See [`Extractor::version`].
    const VERSION: u32;
    /// See [`Extractor::targets`].
    const TARGETS: &'static [Target] = &[Target::Installed];
    /// See [`Extractor::claims`].
    const CLAIMS: &'static [Claim];
    /// Files longer than this many bytes are reported, not read.
    const MAX_SIZE: u64 = 64 << 20;

    /// See [`Extractor::accepts`].
    fn accepts(_file: &File<'_>) -> bool {
        true
    }
    /// Reads the whole content. Never panics, whatever the bytes.
    fn parse(file: &File<'_>, content: &[u8], found: &mut Found);
}

/// Makes an [`Extractor`] of a [`Parser`].
#[derive(Debug)]
pub struct Whole<P>(std::marker::PhantomData<fn() -> P>);

impl<P> Whole<P> {
    /// The wrapper; it holds nothing.
    pub const fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<P> Default for Whole<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Parser> Extractor for Whole<P> {
    fn id(&self) -> &'static str {
        P::ID
    }
    fn version(&self) -> u32 {
        P::VERSION
    }
    fn targets(&self) -> &'static [Target] {
        P::TARGETS
    }
    fn claims(&self) -> &'static [Claim] {
        P::CLAIMS
    }
    fn accepts(&self, file: &File<'_>) -> bool {
        P::accepts(file)
    }
    fn start(&self, _file: &File<'_>) -> Reading {
        Reading::Whole { limit: P::MAX_SIZE, parse: P::parse }
    }
}

/// Parses content that was collected for [`Reading::Whole`]; `complete` as in [`Analysis::finish`].
pub(crate) fn parse_whole(
    parse: fn(&File<'_>, &[u8], &mut Found),
    file: &File<'_>,
    content: &[u8],
    complete: bool,
    found: &mut Found,
) {
    if !complete {
        found.lost("the content was cut short; what could be read was");
    }
    parse(file, content, found);
}

/// The problem of a file that is longer than [`Reading::Whole`] allows.
pub(crate) fn too_long(size: u64, limit: u64) -> String {
    format!("{size} bytes are more than the {limit} this file may have; it was not read")
}

/// Runs one extractor over bytes in memory: what every extractor's tests use.
pub fn run(extractor: &dyn Extractor, path: &str, content: &[u8]) -> Found {
    let file = File { path: path.as_bytes(), size: content.len() as u64, mode: 0o644 };
    let mut found = Found::default();
    if !extractor.accepts(&file) {
        return found;
    }
    match extractor.start(&file) {
        Reading::Whole { limit, .. } if file.size > limit => found.lost(too_long(file.size, limit)),
        Reading::Whole { parse, .. } => parse_whole(parse, &file, content, true, &mut found),
        Reading::Pieces(mut analysis) => {
            for piece in content.chunks(4096) {
                if analysis.feed(piece) == More::No {
                    break;
                }
            }
            analysis.finish(true, &mut found);
        }
    }
    for package in &mut found.packages {
        if package.locations.is_empty() {
            package.locations.push(Location { path: file.display(), layer: None });
        }
    }
    found
}
