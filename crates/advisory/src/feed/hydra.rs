//! Red Hat's Security Data API, one document per CVE
//! (<https://docs.redhat.com/en/documentation/red_hat_security_data_api/>): what is fixed by which build, and the state of
//! packages that are not. Names are those of source packages.

use model::advisory::{Advisory, Affected, End, Range, Status};
use model::package::PackageType;
use model::severity::Severity;
use serde::Deserialize;
use serde_json::Value;

use super::record::{cwe, is_cve, nullable, title};
use super::{ParseError, Sink, rating, time};

#[derive(Deserialize)]
struct Record {
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    threat_severity: String,
    #[serde(default, deserialize_with = "nullable")]
    public_date: String,
    #[serde(default, deserialize_with = "nullable")]
    bugzilla: Bug,
    #[serde(default)]
    cvss: Value,
    #[serde(default)]
    cvss3: Value,
    #[serde(default, deserialize_with = "nullable")]
    cwe: String,
    /// A list, or one object where there is one.
    #[serde(default)]
    affected_release: Value,
    #[serde(default)]
    package_state: Value,
}

#[derive(Default, Deserialize)]
struct Bug {
    #[serde(default, deserialize_with = "nullable")]
    description: String,
}

/// Reads one document.
pub fn parse(name: &str, bytes: &[u8], sink: &mut dyn Sink) -> Result<(), ParseError> {
    let record: Record = serde_json::from_slice(bytes)?;
    let published = time::timestamp(&record.public_date);
    sink.record(published.map(time::day));
    if !is_cve(&record.name) {
        return Err(ParseError("it has no CVE id".into()));
    }
    let (mut affected, mut errata) = (Vec::new(), Vec::new());
    for release in list(&record.affected_release) {
        let field = |key: &str| release.get(key).and_then(Value::as_str).unwrap_or_default();
        let (Some(namespace), Some((package, module, version))) = (namespace(field("cpe")), build(field("package"))) else {
            continue;
        };
        let erratum = field("advisory").to_owned();
        if !erratum.is_empty() && !errata.contains(&erratum) {
            errata.push(erratum);
        }
        affected.push(Affected {
            namespace,
            kind: Some(PackageType::Rpm),
            name: package,
            module,
            ranges: vec![Range { end: End::Fixed(version), ..Range::default() }],
            fixed_at: time::timestamp(field("release_date")),
            ..Affected::default()
        });
    }
    for state in list(&record.package_state) {
        let field = |key: &str| state.get(key).and_then(Value::as_str).unwrap_or_default();
        let Some(namespace) = namespace(field("cpe")) else { continue };
        let status = match field("fix_state") {
            "Affected" | "Fix deferred" | "New" => Status::Affected,
            "Will not fix" => Status::WontFix,
            "Out of support scope" => Status::EndOfLife,
            "Not affected" => Status::NotAffected,
            "Under investigation" => Status::UnderInvestigation,
            other => {
                sink.problem(format!("{name}: `{}` is no state of a package", title(other)));
                continue;
            }
        };
        // `nodejs:18/nodejs` is a package of a module.
        let (module, package) = match field("package_name").split_once('/') {
            Some((module, package)) => (Some(module.to_owned()), package),
            None => (None, field("package_name")),
        };
        let end = (status != Status::NotAffected).then_some(End::Open);
        affected.push(Affected {
            namespace,
            kind: Some(PackageType::Rpm),
            name: package.to_owned(),
            module,
            status,
            ranges: end.into_iter().map(|end| Range { end, ..Range::default() }).collect(),
            ..Affected::default()
        });
    }
    affected.dedup();
    if affected.is_empty() {
        return Ok(());
    }
    let vector = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let vectors = [vector(&record.cvss3, "cvss3_scoring_vector"), vector(&record.cvss, "cvss_scoring_vector")];
    let mut unreadable = 0;
    let level = Severity::from_vendor_word(&record.threat_severity);
    let ratings = rating::ratings("redhat", level, vectors.iter().map(String::as_str), &mut unreadable);
    if unreadable > 0 {
        sink.problem(format!("{name}: {unreadable} CVSS vectors cannot be read"));
    }
    let description = record.bugzilla.description.trim();
    sink.advisory(Advisory {
        url: format!("https://access.redhat.com/security/cve/{}", record.name),
        title: title(description.strip_prefix(&record.name).unwrap_or(description)),
        id: record.name,
        errata,
        published,
        ratings,
        cwes: cwe(&record.cwe).into_iter().collect(),
        affected,
        ..Advisory::default()
    });
    Ok(())
}

fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        Value::Object(_) => std::slice::from_ref(value),
        _ => &[],
    }
}

/// `cpe:/a:redhat:enterprise_linux:9` is RHEL 9; other products have builds of their own.
fn namespace(cpe: &str) -> Option<String> {
    let (_, rest) = cpe.split_once(":redhat:enterprise_linux:")?;
    let major = rest.split([':', '.']).next().filter(|major| !major.is_empty())?;
    Some(format!("rhel:{major}"))
}

/// `python3.9-0:3.9.18-3.el9_4.5`. A module as a whole (`nodejs:18-8090020240301.a75119d5`) has no package version.
fn build(text: &str) -> Option<(String, Option<String>, String)> {
    let (rest, release) = text.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    if name.contains(':') {
        return None;
    }
    let version = version.strip_prefix("0:").unwrap_or(version);
    Some((name.to_owned(), None, format!("{version}-{release}")))
}
