//! What a person asks a database: everything about one id, or everything about one package.

use model::advisory::CveFacts;
use model::package::PackageType;
use model::purl;

use super::reader::{Database, Entry, Record};
use super::{DatabaseError, ExploitationFeeds};

/// What a search found.
pub enum SearchResult<'a> {
    /// The query was an id.
    Id {
        /// What is known of the CVE, where the id is one.
        facts: Option<Box<CveFacts>>,
        /// Which feeds on exploitation the database holds, so that "no entry" and "no feed" can be told apart.
        exploitation: ExploitationFeeds,
        /// The advisories that carry the id.
        advisories: Vec<Record<'a>>,
    },
    /// The query was a purl.
    Package {
        /// The package that was asked for.
        package: Box<model::package::Package>,
        /// What is said of packages of that name, of every version: judging a version is the matcher's work.
        entries: Vec<Entry<'a>>,
    },
}

impl Database {
    /// Looks up a purl (`pkg:…`) or any id (`CVE-…`, `GHSA-…`, `DSA-…`), whatever its case.
    pub fn search(&self, query: &str) -> Result<SearchResult<'_>, DatabaseError> {
        let query = query.trim();
        if !query.starts_with("pkg:") {
            let id = query.to_ascii_uppercase();
            return Ok(SearchResult::Id {
                facts: self.cve(&id)?.map(Box::new),
                exploitation: self.has_exploitation_feeds(),
                advisories: self.records(&id)?,
            });
        }
        let package = purl::parse(query).ok_or_else(|| DatabaseError::Query { query: query.to_owned() })?;
        let mut entries = self.entries_named(&package.name, |namespace| speaks_of(namespace, &package))?;
        // Distributions with source packages keep their advisories under the source's name.
        let (source, _) = package.source_or_self();
        if source != package.name {
            entries.extend(self.entries_named(source, |namespace| speaks_of(namespace, &package))?);
        }
        Ok(SearchResult::Package { package: Box::new(package), entries })
    }
}

/// Whether a namespace of the database is one that this package can be in: its ecosystem, or the release its purl names,
/// or every release of its distribution where the purl names none.
fn speaks_of(namespace: &str, package: &model::package::Package) -> bool {
    if !package.kind.is_os() {
        return namespace == package.kind.name();
    }
    let (distribution, release) = namespace.split_once(':').unwrap_or((namespace, ""));
    let release = release.split('+').next().unwrap_or_default();
    let known = match package.kind {
        PackageType::Deb => &["debian", "ubuntu"][..],
        PackageType::Apk => &["alpine", "wolfi", "chainguard"],
        PackageType::Alpm => &["arch"],
        _ => &[],
    };
    match package.distro.as_deref() {
        Some(distro) => {
            let (id, version) = distro.split_once('-').map_or((distro, None), |(id, version)| (id, Some(version)));
            distribution == id && version.is_none_or(|version| version == release || version.starts_with(&format!("{release}.")))
        }
        None if known.is_empty() => {
            package.kind == PackageType::Rpm && namespace.contains(':') && !RPM_LESS.contains(&distribution)
        }
        None => known.contains(&distribution),
    }
}

/// Distributions that have other packages than RPM.
const RPM_LESS: [&str; 6] = ["debian", "ubuntu", "alpine", "wolfi", "chainguard", "arch"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purl_says_which_releases() {
        for (query, yes, no) in [
            ("pkg:npm/lodash", &["npm"][..], &["pypi"][..]),
            ("pkg:deb/debian/openssl", &["debian:11", "debian:12"], &["ubuntu:22.04"]),
            ("pkg:deb/debian/openssl?distro=debian-12", &["debian:12"], &["debian:11"]),
            ("pkg:deb/debian/openssl?distro=debian-12.5", &["debian:12"], &["debian:1"]),
            ("pkg:deb/ubuntu/openssl?distro=ubuntu-18.04", &["ubuntu:18.04", "ubuntu:18.04+esm"], &["ubuntu:18.10"]),
            ("pkg:apk/alpine/busybox?distro=alpine-3.20.3", &["alpine:3.20"], &["alpine:3.2"]),
            ("pkg:rpm/almalinux/bash", &["almalinux:9"], &["rocky:9", "debian:12"]),
            ("pkg:rpm/bash", &["almalinux:9", "rocky:9"], &["debian:12", "npm"]),
            ("pkg:deb/openssl", &["debian:12", "ubuntu:22.04"], &["almalinux:9"]),
        ] {
            let package = purl::parse(query).unwrap();
            for namespace in yes {
                assert!(speaks_of(namespace, &package), "{query} {namespace}");
            }
            for namespace in no {
                assert!(!speaks_of(namespace, &package), "{query} {namespace}");
            }
        }
    }
}
