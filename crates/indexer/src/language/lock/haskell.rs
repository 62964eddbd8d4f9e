//! Haskell: `cabal.project.freeze` (<https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-freeze>) and
//! `stack.yaml.lock` (<https://docs.haskellstack.org/en/stable/topics/lock_files/>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::yaml;

/// Packages of Hackage that cabal or Stack pinned.
#[derive(Debug)]
pub(super) struct Haskell;

impl Parser for Haskell {
    const ID: &'static str = "language/lock/haskell";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("cabal.project.freeze"), Claim::Name("stack.yaml.lock")];
    const MAX_SIZE: u64 = 16 << 20;

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let mut list = Listing::new(found, PackageType::Hackage, Self::ID);
        if file.name() == b"stack.yaml.lock" { stack(&text, &mut list) } else { cabal(&text, &mut list) }
    }
}

/// `constraints: any.aeson ==2.0.3.0,` and flags, which have no `==`.
fn cabal(text: &str, list: &mut Listing<'_>) {
    for constraint in text.split([',', '\n']) {
        let constraint = constraint.trim().trim_start_matches("constraints:").trim();
        if let Some((name, version)) = constraint.split_once("==").filter(|_| !constraint.starts_with("--")) {
            list.add(name.trim().trim_start_matches("any."), version.trim());
        }
    }
}

/// `hackage: aeson-2.0.3.0@sha256:…,123` below `completed`.
fn stack(text: &str, list: &mut Listing<'_>) {
    let mut completed = false;
    for line in yaml::lines(text) {
        let value = match line.key {
            "completed" => {
                completed = true;
                continue;
            }
            "original" => {
                completed = false;
                continue;
            }
            // The first field of a list item keeps its dash: `- completed:`.
            "-" if line.value == "completed:" => {
                completed = true;
                continue;
            }
            "hackage" if completed => line.value,
            _ => continue,
        };
        let pinned = value.split('@').next().unwrap_or(value);
        if let Some((name, version)) = pinned.rsplit_once('-') {
            list.add(name, version);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn names(path: &str, text: &str) -> Vec<String> {
        let found = run(&Whole::<Haskell>::new(), path, text.as_bytes());
        found.packages.iter().map(|package| format!("{}@{}", package.name, package.version)).collect()
    }

    #[test]
    fn both_tools() {
        let cabal = "active-repositories: hackage.haskell.org:merge\nconstraints: any.aeson ==2.0.3.0,\n             aeson -cffi +ordered-keymap,\n             any.base ==4.16.1.0\nindex-state: x\n";
        assert_eq!(names("cabal.project.freeze", cabal), ["aeson@2.0.3.0", "base@4.16.1.0"]);
        let stack = "packages:\n- completed:\n    hackage: fuzzyset-0.2.4@sha256:abc,1\n    pantry-tree:\n      sha256: x\n  original:\n    hackage: fuzzyset-0.2.4\nsnapshots: []\n";
        assert_eq!(names("stack.yaml.lock", stack), ["fuzzyset@0.2.4"]);
    }
}
