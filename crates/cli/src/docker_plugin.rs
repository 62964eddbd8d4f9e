//! `docker plimsoll …`: the same binary as a plug-in of Docker's command line, under the name `docker-plimsoll` in one of
//! its plug-in folders (`~/.docker/cli-plugins`). The protocol is that of `docker/cli`, `cli-plugins/manager`: asked for
//! its metadata, a plug-in prints JSON; run, it is given Docker's own arguments, its name and what follows.

use std::ffi::OsString;
use std::path::Path;

use crate::printer;

/// The name under which Docker knows the program.
const NAME: &str = "plimsoll";
/// What Docker asks each file of its plug-in folders.
const ASKS_METADATA: &str = "docker-cli-plugin-metadata";

/// The command line without what Docker put before it.
pub fn arguments() -> Vec<OsString> {
    own(std::env::args_os().collect())
}

fn own(arguments: Vec<OsString>) -> Vec<OsString> {
    let is_plugin = arguments.first().is_some_and(|program| Path::new(program).ends_with("docker-plimsoll"));
    match arguments.iter().skip(1).position(|argument| argument == NAME) {
        Some(at) if is_plugin => std::iter::once(OsString::from(NAME)).chain(arguments.into_iter().skip(at + 2)).collect(),
        _ => arguments,
    }
}

/// Answers Docker's question for metadata; `false` where it was not asked.
pub fn told_metadata() -> anyhow::Result<bool> {
    if std::env::args_os().nth(1).is_none_or(|argument| argument != ASKS_METADATA) {
        return Ok(false);
    }
    let metadata = serde_json::json!({
        "SchemaVersion": "0.1.0",
        "Vendor": "Plimsoll",
        "Version": env!("CARGO_PKG_VERSION"),
        "ShortDescription": "Stands guard over a container image for its whole life",
    });
    printer::result(format!("{metadata}\n").as_bytes(), None)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dockers_part_is_left_out() {
        for (given, expected) in [
            (&["/x/docker-plimsoll", "plimsoll", "scan", "a"][..], &["plimsoll", "scan", "a"][..]),
            (&["/x/docker-plimsoll", "--config", "d", "plimsoll", "scan", "plimsoll"], &["plimsoll", "scan", "plimsoll"]),
            (&["/x/docker-plimsoll", "scan", "a"], &["/x/docker-plimsoll", "scan", "a"]),
            (&["plimsoll", "scan", "plimsoll"], &["plimsoll", "scan", "plimsoll"]),
        ] {
            let given = given.iter().map(OsString::from).collect();
            assert_eq!(own(given), expected.iter().map(OsString::from).collect::<Vec<_>>());
        }
    }
}
