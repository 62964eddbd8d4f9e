//! Trivy's words for distributions and kinds of packages (<https://trivy.dev/docs/latest/coverage/>), and ours.

use model::distro::Distro;
use model::package::PackageType;

/// (Trivy's family, `ID` of `os-release`); where both are the same word there is no line.
const FAMILIES: [(&str, &str); 11] = [
    ("redhat", "rhel"),
    ("alma", "almalinux"),
    ("oracle", "ol"),
    ("amazon", "amzn"),
    ("suse linux enterprise server", "sles"),
    ("suse linux enterprise micro", "sle-micro"),
    ("slem", "sle-micro"),
    ("opensuse.leap", "opensuse-leap"),
    ("opensuse.tumbleweed", "opensuse-tumbleweed"),
    ("cbl-mariner", "mariner"),
    ("opensuse", "opensuse-leap"),
];

/// The distribution of a family and a name, such as `debian` and `12.5` or `amazon` and `2 (Karoo)`.
pub(crate) fn distro(family: &str, name: &str) -> Option<Distro> {
    if family.is_empty() || family == "none" {
        return None;
    }
    let id = FAMILIES.iter().find(|(trivy, _)| *trivy == family).map_or(family, |(_, id)| id);
    let version = name.split_whitespace().next().unwrap_or_default();
    Some(Distro {
        id: id.to_owned(),
        version_id: version.to_owned(),
        pretty_name: format!("{family} {name}").trim().to_owned(),
        ..Distro::default()
    })
}

/// The family of a distribution.
pub(crate) fn family(distro: &Distro) -> &str {
    FAMILIES.iter().find(|(_, id)| *id == distro.id).map_or(&distro.id, |(family, _)| family)
}

/// (The word for results of packages as they are installed, the type); the first of a type is the one that is written.
const TYPES: [(&str, PackageType); 39] = [
    ("python-pkg", PackageType::Pypi),
    ("pip", PackageType::Pypi),
    ("pipenv", PackageType::Pypi),
    ("poetry", PackageType::Pypi),
    ("pylock", PackageType::Pypi),
    ("uv", PackageType::Pypi),
    ("node-pkg", PackageType::Npm),
    ("npm", PackageType::Npm),
    ("yarn", PackageType::Npm),
    ("pnpm", PackageType::Npm),
    ("bun", PackageType::Npm),
    ("jar", PackageType::Maven),
    ("pom", PackageType::Maven),
    ("gradle", PackageType::Maven),
    ("sbt", PackageType::Maven),
    ("gobinary", PackageType::Golang),
    ("gomod", PackageType::Golang),
    ("rustbinary", PackageType::Cargo),
    ("cargo", PackageType::Cargo),
    ("gemspec", PackageType::Gem),
    ("bundler", PackageType::Gem),
    ("composer-vendor", PackageType::Composer),
    ("composer", PackageType::Composer),
    ("dotnet-core", PackageType::Nuget),
    ("nuget", PackageType::Nuget),
    ("packages-props", PackageType::Nuget),
    ("conan", PackageType::Conan),
    ("conda-pkg", PackageType::Conda),
    ("conda-environment", PackageType::Conda),
    ("pub", PackageType::Pub),
    ("hex", PackageType::Hex),
    ("swift", PackageType::Swift),
    ("cocoapods", PackageType::Swift),
    ("bitnami", PackageType::Bitnami),
    ("cran", PackageType::Cran),
    ("hackage", PackageType::Hackage),
    ("julia", PackageType::Generic),
    ("dhi", PackageType::Dhi),
    ("generic", PackageType::Generic),
];

/// The type of the packages of a result; `None` for a word that is not known.
pub(crate) fn package_type(class: &str, word: &str) -> Option<PackageType> {
    if class == "os-pkgs" {
        return Some(match word {
            "debian" | "ubuntu" | "echo" => PackageType::Deb,
            "alpine" | "wolfi" | "chainguard" | "minimos" => PackageType::Apk,
            "arch" | "archlinux" => PackageType::Alpm,
            _ => PackageType::Rpm,
        });
    }
    TYPES.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

/// The word for packages of a type outside the distribution's.
pub(crate) fn result_type(kind: PackageType) -> &'static str {
    TYPES.iter().find(|(_, one)| *one == kind).map_or("generic", |(name, _)| name)
}
