//! What the database knows of CVEs that somebody else found: exploitation, prediction, ratings.

use advisory::database::{Database, DatabaseError};
use model::advisory::CveFacts;
use model::finding::{Exploited, Finding};

use crate::severity;

/// Adds to findings of another scanner what the database knows of their CVEs. What the scanner itself says stays: its
/// severity, and a date of known exploitation that it alone has.
///
/// # Errors
/// Only where the database cannot be read.
pub fn add_facts(findings: &mut [Finding], database: &Database) -> Result<(), DatabaseError> {
    let known = database.has_exploitation_feeds();
    for finding in findings {
        if (known.kev || known.exploit_code) && finding.exploited.is_none() {
            finding.exploited = Some(Exploited::default());
        }
        if let Some(facts) = database.cve(&finding.id)? {
            add(finding, facts);
        }
    }
    Ok(())
}

fn add(finding: &mut Finding, facts: CveFacts) {
    if finding.title.is_empty() {
        finding.title = facts.title;
    }
    finding.published = finding.published.or(facts.published);
    if let Some(exploited) = &mut finding.exploited {
        exploited.kev = facts.kev.or(exploited.kev.take());
        exploited.exploit_code = facts.exploit.map(|exploit| exploit.level).or(exploited.exploit_code.take());
    }
    // Two scores of one CVE: the newer.
    finding.epss = match (finding.epss.take(), facts.epss) {
        (Some(theirs), Some(ours)) => Some(if theirs.date > ours.date { theirs } else { ours }),
        (theirs, ours) => theirs.or(ours),
    };
    finding.ssvc = finding.ssvc.take().or(facts.ssvc);
    if finding.severity == model::severity::Severity::Unknown {
        let ratings: Vec<_> = facts.ratings.iter().collect();
        let (level, source) = severity::choose(&[], &ratings);
        finding.severity = level;
        source.clone_into(&mut finding.severity_source);
    }
    let missing = facts.ratings.into_iter().filter_map(|rating| rating.cvss).filter(|cvss| {
        let same = |known: &model::severity::Cvss| known.vector == cvss.vector;
        !finding.cvss.iter().any(same)
    });
    let missing: Vec<_> = missing.collect();
    finding.cvss.extend(missing);
    for cwe in facts.cwes {
        if !finding.cwes.contains(&cwe) {
            finding.cwes.push(cwe);
        }
    }
    finding.cwes.sort();
}
