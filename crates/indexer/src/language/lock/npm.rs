//! JavaScript: `package-lock.json` and `npm-shrinkwrap.json`, lockfile versions 1 to 3
//! (<https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json>).

use model::license::{self, Dialect};
use model::package::PackageType;
use serde_json::Value;

use super::NO_RELEASE;
use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::json;
use crate::language::listing::Listing;

/// Packages that npm locked.
#[derive(Debug)]
pub(super) struct Npm;

impl Parser for Npm {
    const ID: &'static str = "language/lock/npm";
    const VERSION: u32 = 2;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("package-lock.json"), Claim::Name("npm-shrinkwrap.json")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(content) {
            Ok(document) => document,
            Err(error) => return found.lost(json::problem(&error)),
        };
        let mut list = Listing::new(found, PackageType::Npm, Self::ID);
        if document.get("packages").is_some() {
            placed(&document, &mut list);
        } else {
            // serde_json bounds the depth of the document, and so of this.
            nested(&document, &mut list);
        }
    }
}

/// Versions 2 and 3: a map from place to package; what is not below `node_modules` is the project's own.
fn placed(document: &Value, list: &mut Listing<'_>) {
    for (place, entry) in json::members(document, "packages") {
        let Some((_, name)) = place.rsplit_once("node_modules/") else { continue };
        if entry.get("link") == Some(&Value::Bool(true)) {
            continue;
        }
        // An alias keeps the real name in the entry.
        let name = Some(json::text(entry, "name")).filter(|name| !name.is_empty()).unwrap_or(name);
        if let Some(package) = list.add(name, json::text(entry, "version")) {
            package.licenses = license::any_of([json::text(entry, "license")], Dialect::General);
            if json::text(entry, "resolved").starts_with("git") {
                package.unjudged = Some(NO_RELEASE.to_owned());
            }
        }
    }
}

/// Version 1: dependencies inside dependencies.
fn nested(parent: &Value, list: &mut Listing<'_>) {
    for (name, entry) in json::members(parent, "dependencies") {
        let version = json::text(entry, "version");
        match version.strip_prefix("npm:").and_then(|alias| alias.rsplit_once('@')) {
            Some((real, version)) => list.add(real, version),
            // `git+ssh://…`, `file:…`, `https://…`: no release.
            None if version.contains(':') => None,
            None => list.add(name, version),
        };
        nested(entry, list);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn names(text: &str) -> Vec<String> {
        let found = run(&Whole::<Npm>::new(), "package-lock.json", text.as_bytes());
        found.packages.iter().map(|package| format!("{}@{}", package.name, package.version)).collect()
    }

    #[test]
    fn every_version() {
        let one = r#"{"lockfileVersion": 1, "dependencies": {"a": {"version": "1.0.0", "dependencies": {"@s/b": {"version": "2.0.0"}}},
            "c": {"version": "npm:@real/c@3.0.0"}, "d": {"version": "git+ssh://x#1"}}}"#;
        assert_eq!(names(one), ["a@1.0.0", "@s/b@2.0.0", "@real/c@3.0.0"]);
        let three = r#"{"lockfileVersion": 3, "packages": {"": {"name": "app", "version": "1"}, "packages/w": {"version": "1"},
            "node_modules/w": {"resolved": "packages/w", "link": true}, "node_modules/a": {"version": "1.0.0", "license": "MIT"},
            "node_modules/a/node_modules/@s/b": {"version": "2.0.0"}, "node_modules/c": {"name": "@real/c", "version": "3.0.0"}},
            "dependencies": {"a": {"version": "1.0.0"}}}"#;
        assert_eq!(names(three), ["a@1.0.0", "@s/b@2.0.0", "@real/c@3.0.0"]);
    }

    #[test]
    fn depth_is_bounded() {
        let deep = "{\"dependencies\":{\"a\":".repeat(100_000);
        assert_eq!(run(&Whole::<Npm>::new(), "package-lock.json", deep.as_bytes()).problems.len(), 1);
    }
}
