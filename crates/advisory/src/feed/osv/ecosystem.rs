//! OSV's names of ecosystems (<https://ossf.github.io/osv-schema/#defined-ecosystems>) and what they are here.

use model::advisory::Namespace;
use model::coverage::Level;
use model::package::PackageType;

/// The release line and package type of an ecosystem, written `Name` or `Name:release`. `None` where no package that an
/// inventory can hold belongs to it, or the release it needs is not said.
pub(in crate::feed) fn resolve(ecosystem: &str) -> Option<(Namespace, PackageType)> {
    let (name, release) = ecosystem.split_once(':').map_or((ecosystem, ""), |(name, release)| (name, release));
    // Seal Security's builds have names of their own in the ecosystem that they are made for. Those for distributions are
    // of a vendor that no distribution speaks for, and are not judged.
    if name == "Seal" {
        return language(release).map(|kind| (kind.name().to_owned(), kind));
    }
    if let Some(kind) = language(name) {
        // What follows the colon is a registry (`Packagist:https://packages.drupal.org/8`); names are unique across them.
        let namespace = match name {
            "GHC" => "ghc",
            _ => kind.name(),
        };
        return Some((namespace.to_owned(), kind));
    }
    let (namespace, kind) = match name {
        "Debian" => (numbered("debian", release)?, PackageType::Deb),
        "Ubuntu" => (ubuntu(release)?, PackageType::Deb),
        "Echo" => ("echo".to_owned(), PackageType::Deb),
        "Alpine" => (numbered("alpine", release.trim_start_matches('v'))?, PackageType::Apk),
        "Alpaquita" => (numbered("alpaquita", release)?, PackageType::Apk),
        "Wolfi" => ("wolfi".to_owned(), PackageType::Apk),
        "Chainguard" => ("chainguard".to_owned(), PackageType::Apk),
        "MinimOS" => ("minimos".to_owned(), PackageType::Apk),
        "AlmaLinux" => (numbered("almalinux", release)?, PackageType::Rpm),
        "Rocky Linux" => (numbered("rocky", release)?, PackageType::Rpm),
        "Red Hat" => (red_hat(release)?, PackageType::Rpm),
        "SUSE" | "openSUSE" => (suse(release)?, PackageType::Rpm),
        "Photon OS" | "Photon" => (numbered("photon", release)?, PackageType::Rpm),
        "Azure Linux" => (azure(release)?, PackageType::Rpm),
        "Mageia" => (numbered("mageia", release)?, PackageType::Rpm),
        "openEuler" => (numbered("openeuler", release)?, PackageType::Rpm),
        _ => return None,
    };
    Some((namespace, kind))
}

/// Ecosystems whose namespace is their purl type.
fn language(name: &str) -> Option<PackageType> {
    Some(match name {
        // Bitnami's own repository once wrote it small.
        "Bitnami" | "bitnami" => PackageType::Bitnami,
        "crates.io" => PackageType::Cargo,
        "Packagist" => PackageType::Composer,
        "ConanCenter" => PackageType::Conan,
        "CRAN" => PackageType::Cran,
        "DHI" => PackageType::Dhi,
        "RubyGems" => PackageType::Gem,
        "Go" => PackageType::Golang,
        // GHC's own libraries and tools are no Hackage packages, but versioned alike.
        "Hackage" | "GHC" => PackageType::Hackage,
        "Hex" => PackageType::Hex,
        "Maven" => PackageType::Maven,
        "npm" => PackageType::Npm,
        "NuGet" => PackageType::Nuget,
        "Pub" => PackageType::Pub,
        "PyPI" => PackageType::Pypi,
        "SwiftURL" => PackageType::Swift,
        _ => return None,
    })
}

/// How completely OSV's records speak of a namespace: errata alone, or everything that is known.
pub(in crate::feed) fn level(namespace: &str) -> Level {
    match namespace.split(':').next().unwrap_or(namespace) {
        "almalinux"
        | "rocky"
        | "rhel"
        | "sles"
        | "sle-micro"
        | "opensuse-leap"
        | "opensuse-tumbleweed"
        | "alpine"
        | "photon"
        | "azurelinux"
        | "mariner"
        | "mageia"
        | "openeuler" => Level::FixedOnly,
        _ => Level::Full,
    }
}

