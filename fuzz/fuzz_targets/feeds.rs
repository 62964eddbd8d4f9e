//! Every feed parser; the first byte chooses it.
#![no_main]

use advisory::feed::{FEEDS, Sink};
use libfuzzer_sys::fuzz_target;
use model::advisory::{Advisory, CveFacts};

struct Nowhere;

impl Sink for Nowhere {
    fn advisory(&mut self, _advisory: Advisory) {}
    fn facts(&mut self, _facts: CveFacts) {}
    fn problem(&mut self, problem: String) {
        assert!(!problem.is_empty());
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((first, document)) = data.split_first() else { return };
    let feed = &FEEDS[usize::from(*first) % FEEDS.len()];
    let _ = (feed.parse)("document", document, &mut Nowhere);
});
