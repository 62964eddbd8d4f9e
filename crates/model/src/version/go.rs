//! Go's orders: of module versions (`golang.org/x/mod/semver`) and of Go releases (`go/version`).

use std::cmp::Ordering;

use super::digits;
use super::semver::{Parts, compare_identifiers};

/// Orders module versions (`v1.2.3-0.20200101000000-abcdef123456`, the `v` optional, build metadata such as
/// `+incompatible` without weight) and releases of Go (`go1.22rc1`, `1.22rc1`) on one scale, where `go1.22rc1` is
/// `1.22.0-rc.1`. What is no version, as `(devel)`, is `None`.
pub fn compare(left: &str, right: &str) -> Option<Ordering> {
    Some(Version::parse(left)?.compare(&Version::parse(right)?))
}

struct Version<'a> {
    numbers: &'a str,
    /// Empty for a release.
    prerelease: &'a str,
    /// The number of a Go pre-release, one more identifier of it; may be empty.
    prerelease_number: &'a str,
}

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        if let Some(release) = text.strip_prefix("go") {
            // Vendors append a name (`go1.21.3-fips`), the linker experiments (`go1.21.3 X:boringcrypto`).
            let release = release.split([' ', '-', '+']).next().unwrap_or_default();
            return Self::parse_release(release, true);
        }
        let bare = text.strip_prefix('v').unwrap_or(text);
        Self::parse_module(bare).or_else(|| Self::parse_release(bare, false))
    }

    fn parse_module(text: &'a str) -> Option<Self> {
        let parts = Parts::parse(text).filter(|parts| !parts.has_padding())?;
        let is_valid = match parts.numbers.split('.').count() {
            3 => true,
            // `v1` and `v1.2` are shorthands, which take nothing further.
            1 | 2 => parts.prerelease.is_empty() && parts.build.is_empty(),
            _ => false,
        };
        is_valid.then_some(Self { numbers: parts.numbers, prerelease: parts.prerelease, prerelease_number: "" })
    }

    /// `1.20`, `1.20.5`, `1.22rc1`, `1.9.2rc2` and, of the `dev.boringcrypto` branches, `1.18.5b7`, built on 1.18.5.
    fn parse_release(text: &'a str, is_named: bool) -> Option<Self> {
        let end = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'.').unwrap_or(text.len());
        let (numbers, tail) = text.split_at_checked(end)?;
        let count = numbers.split('.').count();
        if count > 3 || !numbers.split('.').all(|number| digits::only(number) && !digits::is_padded(number)) {
            return None;
        }
        let kind_end = tail.bytes().position(|byte| byte.is_ascii_digit()).unwrap_or(tail.len());
        let (kind, number) = tail.split_at_checked(kind_end)?;
        if !number.is_empty() && !digits::only(number) {
            return None;
        }
        let prerelease = match kind {
            // From Go 1.21 on the release is `go1.21.0`; `go1.21` is the language, older than any pre-release.
            "" if is_named && count == 2 && !has_bare_release(numbers) => "0",
            "" | "b" => "",
            "alpha" | "beta" | "rc" if count > 1 => kind,
            _ => return None,
        };
        let prerelease_number = if prerelease == kind { number } else { "" };
        Some(Self { numbers, prerelease, prerelease_number })
    }

    fn compare(&self, other: &Self) -> Ordering {
        digits::compare_padded(self.numbers.split('.'), other.numbers.split('.')).then_with(|| {
            match (self.prerelease.is_empty(), other.prerelease.is_empty()) {
                (false, false) => compare_identifiers(self.identifiers(), other.identifiers()),
                (left, right) => left.cmp(&right),
            }
        })
    }

    fn identifiers(&self) -> impl Iterator<Item = &'a str> {
        self.prerelease.split('.').chain(Some(self.prerelease_number).filter(|number| !number.is_empty()))
    }
}

/// Whether `go1.N` names a release: up to 1.20 it does.
fn has_bare_release(numbers: &str) -> bool {
    digits::compare_padded(numbers.split('.'), "1.21".split('.')).is_lt()
}

#[cfg(test)]
mod tests {
    use super::compare;
    use crate::version::tables;

    #[test]
    fn ascending() {
        tables::ascending(compare, tables::SEMVER);
        tables::ascending(
            compare,
            &[
                "v0.0.0-20190101000000-abcdef123456",
                "v0.0.0-20200101000000-000000000000",
                "v0.0.0",
                "v1.2.3-pre",
                "v1.2.3",
                "v1.2.4-0.20200101000000-abcdef123456",
                "v1.2.4",
                "v2.0.0+incompatible",
            ],
        );
        tables::ascending(
            compare,
            &[
                "go1",
                "go1.9.2rc2",
                "go1.9.2",
                "go1.19",
                "go1.20beta1",
                "go1.20rc1",
                "go1.20",
                "go1.20.1",
                "go1.21",
                "go1.21rc1",
                "go1.21rc2",
                "go1.21rc10",
                "go1.21.0",
                "1.21.1-0",
                "go1.21.1",
                "1.22rc1",
                "1.22",
            ],
        );
    }

    #[test]
    fn equal() {
        tables::equal(
            compare,
            &[
                ("v1", "v1.0.0"),
                ("v1.2", "1.2.0"),
                ("v2.0.0+incompatible", "v2.0.0"),
                ("go1.22rc1", "1.22.0-rc.1"),
                ("go1.21.3 X:boringcrypto", "1.21.3"),
                ("go1.18.5b7", "go1.18.5"),
                ("go1.20", "1.20.0"),
                ("go1.21.3-fips", "v1.21.3"),
                ("go1.21", "1.21.0-0"),
            ],
        );
    }

    #[test]
    fn refused() {
        tables::refused(
            compare,
            &[
                "",
                "(devel)",
                "v",
                "go",
                "v01.2.3",
                "v1.2-pre",
                "1.2.3.4",
                "devel go1.23-abc",
                "master",
                "v1.2.3-01",
                "gopher",
                "go1.2x3",
                "1.2.3rc1x",
                "go1.rc1.2",
            ],
        );
    }
}
