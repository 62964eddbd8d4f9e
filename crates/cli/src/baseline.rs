//! `--baseline FILE`: what an earlier report holds is known, so that an old project can start by failing on what is new.
//!
//! A finding is known where the earlier report has the same id or alias in a package of the same type and name, whatever its
//! version and place: another path, or an upgrade that does not help, makes no new weakness. What has become known to be
//! exploited since then is new, and so is what the earlier report had set aside for a reason that holds no more.

use std::path::Path;

use anyhow::ensure;
use model::finding::Finding;
use model::report::Report;
use model::secret::Secret;
use model::suppression::{Suppression, SuppressionKind};
use report::diff::Known;

use crate::stored;

/// What an earlier report holds.
pub struct Baseline {
    source: String,
    /// When the report was written, `YYYY-MM-DD`.
    date: String,
    known: Known,
}

impl Baseline {
    /// Reads a stored report, or an index of several.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let stored = stored::read(path, "the baseline")?.content;
        ensure!(
            stored.reports.iter().all(|report| report.findings.is_some() || report.secrets.is_some()),
            "the baseline {} holds an inventory alone; write one with `scan --format json`",
            path.display()
        );
        Ok(Self::of(path.display().to_string(), &stored.reports))
    }

    /// What these reports hold; `source` is what they are called.
    pub fn of(source: String, reports: &[Report]) -> Self {
        let oldest = reports.iter().map(|report| report.created).min();
        let date = oldest.map(|time| time.strftime("%F").to_string()).unwrap_or_default();
        Self { source, date, known: Known::of(reports) }
    }

    /// Sets aside the secrets that are known.
    pub fn apply_to_secrets(&self, secrets: &mut [Secret]) {
        for secret in secrets.iter_mut().filter(|secret| secret.suppressed.is_none() && self.known.knows_secret(secret)) {
            secret.suppressed = Some(format!("{} the report of {} ({})", Secret::KNOWN, self.date, self.source));
        }
    }

    /// Sets aside what is known.
    pub fn apply(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.suppressed.is_none() && self.known.knows(finding)) {
            finding.suppressed = Some(Suppression {
                kind: SuppressionKind::Baseline,
                source: self.source.clone(),
                line: None,
                id: String::new(),
                author: String::new(),
                reason: format!("known since the report of {}", self.date),
                status: None,
                justification: String::new(),
                expires: None,
            });
        }
    }
}
