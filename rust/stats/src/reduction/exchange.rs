//! Sums over exchanges, a patient's turn and the therapist's answer right after it, for congruence.

use super::Series;

/// What the sums of a scale's exchanges are, in order: m counts them; v is the answer's position, p the patient's
/// score, t the therapist's. An exchange needs both scores.
pub const EXCHANGE_SUMS: [&str; 10] = ["m", "v", "vv", "p", "t", "pv", "tv", "pp", "tt", "pt"];

/// Writes the sums of one scale.
pub(super) fn add(series: Series<'_>, row: &mut [f64]) {
    let mut sums = [0.0; EXCHANGE_SUMS.len()];
    let answers = (1..series.scores.len()).filter(|&turn| series.roles[turn] == 1 && series.roles[turn - 1] == 0);
    for turn in answers.filter(|&turn| series.is_scored(turn) && series.is_scored(turn - 1)) {
        let (v, p, t) = (series.places.x[turn], series.scores[turn - 1], series.scores[turn]);
        for (sum, term) in sums.iter_mut().zip([1.0, v, v * v, p, t, p * v, t * v, p * p, t * t, p * t]) {
            *sum += term;
        }
    }
    row.copy_from_slice(&sums);
}

#[cfg(test)]
mod tests {
    use super::super::place::Places;
    use super::*;

    #[test]
    fn an_exchange_is_a_patient_turn_answered_at_once_both_scored() {
        let mut places = Places::default();
        places.fill(7, &[]);
        let scores = [1.0, 2.0, 3.0, f64::NAN, 4.0, 5.0, 6.0];
        let series = Series { places: &places, roles: &[0, 1, 0, 1, 0, 1, 1], weights: &[1.0; 7], scores: &scores };
        let mut row = [0.0; EXCHANGE_SUMS.len()];
        add(series, &mut row);
        assert_eq!((row[0], row[3], row[4], row[9]), (2.0, 5.0, 7.0, 22.0));
    }
}
