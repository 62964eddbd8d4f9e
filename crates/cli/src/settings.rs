//! `plimsoll.toml`: every long flag by its name, at the top level for all verbs and under `[verb]` for one.
//!
//! ```toml
//! offline = true
//! [scan]
//! fail-on = ["critical", "exploited"]
//! [feeds]
//! kev = "https://mirror.example/kev.json"
//! ```
//!
//! A setting becomes the default of its flag, so that the command line and the environment win without further rules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Command;
use toml::{Table, Value};

/// Tables that are no verbs: addresses of feeds and mirrors of registries, read where they are used.
const TABLES: [&str; 2] = ["feeds", "registry"];

/// The settings that are no flags.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// Address of each feed, by its name.
    pub feeds: BTreeMap<String, String>,
    /// Mirrors of each registry, by its host, in the order they are tried.
    pub mirrors: BTreeMap<String, Vec<String>>,
}

/// Makes what the settings files say the defaults of the flags.
pub fn apply(command: Command) -> anyhow::Result<Command> {
    // The user's file first: the working directory's then replaces what it names.
    let mut command = command;
    for (path, table) in read_files()? {
        command = defaults(command, &table, &path, true)?;
    }
    Ok(command)
}

/// The tables beside the flags, from the same files.
pub fn tables() -> anyhow::Result<Tables> {
    let mut tables = Tables::default();
    for (path, table) in read_files()? {
        if let Some(Value::Table(feeds)) = table.get("feeds") {
            for (name, address) in feeds {
                let Value::String(address) = address else {
                    bail!("{}: feeds.{name} must be an address in quotes (and so must a name that holds a dot)", path.display())
                };
                tables.feeds.insert(name.clone(), address.clone());
            }
        }
        if let Some(Value::Table(registries)) = table.get("registry") {
            for (host, settings) in registries {
                let mirrors = settings.get("mirrors").and_then(Value::as_array);
                let mirrors =
                    mirrors.map(|mirrors| mirrors.iter().filter_map(|mirror| mirror.as_str().map(str::to_owned)).collect());
                let Some(mirrors) = mirrors else {
                    bail!("{}: [registry.\"{host}\"] needs mirrors = [\"host\", …]", path.display())
                };
                tables.mirrors.insert(host.clone(), mirrors);
            }
        }
    }
    Ok(tables)
}

/// The settings files that are there, weakest first. `--config` (or `PLIMSOLL_CONFIG`) stands in the place of both.
fn read_files() -> anyhow::Result<Vec<(PathBuf, Table)>> {
    if let Some(path) = chosen_file() {
        let table =
            read(&path)?.with_context(|| format!("{} does not exist; --config names the settings file", path.display()))?;
        return Ok(vec![(path, table)]);
    }
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".config"));
    let user = std::env::var_os("XDG_CONFIG_HOME").filter(|folder| !folder.is_empty()).map(PathBuf::from).or_else(home);
    let files = [user.map(|folder| folder.join("plimsoll/plimsoll.toml")), Some(PathBuf::from("plimsoll.toml"))];
    let mut tables = Vec::new();
    for path in files.into_iter().flatten() {
        if let Some(table) = read(&path)? {
            tables.push((path, table));
        }
    }
    Ok(tables)
}

/// `--config` has to be known before the command line can be parsed.
fn chosen_file() -> Option<PathBuf> {
    let mut arguments = crate::docker_plugin::arguments().into_iter().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            break;
        }
        if argument == "--config" {
            return arguments.next().map(PathBuf::from);
        }
        if let Some(path) = argument.to_str().and_then(|argument| argument.strip_prefix("--config=")) {
            return Some(path.into());
        }
    }
    std::env::var_os("PLIMSOLL_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from)
}

fn read(path: &Path) -> anyhow::Result<Option<Table>> {
    match std::fs::read_to_string(path) {
        Ok(text) => text.parse().map(Some).map_err(|error: toml::de::Error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            anyhow::anyhow!("{}, line {line}: {}", path.display(), error.message().replace('\n', " "))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} could not be read", path.display())),
    }
}

fn defaults(mut command: Command, table: &Table, path: &Path, top: bool) -> anyhow::Result<Command> {
    for (key, value) in table {
        if top && TABLES.contains(&key.as_str()) {
            continue;
        }
        if let Value::Table(inner) = value {
            if command.find_subcommand(key).is_none() {
                bail!("{}: `[{key}]` is no verb; see `plimsoll --help` for those there are", path.display());
            }
            let mut outcome = Ok(());
            command = command.mut_subcommand(key, |verb| match defaults(verb.clone(), inner, path, false) {
                Ok(verb) => verb,
                Err(error) => {
                    outcome = Err(error);
                    verb
                }
            });
            outcome?;
            continue;
        }
        let Some(id) =
            command.get_arguments().find(|argument| argument.get_long() == Some(key)).map(|argument| argument.get_id().clone())
        else {
            let verb = command
                .get_subcommands()
                .find(|verb| verb.get_arguments().any(|argument| argument.get_long() == Some(key)))
                .map(Command::get_name);
            match verb {
                Some(verb) => bail!("{}: `{key}` is a setting of a verb; put it below `[{verb}]`", path.display()),
                None => bail!("{}: `{key}` is no setting here; settings are named after the long flags", path.display()),
            }
        };
        let values = texts(value)
            .with_context(|| format!("{}: `{key}` must be a text, a number, true, false, or a list of texts", path.display()))?;
        command = command.mut_arg(id, |argument| argument.default_values(values));
    }
    Ok(command)
}

fn texts(value: &Value) -> Option<Vec<String>> {
    Some(match value {
        Value::String(text) => vec![text.clone()],
        Value::Integer(number) => vec![number.to_string()],
        Value::Boolean(flag) => vec![flag.to_string()],
        Value::Array(values) => values.iter().map(texts).collect::<Option<Vec<_>>>()?.concat(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::{Arg, ArgAction};

    fn command() -> Command {
        Command::new("x")
            .arg(Arg::new("offline").long("offline").action(ArgAction::SetTrue))
            .subcommand(Command::new("scan").arg(Arg::new("fail_on").long("fail-on").action(ArgAction::Append)))
    }

    fn applied(text: &str) -> anyhow::Result<Command> {
        defaults(command(), &text.parse().unwrap(), Path::new("t.toml"), true)
    }

    #[test]
    fn settings_become_defaults_that_flags_override() {
        let text = "offline = true\n[scan]\nfail-on = [\"high\", \"exploited\"]\n[feeds]\nkev = \"x\"";
        let matches = applied(text).unwrap().try_get_matches_from(["x", "scan"]).unwrap();
        assert!(matches.get_flag("offline"));
        let scan = matches.subcommand_matches("scan").unwrap();
        assert_eq!(scan.get_many::<String>("fail_on").unwrap().collect::<Vec<_>>(), ["high", "exploited"]);
        let matches = applied(text).unwrap().try_get_matches_from(["x", "scan", "--fail-on", "low"]).unwrap();
        let scan = matches.subcommand_matches("scan").unwrap();
        assert_eq!(scan.get_many::<String>("fail_on").unwrap().collect::<Vec<_>>(), ["low"]);
    }

    #[test]
    fn what_is_no_setting_is_an_error() {
        for text in ["ofline = true", "[scna]\nx = 1", "[scan]\noffline = 1.5", "offline = 1979-05-27"] {
            assert!(applied(text).is_err(), "{text}");
        }
        let error = applied("fail-on = [\"high\"]").unwrap_err().to_string();
        assert_eq!(error, "t.toml: `fail-on` is a setting of a verb; put it below `[scan]`");
    }
}
