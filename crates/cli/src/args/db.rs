//! Flags of `db`.

use std::path::PathBuf;

use advisory::feed::FEEDS;
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
    /// Bring the database up to date: from the feeds' public homes, from a distribution's package mirror, or as a
    /// finished file
    Update(Update),
    /// Build a database from feeds in their native formats
    Build(Build),
    /// Say what the database holds: feeds, dates, counts
    Info(Info),
    /// Say what the database knows of a package or an id; ends in 1 where that is nothing
    Search(Search),
}

/// `db update`.
#[derive(Debug, Args)]
pub struct Update {
    /// Read the package mirror of this release, and no feed's home: debian:bookworm, ubuntu:22.04, almalinux:9, or `host`
    #[arg(long, value_name = "ID:RELEASE")]
    pub distro: Option<String>,
    /// The mirror, several to be tried in turn [default: this machine's own apt configuration]
    #[arg(long, value_name = "URL", requires = "distro")]
    pub mirror: Vec<String>,
    /// Take over a finished database: `file:PATH` or `oci://REFERENCE[@DIGEST]`
    #[arg(long, value_name = "ORIGIN", conflicts_with_all = ["distro", "mirror"])]
    pub from: Option<String>,
    /// Replace a newer database by an older one
    #[arg(long)]
    pub allow_older: bool,
}

/// `db build`.
#[derive(Debug, Args)]
#[command(after_long_help = feeds())]
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

/// The files of a folder of feeds, for the long help.
fn feeds() -> String {
    let width = FEEDS.iter().map(|feed| feed.place.len()).max().unwrap_or_default();
    let lines = FEEDS.iter().map(|feed| format!("\n  {:width$}  {}", feed.place, feed.home));
    format!("Files that are read, and where they are published:{}", lines.collect::<String>())
}
