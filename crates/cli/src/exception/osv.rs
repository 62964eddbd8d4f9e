//! `osv-scanner.toml`: its `[[IgnoredVulns]]` (<https://google.github.io/osv-scanner/configuration/>).

use anyhow::{anyhow, bail};
use model::exception::Exception;
use model::suppression::SuppressionKind;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Entries, day, day_before};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    #[serde(default)]
    ignored_vulns: Vec<Spanned<Entry>>,
    #[serde(default)]
    package_overrides: Vec<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Entry {
    id: String,
    ignore_until: Option<Until>,
    reason: Option<String>,
}

/// A date of TOML's own, or a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Until {
    Date(Datetime),
    Text(String),
}

pub(super) fn read(source: &str, text: &str) -> anyhow::Result<Entries> {
    let line_at = |offset: usize| text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| format!(" line {}", line_at(span.start))).unwrap_or_default();
        anyhow!("{source}{line}: {}", error.message())
    })?;
    let mut entries = Entries::default();
    if !file.package_overrides.is_empty() {
        entries
            .warnings
            .push(format!("{source}: PackageOverrides are left out; write exceptions in .plimsoll.yaml for what they leave out"));
    }
    for entry in file.ignored_vulns {
        let line = line_at(entry.span().start);
        let Entry { id, ignore_until, reason } = entry.into_inner();
        let mut exception = Exception::new(SuppressionKind::IgnoreFile, source, u32::try_from(line).ok());
        if let Some(until) = ignore_until {
            let until = match until {
                Until::Date(date) => date.to_string(),
                Until::Text(text) => text,
            };
            // A date means its first moment; within a day nobody counts.
            let last = if until.len() == 10 || until.contains("T00:00:00") { day_before(&until) } else { day(&until) };
            let Some(last) = last else { bail!("{source} line {line}: `{until}` is no day; write ignoreUntil = 2027-01-31") };
            exception.expires = Some(last);
        }
        exception.id = Some(id);
        exception.reason = reason.unwrap_or_default();
        entries.exceptions.push(exception);
    }
    Ok(entries)
}
