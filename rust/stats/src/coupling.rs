//! Coupling against mismatched pairs: a patient's series beside the series of therapists he never met.
//!
//! Ramseyer, F. & Tschacher, W. (2010), Nonverbal synchrony or random coincidence? (pseudo-interactions);
//! Moulder, R. G. et al. (2018), Determining synchrony between behavioral time series, Psychological Methods 23(4).

pub mod exchanges;
pub mod partners;
pub mod replicates;

use crate::error::{StatsError, check_finite, check_length};
use crate::replicate::Replicates;
use exchanges::Exchanges;
use partners::{Circle, People};

/// Correlations of sessions' patients with therapists of other sessions, row-major `[count, 2 · most]`.
///
/// A row holds up to `most` correlations and then the exchanges that each rests on; NaN and 0 where there is no
/// pair. Series are aligned by exchange, cut to the shorter, and freed of their line over the overlap. The
/// "replicates" are places in the circle of sessions: row p is of the session `Circle::order()[p]`.
///
/// # Errors
/// [`StatsError`] for lengths that disagree, numbers that are not finite, sessions that are not there, or threads
/// that cannot be started.
pub fn mismatched(
    exchanges: &Exchanges<'_>,
    people: People<'_>,
    most: usize,
    places: Replicates,
) -> Result<Vec<f64>, StatsError> {
    check_length("patients", people.patients.len(), exchanges.sessions())?;
    check_length("therapists", people.therapists.len(), exchanges.sessions())?;
    check_finite("patient", exchanges.patient)?;
    check_finite("therapist", exchanges.therapist)?;
    if places.end() > exchanges.sessions() as u64 {
        return Err(StatsError::Domain { name: "the last session" });
    }
    let circle = Circle::new(exchanges.sessions(), places.seed);
    places.one_by_one(|index| {
        let place = usize::try_from(index).unwrap_or(usize::MAX);
        let session = circle.order()[place];
        let partners = circle.partners(people, place, most);
        row(partners.filter_map(|partner| exchanges.correlation(session, partner)), most)
    })
}

fn row(pairs: impl Iterator<Item = (f64, usize)>, most: usize) -> Vec<f64> {
    let mut row = [vec![f64::NAN; most], vec![0.0; most]].concat();
    for (at, (correlation, overlap)) in pairs.enumerate() {
        row[at] = correlation;
        row[most + at] = overlap as f64;
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCORES: [f64; 24] = [
        0.1, 0.9, 0.3, 0.4, 0.8, 0.2, 0.5, 0.7, 0.6, 0.2, 0.9, 0.1, 0.3, 0.3, 0.8, 0.7, 0.4, 0.1, 0.2, 0.6, 0.5, 0.9,
        0.8, 0.0,
    ];
    const MIRRORED: [f64; 24] = [
        0.0, 0.8, 0.9, 0.5, 0.6, 0.2, 0.1, 0.4, 0.7, 0.8, 0.3, 0.3, 0.1, 0.9, 0.2, 0.6, 0.7, 0.5, 0.2, 0.8, 0.4, 0.3,
        0.9, 0.1,
    ];

    fn four() -> Exchanges<'static> {
        Exchanges::new(&SCORES, &MIRRORED, &[0, 6, 12, 19], &[6, 6, 7, 5]).unwrap()
    }

    fn sessions(first: u64, count: usize, threads: usize) -> Replicates {
        Replicates { seed: 1, first, count, threads }
    }

    #[test]
    fn threads_and_chunks_do_not_change_a_bit() {
        let people = People { patients: &[0, 1, 2, 3], therapists: &[0, 1, 2, 3] };
        let bits = |values: Vec<f64>| values.into_iter().map(f64::to_bits).collect::<Vec<_>>();
        let whole = bits(mismatched(&four(), people, 5, sessions(0, 4, 1)).unwrap());
        let mut parts = bits(mismatched(&four(), people, 5, sessions(0, 3, 2)).unwrap());
        parts.extend(bits(mismatched(&four(), people, 5, sessions(3, 1, 1)).unwrap()));
        assert_eq!(whole, parts);
        assert_eq!(whole.len(), 4 * 10);
    }

    #[test]
    fn who_shares_a_person_with_everyone_has_no_pair() {
        let people = People { patients: &[0, 0, 1, 2], therapists: &[0, 1, 0, 0] };
        let rows = mismatched(&four(), people, 3, sessions(0, 4, 1)).unwrap();
        let place = Circle::new(4, 1).order().iter().position(|&session| session == 0).unwrap();
        let row = &rows[6 * place..6 * (place + 1)];
        assert!(row[..3].iter().all(|value| value.is_nan()));
        assert!(row[3..].iter().all(|&overlap| overlap == 0.0));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let short = People { patients: &[0, 1, 2], therapists: &[0, 1, 2, 3] };
        assert!(mismatched(&four(), short, 3, sessions(0, 4, 1)).is_err());
        let people = People { patients: &[0, 1, 2, 3], therapists: &[0, 1, 2, 3] };
        assert!(mismatched(&four(), people, 3, sessions(2, 3, 1)).is_err());
    }
}
