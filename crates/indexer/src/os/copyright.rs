//! Licences of Debian packages: `usr/share/doc/PACKAGE/copyright`, machine-readable where it follows DEP-5
//! (<https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/>), else by the texts under
//! `/usr/share/common-licenses` that it refers to.

use std::collections::BTreeSet;

use memchr::memmem;

use super::{lines, text};
use crate::extractor::{Claim, File, Found, PackageLicenses, Parser};

/// Reads Debian copyright files.
#[derive(Debug)]
pub struct Copyright;

/// Licences kept of one package. The Linux kernel's own file names some 60.
const MAX_LICENSES: usize = 200;

impl Parser for Copyright {
    const ID: &'static str = "os/copyright";
    const VERSION: u32 = 1;
    const CLAIMS: &'static [Claim] = &[Claim::Name("copyright")];
    const MAX_SIZE: u64 = 16 << 20;

    fn accepts(file: &File<'_>) -> bool {
        package(file.path).is_some()
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let Some(package) = package(file.path) else { return };
        let mut licenses = declared(content);
        if licenses.is_empty() {
            licenses = referred(content);
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
        licenses.extend(expression(&text(synopsis)));
    }
    licenses
}

fn field<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (key, value) = line.split_at_checked(name.len())?;
    key.eq_ignore_ascii_case(name).then_some(())?;
    Some(value.strip_prefix(b":")?.trim_ascii())
}

/// Names of the texts under `/usr/share/common-licenses` that a free-form file points at.
fn referred(content: &[u8]) -> BTreeSet<String> {
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
            let exact = if name.starts_with(['G', 'L']) { None } else { expression(name) };
            names.insert(exact.unwrap_or_else(|| name.to_owned()));
        }
    }
    names
}

/// A DEP-5 licence synopsis as an SPDX expression where every name in it has an exact SPDX id; else as written. `None`
/// where the licence's text stands in place of its name.
///
/// `and` binds tighter than `or`, and a comma before either ends what came before it, the format says.
fn expression(synopsis: &str) -> Option<String> {
    let words: Vec<&str> = synopsis.split_whitespace().collect();
    // Longer than any that means something; also what bounds the recursion below.
    if words.is_empty() || words.len() > 100 {
        return None;
    }
    spdx(&words).or_else(|| is_synopsis(&words).then(|| words.join(" ")))
}

/// Names between `and` and `or`, each maybe `with … exception`; a few words that are not (`GPL 2 or later`) are let pass.
fn is_synopsis(words: &[&str]) -> bool {
    let is_name = |name: &[&str]| match name {
        [_] => true,
        [_, "with", .., last] => last.trim_end_matches(',').starts_with("exception"),
        _ => false,
    };
    words.len() <= 4 || words.split(|word| Conjunction::of(word).is_some()).all(is_name)
}

fn spdx(words: &[&str]) -> Option<String> {
    if let [name] = words {
        return SPDX.binary_search_by(|(debian, _)| compare(debian, name)).ok().map(|at| SPDX[at].1.to_owned());
    }
    // The last comma binds loosest of all, so what stands before it is a whole of its own.
    if let Some(comma) = words.iter().rposition(|word| word.ends_with(',')) {
        let (left, right) = words.split_at(comma + 1);
        let (last, left) = left.split_last()?;
        let left = [left, &[last.trim_end_matches(',')]].concat();
        let (conjunction, right) = right.split_first()?;
        let conjunction = Conjunction::of(conjunction)?;
        return Some(format!("{} {} {}", wrap(&left)?, conjunction.name(), wrap(right)?));
    }
    for conjunction in [Conjunction::Or, Conjunction::And] {
        if words.iter().any(|word| Conjunction::of(word) == Some(conjunction)) {
            let parts: Option<Vec<String>> = words.split(|word| Conjunction::of(word) == Some(conjunction)).map(spdx).collect();
            return Some(parts?.join(&format!(" {} ", conjunction.name())));
        }
    }
    None
}

