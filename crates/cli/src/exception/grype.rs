//! Grype's ignore rules (`ignore:` of `.grype.yaml`,
//! <https://github.com/anchore/grype#specifying-matches-to-ignore>). A rule with a condition that means nothing here is
//! left out and said: without that condition it would set aside more than its author meant.

use model::exception::Exception;
use model::finding::FindingStatus;
use model::suppression::SuppressionKind;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Entries, yaml};

#[derive(Deserialize)]
struct File {
    ignore: Option<Vec<Spanned<Rule>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Rule {
    vulnerability: Option<String>,
    /// Ids are compared with aliases either way.
    #[serde(rename = "include-aliases")]
    _include_aliases: Option<bool>,
    reason: Option<String>,
    namespace: Option<String>,
    fix_state: Option<String>,
    package: Option<PackageRule>,
    vex_status: Option<String>,
    vex_justification: Option<String>,
    match_type: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PackageRule {
    name: Option<String>,
    version: Option<String>,
    language: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    location: Option<String>,
    upstream_name: Option<String>,
}

pub(super) fn read(source: &str, text: &str) -> anyhow::Result<Entries> {
    let file: File = yaml::parse(source, text)?;
    let mut entries = Entries::default();
    for rule in file.ignore.unwrap_or_default() {
        let line = rule.referenced.line();
        match exception(source, line, rule.value) {
            Ok(exception) => entries.exceptions.push(exception),
            Err(condition) => entries.warnings.push(format!(
                "{source} line {line}: the rule is left out, because `{condition}` has no meaning here; write an exception in .plimsoll.yaml for it"
            )),
        }
    }
    Ok(entries)
}

/// The same in our words, or the condition that cannot be said in them.
fn exception(source: &str, line: u64, rule: Rule) -> Result<Exception, String> {
    let package = rule.package.unwrap_or_default();
    let given = |field: &Option<String>| field.as_ref().is_some_and(|text| !text.is_empty());
    for (name, field) in [
        ("namespace", &rule.namespace),
        ("match-type", &rule.match_type),
        ("vex-status", &rule.vex_status),
        ("vex-justification", &rule.vex_justification),
        ("language", &package.language),
        ("upstream-name", &package.upstream_name),
    ] {
        if given(field) {
            return Err(name.to_owned());
        }
    }
    // Names may be regular expressions there.
    let plain = |text: &str| !text.contains(['*', '^', '$', '(', '[', '|', '\\', '?']);
    if package.name.as_deref().is_some_and(|name| !plain(name)) {
        return Err("package.name as a pattern".to_owned());
    }
    let status = match rule.fix_state.as_deref() {
        None | Some("") => None,
        Some("fixed") => Some(FindingStatus::Fixed),
        Some("not-fixed") => Some(FindingStatus::Affected),
        Some("wont-fix") => Some(FindingStatus::WontFix),
        Some(other) => return Err(format!("fix-state: {other}")),
    };
    let kind = match package.kind.as_deref() {
        None | Some("") => None,
        Some(word) => Some(purl_type(word).ok_or_else(|| format!("package.type: {word}"))?.to_owned()),
    };
    let filled = |field: Option<String>| field.filter(|text| !text.is_empty());
    let mut exception = Exception::new(SuppressionKind::IgnoreFile, source, u32::try_from(line).ok());
    exception.id = filled(rule.vulnerability);
    exception.package.name = filled(package.name);
    exception.package.version = filled(package.version);
    exception.package.package_type = kind;
    exception.paths = filled(package.location).into_iter().collect();
    exception.status = status;
    exception.reason = filled(rule.reason).unwrap_or_default();
    if exception.id.is_none() && exception.package.is_empty() && exception.paths.is_empty() {
        return Err("fix-state alone".to_owned());
    }
    Ok(exception)
}

/// The purl type of one of Syft's package types (<https://github.com/anchore/syft/blob/main/syft/pkg/type.go>).
fn purl_type(word: &str) -> Option<&'static str> {
    Some(match word {
        "deb" => "deb",
        "rpm" => "rpm",
        "apk" => "apk",
        "alpm" => "alpm",
        "npm" => "npm",
        "python" => "pypi",
        "gem" => "gem",
        "go-module" => "golang",
        "java-archive" | "jenkins-plugin" => "maven",
        "rust-crate" => "cargo",
        "php-composer" => "composer",
        "dotnet" => "nuget",
        "hex" => "hex",
        "dart-pub" => "pub",
        "hackage" => "hackage",
        "R-package" => "cran",
        "swift" => "swift",
        "bitnami" => "bitnami",
        "github-action" => "github",
        _ => return None,
    })
}
