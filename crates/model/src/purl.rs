//! Package URLs (<https://github.com/package-url/purl-spec>): the one name every report gives a package.

pub mod pattern;

use std::str::FromStr;

use packageurl::PackageUrl;

use crate::distro::Distro;
use crate::package::{Package, PackageType, SourcePackage};

/// The purl of a package found in a target of this distribution. A purl that came with the evidence is returned as it is.
///
/// OS packages carry `arch`, `distro` and, where the name or version of the source differs, `upstream` (as the leading
/// SBOM tools write it), so that an SBOM read back gives the same findings.
pub fn of(package: &Package, distro: Option<&Distro>) -> String {
    if let Some(given) = &package.given_purl {
        return given.clone();
    }
    let (namespace, name) = split_name(package, distro);
    // Only an invalid type or an empty name can fail, and neither can be had here; the fallback names the package all the same.
    let Ok(mut purl) = PackageUrl::new(package.kind.name(), name.clone()) else {
        return format!("pkg:{}/{name}@{}", package.kind.name(), package.version);
    };
    if let Some(namespace) = namespace.filter(|namespace| !namespace.is_empty()) {
        let _ = purl.with_namespace(namespace);
    }
    // RPM keeps the epoch in a qualifier, the purl specification says; dpkg keeps it in the version.
    let (epoch, version) = match (package.kind, package.version.split_once(':')) {
        (PackageType::Rpm, Some((epoch, rest))) => (Some(epoch), rest),
        _ => (None, package.version.as_str()),
    };
    if !version.is_empty() {
        let _ = purl.with_version(version.to_owned());
    }
    let mut qualifier = |key: &'static str, value: String| {
        let _ = purl.add_qualifier(key, value);
    };
    if let Some(architecture) = &package.architecture {
        qualifier("arch", architecture.clone());
    }
    if let Some(epoch) = epoch {
        qualifier("epoch", epoch.to_owned());
    }
    if package.kind.is_os() {
        if let Some(distro) = package.distro.clone().or_else(|| distro.map(Distro::purl_qualifier)) {
            qualifier("distro", distro);
        }
        if let Some(source) = &package.source {
            let same_version = source.version == package.version;
            if source.name != package.name || !same_version {
                let upstream = if same_version { source.name.clone() } else { format!("{}@{}", source.name, source.version) };
                qualifier("upstream", upstream);
            }
        }
    }
    if let Some(module) = &package.module {
        qualifier("modularitylabel", module.clone());
    }
    purl.to_string()
}

/// Splits the ecosystem's name into purl namespace and name.
fn split_name(package: &Package, distro: Option<&Distro>) -> (Option<String>, String) {
    let at_slash = |name: &str| match name.rsplit_once('/') {
        Some((namespace, name)) => (Some(namespace.to_owned()), name.to_owned()),
        None => (None, name.to_owned()),
    };
    match package.kind {
        PackageType::Deb | PackageType::Rpm | PackageType::Apk | PackageType::Alpm => {
            let id = package.distro.as_deref().map(|text| text.rsplit_once('-').map_or(text, |(id, _)| id).to_owned());
            (id.or_else(|| distro.map(|distro| distro.id.clone())), package.name.clone())
        }
        PackageType::Maven => match package.name.split_once(':') {
            Some((group, artifact)) => (Some(group.to_owned()), artifact.to_owned()),
            None => (None, package.name.clone()),
        },
        PackageType::Npm | PackageType::Golang | PackageType::Composer | PackageType::Swift => at_slash(&package.name),
        _ => (None, package.name.clone()),
    }
}

