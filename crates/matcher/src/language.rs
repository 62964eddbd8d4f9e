//! Packages of language ecosystems: the namespace is the ecosystem, whatever the distribution around it.

use std::borrow::Cow;

use model::package::{Package, PackageType};

use crate::plan::{Plan, Reason, Refusal};

/// The plan of a package of an ecosystem. A version that cannot be told is left to the entries: where none speaks of the
/// name, nothing is in doubt.
pub(crate) fn plan(package: &Package) -> Plan<'_> {
    Plan {
        release: None,
        namespaces: vec![package.kind.name().to_owned()],
        names: vec![name(package)],
        version: &package.version,
        scheme: package.kind.version_scheme(),
        refusal: package.unjudged.as_ref().map(|reason| Refusal::Unjudged(Reason::Said(format!("{}: {reason}", package.name)))),
    }
}

/// The name as entries are keyed by it: some registries take no notice of case, and SBOMs keep it.
fn name(package: &Package) -> Cow<'_, str> {
    let caseless = matches!(package.kind, PackageType::Composer | PackageType::Hex | PackageType::Nuget);
    if caseless && package.name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(package.name.to_ascii_lowercase());
    }
    Cow::Borrowed(package.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_entries() {
        for (kind, name, expected) in [
            (PackageType::Nuget, "PrivacyGate.Net", "privacygate.net"),
            (PackageType::Composer, "Symfony/Http-Kernel", "symfony/http-kernel"),
            (PackageType::Maven, "org.Example:A", "org.Example:A"),
            (PackageType::Golang, "github.com/BurntSushi/toml", "github.com/BurntSushi/toml"),
        ] {
            assert_eq!(plan(&Package::new(kind, name, "1.0.0", "sbom")).names, [expected]);
        }
    }
}
