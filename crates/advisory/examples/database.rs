//! Builds a database from a folder of feeds and measures it: `cargo run --release -p advisory --example database -- FEEDS OUT`.
//! With `embedded` after it, it writes the set that is part of the program and measures nothing.
#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::path::Path;
use std::time::{Duration, Instant};

use advisory::database::Database;
use advisory::feed::{Item, read_folder};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (feeds, out) = match arguments.as_slice() {
        [feeds, out] => (Path::new(feeds), Path::new(out)),
        [feeds, out, word] if word == "embedded" => {
            let summary = advisory::build::build_embedded(Path::new(feeds), Path::new(out), &|_| {})?;
            println!("{:#?}", summary.database);
            return Ok(());
        }
        _ => return Err("usage: database FEEDS OUT [embedded]".into()),
    };

    let start = Instant::now();
    let summary = advisory::build::build(feeds, out, &|_| {})?;
    println!("build      {:>10.2?}, peak memory {} MiB", start.elapsed(), peak_memory());
    println!("file       {:>10} bytes", summary.database.bytes);
    println!("{:#?}", summary.database);
    for feed in &summary.feeds {
        println!("{:<28} {} {:>7} records, {} problems", feed.name, feed.as_of, feed.records, feed.problems.len());
    }

    let mut keys: Vec<(String, String)> = Vec::new();
    let mut ids = Vec::new();
    let start = Instant::now();
    read_folder(feeds, &mut |_, item| {
        if let Item::Advisory(advisory) = item {
            ids.push(advisory.id);
            keys.extend(advisory.affected.into_iter().map(|affected| (affected.namespace, affected.name)));
        }
    })?;
    println!("reading the feeds alone {:.2?}", start.elapsed());
    keys.sort();
    keys.dedup();
    let every = keys.len() / 1000;
    let present: Vec<_> = keys.iter().step_by(every.max(1)).take(1000).cloned().collect();
    let absent: Vec<_> = present.iter().map(|(namespace, name)| (namespace.clone(), format!("{name}-x"))).collect();

    println!("open       {:>10.2?}", best(|| Database::open(out).map(|_| 0)));
    let cold = |keys: &[(String, String)]| best(|| Database::open(out).and_then(|database| entries(&database, keys)));
    println!("1000 look-ups, first touch, open included: present {:.2?}, absent {:.2?}", cold(&present), cold(&absent));
    let database = Database::open(out)?;
    println!(
        "1000 look-ups, touched before: {:.2?} for {} entries",
        best(|| entries(&database, &present)),
        entries(&database, &present)?
    );
    let details = || -> Result<usize, advisory::database::DatabaseError> {
        let database = Database::open(out)?;
        let mut count = 0;
        for (namespace, name) in present.iter().step_by(3) {
            for entry in database.entries(namespace, name)?.iter().take(1) {
                entry.advisory()?;
                entry.aliases()?;
                database.cve(entry.primary_id())?;
                count += 1;
            }
        }
        Ok(count)
    };
    println!("{} findings with details and facts, first touch: {:.2?}", details()?, best(details));
    println!("verify     {:>10.2?}", best(|| database.verify().map(|()| 0)));
    ids.sort();
    ids.dedup();
    let start = Instant::now();
    let mut found = 0;
    for id in ids.iter().step_by(ids.len() / 100) {
        found += database.by_id(id)?.len();
    }
    println!("100 ids    {:>10.2?} for {found} whole advisories", start.elapsed());
    Ok(())
}

fn entries(database: &Database, keys: &[(String, String)]) -> Result<usize, advisory::database::DatabaseError> {
    let mut count = 0;
    for (namespace, name) in keys {
        count += database.entries(namespace, name)?.len();
    }
    Ok(count)
}

/// The shortest of several runs.
fn best<E: std::fmt::Debug>(mut run: impl FnMut() -> Result<usize, E>) -> Duration {
    let time = |run: &mut dyn FnMut() -> Result<usize, E>| {
        let start = Instant::now();
        let result = run();
        assert!(result.is_ok(), "{result:?}");
        start.elapsed()
    };
    (0..10).map(|_| time(&mut run)).min().unwrap_or_default()
}

/// Peak resident memory of this process in MiB; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
