//! Facts about one CVE from several feeds made one, the same whatever order the feeds come in.

use model::advisory::{CveFacts, Epss, ExploitCode, Kev, Ssvc};

use super::record::encode_rating;

/// Longest text that facts share; real ones are CVSS vectors and dates.
pub(super) const SHARED_TEXT: usize = 1024;
/// How many ratings, and how many weaknesses, are kept of one CVE; real ones have fewer than ten.
const LISTED: usize = 100;

/// Puts lists in order and leaves out what no reader would take.
pub(super) fn normalise(facts: &mut CveFacts) {
    facts.ratings.retain(|rating| {
        let cvss = rating.cvss.iter().flat_map(|cvss| [&cvss.version, &cvss.vector, &cvss.source]);
        cvss.chain([&rating.source]).all(|text| text.len() <= SHARED_TEXT)
    });
    facts.ratings.sort_by_cached_key(|rating| {
        let mut key = Vec::new();
        encode_rating(rating, &mut key);
        key
    });
    facts.ratings.dedup();
    facts.ratings.truncate(LISTED);
    facts.cwes.retain(|cwe| cwe.len() <= SHARED_TEXT);
    facts.cwes.sort();
    facts.cwes.dedup();
    facts.cwes.truncate(LISTED);
    facts.kev = facts.kev.take().filter(|kev| kev.date_added.len() <= SHARED_TEXT);
    facts.epss = facts.epss.take().filter(|epss| epss.date.len() <= SHARED_TEXT);
    facts.exploit = facts.exploit.take().filter(|exploit| exploit.level.len() <= SHARED_TEXT);
    facts.ssvc = facts.ssvc.take().filter(|ssvc| ssvc.exploitation.len().max(ssvc.technical_impact.len()) <= SHARED_TEXT);
}

/// Adds what another feed says of the same CVE.
pub(super) fn merge(known: &mut CveFacts, added: CveFacts) {
    // The shorter title, since it has to fit a line.
    let shorter = |left: &str, right: &str| (left.is_empty(), left.len(), left) > (right.is_empty(), right.len(), right);
    if shorter(&known.title, &added.title) {
        known.title = added.title;
    }
    known.published = [known.published, added.published].into_iter().flatten().min();
    known.ratings.extend(added.ratings);
    known.cwes.extend(added.cwes);
    known.kev = either(known.kev.take(), added.kev, |left, right| Kev {
        date_added: left.date_added.min(right.date_added),
        ransomware: left.ransomware || right.ransomware,
    });
    known.epss = either(known.epss.take(), added.epss, |left, right| {
        let key = |epss: &Epss| (epss.date.clone(), epss.score.to_bits(), epss.percentile.to_bits());
        if key(&left) >= key(&right) { left } else { right }
    });
    known.exploit = either(known.exploit.take(), added.exploit, |left, right| ExploitCode {
        level: stronger(left.level, right.level, &["metasploit", "exploitdb", "poc"]),
        count: left.count.saturating_add(right.count),
    });
    known.ssvc = either(known.ssvc.take(), added.ssvc, |left, right| Ssvc {
        exploitation: stronger(left.exploitation, right.exploitation, &["active", "poc", "none"]),
        automatable: left.automatable || right.automatable,
        technical_impact: stronger(left.technical_impact, right.technical_impact, &["total", "partial"]),
    });
    normalise(known);
}

fn either<T>(left: Option<T>, right: Option<T>, both: impl FnOnce(T, T) -> T) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => Some(both(left, right)),
        (left, right) => left.or(right),
    }
}

/// The word that comes first in `order`; words it does not know come last, by text.
fn stronger(left: String, right: String, order: &[&str]) -> String {
    let place = |word: &str| order.iter().position(|known| *known == word).unwrap_or(order.len());
    if (place(&left), &left) <= (place(&right), &right) { left } else { right }
}

#[cfg(test)]
mod tests {
    use model::severity::{Rating, Severity};

    use super::*;

    fn rated(source: &str, level: Severity) -> Rating {
        Rating { source: source.into(), level: Some(level), cvss: None }
    }

    #[test]
    fn feeds_add_up_in_any_order() {
        let kev = CveFacts {
            id: "CVE-2021-44228".into(),
            title: "Apache Log4j2 Remote Code Execution Vulnerability".into(),
            kev: Some(Kev { date_added: "2021-12-10".into(), ransomware: true }),
            cwes: vec!["CWE-502".into(), "CWE-20".into()],
            ..CveFacts::default()
        };
        let links = CveFacts {
            id: kev.id.clone(),
            exploit: Some(ExploitCode { level: "poc".into(), count: 300 }),
            ratings: vec![rated("nvd", Severity::High), rated("cna", Severity::Critical)],
            ..CveFacts::default()
        };
        let modules = CveFacts {
            id: kev.id.clone(),
            title: "Log4Shell".into(),
            exploit: Some(ExploitCode { level: "metasploit".into(), count: 2 }),
            cwes: vec!["CWE-20".into()],
            ..CveFacts::default()
        };
        let all = [kev, links, modules];
        let mut results = Vec::new();
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let mut facts = all[order[0]].clone();
            normalise(&mut facts);
            for next in &order[1..] {
                merge(&mut facts, all[*next].clone());
            }
            results.push(facts);
        }
        assert!(results.windows(2).all(|pair| pair[0] == pair[1]), "{results:#?}");
        assert_eq!(results[0].title, "Log4Shell");
        assert_eq!(results[0].cwes, ["CWE-20", "CWE-502"]);
        assert_eq!(results[0].exploit, Some(ExploitCode { level: "metasploit".into(), count: 302 }));
        assert_eq!(results[0].ratings.iter().map(|rating| rating.source.as_str()).collect::<Vec<_>>(), ["cna", "nvd"]);
    }
}
