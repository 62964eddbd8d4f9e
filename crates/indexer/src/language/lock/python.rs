//! Python: the lock files in TOML. `pylock.toml` is the standard
//! (<https://packaging.python.org/en/latest/specifications/pylock-toml/>), `poetry.lock`, `uv.lock` and `pdm.lock` name their
//! packages alike.

use model::package::PackageType;

use super::{NO_RELEASE, toml};
use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::python::normalize;

/// Packages of `pylock.toml`, `poetry.lock`, `uv.lock` and `pdm.lock`.
#[derive(Debug)]
pub(super) struct PythonLock;

impl Parser for PythonLock {
    const ID: &'static str = "language/lock/python";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] =
        &[Claim::Name("poetry.lock"), Claim::Name("uv.lock"), Claim::Name("pdm.lock"), Claim::Extension(".toml")];

    fn accepts(file: &File<'_>) -> bool {
        let name = file.name();
        // `pylock.NAME.toml` is allowed too.
        name.ends_with(b".lock") || name.starts_with(b"pylock.")
    }

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let Some(document) = toml::document(content, found) else { return };
        let mut list = Listing::new(found, PackageType::Pypi, Self::ID);
        for entry in toml::tables(&document, "package").chain(toml::tables(&document, "packages")) {
            let source = entry.get("source").and_then(::toml::Value::as_table);
            let source_has = |keys: &[&str]| source.is_some_and(|source| keys.iter().any(|key| source.contains_key(*key)));
            // uv's word for the project itself.
            if source_has(&["virtual", "editable"]) {
                continue;
            }
            let Some(package) = list.add(normalize(toml::text(entry, "name")), toml::text(entry, "version")) else { continue };
            let own = source_has(&["git", "directory", "path"])
                || source.is_some_and(|source| matches!(toml::text(source, "type"), "git" | "directory" | "file"))
                || ["vcs", "directory", "git", "path"].iter().any(|key| entry.contains_key(*key));
            if own {
                package.unjudged = Some(NO_RELEASE.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn names(path: &str, text: &str) -> Vec<String> {
        let found = run(&Whole::<PythonLock>::new(), path, text.as_bytes());
        let mark = |package: &model::package::Package| if package.unjudged.is_some() { " own" } else { "" };
        found.packages.iter().map(|package| format!("{}@{}{}", package.name, package.version, mark(package))).collect()
    }

    #[test]
    fn each_tool() {
        let poetry = "[[package]]\nname = \"Jinja2\"\nversion = \"3.1.2\"\n[package.dependencies]\nx = \"*\"\n\
            [[package]]\nname = \"fork\"\nversion = \"1\"\n[package.source]\ntype = \"git\"\nurl = \"x\"\n";
        assert_eq!(names("poetry.lock", poetry), ["jinja2@3.1.2", "fork@1 own"]);
        let uv = "version = 1\n[[package]]\nname = \"app\"\nversion = \"0\"\nsource = { virtual = \".\" }\n\
            [[package]]\nname = \"idna\"\nversion = \"3.4\"\nsource = { registry = \"r\" }\n";
        assert_eq!(names("uv.lock", uv), ["idna@3.4"]);
        let pylock = "lock-version = '1.0'\n[[packages]]\nname = 'attrs'\nversion = '25.1.0'\n\
            [[packages]]\nname = 'here'\n[packages.directory]\npath = '.'\n";
        assert_eq!(names("pylock.toml", pylock), ["attrs@25.1.0", "here@ own"]);
        assert!(names("pyproject.toml", pylock).is_empty());
    }
}
