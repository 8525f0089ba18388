//! Layers of BERT-like encoders for processors that have the instructions: sequences packed one after the other without
//! padding, whole numbers where they are exact enough, everything fused that can be.
//!
//! No ONNX and no Python here: weights in, pooled hidden states out. What is `unsafe` is in [`mod@isa`] alone.

mod activations;
mod attention;
mod embeddings;
mod encoder;
mod gelu;
mod gemm;
mod isa;
mod matrix;
mod norm;
mod numbers;
mod peak;
mod shape;
mod weights;

#[cfg(test)]
mod numbers_tests;

pub use embeddings::{Embeddings, Table, from_float16};
pub use encoder::{PackedEncoder, Room};
pub use isa::Level;
pub use matrix::{Calibration, Linear};
pub use norm::Norm;
pub use numbers::Numbers;
pub use peak::operations_per_second;
pub use shape::{Pooling, Shape, ShapeError};
pub use weights::{LayerWeights, Weights};
