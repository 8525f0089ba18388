//! Labels permuted within blocks, with a Welch-type cluster-robust studentised difference.
//!
//! Janssen, A. (1997), Studentized permutation tests for non-i.i.d. hypotheses, Stat. Probab. Lett. 36;
//! Chung, E. & Romano, J. (2013), Exact and asymptotically robust permutation tests, Ann. Stat. 41(2).
//! A unit is what labels are assigned to; it lies in one cluster and in one block. Labels move within a block.

use rand_chacha::rand_core::RngCore;

use crate::bootstrap::runs;
use crate::contrast::Contrast;
use crate::error::{StatsError, check_finite, check_length, check_sorted};
use crate::moments::Arm;
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
    /// Whether a cluster weighs 1 on each side, whatever its units weigh.
    pub equal: bool,
}

/// A permutation design, checked.
#[derive(Debug)]
pub struct Design {
    contrast: Contrast,
    /// The units of the rarer label, which are the ones that are followed.
    followed: Vec<u32>,
    /// 1 where the target's label is followed, −1 where the other's.
    sign: f64,
    /// The units of each block that has followed ones, block by block.
    pool: Vec<u32>,
    blocks: Vec<Block>,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    units: usize,
    followed: usize,
}

impl Design {
    /// Checks the units and groups them by cluster and block.
    ///
    /// # Errors
    /// [`StatsError`] for lengths that disagree, blocks out of order, or numbers that are not finite.
    pub fn new(units: Units<'_>, columns: usize) -> Result<Self, StatsError> {
        let count = units.target.len();
        check_length("sums", units.sums.len(), count * columns)?;
        check_length("weights", units.weights.len(), count * columns)?;
        check_length("clusters", units.clusters.len(), count)?;
        check_length("blocks", units.blocks.len(), count)?;
        check_finite("sums", units.sums)?;
        check_finite("weights", units.weights)?;
        check_sorted("blocks", units.blocks)?;
        let arm = Arm { sums: units.sums, weights: units.weights };
        let rarer = 2 * units.target.iter().filter(|&&target| target).count() <= count;
        let is_followed = |unit: &u32| units.target[*unit as usize] == rarer;
        let mut design = Self {
            contrast: Contrast::new(arm, columns, units.clusters, units.equal),
            followed: (0_u32..).take(count).filter(is_followed).collect(),
            sign: if rarer { 1.0 } else { -1.0 },
            pool: Vec::new(),
            blocks: Vec::new(),
        };
        for range in runs(units.blocks) {
            let members: Vec<u32> = (0_u32..).skip(range.start).take(range.len()).collect();
            let followed = members.iter().filter(|unit| is_followed(unit)).count();
            if followed > 0 {
                design.pool.extend(&members);
                design.blocks.push(Block { units: members.len(), followed });
            }
        }
        Ok(design)
    }

    /// (target − rest) / se of each column for the labels as they are.
    #[must_use]
    pub fn observed(&self) -> Vec<f64> {
        self.statistics(&self.followed)
    }

    /// The same for permuted labels, row-major `[count, columns]`; NaN where a side is left without variance.
    ///
    /// # Errors
    /// [`StatsError::Threads`] when the pool cannot be made.
    pub fn studentised(&self, replicates: Replicates) -> Result<Vec<f64>, StatsError> {
        replicates.one_by_one(|index| self.statistics(&self.drawn(replicates.seed, index)))
    }

    fn statistics(&self, followed: &[u32]) -> Vec<f64> {
        self.contrast.statistics(followed).iter().map(|value| value * self.sign).collect()
    }

    /// Which units carry the followed label in one replicate: a choice without replacement in each block.
    fn drawn(&self, seed: u64, replicate: u64) -> Vec<u32> {
        let mut rng = stream(seed, Purpose::Permutation, replicate);
        let mut pool = self.pool.clone();
        let mut chosen = Vec::with_capacity(self.followed.len());
        let mut rest = pool.as_mut_slice();
        for block in &self.blocks {
            let (units, others) = rest.split_at_mut(block.units);
            choose(&mut rng, units, block.followed);
            chosen.extend(&units[..block.followed]);
            rest = others;
        }
        chosen
    }
}

/// Brings a uniform choice of `count` to the front: the first steps of a Fisher–Yates shuffle.
fn choose(rng: &mut impl RngCore, units: &mut [u32], count: usize) {
    if count == units.len() {
        return;
    }
    for at in 0..count {
        let left = u32::try_from(units.len() - at).unwrap_or(u32::MAX);
        units.swap(at, at + below(rng, left) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEIGHTS: [f64; 6] = [1.0; 6];
    const VALUES: [f64; 6] = [3.0, 5.0, 4.0, 1.0, 2.0, 0.0];
    const TARGET: [bool; 6] = [true, true, true, false, false, false];

    fn labelled(blocks: &[u32; 6], target: [bool; 6]) -> Design {
        let clusters = &[0, 1, 2, 3, 4, 5];
        let units = Units { sums: &VALUES, weights: &WEIGHTS, clusters, blocks, target: &target, equal: false };
        Design::new(units, 1).unwrap()
    }

    fn design(blocks: &[u32; 6]) -> Design {
        labelled(blocks, TARGET)
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
    fn labels_the_other_way_round_give_the_negative() {
        let most = [true, true, true, false, true, true];
        let swapped = labelled(&[0; 6], most.map(|target| !target)).studentised(replicates(1)).unwrap();
        let drawn = labelled(&[0; 6], most).studentised(replicates(1)).unwrap();
        assert!(drawn.iter().zip(&swapped).all(|(one, other)| one.to_bits() == (-other).to_bits() || one.is_nan()));
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
    fn every_choice_is_as_likely_as_any_other() {
        let design = labelled(&[0, 0, 0, 0, 0, 1], [true, true, false, false, false, true]);
        let mut counts = [[0_u32; 5]; 5];
        for index in 0..10_000 {
            let mut pair: Vec<u32> = design.drawn(4, index);
            assert_eq!(pair.pop(), Some(5), "the only unit of its block keeps its label");
            pair.sort_unstable();
            counts[pair[0] as usize][pair[1] as usize] += 1;
        }
        let seen: Vec<u32> = counts.concat().into_iter().filter(|&count| count > 0).collect();
        // Ten pairs; six standard deviations of a binomial with p = 1/10.
        assert!(seen.len() == 10 && seen.iter().all(|count| count.abs_diff(1000) < 180), "{seen:?}");
    }

    #[test]
    fn labels_stay_in_their_block() {
        let design = design(&[0, 0, 0, 1, 1, 1]);
        assert!(design.studentised(replicates(1)).unwrap().iter().all(|&value| value > 3.0));
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let design = design(&[0, 0, 1, 1, 2, 2]);
        let [one, four] = [1, 4].map(|threads| design.studentised(replicates(threads)).unwrap());
        assert!(one.iter().zip(&four).all(|(one, other)| one.to_bits() == other.to_bits()));
    }
}
