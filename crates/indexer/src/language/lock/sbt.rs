//! Scala: `build.sbt.lock` (<https://github.com/stringbean/sbt-dependency-lock>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::json;
use crate::language::listing::Listing;

/// Modules that sbt-dependency-lock wrote down.
#[derive(Debug)]
pub(super) struct Sbt;

impl Parser for Sbt {
    const ID: &'static str = "language/lock/sbt";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Extension(".sbt.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(content) {
            Ok(document) => document,
            Err(error) => return found.lost(json::problem(&error)),
        };
        let mut list = Listing::new(found, PackageType::Maven, Self::ID);
        for module in json::elements(&document, "dependencies") {
            list.add(format!("{}:{}", json::text(module, "org"), json::text(module, "name")), json::text(module, "version"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn modules() {
        let text = br#"{"lockVersion": 1, "configurations": ["compile"],
            "dependencies": [{"org": "org.typelevel", "name": "cats-core_2.13", "version": "2.9.0", "configurations": ["compile"]}]}"#;
        let found = run(&Whole::<Sbt>::new(), "build.sbt.lock", text);
        assert_eq!(found.packages[0].name, "org.typelevel:cats-core_2.13");
    }
}
