//! An encoder's weights as they come, in float32, before they are packed.

use crate::embeddings::Embeddings;
use crate::matrix::{Calibration, Linear};
use crate::norm::Norm;
use crate::shape::{Shape, ShapeError};

/// All weights of an encoder.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// From tokens to the first hidden states.
    pub embeddings: Embeddings,
    /// The layers, first to last.
    pub layers: Vec<LayerWeights>,
}

/// Weights of one layer: matrices `[inputs, outputs]`, normalisation after each residual connection.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerWeights {
    /// Queries, keys and values side by side, `[hidden, 3 × hidden]`.
    pub projections: Linear,
    /// After attention, `[hidden, hidden]`.
    pub output: Linear,
    /// After attention.
    pub attention_norm: Norm,
    /// Before the GELU, `[hidden, intermediate]`.
    pub widen: Linear,
    /// After the GELU, `[intermediate, hidden]`.
    pub narrow: Linear,
    /// After the feed-forward part.
    pub output_norm: Norm,
    /// How the matrices `projections`, `output`, `widen` and `narrow` are rounded to 8 bits, where that was calibrated.
    pub calibration: Option<[Calibration; 4]>,
}

impl Weights {
    /// Whether all have the sizes that `shape` says.
    ///
    /// # Errors
    /// [`ShapeError`].
    pub fn check(&self, shape: &Shape) -> Result<(), ShapeError> {
        shape.check()?;
        self.embeddings.check(shape.hidden)?;
        self.layers.iter().enumerate().try_for_each(|(number, layer)| layer.check(number, shape))
    }
}

impl LayerWeights {
    pub(crate) fn check(&self, number: usize, shape: &Shape) -> Result<(), ShapeError> {
        let (hidden, wide) = (shape.hidden, shape.intermediate);
        let matrices = [
            ("projections", &self.projections, hidden, 3 * hidden),
            ("output", &self.output, hidden, hidden),
            ("widen", &self.widen, hidden, wide),
            ("narrow", &self.narrow, wide, hidden),
        ];
        for (position, (name, linear, inputs, outputs)) in matrices.into_iter().enumerate() {
            let name = |part: &str| format!("layer {number}, {name}{part}");
            expect(&name(""), linear.weight.len(), inputs * outputs)?;
            expect(&name(", inputs"), linear.inputs, inputs)?;
            expect(&name(", outputs"), linear.outputs, outputs)?;
            expect(&name(", bias"), linear.bias.len(), outputs)?;
            if let Some(known) = self.calibration.as_ref().map(|all| &all[position]) {
                expect(&name(", 8 bits"), known.weight.len(), inputs * outputs)?;
                expect(&name(", scale"), known.scale.len(), outputs)?;
                expect(&name(", smoothing"), known.smoothing.len(), inputs)?;
                let beyond = known.side_channels.iter().filter(|&&channel| channel >= inputs).count();
                expect(&name(", side channels beyond the inputs"), beyond, 0)?;
                // One that is named twice would be added twice.
                let unordered = known.side_channels.windows(2).filter(|pair| pair[0] >= pair[1]).count();
                expect(&name(", side channels not in rising order"), unordered, 0)?;
            }
        }
        for (name, norm) in [("attention norm", &self.attention_norm), ("output norm", &self.output_norm)] {
            expect(&format!("layer {number}, {name}"), norm.weight.len(), hidden)?;
            expect(&format!("layer {number}, {name}, bias"), norm.bias.len(), hidden)?;
        }
        Ok(())
    }
}

/// An error unless `found` is `expected`.
pub(crate) fn expect(name: &str, found: usize, expected: usize) -> Result<(), ShapeError> {
    if found == expected { Ok(()) } else { Err(ShapeError::Weights { name: name.to_owned(), found, expected }) }
}
