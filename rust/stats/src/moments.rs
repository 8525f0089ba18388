//! The features of a cluster in which a studentised ratio and its variance are linear.
//!
//! A cluster c has a weighted sum A and a weight W in each of one or two arms. The arm's mean is
//! θ = ΣA / ΣW; its cluster-robust variance is f · Σ(A − θW)² / (ΣW)², f = k / (k − 1) over its k clusters
//! (Liang & Zeger 1986; Cameron & Miller 2015). Both are functions of ΣA, ΣW, ΣAA, ΣAW, ΣWW, which are
//! linear in how often a cluster is drawn: a replicate is a weighted sum of features. The difference of two
//! arms adds the cross products of clusters that have both.

use crate::error::{StatsError, check_finite, check_length};

const SINGLE: usize = 5;
const CROSS: usize = 4;

/// Sums over clusters: `sums` and `weights` are row-major `[clusters, columns]`, one pair for each arm.
#[derive(Clone, Copy, Debug)]
pub struct Arm<'a> {
    /// Weighted sum of each cluster and column.
    pub sums: &'a [f64],
    /// Weight of each cluster and column; 0 where the cluster has nothing.
    pub weights: &'a [f64],
}

impl Arm<'_> {
    fn pair(&self, at: usize) -> (f64, f64) {
        (self.sums[at], self.weights[at])
    }
}

/// An estimate and its cluster-robust standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Mean, or difference of means.
    pub value: f64,
    /// Standard error; 0 where clusters do not vary, NaN where there is no estimate.
    pub error: f64,
}

/// Features of all clusters, ready to be summed with any multiplicities.
#[derive(Debug)]
pub struct Moments {
    clusters: usize,
    columns: usize,
    width: usize,
    features: Vec<f64>,
    factors: Vec<[f64; 2]>,
}

impl Moments {
    /// Features of one arm, or of the difference first − second.
    ///
    /// # Errors
    /// [`StatsError::Length`] or [`StatsError::NotFinite`].
    pub fn new(clusters: usize, columns: usize, first: Arm<'_>, second: Option<Arm<'_>>) -> Result<Self, StatsError> {
        check(clusters * columns, first)?;
        let width = if second.is_some() { 2 * SINGLE + CROSS } else { SINGLE };
        if let Some(arm) = second {
            check(clusters * columns, arm)?;
        }
        let mut features = Vec::with_capacity(clusters * columns * width);
        for at in 0..clusters * columns {
            push_features(&mut features, first.pair(at), second.map(|arm| arm.pair(at)));
        }
        let factors = (0..columns)
            .map(|column| [Some(first), second].map(|arm| factor(clusters, columns, column, arm)))
            .collect();
        Ok(Self { clusters, columns, width, features, factors })
    }

    /// How many clusters.
    #[must_use]
    pub const fn clusters(&self) -> usize {
        self.clusters
    }

    /// How many columns.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// How many features a cluster has over all columns.
    #[must_use]
    pub const fn row_width(&self) -> usize {
        self.columns * self.width
    }

    /// The features of one cluster.
    #[must_use]
    pub fn row(&self, cluster: usize) -> &[f64] {
        &self.features[cluster * self.row_width()..(cluster + 1) * self.row_width()]
    }

    /// The estimate of each column from summed features.
    #[must_use]
    pub fn estimates(&self, summed: &[f64]) -> Vec<Estimate> {
        summed.chunks_exact(self.width).zip(&self.factors).map(|(sums, factors)| estimate(sums, *factors)).collect()
    }

    /// The estimate of each column with every cluster once.
    #[must_use]
    pub fn observed(&self) -> Vec<Estimate> {
        let mut summed = vec![0.0; self.row_width()];
        for cluster in 0..self.clusters {
            add(&mut summed, self.row(cluster), 1.0);
        }
        self.estimates(&summed)
    }
}

/// Adds `times` × `row` to `summed`.
pub(crate) fn add(summed: &mut [f64], row: &[f64], times: f64) {
    for (sum, value) in summed.iter_mut().zip(row) {
        *sum += times * value;
    }
}

