//! From scored turns to sums of each session, role and scale: all that a session's statistics need.
//!
//! A session is worked on by one thread, turn by turn in order, so that its sums have the same bits however the
//! turns are cut into batches and however many threads there are.

mod exchange;
mod line;
mod place;

use rayon::prelude::*;

use crate::error::{StatsError, check_length};
use crate::replicate::pool;

pub use exchange::EXCHANGE_SUMS;
pub use line::LINE_SUMS;

use place::Places;

/// Patient and therapist.
const ROLES: usize = 2;
/// Sessions that a thread takes at a time.
const PORTION: usize = 64;

/// Turns of whole sessions, each session's together and in order.
#[derive(Debug)]
pub struct Turns<'a> {
    /// Where each session begins, and where the last one ends.
    pub offsets: &'a [u64],
    /// 0 for the patient, 1 for the therapist.
    pub roles: &'a [u8],
    /// What a turn's scores weigh; a turn without weight is not scored.
    pub weights: &'a [f64],
    /// Scores of all turns, a slice for each scale; NaN where a turn has none.
    pub scores: &'a [&'a [f64]],
}

/// The turns of one session on one scale.
#[derive(Clone, Copy)]
struct Series<'a> {
    places: &'a Places,
    roles: &'a [u8],
    weights: &'a [f64],
    scores: &'a [f64],
}

impl Series<'_> {
    fn is_scored(&self, turn: usize) -> bool {
        self.weights[turn] > 0.0 && !self.scores[turn].is_nan()
    }
}

impl Turns<'_> {
    /// Sums of every session, row-major `[sessions, width]`.
    ///
    /// A row has, for the patient and then for the therapist, for each scale, [`LINE_SUMS`] and a weight and a
    /// weighted sum for each block; then [`EXCHANGE_SUMS`] for each scale. A block is a range of u, see `place`.
    ///
    /// # Errors
    /// [`StatsError`] for lengths that disagree, offsets that are not ascending, an unknown role, or threads that
    /// cannot be started.
    pub fn sums(&self, blocks: &[(f64, f64)], threads: usize) -> Result<Vec<f64>, StatsError> {
        self.check()?;
        let width = self.scores.len() * (ROLES * (LINE_SUMS.len() + 2 * blocks.len()) + EXCHANGE_SUMS.len());
        let mut rows = vec![0.0; self.sessions() * width];
        if rows.is_empty() {
            return Ok(rows);
        }
        pool(threads)?.install(|| {
            rows.par_chunks_mut(PORTION * width).enumerate().for_each(|(portion, rows)| {
                let mut places = Places::default();
                for (session, row) in rows.chunks_exact_mut(width).enumerate() {
                    self.session(PORTION * portion + session, blocks, &mut places, row);
                }
            });
        });
        Ok(rows)
    }

    const fn sessions(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    fn session(&self, session: usize, blocks: &[(f64, f64)], places: &mut Places, row: &mut [f64]) {
        let turns = index(self.offsets[session])..index(self.offsets[session + 1]);
        places.fill(turns.len(), blocks);
        let side = LINE_SUMS.len() + 2 * blocks.len();
        let (lines, exchanges) = row.split_at_mut(ROLES * self.scores.len() * side);
        let (patient, therapist) = lines.split_at_mut(self.scores.len() * side);
        for (scale, scores) in self.scores.iter().enumerate() {
            let series = Series {
                places,
                roles: &self.roles[turns.clone()],
                weights: &self.weights[turns.clone()],
                scores: &scores[turns.clone()],
            };
            let own = scale * side..(scale + 1) * side;
            line::add(series, [&mut patient[own.clone()], &mut therapist[own]]);
            exchange::add(series, &mut exchanges[scale * EXCHANGE_SUMS.len()..(scale + 1) * EXCHANGE_SUMS.len()]);
        }
    }

    fn check(&self) -> Result<(), StatsError> {
        let turns = self.roles.len();
        check_length("weights", self.weights.len(), turns)?;
        for scores in self.scores {
            check_length("scores", scores.len(), turns)?;
        }
        check_length("offsets", self.offsets.last().map_or(0, |&end| index(end)), turns)?;
        if !self.offsets.is_sorted() {
            return Err(StatsError::Unsorted { name: "offsets" });
        }
        if self.roles.iter().any(|&role| usize::from(role) >= ROLES) {
            return Err(StatsError::Domain { name: "roles" });
        }
        Ok(())
    }
}

/// An offset as an index; one that no index can hold is beyond the end, where `check` finds it.
fn index(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: [u8; 9] = [0, 1, 0, 1, 0, 1, 1, 0, 1];
    const SCORE: [f64; 9] = [1.0, 2.0, 3.0, f64::NAN, 5.0, 6.0, 1.0, 4.0, 2.0];
    const BLOCKS: [(f64, f64); 1] = [(0.0, 0.3)];

    fn sums(offsets: &[u64], weights: &[f64; 9], threads: usize) -> Vec<f64> {
        Turns { offsets, roles: &ROLE, weights, scores: &[&SCORE] }.sums(&BLOCKS, threads).unwrap()
    }

    #[test]
    fn a_session_is_the_same_alone_and_among_others() {
        let both = sums(&[0, 6, 9], &[1.0; 9], 1);
        let alone = Turns { offsets: &[0, 6], roles: &ROLE[..6], weights: &[1.0; 6], scores: &[&SCORE[..6]] };
        let width = both.len() / 2;
        assert_eq!(width, 2 * (LINE_SUMS.len() + 2) + EXCHANGE_SUMS.len());
        assert_eq!(alone.sums(&BLOCKS, 1).unwrap(), both[..width]);
    }

    #[test]
    fn threads_do_not_change_a_bit() {
        let weights = [0.1, 0.7, 0.3, 0.9, 0.2, 0.4, 0.6, 0.8, 0.5];
        assert_eq!(sums(&[0, 2, 6, 9], &weights, 1), sums(&[0, 2, 6, 9], &weights, 3));
    }

    #[test]
    fn a_turn_without_weight_is_not_scored_but_keeps_its_place() {
        let mut weights = [1.0; 9];
        weights[0] = 0.0;
        let found = sums(&[0, 6, 9], &weights, 1);
        // The patient's n, w, ww, wx: turns 2 and 4 of six, at u = .4 and .8.
        assert_eq!(found[..3], [2.0; 3]);
        assert!((found[3] - 0.2).abs() < 1e-15, "{}", found[3]);
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        let refused = |offsets: &[u64], roles: &[u8]| {
            Turns { offsets, roles, weights: &[1.0; 2], scores: &[&[0.0; 2]] }.sums(&BLOCKS, 1).unwrap_err()
        };
        assert_eq!(refused(&[0, 2], &[0, 2]), StatsError::Domain { name: "roles" });
        assert_eq!(refused(&[3, 1, 2], &[0, 1]), StatsError::Unsorted { name: "offsets" });
        assert!(matches!(refused(&[0, 3], &[0, 1]), StatsError::Length { name: "offsets", .. }));
    }

    #[test]
    fn no_turns_give_no_rows() {
        let none = Turns { offsets: &[], roles: &[], weights: &[], scores: &[&[]] };
        assert!(none.sums(&BLOCKS, 1).unwrap().is_empty());
    }
}
