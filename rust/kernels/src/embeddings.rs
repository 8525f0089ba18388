//! From token ids to the first hidden states: the token's row and the position's row, added and normalised.

use crate::isa::{Isa, Job, LANES};
use crate::norm::Norm;
use crate::shape::ShapeError;
use crate::weights::expect;

/// Rows of numbers, kept as they are stored.
#[derive(Debug, Clone, PartialEq)]
pub enum Table {
    /// Float32.
    Float32(Vec<f32>),
    /// Float16, as bits: half the memory, and only rows that are looked up become float32.
    Float16(Vec<u16>),
}

impl Table {
    fn len(&self) -> usize {
        match self {
            Self::Float32(values) => values.len(),
            Self::Float16(bits) => bits.len(),
        }
    }
}

/// Tables of the embeddings.
#[derive(Debug, Clone, PartialEq)]
pub struct Embeddings {
    /// `[vocabulary, hidden]`.
    pub tokens: Table,
    /// `[longest sequence, hidden]`; the segment's row, which is the same for every token, is added already.
    pub positions: Vec<f32>,
    /// After the sum.
    pub norm: Norm,
}

impl Embeddings {
    /// Tokens that there are rows for.
    #[must_use]
    pub fn vocabulary(&self) -> usize {
        self.tokens.len() / self.norm.weight.len().max(1)
    }

    /// Tokens of the longest sequence.
    #[must_use]
    pub fn longest(&self) -> usize {
        self.positions.len() / self.norm.weight.len().max(1)
    }

    pub(crate) fn check(&self, hidden: usize) -> Result<(), ShapeError> {
        expect("the normalisation of the embeddings", self.norm.weight.len(), hidden)?;
        expect("the normalisation of the embeddings, bias", self.norm.bias.len(), hidden)?;
        expect("the table of tokens, beyond whole rows", self.tokens.len() % hidden, 0)?;
        expect("the table of positions, beyond whole rows", self.positions.len() % hidden, 0)
    }
}

/// Sums of rows for the tokens of one sequence into `target`, `[length, hidden]`; not yet normalised.
pub(crate) struct Embed<'a> {
    pub(crate) embeddings: &'a Embeddings,
    pub(crate) ids: &'a [u32],
    pub(crate) target: &'a mut [f32],
}

impl Job for Embed<'_> {
    type Out = ();

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) {
        let hidden = self.embeddings.norm.weight.len();
        let positions = self.embeddings.positions.chunks_exact(hidden);
        for ((&id, position), target) in self.ids.iter().zip(positions).zip(self.target.chunks_exact_mut(hidden)) {
            let first = id as usize * hidden;
            let (targets, positions) = (target.as_chunks_mut::<LANES>().0, position.as_chunks::<LANES>().0);
            let vectors = targets.iter_mut().zip(positions);
            match &self.embeddings.tokens {
                Table::Float32(values) => {
                    for ((target, position), row) in vectors.zip(values[first..][..hidden].as_chunks().0) {
                        isa.store(isa.add(isa.load(row), isa.load(position)), target);
                    }
                }
                Table::Float16(bits) => {
                    for ((target, position), row) in vectors.zip(bits[first..][..hidden].as_chunks().0) {
                        isa.store(isa.add(isa.load_half(row), isa.load(position)), target);
                    }
                }
            }
        }
    }
}

/// A float16, given by its bits, as float32.
#[must_use]
pub fn from_float16(bits: u16) -> f32 {
    half::f16::from_bits(bits).to_f32()
}
