//! The folder of feeds on the real data that lies beside the checkout.

use std::collections::BTreeMap;
use std::path::Path;

use advisory::feed::{FeedSummary, Item, read_folder};
use model::advisory::{Advisory, CveFacts};

/// Everything that a folder says, by feed.
#[derive(Default)]
struct Read {
    summaries: Vec<FeedSummary>,
    advisories: BTreeMap<String, Vec<Advisory>>,
    facts: BTreeMap<String, Vec<CveFacts>>,
    statements: usize,
}

fn read(folder: &Path) -> Read {
    let mut read = Read::default();
    read.summaries = read_folder(folder, &mut |feed, item| match item {
        Item::Advisory(advisory) => read.advisories.entry(feed.to_owned()).or_default().push(advisory),
        Item::Facts(facts) => read.facts.entry(feed.to_owned()).or_default().push(facts),
        Item::Vex(_) => read.statements += 1,
    })
    .unwrap();
    read
}

#[test]
fn print_summary() {
    let Some(folder) = testing::real_data("feeds") else { return };
    let start = std::time::Instant::now();
    let read = read(&folder);
    eprintln!("{:?}", start.elapsed());
    for summary in &read.summaries {
        let items = read.advisories.get(&summary.name).map_or(0, Vec::len);
        let facts = read.facts.get(&summary.name).map_or(0, Vec::len);
        eprintln!(
            "{} as_of={} records={} advisories={items} facts={facts} coverage={:?}",
            summary.name, summary.as_of, summary.records, summary.coverage
        );
        for problem in summary.problems.iter().take(12) {
            eprintln!("    {problem}");
        }
    }
}
