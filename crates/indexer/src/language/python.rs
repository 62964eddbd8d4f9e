//! Installed Python distributions: the core metadata that wheels and eggs leave behind
//! (<https://packaging.python.org/en/latest/specifications/core-metadata/>).

use image::More;
use model::license::{self, Dialect};
use model::package::PackageType;

use super::listing::Listing;
use crate::extractor::{Analysis, Claim, Extractor, File, Found, Reading};

/// Bytes of headers. A description follows them after an empty line and is never collected; licence texts in a header
/// stay far below.
const MAX_HEADERS: usize = 1 << 20;

/// Installed Python distributions: `*.dist-info/METADATA`, `*.egg-info/PKG-INFO`, `*.egg-info`, `EGG-INFO/PKG-INFO`.
#[derive(Clone, Copy, Debug)]
pub struct Python;

impl Extractor for Python {
    fn id(&self) -> &'static str {
        "language/python"
    }

    fn version(&self) -> u32 {
        3
    }

    fn claims(&self) -> &'static [Claim] {
        &[Claim::Name("METADATA"), Claim::Name("PKG-INFO"), Claim::Extension(".egg-info")]
    }

    fn accepts(&self, file: &File<'_>) -> bool {
        let folder = model::path::file_name(model::path::parent(file.path));
        match file.name() {
            b"METADATA" => folder.ends_with(b".dist-info"),
            b"PKG-INFO" => folder.ends_with(b".egg-info") || folder == b"EGG-INFO",
            _ => true,
        }
    }

    fn start(&self, _file: &File<'_>) -> Reading {
        Reading::Pieces(Box::new(Headers::default()))
    }
}

/// Collects the headers of one file.
#[derive(Default)]
struct Headers {
    text: Vec<u8>,
}

impl Analysis for Headers {
    fn feed(&mut self, piece: &[u8]) -> More {
        // The end of the headers may lie across two pieces.
        let seam = self.text.len().saturating_sub(3);
        let room = MAX_HEADERS.saturating_sub(self.text.len());
        self.text.extend_from_slice(piece.get(..room).unwrap_or(piece));
        match end_of_headers(self.text.get(seam..).unwrap_or_default()) {
            Some(end) => {
                self.text.truncate(seam + end);
                More::No
            }
            None if self.text.len() >= MAX_HEADERS => More::No,
            None => More::Yes,
        }
    }

    fn finish(self: Box<Self>, complete: bool, found: &mut Found) {
        if !complete {
            found.lost("the content was cut short; what could be read was");
        }
        distribution(&self.text, Python.id(), found);
    }
}

/// Where the first empty line begins.
fn end_of_headers(text: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'\n', text)
        .find(|&at| matches!(text.get(at + 1..), Some([b'\n', ..] | [b'\r', b'\n', ..])))
        .map(|at| at + 1)
}

