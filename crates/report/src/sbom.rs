//! What CycloneDX and SPDX documents have in common: licences told apart, names that hold within a document, and an
//! identity that follows from the content. How they carry what neither has a field for stands in [`model::sbom`].

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;

use model::image::ImageInfo;
use model::package::{Package, PackageType};
use model::reference::Reference;
use model::report::Report;
use model::sbom::SbomInventory;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::ReportError;

/// The one report of a format that has room for one.
pub(crate) fn only<'a>(format: &'static str, reports: &'a [Report]) -> Result<&'a Report, ReportError> {
    match reports {
        [report] => Ok(report),
        _ => Err(ReportError::OneImage { format, count: reports.len() }),
    }
}

/// The value of [`model::sbom::INVENTORY`].
pub(crate) fn inventory(report: &Report) -> Result<String, ReportError> {
    let inventory = SbomInventory {
        distro: report.distro.clone(),
        image: Some(report.image.clone()),
        problems: report.warnings.clone(),
        unread: report.unread.clone(),
    };
    Ok(serde_json::to_string(&inventory)?)
}

/// The value of [`model::sbom::PACKAGE`].
pub(crate) fn package(package: &Package) -> Result<String, ReportError> {
    Ok(serde_json::to_string(package)?)
}

/// Whether a package is a program that stands for itself.
pub(crate) fn is_application(package: &Package) -> bool {
    matches!(package.kind, PackageType::Bitnami | PackageType::Dhi | PackageType::Generic)
}

/// What a declared licence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum License<'a> {
    /// One identifier of the SPDX list.
    Id(&'a str),
    /// A valid SPDX expression over identifiers of the list, and references where it is a compound.
    Expression(&'a str),
    /// Anything else. A reference (`LicenseRef-…`) alone, and what refers to another document, are among it.
    Name(&'a str),
}

impl<'a> License<'a> {
    /// Tells what a text is.
    pub(crate) fn of(text: &'a str) -> Self {
        if spdx::license_id(text).is_some_and(|id| id.name == text) {
            return Self::Id(text);
        }
        // A parser of expressions may be deep where the text is long; no honest licence field is.
        let own = text.len() > 2048
            || ["DocumentRef-", "AdditionRef-"].iter().any(|mark| text.contains(mark))
            || text.starts_with("LicenseRef-") && !text.contains(' ');
        if !own && spdx::Expression::parse_mode(text, spdx::ParseMode::STRICT).is_ok() {
            return Self::Expression(text);
        }
        Self::Name(text)
    }
}

/// The declared licences of a package that say anything, each once, in their order.
pub(crate) fn licenses(package: &Package) -> Vec<License<'_>> {
    let mut found: Vec<License<'_>> = Vec::new();
    for text in package.licenses.iter().map(|text| text.trim()) {
        let license = License::of(text);
        if !text.is_empty() && !matches!(text, "NOASSERTION" | "NONE") && !found.contains(&license) {
            found.push(license);
        }
    }
    found
}

/// Makes names that are asked for twice differ.
#[derive(Debug, Default)]
pub(crate) struct Names {
    given: HashMap<String, usize>,
}

impl Names {
    /// The name itself the first time, `name#2` the second.
    pub(crate) fn unique(&mut self, name: String) -> String {
        let times = self.given.entry(name.clone()).or_default();
        *times += 1;
        if *times == 1 { name } else { format!("{name}#{times}") }
    }
}

/// The package URL of an image that a registry knows by its digest
/// (<https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md>).
pub(crate) fn image_purl(image: &ImageInfo) -> Option<String> {
    let digest = image.digest.filter(|_| matches!(image.source.as_str(), "registry" | "docker"))?;
    let reference: Reference = image.reference.parse().ok()?;
    let name = reference.repository.rsplit('/').next()?;
    let architecture = image.platform.as_ref().map_or_else(String::new, |platform| format!("arch={}&", platform.architecture));
    let tag = reference.tag.as_ref().map_or_else(String::new, |tag| format!("&tag={tag}"));
    let location = format!("{}/{}", reference.registry, reference.repository);
    Some(format!("pkg:oci/{name}@{}%3A{}?{architecture}repository_url={location}{tag}", digest.algorithm(), digest.hex()))
}

/// Feeds a hash with what serde writes.
struct Hashing(Sha256);

impl io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// SHA-256 over the JSON of a value, without the JSON being held.
pub(crate) fn fingerprint(value: &impl Serialize) -> Result<[u8; 32], ReportError> {
    let mut hashing = Hashing(Sha256::new());
    serde_json::to_writer(&mut hashing, value)?;
    Ok(hashing.0.finalize().into())
}

/// The first `bytes` of a hash in hexadecimal.
pub(crate) fn hex(hash: &[u8], bytes: usize) -> String {
    hash.iter().take(bytes).fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The first `bytes` of a text's SHA-256 in hexadecimal.
pub(crate) fn short_hash(text: &str, bytes: usize) -> String {
    hex(&Sha256::digest(text), bytes)
}

/// A UUID made of a hash: version 8, whose bits are the maker's own (RFC 9562, section 5.8).
pub(crate) fn uuid(hash: [u8; 32]) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes, 16);
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_told_apart() {
        assert_eq!(License::of("MIT"), License::Id("MIT"));
        assert_eq!(License::of("MIT OR Apache-2.0"), License::Expression("MIT OR Apache-2.0"));
        assert_eq!(
            License::of("GPL-2.0-only WITH Classpath-exception-2.0"),
            License::Expression("GPL-2.0-only WITH Classpath-exception-2.0")
        );
        assert_eq!(License::of("MIT OR LicenseRef-own"), License::Expression("MIT OR LicenseRef-own"));
        for name in [
            "mit",
            "The MIT License",
            "LicenseRef-own",
            "MIT OR DocumentRef-a:LicenseRef-own",
            "MIT OR",
            "(MIT",
            "<script>",
            "GPL",
        ] {
            assert_eq!(License::of(name), License::Name(name));
        }
    }

    #[test]
    fn names_within_a_document_differ() {
        let mut names = Names::default();
        assert_eq!([names.unique("a".into()), names.unique("a".into()), names.unique("b".into())], ["a", "a#2", "b"]);
    }

    #[test]
    fn a_uuid_follows_from_the_content() {
        let uuid = uuid([0xff; 32]);
        assert_eq!(uuid, "ffffffff-ffff-8fff-bfff-ffffffffffff");
    }

    #[test]
    fn images_of_registries_have_a_package_url() {
        let mut image = ImageInfo { reference: "debian:12".into(), source: "registry".into(), ..ImageInfo::default() };
        assert_eq!(image_purl(&image), None);
        image.digest = format!("sha256:{}", "ab".repeat(32)).parse().ok();
        let expected = format!("pkg:oci/debian@sha256%3A{}?repository_url=docker.io/library/debian&tag=12", "ab".repeat(32));
        assert_eq!(image_purl(&image), Some(expected));
        image.source = "archive".into();
        assert_eq!(image_purl(&image), None);
    }
}
