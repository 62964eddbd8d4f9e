//! Progress bars: on a terminal only, never in CI, never with `--quiet`.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use indexer::index::Progress;
use indicatif::{ProgressBar, ProgressStyle};

/// Whether bars are wanted.
pub fn wanted(quiet: bool) -> bool {
    !quiet && std::io::stderr().is_terminal() && std::env::var_os("CI").is_none()
}

/// A spinner with a message, for work of unknown length; hidden where bars are not wanted.
pub fn spinner(quiet: bool) -> ProgressBar {
    if !wanted(quiet) {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// Draws how far an indexing is until dropped.
pub struct ScanProgress {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl ScanProgress {
    /// Watches `progress`; `layers` is how many there are to do.
    pub fn start(progress: &Arc<Progress>, layers: usize, quiet: bool) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        if !wanted(quiet) {
            return Self { stop, thread: None };
        }
        let (progress, stopped) = (Arc::clone(progress), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            // Short scans show nothing at all.
            let bar = ProgressBar::hidden();
            let mut waited = 0;
            while !stopped.load(Ordering::Relaxed) {
                std::thread::park_timeout(Duration::from_millis(50));
                waited += 1;
                if waited == 6 {
                    bar.set_draw_target(indicatif::ProgressDrawTarget::stderr());
                    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
                        bar.set_style(style);
                    }
                }
                let megabytes = progress.bytes.load(Ordering::Relaxed) / 1_000_000;
                bar.set_message(match layers {
                    0 => format!("reading: {megabytes} MB"),
                    layers => {
                        format!("reading layers: {} of {layers} done, {megabytes} MB", progress.layers.load(Ordering::Relaxed))
                    }
                });
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Self { stop, thread: Some(thread) }
    }
}

impl Drop for ScanProgress {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            let _ = thread.join();
        }
    }
}
