//! The studentised sign-flip test at the level of clusters.
//!
//! Under the hypothesis of no mean, a cluster's sum is as likely to be its negative. Canay, Romano & Shaikh
//! (2017), Randomization tests under an approximate symmetry assumption, Econometrica 85(3);
//! studentised as in Hemerik, Goeman & Finos (2020), JRSS-B 82(3).

use rand_chacha::rand_core::RngCore;

use crate::error::{StatsError, check_finite, check_length};
use crate::moments::{Arm, small_sample};
use crate::replicate::Replicates;
use crate::rng::{Purpose, stream};

/// |θ*| / se* of each replicate and column, row-major `[count, columns]`; replicates are sign patterns.
///
/// With `exact` the bits of a replicate's index are the signs, so that indices 0 to 2^clusters − 1 are all
/// patterns and index 0 is the data as they are. A column without weight gives NaN.
///
/// # Errors
/// [`StatsError`] for lengths that disagree, numbers that are not finite, or threads that cannot be started.
pub fn studentised(
    clusters: usize,
    columns: usize,
    arm: Arm<'_>,
    exact: bool,
    replicates: Replicates,
) -> Result<Vec<f64>, StatsError> {
    let table = Table::new(clusters, columns, arm)?;
    replicates.one_by_one(|index| {
        if exact {
            table.statistics(|cluster| (index >> cluster) & 1 == 1)
        } else {
            let signs = draw(clusters, replicates.seed, index);
            table.statistics(|cluster| (signs[cluster / 64] >> (cluster % 64)) & 1 == 1)
        }
    })
}

/// |θ| / se of each column for the data as they are.
///
/// # Errors
/// As [`studentised`].
pub fn observed(clusters: usize, columns: usize, arm: Arm<'_>) -> Result<Vec<f64>, StatsError> {
    Ok(Table::new(clusters, columns, arm)?.statistics(|_| false))
}

fn draw(clusters: usize, seed: u64, replicate: u64) -> Vec<u64> {
    let mut rng = stream(seed, Purpose::SignFlip, replicate);
    (0..clusters.div_ceil(64)).map(|_| rng.next_u64()).collect()
}

/// What the statistic needs: A and A·W of each cluster, and the sums that no sign can change.
struct Table {
    columns: usize,
    features: Vec<f64>,
    fixed: Vec<Fixed>,
}

#[derive(Clone, Copy, Default)]
struct Fixed {
    weight: f64,
    sum_squares: f64,
    weight_squares: f64,
    present: usize,
}

impl Table {
    fn new(clusters: usize, columns: usize, arm: Arm<'_>) -> Result<Self, StatsError> {
        check_length("sums", arm.sums.len(), clusters * columns)?;
        check_length("weights", arm.weights.len(), clusters * columns)?;
        check_finite("sums", arm.sums)?;
        check_finite("weights", arm.weights)?;
        let mut fixed = vec![Fixed::default(); columns];
        for (at, (&a, &w)) in arm.sums.iter().zip(arm.weights).enumerate() {
            fixed[at % columns].include(a, w);
        }
        let features = arm.sums.iter().zip(arm.weights).flat_map(|(&a, &w)| [a, a * w]).collect();
        Ok(Self { columns, features, fixed })
    }

    fn statistics(&self, negative: impl Fn(usize) -> bool) -> Vec<f64> {
        let mut summed = vec![0.0; 2 * self.columns];
        for (cluster, row) in self.features.chunks_exact(2 * self.columns).enumerate() {
            let sign = if negative(cluster) { -1.0 } else { 1.0 };
            for (sum, value) in summed.iter_mut().zip(row) {
                *sum += sign * value;
            }
        }
        summed.chunks_exact(2).zip(&self.fixed).map(|(sums, fixed)| fixed.statistic(sums[0], sums[1])).collect()
    }
}

impl Fixed {
    fn include(&mut self, a: f64, w: f64) {
        self.weight += w;
        self.sum_squares += a * a;
        self.weight_squares += w * w;
        self.present += usize::from(w != 0.0);
    }

    fn statistic(&self, sum: f64, cross: f64) -> f64 {
        let mean = sum / self.weight;
        let residual = self.sum_squares - mean * (2.0 * cross - mean * self.weight_squares);
        if residual <= 1e-12 * self.sum_squares {
            // All clusters agree to the last bit: no pattern is more extreme.
            return if self.sum_squares > 0.0 { f64::INFINITY } else { f64::NAN };
        }
        mean.abs() * self.weight / (small_sample(self.present) * residual).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [f64; 5] = [0.3, 1.1, -0.2, 0.9, 0.5];

    fn replicates(count: usize, threads: usize) -> Replicates {
        Replicates { seed: 5, first: 0, count, threads }
    }

    #[test]
    fn the_data_as_they_are_give_the_t_statistic() {
        let arm = Arm { sums: &VALUES, weights: &[1.0; 5] };
        let mean = VALUES.iter().sum::<f64>() / 5.0;
        let variance = VALUES.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 4.0;
        let expected = mean / (variance / 5.0).sqrt();
        assert!((observed(5, 1, arm).unwrap()[0] - expected).abs() < 1e-12);
    }

    #[test]
    fn exact_enumeration_ranks_as_the_mean_does() {
        let arm = Arm { sums: &VALUES, weights: &[1.0; 5] };
        let found = studentised(5, 1, arm, true, replicates(32, 2)).unwrap();
        let extreme = found.iter().filter(|&&value| value >= found[0] - 1e-12).count();
        // Sums of ±0.3 ±1.1 ±0.2 ±0.9 ±0.5 that reach 2.6: all positive, or the smallest negative, and mirrored.
        assert_eq!(extreme, 4);
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let arm = Arm { sums: &VALUES, weights: &[1.0, 2.0, 1.0, 3.0, 1.0] };
        let one = studentised(5, 1, arm, false, replicates(200, 1)).unwrap();
        assert_eq!(one, studentised(5, 1, arm, false, replicates(200, 4)).unwrap());
    }

    #[test]
    fn a_column_of_zeros_has_no_statistic() {
        let arm = Arm { sums: &[0.0, 0.0], weights: &[1.0, 1.0] };
        assert!(observed(2, 1, arm).unwrap()[0].is_nan());
    }
}
