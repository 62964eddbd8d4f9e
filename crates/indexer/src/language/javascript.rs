//! Installed npm packages: the `package.json` of each folder below `node_modules`
//! (<https://docs.npmjs.com/cli/v11/configuring-npm/package-json>).

use model::license::{self, Dialect};
use model::package::PackageType;
use serde_json::Value;

use super::json;
use super::listing::Listing;
use crate::extractor::{Claim, File, Found, Parser};

/// Installed npm packages.
///
/// The `package.json` at the root of a package folder (`node_modules/NAME`, `node_modules/@SCOPE/NAME`, and the same
/// below Debian's `usr/share/nodejs`) always counts. Any other one counts where it could have come from the registry:
/// copies that bundlers and build tools vendor (`next/dist/compiled/…`), tools unpacked into a folder of their own
/// (`opt/yarn-v1.22.19`). Manifests marked `private` cannot be published, so no advisory can speak of them: there they
/// are the application's own. Folders of tests and examples hold manifests of packages that never were.
#[derive(Debug)]
pub struct JavaScript;

impl Parser for JavaScript {
    const ID: &'static str = "language/javascript";
    const VERSION: u32 = 3;
    const CLAIMS: &'static [Claim] = &[Claim::Name("package.json")];
    const MAX_SIZE: u64 = 16 << 20;

    fn accepts(file: &File<'_>) -> bool {
        place(file.path) != Place::Sample
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let [name, version, license, licenses, private] =
            match json::fields(content, ["name", "version", "license", "licenses", "private"]) {
                Ok(fields) => fields,
                Err(error) => {
                    // Programs ship broken manifests to test themselves with; npm never installs one.
                    found.lost |= place(file.path) == Place::PackageRoot;
                    found.problems.push(json::problem(&error));
                    return;
                }
            };
        let (name, version) = (json::string(name), json::string(version));
        // Without both it marks a folder (`{"type": "module"}`), it does not name a package.
        if name.is_empty() || version.is_empty() || (place(file.path) == Place::Elsewhere && is_true(&private)) {
            return;
        }
        if let Some(package) = Listing::new(found, PackageType::Npm, Self::ID).add(name, version) {
            let mut texts = Vec::new();
            declared(license, &mut texts);
            if texts.is_empty() {
                declared(licenses, &mut texts);
            }
            // The list, which was replaced by expressions, is a choice (<https://docs.npmjs.com/cli/configuring-npm/package-json#license>).
            package.licenses = license::any_of(texts.iter().map(String::as_str), Dialect::General);
        }
    }
}

/// What the path alone says of a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// The root of an installed package.
    PackageRoot,
    /// A folder of tests or examples.
    Sample,
    /// Somewhere else.
    Elsewhere,
}

fn place(path: &[u8]) -> Place {
    let folder = model::path::parent(path);
    // What follows the innermost folder that packages are installed into.
    let (installed, below) = match memchr::memmem::rfind(folder, b"node_modules/") {
        Some(at) if at == 0 || folder.get(at - 1) == Some(&b'/') => (true, folder.get(at + 13..).unwrap_or_default()),
        _ => match folder.strip_prefix(b"usr/share/nodejs/".as_slice()) {
            Some(below) => (true, below),
            None => (false, folder),
        },
    };
    let mut parts = below.split(|&byte| byte == b'/');
    if installed {
        let root = match (parts.next(), below.first()) {
            (Some(_), Some(b'@')) => parts.next().is_some(),
            (first, _) => first.is_some(),
        };
        if root && parts.clone().next().is_none() {
            return Place::PackageRoot;
        }
    }
    let sample = |part: &[u8]| {
        matches!(part, b"test" | b"tests" | b"__tests__" | b"fixtures" | b"__fixtures__" | b"example" | b"examples")
    };
    if parts.any(sample) { Place::Sample } else { Place::Elsewhere }
}

/// `"private": true`; npm takes the string as well.
fn is_true(value: &Value) -> bool {
    value == &Value::Bool(true) || value == "true"
}

