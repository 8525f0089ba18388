//! Sums for a role's mean, line, residual variance, blocks and autocorrelation.

use super::{ROLES, Series};

/// What the sums of a role on a scale are, in order; x is the position, y the score, w the weight.
///
/// `steps` and `step_squares` count and square the differences between successive turns of the role that have at
/// most one turn of the other between them. A weight and a weighted sum for each block follow.
pub const LINE_SUMS: [&str; 10] = ["n", "w", "ww", "wx", "wxx", "wy", "wxy", "wyy", "steps", "step_squares"];

/// Writes the sums of both roles on one scale.
pub(super) fn add(series: Series<'_>, rows: [&mut [f64]; ROLES]) {
    let mut sums = [[0.0; LINE_SUMS.len()]; ROLES];
    for turn in (0..series.scores.len()).filter(|&turn| series.is_scored(turn)) {
        let (w, x, y) = (series.weights[turn], series.places.x[turn], series.scores[turn]);
        let step =
            before(series.roles, turn).filter(|&past| series.is_scored(past)).map(|past| y - series.scores[past]);
        let (steps, square) = step.map_or((0.0, 0.0), |step| (1.0, step * step));
        let (wx, wy) = (w * x, w * y);
        let terms = [1.0, w, w * w, wx, wx * x, wy, wx * y, wy * y, steps, square];
        for (sum, term) in sums[usize::from(series.roles[turn])].iter_mut().zip(terms) {
            *sum += term;
        }
    }
    let blocks = block_sums(series);
    for (role, row) in rows.into_iter().enumerate() {
        let (line, rest) = row.split_at_mut(LINE_SUMS.len());
        line.copy_from_slice(&sums[role]);
        for (pair, block) in rest.chunks_exact_mut(2).zip(&blocks) {
            pair.copy_from_slice(&block[role]);
        }
    }
}

/// The same speaker's turn before this one, if it is one or two turns back.
fn before(roles: &[u8], turn: usize) -> Option<usize> {
    (1..=2).filter_map(|back| turn.checked_sub(back)).find(|&past| roles[past] == roles[turn])
}

/// Weight and weighted sum of both roles in each block.
fn block_sums(series: Series<'_>) -> Vec<[[f64; 2]; ROLES]> {
    let one = |block: &std::ops::Range<usize>| {
        let mut sums = [[0.0; 2]; ROLES];
        for turn in block.clone().filter(|&turn| series.is_scored(turn)) {
            let sum = &mut sums[usize::from(series.roles[turn])];
            sum[0] += series.weights[turn];
            sum[1] += series.weights[turn] * series.scores[turn];
        }
        sums
    };
    series.places.blocks.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::super::place::Places;
    use super::*;

    fn sums(roles: &[u8], scores: &[f64]) -> [Vec<f64>; ROLES] {
        let mut places = Places::default();
        places.fill(roles.len(), &[(0.0, 0.2)]);
        let weights = vec![1.0; roles.len()];
        let mut rows = [vec![0.0; LINE_SUMS.len() + 2], vec![0.0; LINE_SUMS.len() + 2]];
        let [patient, therapist] = &mut rows;
        add(Series { places: &places, roles, weights: &weights, scores }, [patient, therapist]);
        rows
    }

    #[test]
    fn a_line_is_found_again() {
        let roles = [0, 1, 0, 1, 0, 1, 0];
        let scores: Vec<f64> = (0..7).map(|turn| 3.0 + 2.0 * (f64::from(turn) / 6.0 - 0.5)).collect();
        let [patient, _] = sums(&roles, &scores);
        let (n, wx, wxx, wy, wxy) = (patient[1], patient[3], patient[4], patient[5], patient[6]);
        let slope = (wxy - wx * wy / n) / (wxx - wx * wx / n);
        assert!((slope - 2.0).abs() < 1e-12 && (wy / n - 3.0).abs() < 1e-12);
    }

    #[test]
    fn steps_are_between_turns_of_one_speaker_with_at_most_one_between() {
        let [patient, therapist] = sums(&[0, 1, 0, 1, 1, 1, 0], &[1.0, 5.0, 4.0, f64::NAN, 7.0, 8.0, 0.0]);
        assert_eq!((patient[8], patient[9]), (1.0, 9.0));
        assert_eq!((therapist[8], therapist[9]), (1.0, 1.0));
    }

    #[test]
    fn a_block_has_the_weight_and_the_sum_of_each_role() {
        let [patient, therapist] =
            sums(&[0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0], &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 1.0, 2.0, 3.0]);
        assert_eq!((&patient[10..], &therapist[10..]), ([1.0, 2.0].as_slice(), [1.0, 3.0].as_slice()));
    }
}
