//! Flags of `host`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use model::severity::Severity;

use crate::args::check::parse_term;
use crate::args::scan::Output;

/// `host`.
#[derive(Debug, Args)]
pub struct Host {
    #[command(subcommand)]
    pub verb: HostVerb,
}

/// What to do with a host.
#[derive(Debug, Subcommand)]
pub enum HostVerb {
    /// Check a host and its engine by the CIS Docker Benchmark
    Check(Box<HostCheck>),
}

/// `host check`.
#[derive(Debug, Args)]
pub struct HostCheck {
    #[command(flatten)]
    pub output: Output,
    /// End in 1 where a control of this level or worse fails: misconfig:low, misconfig:medium, misconfig:high,
    /// misconfig:critical
    #[arg(long, value_name = "TERM", value_parser = parse_term)]
    pub fail_on: Option<Severity>,
    /// With --fail-on, let pass what could not be told
    #[arg(long)]
    pub allow_undetermined: bool,
    /// Look at these alone: an id (PLM-H022), a control (2.2) or a section (5)
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Leave these out
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub skip: Vec<String>,
    /// Judge facts that were collected before, wherever that was
    #[arg(long, value_name = "FILE", conflicts_with_all = ["collect", "root"])]
    pub facts: Option<PathBuf>,
    /// Write the facts to this file, and judge nothing
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fail_on", "format", "output", "only", "skip"])]
    pub collect: Option<PathBuf>,
    /// The host's root file system, where that is mounted below a folder
    #[arg(long, value_name = "DIR")]
    pub root: Option<PathBuf>,
}
