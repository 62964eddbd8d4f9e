//! Flags of `check`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use model::severity::Severity;

use crate::args::scan::Output;
use crate::args::secret::Secrets;

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Dockerfiles, Compose files, manifests of Kubernetes and whatever may hold secrets, and folders in which they are looked
    /// for; - is standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub output: Output,
    /// What to look for [default: both]
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_enum)]
    pub only: Vec<What>,
    #[command(flatten)]
    pub secrets: Secrets,
    /// Exceptions for secrets [default: .plimsoll.yaml, if it is there]; several times
    #[arg(long, value_name = "FILE")]
    pub ignore_file: Vec<PathBuf>,
    /// An earlier report (--format json): secrets that it holds are known and do not count for --fail-on
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Mend what can be mended without judgement, in the files themselves (- is written to standard output), and report
    /// what is left
    #[arg(long)]
    pub fix: bool,
    /// End in 1 where there is a secret, or a misconfiguration of this level or worse: secret, misconfig:low,
    /// misconfig:medium, misconfig:high, misconfig:critical; several times, any of them
    #[arg(long, value_name = "TERM")]
    pub fail_on: Vec<Term>,
}

/// What `check` looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum What {
    /// Misconfigurations in what builds, describes and runs images
    Misconfig,
    /// Tokens, keys and passwords, in every file
    Secret,
}

/// A term of `--fail-on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// A misconfiguration at least this severe.
    Misconfig(Severity),
    /// A secret.
    Secret,
}

impl FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "secret" => Ok(Self::Secret),
            _ => parse_term(text).map(Self::Misconfig).map_err(|error| format!("{error}, or secret")),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misconfig(level) => write!(f, "misconfig:{level}"),
            Self::Secret => f.write_str("secret"),
        }
    }
}

/// Reads `misconfig:LEVEL`; the level alone means the same here.
pub(super) fn parse_term(text: &str) -> Result<Severity, String> {
    let level = text.strip_prefix("misconfig:").unwrap_or(text);
    match level.parse() {
        Ok(level @ (Severity::Low | Severity::Medium | Severity::High | Severity::Critical)) => Ok(level),
        _ => Err(format!(
            "`{text}` is no term of `check`; use misconfig:low, misconfig:medium, misconfig:high or misconfig:critical"
        )),
    }
}
