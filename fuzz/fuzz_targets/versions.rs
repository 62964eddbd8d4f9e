//! Version orders and constraints: whatever the text, an order is the reverse of its reverse.
#![no_main]

use libfuzzer_sys::fuzz_target;
use model::version::{Scheme, constraint};

fuzz_target!(|texts: (&str, &str)| {
    let (left, right) = texts;
    for scheme in Scheme::ALL {
        assert_eq!(scheme.compare(left, right), scheme.compare(right, left).map(std::cmp::Ordering::reverse), "{scheme}");
        let _ = constraint::parse(scheme, left);
    }
});
