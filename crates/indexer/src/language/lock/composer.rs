//! PHP: `composer.lock` (<https://getcomposer.org/doc/01-basic-usage.md>).

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::{json, php};

/// Packages that Composer locked, development ones included.
#[derive(Debug)]
pub(super) struct Composer;

impl Parser for Composer {
    const ID: &'static str = "language/lock/composer";
    const VERSION: u32 = 2;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("composer.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        match json::document(content) {
            Ok(document) => {
                let both = json::elements(&document, "packages").chain(json::elements(&document, "packages-dev"));
                php::packages(both, found, Self::ID);
            }
            Err(error) => found.lost(json::problem(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn both_groups() {
        let text = br#"{"packages": [{"name": "monolog/monolog", "version": "2.8.0", "license": "MIT"}], "packages-dev": [{"name": "phpunit/phpunit", "version": "9.5"}]}"#;
        let found = run(&Whole::<Composer>::new(), "composer.lock", text);
        assert_eq!((found.packages.len(), found.packages[0].licenses.as_slice()), (2, ["MIT".to_owned()].as_slice()));
    }
}
