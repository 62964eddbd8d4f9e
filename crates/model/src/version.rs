//! Version orders, one file each: how the tools of an ecosystem themselves compare.
//!
//! A comparison that the ecosystem's own rules cannot make is `None` ("cannot be told"), never a guess: the matcher
//! turns it into "undetermined", which is reported.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::advisory::{End, Range};

pub mod apk;
pub mod cargo;
pub mod composer;
pub mod constraint;
pub mod cran;
pub mod dart_pub;
pub mod deb;
mod digits;
pub mod gem;
pub mod go;
pub mod hackage;
pub mod hex;
pub mod maven;
pub mod npm;
pub mod nuget;
pub mod pacman;
pub mod pypi;
pub mod rpm;
pub mod semver;
#[cfg(test)]
mod tables;

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

    /// Orders two versions; `None` where this scheme's rules do not say. An empty text is no version in any scheme.
    pub fn compare(self, left: &str, right: &str) -> Option<Ordering> {
        let compare = match self {
            Self::Deb => deb::compare,
            Self::Rpm => rpm::compare,
            Self::Apk => apk::compare,
            Self::Pacman => pacman::compare,
            Self::Pypi => pypi::compare,
            Self::Npm => npm::compare,
            Self::Semver => semver::compare,
            Self::Cargo => cargo::compare,
            Self::Go => go::compare,
            Self::Maven => maven::compare,
            Self::Gem => gem::compare,
            Self::Nuget => nuget::compare,
            Self::Composer => composer::compare,
            Self::Pub => dart_pub::compare,
            Self::Hex => hex::compare,
            Self::Cran => cran::compare,
            Self::Hackage => hackage::compare,
        };
        compare(left, right)
    }
}

