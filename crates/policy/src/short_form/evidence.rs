//! Short forms about how much is known.

use super::{Part, days, list, part};
use crate::file::CoverageLevel;

/// `max-age-of-scan`.
pub(super) fn max_age_of_scan(limit: u32) -> Result<Vec<Part>, String> {
    if limit == 0 {
        return Err("no scan is younger than 0 days; write at least 1".to_owned());
    }
    Ok(vec![part(format!("now - scanned > {}", days(limit)), format!("scanned more than {limit} days ago"))])
}

/// `min-coverage`. Stands in the place of what is otherwise asked of the coverage: every package, by more than part of a feed.
pub(super) fn min_coverage(percent: u8, level: CoverageLevel) -> Result<Vec<Part>, String> {
    if percent > 100 {
        return Err(format!("{percent} is no share; write a number from 0 to 100"));
    }
    let mut parts = Vec::new();
    if percent > 0 {
        parts.push(part(format!("judged_percent < {percent}"), format!("less than {percent} % of the packages were judged")));
    }
    let below: &[&str] = match level {
        CoverageLevel::None => &[],
        CoverageLevel::Partial => &["none"],
        CoverageLevel::FixedOnly => &["none", "partial"],
        CoverageLevel::Full => &["none", "partial", "fixed-only"],
    };
    // Nothing is asked of how they speak of packages that none of them judged: the share tells.
    if !below.is_empty() && level != CoverageLevel::Partial {
        let cel = format!("coverage.exists(c, c.judged > 0 && c.level in {})", list(below.iter().copied()));
        parts.push(part(cel, "the feeds do not say enough"));
    }
    if parts.is_empty() {
        return Err("`min-coverage: 0` never speaks; write the share of packages that must be judged".to_owned());
    }
    Ok(parts)
}

/// `require-signature` and `require-attestation`.
pub(super) fn require(what: &str, missing: &str) -> Vec<Part> {
    vec![
        part(format!("{what} == null"), format!("not looked at: {what} cannot be verified yet")),
        part(format!("{what} != null && size({what}) == 0"), missing),
    ]
}