/// Reads a purl back into a package without locations; `None` where the text is no purl or its type is not one we know.
///
/// The inverse of [`of`] for every package [`of`] writes, and tolerant of what other tools write (`upstream` with or
/// without a version, upper-case distribution names, a missing `distro`).
pub fn parse(text: &str) -> Option<Package> {
    let purl = PackageUrl::from_str(text).ok()?;
    let kind = match purl.ty() {
        "pacman" | "arch" => PackageType::Alpm,
        "alpine" => PackageType::Apk,
        other => PackageType::from_str(other).ok()?,
    };
    let name = match (kind, purl.namespace()) {
        (PackageType::Maven, Some(group)) => format!("{group}:{}", purl.name()),
        (PackageType::Npm | PackageType::Golang | PackageType::Composer | PackageType::Swift, Some(namespace)) => {
            format!("{namespace}/{}", purl.name())
        }
        _ => purl.name().to_owned(),
    };
    let qualifier = |key: &str| purl.qualifiers().get(key).map(std::string::ToString::to_string);
    let mut version = purl.version().unwrap_or_default().to_owned();
    if let (PackageType::Rpm, Some(epoch)) = (kind, qualifier("epoch")) {
        version = format!("{epoch}:{version}");
    }
    let mut package = Package::new(kind, name, version, "sbom");
    package.architecture = qualifier("arch");
    // Syft and Red Hat call it so.
    package.module = qualifier("modularitylabel").or_else(|| qualifier("rpmmod"));
    if kind.is_os() {
        package.distro = qualifier("distro").or_else(|| purl.namespace().map(str::to_owned));
        package.source = qualifier("upstream").map(|upstream| match upstream.split_once('@') {
            Some((name, version)) => SourcePackage { name: name.to_owned(), version: version.to_owned() },
            // Syft names the source RPM's whole file here.
            None => match upstream.strip_suffix(".src.rpm").and_then(split_source_rpm) {
                Some(source) => source,
                None => SourcePackage { name: upstream, version: package.version.clone() },
            },
        });
    }
    Some(package)
}

/// `name-version-release` of a source RPM's file name.
fn split_source_rpm(stem: &str) -> Option<SourcePackage> {
    let (rest, release) = stem.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    Some(SourcePackage { name: name.to_owned(), version: format!("{version}-{release}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debian() -> Distro {
        Distro::from_os_release("ID=debian\nVERSION_ID=12").unwrap()
    }

    #[test]
    fn debian_binary_with_another_source() {
        let mut package = Package::new(PackageType::Deb, "libssl3", "3.0.11-1~deb12u2", "os/dpkg");
        package.architecture = Some("amd64".into());
        package.source = Some(SourcePackage { name: "openssl".into(), version: "3.0.11-1~deb12u2".into() });
        let text = of(&package, Some(&debian()));
        assert_eq!(text, "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl");
        let back = parse(&text).unwrap();
        assert_eq!((back.name, back.version, back.source), (package.name, package.version, package.source));
    }

    #[test]
    fn ecosystems() {
        for (kind, name, version, expected) in [
            (PackageType::Npm, "@babel/core", "7.21.8", "pkg:npm/%40babel/core@7.21.8"),
            (
                PackageType::Maven,
                "org.apache.logging.log4j:log4j-core",
                "2.14.1",
                "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
            ),
            (PackageType::Golang, "golang.org/x/net", "v0.1.0", "pkg:golang/golang.org/x/net@v0.1.0"),
            (PackageType::Pypi, "django", "4.2.1", "pkg:pypi/django@4.2.1"),
        ] {
            let package = Package::new(kind, name, version, "x");
            assert_eq!(of(&package, None), expected);
            let back = parse(expected).unwrap();
            assert_eq!((back.kind, back.name.as_str(), back.version.as_str()), (kind, name, version));
        }
    }

    #[test]
    fn rpm_epoch_is_a_qualifier() {
        let package = Package::new(PackageType::Rpm, "shadow-utils", "2:4.9-6.el9", "os/rpm");
        let text = of(&package, None);
        assert_eq!(text, "pkg:rpm/shadow-utils@4.9-6.el9?epoch=2");
        assert_eq!(parse(&text).unwrap().version, "2:4.9-6.el9");
    }

    #[test]
    fn modules_under_either_name() {
        let label = "nodejs:18:8090020240101000000:a75119d5";
        let mut package = Package::new(PackageType::Rpm, "nodejs", "1:18.1.0-1.module+el8", "os/rpm");
        package.module = Some(label.into());
        let foreign = format!("pkg:rpm/redhat/nodejs@18.1.0-1.module%2Bel8?epoch=1&rpmmod={label}");
        for text in [of(&package, None), foreign] {
            assert_eq!(parse(&text).unwrap().module.as_deref(), Some(label), "{text}");
        }
    }
}