/// `debian:12`; the first part of the release, and none where it is empty.
fn numbered(id: &str, release: &str) -> Option<Namespace> {
    let release = release.split(':').next().unwrap_or_default();
    (!release.is_empty() && release.len() <= 32).then(|| format!("{id}:{release}"))
}

/// `22.04:LTS`, `Pro:18.04:LTS`, `Pro:FIPS-updates:20.04:LTS`: the channel that a subscription opens follows after `+`.
fn ubuntu(release: &str) -> Option<Namespace> {
    let mut parts = release.split(':').filter(|part| *part != "LTS");
    let first = parts.next().filter(|part| !part.is_empty())?;
    if first != "Pro" {
        // `22.04:LTS:for:NVIDIA:BlueField` is not built for the release itself, nor is `Nvidia-BlueField:22.04:LTS`.
        let is_release = parts.next().is_none() && first.starts_with(|c: char| c.is_ascii_digit());
        return is_release.then(|| format!("ubuntu:{first}"));
    }
    let second = parts.next()?;
    match parts.next() {
        None => Some(format!("ubuntu:{second}+esm")),
        Some(version) => Some(format!("ubuntu:{version}+{}", second.to_ascii_lowercase())),
    }
}

/// `enterprise_linux:9::appstream` is RHEL 9; layered products, extended-support streams and containers have their own
/// builds and are not what a plain release is judged by.
fn red_hat(release: &str) -> Option<Namespace> {
    let rest = release.strip_prefix("enterprise_linux:")?;
    let number = rest.split(':').next()?;
    let major = number.split('.').next()?;
    (!major.is_empty()).then(|| format!("rhel:{major}"))
}

/// `Leap 15.5`, `Tumbleweed`, `Linux Enterprise Server 15 SP5-LTSS`, `Linux Enterprise Module for Basesystem 15 SP5`,
/// `Linux Enterprise Micro 5.3`.
pub(in crate::feed) fn suse(release: &str) -> Option<Namespace> {
    let product = release.trim_start_matches("openSUSE ").trim_start_matches("SUSE ");
    if product.starts_with("Tumbleweed") {
        return Some("opensuse-tumbleweed".to_owned());
    }
    if let Some(rest) = product.strip_prefix("Leap ") {
        let version = rest.split_whitespace().next()?;
        // `Leap Micro 5.3` is another product.
        return version.starts_with(|c: char| c.is_ascii_digit()).then(|| format!("opensuse-leap:{version}"));
    }
    let rest = product.strip_prefix("Linux Enterprise ").or_else(|| product.strip_prefix("Linux "))?;
    if let Some(version) = rest.strip_prefix("Micro ") {
        let version = version.split_whitespace().next()?;
        // From 6.0 on its `os-release` calls itself `sl-micro`.
        let id = if version.starts_with('5') { "sle-micro" } else { "sl-micro" };
        return Some(format!("{id}:{version}"));
    }
    if !(rest.starts_with("Server") || rest.starts_with("Module") || rest.starts_with("Desktop")) {
        return None;
    }
    let mut words = rest.split_whitespace().skip_while(|word| !word.starts_with(|c: char| c.is_ascii_digit()));
    let major = words.next()?;
    let (pack, channel) = words.next().map_or(("", None), |word| match word.split_once('-') {
        Some((pack, channel)) => (pack, Some(channel.to_ascii_lowercase())),
        None => (word, None),
    });
    let mut namespace = match pack.strip_prefix("SP") {
        Some(pack) => format!("sles:{major}.{pack}"),
        None => format!("sles:{major}"),
    };
    if let Some(channel) = channel {
        namespace = format!("{namespace}+{channel}");
    }
    Some(namespace)
}

