//! Flags of `check`.

use std::path::PathBuf;

use clap::Args;
use model::severity::Severity;

use crate::args::scan::Output;

/// `check`.
#[derive(Debug, Args)]
pub struct Check {
    /// Dockerfiles, Compose files and manifests of Kubernetes, and folders in which they are looked for; - is standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub output: Output,
    /// Mend what can be mended without judgement, in the files themselves (- is written to standard output), and report
    /// what is left
    #[arg(long)]
    pub fix: bool,
    /// End in 1 where a misconfiguration is of this level or worse: misconfig:low, misconfig:medium, misconfig:high,
    /// misconfig:critical
    #[arg(long, value_name = "TERM", value_parser = parse_term)]
    pub fail_on: Option<Severity>,
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
