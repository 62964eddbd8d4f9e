//! Who may hold much memory: one thread of the process at a time. Layers are indexed in parallel, and each may hold an
//! archive that asks for hundreds of megabytes; without turns a machine with many cores would need as many times that.

use std::cell::RefCell;
use std::marker::PhantomData;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that a thread may hold without waiting for its turn; nearly every file stays below.
pub(crate) const FREE: u64 = 32 << 20;

static LARGE: Mutex<()> = Mutex::new(());

thread_local! {
    /// How many turns this thread has nested, and the lock that the outermost took.
    static TAKEN: RefCell<(usize, Option<MutexGuard<'static, ()>>)> = const { RefCell::new((0, None)) };
}

/// The right to hold more than [`FREE`] bytes, until it is dropped. Nests within a thread and cannot leave it.
#[derive(Debug)]
pub(crate) struct Turn(PhantomData<*const ()>);

impl Turn {
    /// Waits until no other thread holds much.
    pub(crate) fn take() -> Self {
        TAKEN.with_borrow_mut(|(nested, guard)| {
            if guard.is_none() {
                // The lock guards no data, so a thread that panicked left nothing broken.
                *guard = Some(LARGE.lock().unwrap_or_else(PoisonError::into_inner));
            }
            *nested += 1;
        });
        Self(PhantomData)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TAKEN.with_borrow_mut(|(nested, guard)| {
            *nested -= 1;
            if *nested == 0 {
                *guard = None;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn one_thread_at_a_time_and_nested_within_it() {
        static HOLDING: AtomicUsize = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let outer = Turn::take();
                        assert_eq!(HOLDING.fetch_add(1, Ordering::SeqCst), 0);
                        drop(Turn::take());
                        std::thread::yield_now();
                        assert_eq!(HOLDING.fetch_sub(1, Ordering::SeqCst), 1);
                        drop(outer);
                    }
                });
            }
        });
    }
}