/// Appends the features of a cluster in one column.
pub(crate) fn push_features(features: &mut Vec<f64>, first: (f64, f64), second: Option<(f64, f64)>) {
    let (a, w) = first;
    features.extend([a, w, a * a, a * w, w * w]);
    if let Some((b, v)) = second {
        features.extend([b, v, b * b, b * v, v * v]);
        features.extend([a * b, a * v, w * b, w * v]);
    }
}

fn check(expected: usize, arm: Arm<'_>) -> Result<(), StatsError> {
    check_length("sums", arm.sums.len(), expected)?;
    check_length("weights", arm.weights.len(), expected)?;
    check_finite("sums", arm.sums)?;
    check_finite("weights", arm.weights)
}

fn factor(clusters: usize, columns: usize, column: usize, arm: Option<Arm<'_>>) -> f64 {
    let present = arm.map_or(0, |arm| (0..clusters).filter(|row| arm.weights[row * columns + column] != 0.0).count());
    small_sample(present)
}

/// k / (k − 1); NaN where that is not defined.
pub(crate) fn small_sample(clusters: usize) -> f64 {
    if clusters > 1 { clusters as f64 / (clusters as f64 - 1.0) } else { f64::NAN }
}

fn estimate(sums: &[f64], factors: [f64; 2]) -> Estimate {
    let (first, variance) = single(&sums[..SINGLE], factors[0]);
    if sums.len() == SINGLE {
        return Estimate { value: first, error: root(variance) };
    }
    let (second, other) = single(&sums[SINGLE..2 * SINGLE], factors[1]);
    let cross = &sums[2 * SINGLE..];
    let shared = cross[0] - second * cross[1] - first * cross[2] + first * second * cross[3];
    let covariance = (factors[0] * factors[1]).sqrt() * shared / (sums[1] * sums[SINGLE + 1]);
    Estimate { value: first - second, error: root(variance + other - 2.0 * covariance) }
}

fn single(sums: &[f64], factor: f64) -> (f64, f64) {
    let mean = sums[0] / sums[1];
    let residual = sums[2] - mean * (2.0 * sums[3] - mean * sums[4]);
    // What is left of equal numbers after rounding is nothing.
    let residual = if residual <= 1e-12 * sums[2] { 0.0 } else { residual };
    (mean, factor * residual / (sums[1] * sums[1]))
}

fn root(variance: f64) -> f64 {
    if variance.is_nan() { f64::NAN } else { variance.max(0.0).sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_session_a_cluster_gives_the_textbook_standard_error() {
        let moments = Moments::new(4, 1, Arm { sums: &[1.0, 2.0, 3.0, 6.0], weights: &[1.0; 4] }, None).unwrap();
        let found = moments.observed()[0];
        let variance = ((1.0 - 3.0_f64).powi(2) + 1.0 + 0.0 + 9.0) / 3.0 / 4.0;
        assert!((found.value - 3.0).abs() < 1e-12);
        assert!((found.error - variance.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn disjoint_arms_give_welch() {
        let (one, none) = ([1.0, 3.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, 0.0, 0.0]);
        let (two, some) = ([0.0, 0.0, 2.0, 2.0, 5.0], [0.0, 0.0, 1.0, 1.0, 1.0]);
        let second = Arm { sums: &two, weights: &some };
        let moments = Moments::new(5, 1, Arm { sums: &one, weights: &none }, Some(second)).unwrap();
        let found = moments.observed()[0];
        assert!((found.value + 1.0).abs() < 1e-12);
        assert!((found.error - (2.0_f64 / 2.0 + 3.0 / 3.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_cluster_in_both_arms_cancels_what_it_shares() {
        let values = [1.0, 5.0, 9.0];
        let shifted = [2.0, 6.0, 10.0];
        let weights = [1.0; 3];
        let second = Arm { sums: &values, weights: &weights };
        let found = Moments::new(3, 1, Arm { sums: &shifted, weights: &weights }, Some(second)).unwrap().observed()[0];
        assert!((found.value - 1.0).abs() < 1e-12);
        assert!(found.error < 1e-6);
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(Moments::new(2, 1, Arm { sums: &[1.0], weights: &[1.0, 1.0] }, None).is_err());
        assert!(Moments::new(1, 1, Arm { sums: &[f64::NAN], weights: &[1.0] }, None).is_err());
    }
}
