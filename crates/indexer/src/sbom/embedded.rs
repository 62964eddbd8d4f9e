//! SBOMs that lie inside an image: builders leave them to say what no package manager says (Bitnami's stacks, the
//! Docker Hardened Images). They add packages; what other extractors find stands.

use crate::extractor::{Claim, File, Found, Parser, Whole};

/// The extractor.
pub(super) type Embedded = Whole<EmbeddedSbom>;

/// See [`Embedded`].
#[derive(Debug)]
pub(super) struct EmbeddedSbom;

impl Parser for EmbeddedSbom {
    const ID: &'static str = "sbom/embedded";
    const VERSION: u32 = 2;
    const CLAIMS: &'static [Claim] = &[
        Claim::Extension(".spdx.json"),
        Claim::Extension(".cdx.json"),
        Claim::Extension(".cdx.xml"),
        Claim::Extension(".bom.json"),
        Claim::Extension(".bom.xml"),
        Claim::Extension(".spdx"),
        Claim::Extension(".cdx"),
        Claim::Name("bom.json"),
        Claim::Name("bom.xml"),
        Claim::Name("sbom.json"),
        Claim::Below("usr/local/share/sbom/"),
    ];
    const MAX_SIZE: u64 = 16 << 20;

    fn accepts(file: &File<'_>) -> bool {
        // One document for each apk package: the package database says the same, and it is the one that is kept up.
        // And a licence in the form of SPDX (Tauri's packages have one each) is no list of packages.
        !file.path.starts_with(b"var/lib/db/sbom/") && !file.name().eq_ignore_ascii_case(b"license.spdx")
    }

    fn parse(file: &File<'_>, content: &[u8], found: &mut Found) {
        let content = match super::parse(content) {
            Ok(content) => content,
            // These names are used for other things, too; the rest of the claims are not.
            Err(_) if is_ambiguous(file) => return,
            Err(error) => {
                found.problems.push(error.to_string());
                return;
            }
        };
        found.problems.extend(content.problems);
        found.lost = !content.unread.is_empty();
        for mut package in content.packages {
            Self::ID.clone_into(&mut package.extractor);
            // The places of a foreign document are those of another root; this file is the evidence here.
            package.locations.clear();
            if package.kind.is_os() {
                // So that it is the same package as the one in the package database, where there is one.
                package.given_purl = None;
                package.distro = None;
            }
            found.packages.push(package);
        }
    }
}

/// Whether other things lie under such a name, too: parts lists, indices of FoxPro's tables.
fn is_ambiguous(file: &File<'_>) -> bool {
    let name = file.name();
    let is_named = matches!(name, b"bom.json" | b"bom.xml" | b"sbom.json");
    let ends_in =
        |suffix: &[u8]| name.len().checked_sub(suffix.len()).is_some_and(|begin| name[begin..].eq_ignore_ascii_case(suffix));
    is_named
        || [&b".bom.json"[..], b".bom.xml", b".cdx"].iter().any(|suffix| ends_in(suffix))
        || file.path.starts_with(b"usr/local/share/sbom/")
}
