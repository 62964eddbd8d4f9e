//! Run-times and servers that say in a small text file of their own which version they are.
//!
//! [`FILES`] is the table; adding one is adding a line.

use std::sync::OnceLock;

use model::package::{Package, PackageType};
use regex::bytes::Regex;

use crate::extractor::{Claim, File, Found, Parser, Whole};

const ID: &str = "binary/release-file";

/// The extractor.
pub(super) type ReleaseFile = Whole<ReleaseFiles>;

/// One line of the table.
struct TextFile {
    kind: PackageType,
    name: &'static str,
    /// The end of the path.
    path: &'static str,
    /// A pattern over the text whose first group is the version.
    pattern: &'static str,
    /// Brings the version into the form that the feed uses.
    form: fn(&str) -> String,
}

const fn text(
    kind: PackageType,
    name: &'static str,
    path: &'static str,
    pattern: &'static str,
    form: fn(&str) -> String,
) -> TextFile {
    TextFile { kind, name, path, pattern, form }
}

#[rustfmt::skip]
const FILES: &[TextFile] = &[
    text(PackageType::Generic, "erlang", "/OTP_VERSION", r"^(\d+\.\d+(?:\.\d+)*)\s*$", str::to_owned),
    text(PackageType::Bitnami, "golang", "go/VERSION", r"^go(\d+\.\d+[0-9a-z.]*)", str::to_owned),
    text(PackageType::Bitnami, "java", "/release", r#"(?m)^JAVA_VERSION="([0-9._]+)""#, java),
    text(PackageType::Bitnami, "rabbitmq", "/ebin/rabbit.app", r#"\{vsn, *"(\d+\.\d+\.\d+[^"]*)"\}"#, str::to_owned),
];

/// The patterns of the table, each compiled when it is first needed.
static COMPILED: [OnceLock<Option<Regex>>; FILES.len()] = [const { OnceLock::new() }; FILES.len()];

/// `1.8.0_392` is called 8.0.392 since its successors were numbered anew; vendors add a fourth number to a release that
/// they built once more.
fn java(version: &str) -> String {
    match version.strip_prefix("1.8.0_") {
        Some(update) => format!("8.0.{update}"),
        None => version.split('.').take(3).collect::<Vec<_>>().join("."),
    }
}

/// See [`ReleaseFile`].
#[derive(Debug)]
pub(super) struct ReleaseFiles;

impl Parser for ReleaseFiles {
    const ID: &'static str = ID;
    const VERSION: u32 = 1;
    const CLAIMS: &'static [Claim] =
        &[Claim::Name("OTP_VERSION"), Claim::Name("VERSION"), Claim::Name("rabbit.app"), Claim::Name("release")];

    fn accepts(file: &File<'_>) -> bool {
        // Many files are called so; those meant here are short.
        file.size <= 64 << 10 && FILES.iter().any(|entry| file.path.ends_with(entry.path.as_bytes()))
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        for (entry, compiled) in FILES.iter().zip(&COMPILED).filter(|(entry, _)| file.path.ends_with(entry.path.as_bytes())) {
            let compile = || Regex::new(&format!("(?-u){}", entry.pattern)).ok();
            let captures = compiled.get_or_init(compile).as_ref().and_then(|pattern| pattern.captures(content));
            let version =
                captures.and_then(|captures| captures.get(1)).and_then(|version| std::str::from_utf8(version.as_bytes()).ok());
            if let Some(version) = version {
                found.packages.push(Package::new(entry.kind, entry.name, (entry.form)(version), ID));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::run;

    #[test]
    fn versions() {
        for (path, content, expected) in [
            ("opt/java/release", "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"1.8.0_392\"\n", Some(("java", "8.0.392"))),
            ("opt/java/release", "JAVA_VERSION=\"17.0.21.1\"\n", Some(("java", "17.0.21"))),
            ("opt/java/release", "JAVA_VERSION=\"21\"\n", Some(("java", "21"))),
            ("usr/local/go/VERSION", "go1.21.5\ntime 2023-11-29T21:21:46Z\n", Some(("golang", "1.21.5"))),
            ("x/ebin/rabbit.app", "{application, rabbit, [\n\t{vsn, \"3.10.8\"},", Some(("rabbitmq", "3.10.8"))),
            ("lib/erlang/releases/25/OTP_VERSION", "25.2.3\n", Some(("erlang", "25.2.3"))),
            ("srv/VERSION", "1.2.3", None),
            ("etc/release", "anything", None),
        ] {
            let found = run(&ReleaseFile::new(), path, content.as_bytes());
            let listed = found.packages.first().map(|package| (package.name.as_str(), package.version.as_str()));
            assert_eq!(listed, expected, "{path}");
        }
    }
}
