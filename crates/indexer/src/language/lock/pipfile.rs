//! Python: `Pipfile.lock` (<https://pipenv.pypa.io/en/latest/pipfile.html>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::{json, python::normalize};

/// Packages of both groups of `Pipfile.lock`.
#[derive(Debug)]
pub(super) struct Pipfile;

impl Parser for Pipfile {
    const ID: &'static str = "language/lock/pipfile";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("Pipfile.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(content) {
            Ok(document) => document,
            Err(error) => return found.lost(json::problem(&error)),
        };
        let mut list = Listing::new(found, PackageType::Pypi, Self::ID);
        for (name, entry) in json::members(&document, "default").chain(json::members(&document, "develop")) {
            // What comes from a repository or a folder has no version.
            if let Some(version) = json::text(entry, "version").strip_prefix("==") {
                list.add(normalize(name), version.trim_start_matches('='));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn both_groups() {
        let text = br#"{"_meta": {}, "default": {"Flask": {"version": "==2.2.2"}, "x": {"git": "u", "ref": "r"}}, "develop": {"pytest": {"version": "==7.0"}}}"#;
        let found = run(&Whole::<Pipfile>::new(), "Pipfile.lock", text);
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(got, [("flask", "2.2.2"), ("pytest", "7.0")]);
    }
}
