//! Which sequences run together: only those of one length, so that nothing is ever padded.
//!
//! Padding would waste work, and it would change the order in which a softmax adds up its terms, so that a turn's
//! bits would depend on its neighbours (docs/design/2026-11-24-batches-of-one-length.md).

use std::collections::BTreeMap;

/// Sequences of one length that the model reads at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Tokens in each sequence.
    pub length: usize,
    /// Positions of the sequences.
    pub sequences: Vec<usize>,
}

/// Puts sequences of `lengths` into batches of at most `token_budget` tokens (or one sequence), longest first.
#[must_use]
pub fn plan(lengths: &[usize], token_budget: usize) -> Vec<Batch> {
    let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (position, &length) in lengths.iter().enumerate() {
        by_length.entry(length).or_default().push(position);
    }
    let batches_of = |(length, positions): (usize, Vec<usize>)| -> Vec<Batch> {
        let size = (token_budget / length.max(1)).max(1);
        positions.chunks(size).map(|sequences| Batch { length, sequences: sequences.to_vec() }).collect()
    };
    // Long batches take the most time each; last, they would leave the other threads idle.
    by_length.into_iter().rev().flat_map(batches_of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_sequence_is_in_one_batch_of_its_own_length(
            lengths in prop::collection::vec(1_usize..300, 0..200),
            token_budget in 1_usize..2000,
        ) {
            let mut seen = vec![0; lengths.len()];
            for batch in plan(&lengths, token_budget) {
                prop_assert!(batch.sequences.len() == 1 || batch.length * batch.sequences.len() <= token_budget);
                for &position in &batch.sequences {
                    prop_assert_eq!(lengths[position], batch.length);
                    seen[position] += 1;
                }
            }
            prop_assert!(seen.iter().all(|&count| count == 1));
        }

        #[test]
        fn the_longest_come_first(lengths in prop::collection::vec(1_usize..300, 0..200)) {
            let planned: Vec<usize> = plan(&lengths, 512).iter().map(|batch| batch.length).collect();
            prop_assert!(planned.is_sorted_by(|first, second| first >= second));
        }
    }
}
