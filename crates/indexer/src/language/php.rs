//! Installed PHP packages: what Composer writes into `vendor/composer`
//! (<https://getcomposer.org/doc/07-runtime.md>).

use model::license::{self, Dialect};
use model::package::PackageType;
use serde_json::Value;

use super::json;
use super::listing::Listing;
use crate::extractor::{Claim, File, Found, Parser};

/// Packages that Composer installed, development ones included: they are there.
#[derive(Debug)]
pub struct Php;

impl Parser for Php {
    const ID: &'static str = "language/php";
    const VERSION: u32 = 3;
    const CLAIMS: &'static [Claim] = &[Claim::Name("installed.json")];

    fn accepts(file: &File<'_>) -> bool {
        model::path::file_name(model::path::parent(file.path)) == b"composer"
    }

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        match json::document(content) {
            // Composer 1 wrote the bare list, Composer 2 an object around it.
            Ok(Value::Array(list)) => packages(list.iter(), found, Self::ID),
            Ok(document) => packages(json::elements(&document, "packages"), found, Self::ID),
            Err(error) => found.lost(json::problem(&error)),
        }
    }
}

/// Adds packages in the form that `installed.json` and `composer.lock` share.
pub(super) fn packages<'a>(packages: impl Iterator<Item = &'a Value>, found: &mut Found, extractor: &'static str) {
    let mut list = Listing::new(found, PackageType::Composer, extractor);
    for entry in packages {
        // Packagist compares names without case.
        let name = json::text(entry, "name").to_ascii_lowercase();
        if let Some(package) = list.add(name, json::text(entry, "version")) {
            package.licenses = match entry.get("license") {
                Some(Value::String(text)) => license::any_of([text.as_str()], Dialect::General),
                // A list is a choice (<https://getcomposer.org/doc/04-schema.md#license>).
                _ => license::any_of(json::elements(entry, "license").take(32).filter_map(Value::as_str), Dialect::General),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn both_generations() {
        let list =
            r#"[{"name": "Symfony/Console", "version": "v5.4.1", "license": ["MIT"]}, {"name": "a/b", "version": "dev-main"}]"#;
        for text in [list.to_owned(), format!(r#"{{"packages": {list}, "dev": true, "dev-package-names": ["a/b"]}}"#)] {
            let found = run(&Whole::<Php>::new(), "app/vendor/composer/installed.json", text.as_bytes());
            let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
            assert_eq!(got, [("symfony/console", "v5.4.1"), ("a/b", "dev-main")]);
            assert_eq!(found.packages[0].licenses, ["MIT"]);
        }
        assert!(run(&Whole::<Php>::new(), "app/installed.json", b"[{}]").problems.is_empty());
    }
}
