//! Purls as patterns: a statement names packages at the level of detail it wants, and what it leaves out fits anything.
//!
//! The rules are those that the OpenVEX community agreed on (<https://github.com/openvex/spec/issues/27>): without a
//! version every version is meant, and every qualifier that is given must be had by the package.

use std::collections::BTreeMap;
use std::str::FromStr;

use packageurl::PackageUrl;

/// Qualifiers that say how a tool keeps its books, not which package is meant (Syft's `bom-ref`s carry one).
const BOOKKEEPING: [&str; 1] = ["package-id"];

/// A purl in parts, ready to be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The type, in lower case.
    pub kind: String,
    /// Namespace; empty where there is none.
    pub namespace: String,
    /// Name.
    pub name: String,
    /// Version; `None` means every version.
    pub version: Option<String>,
    /// Qualifiers that tell packages apart.
    pub qualifiers: BTreeMap<String, String>,
}

impl Pattern {
    /// Reads a purl; `None` where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let purl = PackageUrl::from_str(text.trim()).ok()?;
        let kind = match purl.ty().to_ascii_lowercase().as_str() {
            "alpine" => "apk".to_owned(),
            "arch" | "pacman" => "alpm".to_owned(),
            kind => kind.to_owned(),
        };
        let namespace = purl.namespace().unwrap_or_default().to_owned();
        let name = match kind.as_str() {
            // PEP 503: names differ neither in case nor in what stands between their words.
            "pypi" => purl.name().to_ascii_lowercase().replace(['_', '.'], "-"),
            _ => purl.name().to_owned(),
        };
        let mut qualifiers: BTreeMap<String, String> = purl
            .qualifiers()
            .iter()
            .filter(|(key, value)| !value.is_empty() && !BOOKKEEPING.contains(&key.as_ref()))
            .map(|(key, value)| (key.to_ascii_lowercase(), value.to_string()))
            .collect();
        // An epoch stands in a qualifier for RPM, but not everybody knows.
        let version = purl.version().filter(|version| !version.is_empty()).map(|version| match kind.as_str() {
            "golang" => version.strip_prefix('v').unwrap_or(version).to_owned(),
            "rpm" => match version.split_once(':') {
                Some((epoch, rest)) if epoch.bytes().all(|byte| byte.is_ascii_digit()) => {
                    qualifiers.entry("epoch".to_owned()).or_insert_with(|| epoch.to_owned());
                    rest.to_owned()
                }
                _ => version.to_owned(),
            },
            _ => version.to_owned(),
        });
        if kind == "rpm" && qualifiers.get("epoch").is_some_and(|epoch| epoch == "0") {
            qualifiers.remove("epoch");
        }
        Some(Self { kind, namespace, name, version, qualifiers })
    }

    /// Whether this pattern means that package.
    pub fn means(&self, package: &Self) -> bool {
        self.kind == package.kind
            && self.name == package.name
            && self.means_namespace(package)
            && self.version.as_ref().is_none_or(|version| package.version.as_ref() == Some(version))
            && self.qualifiers.iter().all(|(key, wanted)| satisfied(key, wanted, package))
    }

    /// The distribution may be left out, since a name means one package within it. Elsewhere the namespace is part of the
    /// name: `core` and `@babel/core` are two packages.
    fn means_namespace(&self, package: &Self) -> bool {
        let vendor = matches!(self.kind.as_str(), "deb" | "rpm" | "apk" | "alpm");
        (vendor && self.namespace.is_empty()) || self.namespace.eq_ignore_ascii_case(&package.namespace)
    }

    /// The package that this one was built from, as an OS package's `upstream` says.
    pub fn source(&self) -> Option<Self> {
        let upstream = self.qualifiers.get("upstream")?;
        let (name, version) = match upstream.split_once('@') {
            Some((name, version)) => (name, Some(version.to_owned())),
            None => (upstream.as_str(), self.version.clone()),
        };
        let mut source = Self { name: name.to_owned(), version, ..self.clone() };
        source.qualifiers.remove("upstream");
        source.qualifiers.insert("arch".to_owned(), "source".to_owned());
        Some(source)
    }
}

fn satisfied(key: &str, wanted: &str, package: &Pattern) -> bool {
    let Some(had) = package.qualifiers.get(key) else { return false };
    // `debian-12` and `debian-12.5` are one release; who writes the point release and who does not differs by tool.
    let within = |longer: &str, shorter: &str| longer.strip_prefix(shorter).is_some_and(|rest| rest.starts_with('.'));
    had == wanted || (key == "distro" && (within(had, wanted) || within(wanted, had)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_of_detail() {
        let ssl = "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12&upstream=openssl";
        for (pattern, package, means) in [
            ("pkg:deb/debian/libssl3", ssl, true),
            ("pkg:deb/libssl3", ssl, true),
            ("pkg:deb/ubuntu/libssl3", ssl, false),
            ("pkg:deb/debian/libssl3@3.0.11-1~deb12u2", ssl, true),
            ("pkg:deb/debian/libssl3@3.0.11-1%7Edeb12u2?arch=amd64", ssl, true),
            ("pkg:deb/debian/libssl3@3.0.11-1~deb12u1", ssl, false),
            ("pkg:deb/debian/libssl3?arch=arm64", ssl, false),
            ("pkg:deb/debian/libssl3?distro=debian-12.5", ssl, true),
            ("pkg:deb/debian/libssl3?distro=debian-1", ssl, false),
            ("pkg:deb/debian/libssl3?vcs_url=x", ssl, false),
            ("pkg:npm/core", "pkg:npm/%40babel/core@7.0.0", false),
            ("pkg:npm/%40babel/core", "pkg:npm/%40babel/core@7.0.0", true),
            ("pkg:pypi/Ruamel_Yaml", "pkg:pypi/ruamel.yaml@1", true),
            ("pkg:golang/golang.org/x/net@0.1.0", "pkg:golang/golang.org/x/net@v0.1.0", true),
            ("pkg:rpm/redhat/bash@0:5.1-1", "pkg:rpm/redhat/bash@5.1-1", true),
            ("pkg:rpm/redhat/shadow@2:4.9", "pkg:rpm/redhat/shadow@4.9?epoch=2", true),
            ("pkg:rpm/redhat/shadow@4.9?epoch=1", "pkg:rpm/redhat/shadow@4.9?epoch=2", false),
            ("pkg:apk/alpine/a?package-id=12ab", "pkg:apk/alpine/a@1", true),
        ] {
            let (pattern_, package_) = (Pattern::parse(pattern).unwrap(), Pattern::parse(package).unwrap());
            assert_eq!(pattern_.means(&package_), means, "{pattern} {package}");
        }
        let source = Pattern::parse("pkg:deb/debian/openssl?arch=source").unwrap();
        assert!(source.means(&Pattern::parse(ssl).unwrap().source().unwrap()));
        assert!(Pattern::parse("openssl").is_none());
    }
}