/// Whether a version lies in an interval; `None` where the scheme's rules cannot tell.
///
/// An `introduced` of `None` or `0` is the beginning in every scheme. One bound that is known to exclude the version
/// decides, even where another cannot be compared.
pub fn contains(scheme: Scheme, range: &Range, version: &str) -> Option<bool> {
    let introduced = range.introduced.as_deref().filter(|&introduced| introduced != "0");
    let end = match &range.end {
        End::Open => None,
        End::Fixed(fixed) => Some((fixed, false)),
        End::LastAffected(last) => Some((last, true)),
    };
    let bounds = [
        introduced.map(|bound| scheme.compare(version, bound).map(Ordering::is_ge)),
        range.after.as_deref().map(|bound| scheme.compare(version, bound).map(Ordering::is_gt)),
        end.map(|(bound, inclusive)| scheme.compare(version, bound).map(|order| order.is_lt() || (inclusive && order.is_eq()))),
    ];
    if bounds.contains(&Some(Some(false))) {
        return Some(false);
    }
    if bounds.contains(&Some(None)) { None } else { Some(true) }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(introduced: Option<&str>, after: Option<&str>, end: End) -> Range {
        Range { introduced: introduced.map(str::to_owned), after: after.map(str::to_owned), end }
    }

    #[test]
    fn an_interval_holds_what_lies_between_its_bounds() {
        let cases = [
            (range(Some("1.0.0"), None, End::Fixed("2.0.0".into())), [false, true, true, false]),
            (range(None, Some("1.0.0"), End::LastAffected("2.0.0".into())), [false, false, true, true]),
            (range(Some("0"), None, End::Fixed("1.0.0".into())), [true, false, false, false]),
            (range(None, None, End::Open), [true; 4]),
        ];
        for (range, expected) in cases {
            let found = ["0.9.0", "1.0.0", "1.5.0", "2.0.0"].map(|version| contains(Scheme::Npm, &range, version));
            assert_eq!(found, expected.map(Some), "{range:?}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_undetermined_unless_another_bound_excludes_it() {
        let open = range(Some("0"), None, End::Open);
        assert_eq!(contains(Scheme::Go, &open, "(devel)"), Some(true));
        let fixed = range(Some("0"), None, End::Fixed("1.2.3".into()));
        assert_eq!(contains(Scheme::Go, &fixed, "(devel)"), None);
        let odd = range(Some("1.0.0"), None, End::Fixed("next".into()));
        assert_eq!(contains(Scheme::Npm, &odd, "0.9.0"), Some(false));
        assert_eq!(contains(Scheme::Npm, &odd, "1.9.0"), None);
    }

    #[test]
    fn names_are_read_back() {
        for scheme in Scheme::ALL {
            assert_eq!(scheme.name().parse(), Ok(scheme));
        }
        assert!("nix".parse::<Scheme>().is_err());
    }

    #[test]
    fn long_versions_are_compared_in_linear_time() {
        let parts = ["9", "0", ".", "-", "a", "~", "^", "_p", "1.", "a1", "-1", ".0", "+", "1-a."];
        for part in parts {
            let long = format!("1{}", part.repeat(200_000));
            let longer = format!("{long}1");
            for scheme in Scheme::ALL {
                scheme.compare(&long, &longer);
            }
        }
    }

    /// Texts that look like versions, so that most schemes read many of them, and few words, so that some are equal.
    fn version() -> impl Strategy<Value = String> {
        let number =
            prop_oneof![8 => Just("0"), 8 => Just("1"), 4 => Just("2"), 4 => Just("10"), 1 => Just("01"), 1 => Just("00")];
        let word = prop_oneof![
            Just("alpha"),
            Just("beta"),
            Just("rc"),
            Just("pre"),
            Just("a"),
            Just("p"),
            Just("post"),
            Just("dev"),
            Just("x"),
            Just("sp"),
            Just("final"),
            Just("git"),
            Just("RC"),
            Just("B"),
            Just("ga"),
            Just("SNAPSHOT")
        ];
        let mark = prop_oneof![
            4 => Just("."), 4 => Just("-"), 2 => Just("_"), 1 => Just("~"), 1 => Just("+"), 1 => Just("^"), 1 => Just(":"),
            1 => Just("!"), 3 => Just(""), 2 => Just("-r")
        ];
        let release = prop::collection::vec(number.clone(), 1..4).prop_map(|numbers| numbers.join("."));
        let piece = (mark, prop_oneof![2 => word, 1 => number]).prop_map(|(mark, word)| format!("{mark}{word}"));
        (release, prop::collection::vec(piece, 0..4)).prop_map(|(release, pieces)| release + &pieces.concat())
    }

    /// The laws hold among versions of one shape: rpm and pacman leave out the release where one side has none.
    fn is_lawful(scheme: Scheme, version: &str) -> bool {
        match scheme {
            Scheme::Rpm | Scheme::Pacman => !version.contains('-'),
            _ => true,
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_500))]

        #[test]
        fn every_order_is_total(one in version(), two in version(), three in version()) {
            for scheme in Scheme::ALL {
                let versions = [&one, &two, &three];
                let readable: Vec<&String> = versions
                    .into_iter()
                    .filter(|version| is_lawful(scheme, version) && scheme.compare(version, version).is_some())
                    .collect();
                for left in &readable {
                    prop_assert_eq!(scheme.compare(left, left), Some(Ordering::Equal), "{} {}", scheme, left);
                    for right in &readable {
                        let order = scheme.compare(left, right);
                        prop_assert!(order.is_some(), "{} {} {}", scheme, left, right);
                        prop_assert_eq!(order, scheme.compare(right, left).map(Ordering::reverse), "{} {} {}", scheme, left, right);
                        for third in &readable {
                            if order.is_some_and(Ordering::is_le) && scheme.compare(right, third).is_some_and(Ordering::is_le) {
                                let across = scheme.compare(left, third);
                                prop_assert!(across.is_some_and(Ordering::is_le), "{} {} {} {}", scheme, left, right, third);
                                // Equal versions stand in the same place towards every other.
                                if order == Some(Ordering::Equal) {
                                    prop_assert_eq!(across, scheme.compare(right, third), "{} {} {} {}", scheme, left, right, third);
                                }
                            }
                        }
                    }
                }
            }
        }

        #[test]
        fn nothing_panics(one in ".{0,40}", two in "[0-9a-z.+~^:!*x-]{0,40}") {
            for scheme in Scheme::ALL {
                prop_assert_eq!(scheme.compare(&one, &two), scheme.compare(&two, &one).map(Ordering::reverse));
                prop_assert_eq!(scheme.compare("", &two), None);
            }
        }
    }
}
