//! Ruby: `Gemfile.lock` (<https://bundler.io/guides/rationale.html>), also `gems.locked`.

use std::collections::BTreeSet;

use model::package::PackageType;

use super::NO_RELEASE;
use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;

/// Gems that Bundler locked.
#[derive(Debug)]
pub(super) struct Bundler;

impl Parser for Bundler {
    const ID: &'static str = "language/lock/bundler";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("Gemfile.lock"), Claim::Name("gems.locked")];
    const MAX_SIZE: u64 = 16 << 20;

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let mut list = Listing::new(found, PackageType::Gem, Self::ID);
        let (mut section, mut known) = ("", false);
        // One entry for each platform: they differ in what follows the version.
        let mut seen = BTreeSet::new();
        for line in text.lines() {
            if !line.starts_with(' ') {
                section = line.trim_end();
                known |= matches!(section, "GEM" | "GIT" | "PATH" | "DEPENDENCIES");
                continue;
            }
            // Four spaces are a locked gem, six its dependencies.
            let Some(entry) = line.strip_prefix("    ").filter(|entry| !entry.starts_with(' ')) else { continue };
            let Some((name, version)) = entry.trim_end().strip_suffix(')').and_then(|entry| entry.split_once(" (")) else {
                continue;
            };
            let version = version.split('-').next().unwrap_or(version);
            if matches!(section, "GEM" | "GIT" | "PATH")
                && seen.insert((name, version))
                && let Some(package) = list.add(name, version)
                && section != "GEM"
            {
                package.unjudged = Some(NO_RELEASE.to_owned());
            }
        }
        if !known && !text.trim().is_empty() {
            list.lost("is not a Gemfile.lock: none of its sections is there");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn sections() {
        let text = b"GIT\n  remote: https://x\n  revision: abc\n  specs:\n    fork (1.0)\n\nGEM\n  remote: https://rubygems.org/\n  specs:\n    rack (2.2.3)\n    nokogiri (1.13.4-x86_64-linux)\n      racc (~> 1.4)\n    nokogiri (1.13.4-arm64-darwin)\n\nPLATFORMS\n  ruby\n\nDEPENDENCIES\n  rack\n\nBUNDLED WITH\n   2.3.7\n";
        let found = run(&Whole::<Bundler>::new(), "Gemfile.lock", text);
        let got: Vec<_> = found
            .packages
            .iter()
            .map(|package| (package.name.as_str(), package.version.as_str(), package.unjudged.is_some()))
            .collect();
        assert_eq!(got, [("fork", "1.0", true), ("rack", "2.2.3", false), ("nokogiri", "1.13.4", false)]);
        assert_eq!(run(&Whole::<Bundler>::new(), "Gemfile.lock", b"\xff\xfe").problems.len(), 1);
    }
}
