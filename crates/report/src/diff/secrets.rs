//! Secrets that came or went.

use model::report::Report;
use model::secret::Secret;

/// Whether two reports speak of one secret: what it is itself, neither of them says.
pub(super) fn is_same(left: &Secret, right: &Secret) -> bool {
    let paths = |secret: &Secret, path: &str| secret.locations.iter().any(|place| place.path == path);
    left.rule == right.rule && left.redacted == right.redacted && left.locations.iter().any(|place| paths(right, &place.path))
}

/// Whether a secret counts in its report: not set aside, or by a baseline alone.
pub(super) fn counts(secret: &Secret) -> bool {
    secret.suppressed.as_ref().is_none_or(|why| why.starts_with(Secret::KNOWN))
}

/// The secrets of the first report that are not among those of the second; nothing where one did not look for any.
pub(super) fn only_in<'a>(report: &'a Report, other: &Report) -> Vec<&'a Secret> {
    let (Some(secrets), Some(others)) = (&report.secrets, &other.secrets) else { return Vec::new() };
    let others: Vec<&Secret> = others.iter().filter(|secret| counts(secret)).collect();
    let alone = |secret: &&Secret| counts(secret) && !others.iter().any(|other| is_same(secret, other));
    secrets.iter().filter(alone).collect()
}
