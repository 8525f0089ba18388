//! Which sequences run together. ONNX Runtime gets only those of one length, so that nothing is ever padded.
//!
//! Padding would waste work, and it would change the order in which a softmax adds up its terms, so that a turn's
//! bits would depend on its neighbours (docs/design/2026-11-24-batches-of-one-length.md).

use std::collections::BTreeMap;

/// Puts sequences of `lengths` into batches of one length and at most `token_budget` tokens (or one sequence), longest
/// first; a batch is the positions of its sequences.
#[must_use]
pub fn of_one_length(lengths: &[usize], token_budget: usize) -> Vec<Vec<usize>> {
    let mut by_length: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (position, &length) in lengths.iter().enumerate() {
        by_length.entry(length).or_default().push(position);
    }
    let batches_of = |(length, positions): (usize, Vec<usize>)| -> Vec<Vec<usize>> {
        let size = (token_budget / length.max(1)).max(1);
        positions.chunks(size).map(<[usize]>::to_vec).collect()
    };
    // Long batches take the most time each; last, they would leave the other threads idle.
    by_length.into_iter().rev().flat_map(batches_of).collect()
}

/// Puts sequences of `lengths` into batches of at most `token_budget` tokens (or one sequence) of any lengths, the
/// longest sequences first, so that threads end at about the same time.
#[must_use]
pub fn mixed(lengths: &[usize], token_budget: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|&position| std::cmp::Reverse(lengths[position]));
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let mut tokens = token_budget;
    for position in order {
        match batches.last_mut() {
            Some(batch) if tokens + lengths[position] <= token_budget => batch.push(position),
            _ => {
                batches.push(vec![position]);
                tokens = 0;
            }
        }
        tokens += lengths[position];
    }
    batches
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tokens(batch: &[usize], lengths: &[usize]) -> usize {
        batch.iter().map(|&position| lengths[position]).sum()
    }

    proptest! {
        #[test]
        fn every_sequence_is_in_one_batch_within_the_budget(
            lengths in prop::collection::vec(1_usize..300, 0..200),
            token_budget in 1_usize..2000,
        ) {
            for planned in [of_one_length(&lengths, token_budget), mixed(&lengths, token_budget)] {
                let mut seen = vec![0; lengths.len()];
                for batch in planned {
                    prop_assert!(batch.len() == 1 || tokens(&batch, &lengths) <= token_budget);
                    for position in batch {
                        seen[position] += 1;
                    }
                }
                prop_assert!(seen.iter().all(|&count| count == 1));
            }
        }

        #[test]
        fn batches_of_one_length_hold_one_length(lengths in prop::collection::vec(1_usize..300, 0..200)) {
            for batch in of_one_length(&lengths, 512) {
                prop_assert!(batch.iter().all(|&position| lengths[position] == lengths[batch[0]]));
            }
        }

        #[test]
        fn the_longest_come_first(lengths in prop::collection::vec(1_usize..300, 0..200)) {
            for planned in [of_one_length(&lengths, 512), mixed(&lengths, 512)] {
                let in_order: Vec<usize> = planned.into_iter().flatten().map(|position| lengths[position]).collect();
                prop_assert!(in_order.is_sorted_by(|first, second| first >= second));
            }
        }
    }
}
