//! Licences of Debian packages: `usr/share/doc/PACKAGE/copyright`, machine-readable where it follows DEP-5
//! (<https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/>), else by the texts under
//! `/usr/share/common-licenses` that it refers to.

use std::collections::BTreeSet;

use memchr::memmem;
use model::license::{self, Dialect};

use super::{lines, text};
use crate::extractor::{Claim, File, Found, PackageLicenses, Parser};

/// Reads Debian copyright files.
#[derive(Debug)]
pub struct Copyright;

/// Licences kept of one package. The Linux kernel's own file names some 60.
const MAX_LICENSES: usize = 200;

impl Parser for Copyright {
    const ID: &'static str = "os/copyright";
    const VERSION: u32 = 2;
    const CLAIMS: &'static [Claim] = &[Claim::Name("copyright")];
    const MAX_SIZE: u64 = 16 << 20;

    fn accepts(file: &File<'_>) -> bool {
        package(file.path).is_some()
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let Some(package) = package(file.path) else { return };
        let mut licenses = declared(content);
        if licenses.is_empty() {
            licenses = free_form(content);
        }
        if licenses.len() > MAX_LICENSES {
            found.problems.push(format!("it names more than {MAX_LICENSES} licences; the rest was not kept"));
        }
        if !licenses.is_empty() {
            let licenses = licenses.into_iter().take(MAX_LICENSES).collect();
            found.licenses.push(PackageLicenses { package: text(package), licenses });
        }
    }
}

/// `PACKAGE` of `usr/share/doc/PACKAGE/copyright`.
fn package(path: &[u8]) -> Option<&[u8]> {
    let name = path.strip_prefix(b"usr/share/doc/")?.strip_suffix(b"/copyright")?;
    (!name.is_empty() && !name.contains(&b'/')).then_some(name)
}

/// The short names in the `License` fields of a DEP-5 file; empty where it is none.
fn declared(content: &[u8]) -> BTreeSet<String> {
    // The `Format` field stands in the first paragraph; old drafts called it `Format-Specification`.
    let is_dep5 =
        lines(content).take(50).any(|line| field(line, b"Format").or_else(|| field(line, b"Format-Specification")).is_some());
    if !is_dep5 {
        return BTreeSet::new();
    }
    let mut licenses = BTreeSet::new();
    for synopsis in lines(content).filter_map(|line| field(line, b"License")).filter(|synopsis| !synopsis.is_empty()) {
        if licenses.len() > MAX_LICENSES {
            break;
        }
        licenses.extend(self::synopsis(&text(synopsis)));
    }
    licenses
}

fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (key, value) = line.split_at_checked(name.len())?;
    key.eq_ignore_ascii_case(name).then_some(())?;
    Some(value.strip_prefix(b":")?.trim_ascii())
}

/// Names of the texts under `/usr/share/common-licenses` that a free-form file points at, and what it says itself.
fn free_form(content: &[u8]) -> BTreeSet<String> {
    const FOLDER: &[u8] = b"common-licenses/";
    let mut names = BTreeSet::new();
    let mut rest = content;
    while let Some(start) = memmem::find(rest, FOLDER) {
        rest = &rest[start + FOLDER.len()..];
        let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b".+-".contains(byte)).take(64).count();
        let name = String::from_utf8_lossy(&rest[..length]);
        // A full stop at the end is the sentence's.
        let name = name.trim_end_matches(['.', '-', '+']);
        if !name.is_empty() && names.len() <= MAX_LICENSES {
            // A reference to the text of the GPL does not say whether later versions may be chosen, so it stays as written.
            let exact = if is_gnu(name) { None } else { synopsis(name) };
            names.insert(exact.unwrap_or_else(|| name.to_owned()));
        }
    }
    // Some have fields without saying that they are machine-readable.
    let fields = lines(content).filter_map(|line| field(line, b"License")).take(MAX_LICENSES);
    names.extend(
        fields.filter_map(|value| license::expression(&text(value), Dialect::Debian)).filter(|one| license::is_listed(one)),
    );
    let said = license::of_text(&String::from_utf8_lossy(content)).unwrap_or_default();
    let said: Vec<&str> = said.split(" AND ").filter(|id| !id.is_empty()).collect();
    // Where the file says which versions of a GNU licence may be chosen, the reference to the text adds nothing.
    names.retain(|name| !is_gnu(name) || !said.iter().any(|id| same_family(name, id)));
    names.extend(said.into_iter().map(str::to_owned));
    names
}

