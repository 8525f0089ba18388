//! The one door that replicates go through: which ones, with what seed, on how many threads.

use rayon::prelude::*;

use crate::error::StatsError;

/// Replicates are worked on in groups of this many, so that a tile of clusters is read once a group.
pub(crate) const GROUP: usize = 16;

/// Which replicates to compute.
#[derive(Clone, Copy, Debug)]
pub struct Replicates {
    /// Key of the generator.
    pub seed: u64,
    /// Index of the first.
    pub first: u64,
    /// How many.
    pub count: usize,
    /// How many threads; 0 for one per core.
    pub threads: usize,
}

impl Replicates {
    /// One past the last index.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(self.count as u64)
    }

    /// Computes a block of replicates for each group and joins the blocks in order of index.
    ///
    /// # Errors
    /// [`StatsError::Threads`] when the pool cannot be made.
    pub(crate) fn in_groups<F>(&self, work: F) -> Result<Vec<f64>, StatsError>
    where
        F: Fn(&[u64]) -> Vec<f64> + Sync + Send,
    {
        let indices: Vec<u64> = (self.first..).take(self.count).collect();
        let blocks: Vec<Vec<f64>> = pool(self.threads)?.install(|| indices.par_chunks(GROUP).map(work).collect());
        Ok(blocks.concat())
    }

    /// Computes one row for each replicate.
    ///
    /// # Errors
    /// [`StatsError::Threads`] when the pool cannot be made.
    pub(crate) fn one_by_one<F>(&self, work: F) -> Result<Vec<f64>, StatsError>
    where
        F: Fn(u64) -> Vec<f64> + Sync + Send,
    {
        self.in_groups(|group| group.iter().flat_map(|&replicate| work(replicate)).collect())
    }
}

/// A pool of so many threads; 0 for one per core.
///
/// # Errors
/// [`StatsError::Threads`] when it cannot be made.
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool, StatsError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| StatsError::Threads { threads, reason: error.to_string() })
}
