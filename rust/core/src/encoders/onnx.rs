//! The whole of `model.onnx` in ONNX Runtime: the reference, and what runs an encoder that the kernels don't know.

use ort::environment::Environment;
use ort::session::Session;
use ort::value::{Outlet, TensorRef};

use crate::batches;
use crate::bundle::Bundle;
use crate::encoders::branched::joined;
use crate::encoders::{Encoder, Tensor, branches};
use crate::error::{Error, Result};
use crate::onnx_file::ModelProto;
use crate::pool::Pool;
use crate::sessions;
use crate::stages::Stage;

/// Sessions of the bundle's model.
#[derive(Debug)]
pub(crate) struct OnnxEncoder {
    sessions: Pool<Session>,
    input_ids: String,
    attention_mask: String,
}

/// Loads the bundle's model into `threads` sessions; a model with two branches is cut in two, so that nothing runs that
/// was not asked for.
///
/// # Errors
/// [`Error::Model`] when the runtime can't load the model or it lacks a tensor that the manifest names.
pub(crate) fn open(bundle: &Bundle, environment: &Environment, threads: usize) -> Result<Box<dyn Encoder>> {
    let unusable = |reason: String| Error::Model { path: bundle.model_path(), reason };
    if bundle.manifest.encoder.as_ref().is_none_or(|encoder| encoder.shared_layers.is_none()) {
        let every = bundle.manifest.outputs().map(str::to_owned).collect::<Vec<_>>();
        return Ok(Box::new(OnnxEncoder::new(bundle, &bundle.model, &every, environment, threads).map_err(unusable)?));
    }
    let model = ModelProto::read(bundle.model.clone()).map_err(unusable)?;
    let opened = branches::of(&model, &bundle.manifest).map_err(unusable)?.into_iter().map(|branch| {
        let part = model.towards(&branch.outputs.iter().map(String::as_str).collect())?;
        let encoder: Box<dyn Encoder> =
            Box::new(OnnxEncoder::new(bundle, &part, &branch.outputs, environment, threads)?);
        Ok((branch.outputs, encoder))
    });
    opened.collect::<std::result::Result<_, String>>().map(joined).map_err(unusable)
}

impl OnnxEncoder {
    fn new(
        bundle: &Bundle,
        model: &[u8],
        outputs: &[String],
        environment: &Environment,
        threads: usize,
    ) -> std::result::Result<Self, String> {
        let sessions = sessions::load(model, environment, threads)?;
        if let Some(name) = sessions.first().and_then(|session| missing_tensor(session, bundle, outputs)) {
            return Err(format!("it has no tensor `{name}`, which bundle.json names"));
        }
        let names = &bundle.manifest.tensors;
        let (input_ids, attention_mask) = (names.input_ids.clone(), names.attention_mask.clone());
        Ok(Self { sessions: Pool::new(sessions), input_ids, attention_mask })
    }
}

impl Encoder for OnnxEncoder {
    fn plan(&self, lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
        batches::of_one_length(lengths, budget)
    }

    fn encode(&self, sequences: &[&[u32]], tensors: &[Tensor<'_>], _: &Stage) -> Result<Vec<f32>> {
        let ids: Vec<i64> = sequences.iter().copied().flatten().map(|&id| i64::from(id)).collect();
        let mask = vec![1_i64; ids.len()];
        let shape = [sequences.len(), ids.len() / sequences.len().max(1)];
        let inputs = ort::inputs![
            self.input_ids.as_str() => TensorRef::from_array_view((shape, ids.as_slice()))?,
            self.attention_mask.as_str() => TensorRef::from_array_view((shape, mask.as_slice()))?,
        ];
        sessions::run(&mut self.sessions.lend(), inputs, tensors, sequences.len())
    }
}

fn missing_tensor(session: &Session, bundle: &Bundle, outputs: &[String]) -> Option<String> {
    let tensors = &bundle.manifest.tensors;
    let has = |outlets: &[Outlet], name: &str| outlets.iter().any(|outlet| outlet.name() == name);
    let mut inputs = [&tensors.input_ids, &tensors.attention_mask].into_iter();
    let input = inputs.find(|name| !has(session.inputs(), name));
    input.or_else(|| outputs.iter().find(|name| !has(session.outputs(), name))).cloned()
}
