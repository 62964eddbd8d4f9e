//! The search for secrets against a corpus whose generator knows nothing of its rules.

use indexer::secret::SecretRules;
use testing::secrets::corpus;

/// Larger files only take time here; the bench has them.
const LARGEST: usize = 100_000;

#[test]
fn most_secrets_are_found_and_little_else() {
    let rules = SecretRules::built_in();
    let (mut known, mut found, mut wrong) = (0, 0, 0);
    let (mut missed, mut mistaken) = (Vec::new(), Vec::new());
    for file in corpus(29).files.iter().filter(|file| file.bytes.len() <= LARGEST) {
        let mut matches = rules.search(&file.path, &file.bytes);
        for secret in &matches {
            assert!(!file.expected.iter().any(|expected| secret.redacted.contains(&expected.value)), "{} shows it", file.path);
        }
        for expected in &file.expected {
            known += 1;
            let (from, to) = expected.line.map_or((0, u64::MAX), |line| (line as u64, expected.end_line.unwrap_or(line) as u64));
            let before = matches.len();
            matches.retain(|secret| !(from..=to).contains(&secret.line));
            if matches.len() < before {
                found += 1;
            } else if !file.expected.iter().any(|other| other.line == expected.line && other.value != expected.value) {
                missed.push(format!("{} ({})", expected.kind, file.about));
            } else {
                // Two secrets of one line are told by one place.
                known -= 1;
            }
        }
        wrong += matches.len();
        mistaken.extend(matches.iter().map(|secret| format!("{} ({})", secret.rule, file.about)));
    }
    let recall = f64::from(found) / f64::from(known);
    let precision = f64::from(found) / (f64::from(found) + wrong as f64);
    println!("{known} secrets, recall {recall:.4}, precision {precision:.4}");
    assert!(known > 1_500 && recall >= 0.98 && precision >= 0.98, "{recall:.4} {precision:.4}\n{missed:?}\n{mistaken:?}");
}