/// `"MIT"`, `{"type": "MIT"}`, and lists of either: all have been valid.
fn declared(value: Value, licenses: &mut Vec<String>) {
    match value {
        Value::String(text) if !text.trim().is_empty() && text.len() <= 1024 => {
            let text = text.trim();
            if !licenses.iter().any(|license| license == text) {
                licenses.push(text.to_owned());
            }
        }
        Value::Object(mut object) => {
            if let Some(text @ Value::String(_)) = object.remove("type").or_else(|| object.remove("name")) {
                declared(text, licenses);
            }
        }
        Value::Array(values) => {
            for value in values.into_iter().take(32).filter(|value| !value.is_array()) {
                declared(value, licenses);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn names(path: &str, content: &str) -> Vec<String> {
        let found = run(&Whole::<JavaScript>::new(), path, content.as_bytes());
        found.packages.iter().map(|package| format!("{}@{} {:?}", package.name, package.version, package.licenses)).collect()
    }

    #[test]
    fn places() {
        use Place::{Elsewhere, PackageRoot, Sample};
        for (path, expected) in [
            ("app/node_modules/lodash/package.json", PackageRoot),
            ("node_modules/lodash/package.json", PackageRoot),
            ("app/node_modules/@babel/core/package.json", PackageRoot),
            ("app/node_modules/a/node_modules/b/package.json", PackageRoot),
            ("app/node_modules/test/package.json", PackageRoot),
            ("app/node_modules/@babel/package.json", Elsewhere),
            ("usr/share/nodejs/acorn/package.json", PackageRoot),
            ("usr/share/nodejs/@types/node/package.json", PackageRoot),
            ("app/node_modules/next/dist/compiled/react-is/package.json", Elsewhere),
            ("app/node_modules/resolve/test/resolver/mylib/package.json", Sample),
            ("app/my_node_modules/a/b/package.json", Elsewhere),
            ("app/node_modules/package.json", Elsewhere),
            ("opt/yarn-v1.22.19/package.json", Elsewhere),
            ("package.json", Elsewhere),
        ] {
            assert_eq!(place(path.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn licence_forms() {
        for (text, expected) in [
            (r#""license": "MIT""#, r#"["MIT"]"#),
            (r#""license": {"type": "BSD-3-Clause", "url": "x"}"#, r#"["BSD-3-Clause"]"#),
            (r#""licenses": [{"type": "MIT"}, {"type": "GPL-2.0"}]"#, r#"["MIT OR GPL-2.0-only"]"#),
            (r#""licenses": ["MIT", "MIT"], "license": "MIT""#, r#"["MIT"]"#),
            (r#""license": [[["MIT"]]], "licenses": 7"#, "[]"),
        ] {
            let content = format!(r#"{{"name": "a", "version": "1.0.0", {text}}}"#);
            assert_eq!(names("node_modules/a/package.json", &content), [format!("a@1.0.0 {expected}")], "{text}");
        }
    }

    #[test]
    fn private_counts_only_where_it_was_installed() {
        let content = r#"{"name": "app", "version": "1.0.0", "private": true}"#;
        assert_eq!(names("app/node_modules/app/package.json", content).len(), 1);
        assert!(names("app/package.json", content).is_empty());
        assert_eq!(names("opt/yarn/package.json", r#"{"name": "yarn", "version": "1.22.19"}"#).len(), 1);
    }

    #[test]
    fn what_is_no_package_is_silent_and_what_is_broken_is_not() {
        let extractor = Whole::<JavaScript>::new();
        for marker in [r#"{"type": "module"}"#, r#"{"name": "x"}"#, r#"{"name": {}, "version": 7}"#] {
            let found = run(&extractor, "node_modules/x/esm/package.json", marker.as_bytes());
            assert!(found.packages.is_empty() && found.problems.is_empty(), "{marker}");
        }
        let found = run(&extractor, "node_modules/x/package.json", b"{\"name\": \"x\", ");
        assert_eq!(found.problems.len(), 1);
    }
}
