//! Flags about secrets.

use std::path::PathBuf;

use clap::Args;

/// What every verb that looks for secrets takes.
#[derive(Debug, Default, Args)]
pub struct Secrets {
    /// Your own rules for secrets beside ours, in TOML: tables `rule` and `allow`, and `disable`
    #[arg(long, value_name = "FILE")]
    pub secret_rules: Option<PathBuf>,
}
