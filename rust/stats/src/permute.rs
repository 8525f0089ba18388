//! Labels permuted within blocks, with a Welch-type cluster-robust studentised difference.
//!
//! Janssen, A. (1997), Studentized permutation tests for non-i.i.d. hypotheses, Stat. Probab. Lett. 36;
//! Chung, E. & Romano, J. (2013), Exact and asymptotically robust permutation tests, Ann. Stat. 41(2).
//! A unit is what labels are assigned to; it lies in one cluster and in one block. Labels move within a block.

use std::ops::Range;

use crate::bootstrap::runs;
use crate::error::{StatsError, check_finite, check_length, check_sorted};
use crate::moments::small_sample;
use crate::replicate::Replicates;
use crate::rng::{Purpose, below, stream};

/// Units in the order of their blocks.
#[derive(Clone, Copy, Debug)]
pub struct Units<'a> {
    /// Weighted sum, row-major `[units, columns]`.
    pub sums: &'a [f64],
    /// Weight, likewise.
    pub weights: &'a [f64],
    /// Cluster of each unit, 0 to clusters − 1.
    pub clusters: &'a [u32],
    /// Block of each unit, ascending.
    pub blocks: &'a [u32],
    /// Whether the unit carries the target's label.
    pub target: &'a [bool],
}

/// A permutation design, checked.
#[derive(Debug)]
pub struct Design<'a> {
    units: Units<'a>,
    columns: usize,
    blocks: Vec<Range<usize>>,
    members: Vec<Vec<u32>>,
}

impl<'a> Design<'a> {
    /// Checks the units and groups them by cluster.
    ///
    /// # Errors
    /// [`StatsError`] for lengths that disagree, blocks out of order, or numbers that are not finite.
    pub fn new(units: Units<'a>, columns: usize) -> Result<Self, StatsError> {
        let count = units.target.len();
        check_length("sums", units.sums.len(), count * columns)?;
        check_length("weights", units.weights.len(), count * columns)?;
        check_length("clusters", units.clusters.len(), count)?;
        check_length("blocks", units.blocks.len(), count)?;
        check_finite("sums", units.sums)?;
        check_finite("weights", units.weights)?;
        check_sorted("blocks", units.blocks)?;
        Ok(Self { units, columns, blocks: runs(units.blocks), members: members(units.clusters) })
    }

    /// (target − rest) / se of each column for the labels as they are.
    #[must_use]
    pub fn observed(&self) -> Vec<f64> {
        self.statistics(self.units.target)
    }

    /// The same for permuted labels, row-major `[count, columns]`; NaN where a side is left without variance.
    ///
    /// # Errors
    /// [`StatsError::Threads`] when the pool cannot be made.
    pub fn studentised(&self, replicates: Replicates) -> Result<Vec<f64>, StatsError> {
        replicates.one_by_one(|index| self.statistics(&self.permuted(replicates.seed, index)))
    }

    /// Fisher–Yates within each block.
    fn permuted(&self, seed: u64, replicate: u64) -> Vec<bool> {
        let mut rng = stream(seed, Purpose::Permutation, replicate);
        let mut labels = self.units.target.to_vec();
        for block in &self.blocks {
            for last in (1..block.len()).rev() {
                let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
                labels.swap(block.start + last, block.start + below(&mut rng, bound) as usize);
            }
        }
        labels
    }

    fn statistics(&self, target: &[bool]) -> Vec<f64> {
        let mut columns = vec![Contrast::default(); self.columns];
        let mut cells = vec![[[0.0; 2]; 2]; self.columns];
        for members in &self.members {
            cells.fill([[0.0; 2]; 2]);
            for &unit in members {
                self.add_unit(&mut cells, unit as usize, target[unit as usize]);
            }
            for (contrast, cell) in columns.iter_mut().zip(&cells) {
                contrast.include(cell);
            }
        }
        columns.iter().map(Contrast::statistic).collect()
    }

    fn add_unit(&self, cells: &mut [[[f64; 2]; 2]], unit: usize, target: bool) {
        let start = unit * self.columns;
        for (column, cell) in cells.iter_mut().enumerate() {
            let side = &mut cell[usize::from(!target)];
            side[0] += self.units.sums[start + column];
            side[1] += self.units.weights[start + column];
        }
    }
}

