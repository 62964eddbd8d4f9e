//! Times the search for secrets over the files of folders: `cargo run --release -p indexer --example secrets -- FOLDER…`
use std::time::Instant;
fn main() {
    let start = Instant::now();
    let rules = indexer::secret::SecretRules::built_in();
    eprintln!("rules {:?}", start.elapsed());
    let mut files = Vec::new();
    let mut stack: Vec<std::path::PathBuf> = std::env::args().skip(1).map(Into::into).collect();
    while let Some(path) = stack.pop() {
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            stack.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if let Ok(b) = std::fs::read(&path) {
            files.push((path, b));
        }
    }
    files.sort();
    let bytes: usize = files.iter().filter(|(_, b)| !b[..b.len().min(1024)].contains(&0)).map(|(_, b)| b.len()).sum();
    let start = Instant::now();
    let mut n = 0;
    for (path, content) in &files {
        for one in rules.search(&path.display().to_string(), content) {
            n += 1;
            println!("{} {}:{} {}", one.rule, path.display(), one.line, one.redacted);
        }
    }
    let t = start.elapsed();
    eprintln!(
        "{n} found in {} files, {} MB text, {:?}, {:.0} MB/s",
        files.len(),
        bytes / 1_000_000,
        t,
        bytes as f64 / t.as_secs_f64() / 1e6
    );
}
