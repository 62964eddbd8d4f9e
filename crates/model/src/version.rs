//! Version orders, one file each: how the tools of an ecosystem themselves compare.
//!
//! A comparison that the ecosystem's own rules cannot make is `None` ("cannot be told"), never a guess: the matcher
//! turns it into "undetermined", which is reported.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// dpkg.
    Deb,
    /// RPM (epoch, version, release).
    Rpm,
    /// apk-tools.
    Apk,
    /// pacman.
    Pacman,
    /// PEP 440.
    Pypi,
    /// node-semver.
    Npm,
    /// Semantic Versioning 2.0.0, with missing parts read as zero.
    Semver,
    /// Cargo.
    Cargo,
    /// Go modules and the Go release.
    Go,
    /// Maven's `ComparableVersion`.
    Maven,
    /// RubyGems.
    Gem,
    /// NuGet.
    Nuget,
    /// Composer.
    Composer,
    /// Dart pub.
    Pub,
    /// Hex.
    Hex,
    /// R's `package_version`.
    Cran,
    /// Haskell's PVP.
    Hackage,
}

impl Scheme {
    /// Every order, as `plimsoll versions` lists them.
    pub const ALL: [Self; 17] = [
        Self::Deb,
        Self::Rpm,
        Self::Apk,
        Self::Pacman,
        Self::Pypi,
        Self::Npm,
        Self::Semver,
        Self::Cargo,
        Self::Go,
        Self::Maven,
        Self::Gem,
        Self::Nuget,
        Self::Composer,
        Self::Pub,
        Self::Hex,
        Self::Cran,
        Self::Hackage,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::Apk => "apk",
            Self::Pacman => "pacman",
            Self::Pypi => "pypi",
            Self::Npm => "npm",
            Self::Semver => "semver",
            Self::Cargo => "cargo",
            Self::Go => "go",
            Self::Maven => "maven",
            Self::Gem => "gem",
            Self::Nuget => "nuget",
            Self::Composer => "composer",
            Self::Pub => "pub",
            Self::Hex => "hex",
            Self::Cran => "cran",
            Self::Hackage => "hackage",
        }
    }

    /// Orders two versions; `None` where this scheme's rules do not say.
    pub fn compare(self, left: &str, right: &str) -> Option<Ordering> {
        let _ = (left, right);
        None
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that names no version order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a version order; use one of deb rpm apk pacman pypi npm semver cargo go maven gem nuget composer pub hex cran hackage"
)]
pub struct SchemeError(pub String);

impl FromStr for Scheme {
    type Err = SchemeError;

    fn from_str(text: &str) -> Result<Self, SchemeError> {
        Self::ALL.into_iter().find(|scheme| scheme.name() == text).ok_or_else(|| SchemeError(text.to_owned()))
    }
}
