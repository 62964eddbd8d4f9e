//! conda environments: one JSON file per installed package in `conda-meta`
//! (<https://docs.conda.io/projects/conda/en/stable/dev-guide/specs/conda-meta.html>).

use model::license::{self, Dialect};
use model::package::PackageType;

use super::json;
use super::listing::Listing;
use crate::extractor::{Claim, File, Found, Parser};

/// Packages that conda installed. What pip put into the same environment has its own evidence.
#[derive(Debug)]
pub struct Conda;

impl Parser for Conda {
    const ID: &'static str = "language/conda";
    const VERSION: u32 = 3;
    const CLAIMS: &'static [Claim] = &[Claim::Extension(".json")];

    fn accepts(file: &File<'_>) -> bool {
        model::path::file_name(model::path::parent(file.path)) == b"conda-meta"
    }

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        match json::fields(content, ["name", "version", "license", "subdir"]) {
            Ok([name, version, license, subdir]) => {
                let mut list = Listing::new(found, PackageType::Conda, Self::ID);
                if let Some(package) = list.add(json::string(name), json::string(version)) {
                    package.licenses = Some(json::string(license))
                        .filter(|text| !text.is_empty())
                        .map(|text| license::expression_or_text(&text, Dialect::General))
                        .into_iter()
                        .collect();
                    package.architecture = Some(json::string(subdir)).filter(|text| !text.is_empty());
                }
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
    fn reads_a_record() {
        let record = br#"{"arch": "x86_64", "build": "h7f8727e_2", "files": ["lib/libssl.so"], "license": "OpenSSL",
            "name": "openssl", "paths_data": {"paths": [{"_path": "x"}]}, "subdir": "linux-64", "version": "1.1.1q"}"#;
        let found = run(&Whole::<Conda>::new(), "opt/conda/conda-meta/openssl-1.1.1q-h7f8727e_2.json", record);
        let package = &found.packages[0];
        assert_eq!((package.kind, package.name.as_str(), package.version.as_str()), (PackageType::Conda, "openssl", "1.1.1q"));
        assert_eq!(
            (package.licenses.as_slice(), package.architecture.as_deref()),
            (["OpenSSL".to_owned()].as_slice(), Some("linux-64"))
        );
        assert!(run(&Whole::<Conda>::new(), "etc/openssl.json", record).packages.is_empty());
    }
}
