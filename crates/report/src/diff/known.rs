//! Which weaknesses earlier reports know.

use std::collections::HashMap;

use model::finding::Finding;
use model::package::PackageType;
use model::report::Report;
use model::secret::Secret;
use model::suppression::SuppressionKind;

/// The weaknesses of earlier reports. What had been set aside for a reason is not among them: where the reason holds no more,
/// the weakness is new.
#[derive(Debug, Default)]
pub struct Known {
    /// (package type, package) → id or alias → whether it was known to be exploited.
    of: HashMap<(PackageType, String), HashMap<String, bool>>,
    secrets: Vec<Secret>,
}

impl Known {
    /// What these reports know.
    pub fn of(reports: &[Report]) -> Self {
        let mut known = Self::default();
        for finding in reports.iter().flat_map(|report| report.findings.iter().flatten()).filter(|finding| counts(finding)) {
            let of_package = known.of.entry((finding.package_type, finding.package.clone())).or_default();
            for id in ids(finding) {
                *of_package.entry(id.to_owned()).or_default() |= finding.is_known_exploited();
            }
        }
        let secrets = reports.iter().flat_map(|report| report.secrets.iter().flatten());
        known.secrets = secrets.filter(|secret| super::secrets::counts(secret)).cloned().collect();
        known
    }

    /// Whether an earlier report has this secret: one of the same kind and form that lies in one of its places.
    pub fn knows_secret(&self, secret: &Secret) -> bool {
        self.secrets.iter().any(|known| super::secrets::is_same(known, secret))
    }

    /// Whether an earlier report has this weakness in a package of this type and name. What became known to be exploited
    /// since then is new.
    pub fn knows(&self, finding: &Finding) -> bool {
        let Some(of_package) = self.of.get(&(finding.package_type, finding.package.clone())) else { return false };
        let mut earlier = ids(finding).filter_map(|id| of_package.get(id)).peekable();
        earlier.peek().is_some() && (!finding.is_known_exploited() || earlier.any(|exploited| *exploited))
    }
}

/// Whether a finding counts in its report: not set aside, or by a baseline alone.
pub(super) fn counts(finding: &Finding) -> bool {
    finding.suppressed.as_ref().is_none_or(|suppressed| suppressed.kind == SuppressionKind::Baseline)
}

/// The names of a weakness.
pub(super) fn ids(finding: &Finding) -> impl Iterator<Item = &str> {
    std::iter::once(finding.id.as_str()).chain(finding.aliases.iter().map(String::as_str))
}
