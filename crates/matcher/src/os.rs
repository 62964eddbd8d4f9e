//! Packages of distributions: which release line speaks of them, under which name, and which of them it may not judge.

use std::borrow::Cow;

use model::distro::{Distro, debian_number};
use model::package::{Package, PackageType};

use crate::plan::{Plan, Reason, Refusal};
use crate::vendor;

/// The plan of a package that a distribution's package manager installed.
pub(crate) fn plan<'a>(package: &'a Package, distro: Option<&Distro>, kernel_headers: bool) -> Plan<'a> {
    let distro = distro_of(package, distro);
    let release = distro.as_deref().and_then(Distro::namespace);
    let mut namespaces = Vec::new();
    if let Some(release) = &release {
        if release.starts_with("ubuntu:") && package.source_or_self().1.contains("esm") {
            namespaces.push(format!("{release}+esm"));
        }
        namespaces.push(release.clone());
    }
    let (names, version) = keys(package, release.as_deref().unwrap_or_default());
    let refusal = refusal(package, distro.as_deref(), release.as_deref(), kernel_headers);
    let release = release.or_else(|| distro.map(|distro| distro.purl_qualifier().replacen('-', ":", 1)));
    Plan { release, namespaces, names, version, scheme: package.kind.version_scheme(), refusal }
}

/// The name and version that a distribution's entries are keyed by.
///
/// Debian, Ubuntu and Alpine speak of source packages; RPM families of binary packages, save the OVAL of Microsoft and
/// VMware, whose names are mostly those of sources.
fn keys<'a>(package: &'a Package, release: &str) -> (Vec<Cow<'a, str>>, &'a str) {
    match package.kind {
        PackageType::Deb | PackageType::Apk => {
            let (name, version) = package.source_or_self();
            (vec![Cow::Borrowed(name)], version)
        }
        _ => {
            let mut names = vec![Cow::Borrowed(package.name.as_str())];
            let by_source = ["azurelinux:", "mariner:", "photon:"].iter().any(|id| release.starts_with(id));
            if let Some(source) = package.source.as_ref().filter(|source| by_source && source.name != package.name) {
                names.push(Cow::Borrowed(&source.name));
            }
            (names, &package.version)
        }
    }
}

fn refusal(package: &Package, distro: Option<&Distro>, release: Option<&str>, kernel_headers: bool) -> Option<Refusal> {
    let Some(distro) = distro else {
        return Some(Refusal::Undetermined(Reason::Counted("from a distribution that nothing names")));
    };
    let Some(release) = release else {
        return Some(Refusal::Undetermined(Reason::Counted("from a distribution that no feed can speak of")));
    };
    if manager(&distro.id) != package.kind {
        return Some(Refusal::Unjudged(Reason::Said(format!("{release} has no feed for {} packages", package.kind))));
    }
    if vendor::is_third_party(package, &distro.id) {
        return Some(Refusal::Unjudged(Reason::Said(format!(
            "{}: not built by {}",
            package.name,
            vendor::distributor(&distro.id)
        ))));
    }
    if !kernel_headers && is_kernel_header(package) {
        return Some(Refusal::Unjudged(Reason::Said(format!(
            "{}: header files of the kernel, which carry none of its vulnerabilities",
            package.name
        ))));
    }
    let reason = package.unjudged.as_ref()?;
    Some(Refusal::Unjudged(Reason::Said(format!("{}: {reason}", package.name))))
}

/// The package type that the distribution's own manager installs.
fn manager(id: &str) -> PackageType {
    match id {
        "debian" | "ubuntu" | "echo" => PackageType::Deb,
        "alpine" | "wolfi" | "chainguard" | "minimos" | "alpaquita" => PackageType::Apk,
        "arch" => PackageType::Alpm,
        _ => PackageType::Rpm,
    }
}

/// The distribution of a package: the target's, unless the package came with another one (an SBOM of several roots).
pub(crate) fn distro_of<'a>(package: &Package, target: Option<&'a Distro>) -> Option<Cow<'a, Distro>> {
    let Some(qualifier) = &package.distro else { return target.map(Cow::Borrowed) };
    match target {
        Some(target) if target.purl_qualifier() == *qualifier || target.id == *qualifier => Some(Cow::Borrowed(target)),
        _ => from_qualifier(qualifier).map(Cow::Owned),
    }
}

/// Reads the `distro` qualifier of a purl: `debian-12`, `opensuse-leap-15.5`, `debian-sid`, or a rolling release's bare id.
/// `None` where it names no release of a distribution that has releases.
fn from_qualifier(qualifier: &str) -> Option<Distro> {
    let bare = |id: &str| Distro { id: id.to_owned(), ..Distro::default() };
    if ["arch", "wolfi", "chainguard", "echo", "minimos", "opensuse-tumbleweed"].contains(&qualifier) {
        return Some(bare(qualifier));
    }
    let (id, version) = qualifier.rsplit_once('-')?;
    let mut distro = bare(id);
    let is_codename = version == "sid" || debian_number(version).is_some();
    if id == "debian" && is_codename {
        distro.codename = Some(version.to_owned());
    } else {
        version.clone_into(&mut distro.version_id);
    }
    Some(distro)
}

