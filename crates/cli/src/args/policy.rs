//! Flags of `gate` and `policy`, and those by which `scan` asks a policy.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::args::scan::{Output, Target, Told};

/// The place at which a decision is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum At {
    /// Where the image is built
    Build,
    /// Before it is pushed to a registry
    Push,
    /// Before it is pulled from one
    Pull,
    /// Where a cluster admits it
    Admit,
    /// Where it runs
    Run,
}

impl At {
    /// The word in policies.
    pub fn name(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Push => "push",
            Self::Pull => "pull",
            Self::Admit => "admit",
            Self::Run => "run",
        }
    }
}

/// `gate`.
#[derive(Debug, Args)]
pub struct Gate {
    #[command(flatten)]
    pub target: Target,
    #[command(flatten)]
    pub output: Output,
    /// The policy
    #[arg(long, value_name = "FILE")]
    pub policy: PathBuf,
    /// The gate
    #[arg(long, value_name = "GATE", value_enum)]
    pub at: At,
    /// Where the image is to run; without it, the rules of every environment hold
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    #[command(flatten)]
    pub told: Told,
}

/// `policy`.
#[derive(Debug, Args)]
pub struct Policy {
    #[command(subcommand)]
    pub verb: PolicyVerb,
}

/// What to do with a policy.
#[derive(Debug, Subcommand)]
pub enum PolicyVerb {
    /// Run cases: stored reports with the decision that is expected; ends in 1 where one is another
    Test(Test),
    /// Say what each rule means in CEL, and of a stored report, which decided and why
    Explain(Explain),
}

/// `policy test`.
#[derive(Debug, Args)]
pub struct Test {
    /// Files of cases
    #[arg(value_name = "CASES", required = true)]
    pub cases: Vec<PathBuf>,
}

/// `policy explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// The policy
    #[arg(value_name = "FILE", required_unless_present = "context")]
    pub file: Option<PathBuf>,
    /// A stored report (`scan --format json`); with several, a dry run: one line each
    #[arg(long, value_name = "REPORT", requires = "file", num_args = 1..)]
    pub report: Vec<PathBuf>,
    /// The gate
    #[arg(long, value_name = "GATE", value_enum, default_value = "build")]
    pub at: At,
    /// Where the image is to run
    #[arg(long, value_name = "NAME")]
    pub environment: Option<String>,
    /// Say what a condition can name, instead
    #[arg(long, conflicts_with = "file")]
    pub context: bool,
}
