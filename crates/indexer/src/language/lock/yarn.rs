//! JavaScript: `yarn.lock`, of Yarn 1 (<https://classic.yarnpkg.com/lang/en/docs/yarn-lock/>) and of later ones, which is YAML.

use model::package::PackageType;

use super::NO_RELEASE;
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
            list.lost("is neither form of yarn.lock");
        }
    }
}

/// `"name@range", "name@range":` and, below, `version "1.0.0"`.
fn classic(text: &str, list: &mut Listing<'_>) {
    let mut entry = None;
    for line in text.lines() {
        if !line.starts_with([' ', '#']) {
            entry = line.trim_end().strip_suffix(':').and_then(resolved);
        } else if let Some(version) = line.strip_prefix("  version ")
            && let Some((name, released)) = entry.take()
            && let Some(package) = list.add(name, yaml::unquote(version))
            && !released
        {
            package.unjudged = Some(NO_RELEASE.to_owned());
        }
    }
}

/// The real name behind the keys of an entry, `alias@npm:name@range` among them, and whether it comes from a registry.
fn resolved(keys: &str) -> Option<(&str, bool)> {
    let mut plain = None;
    for (name, range) in keys.split(", ").map(yaml::unquote).filter_map(split) {
        if let Some(real) = range.strip_prefix("npm:") {
            return Some((split(real).map_or(real, |(name, _)| name), true));
        }
        // Repositories, folders and addresses; a range holds neither character.
        plain = plain.or(Some((name, !range.contains([':', '/']))));
    }
    plain
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
        let mixed = "# yarn lockfile v1\n\"braces@^2\", \"braces@npm:@made/braces@3.0.2\":\n  version \"3.0.2\"\n\"own@git+https://x/own.git\":\n  version \"1.0.0\"\n";
        let found = run(&Whole::<Yarn>::new(), "yarn.lock", mixed.as_bytes());
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.unjudged.is_some())).collect();
        assert_eq!(got, [("@made/braces", false), ("own", true)]);
        let berry = "__metadata:\n  version: 6\n\n\"@babel/core@npm:^7.0.0, @babel/core@npm:^7.1.0\":\n  version: 7.21.8\n  resolution: \"@babel/core@npm:7.21.8\"\n  dependencies:\n    version: ^1\n\n\"app@workspace:.\":\n  version: 0.0.0-use.local\n  resolution: \"app@workspace:.\"\n\n\"ts@patch:ts@5#x\":\n  version: 5.0.4\n  resolution: \"ts@patch:ts@npm%3A5.0.4#x\"\n";
        assert_eq!(names(berry), ["@babel/core@7.21.8", "ts@5.0.4"]);
        assert_eq!(run(&Whole::<Yarn>::new(), "yarn.lock", b"what").problems.len(), 1);
    }
}
