//! How long threads have been busy with each stage, for `alliance bench`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

/// Seconds of all threads together since the engine was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct StageSeconds {
    /// From texts to tokens.
    pub tokenize: f64,
    /// From tokens to what the encoder gives; to the scores where the whole graph runs in ONNX Runtime.
    pub encode: f64,
    /// From what the encoder gives to scores; 0 where the whole graph runs in ONNX Runtime.
    pub head: f64,
}

/// What [`StageSeconds`] are counted in.
#[derive(Debug, Default)]
pub(crate) struct Stages {
    pub(crate) tokenize: Stage,
    /// The head included, which is taken off where it is known.
    pub(crate) encode: Stage,
    pub(crate) head: Stage,
}

/// Nanoseconds of one stage.
#[derive(Debug, Default)]
pub(crate) struct Stage(AtomicU64);

impl Stage {
    /// Does `work` and counts how long it took.
    pub(crate) fn count<T>(&self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let nanoseconds = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.0.fetch_add(nanoseconds, Ordering::Relaxed);
        result
    }

    fn seconds(&self) -> f64 {
        self.0.load(Ordering::Relaxed) as f64 / 1e9
    }
}

impl Stages {
    pub(crate) fn seconds(&self) -> StageSeconds {
        let head = self.head.seconds();
        StageSeconds { tokenize: self.tokenize.seconds(), encode: (self.encode.seconds() - head).max(0.0), head }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_passed_on_and_the_head_is_not_counted_twice() {
        let stages = Stages::default();
        assert_eq!(stages.seconds(), StageSeconds::default());
        let result = stages.encode.count(|| stages.head.count(|| std::hint::black_box((0..1000).sum::<u32>())));
        assert_eq!(result, 499_500);
        let found = stages.seconds();
        assert!(found.head > 0.0);
        assert!(found.encode >= 0.0);
        assert!(found.tokenize.abs() < f64::EPSILON);
    }
}
