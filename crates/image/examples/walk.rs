//! Walks the layers of an image, two at a time, and prints what it cost: the floor under every scan.
//!
//! `walk TARGET [--content]`; with `--content` every byte of every file is asked for.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for measuring")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use image::{Entry, Layer, Limits, More, OpenOptions, Opened, RootFs, Visitor, Wish};

/// Counts what it is told.
#[derive(Default)]
struct Count {
    entries: u64,
    bytes: u64,
    wants_content: bool,
}

impl Visitor for Count {
    fn entry(&mut self, _entry: &Entry<'_>) -> Wish {
        self.entries += 1;
        if self.wants_content { Wish::Content } else { Wish::Skip }
    }
    fn content(&mut self, piece: &[u8]) -> More {
        self.bytes += piece.len() as u64;
        More::Yes
    }
    fn end(&mut self, _complete: bool) {}
    fn problem(&mut self, problem: String) {
        eprintln!("{problem}");
    }
}

fn main() -> Result<(), image::Error> {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or_default();
    let wants_content = arguments.next().is_some();
    let begin = Instant::now();
    let limits = Limits::default();
    let layers: Vec<Layer> = match image::open(&target, &OpenOptions::default())? {
        Opened::Images { images, .. } => images.into_iter().flat_map(|image| image.layers).collect(),
        Opened::RootFs(RootFs::Tar(layer)) => vec![*layer],
        Opened::RootFs(RootFs::Folder(root)) => {
            let mut count = Count { wants_content, ..Count::default() };
            image::rootfs::walk_rootfs(&root, &limits, &mut count)?;
            println!("{} entries, {} bytes read, {:.3} s", count.entries, count.bytes, begin.elapsed().as_secs_f64());
            return Ok(());
        }
        other => {
            println!("{other:?}");
            return Ok(());
        }
    };
    let opened = begin.elapsed();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(layer) = layers.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut count = Count { wants_content, ..Count::default() };
                    match layer.walk(&limits, &mut count) {
                        Ok(walked) => println!("{}: {} entries, {} bytes", layer.name, walked.entries, walked.bytes),
                        Err(error) => *failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error),
                    }
                }
            });
        }
    });
    println!("{:.3} s, of that {:.3} to open", begin.elapsed().as_secs_f64(), opened.as_secs_f64());
    failed.into_inner().ok().flatten().map_or(Ok(()), Err)
}
