//! What the statistic of coupling would be if each session had one of its mismatched partners.

use rand_chacha::ChaCha8Rng;

use crate::error::{StatsError, check_finite, check_length, check_sorted};
use crate::moments::small_sample;
use crate::replicate::Replicates;
use crate::rng::{Purpose, below, stream};

/// Deviations of mismatched pairs from their session's mean, and the clusters of the sessions.
#[derive(Clone, Copy, Debug)]
pub struct Mismatch<'a> {
    /// Row-major `[sessions, most]`: those that a session has come first in its row.
    pub deviations: &'a [f64],
    /// How many each session has; at least one.
    pub counts: &'a [u32],
    /// Weight of each session in the pooled correlation.
    pub weights: &'a [f64],
    /// Cluster of each session, ascending.
    pub clusters: &'a [u32],
}

/// |t| of each replicate: the sum of one deviation a session over its cluster-robust standard error.
///
/// # Errors
/// [`StatsError`] for lengths that disagree, clusters out of order, a session without deviations, weights that are
/// not finite, or threads that cannot be started.
pub fn studentised(mismatch: Mismatch<'_>, replicates: Replicates) -> Result<Vec<f64>, StatsError> {
    let most = mismatch.check()?;
    replicates.in_groups(|group| {
        let mut rngs: Vec<ChaCha8Rng> =
            group.iter().map(|&index| stream(replicates.seed, Purpose::Coupling, index)).collect();
        let mut sums = vec![Sums::default(); group.len()];
        let mut start = 0;
        for cluster in mismatch.clusters.chunk_by(PartialEq::eq) {
            mismatch.add(start..start + cluster.len(), most, &mut rngs, &mut sums);
            start += cluster.len();
        }
        sums.iter().map(Sums::statistic).collect()
    })
}

impl Mismatch<'_> {
    fn check(&self) -> Result<usize, StatsError> {
        let sessions = self.counts.len();
        check_length("weights", self.weights.len(), sessions)?;
        check_length("clusters", self.clusters.len(), sessions)?;
        check_sorted("clusters", self.clusters)?;
        check_finite("weights", self.weights)?;
        let most = self.deviations.len().checked_div(sessions).unwrap_or(0);
        check_length("deviations", self.deviations.len(), most * sessions)?;
        let possible = self.counts.iter().all(|&count| (1..=most).contains(&(count as usize)));
        if possible { Ok(most) } else { Err(StatsError::Domain { name: "the count of a session's pairs" }) }
    }

    /// Draws one deviation for each session of a cluster and replicate. Sessions come outside, so that their
    /// rows are read once for a group of replicates.
    fn add(&self, sessions: std::ops::Range<usize>, most: usize, rngs: &mut [ChaCha8Rng], sums: &mut [Sums]) {
        let mut drawn = vec![0.0; rngs.len()];
        let mut weight = 0.0;
        for session in sessions {
            weight += self.weights[session];
            let row = &self.deviations[session * most..(session + 1) * most];
            for (value, rng) in drawn.iter_mut().zip(rngs.iter_mut()) {
                *value += row[below(rng, self.counts[session]) as usize];
            }
        }
        for (sum, value) in sums.iter_mut().zip(drawn) {
            sum.include(value, weight);
        }
    }
}

/// What a cluster-robust t needs, of D and W of each cluster.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    clusters: usize,
    deviation: f64,
    weight: f64,
    squares: f64,
    cross: f64,
    weight_squares: f64,
}

impl Sums {
    fn include(&mut self, deviation: f64, weight: f64) {
        self.clusters += 1;
        self.deviation += deviation;
        self.weight += weight;
        self.squares += deviation * deviation;
        self.cross += deviation * weight;
        self.weight_squares += weight * weight;
    }

    fn statistic(&self) -> f64 {
        let mean = self.deviation / self.weight;
        let residual = self.squares - mean * (2.0 * self.cross - mean * self.weight_squares);
        if residual <= 1e-12 * self.squares {
            return if self.squares > 0.0 { f64::INFINITY } else { 0.0 };
        }
        self.deviation.abs() / (small_sample(self.clusters) * residual).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVIATIONS: [f64; 12] = [0.3, -0.2, 0.5, 0.1, f64::NAN, f64::NAN, -0.4, 0.6, 0.2, -0.1, 0.7, f64::NAN];
    const COUNTS: [u32; 4] = [3, 1, 3, 2];

    fn mismatch(clusters: &'static [u32]) -> Mismatch<'static> {
        Mismatch { deviations: &DEVIATIONS, counts: &COUNTS, weights: &[1.0, 2.0, 1.0, 1.5], clusters }
    }

    fn replicates(first: u64, count: usize, threads: usize) -> Replicates {
        Replicates { seed: 2, first, count, threads }
    }

    #[test]
    fn threads_and_chunks_do_not_change_a_bit() {
        let whole = studentised(mismatch(&[0, 0, 1, 2]), replicates(0, 90, 1)).unwrap();
        let mut parts = studentised(mismatch(&[0, 0, 1, 2]), replicates(0, 33, 2)).unwrap();
        parts.extend(studentised(mismatch(&[0, 0, 1, 2]), replicates(33, 57, 3)).unwrap());
        assert_eq!(whole, parts);
        assert!(whole.iter().all(|value| value.is_finite()));
    }

    #[test]
    fn the_statistic_is_the_t_of_a_ratio() {
        let (deviations, weights) = ([0.4, -0.1, 0.6], [1.0, 2.0, 1.5]);
        let mut sums = Sums::default();
        for (deviation, weight) in deviations.into_iter().zip(weights) {
            sums.include(deviation, weight);
        }
        let (total, mean) = (0.9, 0.9 / 4.5);
        let residual: f64 = deviations.iter().zip(weights).map(|(d, w)| (d - mean * w).powi(2)).sum();
        assert!((sums.statistic() - total / (1.5 * residual).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn sessions_without_pairs_or_out_of_order_are_refused() {
        assert!(studentised(mismatch(&[0, 2, 1, 1]), replicates(0, 1, 1)).is_err());
        let none = Mismatch { counts: &[3, 0, 3, 2], ..mismatch(&[0, 1, 2, 3]) };
        assert!(studentised(none, replicates(0, 1, 1)).is_err());
        let many = Mismatch { counts: &[3, 4, 3, 2], ..mismatch(&[0, 1, 2, 3]) };
        assert!(studentised(many, replicates(0, 1, 1)).is_err());
    }
}
