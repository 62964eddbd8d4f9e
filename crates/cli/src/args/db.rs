//! Flags of `db`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// `db`.
#[derive(Debug, Args)]
pub struct Db {
    #[command(subcommand)]
    pub verb: DbVerb,
}

/// What to do with the database.
#[derive(Debug, Subcommand)]
pub enum DbVerb {
    /// Build a database from feeds in their native formats
    Build(Build),
    /// Say what the database holds: feeds, dates, counts
    Info(Info),
    /// Say what the database knows of a package or an id
    Search(Search),
}

/// `db build`.
#[derive(Debug, Args)]
pub struct Build {
    /// Folder of feeds
    #[arg(long, value_name = "DIR")]
    pub feeds: PathBuf,
    /// Where to write the database [default: --db]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Build the small set of known-exploited vulnerabilities that is part of the program
    #[arg(long, hide = true)]
    pub embedded: bool,
}

/// `db info`.
#[derive(Debug, Args)]
pub struct Info {
    /// As one JSON document
    #[arg(long)]
    pub json: bool,
    /// Check every byte of the file against its checksum
    #[arg(long)]
    pub verify: bool,
}

/// `db search`.
#[derive(Debug, Args)]
pub struct Search {
    /// A package URL or the id of a vulnerability
    #[arg(value_name = "PURL|ID")]
    pub query: String,
}