/// In brackets where it is more than one name.
fn wrap(words: &[&str]) -> Option<String> {
    let text = spdx(words)?;
    Some(if words.len() > 1 { format!("({text})") } else { text })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Conjunction {
    And,
    Or,
}

impl Conjunction {
    fn of(word: &str) -> Option<Self> {
        match word {
            "and" | "AND" => Some(Self::And),
            "or" | "OR" => Some(Self::Or),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::And => "AND",
            Self::Or => "OR",
        }
    }
}

fn compare(left: &str, right: &str) -> std::cmp::Ordering {
    let lower = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
    lower(left).cmp(&lower(right))
}

/// DEP-5 short names (section "License specification") and common additions, with the SPDX id that means exactly the
/// same (<https://spdx.org/licenses/>); sorted, compared without case. Names that several texts go by (`BSD`, `Artistic`
/// of Perl's, `public-domain`, `LGPL`) are not here on purpose.
const SPDX: [(&str, &str); 68] = [
    ("0BSD", "0BSD"),
    ("AFL-2.1", "AFL-2.1"),
    ("AGPL-3", "AGPL-3.0-only"),
    ("AGPL-3+", "AGPL-3.0-or-later"),
    ("AGPL-3.0", "AGPL-3.0-only"),
    ("AGPL-3.0+", "AGPL-3.0-or-later"),
    ("Apache-1.0", "Apache-1.0"),
    ("Apache-1.1", "Apache-1.1"),
    ("Apache-2", "Apache-2.0"),
    ("Apache-2.0", "Apache-2.0"),
    ("Artistic-2.0", "Artistic-2.0"),
    ("BSD-1-clause", "BSD-1-Clause"),
    ("BSD-2-clause", "BSD-2-Clause"),
    ("BSD-3-clause", "BSD-3-Clause"),
    ("BSD-4-clause", "BSD-4-Clause"),
    ("BSL-1.0", "BSL-1.0"),
    ("CC-BY-3.0", "CC-BY-3.0"),
    ("CC-BY-4.0", "CC-BY-4.0"),
    ("CC-BY-SA-3.0", "CC-BY-SA-3.0"),
    ("CC-BY-SA-4.0", "CC-BY-SA-4.0"),
    ("CC0", "CC0-1.0"),
    ("CC0-1.0", "CC0-1.0"),
    ("CDDL-1.0", "CDDL-1.0"),
    ("CPL-1.0", "CPL-1.0"),
    ("EFL-2", "EFL-2.0"),
    ("EPL-1.0", "EPL-1.0"),
    ("EPL-2.0", "EPL-2.0"),
    ("Expat", "MIT"),
    ("FTL", "FTL"),
    ("GFDL-1.2", "GFDL-1.2-only"),
    ("GFDL-1.2+", "GFDL-1.2-or-later"),
    ("GFDL-1.3", "GFDL-1.3-only"),
    ("GFDL-1.3+", "GFDL-1.3-or-later"),
    ("GPL-1", "GPL-1.0-only"),
    ("GPL-1+", "GPL-1.0-or-later"),
    ("GPL-2", "GPL-2.0-only"),
    ("GPL-2+", "GPL-2.0-or-later"),
    ("GPL-2.0", "GPL-2.0-only"),
    ("GPL-2.0+", "GPL-2.0-or-later"),
    ("GPL-3", "GPL-3.0-only"),
    ("GPL-3+", "GPL-3.0-or-later"),
    ("GPL-3.0", "GPL-3.0-only"),
    ("GPL-3.0+", "GPL-3.0-or-later"),
    ("GPLv2", "GPL-2.0-only"),
    ("GPLv2+", "GPL-2.0-or-later"),
    ("GPLv3", "GPL-3.0-only"),
    ("GPLv3+", "GPL-3.0-or-later"),
    ("ISC", "ISC"),
    ("LGPL-2", "LGPL-2.0-only"),
    ("LGPL-2+", "LGPL-2.0-or-later"),
    ("LGPL-2.0", "LGPL-2.0-only"),
    ("LGPL-2.0+", "LGPL-2.0-or-later"),
    ("LGPL-2.1", "LGPL-2.1-only"),
    ("LGPL-2.1+", "LGPL-2.1-or-later"),
    ("LGPL-3", "LGPL-3.0-only"),
    ("LGPL-3+", "LGPL-3.0-or-later"),
    ("LGPLv2.1+", "LGPL-2.1-or-later"),
    ("LGPLv3+", "LGPL-3.0-or-later"),
    ("LPPL-1.3c", "LPPL-1.3c"),
    ("MIT", "MIT"),
    ("MPL-1.1", "MPL-1.1"),
    ("MPL-2.0", "MPL-2.0"),
    ("OFL-1.1", "OFL-1.1"),
    ("OpenLDAP-2.8", "OLDAP-2.8"),
    ("QPL-1.0", "QPL-1.0"),
    ("Unlicense", "Unlicense"),
    ("W3C", "W3C"),
    ("Zlib", "Zlib"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{Whole, run};

    fn licenses(content: &str) -> Vec<String> {
        let found = run(&Whole::<Copyright>::new(), "usr/share/doc/a/copyright", content.as_bytes());
        found.licenses.into_iter().flat_map(|of| of.licenses).collect()
    }

    #[test]
    fn names_are_sorted_for_the_search() {
        assert!(SPDX.windows(2).all(|pair| compare(pair[0].0, pair[1].0).is_lt()));
    }

    #[test]
    fn expressions() {
        for (synopsis, expected) in [
            ("Expat", "MIT"),
            ("gpl-2+", "GPL-2.0-or-later"),
            ("GPL-2+ or Expat and Zlib", "GPL-2.0-or-later OR MIT AND Zlib"),
            ("GPL-2+ or Expat, and BSD-3-clause", "(GPL-2.0-or-later OR MIT) AND BSD-3-Clause"),
            ("GPL-2+ with  OpenSSL exception", "GPL-2+ with OpenSSL exception"),
            ("GPL-2+ with OpenSSL exception, and curl and ISC", "GPL-2+ with OpenSSL exception, and curl and ISC"),
            ("GPLv3+", "GPL-3.0-or-later"),
            ("public-domain", "public-domain"),
            ("GPL-1+ or Artistic", "GPL-1+ or Artistic"),
            ("Expat or", "Expat or"),
            (", and", ", and"),
        ] {
            assert_eq!(expression(synopsis).as_deref(), Some(expected));
        }
        for text in ["", "Permission to use, copy, modify, and distribute this software and its", &"a, and ".repeat(200)] {
            assert_eq!(expression(text), None, "{text}");
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
        let content = "On Debian systems see `/usr/share/common-licenses/GPL-2'.\nLicense: odd\n\
            and /usr/share/common-licenses/Apache-2.0.\n";
        assert_eq!(licenses(content), ["Apache-2.0", "GPL-2"]);
        assert_eq!(licenses("all rights reserved"), Vec::<String>::new());
        assert!(package(b"usr/share/doc/a/b/copyright").is_none());
    }
}
