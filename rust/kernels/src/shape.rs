//! Sizes of an encoder, and which of them the kernels can run.

use crate::isa::LANES;

/// Sizes of an encoder.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Width of the hidden states.
    pub hidden: usize,
    /// Attention heads.
    pub heads: usize,
    /// Width of the feed-forward part.
    pub intermediate: usize,
    /// Added to the variance by layer normalisation.
    pub epsilon: f32,
}

/// From the hidden states of a sequence to one vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pooling {
    /// The sum over all tokens: the mean but for a factor, which bringing it to unit norm takes out.
    Sum,
    /// The first token.
    First,
}

/// Why the kernels can't run an encoder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShapeError {
    /// A size does not fit into vectors.
    #[error("{name} is {size}, and the kernels need a multiple of {LANES}")]
    NotAMultiple {
        /// What has the size.
        name: &'static str,
        /// The size.
        size: usize,
    },
    /// The heads do not share the hidden states evenly.
    #[error("{hidden} hidden states can't be shared by {heads} heads")]
    Heads {
        /// Width of the hidden states.
        hidden: usize,
        /// Attention heads.
        heads: usize,
    },
    /// Weights are not of the sizes that the shape says.
    #[error("{name} has {found} numbers, the encoder's sizes imply {expected}")]
    Weights {
        /// Which weights.
        name: String,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
}

impl Shape {
    /// Whether the kernels can run it.
    ///
    /// # Errors
    /// [`ShapeError::Heads`] or [`ShapeError::NotAMultiple`].
    pub fn check(&self) -> Result<(), ShapeError> {
        let (hidden, heads) = (self.hidden, self.heads);
        if heads == 0 || hidden == 0 || hidden % heads != 0 {
            return Err(ShapeError::Heads { hidden, heads });
        }
        let sizes = [("hidden", hidden), ("the width of a head", hidden / heads), ("intermediate", self.intermediate)];
        match sizes.into_iter().find(|(_, size)| *size == 0 || size % LANES != 0) {
            Some((name, size)) => Err(ShapeError::NotAMultiple { name, size }),
            None => Ok(()),
        }
    }
}
