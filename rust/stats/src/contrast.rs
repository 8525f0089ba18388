//! The Welch-type studentised difference of two sides of a set of units, from the units of one side alone.
//!
//! Sums over the other side are what is left of sums over all, so that a replicate costs as much as its smaller
//! side. That holds for clusters of one unit. A cluster of several units may have some on each side: its two sums
//! are put together first, and it adds to the covariance of the sides (see `moments`, of which this is the
//! permuted form).

use crate::moments::Arm;

/// A, W, AA, AW, WW and the number of clusters of a side, in one column.
type Sums = [f64; 6];
/// A and W of a unit or cluster, in one column.
type Cell = [f64; 2];

/// Units with what a studentised difference needs of them.
#[derive(Debug)]
pub(crate) struct Contrast {
    columns: usize,
    equal: bool,
    cells: Vec<Cell>,
    features: Vec<Sums>,
    /// Number of the unit's cluster among those of several units.
    shared: Vec<Option<usize>>,
    shared_cells: Vec<Cell>,
    single: Vec<Sums>,
}

impl Contrast {
    /// Takes units in the clusters given; with `equal` a cluster weighs 1 on each side where it has a unit.
    pub(crate) fn new(units: Arm<'_>, columns: usize, clusters: &[u32], equal: bool) -> Self {
        let cells = centred(units, columns);
        let shared = shared(clusters);
        let features: Vec<Sums> = cells.iter().map(|&cell| weighed(cell, 0.0, equal).map_or([0.0; 6], sums)).collect();
        let mut single = vec![[0.0; 6]; columns];
        let mut shared_cells = vec![[0.0; 2]; columns * shared.iter().flatten().max().map_or(0, |last| last + 1)];
        for (unit, cluster) in shared.iter().enumerate() {
            let own = unit * columns..(unit + 1) * columns;
            match cluster {
                None => add(&mut single, &features[own]),
                Some(at) => add(&mut shared_cells[at * columns..], &cells[own]),
            }
        }
        Self { columns, equal, cells, features, shared, shared_cells, single }
    }

    /// (mean of `units` − mean of the others) / se of each column; NaN where a side has no mean or no variance.
    pub(crate) fn statistics(&self, units: &[u32]) -> Vec<f64> {
        let mut sides = vec![Sides::default(); self.columns];
        let mut own = vec![[0.0; 6]; self.columns];
        let mut cells = vec![[0.0; 2]; self.shared_cells.len()];
        for &unit in units {
            let of_unit = unit as usize * self.columns..(unit as usize + 1) * self.columns;
            match self.shared[unit as usize] {
                None => add(&mut own, &self.features[of_unit]),
                Some(at) => add(&mut cells[at * self.columns..], &self.cells[of_unit]),
            }
        }
        for ((sides, own), all) in sides.iter_mut().zip(&own).zip(&self.single) {
            sides.sums = [*own, std::array::from_fn(|at| all[at] - own[at])];
        }
        for (at, (&cell, &all)) in cells.iter().zip(&self.shared_cells).enumerate() {
            let rest = [all[0] - cell[0], all[1] - cell[1]];
            sides[at % self.columns].include([cell, rest].map(|cell| weighed(cell, all[1], self.equal)));
        }
        sides.iter().map(Sides::statistic).collect()
    }
}

/// Two sides in one column, and the products of clusters that are on both.
#[derive(Clone, Copy, Default)]
struct Sides {
    sums: [Sums; 2],
    cross: [f64; 4],
}

impl Sides {
    fn include(&mut self, cells: [Option<Cell>; 2]) {
        for (side, cell) in self.sums.iter_mut().zip(cells) {
            add(std::slice::from_mut(side), &[cell.map_or([0.0; 6], sums)]);
        }
        if let [Some([a, w]), Some([b, v])] = cells {
            add(std::slice::from_mut(&mut self.cross), &[[a * b, a * v, w * b, w * v]]);
        }
    }

    fn statistic(&self) -> f64 {
        let [first, second] = &self.sums;
        let means = [first[0] / first[1], second[0] / second[1]];
        let factors = [first, second].map(|side| small_sample(side[5]));
        // What rounding leaves of equal numbers is nothing.
        let nothing = 1e-12 * (first[2] + second[2]);
        let own: f64 = (0..2).map(|at| factors[at] * variance(&self.sums[at], means[at], nothing)).sum();
        let [both, left, right, weights] = self.cross;
        let shared = both - means[1] * left - means[0] * right + means[0] * means[1] * weights;
        let variance = own - 2.0 * (factors[0] * factors[1]).sqrt() * shared / (first[1] * second[1]);
        if variance > 0.0 { (means[0] - means[1]) / variance.sqrt() } else { f64::NAN }
    }
}

/// k / (k − 1), NaN for one cluster: a count that came about by adding and taking away ones.
fn small_sample(clusters: f64) -> f64 {
    if clusters > 1.0 { clusters / (clusters - 1.0) } else { f64::NAN }
}

fn variance(sums: &Sums, mean: f64, nothing: f64) -> f64 {
    let residual = sums[2] - mean * (2.0 * sums[3] - mean * sums[4]);
    if residual <= nothing { 0.0 } else { residual / (sums[1] * sums[1]) }
}

fn sums([a, w]: Cell) -> Sums {
    [a, w, a * a, a * w, w * w, 1.0]
}

