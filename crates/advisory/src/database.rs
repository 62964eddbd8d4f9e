//! The advisory database: one read-only, memory-mapped, versioned, checksummed file.
//!
//! [`Writer`] makes it from what the feeds say; [`Database`] answers from it without reading more than it must. The bytes of
//! the file are laid out in `database/format.rs`.

use std::io;

use model::coverage::Level;

mod alias;
mod facts;
mod format;
mod interner;
mod reader;
mod record;
mod replace;
mod search;
mod sections;
mod storage;
mod table;
mod writer;

pub(crate) use replace::replace;

pub use reader::{Counts, Database, Entry, Record};
pub use search::SearchResult;
pub use writer::{DatabaseSummary, FeedCoverage, Writer};

/// One feed that speaks of a namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamespaceFeed {
    /// Name of the feed.
    pub feed: String,
    /// The date its data is of, `YYYY-MM-DD`.
    pub as_of: String,
    /// How completely it speaks of the namespace.
    pub level: Level,
}

/// Which feeds about exploitation a database holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExploitationFeeds {
    /// CISA's Known Exploited Vulnerabilities.
    pub kev: bool,
    /// Exploit prediction scores.
    pub epss: bool,
    /// Public exploit code.
    pub exploit_code: bool,
}

impl ExploitationFeeds {
    /// Whether there is any.
    pub fn any(self) -> bool {
        self.kev || self.epss || self.exploit_code
    }
}

/// A database that cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The file cannot be opened.
    #[error("cannot open the advisory database {database}")]
    Open {
        /// The file.
        database: String,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{database} is not an advisory database; `plimsoll db update` or `plimsoll db build` makes one")]
    Foreign {
        /// The file.
        database: String,
    },
    /// The file has a schema that this program does not know yet.
    #[error("the advisory database {database} has schema {schema}, and this program reads up to {known}: upgrade plimsoll")]
    Newer {
        /// The file.
        database: String,
        /// Its schema.
        schema: u32,
        /// The newest schema that this program reads.
        known: u32,
    },
    /// The file has a schema that this program no longer reads.
    #[error(
        "the advisory database {database} has schema {schema}, which is too old: bring it up to date with `plimsoll db update`"
    )]
    Older {
        /// The file.
        database: String,
        /// Its schema.
        schema: u32,
    },
    /// The file is cut short or altered.
    #[error("the advisory database {database} is damaged ({what}): bring it anew with `plimsoll db update`")]
    Damaged {
        /// The file.
        database: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The file cannot be written; an older one is as it was.
    #[error("cannot write the advisory database {database}")]
    Write {
        /// The file.
        database: String,
        /// Why.
        source: io::Error,
    },
    /// A part cannot be compressed.
    #[error("cannot compress the advisory database")]
    Compress {
        /// Why.
        source: io::Error,
    },
    /// The feeds hold more than the format can.
    #[error("too much for one advisory database: {what}")]
    TooLarge {
        /// Which part.
        what: String,
    },
    /// A search for something that is neither a purl nor an id.
    #[error("`{query}` is not a package URL; write pkg:TYPE/NAME, or an id such as CVE-2021-44228")]
    Query {
        /// The query.
        query: String,
    },
}
