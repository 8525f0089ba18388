//! What comes after the encoder: everything in `model.onnx` that is a function of the pooled tensors alone.

use std::collections::HashSet;

use crate::manifest::Manifest;
use crate::onnx_file::ModelProto;

/// The graph from the pooled tensors, each float32 `[batch, hidden]`, to all outputs of the bundle.
///
/// # Errors
/// Why there is none.
pub(crate) fn cut(model: &ModelProto, manifest: &Manifest, hidden: usize) -> Result<Vec<u8>, String> {
    let pooled: Vec<_> = manifest.tensors.pooled.iter().map(|pooled| (pooled.tensor.as_str(), hidden)).collect();
    if pooled.is_empty() {
        return Err("bundle.json names no pooled tensors".to_owned());
    }
    let outputs: HashSet<&str> = manifest.outputs().collect();
    model.between(&pooled, &outputs)
}