/// Adds the distribution that core metadata names; `false`, and a problem, where it names none.
pub(super) fn distribution(metadata: &[u8], extractor: &'static str, found: &mut Found) -> bool {
    let metadata = String::from_utf8_lossy(metadata);
    let metadata = metadata.strip_prefix('\u{feff}').unwrap_or(&metadata);
    let (mut name, mut version, mut expression, mut license) = ("", "", "", String::new());
    let mut classifiers = Vec::new();
    let mut lines = metadata.lines().peekable();
    while let Some(line) = lines.next() {
        // An empty line ends the headers of metadata that was not read through `Headers`.
        if line.is_empty() {
            break;
        }
        let Some((key, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match key {
            "Name" if name.is_empty() => name = value,
            "Version" if version.is_empty() => version = value,
            "License-Expression" => expression = value,
            "License" => {
                value.clone_into(&mut license);
                while let Some(more) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
                    license.push('\n');
                    license.push_str(more.trim());
                }
            }
            "Classifier" => classifiers.extend(value.strip_prefix("License ::").map(str::trim)),
            _ => {}
        }
    }
    if name.is_empty() {
        found.lost("core metadata without a Name");
        return false;
    }
    if let Some(package) = Listing::new(found, PackageType::Pypi, extractor).add(normalize(name), version) {
        package.licenses = licenses(expression, &license, &classifiers);
    }
    true
}

/// The most exact of the three places where a licence can stand.
fn licenses(expression: &str, license: &str, classifiers: &[&str]) -> Vec<String> {
    if !expression.is_empty() {
        return vec![license::expression_or_text(expression, Dialect::General)];
    }
    let license = license.trim();
    let said = !license.is_empty() && !license.eq_ignore_ascii_case("unknown");
    let is_name = said && !license.contains('\n') && license.len() <= 200;
    if is_name && let Some(exact) = license::expression(license, Dialect::General) {
        return vec![exact];
    }
    let mut named: Vec<String> = classifiers
        .iter()
        .filter_map(|classifier| classifier.rsplit("::").next())
        .map(str::trim)
        .filter(|name| !name.is_empty() && *name != "OSI Approved")
        .take(32)
        .map(|name| license::expression_or_text(name, Dialect::General))
        .collect();
    named.sort();
    named.dedup();
    // A word that is not exact (`BSD`) still says more than a classifier that is not; a whole text is no name.
    if is_name && (named.is_empty() || !named.iter().all(|name| license::is_listed(name))) {
        return vec![license.to_owned()];
    }
    if said
        && !is_name
        && let Some(exact) = license::of_text(license)
    {
        return vec![exact];
    }
    if named.is_empty() && said {
        let first = license.lines().find(|line| !line.is_empty() && line.len() <= 200);
        return first.map(str::to_owned).into_iter().collect();
    }
    named
}

/// A name as PyPI compares it: lower case, runs of `-`, `_` and `.` are one `-`
/// (<https://packaging.python.org/en/latest/specifications/name-normalization/>).
pub(super) fn normalize(name: &str) -> String {
    let mut normalized = String::with_capacity(name.len());
    let mut separator = false;
    for character in name.chars() {
        let is_separator = matches!(character, '-' | '_' | '.');
        match is_separator {
            true if separator => {}
            true => normalized.push('-'),
            false => normalized.push(character.to_ascii_lowercase()),
        }
        separator = is_separator;
    }
    normalized
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::run;

    #[test]
    fn names_are_compared_as_pypi_does() {
        for (given, expected) in
            [("Django", "django"), ("zope.interface", "zope-interface"), ("a-_.b", "a-b"), ("ruamel_yaml", "ruamel-yaml")]
        {
            assert_eq!(normalize(given), expected);
        }
    }

    #[test]
    fn places() {
        for (path, expected) in [
            ("usr/lib/python3/dist-packages/six-1.16.0.dist-info/METADATA", true),
            ("usr/lib/python3/dist-packages/six.egg-info/PKG-INFO", true),
            ("x/six-1.0-py3.11.egg/EGG-INFO/PKG-INFO", true),
            ("usr/lib/python3/dist-packages/six-1.0.egg-info", true),
            ("src/six/PKG-INFO", false),
            ("x/METADATA", false),
        ] {
            let file = File { path: path.as_bytes(), size: 1, mode: 0o644 };
            assert_eq!(Python.accepts(&file), expected, "{path}");
        }
    }

    #[test]
    fn reads_headers_and_stops() {
        let mut text = "Metadata-Version: 2.1\r\nName: Foo.Bar\r\nVersion: 1.0\r\nLicense: MIT\r\n\r\nName: other\r\n".to_owned();
        text.push_str(&"x".repeat(100_000));
        let Reading::Pieces(mut analysis) =
            Python.start(&File { path: b"a.dist-info/METADATA", size: text.len() as u64, mode: 0o644 })
        else {
            panic!("it streams")
        };
        let mut fed = 0;
        for piece in text.as_bytes().chunks(7) {
            fed += 1;
            if analysis.feed(piece) == More::No {
                break;
            }
        }
        assert!(fed < 20, "the description was read");
        let mut found = Found::default();
        analysis.finish(true, &mut found);
        let package = &found.packages[0];
        assert_eq!((package.name.as_str(), package.version.as_str()), ("foo-bar", "1.0"));
        assert_eq!(package.licenses, ["MIT"]);
    }

    #[test]
    fn licence_places() {
        let licenses = |headers: &str| {
            let text = format!("Name: a\nVersion: 1\n{headers}");
            run(&Python, "a.dist-info/METADATA", text.as_bytes()).packages.remove(0).licenses
        };
        assert_eq!(licenses("License: BSD\nLicense-Expression: BSD-3-Clause OR MIT\n"), ["BSD-3-Clause OR MIT"]);
        assert_eq!(licenses("License: UNKNOWN\nClassifier: License :: OSI Approved :: MIT License\n"), ["MIT"]);
        assert_eq!(
            licenses(
                "License: Copyright\n        \n        Permission is\nClassifier: License :: OSI Approved :: ISC License (ISCL)\n"
            ),
            ["ISC"]
        );
        assert_eq!(licenses("License: Copyright me\n        and more\n"), ["Copyright me"]);
        assert!(licenses("Classifier: License :: OSI Approved\n").is_empty());
    }

    #[test]
    fn no_name_is_said() {
        assert_eq!(run(&Python, "a.egg-info", b"Version: 1\n").problems, ["core metadata without a Name"]);
        let endless = vec![b'x'; MAX_HEADERS * 2];
        assert_eq!(run(&Python, "a.egg-info", &endless).problems.len(), 1);
    }
}
