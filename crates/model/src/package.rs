//! What is installed: one package, where it was seen and who built it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
pub use crate::symbol::{SymbolSet, symbol_hash};
use crate::version::Scheme;

/// The kind of a package: which manager or ecosystem it belongs to. The names are those of the purl types
/// (<https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst>), which the reports use too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PackageType {
    /// Arch Linux (pacman).
    Alpm,
    /// Alpine Package Keeper.
    Apk,
    /// A program that no package manager owns, matched against the Bitnami feed's upstream ranges.
    Bitnami,
    /// crates.io.
    Cargo,
    /// Packagist.
    Composer,
    /// Conan, for C and C++.
    Conan,
    /// conda.
    Conda,
    /// CRAN.
    Cran,
    /// Debian and its derivatives.
    Deb,
    /// Upstream programs as Docker's hardened images carry them; the SBOMs in those images name them so.
    Dhi,
    /// RubyGems.
    Gem,
    /// A program known by name alone, that no feed covers.
    Generic,
    /// Go modules, the standard library (`stdlib`) among them.
    Golang,
    /// Hackage.
    Hackage,
    /// Erlang and Elixir.
    Hex,
    /// Maven coordinates, `group:artifact`.
    Maven,
    /// npm.
    Npm,
    /// NuGet.
    Nuget,
    /// Dart and Flutter.
    Pub,
    /// PyPI.
    Pypi,
    /// RPM families.
    Rpm,
    /// Swift package manager and CocoaPods.
    Swift,
}

impl PackageType {
    /// Every type, in the order of its name.
    pub const ALL: [Self; 22] = [
        Self::Alpm,
        Self::Apk,
        Self::Bitnami,
        Self::Cargo,
        Self::Composer,
        Self::Conan,
        Self::Conda,
        Self::Cran,
        Self::Deb,
        Self::Dhi,
        Self::Gem,
        Self::Generic,
        Self::Golang,
        Self::Hackage,
        Self::Hex,
        Self::Maven,
        Self::Npm,
        Self::Nuget,
        Self::Pub,
        Self::Pypi,
        Self::Rpm,
        Self::Swift,
    ];

    /// The purl type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpm => "alpm",
            Self::Apk => "apk",
            Self::Bitnami => "bitnami",
            Self::Cargo => "cargo",
            Self::Composer => "composer",
            Self::Conan => "conan",
            Self::Conda => "conda",
            Self::Cran => "cran",
            Self::Deb => "deb",
            Self::Dhi => "dhi",
            Self::Gem => "gem",
            Self::Generic => "generic",
            Self::Golang => "golang",
            Self::Hackage => "hackage",
            Self::Hex => "hex",
            Self::Maven => "maven",
            Self::Npm => "npm",
            Self::Nuget => "nuget",
            Self::Pub => "pub",
            Self::Pypi => "pypi",
            Self::Rpm => "rpm",
            Self::Swift => "swift",
        }
    }

    /// Whether a distribution's package manager installs this type.
    pub fn is_os(self) -> bool {
        matches!(self, Self::Alpm | Self::Apk | Self::Deb | Self::Rpm)
    }

    /// The version order that this type's own tools use; `None` where there is none to speak of.
    pub fn version_scheme(self) -> Option<Scheme> {
        Some(match self {
            Self::Alpm => Scheme::Pacman,
            Self::Apk => Scheme::Apk,
            Self::Bitnami | Self::Conan | Self::Dhi | Self::Swift => Scheme::Semver,
            Self::Cargo => Scheme::Cargo,
            Self::Composer => Scheme::Composer,
            Self::Conda | Self::Pypi => Scheme::Pypi,
            Self::Cran => Scheme::Cran,
            Self::Deb => Scheme::Deb,
            Self::Gem => Scheme::Gem,
            Self::Golang => Scheme::Go,
            Self::Hackage => Scheme::Hackage,
            Self::Hex => Scheme::Hex,
            Self::Maven => Scheme::Maven,
            Self::Npm => Scheme::Npm,
            Self::Nuget => Scheme::Nuget,
            Self::Pub => Scheme::Pub,
            Self::Rpm => Scheme::Rpm,
            Self::Generic => return None,
        })
    }
}

