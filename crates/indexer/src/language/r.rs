//! Installed R packages: the `DESCRIPTION` at the root of each
//! (<https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file>).

use model::license::{self, Dialect};
use model::package::PackageType;

use super::listing::Listing;
use crate::extractor::{Claim, File, Found, Parser};

/// Packages in an R library (`…/library/NAME`, `…/site-library/NAME`).
#[derive(Debug)]
pub struct R;

impl Parser for R {
    const ID: &'static str = "language/r";
    const VERSION: u32 = 2;
    const CLAIMS: &'static [Claim] = &[Claim::Name("DESCRIPTION")];
    const MAX_SIZE: u64 = 1 << 20;

    fn accepts(file: &File<'_>) -> bool {
        let library = model::path::file_name(model::path::parent(model::path::parent(file.path)));
        matches!(library, b"library" | b"site-library" | b"dist-library")
    }

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        // `Built` is there once the package is installed; a source tree in a folder of that name has none.
        let field = |name: &str| {
            text.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| *key == name).map(|(_, value)| value.trim())
        };
        if let (Some(name), Some(version), Some(_)) = (field("Package"), field("Version"), field("Built"))
            && let Some(package) = Listing::new(found, PackageType::Cran, Self::ID).add(name, version)
        {
            package.licenses = field("License")
                .filter(|license| !license.is_empty())
                .map(|text| license::expression_or_text(text, Dialect::R))
                .into_iter()
                .collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn reads_an_installed_description() {
        let text = b"Package: jsonlite\nVersion: 1.8.4\nTitle: A Simple\n  and Robust: Parser\nLicense: MIT + file LICENSE\nBuilt: R 4.2.2; x86_64-pc-linux-gnu; 2022; unix\n";
        let found = run(&Whole::<R>::new(), "usr/lib/R/site-library/jsonlite/DESCRIPTION", text);
        let package = &found.packages[0];
        assert_eq!((package.name.as_str(), package.version.as_str()), ("jsonlite", "1.8.4"));
        assert_eq!(package.licenses, ["MIT"]);
        assert!(run(&Whole::<R>::new(), "usr/lib/R/site-library/a/DESCRIPTION", b"Package: a\nVersion: 1\n").packages.is_empty());
        assert!(run(&Whole::<R>::new(), "src/jsonlite/DESCRIPTION", text).packages.is_empty());
    }
}
