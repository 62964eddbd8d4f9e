//! The command line. Every flag is declared once, here and below; its environment variable (`PLIMSOLL_<FLAG>`) and its
//! key in `plimsoll.toml` follow from its name.

pub mod check;
pub mod db;
pub mod host;
pub mod policy;
pub mod scan;
pub mod scanner;
pub mod secret;
pub mod stored;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::{docker_plugin, duration, exit, settings};

/// A parsed command line, settings and environment included.
#[derive(Debug, Parser)]
#[command(
    name = "plimsoll",
    version,
    about = "Stands guard over a container image for its whole life",
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_version_flag = true
)]
pub struct Arguments {
    /// Flags of every verb.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Flags of every verb.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Settings file; without it ./plimsoll.toml and the user's are read
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where layers and the advisory database are kept
    #[arg(long, global = true, value_name = "DIR")]
    pub cache_dir: Option<PathBuf>,
    /// The advisory database to read, and for `db update` to write [default: plimsoll.db in --cache-dir]
    #[arg(long, global = true, value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Age past which a feed counts as stale
    #[arg(long, global = true, value_name = "AGE", default_value = "7d", value_parser = duration::parse)]
    pub max_db_age: Duration,
    /// Open no socket
    #[arg(long, global = true)]
    pub offline: bool,
    /// Certificates to trust beside the system's, in PEM
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_cert: Option<PathBuf>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more; twice, even more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// No colours
    #[arg(long, global = true)]
    pub no_color: bool,
}

impl Global {
    /// The cache folder: the flag, else where the user's caches are.
    pub fn cache_folder(&self) -> PathBuf {
        self.cache_dir.clone().unwrap_or_else(|| {
            let home = || std::env::var_os("HOME").map_or_else(std::env::temp_dir, |home| PathBuf::from(home).join(".cache"));
            std::env::var_os("XDG_CACHE_HOME")
                .filter(|folder| !folder.is_empty())
                .map_or_else(home, PathBuf::from)
                .join("plimsoll")
        })
    }

    /// The database file that every verb reads and `db update` writes.
    pub fn database(&self) -> PathBuf {
        self.db.clone().unwrap_or_else(|| self.cache_folder().join("plimsoll.db"))
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Say what is in an image and which known vulnerabilities it carries
    Scan(Box<scan::Scan>),
    /// Say what is in an image, and nothing else
    Sbom(scan::Sbom),
    /// Find misconfigurations in Dockerfiles, without an image
    Check(check::Check),
    /// Say what one image, or stored report, brings and fixes against another
    Diff(Box<stored::Diff>),
    /// Take the report of another scanner: rank it, gate it, write it in any format
    Convert(Box<stored::Convert>),
    /// Decide about an image by a policy: one answer, with its reasons
    Gate(Box<policy::Gate>),
    /// Say what a policy means, and test that it decides as it should
    Policy(policy::Policy),
    /// Check this host, its engine and its containers
    Host(host::Host),
    /// The advisory database: update, build, ask
    Db(db::Db),
    /// Show or clear what is kept of layers already read
    Cache(Cache),
    /// Compare versions as the matcher does: lines `A<TAB>B` in, `<`, `=`, `>` or `?` out
    Versions(Versions),
    /// Write completions for a shell
    Completions(Completions),
    /// Write the manual page
    Man(Man),
    /// Say which version this is
    Version,
}

/// `cache`.
#[derive(Debug, Args)]
pub struct Cache {
    /// Remove everything that is kept
    #[arg(long)]
    pub clear: bool,
}

/// `versions`.
#[derive(Debug, Args)]
pub struct Versions {
    /// deb rpm apk pacman pypi npm semver cargo go maven gem nuget composer pub hex cran hackage
    #[arg(value_name = "ECOSYSTEM")]
    pub ecosystem: model::version::Scheme,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct Man {
    /// The verb whose page is wanted; without it the program's
    #[arg(value_name = "VERB")]
    pub verb: Option<String>,
}

/// The whole command, with environment variables named after the flags.
pub fn command() -> clap::Command {
    with_environment(Arguments::command())
}

/// Gives every long flag, of verbs and their verbs too, its environment variable.
fn with_environment(command: clap::Command) -> clap::Command {
    let flags: Vec<(String, String)> = command
        .get_arguments()
        .filter_map(|argument| Some((argument.get_id().to_string(), argument.get_long()?.to_owned())))
        .filter(|(_, long)| long != "help")
        .collect();
    let verbs: Vec<String> = command.get_subcommands().map(|verb| verb.get_name().to_owned()).collect();
    let command = flags.into_iter().fold(command, |command, (id, long)| {
        command.mut_arg(id, |argument| {
            let argument = argument.env(format!("PLIMSOLL_{}", long.to_uppercase().replace('-', "_"))).hide_env(true);
            // A switch is on by any word but `0`, `false`, `no`, `off` and nothing at all, as scripts expect.
            if matches!(argument.get_action(), ArgAction::SetTrue) {
                argument.value_parser(FalseyValueParser::new())
            } else {
                argument
            }
        })
    });
    verbs.into_iter().fold(command, |command, verb| command.mut_subcommand(verb, with_environment))
}

/// Reads the command line over the environment over the settings files; on error the message is out already.
pub fn parse() -> Result<Arguments, ExitCode> {
    let command = match settings::apply(command()) {
        Ok(command) => command,
        Err(error) => return Err(exit::report(&error, 0)),
    };
    let parsed =
        command.try_get_matches_from(docker_plugin::arguments()).and_then(|matches| Arguments::from_arg_matches(&matches));
    parsed.map_err(|error| {
        let _ = error.print();
        // Help asked for is done; bad usage could not be carried out.
        if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_declaration_is_sound() {
        command().debug_assert();
    }
}
