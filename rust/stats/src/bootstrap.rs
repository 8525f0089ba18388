//! The studentised cluster bootstrap (bootstrap-t): clusters drawn with replacement within strata.
//!
//! Efron, B. & Tibshirani, R. (1993). An Introduction to the Bootstrap, ch. 12.5;
//! Cameron, Gelbach & Miller (2008). Bootstrap-based improvements for inference with clustered errors.

use std::ops::Range;

use crate::error::{StatsError, check_length, check_sorted};
use crate::moments::{Estimate, Moments, add};
use crate::replicate::Replicates;
use crate::rng::{Purpose, below, stream};

/// Clusters are read in tiles of about this many numbers, which stay in the cache while a group uses them.
const TILE: usize = 1 << 15;

/// (θ* − θ) / se* of each replicate and column, row-major `[count, columns]`.
///
/// `strata` gives each cluster's stratum in ascending order; every stratum keeps its number of clusters.
/// A replicate without variance gives ±∞, or NaN where it does not move from θ or has no estimate.
///
/// # Errors
/// [`StatsError`] for lengths that disagree, strata out of order, or threads that cannot be started.
pub fn studentised(moments: &Moments, strata: &[u32], replicates: Replicates) -> Result<Vec<f64>, StatsError> {
    check_length("strata", strata.len(), moments.clusters())?;
    check_sorted("strata", strata)?;
    let observed = moments.observed();
    let ranges = runs(strata);
    replicates.in_groups(|group| {
        let counts: Vec<Vec<u32>> = group.iter().map(|&index| draw(&ranges, replicates.seed, index)).collect();
        resummed(moments, &counts).iter().flat_map(|summed| statistics(moments, &observed, summed)).collect()
    })
}

fn statistics(moments: &Moments, observed: &[Estimate], summed: &[f64]) -> Vec<f64> {
    let drawn = moments.estimates(summed);
    drawn.iter().zip(observed).map(|(star, base)| (star.value - base.value) / star.error).collect()
}

/// How often each cluster is drawn in one replicate.
fn draw(ranges: &[Range<usize>], seed: u64, replicate: u64) -> Vec<u32> {
    let mut rng = stream(seed, Purpose::Bootstrap, replicate);
    let mut counts = vec![0; ranges.last().map_or(0, |range| range.end)];
    for range in ranges {
        let size = u32::try_from(range.len()).unwrap_or(u32::MAX);
        for _ in range.clone() {
            counts[range.start + below(&mut rng, size) as usize] += 1;
        }
    }
    counts
}

/// Sums of features with the given multiplicities, tile by tile, always in the order of the clusters.
fn resummed(moments: &Moments, counts: &[Vec<u32>]) -> Vec<Vec<f64>> {
    let mut summed = vec![vec![0.0; moments.row_width()]; counts.len()];
    let tile = (TILE / moments.row_width().max(1)).max(1);
    for start in (0..moments.clusters()).step_by(tile) {
        let end = (start + tile).min(moments.clusters());
        for (sums, count) in summed.iter_mut().zip(counts) {
            add_tile(moments, sums, count, start..end);
        }
    }
    summed
}

fn add_tile(moments: &Moments, sums: &mut [f64], counts: &[u32], clusters: Range<usize>) {
    for cluster in clusters {
        if counts[cluster] > 0 {
            add(sums, moments.row(cluster), f64::from(counts[cluster]));
        }
    }
}

/// Runs of equal values in an ascending list.
pub(crate) fn runs(values: &[u32]) -> Vec<Range<usize>> {
    let mut start = 0;
    values
        .chunk_by(PartialEq::eq)
        .map(|run| {
            let range = start..start + run.len();
            start = range.end;
            range
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::moments::Arm;

    fn sample() -> (Vec<f64>, Vec<f64>) {
        ((0..40).map(|i| f64::from(i * 7 % 13)).collect(), vec![1.0; 40])
    }

    fn replicates(first: u64, count: usize, threads: usize) -> Replicates {
        Replicates { seed: 3, first, count, threads }
    }

    #[test]
    fn threads_and_chunks_do_not_change_a_bit() {
        let (sums, weights) = sample();
        let moments = Moments::new(20, 2, Arm { sums: &sums, weights: &weights }, None).unwrap();
        let strata = [vec![0; 8], vec![1; 12]].concat();
        let whole = studentised(&moments, &strata, replicates(0, 100, 1)).unwrap();
        let mut parts = studentised(&moments, &strata, replicates(0, 37, 3)).unwrap();
        parts.extend(studentised(&moments, &strata, replicates(37, 63, 2)).unwrap());
        assert_eq!(whole, parts);
    }

    #[test]
    fn every_stratum_keeps_its_size() {
        let counts = draw(&runs(&[0, 0, 0, 1, 1, 5]), 1, 9);
        assert_eq!(counts[..3].iter().sum::<u32>(), 3);
        assert_eq!(counts[3..5].iter().sum::<u32>(), 2);
        assert_eq!(counts[5], 1);
    }

    #[test]
    fn the_statistic_is_centred_and_of_unit_size() {
        let (sums, weights) = sample();
        let moments = Moments::new(40, 1, Arm { sums: &sums, weights: &weights }, None).unwrap();
        let values = studentised(&moments, &[0; 40], replicates(0, 4000, 0)).unwrap();
        let mean = values.iter().sum::<f64>() / 4000.0;
        let spread = values.iter().map(|value| value * value).sum::<f64>() / 4000.0;
        assert!(mean.abs() < 0.1, "{mean}");
        assert!((0.9..1.25).contains(&spread), "{spread}");
    }

    #[test]
    fn strata_out_of_order_are_refused() {
        let moments = Moments::new(2, 1, Arm { sums: &[1.0, 2.0], weights: &[1.0, 1.0] }, None).unwrap();
        assert!(studentised(&moments, &[1, 0], replicates(0, 1, 1)).is_err());
    }
}
