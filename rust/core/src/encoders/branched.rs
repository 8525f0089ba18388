//! Several encoders as one: each gives the outputs at the end of its branch, and runs only where they are asked for.

use crate::encoders::{Encoder, Tensor};
use crate::error::{Error, Result};
use crate::stages::Stage;

/// The encoders of the branches, and the outputs of each.
#[derive(Debug)]
struct Branched {
    branches: Vec<(Vec<String>, Box<dyn Encoder>)>,
}

/// One encoder of `branches`, the names of whose outputs come with them; there is one at least.
pub(crate) fn joined(mut branches: Vec<(Vec<String>, Box<dyn Encoder>)>) -> Box<dyn Encoder> {
    match branches.pop() {
        Some((_, alone)) if branches.is_empty() => alone,
        last => {
            branches.extend(last);
            Box::new(Branched { branches })
        }
    }
}

impl Encoder for Branched {
    fn plan(&self, lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
        self.branches.first().map_or_else(Vec::new, |(_, encoder)| encoder.plan(lengths, budget))
    }

    fn encode(&self, sequences: &[&[u32]], tensors: &[Tensor<'_>], head: &Stage) -> Result<Vec<f32>> {
        let width: usize = tensors.iter().map(|tensor| tensor.width).sum();
        let mut rows = vec![0.0; sequences.len() * width];
        let mut missing = tensors.len();
        for (outputs, encoder) in &self.branches {
            let wanted: Vec<Tensor<'_>> = tensors.iter().filter(|tensor| has(outputs, tensor)).copied().collect();
            if wanted.is_empty() {
                continue;
            }
            missing -= wanted.len();
            let found = encoder.encode(sequences, &wanted, head)?;
            put(&found, tensors, |tensor| has(outputs, tensor), &mut rows);
        }
        if missing == 0 { Ok(rows) } else { Err(Error::Internal("an output belongs to no branch of the encoder")) }
    }
}

fn has(outputs: &[String], tensor: &Tensor<'_>) -> bool {
    outputs.iter().any(|output| output == tensor.name)
}

/// Puts rows of the tensors that are `chosen` where they belong in rows of all `tensors`.
fn put(found: &[f32], tensors: &[Tensor<'_>], chosen: impl Fn(&Tensor<'_>) -> bool, rows: &mut [f32]) {
    let width: usize = tensors.iter().map(|tensor| tensor.width).sum();
    let mut rest = found;
    for row in rows.chunks_exact_mut(width) {
        let mut start = 0;
        for tensor in tensors {
            if chosen(tensor) {
                let (values, others) = rest.split_at(tensor.width);
                row[start..start + tensor.width].copy_from_slice(values);
                rest = others;
            }
            start += tensor.width;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives `number` as every value, and plans as many batches.
    #[derive(Debug)]
    struct Fixed(u8);

    impl Encoder for Fixed {
        fn plan(&self, _: &[usize], _: usize) -> Vec<Vec<usize>> {
            vec![Vec::new(); usize::from(self.0)]
        }

        fn encode(&self, sequences: &[&[u32]], tensors: &[Tensor<'_>], _: &Stage) -> Result<Vec<f32>> {
            let width: usize = tensors.iter().map(|tensor| tensor.width).sum();
            Ok((0..sequences.len() * width).map(|position| f32::from(self.0) + position as f32 / 100.0).collect())
        }
    }

    fn both() -> Box<dyn Encoder> {
        let named = |names: [&str; 2], number| -> (Vec<String>, Box<dyn Encoder>) {
            (names.map(str::to_owned).to_vec(), Box::new(Fixed(number)))
        };
        joined(vec![named(["items", "embedding"], 1), named(["gated", "other"], 5)])
    }

    fn encode(names: &[(&str, usize)]) -> Result<Vec<f32>> {
        let tensors: Vec<_> = names.iter().map(|&(name, width)| Tensor { name, width }).collect();
        both().encode(&[&[1], &[2]], &tensors, &Stage::default())
    }

    #[test]
    fn each_output_comes_from_its_branch_in_the_order_asked_for() {
        let found = encode(&[("embedding", 1), ("gated", 2), ("items", 1)]).unwrap();
        assert_eq!(found, [1.0, 5.0, 5.01, 1.01, 1.02, 5.02, 5.03, 1.03]);
        assert_eq!(encode(&[("other", 1)]).unwrap(), [5.0, 5.01]);
    }

    #[test]
    fn an_output_of_no_branch_is_an_error() {
        assert!(matches!(encode(&[("items", 1), ("nothing", 1)]), Err(Error::Internal(_))));
    }

    #[test]
    fn one_branch_needs_nothing_around_it() {
        let alone = joined(vec![(Vec::new(), Box::new(Fixed(3)) as Box<dyn Encoder>)]);
        assert_eq!(alone.plan(&[], 0).len(), 3);
        assert!(alone.encode(&[], &[Tensor { name: "any", width: 1 }], &Stage::default()).unwrap().is_empty());
    }
}