fn members(clusters: &[u32]) -> Vec<Vec<u32>> {
    let mut groups = vec![Vec::new(); clusters.iter().max().map_or(0, |&last| last as usize + 1)];
    for (unit, &cluster) in (0_u32..).zip(clusters) {
        groups[cluster as usize].push(unit);
    }
    groups
}

/// Running sums of one column: for each side A, W, AA, AW, WW, and the products of clusters with both sides.
#[derive(Clone, Copy, Default)]
struct Contrast {
    sides: [[f64; 5]; 2],
    present: [usize; 2],
    cross: [f64; 4],
}

impl Contrast {
    fn include(&mut self, cell: &[[f64; 2]; 2]) {
        for (side, &[a, w]) in cell.iter().enumerate() {
            if w != 0.0 {
                let sums = &mut self.sides[side];
                for (sum, value) in sums.iter_mut().zip([a, w, a * a, a * w, w * w]) {
                    *sum += value;
                }
                self.present[side] += 1;
            }
        }
        let [[a, w], [b, v]] = *cell;
        for (sum, value) in self.cross.iter_mut().zip([a * b, a * v, w * b, w * v]) {
            *sum += value;
        }
    }

    fn statistic(&self) -> f64 {
        let [first, second] = self.sides;
        let means = [first[0] / first[1], second[0] / second[1]];
        let factors = self.present.map(small_sample);
        let own: f64 = (0..2).map(|side| factors[side] * spread(&self.sides[side], means[side])).sum();
        let [both, left, right, weights] = self.cross;
        let shared = both - means[1] * left - means[0] * right + means[0] * means[1] * weights;
        let covariance = (factors[0] * factors[1]).sqrt() * shared / (first[1] * second[1]);
        let variance = own - 2.0 * covariance;
        if variance > 0.0 { (means[0] - means[1]) / variance.sqrt() } else { f64::NAN }
    }
}

fn spread(sums: &[f64; 5], mean: f64) -> f64 {
    let residual = sums[2] - mean * (2.0 * sums[3] - mean * sums[4]);
    if residual <= 1e-12 * sums[2] { 0.0 } else { residual / (sums[1] * sums[1]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: [f64; 6] = [1.0; 6];
    const VALUES: [f64; 6] = [3.0, 5.0, 4.0, 1.0, 2.0, 0.0];
    const TARGET: [bool; 6] = [true, true, true, false, false, false];

    fn design(blocks: &'static [u32; 6]) -> Design<'static> {
        let units = Units { sums: &VALUES, weights: &WEIGHTS, clusters: &[0, 1, 2, 3, 4, 5], blocks, target: &TARGET };
        Design::new(units, 1).unwrap()
    }

    fn replicates(threads: usize) -> Replicates {
        Replicates { seed: 1, first: 0, count: 3000, threads }
    }

    #[test]
    fn the_labels_as_they_are_give_welch() {
        let expected = 3.0 / (1.0_f64 / 3.0 + 1.0 / 3.0).sqrt();
        assert!((design(&[0; 6]).observed()[0] - expected).abs() < 1e-12);
    }

    #[test]
    fn the_most_extreme_labels_come_once_in_twenty() {
        let design = design(&[0; 6]);
        let observed = design.observed()[0];
        let drawn = design.studentised(replicates(2)).unwrap();
        let share = drawn.iter().filter(|&&value| value >= observed - 1e-9).count() as f64 / 3000.0;
        // 1 of 20 choices; six standard deviations of the Monte Carlo error.
        assert!((share - 0.05).abs() < 0.024, "{share}");
    }

    #[test]
    fn labels_stay_in_their_block() {
        let design = design(&[0, 0, 0, 1, 1, 1]);
        assert!(design.studentised(replicates(1)).unwrap().iter().all(|&value| value > 3.0));
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let design = design(&[0, 0, 1, 1, 2, 2]);
        assert_eq!(design.studentised(replicates(1)), design.studentised(replicates(4)));
    }
}