/// `2` is CBL-Mariner 2.0, `3` Azure Linux 3.0.
fn azure(release: &str) -> Option<Namespace> {
    Some(match release.split(['.', ':']).next()? {
        "1" => "mariner:1.0".to_owned(),
        "2" => "mariner:2.0".to_owned(),
        "" => return None,
        major => format!("azurelinux:{major}.0"),
    })
}

/// A package's name as its ecosystem compares it: see [`model::package::Package::name`].
pub(in crate::feed) fn normalised(kind: PackageType, name: &str) -> String {
    let name = name.trim();
    match kind {
        // PEP 503: runs of `-`, `_` and `.` are one `-`.
        PackageType::Pypi => {
            let mut normal = String::with_capacity(name.len());
            for character in name.chars() {
                match character {
                    '-' | '_' | '.' if normal.ends_with('-') => {}
                    '-' | '_' | '.' => normal.push('-'),
                    other => normal.push(other.to_ascii_lowercase()),
                }
            }
            normal
        }
        PackageType::Composer | PackageType::Nuget | PackageType::Hex => name.to_ascii_lowercase(),
        PackageType::Swift => {
            let name = name.trim_start_matches("https://").trim_start_matches("http://");
            name.trim_end_matches(".git").to_ascii_lowercase()
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (ecosystem, expected) in [
            ("PyPI", Some("pypi")),
            ("Packagist:https://packages.drupal.org/8", Some("composer")),
            ("Go", Some("golang")),
            ("DHI", Some("dhi")),
            ("ConanCenter", Some("conan")),
            ("Debian:12", Some("debian:12")),
            ("Debian", None),
            ("Ubuntu:22.04:LTS", Some("ubuntu:22.04")),
            ("Ubuntu:24.10", Some("ubuntu:24.10")),
            ("Ubuntu:22.04:LTS:for:NVIDIA:BlueField", None),
            ("Ubuntu:Nvidia-BlueField:22.04:LTS", None),
            ("Ubuntu:Pro:18.04:LTS", Some("ubuntu:18.04+esm")),
            ("Ubuntu:Pro:FIPS-updates:20.04:LTS", Some("ubuntu:20.04+fips-updates")),
            ("Alpine:v3.18", Some("alpine:3.18")),
            ("AlmaLinux:9", Some("almalinux:9")),
            ("Rocky Linux:8", Some("rocky:8")),
            ("Red Hat:enterprise_linux:9::appstream", Some("rhel:9")),
            ("Red Hat:openshift:4.12::el8", None),
            ("SUSE:Linux Enterprise Server 15 SP5", Some("sles:15.5")),
            ("SUSE:Linux Enterprise Server 12 SP5-LTSS", Some("sles:12.5+ltss")),
            ("SUSE:Linux Enterprise Module for Basesystem 15 SP5", Some("sles:15.5")),
            ("SUSE:Linux Enterprise Micro 5.3", Some("sle-micro:5.3")),
            ("SUSE:Manager Server 4.3", None),
            ("openSUSE:Leap 15.5", Some("opensuse-leap:15.5")),
            ("openSUSE:Leap Micro 5.5", None),
            ("openSUSE:Tumbleweed", Some("opensuse-tumbleweed")),
            ("Photon OS:3.0", Some("photon:3.0")),
            ("Azure Linux:2", Some("mariner:2.0")),
            ("Azure Linux:3", Some("azurelinux:3.0")),
            ("Seal:npm", Some("npm")),
            ("Seal:Debian", None),
            ("Seal:Red Hat:6", None),
            ("Seal", None),
            ("Android", None),
            ("", None),
        ] {
            assert_eq!(resolve(ecosystem).map(|(namespace, _)| namespace).as_deref(), expected, "{ecosystem}");
        }
    }

    #[test]
    fn names_of_packages() {
        assert_eq!(normalised(PackageType::Pypi, "Zope._Interface"), "zope-interface");
        assert_eq!(normalised(PackageType::Nuget, "Newtonsoft.Json"), "newtonsoft.json");
        assert_eq!(normalised(PackageType::Npm, "@a/B"), "@a/B");
    }
}
