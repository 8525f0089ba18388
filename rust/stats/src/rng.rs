//! The counter-based generator: `ChaCha8`, keyed by seed and purpose, one stream per replicate.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// What the draws are for, so that two procedures with one seed do not share their draws.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Clusters drawn with replacement.
    Bootstrap = 1,
    /// Signs of clusters.
    SignFlip = 2,
    /// Labels permuted.
    Permutation = 3,
    /// One of a session's partners.
    Coupling = 4,
    /// The order in which sessions are paired with others.
    Partner = 5,
}

/// The generator of one replicate.
#[must_use]
pub fn stream(seed: u64, purpose: Purpose, replicate: u64) -> ChaCha8Rng {
    let mut key = [0_u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8] = purpose as u8;
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(replicate);
    rng
}

/// A whole number from 0 to `bound` − 1, each as likely as the other.
///
/// Lemire, D. (2019). Fast random integer generation in an interval. ACM TOMACS 29(1).
/// A `bound` of 0 gives 0.
pub fn below(rng: &mut impl RngCore, bound: u32) -> u32 {
    let mut product = u64::from(rng.next_u32()) * u64::from(bound);
    if low(product) < bound {
        let threshold = bound.wrapping_neg() % bound.max(1);
        while low(product) < threshold {
            product = u64::from(rng.next_u32()) * u64::from(bound);
        }
    }
    high(product)
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
const fn low(product: u64) -> u32 {
    product as u32
}

const fn high(product: u64) -> u32 {
    (product >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicates_and_purposes_have_draws_of_their_own() {
        let first = stream(7, Purpose::Bootstrap, 0).next_u64();
        assert_eq!(first, stream(7, Purpose::Bootstrap, 0).next_u64());
        assert_ne!(first, stream(7, Purpose::Bootstrap, 1).next_u64());
        assert_ne!(first, stream(7, Purpose::SignFlip, 0).next_u64());
        assert_ne!(first, stream(8, Purpose::Bootstrap, 0).next_u64());
    }

    #[test]
    fn below_is_uniform_and_in_range() {
        let mut rng = stream(1, Purpose::Permutation, 0);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[below(&mut rng, 7) as usize] += 1;
        }
        // Six standard deviations of a binomial with p = 1/7.
        assert!(counts.iter().all(|&count| count.abs_diff(10_000) < 560), "{counts:?}");
    }

    #[test]
    fn below_zero_is_zero() {
        assert_eq!(below(&mut stream(1, Purpose::Bootstrap, 0), 0), 0);
    }
}
