//! Rust: `Cargo.lock` (<https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html>).

use model::package::PackageType;

use super::{NO_RELEASE, toml};
use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;

/// Crates that `Cargo.lock` names. Those of the workspace itself, of a path or of a git repository are no releases of
/// crates.io, whatever their name.
#[derive(Debug)]
pub(super) struct CargoLock;

impl Parser for CargoLock {
    const ID: &'static str = "language/lock/cargo";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("Cargo.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let Some(document) = toml::document(content, found) else { return };
        let mut list = Listing::new(found, PackageType::Cargo, Self::ID);
        for entry in toml::tables(&document, "package") {
            if let Some(package) = list.add(toml::text(entry, "name"), toml::text(entry, "version"))
                && !matches!(toml::text(entry, "source").split_once('+'), Some(("registry" | "sparse", _)))
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
    fn registry_and_not() {
        let text = br#"version = 3
[[package]]
name = "app"
version = "0.1.0"
dependencies = ["time"]
[[package]]
name = "time"
version = "0.1.43"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "ca"
[[package]]
name = "fork"
version = "1.0.0"
source = "git+https://example.org/fork#abc"
"#;
        let found = run(&Whole::<CargoLock>::new(), "Cargo.lock", text);
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.unjudged.is_some())).collect();
        assert_eq!(got, [("app", true), ("time", false), ("fork", true)]);
        assert_eq!(run(&Whole::<CargoLock>::new(), "Cargo.lock", b"[[package").problems.len(), 1);
    }
}
