//! Trivy's ignore files (<https://trivy.dev/latest/docs/configuration/filtering/>). What they say of misconfigurations,
//! secrets and licences is another matter and left alone.

use anyhow::bail;
use model::exception::Exception;
use model::suppression::SuppressionKind;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_saphyr::Spanned;

use super::{Entries, day_before, yaml};

/// `.trivyignore`: an id a line, `exp:2023-01-01` after it, comments after `#`. Comments above an id are its reason, as
/// people write them.
pub(super) fn read_lines(source: &str, text: &str) -> anyhow::Result<Entries> {
    let mut entries = Entries::default();
    let mut comments: Vec<&str> = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix('#') {
            comments.push(comment.trim());
            continue;
        }
        let (rule, comment) = line.split_once('#').unwrap_or((line, ""));
        let mut words = rule.split_whitespace();
        let Some(id) = words.next() else {
            comments.clear();
            continue;
        };
        if !is_id(id) {
            bail!("{source} line {number}: `{id}` is no id of a vulnerability; write one a line, or name the file .yaml or .toml")
        }
        let mut exception = Exception::new(SuppressionKind::IgnoreFile, source, Some(number));
        for word in words {
            match word.strip_prefix("exp:").and_then(day_before) {
                Some(date) => exception.expires = Some(date),
                None => bail!("{source} line {number}: `{word}` is not understood; write the end as exp:2027-01-31"),
            }
        }
        comments.extend(Some(comment.trim()).filter(|comment| !comment.is_empty()));
        exception.reason = comments.join(" ");
        exception.id = Some(id.to_owned());
        entries.exceptions.push(exception);
        comments.clear();
    }
    // Checks of configurations and secret rules stand in the same list, and fit no finding.
    entries.exceptions.retain(|exception| exception.id.as_deref().is_some_and(|id| !id.starts_with("AVD-")));
    Ok(entries)
}

/// Ids of every kind of rule: letters, digits, and what is between them.
fn is_id(word: &str) -> bool {
    word.len() <= 128 && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    vulnerabilities: Option<Vec<Spanned<Entry>>>,
    #[serde(default, rename = "misconfigurations")]
    _misconfigurations: IgnoredAny,
    #[serde(default, rename = "secrets")]
    _secrets: IgnoredAny,
    #[serde(default, rename = "licenses")]
    _licenses: IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    #[serde(default)]
    paths: Option<Vec<String>>,
    #[serde(default)]
    purls: Option<Vec<String>>,
    expired_at: Option<String>,
    statement: Option<String>,
}

/// `.trivyignore.yaml`.
pub(super) fn read_yaml(source: &str, text: &str) -> anyhow::Result<Entries> {
    let file: File = yaml::parse(source, text)?;
    let mut entries = Entries::default();
    for entry in file.vulnerabilities.unwrap_or_default() {
        let line = entry.referenced.line();
        let Entry { id, paths, purls, expired_at, statement } = entry.value;
        let mut exception = Exception::new(SuppressionKind::IgnoreFile, source, u32::try_from(line).ok());
        if let Some(date) = expired_at {
            let Some(last) = day_before(&date) else {
                bail!("{source} line {line}: `{date}` is no day; write expired_at: 2027-01-31")
            };
            exception.expires = Some(last);
        }
        exception.id = Some(id);
        exception.paths = paths.unwrap_or_default();
        exception.package.purls = purls.unwrap_or_default();
        exception.reason = statement.unwrap_or_default();
        entries.exceptions.push(exception);
    }
    Ok(entries)
}
