//! Go: `go.mod` (<https://go.dev/ref/mod#go-mod-file>).

use std::collections::BTreeMap;

use model::package::PackageType;

use crate::extractor::{Claim, File, Found, Parser, Target};
use crate::language::listing::Listing;

/// Modules that `go.mod` requires, replacements applied, and the standard library of its toolchain.
#[derive(Debug)]
pub(super) struct Go;

impl Parser for Go {
    const ID: &'static str = "language/lock/go";
    const VERSION: u32 = 1;
    const TARGETS: &'static [Target] = &[Target::Source];
    const CLAIMS: &'static [Claim] = &[Claim::Name("go.mod")];
    const MAX_SIZE: u64 = 16 << 20;

    fn parse(_file: &File<'_>, content: &[u8], found: &mut Found) {
        let text = String::from_utf8_lossy(content);
        let (mut required, mut replaced, mut toolchain) = (Vec::new(), BTreeMap::new(), None);
        for (verb, line) in directives(&text) {
            match verb {
                "require" => required.extend(module(line)),
                "replace" => {
                    if let Some((old, new)) = line.split_once("=>") {
                        replaced.insert(words(old), words(new));
                    }
                }
                "toolchain" => toolchain = line.strip_prefix("go"),
                _ => {}
            }
        }
        let mut list = Listing::new(found, PackageType::Golang, Self::ID);
        // `go1.22.1-custom` is a toolchain of somebody's own.
        if let Some(version) = toolchain.and_then(|version| version.split('-').next()) {
            list.add("stdlib", version);
        }
        for (path, version) in required {
            // A replacement of one version goes before that of all.
            let replacement = replaced.get(&(path, version)).or_else(|| replaced.get(&(path, "")));
            match replacement {
                // A folder has no version: its code is the project's own.
                Some((_, "")) => {}
                Some((path, version)) => {
                    list.add(*path, *version);
                }
                None => {
                    list.add(path, version);
                }
            }
        }
    }
}

/// Each line with the verb it stands under, blocks unfolded and comments removed.
fn directives(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut block = None;
    text.lines().filter_map(move |line| {
        let line = line.split("//").next().unwrap_or(line).trim();
        match block {
            Some(_) if line == ")" => block = None,
            Some(verb) if !line.is_empty() => return Some((verb, line)),
            Some(_) => {}
            None => {
                let (verb, rest) = line.split_once([' ', '\t'])?;
                if rest.trim() != "(" {
                    return Some((verb, rest.trim()));
                }
                block = Some(verb);
            }
        }
        None
    })
}

/// Path and version; the version is empty where there is none.
fn words(text: &str) -> (&str, &str) {
    let mut words = text.split_whitespace().map(|word| word.trim_matches(['"', '`']));
    (words.next().unwrap_or_default(), words.next().unwrap_or_default())
}

fn module(line: &str) -> Option<(&str, &str)> {
    Some(words(line)).filter(|(_, version)| !version.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    #[test]
    fn requires_and_replaces() {
        let text = b"module example.org/app // x\n\ngo 1.21\n\ntoolchain go1.22.1\n\nrequire golang.org/x/net v0.1.0\n\nrequire (\n\ta.org/a v1.0.0 // indirect\n\t\"b.org/b\" v2.0.0+incompatible\n\tc.org/c v1.0.0\n\td.org/d v1.0.0\n)\n\nreplace a.org/a => ../a\nreplace (\n\tb.org/b v2.0.0+incompatible => fork.org/b v2.1.0\n\tc.org/c v1.1.0 => fork.org/c v9.0.0\n)\nexclude d.org/d v0.9.0\n";
        let found = run(&Whole::<Go>::new(), "go.mod", text);
        let got: Vec<_> = found.packages.iter().map(|package| (package.name.as_str(), package.version.as_str())).collect();
        assert_eq!(
            got,
            [
                ("stdlib", "1.22.1"),
                ("golang.org/x/net", "v0.1.0"),
                ("fork.org/b", "v2.1.0"),
                ("c.org/c", "v1.0.0"),
                ("d.org/d", "v1.0.0")
            ]
        );
    }
}
