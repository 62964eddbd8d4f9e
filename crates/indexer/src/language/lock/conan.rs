//! C and C++: `conan.lock`, of Conan 2 (<https://docs.conan.io/2/tutorial/versioning/lockfiles.html>) and of Conan 1
//! (<https://docs.conan.io/1/versioning/lockfiles/introduction.html>).

use model::package::PackageType;
use serde_json::Value;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::json;
use crate::language::listing::Listing;

/// Packages that Conan locked. Tools that only build (`build_requires`) are not in the product.
#[derive(Debug)]
pub(super) struct Conan;

impl Parser for Conan {
    const ID: &'static str = "language/lock/conan";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("conan.lock")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let document = match json::document(content) {
            Ok(document) => document,
            Err(error) => return found.lost(json::problem(&error)),
        };
        let mut list = Listing::new(found, PackageType::Conan, Self::ID);
        for reference in json::elements(&document, "requires").filter_map(Value::as_str) {
            add(reference, &mut list);
        }
        // Version 1 locks a graph, whose root is the project itself and has no reference, or one without a revision.
        let graph = document.get("graph_lock").unwrap_or(&Value::Null);
        for (_, node) in json::members(graph, "nodes").filter(|(number, _)| *number != "0") {
            add(json::text(node, "ref"), &mut list);
        }
    }
}

/// `zlib/1.2.11@user/channel#revision%timestamp`; everything behind the version may be missing.
fn add(reference: &str, list: &mut Listing<'_>) {
    let released = reference.split(['@', '#', '%']).next().unwrap_or(reference);
    match released.split_once('/') {
        Some((name, version)) => {
            list.add(name, version);
        }
        None if reference.is_empty() => {}
        None => list.lost("a reference without a version"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn names(text: &str) -> Vec<String> {
        let found = run(&Whole::<Conan>::new(), "conan.lock", text.as_bytes());
        assert!(found.problems.is_empty(), "{:?}", found.problems);
        found.packages.iter().map(|package| format!("{}@{}", package.name, package.version)).collect()
    }

    #[test]
    fn both_versions() {
        let two = r#"{"version": "0.5", "requires": ["zlib/1.2.13#4e74ebf1361fe6fb60326f473f276eb5%1700000000.1", "fmt/9.1.0@a/b"],
            "build_requires": ["cmake/3.25.3#a%1"], "python_requires": []}"#;
        assert_eq!(names(two), ["zlib@1.2.13", "fmt@9.1.0"]);
        let one = r#"{"graph_lock": {"nodes": {"0": {"ref": "app/1.0", "requires": ["1"]},
            "1": {"ref": "openssl/3.0.3#5cc77eb1a1d9f8e1ddd1d3b4ec2f0ef9", "requires": ["2"]}, "2": {"ref": "zlib/1.2.12"},
            "3": {"path": "conanfile.py"}}, "revisions_enabled": true}, "version": "0.4"}"#;
        assert_eq!(names(one), ["openssl@3.0.3", "zlib@1.2.12"]);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert!(run(&Whole::<Conan>::new(), "conan.lock", b"{").lost);
        assert!(run(&Whole::<Conan>::new(), "conan.lock", br#"{"requires": ["zlib"]}"#).lost);
    }
}
