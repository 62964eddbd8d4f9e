//! What every format says of a secret. None says more of it than its redacted form.

use model::report::Report;
use model::secret::{Secret, SecretLocation};

use crate::text::one_line;

/// Places of one secret that are named.
const PLACES: usize = 4;

/// The secrets that count.
pub(crate) fn open(report: &Report) -> impl Iterator<Item = &Secret> {
    report.secrets.iter().flatten().filter(|secret| secret.suppressed.is_none())
}

/// The rule's id among those of weaknesses and misconfigurations.
pub(crate) fn rule_id(secret: &Secret) -> String {
    format!("secret/{}", secret.rule)
}

/// What it is, and what may be shown of it.
pub(crate) fn what(secret: &Secret) -> String {
    format!("{}: {}", one_line(&secret.title), one_line(&secret.redacted))
}

/// Its places, the first of them by name.
pub(crate) fn places(secret: &Secret) -> String {
    let mut places: Vec<String> = secret.locations.iter().take(PLACES).map(place).collect();
    if secret.locations.len() > PLACES {
        places.push(format!("{} more", secret.locations.len() - PLACES));
    }
    places.join(", ")
}

/// One place.
pub(crate) fn place(location: &SecretLocation) -> String {
    let line = location.line.map(|line| format!(":{line}")).unwrap_or_default();
    let deleted = if location.deleted_in.is_some() { " (deleted later)" } else { "" };
    format!("{}{line}{deleted}", one_line(&location.path))
}

/// A place's file as the repository or the root of the image has it; an archive's member is in the archive's.
pub(crate) fn file(location: &SecretLocation) -> String {
    let path = location.path.split('!').next().unwrap_or_default().trim_start_matches('/');
    // Settings and history are no files, and no address begins with their names.
    match path.split_once(':') {
        Some((kind @ ("config" | "history"), rest)) if location.line.is_none() => format!("{kind}/{rest}"),
        _ => path.to_owned(),
    }
}