/// Packages built from the kernel's source that hold nothing of it that runs: headers, and what builds modules.
fn is_kernel_header(package: &Package) -> bool {
    match package.kind {
        PackageType::Deb => {
            let source = package.source_or_self().0;
            let prefixes = ["linux-libc-dev", "linux-headers-", "linux-kbuild-", "linux-compiler-"];
            (source == "linux" || source.starts_with("linux-")) && prefixes.iter().any(|prefix| package.name.starts_with(prefix))
        }
        PackageType::Rpm => {
            let base = package.name.strip_prefix("kernel").unwrap_or_default();
            base.ends_with("-headers") || base.ends_with("-devel") || base.ends_with("-devel-matched")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use model::package::SourcePackage;

    use super::*;

    fn package(kind: PackageType, name: &str, source: Option<&str>) -> Package {
        let mut package = Package::new(kind, name, "1-1", "test");
        package.source = source.map(|name| SourcePackage { name: name.into(), version: "2-1".into() });
        package
    }

    fn distro(text: &str) -> Distro {
        Distro::from_os_release(text).unwrap()
    }

    #[test]
    fn the_source_speaks_for_debian_and_the_binary_for_rpm() {
        let debian = distro("ID=debian\nVERSION_ID=12");
        let libssl = package(PackageType::Deb, "libssl3", Some("openssl"));
        let plan_of = plan(&libssl, Some(&debian), false);
        assert_eq!((plan_of.names, plan_of.version), (vec![Cow::Borrowed("openssl")], "2-1"));
        assert_eq!(plan_of.namespaces, ["debian:12"]);

        let libs = package(PackageType::Rpm, "openssl-libs", Some("openssl"));
        assert_eq!(plan(&libs, Some(&distro("ID=almalinux\nVERSION_ID=9.4")), false).names, ["openssl-libs"]);
        assert_eq!(plan(&libs, Some(&distro("ID=azurelinux\nVERSION_ID=3.0")), false).names, ["openssl-libs", "openssl"]);
    }

    #[test]
    fn ubuntu_packages_from_esm_ask_esm_first() {
        let ubuntu = distro("ID=ubuntu\nVERSION_ID=\"18.04\"");
        let mut openssl = package(PackageType::Deb, "openssl", None);
        assert_eq!(plan(&openssl, Some(&ubuntu), false).namespaces, ["ubuntu:18.04"]);
        openssl.version = "1.1.1-1ubuntu2.1~18.04.23+esm3".into();
        assert_eq!(plan(&openssl, Some(&ubuntu), false).namespaces, ["ubuntu:18.04+esm", "ubuntu:18.04"]);
    }

    #[test]
    fn releases_from_purl_qualifiers() {
        for (qualifier, expected) in [
            ("debian-12", Some("debian:12")),
            ("debian-sid", Some("debian:sid")),
            ("debian-bookworm", Some("debian:12")),
            ("debian", None),
            ("alpine-3.20.3", Some("alpine:3.20")),
            ("opensuse-leap-15.5", Some("opensuse-leap:15.5")),
            ("opensuse-tumbleweed", Some("opensuse-tumbleweed")),
            ("wolfi-20230201", Some("wolfi")),
            ("ubuntu-22.04", Some("ubuntu:22.04")),
        ] {
            assert_eq!(from_qualifier(qualifier).as_ref().and_then(Distro::namespace).as_deref(), expected, "{qualifier}");
        }
        // A qualifier that names no release means the target's own.
        let mut curl = package(PackageType::Deb, "curl", None);
        curl.distro = Some("debian".into());
        assert_eq!(plan(&curl, Some(&distro("ID=debian\nVERSION_ID=11")), false).namespaces, ["debian:11"]);
    }

    #[test]
    fn kernel_headers() {
        for (kind, name, source, expected) in [
            (PackageType::Deb, "linux-libc-dev", Some("linux"), true),
            (PackageType::Deb, "linux-headers-6.1.0-9-amd64", Some("linux"), true),
            (PackageType::Deb, "linux-kbuild-6.1", Some("linux"), true),
            (PackageType::Deb, "linux-image-6.1.0-9-amd64", Some("linux-signed-amd64"), false),
            (PackageType::Deb, "linux-perf", Some("linux"), false),
            (PackageType::Deb, "libc6-dev", Some("glibc"), false),
            (PackageType::Rpm, "kernel-headers", None, true),
            (PackageType::Rpm, "kernel-uek-devel", None, true),
            (PackageType::Rpm, "kernel-core", None, false),
            (PackageType::Rpm, "glibc-headers", None, false),
        ] {
            assert_eq!(is_kernel_header(&package(kind, name, source)), expected, "{name}");
        }
    }
}
