//! Layer normalisation, `(x - mean) / sqrt(variance + epsilon) w + b` (Ba et al. 2016).

use crate::isa::{Isa, Job, LANES};

/// Weights of a normalisation.
#[derive(Debug, Clone, PartialEq)]
pub struct Norm {
    /// `w`.
    pub weight: Vec<f32>,
    /// `b`.
    pub bias: Vec<f32>,
}

/// Normalises each of `rows` in place.
pub(crate) struct Normalise<'a> {
    pub(crate) norm: &'a Norm,
    pub(crate) epsilon: f32,
    pub(crate) rows: &'a mut [f32],
}

impl Job for Normalise<'_> {
    type Out = ();

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) {
        let width = self.norm.weight.len();
        let (weight, bias) = (self.norm.weight.as_chunks::<LANES>().0, self.norm.bias.as_chunks::<LANES>().0);
        let zero = isa.splat(0.0);
        for row in self.rows.chunks_exact_mut(width) {
            let row = row.as_chunks_mut::<LANES>().0;
            let total = row.iter().fold(zero, |total, values| isa.add(total, isa.load(values)));
            let mean = isa.splat(isa.sum(total) / width as f32);
            let squares = row.iter().fold(zero, |squares, values| {
                let centred = isa.sub(isa.load(values), mean);
                isa.fma(centred, centred, squares)
            });
            let factor = isa.splat(1.0 / (isa.sum(squares) / width as f32 + self.epsilon).sqrt());
            for ((values, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
                let unit = isa.mul(isa.sub(isa.load(values), mean), factor);
                isa.store(isa.fma(unit, isa.load(weight), isa.load(bias)), values);
            }
        }
    }
}
