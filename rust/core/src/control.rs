//! How a caller watches a long call and stops it.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Shared between the thread that waits and the threads that work.
#[derive(Debug, Default)]
pub struct Control {
    cancelled: AtomicBool,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Control {
    /// Asks the workers to stop; they do so after the batch in hand.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Tokens encoded so far and tokens to encode; both are 0 until the texts are tokenized.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    pub(crate) fn set_total(&self, total: usize) {
        self.total.store(total, Ordering::Relaxed);
    }

    pub(crate) fn add_done(&self, tokens: usize) {
        self.done.fetch_add(tokens, Ordering::Relaxed);
    }
}