fn is_gnu(name: &str) -> bool {
    name.starts_with(['G', 'L'])
}

/// `GPL`, `GPL-2` and `GPL-2.0-or-later`.
fn same_family(reference: &str, id: &str) -> bool {
    let (family, version) = reference.split_once('-').map_or((reference, None), |(family, version)| (family, Some(version)));
    id.strip_prefix(family)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|rest| version.is_none_or(|version| rest.starts_with(version)))
}

/// A DEP-5 licence synopsis as an SPDX expression, else as written. `None` where the licence's text stands in place of its
/// name.
fn synopsis(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.is_empty() || words.len() > 100 {
        return None;
    }
    let text = words.join(" ");
    license::expression(&text, Dialect::Debian).or_else(|| is_synopsis(&words).then_some(text))
}

/// Names between `and` and `or`, each maybe `with … exception`; a few words that are not (`GPL 2 or later`) are let pass.
fn is_synopsis(words: &[&str]) -> bool {
    let is_name = |name: &[&str]| match name {
        [_] => true,
        [_, "with", .., last] => last.trim_end_matches(',').starts_with("exception"),
        _ => false,
    };
    words.len() <= 4 || words.split(|word| matches!(*word, "and" | "AND" | "or" | "OR")).all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn licenses(content: &str) -> Vec<String> {
        let found = run(&Whole::<Copyright>::new(), "usr/share/doc/a/copyright", content.as_bytes());
        found.licenses.into_iter().flat_map(|of| of.licenses).collect()
    }

    #[test]
    fn synopses() {
        for (text, expected) in [
            ("Expat", "MIT"),
            ("GPL-2+ with  OpenSSL exception", "GPL-2+ with OpenSSL exception"),
            ("GPL-1+ or Artistic", "GPL-1.0-or-later OR Artistic-1.0-Perl"),
            ("Expat or", "Expat or"),
            (", and", ", and"),
        ] {
            assert_eq!(synopsis(text).as_deref(), Some(expected));
        }
        for text in ["", "Permission to use, copy, modify, and distribute this software and its", &"a, and ".repeat(200)] {
            assert_eq!(synopsis(text), None, "{text}");
        }
    }

    #[test]
    fn machine_readable() {
        let content = "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: a\n\n\
            Files: *\nCopyright: x\nLicense: GPL-2+\n See /usr/share/common-licenses/GPL-2.\n\nFiles: b\nLicense: Expat\n\n\
            License: GPL-2+\n text\nLicense:\n only text\n";
        assert_eq!(licenses(content), ["GPL-2.0-or-later", "MIT"]);
    }

    #[test]
    fn free_form() {
        assert_eq!(licenses("License: Expat\nLicense: odd\n"), ["MIT"]);
        let content = "On Debian systems see `/usr/share/common-licenses/GPL-2'.\nLicense: odd\n\
            and /usr/share/common-licenses/Apache-2.0.\n";
        assert_eq!(licenses(content), ["Apache-2.0", "GPL-2"]);
        let notice = "under the terms of the GNU General Public License as published by the\nFree Software Foundation; either \
            version 2, or (at your option) any later\nversion. See /usr/share/common-licenses/GPL-2, and also\n\
            /usr/share/common-licenses/GPL-3.";
        assert_eq!(licenses(notice), ["GPL-2.0-or-later", "GPL-3"]);
        assert_eq!(licenses("all rights reserved"), Vec::<String>::new());
        assert!(package(b"usr/share/doc/a/b/copyright").is_none());
    }
}
