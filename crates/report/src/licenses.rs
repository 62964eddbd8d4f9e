//! What the licences of an image come to, for every format for people.

use std::collections::BTreeMap;

use model::license::{self, LicenseVerdict, Verdict};
use model::report::Report;

use crate::text::count;

/// How many packages there are of each sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    expressions: usize,
    /// Under licences of the SPDX list alone.
    known: usize,
    /// Under something that is on no list.
    unlisted: usize,
    silent: usize,
    denied: usize,
}

impl Counts {
    /// `None` where nobody looked.
    pub(crate) fn of(report: &Report) -> Option<Self> {
        let mut counts = Self::default();
        for row in report.licenses.as_ref()? {
            counts.expressions += usize::from(row.expression != license::NOT_SAID);
            let slot = if row.expression == license::NOT_SAID {
                &mut counts.silent
            } else if license::is_listed(&row.expression) {
                &mut counts.known
            } else {
                &mut counts.unlisted
            };
            *slot += row.packages.len();
            if row.verdict == Verdict::Deny {
                counts.denied += row.packages.len();
            }
        }
        Some(counts)
    }

    /// As a sentence.
    pub(crate) fn words(self) -> String {
        let mut parts = vec![format!("{} under listed licences", count(self.known, "package"))];
        parts.push(format!("{} in part under other terms", self.unlisted));
        parts.push(format!("{} without a declared licence", self.silent));
        if self.denied > 0 {
            parts.push(format!("{} denied", self.denied));
        }
        format!("{}: {}.", count(self.expressions, "licence expression"), parts.join(", "))
    }
}

/// Whether a policy said something of any licence.
pub(crate) fn are_judged(rows: &[LicenseVerdict]) -> bool {
    rows.iter().any(|row| row.verdict != Verdict::Unknown)
}

/// The rows, what is denied first and what is allowed last.
pub(crate) fn worst_first(rows: &[LicenseVerdict]) -> Vec<&LicenseVerdict> {
    let mut rows: Vec<&LicenseVerdict> = rows.iter().collect();
    rows.sort_by(|left, right| right.verdict.cmp(&left.verdict).then_with(|| left.expression.cmp(&right.expression)));
    rows
}

/// Name and version of each package by its purl.
pub(crate) fn names(report: &Report) -> BTreeMap<&str, String> {
    let name = |(purl, package): &'_ (String, model::package::Package)| -> String {
        if package.name.is_empty() { purl.clone() } else { format!("{} {}", package.name, package.version).trim_end().to_owned() }
    };
    report.packages.iter().map(|row| (row.0.as_str(), name(row))).collect()
}
