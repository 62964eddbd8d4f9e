//! R: `renv.lock` (<https://rstudio.github.io/renv/articles/lockfile.html>).

use model::package::PackageType;

use super::NO_RELEASE;
use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::json;
use crate::language::listing::Listing;

/// Packages that renv locked.
#[derive(Debug)]
pub(super) struct Renv;

impl Parser for Renv {
    const ID: &'static str = "language/lock/renv";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("renv.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(content) {
            Ok(document) => document,
            Err(error) => return found.lost(json::problem(&error)),
        };
        let mut list = Listing::new(found, PackageType::Cran, Self::ID);
        for (key, entry) in json::members(&document, "Packages") {
            let name = Some(json::text(entry, "Package")).filter(|name| !name.is_empty()).unwrap_or(key);
            if let Some(package) = list.add(name, json::text(entry, "Version"))
                && json::text(entry, "Source") != "Repository"
            {
                package.unjudged = Some(NO_RELEASE.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn sources() {
        let text =
            br#"{"R": {"Version": "4.2.1"}, "Packages": {"R6": {"Package": "R6", "Version": "2.5.1", "Source": "Repository"},
            "own": {"Package": "own", "Version": "0.1", "Source": "GitHub"}}}"#;
        let found = run(&Whole::<Renv>::new(), "renv.lock", text);
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.unjudged.is_some())).collect();
        assert_eq!(got, [("R6", false), ("own", true)]);
    }
}
