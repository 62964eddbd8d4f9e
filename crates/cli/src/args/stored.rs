//! Flags of `convert` and `diff`, which take reports that lie in files.

use std::path::PathBuf;

use clap::Args;

use crate::args::scan::{Filters, Gates, Opening, Output, Told};

/// `convert`.
#[derive(Debug, Args)]
pub struct Convert {
    /// A report by Trivy (--format json), Grype (-o json) or Plimsoll (scan --format json); - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub output: Output,
    #[command(flatten)]
    pub gates: Gates,
    #[command(flatten)]
    pub told: Told,
    /// An earlier report: what it holds is shown as known and does not count for --fail-on
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub filters: Filters,
}

/// `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The earlier image, or a stored report of it
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The later image, or a stored report of it
    #[arg(value_name = "NEW")]
    pub new: String,
    #[command(flatten)]
    pub opening: Opening,
    #[command(flatten)]
    pub output: Output,
    /// As in `scan`, of the new findings alone
    #[arg(long, value_name = "TERM")]
    pub fail_on: Vec<crate::fail_on::Term>,
    /// With --fail-on, let pass what could not be judged
    #[arg(long)]
    pub allow_undetermined: bool,
    #[command(flatten)]
    pub told: Told,
}
