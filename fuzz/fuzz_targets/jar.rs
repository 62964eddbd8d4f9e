//! Java archives and Python eggs. The first byte chooses the file that the rest is the content of.
#![no_main]

use libfuzzer_sys::fuzz_target;

const FILES: &[(&str, &str)] = &[("language/java", "a.jar"), ("language/java", "a.war"), ("language/egg", "a.egg")];

fuzz_target!(|data: &[u8]| {
    let Some((first, content)) = data.split_first() else { return };
    let (id, path) = FILES[usize::from(*first) % FILES.len()];
    for extractor in indexer::language::all().iter().filter(|extractor| extractor.id() == id) {
        indexer::extractor::run(extractor.as_ref(), path, content);
    }
});
