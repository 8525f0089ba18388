//! One model, two ways to run it: the whole graph in ONNX Runtime, or its encoder by our kernels and the rest there.
//!
//! Why a trait, and not an operator of the runtime's: docs/design/2026-11-30-packed-encoder.md.

mod branched;
mod branches;
mod head;
pub(crate) mod int8;
pub(crate) mod onnx;
pub(crate) mod packed;
mod shared;
mod weights;

use crate::error::Result;
use crate::stages::Stage;

/// An output of the model, and how many values it has for a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tensor<'a> {
    pub(crate) name: &'a str,
    pub(crate) width: usize,
}

/// From token ids to outputs of the model.
pub(crate) trait Encoder: std::fmt::Debug + Send + Sync {
    /// Which sequences to encode together, by their position, the most work first, of `budget` tokens or fewer
    /// unless one alone has more.
    fn plan(&self, lengths: &[usize], budget: usize) -> Vec<Vec<usize>>;

    /// A row of `tensors` for each of `sequences`, with the same bits whatever the others are. `head` counts the time of
    /// what follows the encoder, where that runs by itself.
    ///
    /// # Errors
    /// [`crate::Error::Inference`].
    fn encode(&self, sequences: &[&[u32]], tensors: &[Tensor<'_>], head: &Stage) -> Result<Vec<f32>>;
}
