//! The funnel: how few of all packages and findings are worth acting on today.

use model::finding::Finding;
use model::report::Report;
use model::severity::Severity;
use serde::Serialize;

/// How many are left at each step from everything installed to what is worth acting on today.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// Packages in the inventory.
    pub packages: usize,
    /// Findings that are not suppressed.
    pub findings: usize,
    /// Of these, those with a fix.
    pub fixable: usize,
    /// Of the findings, those that are critical or high.
    pub critical_or_high: usize,
    /// Of the findings, those likely to be exploited.
    pub likely_exploited: usize,
    /// Of the findings, those known to be exploited.
    pub exploited: usize,
    /// Of the findings, those in code seen running; `null` where nobody looked.
    pub in_use: Option<usize>,
}

impl Funnel {
    /// Counts a report.
    pub fn of(report: &Report) -> Self {
        let findings: Vec<&Finding> = report.findings.iter().flatten().filter(|finding| finding.suppressed.is_none()).collect();
        let count = |test: fn(&Finding) -> bool| findings.iter().filter(|finding| test(finding)).count();
        let looked = findings.iter().any(|finding| finding.in_use.is_some());
        Self {
            packages: report.packages.len(),
            findings: findings.len(),
            fixable: count(|finding| finding.status == model::finding::FindingStatus::Fixed),
            critical_or_high: count(|finding| finding.severity >= Severity::High),
            likely_exploited: count(Finding::is_likely_exploited),
            exploited: count(Finding::is_known_exploited),
            in_use: looked.then(|| count(|finding| finding.in_use == Some(true))),
        }
    }

    /// The steps in words, each with its number; what nobody looked at has none.
    pub(crate) fn steps(&self) -> [(&'static str, Option<usize>); 7] {
        [
            (if self.packages == 1 { "package" } else { "packages" }, Some(self.packages)),
            (if self.findings == 1 { "finding" } else { "findings" }, Some(self.findings)),
            ("fixable", Some(self.fixable)),
            ("critical or high", Some(self.critical_or_high)),
            ("likely exploited", Some(self.likely_exploited)),
            ("known exploited", Some(self.exploited)),
            ("in use", self.in_use),
        ]
    }
}
