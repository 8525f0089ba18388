//! Which other sessions a session is compared with: never one that has its patient or its therapist.
//!
//! Sessions stand in a random circle, and the partners of one are the next ones that it may be compared with. So
//! each session is the partner of as many others as it has partners, as far as the people allow, and sessions that
//! are worked on one after the other have partners in common, which stay in the cache.

use crate::rng::{Purpose, below, stream};

/// Sessions looked at for each partner wanted, at most: one that few may be compared with goes with fewer partners.
const LOOKED_AT: usize = 32;

/// Codes of the patient and the therapist of each session.
#[derive(Clone, Copy, Debug)]
pub struct People<'a> {
    /// Code of each session's patient.
    pub patients: &'a [u32],
    /// Code of each session's therapist.
    pub therapists: &'a [u32],
}

impl People<'_> {
    fn strangers(&self, one: usize, other: usize) -> bool {
        self.patients[one] != self.patients[other] && self.therapists[one] != self.therapists[other]
    }
}

/// The sessions in a random order that closes on itself.
#[derive(Clone, Debug)]
pub struct Circle {
    order: Vec<usize>,
}

impl Circle {
    /// Puts `sessions` into the order of `seed`.
    #[must_use]
    pub fn new(sessions: usize, seed: u64) -> Self {
        let mut rng = stream(seed, Purpose::Partner, 0);
        let mut order: Vec<usize> = (0..sessions).collect();
        for at in 0..sessions {
            let left = u32::try_from(sessions - at).unwrap_or(u32::MAX);
            order.swap(at, at + below(&mut rng, left) as usize);
        }
        Self { order }
    }

    /// The session in each place.
    #[must_use]
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// Up to `most` partners of the session in `place`: the next ones that share nobody with it.
    pub fn partners(&self, people: People<'_>, place: usize, most: usize) -> impl Iterator<Item = usize> {
        let (before, onward) = self.order.split_at(place);
        let session = onward.first().copied();
        onward
            .iter()
            .skip(1)
            .chain(before)
            .take(LOOKED_AT * most)
            .copied()
            .filter(move |&other| session.is_some_and(|one| people.strangers(one, other)))
            .take(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn people<'a>(patients: &'a [u32], therapists: &'a [u32]) -> People<'a> {
        People { patients, therapists }
    }

    proptest! {
        #[test]
        fn partners_are_distinct_strangers(
            ids in prop::collection::vec((0_u32..6, 0_u32..4), 1..40), most in 2_usize..12, seed: u64
        ) {
            let (patients, therapists): (Vec<u32>, Vec<u32>) = ids.iter().copied().unzip();
            let coded = people(&patients, &therapists);
            let circle = Circle::new(ids.len(), seed);
            for (place, &session) in circle.order().iter().enumerate() {
                let mut found: Vec<usize> = circle.partners(coded, place, most).collect();
                let possible = (0..ids.len()).filter(|&other| coded.strangers(session, other)).count();
                prop_assert_eq!(found.len(), possible.min(most));
                prop_assert!(found.iter().all(|&other| coded.strangers(session, other)));
                found.sort_unstable();
                found.dedup();
                prop_assert_eq!(found.len(), possible.min(most));
            }
        }

        #[test]
        fn a_circle_holds_every_session_once(sessions in 0_usize..50, seed: u64) {
            let mut order = Circle::new(sessions, seed).order().to_vec();
            order.sort_unstable();
            prop_assert_eq!(order, (0..sessions).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_one_therapist_of_most_sessions_is_avoided() {
        let patients: Vec<u32> = (0..8000).collect();
        let therapists: Vec<u32> = (0..8000).map(|session| if session % 10 == 0 { session } else { 1 }).collect();
        let coded = people(&patients, &therapists);
        let circle = Circle::new(8000, 3);
        let place = circle.order().iter().position(|&session| session == 1).unwrap();
        let found: Vec<usize> = circle.partners(coded, place, 64).collect();
        assert_eq!(found.len(), 64);
        assert!(found.iter().all(|other| other % 10 == 0));
    }

    #[test]
    fn everyone_is_a_partner_as_often() {
        let codes: Vec<u32> = (0..8).collect();
        let mut counts = [0_u32; 8];
        for seed in 0..7000 {
            let circle = Circle::new(8, seed);
            let place = circle.order().iter().position(|&session| session == 2).unwrap();
            for partner in circle.partners(people(&codes, &codes), place, 3) {
                counts[partner] += 1;
            }
        }
        // Six standard deviations of a binomial with p = 3/7.
        assert_eq!(counts[2], 0);
        assert!((0..8).filter(|&at| at != 2).all(|at| counts[at].abs_diff(3000) < 250), "{counts:?}");
    }
}
