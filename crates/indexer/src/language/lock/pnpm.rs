//! JavaScript: `pnpm-lock.yaml`, lockfile versions 5 to 9 (<https://github.com/pnpm/spec/tree/master/lockfile>).

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;
use crate::language::yaml;

/// Packages that pnpm locked.
#[derive(Debug)]
pub(super) struct Pnpm;

impl Parser for Pnpm {
    const ID: &'static str = "language/lock/pnpm";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("pnpm-lock.yaml")];

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let mut list = Listing::new(found, PackageType::Npm, Self::ID);
        let (mut in_packages, mut major, mut last) = (false, None, None);
        for line in yaml::lines(&text) {
            match line.indent {
                0 => {
                    in_packages = line.key == "packages";
                    if line.key == "lockfileVersion" {
                        major = line.value.split('.').next().and_then(|number| number.parse::<u32>().ok());
                    }
                }
                2 if in_packages => {
                    let package = released(line.key, major.unwrap_or(9));
                    // Copies that differ in their peers alone follow each other.
                    if let Some((name, version)) = package.filter(|_| package != last) {
                        list.add(name, version);
                    }
                    last = package;
                }
                _ => {}
            }
        }
        if major.is_none() && !text.trim().is_empty() {
            list.lost("is not a pnpm-lock.yaml: it has no lockfileVersion");
        }
    }
}

/// Name and version of a key: `/name/1.0.0_peers` in version 5, `/name@1.0.0(peers)` in 6, `name@1.0.0(peers)` later. `None`
/// for what does not come from the registry (`file:…`, `github.com/…`).
fn released(key: &str, major: u32) -> Option<(&str, &str)> {
    let key = if major < 9 { key.strip_prefix('/')? } else { key };
    let key = key.split('(').next().unwrap_or(key);
    let (name, version) = if major < 6 {
        let (name, version) = key.rsplit_once('/')?;
        (name, version.split('_').next().unwrap_or(version))
    } else {
        let at = key.match_indices('@').map(|(at, _)| at).find(|at| *at > 0)?;
        (key.get(..at)?, key.get(at + 1..)?)
    };
    let plain = version.starts_with(|first: char| first.is_ascii_digit()) && !version.contains([':', '/']);
    (plain && !name.is_empty()).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn keys() {
        for (key, major, expected) in [
            ("/lodash/4.17.4", 5, Some(("lodash", "4.17.4"))),
            ("/@babel/core/7.21.8_a@1.0.0", 5, Some(("@babel/core", "7.21.8"))),
            ("/@babel/core@7.21.8(x@1.0.0)", 6, Some(("@babel/core", "7.21.8"))),
            ("@babel/core@7.21.8", 9, Some(("@babel/core", "7.21.8"))),
            ("ws@8.13.0(bufferutil@4.0.7)", 9, Some(("ws", "8.13.0"))),
            ("a@file:../a", 9, None),
            ("a@https://codeload.example/x", 9, None),
            ("github.com/x/y/abc", 6, None),
            ("file:../a", 6, None),
        ] {
            assert_eq!(released(key, major), expected, "{key}");
        }
    }

    #[test]
    fn only_the_packages_section() {
        let text = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        version: 1.0.0\n\npackages:\n\n  a@1.0.0:\n    resolution: {integrity: x}\n    engines: {node: '>=8'}\n\n  '@s/b@2.0.0':\n    resolution: {integrity: y}\n\nsnapshots:\n\n  a@1.0.0: {}\n";
        let found = run(&Whole::<Pnpm>::new(), "pnpm-lock.yaml", text.as_bytes());
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(got, [("a", "1.0.0"), ("@s/b", "2.0.0")]);
    }
}
