//! `plimsoll`: one binary that stands guard over a container image for its whole life.

#![allow(unreachable_pub, reason = "in a program nothing is reached from outside, and `pub` says what a module offers")]

mod args;
mod base;
mod baseline;
mod bring;
mod command;
mod database;
mod docker_plugin;
mod duration;
mod exception;
mod exit;
mod explain;
mod fail_on;
mod filter;
mod gate;
mod host;
mod in_use;
mod judge;
mod output;
mod printer;
mod progress;
mod secrets;
mod settings;
mod stored;
mod subject;

use std::process::ExitCode;

use args::Verb;

fn main() -> ExitCode {
    match docker_plugin::told_metadata() {
        Ok(true) => return ExitCode::SUCCESS,
        Ok(false) => {}
        Err(error) => return exit::report(&error, 0),
    }
    let arguments = match args::parse() {
        Ok(arguments) => arguments,
        Err(answer) => return answer,
    };
    let verbosity = arguments.global.verbose;
    let result = match &arguments.verb {
        Verb::Scan(scan) => command::scan::run(&arguments.global, scan),
        Verb::Sbom(sbom) => command::sbom::run(&arguments.global, sbom),
        Verb::Check(check) => command::check::run(&arguments.global, check),
        Verb::Diff(diff) => command::diff::run(&arguments.global, diff),
        Verb::Convert(convert) => command::convert::run(&arguments.global, convert),
        Verb::Gate(gate) => command::gate::run(&arguments.global, gate),
        Verb::Policy(policy) => command::policy::run(&arguments.global, policy),
        Verb::Host(host) => command::host::run(&arguments.global, host),
        Verb::Db(db) => command::db::run(&arguments.global, db),
        Verb::Cache(cache) => command::cache::run(&arguments.global, cache),
        Verb::Versions(versions) => command::versions::run(versions),
        Verb::Completions(completions) => command::completions::run(completions),
        Verb::Man(man) => command::man::run(man),
        Verb::Version => command::version::run(),
    };
    match result {
        Ok(exit) => exit.into(),
        Err(error) => exit::report(&error, verbosity),
    }
}
