//! Small encoders and sequences for tests, made from a seed.

use alliancekit_kernels::{Embeddings, LayerWeights, Linear, Norm, Shape, Table, Weights};

/// A generator that gives the same numbers everywhere (Vigna's splitmix64).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// From -1 to 1.
    pub(crate) fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }

    pub(crate) fn many(&mut self, count: usize, size: f32) -> Vec<f32> {
        (0..count).map(|_| self.unit() * size).collect()
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap_or(0)
    }

    fn linear(&mut self, inputs: usize, outputs: usize) -> Linear {
        let size = (3.0 / inputs as f32).sqrt();
        Linear { inputs, outputs, weight: self.many(inputs * outputs, size), bias: self.many(outputs, 0.1) }
    }

    fn norm(&mut self, width: usize) -> Norm {
        let weight = self.many(width, 0.2).into_iter().map(|value| value + 1.0).collect();
        Norm { weight, bias: self.many(width, 0.1) }
    }

    /// Weights of an encoder of `layers` layers.
    pub(crate) fn weights(&mut self, shape: &Shape, layers: usize, vocabulary: usize, longest: usize) -> Weights {
        let (hidden, wide) = (shape.hidden, shape.intermediate);
        let embeddings = Embeddings {
            tokens: Table::Float32(self.many(vocabulary * hidden, 1.0)),
            positions: self.many(longest * hidden, 0.5),
            norm: self.norm(hidden),
        };
        let layer = |numbers: &mut Self| LayerWeights {
            projections: numbers.linear(hidden, 3 * hidden),
            output: numbers.linear(hidden, hidden),
            attention_norm: numbers.norm(hidden),
            widen: numbers.linear(hidden, wide),
            narrow: numbers.linear(wide, hidden),
            output_norm: numbers.norm(hidden),
            calibration: None,
        };
        Weights { embeddings, layers: (0..layers).map(|_| layer(self)).collect() }
    }

    /// Sequences of up to `longest` tokens.
    pub(crate) fn sequences(&mut self, count: usize, longest: usize, vocabulary: usize) -> Vec<Vec<u32>> {
        let ids = |numbers: &mut Self| {
            let length = 1 + numbers.below(longest);
            (0..length).map(|_| u32::try_from(numbers.below(vocabulary)).unwrap_or(0)).collect()
        };
        (0..count).map(|_| ids(self)).collect()
    }
}
