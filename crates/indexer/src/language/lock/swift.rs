//! Swift: `Package.resolved`, versions 1 to 3
//! (<https://github.com/swiftlang/swift-package-manager/blob/main/Sources/PackageGraph/ResolvedPackagesStore.swift>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::json;
use crate::language::listing::Listing;

/// Packages that the Swift package manager resolved, named by the place of their repository as advisories name them.
#[derive(Debug)]
pub(super) struct Swift;

impl Parser for Swift {
    const ID: &'static str = "language/lock/swift";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("Package.resolved")];
    const MAX_SIZE: u64 = 16 << 20;

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(content) {
            Ok(document) => document,
            Err(error) => return found.lost(json::problem(&error)),
        };
        let mut list = Listing::new(found, PackageType::Swift, Self::ID);
        let holder = document.get("object").unwrap_or(&document);
        for pin in json::elements(holder, "pins") {
            let place = ["location", "repositoryURL"].iter().map(|field| json::text(pin, field)).find(|text| !text.is_empty());
            let version = pin.get("state").map(|state| json::text(state, "version")).unwrap_or_default();
            // A branch or a revision has no version.
            if let Some(place) = place.filter(|_| !version.is_empty()) {
                list.add(repository(place), version);
            }
        }
    }
}

/// `https://github.com/Apple/swift-nio.git` and `git@github.com:apple/swift-nio` → `github.com/apple/swift-nio`.
fn repository(place: &str) -> String {
    let place = place.split_once("://").map_or(place, |(_, rest)| rest);
    let place = place.strip_prefix("git@").unwrap_or(place);
    let place = place.trim_end_matches('/').trim_end_matches(".git");
    place.replacen(':', "/", 1).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn both_forms() {
        let one = r#"{"object": {"pins": [{"package": "swift-nio", "repositoryURL": "git@github.com:apple/swift-nio.git", "state": {"branch": null, "revision": "x", "version": "2.40.0"}}]}, "version": 1}"#;
        let two = r#"{"pins": [{"identity": "swift-nio", "kind": "remoteSourceControl", "location": "https://github.com/Apple/swift-nio.git", "state": {"revision": "x", "version": "2.40.0"}}, {"location": "https://x/y", "state": {"branch": "main"}}], "version": 2}"#;
        for text in [one, two] {
            let found = run(&Whole::<Swift>::new(), "Package.resolved", text.as_bytes());
            assert_eq!(
                (found.packages.len(), found.packages[0].name.as_str(), found.packages[0].version.as_str()),
                (1, "github.com/apple/swift-nio", "2.40.0")
            );
        }
    }
}
