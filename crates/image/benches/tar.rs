//! How fast a layer's tar is walked: many small files, of which nothing or everything is asked for; hashing included.
#![allow(missing_docs, reason = "the macros of criterion make public functions")]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use image::blob::MemoryBlob;
use image::{Entry, Layer, Limits, More, Visitor, Wish};
use std::sync::Arc;
use testing::tar::Tar;

struct Asks(Wish);

impl Visitor for Asks {
    fn entry(&mut self, _entry: &Entry<'_>) -> Wish {
        self.0
    }
    fn content(&mut self, piece: &[u8]) -> More {
        std::hint::black_box(piece);
        More::Yes
    }
    fn end(&mut self, _complete: bool) {}
    fn problem(&mut self, problem: String) {
        assert!(problem.is_empty(), "{problem}");
    }
}

fn walking(criterion: &mut Criterion) {
    let tar = (0..20_000).fold(Tar::new(), |tar, number| {
        tar.file(&format!("usr/lib/folder{}/file{number}", number % 97), vec![b'x'; number % 2000])
    });
    let bytes: Arc<[u8]> = tar.bytes().into();
    let mut group = criterion.benchmark_group("tar");
    group.throughput(Throughput::Bytes(bytes.len() as u64)).sample_size(20);
    for (name, wish) in [("names alone", Wish::Skip), ("all content", Wish::Content)] {
        group.bench_function(name, |bencher| {
            bencher.iter_batched(
                || Layer::new("layer", Arc::new(MemoryBlob::new(Arc::clone(&bytes)))),
                |layer| layer.walk(&Limits::default(), &mut Asks(wish)),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, walking);
criterion_main!(benches);