/// The cell as it counts; none where rounding is all that is left of the weight `of`.
fn weighed([a, w]: Cell, of: f64, equal: bool) -> Option<Cell> {
    (w > 1e-9 * of).then(|| if equal { [a / w, 1.0] } else { [a, w] })
}

/// Cells about the mean of their column: the statistic is the same, and large means cost no digits.
fn centred(units: Arm<'_>, columns: usize) -> Vec<Cell> {
    let mut totals = vec![[0.0; 2]; columns];
    let cells: Vec<Cell> = units.sums.iter().zip(units.weights).map(|(&a, &w)| [a, w]).collect();
    cells.chunks_exact(columns).for_each(|row| add(&mut totals, row));
    let means: Vec<f64> = totals.iter().map(|[a, w]| if *w > 0.0 { a / w } else { 0.0 }).collect();
    cells.iter().enumerate().map(|(at, [a, w])| [a - means[at % columns] * w, *w]).collect()
}

/// Numbers the clusters of several units, in order of their codes.
fn shared(clusters: &[u32]) -> Vec<Option<usize>> {
    let mut units = vec![0_u32; clusters.iter().max().map_or(0, |&last| last as usize + 1)];
    for &cluster in clusters {
        units[cluster as usize] += 1;
    }
    let mut next = 0..;
    let numbers: Vec<Option<usize>> = units.iter().map(|&count| (count > 1).then(|| next.next()).flatten()).collect();
    clusters.iter().map(|&cluster| numbers[cluster as usize]).collect()
}

fn add<const N: usize>(sums: &mut [[f64; N]], row: &[[f64; N]]) {
    for (sum, values) in sums.iter_mut().zip(row) {
        for (total, value) in sum.iter_mut().zip(values) {
            *total += value;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::moments::Moments;

    /// Nine units of two columns in four clusters; a unit without weight, a cluster of one unit.
    const CLUSTERS: [u32; 9] = [2, 0, 0, 1, 2, 3, 3, 3, 0];
    const VALUES: [f64; 18] = [5., 1., 4., 2., 8., 0., 7., 3., 1., 1., 9., 6., 2., 5., 6., 2., 3., 4.];
    const WEIGHTS: [f64; 18] = [1., 2., 1., 1., 3., 0., 1., 1., 2., 1., 1., 1., 1., 4., 2., 1., 1., 1.];

    proptest! {
        #[test]
        fn any_labels_give_the_studentised_difference_of_the_moments(target in prop::array::uniform9(any::<bool>())) {
            let units: Vec<u32> = (0_u32..).zip(target).filter_map(|(unit, side)| side.then_some(unit)).collect();
            let contrast = Contrast::new(Arm { sums: &VALUES, weights: &WEIGHTS }, 2, &CLUSTERS, false);
            let found = contrast.statistics(&units);
            for (value, expected) in found.iter().zip(by_moments(&target)) {
                prop_assert!((value - expected).abs() < 1e-9 || !expected.is_finite() && value.is_nan());
            }
        }
    }

    fn by_moments(target: &[bool; 9]) -> Vec<f64> {
        let [mut sums, mut weights] = [[[0.0; 8]; 2], [[0.0; 8]; 2]];
        for at in 0..18 {
            let (side, cell) = (usize::from(!target[at / 2]), 2 * CLUSTERS[at / 2] as usize + at % 2);
            sums[side][cell] += VALUES[at];
            weights[side][cell] += WEIGHTS[at];
        }
        let arm = |side: usize| Arm { sums: &sums[side], weights: &weights[side] };
        let found = Moments::new(4, 2, arm(0), Some(arm(1))).unwrap().observed();
        found.iter().map(|one| one.value / one.error).collect()
    }

    #[test]
    fn equal_clusters_weigh_the_same_whatever_their_size() {
        let sums = [1.0, 2.0, 3.0, 10.0, 4.0, 9.0];
        let contrast =
            Contrast::new(Arm { sums: &sums, weights: &[1.0, 1.0, 1.0, 1.0, 2.0, 3.0] }, 1, &[0, 0, 1, 2, 3, 4], true);
        // Means of clusters 1.5, 3, 10 against 2, 3: difference of means over Welch's standard error.
        let (first, second) = (14.5 / 3.0, 2.5);
        let spread = [1.5, 3.0, 10.0].map(|value| (value - first) * (value - first)).iter().sum::<f64>() / 2.0 / 3.0;
        let expected = (first - second) / (spread + 0.5 / 2.0_f64).sqrt();
        assert!((contrast.statistics(&[0, 1, 2, 3])[0] - expected).abs() < 1e-12);
    }

    #[test]
    fn a_large_mean_costs_no_digits() {
        let values = [3.0, 5.0, 4.0, 1.0, 2.0, 0.0];
        let of = |offset: f64| {
            let sums = values.map(|value| value + offset);
            Contrast::new(Arm { sums: &sums, weights: &[1.0; 6] }, 1, &[0, 1, 2, 3, 4, 5], false).statistics(&[0, 1, 2])
                [0]
        };
        assert!((of(0.0) - of(1e9)).abs() < 1e-6);
    }

    #[test]
    fn a_side_without_units_has_no_statistic() {
        let contrast = Contrast::new(Arm { sums: &[1.0, 2.0], weights: &[1.0; 2] }, 1, &[0, 1], false);
        assert!(contrast.statistics(&[])[0].is_nan());
    }
}
