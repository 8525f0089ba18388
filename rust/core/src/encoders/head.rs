//! What comes after the encoder: everything in `model.onnx` that is a function of a branch's pooled tensors alone.

use std::collections::HashSet;

use crate::encoders::branches::Branch;
use crate::onnx_file::ModelProto;

/// The graph from the pooled tensors of `branch`, each float32 `[batch, hidden]`, to its outputs.
///
/// # Errors
/// Why there is none.
pub(crate) fn cut(model: &ModelProto, branch: &Branch, hidden: usize) -> Result<Vec<u8>, String> {
    let pooled: Vec<_> = branch.pooled.iter().map(|pooled| (pooled.tensor.as_str(), hidden)).collect();
    let outputs: HashSet<&str> = branch.outputs.iter().map(String::as_str).collect();
    model.between(&pooled, &outputs)
}
