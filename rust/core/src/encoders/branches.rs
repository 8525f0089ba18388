//! The branches of an encoder: its layers as they were trained, and those adapted to the inventory after the lower ones.

use crate::manifest::{Manifest, Pooled};
use crate::onnx_file::ModelProto;

/// One way through the layers, and what can be had at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch {
    /// Whether its upper layers are the adapted ones.
    pub(crate) adapted: bool,
    /// The pooled tensors on its way.
    pub(crate) pooled: Vec<Pooled>,
    /// The outputs of the model that are functions of these tensors alone.
    pub(crate) outputs: Vec<String>,
}

/// The branches that have outputs, the encoder's own layers first: one, unless there are adapted layers.
///
/// # Errors
/// Which output is a function of neither branch's tensors alone, and of what else.
pub(crate) fn of(model: &ModelProto, manifest: &Manifest) -> Result<Vec<Branch>, String> {
    let shared = manifest.encoder.as_ref().and_then(|encoder| encoder.shared_layers);
    let ways: &[bool] = if shared.is_some() { &[false, true] } else { &[false] };
    let mut branches: Vec<Branch> = ways.iter().map(|&adapted| empty(manifest, adapted, shared)).collect();
    for output in manifest.outputs() {
        let mut reason = "bundle.json names no pooled tensors".to_owned();
        let found = branches.iter_mut().filter(|branch| !branch.pooled.is_empty()).find(|branch| {
            let pooled = branch.pooled.iter().map(|pooled| pooled.tensor.as_str()).collect();
            model.leads(&pooled, output).map_err(|error| reason = error).is_ok()
        });
        found.ok_or(reason)?.outputs.push(output.to_owned());
    }
    branches.retain(|branch| !branch.outputs.is_empty());
    Ok(branches)
}

fn empty(manifest: &Manifest, adapted: bool, shared: Option<usize>) -> Branch {
    let on_the_way =
        |pooled: &&Pooled| pooled.adapted == adapted || shared.is_some_and(|shared| pooled.layer <= shared);
    let pooled = manifest.tensors.pooled.iter().filter(on_the_way).cloned().collect();
    Branch { adapted, pooled, outputs: Vec::new() }
}