impl fmt::Display for PackageType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that names no package type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a package type")]
pub struct PackageTypeError(pub String);

impl FromStr for PackageType {
    type Err = PackageTypeError;

    fn from_str(text: &str) -> Result<Self, PackageTypeError> {
        Self::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| PackageTypeError(text.to_owned()))
    }
}

/// The source package that a binary package was built from; advisories of Debian, Ubuntu and Alpine speak of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SourcePackage {
    /// Source name (dpkg `Source`, apk `o:`, rpm `SOURCERPM` without version).
    pub name: String,
    /// Source version; the binary's where the database does not say otherwise.
    pub version: String,
}

/// One place where a package was seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Location {
    /// The file that says so, as [`crate::path::display`] writes it; nested archives after `!`.
    pub path: String,
    /// Diff id of the layer that holds the file; `None` for a live root and an SBOM.
    pub layer: Option<Digest>,
}

/// Whose work brought the package into the image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// It was in the base image already.
    Base,
    /// It came with the layers above the base image.
    App,
    /// Nothing says where the base image ends.
    #[default]
    Unknown,
}

/// A package found by an extractor. Everything the matcher and the reports may ask of it; fields a format does not
/// carry stay empty, they are never guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Kind.
    pub kind: PackageType,
    /// Name as the ecosystem compares it: PEP 503 normalised for PyPI, `group:artifact` for Maven, `vendor/name` for
    /// Composer, `@scope/name` for npm, the module path for Go.
    pub name: String,
    /// Version as installed, epoch included for deb and rpm (`1:2.3-4`); empty where the evidence holds none.
    pub version: String,
    /// Architecture as the package manager writes it (`amd64`, `x86_64`, `noarch`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// Source package, for distributions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<SourcePackage>,
    /// RPM modularity label (`nodejs:18:…`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Who built it, as the package says: dpkg `Maintainer`/`Origin`, rpm `Vendor`, apk `m:`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vendor: Option<String>,
    /// Licences as declared, SPDX expressions where the text is one, else as written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licenses: Vec<String>,
    /// Where it was seen, sorted, at least one.
    pub locations: Vec<Location>,
    /// Which extractor found it (`os/dpkg`, `language/python`, `binary/go`, …).
    pub extractor: String,
    /// Path of the OS package database's word that owns the file this package was found in: `name` of the owning
    /// distribution package. Set by the coalescer; the vendor alone judges such a package.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<String>,
    /// Base or application.
    #[serde(default)]
    pub origin: Origin,
    /// Why no feed can judge this package, in plain words (`jar without coordinates`); `None` for ordinary packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unjudged: Option<String>,
    /// For modules of Go binaries, the functions of this module that the linker kept; `None` where the file does not
    /// tell, which means that any may be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub linked_symbols: Option<SymbolSet>,
    /// The distribution for OS packages found where `os-release` cannot speak (an SBOM's `distro` qualifier).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distro: Option<String>,
    /// A purl that came with the evidence (an SBOM) and is kept to the letter; else the purl is made from the fields.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_purl: Option<String>,
}

impl Package {
    /// A package with a name and a version and nothing else yet.
    pub fn new(kind: PackageType, name: impl Into<String>, version: impl Into<String>, extractor: &str) -> Self {
        Self {
            kind,
            name: name.into(),
            version: version.into(),
            architecture: None,
            source: None,
            module: None,
            vendor: None,
            licenses: Vec::new(),
            locations: Vec::new(),
            extractor: extractor.to_owned(),
            owned_by: None,
            origin: Origin::Unknown,
            unjudged: None,
            linked_symbols: None,
            distro: None,
            given_purl: None,
        }
    }

    /// Name and version that a distribution's advisories are keyed by.
    pub fn source_or_self(&self) -> (&str, &str) {
        self.source.as_ref().map_or((&self.name, &self.version), |source| (&source.name, &source.version))
    }
}
