//! Ratings: CVSS vectors with the score that their own standard gives them.

use std::str::FromStr;

use model::severity::{Cvss, Rating, Severity};

/// Longest vector read; a full CVSS 4.0 vector has about 200 characters.
const VECTOR_LIMIT: usize = 512;

/// Reads and scores a CVSS v2, v3.0, v3.1 or v4.0 vector. The score is computed, never copied, so that feeds that disagree
/// with the standard do not disagree with each other. `None` where the text is no vector of these standards.
pub(super) fn cvss(vector: &str, source: &str) -> Option<Cvss> {
    let vector = vector.trim().trim_start_matches('(').trim_end_matches(')');
    if vector.len() > VECTOR_LIMIT {
        return None;
    }
    let parsed = cvss::Cvss::from_str(vector).ok()?;
    let version = match parsed {
        cvss::Cvss::CvssV20(_) => "2.0",
        cvss::Cvss::CvssV30(_) => "3.0",
        cvss::Cvss::CvssV31(_) => "3.1",
        cvss::Cvss::CvssV40(_) => "4.0",
        _ => return None,
    };
    // One decimal is what every version of the standard prescribes; rounding hides how floats came by it.
    let score = (parsed.score() * 10.0).round() / 10.0;
    Some(Cvss { version: version.to_owned(), vector: vector.to_owned(), score, source: source.to_owned() })
}

/// The ratings of one party: its word for the level, and each of its vectors. Vectors that cannot be read are counted.
pub(super) fn ratings<'a>(
    source: &str,
    level: Option<Severity>,
    vectors: impl IntoIterator<Item = &'a str>,
    unreadable: &mut usize,
) -> Vec<Rating> {
    let mut ratings: Vec<Rating> = Vec::new();
    for vector in vectors.into_iter().filter(|vector| !vector.is_empty()) {
        let Some(cvss) = cvss(vector, source) else {
            *unreadable += 1;
            continue;
        };
        let rating = Rating { source: source.to_owned(), level, cvss: Some(cvss) };
        if !ratings.contains(&rating) {
            ratings.push(rating);
        }
    }
    if ratings.is_empty() && level.is_some_and(|level| level != Severity::Unknown) {
        ratings.push(Rating { source: source.to_owned(), level, cvss: None });
    }
    ratings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_the_calculators() {
        for (vector, version, score) in [
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "3.1", 9.8),
            ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", "3.0", 6.1),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", "4.0", 9.3),
            ("AV:N/AC:L/Au:N/C:P/I:P/A:P", "2.0", 7.5),
            ("(AV:N/AC:L/Au:N/C:P/I:P/A:P)", "2.0", 7.5),
        ] {
            let cvss = cvss(vector, "nvd").unwrap();
            assert_eq!((cvss.version.as_str(), cvss.score), (version, score), "{vector}");
        }
        for bad in ["", "9.8", "CVSS:3.1/AV:X", "CVSS:9.0/AV:N"] {
            assert_eq!(cvss(bad, "nvd"), None, "{bad}");
        }
        assert_eq!(cvss(&"A".repeat(100_000), "nvd"), None);
    }

    #[test]
    fn a_word_without_vectors_is_a_rating_and_unknown_is_none() {
        let mut unreadable = 0;
        let found = ratings("ghsa", Some(Severity::High), ["nonsense"], &mut unreadable);
        assert_eq!(found, [Rating { source: "ghsa".into(), level: Some(Severity::High), cvss: None }]);
        assert_eq!(unreadable, 1);
        assert!(ratings("ghsa", Some(Severity::Unknown), [], &mut unreadable).is_empty());
    }
}
