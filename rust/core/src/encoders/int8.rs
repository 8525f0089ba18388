//! `int8.safetensors`: how the builder rounded each matrix to 8 bits (docs/design/2026-11-30-packed-encoder.md).

use alliancekit_kernels::{Calibration, LayerWeights};
use safetensors::{Dtype, SafeTensors};

use crate::onnx_file::numbers;

/// Name of the file in a bundle.
pub(crate) const FILE: &str = "int8.safetensors";

/// The matrices of a layer, in the order of `LayerWeights::calibration`.
const MATRICES: [&str; 4] = ["projections", "output", "widen", "narrow"];

/// Puts the rounding in `file` beside the weights of `layers`, the first of which has the number `first`, counted from 0,
/// and a name that begins with `prefix`.
///
/// # Errors
/// What the file lacks. Sizes are checked when the weights are packed.
pub(crate) fn add(layers: &mut [LayerWeights], file: &[u8], first: usize, prefix: &str) -> Result<(), String> {
    let tensors = SafeTensors::deserialize(file).map_err(|error| format!("{FILE} can't be read ({error})"))?;
    for (number, layer) in layers.iter_mut().enumerate() {
        layer.calibration = Some(of_layer(&tensors, &format!("{prefix}layer.{}", first + number))?);
    }
    Ok(())
}

fn of_layer(tensors: &SafeTensors<'_>, layer: &str) -> Result<[Calibration; 4], String> {
    let mut found = Vec::with_capacity(MATRICES.len());
    for name in MATRICES {
        let bytes = |part: &str, kind: Dtype| {
            let name = format!("{layer}.{name}.{part}");
            match tensors.tensor(&name) {
                Ok(view) if view.dtype() == kind => Ok(view.data().to_vec()),
                _ => Err(format!("{FILE} has no tensor `{name}` of the type {kind:?}")),
            }
        };
        let floats = |part: &str| bytes(part, Dtype::F32).map(|data| numbers(&data, f32::from_le_bytes));
        let channels = numbers(&bytes("side_channels", Dtype::U32)?, u32::from_le_bytes);
        found.push(Calibration {
            weight: bytes("weight", Dtype::I8)?.into_iter().map(u8::cast_signed).collect(),
            scale: floats("scale")?,
            smoothing: floats("smoothing")?,
            side_channels: channels.into_iter().map(|channel| channel as usize).collect(),
        });
    }
    found.try_into().map_err(|_| format!("{FILE} does not have {} matrices a layer", MATRICES.len()))
}
