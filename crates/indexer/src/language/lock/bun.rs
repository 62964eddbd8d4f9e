//! JavaScript: `bun.lock` (<https://bun.com/docs/pm/lockfile>), JSON with trailing commas. Its binary ancestor is not read.

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::json;
use crate::language::listing::Listing;

/// Packages that Bun locked.
#[derive(Debug)]
pub(super) struct Bun;

impl Parser for Bun {
    const ID: &'static str = "language/lock/bun";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("bun.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(&without_trailing_commas(content)) {
            Ok(document) => document,
            Err(error) => return found.lost(json::problem(&error)),
        };
        let mut list = Listing::new(found, PackageType::Npm, Self::ID);
        for (_, entry) in json::members(&document, "packages") {
            // `["name@1.0.0", registry, {…}, integrity]`; other sources have a scheme in the place of the version.
            let resolved = entry.get(0).and_then(serde_json::Value::as_str).and_then(|text| text.rsplit_once('@'));
            if let Some((name, version)) = resolved.filter(|(name, version)| !name.contains(':') && !version.contains(':')) {
                list.add(name, version);
            }
        }
    }
}

/// Blanks out every comma that only closes a list.
fn without_trailing_commas(content: &[u8]) -> Vec<u8> {
    let mut text = content.to_vec();
    let (mut comma, mut in_string, mut escaped) = (None, false, false);
    for (at, byte) in content.iter().enumerate() {
        if in_string {
            in_string = escaped || *byte != b'"';
            escaped = !escaped && *byte == b'\\';
            continue;
        }
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => continue,
            b'"' => in_string = true,
            b']' | b'}' => {
                if let Some(slot) = comma.and_then(|comma: usize| text.get_mut(comma)) {
                    *slot = b' ';
                }
            }
            _ => {}
        }
        comma = (*byte == b',').then_some(at);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn reads_with_trailing_commas() {
        let text = br#"{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "app", "dependencies": { "a": "^1", }, }, },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "2", } }, "sha512-,]\"==",],
    "a/@s/b": ["@s/b@2.0.0", "", {}, "x"],
    "w": ["w@workspace:packages/w"],
    "g": ["g@github:x/y#abc", {}, "z"],
  },
}
"#;
        let found = run(&Whole::<Bun>::new(), "bun.lock", text);
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(got, [("a", "1.0.0"), ("@s/b", "2.0.0")]);
        assert!(found.problems.is_empty());
    }
}
