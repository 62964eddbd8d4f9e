//! How long it takes to open a database and to ask it for a package, over a generated database of 200,000 statements.
#![allow(missing_docs, reason = "the macros of criterion make public functions")]
#![allow(clippy::expect_used, reason = "a benchmark stops at what cannot be written")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use advisory::database::{Database, Writer};
use model::advisory::{Advisory, Affected, End, Range};

const NAMES: usize = 40_000;

fn writer() -> Writer {
    let mut writer = Writer::new();
    for number in 0..100_000 {
        let affected = |namespace: &str, fixed: String| Affected {
            namespace: namespace.to_owned(),
            name: format!("package-{}", number * 7919 % NAMES),
            ranges: vec![Range { end: End::Fixed(fixed), ..Range::default() }],
            ..Affected::default()
        };
        writer.add(
            "generated",
            Advisory {
                id: format!("CVE-20{:02}-{number:05}", number % 25),
                title: format!("what is wrong, number {number}"),
                affected: vec![affected("debian:12", format!("1.{number}-1")), affected("npm", format!("2.0.{number}"))],
                ..Advisory::default()
            },
        );
    }
    writer
}

fn lookup(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("generated.db");
    writer().finish(Vec::new(), "full", &path).expect("the database can be written");
    let database = Database::open(&path).expect("what was written can be read");
    let names: Vec<String> = (0..1000).map(|number| format!("package-{}", number * 31)).collect();

    let mut group = criterion.benchmark_group("database");
    group.bench_function("open", |bencher| bencher.iter(|| Database::open(&path)));
    group.throughput(Throughput::Elements(names.len() as u64));
    for (what, namespace) in [("present", "debian:12"), ("absent", "debian:11")] {
        group.bench_function(what, |bencher| {
            bencher.iter(|| {
                names.iter().map(|name| database.entries(namespace, name).map_or(0, |found| found.len())).sum::<usize>()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, lookup);
criterion_main!(benches);
