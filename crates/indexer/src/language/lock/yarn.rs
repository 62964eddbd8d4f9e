//! JavaScript: `yarn.lock`, of Yarn 1 (<https://classic.yarnpkg.com/lang/en/docs/yarn-lock/>) and of later ones, which is YAML.

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::yaml;

/// Packages that Yarn locked.
#[derive(Debug)]
pub(super) struct Yarn;

impl Parser for Yarn {
    const ID: &'static str = "language/lock/yarn";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("yarn.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let mut list = Listing::new(found, PackageType::Npm, Self::ID);
        if text.contains("yarn lockfile v1") {
            classic(&text, &mut list);
        } else if text.lines().any(|line| line.starts_with("__metadata:")) {
            berry(&text, &mut list);
        } else if !text.trim().is_empty() {
            list.problem("is neither form of yarn.lock");
        }
    }
}

/// `"name@range", "name@range":` and, below, `version "1.0.0"`.
fn classic(text: &str, list: &mut Listing<'_>) {
    let mut name = None;
    for line in text.lines() {
        if !line.starts_with([' ', '#']) {
            name =
                line.trim_end().strip_suffix(':').and_then(|keys| keys.split(',').next()).map(yaml::unquote).and_then(real_name);
        } else if let Some(version) = line.strip_prefix("  version ")
            && let Some(name) = name.take()
        {
            list.add(name, yaml::unquote(version));
        }
    }
}

/// The entries of YAML's top level; `resolution` holds the real name.
fn berry(text: &str, list: &mut Listing<'_>) {
    let mut version = "";
    for line in yaml::lines(text) {
        match (line.indent, line.key) {
            (0, _) => version = "",
            (2, "version") => version = line.value,
            (2, "resolution") => {
                // The project's own packages, and links to folders.
                let own = ["@workspace:", "@link:", "@portal:", "@file:"].iter().any(|kind| line.value.contains(kind));
                if let Some(name) = split(line.value).map(|(name, _)| name).filter(|_| !own) {
                    list.add(name, version);
                }
            }
            _ => {}
        }
    }
}

/// `name@range` → name; `alias@npm:name@range` → name.
fn real_name(key: &str) -> Option<&str> {
    let (name, range) = split(key)?;
    match range.strip_prefix("npm:") {
        Some(real) => Some(split(real).map_or(real, |(name, _)| name)),
        None => Some(name),
    }
}

/// At the `@` after the name, which may begin with one.
fn split(text: &str) -> Option<(&str, &str)> {
    let at = text.match_indices('@').map(|(at, _)| at).find(|at| *at > 0)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn names(text: &str) -> Vec<String> {
        let found = run(&Whole::<Yarn>::new(), "yarn.lock", text.as_bytes());
        found.packages.iter().map(|package| format!("{}@{}", package.name, package.version)).collect()
    }

    #[test]
    fn both_forms() {
        let classic = "# yarn lockfile v1\n\n\n\"@babel/core@^7.0.0\", \"@babel/core@^7.1.0\":\n  version \"7.21.8\"\n  resolved \"x\"\n  dependencies:\n    version \"^1\"\n\nold@npm:lodash@^4.0.0:\n  version \"4.17.4\"\n";
        assert_eq!(names(classic), ["@babel/core@7.21.8", "lodash@4.17.4"]);
        let berry = "__metadata:\n  version: 6\n\n\"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0\":\n  version: 7.21.8\n  resolution: \"@babel/core@npm:7.21.8\"\n  dependencies:\n    version: ^1\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n\n\"ts@patch:ts@5#x\":\n  version: 5.0.4\n  resolution: \"ts@patch:ts@npm%3A5.0.4#x\"\n";
        assert_eq!(names(berry), ["@babel/core@7.21.8", "ts@5.0.4"]);
        assert_eq!(run(&Whole::<Yarn>::new(), "yarn.lock", b"what").problems.len(), 1);
    }
}
