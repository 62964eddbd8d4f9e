//! Texts of licences beside what they are about. Read where licences are asked for, and not in an ordinary scan.

use model::license;
use model::package::{Package, PackageType};

use crate::extractor::{Claim, Extractor, File, Found, LicenseText, Parser, Whole};
use crate::language::JavaWithTexts;

/// The extractors that an ordinary scan does without; that of jars takes the place of the ordinary one.
pub(crate) fn all() -> Vec<Box<dyn Extractor>> {
    vec![Box::new(Whole::<Text>::new()), Box::new(Whole::<JavaWithTexts>::new())]
}

/// `LICENSE`, `COPYING`, `NOTICE` and their relatives, and Debian's `copyright`.
#[derive(Debug)]
struct Text;

impl Parser for Text {
    const ID: &'static str = "license/text";
    const VERSION: u32 = 1;
    // Names in either case, with anything behind: looked at by `accepts`.
    const CLAIMS: &'static [Claim] = &[Claim::Below("")];
    const MAX_SIZE: u64 = u64::MAX;

    fn accepts(file: &File<'_>) -> bool {
        file.size <= license::MAX_TEXT as u64 && kind(file.path).is_some()
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        if content.is_empty() || content.contains(&0) {
            return;
        }
        let text = String::from_utf8_lossy(content).into_owned();
        let expression = if kind(file.path) == Some(Kind::License) { license::of_text(&text) } else { None };
        found.license_text = Some(LicenseText { expression, copyrights: license::copyrights(&text), text });
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A licence.
    License,
    /// What goes with one: Apache's `NOTICE`, and Debian's `copyright`, which has an extractor of its own.
    Notice,
}

fn kind(path: &[u8]) -> Option<Kind> {
    let name = model::path::file_name(path).to_ascii_lowercase();
    let is = |word: &[u8]| {
        name.strip_prefix(word).is_some_and(|rest| {
            // `LICENSE-MIT.txt`, but neither `license.py` nor `licenses.json`.
            match rest {
                [] => true,
                [b'-' | b'.' | b'_', rest @ ..] => match rest.iter().rposition(|&byte| byte == b'.') {
                    Some(dot) => {
                        matches!(&rest[dot + 1..], b"txt" | b"md" | b"rst" | b"html")
                            || rest[dot + 1..].iter().all(u8::is_ascii_digit)
                    }
                    None if rest.len() <= 4 => matches!(
                        rest,
                        b"txt" | b"md" | b"rst" | b"html" | b"mit" | b"bsd" | b"isc" | b"lib" | b"lgpl" | b"gpl" | b"psf"
                    ),
                    None => rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)),
                },
                _ => false,
            }
        })
    };
    if let Some(below) = path.strip_prefix(b"usr/share/licenses/") {
        return below.contains(&b'/').then_some(Kind::License);
    }
    if path.starts_with(b"usr/share/doc/") && name == b"copyright" {
        return Some(Kind::Notice);
    }
    if is(b"notice") || is(b"copyright") || is(b"authors") {
        return Some(Kind::Notice);
    }
    [&b"license"[..], b"licence", b"copying", b"unlicense", b"mit-license"].iter().any(|word| is(word)).then_some(Kind::License)
}

/// The folder that the text in a file is about.
pub(crate) fn folder_of_text(path: &str) -> &str {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    // PEP 639 has them in a folder of their own, with the folders of the source below it.
    match folder.find(".dist-info/") {
        Some(at) => &folder[..at + ".dist-info".len()],
        None => folder,
    }
}

/// The folders in which the texts of a package lie.
pub(crate) fn folders_of_package(package: &Package) -> Vec<String> {
    let mut folders = Vec::new();
    match package.kind {
        PackageType::Deb => folders.push(format!("/usr/share/doc/{}", package.name)),
        PackageType::Apk | PackageType::Alpm | PackageType::Rpm => folders.push(format!("/usr/share/licenses/{}", package.name)),
        _ => {}
    }
    // What stands in a file that lists many packages lies elsewhere.
    for location in &package.locations {
        let Some((folder, file)) = location.path.rsplit_once('/') else { continue };
        match (package.kind, file) {
            (PackageType::Pypi, "METADATA" | "PKG-INFO")
            | (PackageType::Npm, "package.json")
            | (PackageType::Cran, "DESCRIPTION") => {
                folders.push(folder.to_owned());
            }
            (PackageType::Gem, _) => {
                if let (Some(root), Some(name)) = (folder.strip_suffix("/specifications"), file.strip_suffix(".gemspec")) {
                    folders.push(format!("{root}/gems/{name}"));
                }
            }
            (PackageType::Composer, "installed.json") => {
                if let Some(root) = folder.strip_suffix("/composer") {
                    folders.push(format!("{root}/{}", package.name));
                }
            }
            _ => {}
        }
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::run;

    #[test]
    fn names() {
        for (path, expected) in [
            ("app/LICENSE", Some(Kind::License)),
            ("app/License.md", Some(Kind::License)),
            ("app/licence.txt", Some(Kind::License)),
            ("app/LICENSE-APACHE", Some(Kind::License)),
            ("app/LICENSE.MIT", Some(Kind::License)),
            ("app/COPYING.LESSER", Some(Kind::License)),
            ("app/NOTICE", Some(Kind::Notice)),
            ("usr/share/doc/a/copyright", Some(Kind::Notice)),
            ("usr/share/licenses/a/anything", Some(Kind::License)),
            ("app/license.py", None),
            ("app/license.js", None),
            ("app/licenses.json", None),
            ("app/licensed", None),
        ] {
            assert_eq!(kind(path.as_bytes()), expected, "{path}");
        }
    }

    #[test]
    fn bounded_and_text_alone() {
        let text = run(&Whole::<Text>::new(), "a/LICENSE", b"All rights reserved").license_text;
        assert_eq!(text.unwrap().text, "All rights reserved");
        assert_eq!(run(&Whole::<Text>::new(), "a/LICENSE", b"\0\x01").license_text, None);
        assert_eq!(run(&Whole::<Text>::new(), "a/LICENSE", &vec![b'x'; license::MAX_TEXT + 1]).license_text, None);
    }

    #[test]
    fn places() {
        assert_eq!(folder_of_text("/a/b-1.dist-info/licenses/src/LICENSE"), "/a/b-1.dist-info");
        assert_eq!(folder_of_text("/a/node_modules/b/LICENSE"), "/a/node_modules/b");
    }
}
