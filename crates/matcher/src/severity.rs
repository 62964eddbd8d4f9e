//! Whose rating a finding carries: the vendor's, then that of the CVE's own authority, then CISA's, then NVD's.

use model::severity::{Cvss, Rating, Severity};

/// Those who rate every CVE rather than their own packages, in order of precedence.
const AUTHORITIES: [&str; 3] = ["cna", "cisa", "nvd"];

/// The severity and whose word it is; empty where nobody rated it.
///
/// `vendor` are the ratings in the matching advisories: the distribution's for its packages, the ecosystem's advisory
/// database for others. Where several vendors rate it, the worst counts, words before scores. `facts` are those that
/// come with the CVE.
pub(crate) fn choose<'a>(vendor: &'a [&'a Rating], facts: &'a [&'a Rating]) -> (Severity, &'a str) {
    let by_vendor = vendor
        .iter()
        .filter(|rating| !AUTHORITIES.contains(&rating.source.as_str()))
        .filter_map(|rating| Some((rating.level.is_some(), level(rating)?, rating.source.as_str())))
        // Among equals the first name, so that the order of feeds does not show.
        .max_by(|left, right| (left.0, left.1).cmp(&(right.0, right.1)).then_with(|| right.2.cmp(left.2)));
    if let Some((_, severity, source)) = by_vendor {
        return (severity, source);
    }
    for authority in AUTHORITIES {
        let best =
            vendor.iter().chain(facts).filter(|rating| rating.source == authority).filter_map(|rating| level(rating)).max();
        if let Some(severity) = best {
            return (severity, authority);
        }
    }
    // Facts of yet another source (a database's own rating of the CVE) are better than nothing.
    facts
        .iter()
        .filter_map(|rating| Some((level(rating)?, rating.source.as_str())))
        .max_by(|left, right| left.0.cmp(&right.0).then_with(|| right.1.cmp(left.1)))
        .unwrap_or((Severity::Unknown, ""))
}

/// What a rating amounts to; `None` where it says nothing.
fn level(rating: &Rating) -> Option<Severity> {
    let severity = rating.level.filter(|level| *level != Severity::Unknown).or_else(|| {
        let cvss = rating.cvss.as_ref()?;
        let severity = Severity::from_score(cvss.score);
        // CVSS v2 knows no `critical`: its highest words cover 7.0 to 10.0.
        Some(if cvss.version.starts_with('2') { severity.min(Severity::High) } else { severity })
    })?;
    (severity != Severity::Unknown).then_some(severity)
}

/// All vectors, sorted by source, version and vector, each once.
pub(crate) fn vectors(ratings: &[&Rating]) -> Vec<Cvss> {
    let mut vectors: Vec<Cvss> = ratings.iter().filter_map(|rating| rating.cvss.clone()).collect();
    vectors.sort_by(|left, right| key(left).cmp(&key(right)));
    vectors.dedup_by(|left, right| key(left) == key(right));
    vectors
}

fn key(cvss: &Cvss) -> (&str, &str, &str) {
    (&cvss.source, &cvss.version, &cvss.vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(source: &str, level: Severity) -> Rating {
        Rating { source: source.into(), level: Some(level), cvss: None }
    }

    fn score(source: &str, version: &str, score: f64) -> Rating {
        let cvss = Cvss { version: version.into(), vector: format!("{source}/{score}"), score, source: source.into() };
        Rating { source: source.into(), level: None, cvss: Some(cvss) }
    }

    #[test]
    fn precedence() {
        let (debian, ghsa) = (word("debian", Severity::Low), word("ghsa", Severity::Medium));
        let (cna, cisa, nvd) = (score("cna", "3.1", 7.5), score("cisa", "3.1", 9.8), score("nvd", "3.1", 5.0));
        let (old, unknown, zero) = (score("nvd", "2.0", 10.0), word("debian", Severity::Unknown), score("cna", "3.1", 0.0));
        let high = word("redhat", Severity::High);
        for (vendor, facts, expected) in [
            (vec![&debian], vec![&nvd, &cisa, &cna], (Severity::Low, "debian")),
            (vec![], vec![&nvd, &cisa, &cna], (Severity::High, "cna")),
            (vec![], vec![&nvd, &cisa], (Severity::Critical, "cisa")),
            (vec![], vec![&nvd], (Severity::Medium, "nvd")),
            (vec![&nvd], vec![&cna], (Severity::High, "cna")),
            (vec![&ghsa], vec![&cna], (Severity::Medium, "ghsa")),
            (vec![&unknown], vec![&cna], (Severity::High, "cna")),
            (vec![&debian, &high], vec![], (Severity::High, "redhat")),
            (vec![], vec![&old], (Severity::High, "nvd")),
            (vec![], vec![&zero], (Severity::Negligible, "cna")),
            (vec![], vec![&ghsa], (Severity::Medium, "ghsa")),
            (vec![], vec![], (Severity::Unknown, "")),
        ] {
            assert_eq!(choose(&vendor, &facts), expected, "{vendor:?} {facts:?}");
        }
    }

    #[test]
    fn every_vector_once_in_one_order() {
        let (cna, nvd) = (score("cna", "3.1", 7.5), score("nvd", "3.1", 5.0));
        let order = |ratings: &[&Rating]| vectors(ratings).into_iter().map(|cvss| cvss.source).collect::<Vec<_>>();
        assert_eq!(order(&[&nvd, &cna, &nvd]), ["cna", "nvd"]);
        assert_eq!(order(&[&cna, &nvd]), ["cna", "nvd"]);
    }
}
