//! Our own file:
//!
//! ```yaml
//! exceptions:
//!   - id: CVE-2023-4863
//!     package: libwebp6            # name or package URL; optional
//!     path: /srv/app/**            # optional
//!     image: ghcr.io/team/*        # optional
//!     reason: no image of a user is decoded
//!     author: jo@example.com
//!     expires: 2026-12-31          # the last day on which it holds
//!     justification: vulnerable_code_not_in_execute_path   # OpenVEX; optional
//!   - secret: github-pat           # id of a rule, in the place of an id and a package
//!     path: srv/test/**            # all places must fit; optional
//!     reason: revoked long ago, kept for a test
//!     author: jo@example.com
//!     expires: 2026-12-31
//! ```

use anyhow::{bail, ensure};
use model::exception::Exception;
use model::suppression::SuppressionKind;
use serde::Deserialize;
use serde_saphyr::Spanned;

use super::{Entries, day, yaml};

/// What to write, for messages.
pub(super) const EXAMPLE: &str =
    "exceptions: [{id: CVE-2024-1234, reason: why it can be lived with, author: who decided, expires: 2027-01-31}]";

/// The reasons that OpenVEX knows (its specification, "status justifications").
const JUSTIFICATIONS: [&str; 5] = [
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    exceptions: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: Option<String>,
    secret: Option<String>,
    package: Option<String>,
    path: Option<OneOrMore>,
    image: Option<String>,
    reason: Option<String>,
    author: Option<String>,
    expires: Option<String>,
    justification: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

pub(super) fn read(source: &str, text: &str) -> anyhow::Result<Entries> {
    let file: File = yaml::parse(source, text)?;
    let exceptions = file.exceptions.into_iter().map(|entry| exception(source, entry)).collect::<Result<_, _>>()?;
    Ok(Entries { exceptions, warnings: Vec::new() })
}

fn exception(source: &str, entry: Spanned<Entry>) -> anyhow::Result<Exception> {
    let line = entry.referenced.line();
    let Entry { id, secret, package, path, image, reason, author, expires, justification } = entry.value;
    let given = |field: Option<String>| field.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (named, secret) = (given(id), given(secret));
    let Some(id) = named.clone().or_else(|| secret.clone()) else {
        bail!(
            "{source} line {line}: an exception names no vulnerability; add `id:` with a CVE or another id, or `secret:` with the rule that knows it"
        )
    };
    ensure!(
        secret.is_none() || (named.is_none() && package.is_none() && justification.is_none()),
        "{source} line {line}: the exception for the secret {id} names a vulnerability, too; write two"
    );
    let missing = |field: &str, example: &str| {
        anyhow::anyhow!("{source} line {line}: the exception for {id} has no {field}; add `{field}: {example}`")
    };
    let reason = given(reason).ok_or_else(|| missing("reason", "why it can be lived with"))?;
    let author = given(author).ok_or_else(|| missing("author", "who decided"))?;
    let expires = given(expires).ok_or_else(|| missing("expires", "2027-01-31"))?;
    ensure!(
        expires.len() == 10 && day(&expires).is_some(),
        "{source} line {line}: `{expires}` is no day; write the exception's last one as `expires: 2027-01-31`"
    );
    let justification = given(justification).unwrap_or_default();
    ensure!(
        justification.is_empty() || JUSTIFICATIONS.contains(&justification.as_str()),
        "{source} line {line}: `{justification}` is no justification; use one of {}, or leave it out",
        JUSTIFICATIONS.join(", ")
    );
    let mut exception = Exception::new(SuppressionKind::Exception, source, u32::try_from(line).ok());
    match given(package) {
        Some(purl) if purl.starts_with("pkg:") => exception.package.purls.push(purl),
        name => exception.package.name = name,
    }
    exception.paths = match path {
        None => Vec::new(),
        Some(OneOrMore::One(path)) => vec![path],
        Some(OneOrMore::More(paths)) => paths,
    };
    Ok(Exception { id: named, secret, image: given(image), reason, author, expires: day(&expires), justification, ..exception })
}
