//! `--baseline FILE`: what an earlier report holds is known, so that an old project can start by failing on what is new.
//!
//! A finding is known where the earlier report has the same id or alias in a package of the same type and name, whatever its
//! version and place: another path, or an upgrade that does not help, makes no new weakness. What has become known to be
//! exploited since then is new, and so is what the earlier report had set aside for a reason that holds no more.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use model::finding::Finding;
use model::suppression::{Suppression, SuppressionKind};
use serde::Deserialize;

/// Bytes of a report; those of large images have some 50 MB.
const MAX_SIZE: u64 = 512 << 20;

/// What an earlier report holds.
pub struct Baseline {
    source: String,
    /// When the report was written, `YYYY-MM-DD`.
    date: String,
    /// (id, package type, package) → whether it was known to be exploited.
    known: BTreeMap<(String, String, String), bool>,
}

/// The part of `plimsoll.report/v1` and `plimsoll.index/v1` that is asked.
#[derive(Deserialize)]
struct Stored {
    schema: String,
    #[serde(default)]
    created: Option<jiff::Timestamp>,
    #[serde(default)]
    findings: Option<Vec<Row>>,
    #[serde(default)]
    reports: Vec<Stored>,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    aliases: Vec<String>,
    package: String,
    #[serde(rename = "type")]
    package_type: String,
    exploited: Option<Exploited>,
    suppressed: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Exploited {
    kev: Option<serde_json::Value>,
}

impl Baseline {
    /// Reads a stored report, or an index of several.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let unreadable = || format!("the baseline {} could not be read", path.display());
        let size = std::fs::metadata(path).with_context(unreadable)?.len();
        ensure!(size <= MAX_SIZE, "the baseline {} is larger than {} MB", path.display(), MAX_SIZE >> 20);
        let content = std::fs::read(path).with_context(unreadable)?;
        let stored: Stored = serde_json::from_slice(&content).map_err(|error| {
            anyhow::anyhow!("the baseline {} is no report that `scan --format json` wrote: {error}", path.display())
        })?;
        let reports = match stored.schema.as_str() {
            "plimsoll.report/v1" => vec![stored],
            "plimsoll.index/v1" => stored.reports,
            other => bail!("the baseline {} is of the form `{other}`; write one with `scan --format json`", path.display()),
        };
        let oldest = reports.iter().filter_map(|report| report.created).min();
        let mut known = BTreeMap::new();
        for report in reports {
            let Some(findings) = report.findings else {
                bail!("the baseline {} holds an inventory alone; write one with `scan --format json`", path.display());
            };
            for row in findings.into_iter().filter(Row::counts) {
                let exploited = row.exploited.is_some_and(|exploited| exploited.kev.is_some());
                for id in std::iter::once(row.id).chain(row.aliases) {
                    *known.entry((id, row.package_type.clone(), row.package.clone())).or_default() |= exploited;
                }
            }
        }
        let date = oldest.map(|time| time.strftime("%F").to_string()).unwrap_or_default();
        Ok(Self { source: path.display().to_string(), date, known })
    }

    /// Sets aside what is known.
    pub fn apply(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut().filter(|finding| finding.suppressed.is_none()) {
            if self.knows(finding) {
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

    fn knows(&self, finding: &Finding) -> bool {
        let key = |id: &String| (id.clone(), finding.package_type.name().to_owned(), finding.package.clone());
        let mut earlier =
            std::iter::once(&finding.id).chain(&finding.aliases).filter_map(|id| self.known.get(&key(id))).peekable();
        earlier.peek().is_some() && (!finding.is_known_exploited() || earlier.any(|exploited| *exploited))
    }
}

impl Row {
    /// Whether it counted then: not set aside, or set aside by a baseline itself.
    fn counts(&self) -> bool {
        self.suppressed
            .as_ref()
            .is_none_or(|suppressed| suppressed.get("kind").and_then(|kind| kind.as_str()) == Some("baseline"))
    }
}
