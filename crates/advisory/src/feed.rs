//! Advisory feeds in their native formats, one file each: pure parsers from bytes to [`Advisory`] and [`CveFacts`].
//!
//! A parser is given the bytes of one upstream document (a whole feed, or one record of it) and puts what it reads into a
//! [`Sink`]. [`read_folder`] knows where documents lie in a folder of feeds and hands them out, in a fixed order and one
//! at a time, so that the memory of a build follows the largest document and never the size of the feeds.

use std::path::PathBuf;

use jiff::civil::Date;
use model::advisory::{Advisory, CveFacts, Namespace};
use model::coverage::Level;
use model::vex::VexStatement;

pub use folder::read_folder;
pub use layout::{FEEDS, Feed};

pub(crate) mod archive;
mod complement;
mod folder;
mod layout;
mod rating;
mod readme;
pub(crate) mod record;
mod semver;
mod time;
pub(crate) mod xml;
mod yaml;

pub mod almalinux;
pub mod alpine;
pub mod amazon;
pub mod arch;
pub mod csaf;
pub mod cve;
pub mod cvrf;
pub mod cyclonedx;
pub mod debian;
pub mod debian_tracker;
pub mod elixir;
pub mod epss;
pub mod exploit;
pub mod fedora;
pub mod gitlab;
pub mod hydra;
pub mod kev;
pub(crate) mod mirror;
pub mod nodejs;
pub mod nvd;
pub mod openvex;
pub mod osv;
pub mod oval;
pub mod photon;
pub mod php;
pub mod retirejs;
pub mod ruby;
pub mod ubuntu_tracker;
pub mod updateinfo;
pub mod victims;

/// Where a parser puts what it read. One bad record is a problem, never the end of a feed.
pub trait Sink {
    /// One advisory.
    fn advisory(&mut self, advisory: Advisory);
    /// Facts about a CVE; several calls for one CVE add up.
    fn facts(&mut self, facts: CveFacts);
    /// A record that could not be read: one sentence that names it.
    fn problem(&mut self, problem: String);
    /// What a supplier says of a vulnerability in its own product.
    fn vex(&mut self, statement: VexStatement) {
        let _ = statement;
    }
    /// One upstream record was read, whatever came of it, and this is the newest date it carries.
    fn record(&mut self, date: Option<Date>) {
        let _ = date;
    }
    /// Another document of the feed, by its path, that this one says there is: its absence is a gap that nothing else tells.
    fn names(&mut self, document: &str) {
        let _ = document;
    }
}

/// A document that cannot be read at all: what is wrong with it, in a few words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ParseError(pub String);

impl From<serde_json::Error> for ParseError {
    fn from(error: serde_json::Error) -> Self {
        Self(format!("not the JSON that was expected: {error}"))
    }
}

/// A parser: the name of the document (its path within the feed), its bytes, and where the contents go.
pub type Parser = fn(&str, &[u8], &mut dyn Sink) -> Result<(), ParseError>;

/// One thing that a feed says.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// An advisory.
    Advisory(Advisory),
    /// Facts about a CVE.
    Facts(CveFacts),
    /// A VEX statement.
    Vex(VexStatement),
}

/// What was read of one feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedSummary {
    /// `osv-pypi`, `debian-dsa`, `kev`, ….
    pub name: String,
    /// `YYYY-MM-DD`: the newest date inside the data, else the date that the folder's `README.md` gives its file; empty
    /// where neither tells.
    pub as_of: String,
    /// Upstream records read, those included that say nothing about packages.
    pub records: u64,
    /// The release lines and ecosystems that the feed speaks of and how completely, sorted.
    pub coverage: Vec<(Namespace, Level)>,
    /// What could not be read, in plain words, sorted, each once.
    pub problems: Vec<String>,
}

/// A feed that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The file or folder cannot be opened or read.
    #[error("cannot read feed file {path}", path = path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is cut short, altered, or not of the format that its name promises.
    #[error("feed file {path} is damaged: {reason}", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
}
