//! Flags of `scan` and `sbom`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use model::finding::FindingStatus;
use model::severity::Severity;

use crate::args::policy::At;
use crate::args::scanner::Scanner;
use crate::args::secret::Secrets;
use crate::fail_on::Term;
use crate::{duration, filter};

/// What every verb that opens an image takes.
#[derive(Debug, Args)]
pub struct Target {
    /// A path (archive, OCI layout, root file system, folder of source, SBOM) or a reference;
    /// docker: registry: docker-archive: oci-archive: oci: dir: source: sbom: say which
    #[arg(value_name = "IMAGE")]
    pub image: String,
    #[command(flatten)]
    pub opening: Opening,
}

/// How images are opened.
#[derive(Clone, Debug, Args)]
pub struct Opening {
    /// os/architecture[/variant], or `all` [default: the host's, else linux/amd64]
    #[arg(long, value_name = "PLATFORM")]
    pub platform: Option<String>,
    /// A registry that may be spoken to without TLS
    #[arg(long, value_name = "HOST")]
    pub insecure_registry: Vec<String>,
    /// Give up after this long
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    pub timeout: Option<Duration>,
    /// Read and verify layers that an earlier scan knows, too
    #[arg(long)]
    pub verify_layers: bool,
    /// Layers read at once [default: one per processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
    /// The base image: a reference or a path; says which packages are whose
    #[arg(long, value_name = "REF")]
    pub base: Option<String>,
}

/// What every verb that writes reports takes.
#[derive(Debug, Args)]
pub struct Output {
    /// FORMAT or FORMAT=FILE, several times
    #[arg(long, value_name = "FORMAT[=FILE]")]
    pub format: Vec<String>,
    /// Write to this file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// When `scan` may bring a database by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Update {
    /// When there is none
    Missing,
    /// When it is older than a day
    Daily,
    /// Never
    Never,
}

/// What others know of the findings, for every verb that judges.
#[derive(Debug, Args)]
pub struct Told {
    /// What was seen in use in containers of the image: a usage file (plimsoll.usage/v1)
    #[arg(long, value_name = "FILE")]
    pub in_use: Option<PathBuf>,
    /// VEX documents (OpenVEX, CSAF, CycloneDX) that set findings aside: files, folders, mirrored VEX repositories;
    /// several times
    #[arg(long, value_name = "PATH")]
    pub vex: Vec<PathBuf>,
    /// Exceptions: .plimsoll.yaml, .trivyignore[.yaml], .grype.yaml, osv-scanner.toml [default: .plimsoll.yaml, if it is
    /// there]
    #[arg(long, value_name = "FILE")]
    pub ignore_file: Vec<PathBuf>,
}

/// `scan`.
#[derive(Debug, Args)]
pub struct Scan {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub output: Output,
    /// What to look for [default: vuln and secret; others too where --policy or --fail-on asks for them]
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_enum)]
    pub only: Vec<Scanner>,
    #[command(flatten)]
    pub secrets: Secrets,
    #[command(flatten)]
    pub gates: Gates,
    #[command(flatten)]
    pub told: Told,
    /// An earlier report (--format json): what it holds is shown as known and does not count for --fail-on
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Say why ID was found or not, package by package
    #[arg(long, value_name = "ID")]
    pub explain: Option<String>,
    /// When to bring a database: if there is none, daily, never
    #[arg(long, value_name = "WHEN", value_enum, default_value = "missing")]
    pub update: Update,
    /// Kernel headers inherit the kernel's findings
    #[arg(long)]
    pub kernel_headers: bool,
    #[command(flatten)]
    pub filters: Filters,
}

/// What may refuse, for every verb that judges.
#[derive(Debug, Args)]
pub struct Gates {
    /// End in 1 where a finding is: low, medium, high, critical (at least that), fixable:LEVEL, app:LEVEL, exploited,
    /// malicious, risk>=NUMBER, secret, misconfig:LEVEL, unrated, unjudged; several times, any of them
    #[arg(long, value_name = "TERM")]
    pub fail_on: Vec<Term>,
    /// With --fail-on, let pass what could not be judged
    #[arg(long)]
    pub allow_undetermined: bool,
    /// Decide by a policy; ends in 1 where it denies
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// With --policy, the gate
    #[arg(long, value_name = "GATE", value_enum, default_value = "build")]
    pub at: At,
    /// With --policy, where the image is to run; without it, the rules of every environment hold
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
}

/// What to leave out of the findings; the inventory stays whole and what was hidden is counted.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Filters (hide findings, never packages; the hidden are counted)")]
pub struct Filters {
    /// Show these severities alone
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    pub severity: Vec<Severity>,
    /// Hide what has no fix
    #[arg(long)]
    pub ignore_unfixed: bool,
    /// Hide fixed, affected, wont_fix, end_of_life, under_investigation
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = filter::parse_status)]
    pub ignore_status: Vec<FindingStatus>,
    /// Show `os`, `library`, or purl types alone
    #[arg(long, value_name = "TYPE", value_delimiter = ',')]
    pub pkg_types: Vec<filter::Kind>,
    /// Hide findings whose every place is below one of these folders (glob)
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub skip_dirs: Vec<String>,
    /// Hide findings whose every place is one of these files (glob)
    #[arg(long, value_name = "GLOB", value_delimiter = ',')]
    pub skip_files: Vec<String>,
    /// Hide what came with the base image
    #[arg(long)]
    pub exclude_base: bool,
}

/// `sbom`.
#[derive(Debug, Args)]
pub struct Sbom {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub output: Output,
}
