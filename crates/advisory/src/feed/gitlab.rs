//! The GitLab Advisory Database in its open edition (<https://gitlab.com/gitlab-org/advisories-community>): one YAML file
//! per vulnerability and package, with the affected versions in the notation of the package's own tool. Of all feeds it
//! knows most of Conan.

use model::advisory::{Advisory, Affected, Range};
use model::coverage::Level;
use model::package::PackageType;
use model::version::{Scheme, constraint};
use serde::Deserialize;

use super::osv::ecosystem::normalised;
use super::record::{cwe, is_cve, nullable, title};
use super::{ParseError, Sink, rating, time, yaml};

#[derive(Deserialize)]
struct Record {
    #[serde(default, deserialize_with = "nullable")]
    identifier: String,
    #[serde(default, deserialize_with = "nullable")]
    identifiers: Vec<String>,
    package_slug: String,
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    date: String,
    #[serde(default, deserialize_with = "nullable")]
    pubdate: String,
    #[serde(default, deserialize_with = "nullable")]
    affected_range: String,
    #[serde(default, deserialize_with = "nullable")]
    urls: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    cwe_ids: Vec<String>,
    #[serde(default, deserialize_with = "nullable")]
    cvss_v2: String,
    #[serde(default, deserialize_with = "nullable")]
    cvss_v3: String,
    #[serde(default, deserialize_with = "nullable")]
    cvss_v4: String,
}

/// The open edition is a month behind; whoever keeps an ecosystem's own database has the better one.
pub(super) fn level(namespace: &str) -> Level {
    if namespace == "conan" { Level::Full } else { Level::Partial }
}

/// Reads one record, `conan/gsoap/CVE-2020-13574.yml`. What the repository needs for itself is passed over.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    if name.split('/').any(|element| element.starts_with('.') || element == "ci") {
        return Ok(());
    }
    let record: Record = yaml::from_slice(bytes)?;
    let (published, modified) = (time::timestamp(&record.pubdate), time::timestamp(&record.date));
    sink.record(modified.or(published).map(time::day));
    let Some((kind, package)) = package(&record.package_slug) else {
        sink.problem(format!("packages like `{}` are not used", title(&record.package_slug)));
        return Ok(());
    };
    let scheme = kind.version_scheme().unwrap_or(Scheme::Semver);
    // One alternative that cannot be read says nothing against the others: `<kubernetes-1.20.0||<v0.20.0`.
    let mut ranges: Vec<Range> = Vec::new();
    for alternative in record.affected_range.split("||") {
        match constraint::parse(scheme, alternative) {
            Ok(more) => ranges.extend(more),
            Err(error) => sink.problem(format!("{name}: {error}")),
        }
    }
    let ids = record.identifiers.iter().chain([&record.identifier]).map(|id| id.trim()).filter(|id| !id.is_empty());
    let mut ids: Vec<String> = ids.map(str::to_owned).collect();
    // CVEs first; an id stands twice where both fields have it.
    ids.sort_by_key(|id| (!is_cve(id), id.clone()));
    ids.dedup();
    let cves = ids.iter().filter(|id| is_cve(id)).count();
    let Some(id) = ids.first().cloned() else { return Err(ParseError("it has no identifier".into())) };
    if ranges.is_empty() {
        return Ok(());
    }
    let mut unreadable = 0;
    let vectors = [&record.cvss_v4, &record.cvss_v3, &record.cvss_v2].map(String::as_str);
    let ratings = rating::ratings("gitlab", None, vectors, &mut unreadable);
    if unreadable > 0 {
        sink.problem(format!("{name}: {unreadable} CVSS vectors cannot be read"));
    }
    let mut cwes: Vec<String> = record.cwe_ids.iter().filter_map(|text| cwe(text)).collect();
    cwes.sort_unstable();
    cwes.dedup();
    let template = Advisory {
        // Other ids of the same vulnerability, unless it is several that they name.
        aliases: if cves < 2 { ids.iter().filter(|other| **other != id).cloned().collect() } else { Vec::new() },
        errata: if cves < 2 { Vec::new() } else { ids.iter().filter(|id| !is_cve(id)).cloned().collect() },
        id,
        title: title(&record.title),
        url: record.urls.first().cloned().unwrap_or_default(),
        published,
        modified,
        ratings,
        cwes,
        affected: vec![Affected {
            namespace: kind.name().to_owned(),
            kind: Some(kind),
            name: package,
            ranges,
            ..Affected::default()
        }],
        ..Advisory::default()
    };
    for cve in ids.iter().take(cves).skip(1) {
        sink.advisory(Advisory { id: cve.clone(), ..template.clone() });
    }
    sink.advisory(template);
    Ok(())
}

/// The package of a slug: its type, a slash, and the name with slashes of its own.
fn package(slug: &str) -> Option<(PackageType, String)> {
    let (kind, name) = slug.trim().split_once('/').filter(|(_, name)| !name.is_empty())?;
    let kind = match kind {
        "cargo" => PackageType::Cargo,
        "conan" => PackageType::Conan,
        "gem" => PackageType::Gem,
        "go" => PackageType::Golang,
        "maven" => PackageType::Maven,
        "npm" => PackageType::Npm,
        "nuget" => PackageType::Nuget,
        "packagist" => PackageType::Composer,
        "pub" => PackageType::Pub,
        "pypi" => PackageType::Pypi,
        "swift" => PackageType::Swift,
        _ => return None,
    };
    let name = match kind {
        PackageType::Maven => {
            let (group, artifact) = name.split_once('/')?;
            format!("{group}:{artifact}")
        }
        _ => normalised(kind, name),
    };
    Some((kind, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs() {
        for (slug, expected) in [
            ("conan/gsoap", Some((PackageType::Conan, "gsoap"))),
            ("npm/@babel/cli", Some((PackageType::Npm, "@babel/cli"))),
            ("maven/org.apache.tomcat/tomcat-catalina", Some((PackageType::Maven, "org.apache.tomcat:tomcat-catalina"))),
            ("go/k8s.io/client-go", Some((PackageType::Golang, "k8s.io/client-go"))),
            ("packagist/Symfony/Http", Some((PackageType::Composer, "symfony/http"))),
            ("pypi/Zope_Interface", Some((PackageType::Pypi, "zope-interface"))),
            ("maven/junit", None),
            ("perl/x", None),
            ("npm/", None),
            ("", None),
        ] {
            let found = package(slug);
            assert_eq!(found.as_ref().map(|(kind, name)| (*kind, name.as_str())), expected, "{slug}");
        }
    }
}
