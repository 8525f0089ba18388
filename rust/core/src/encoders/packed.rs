//! The encoder by our kernels, up to the pooled tensors, and the head of the graph in ONNX Runtime.

use std::borrow::Cow;
use std::sync::Arc;

use alliancekit_kernels::{Level, Numbers, PackedEncoder, Pooling, Room};
use ort::environment::Environment;
use ort::session::{Session, SessionInputValue};
use ort::value::TensorRef;

use crate::batches;
use crate::bundle::Bundle;
use crate::encoders::{Encoder, Tensor, head, int8, shared, weights};
use crate::error::{Error, Result};
use crate::manifest::Pooled;
use crate::onnx_file::ModelProto;
use crate::pool::Pool;
use crate::sessions;
use crate::stages::Stage;

/// Tokens that pass the layers together, at most: what a layer works on stays in the second cache.
const TOKENS: usize = 192;

/// A packed encoder and sessions of the head.
#[derive(Debug)]
pub(crate) struct PackedModel {
    encoder: Arc<PackedEncoder>,
    pooling: Pooling,
    pooled: Vec<Pooled>,
    layers: Vec<usize>,
    workers: Pool<Worker>,
}

/// What one thread works with.
struct Worker {
    head: Session,
    room: Room,
}

impl PackedModel {
    /// Packs the bundle's weights, or shares those that are packed already, for `threads` threads.
    ///
    /// # Errors
    /// Why the kernels can't run this model; ONNX Runtime can all the same.
    pub(crate) fn new(
        bundle: &Bundle,
        environment: &Environment,
        threads: usize,
        numbers: Numbers,
        level: Level,
    ) -> std::result::Result<Self, String> {
        let manifest = &bundle.manifest;
        let record = manifest.encoder.as_ref().ok_or("bundle.json does not say what the encoder is")?;
        let pooling = match manifest.pooling.as_str() {
            "mean" => Pooling::Sum,
            "cls" => Pooling::First,
            other => return Err(format!("the kernels know no pooling `{other}`")),
        };
        let shape = weights::shape(record)?;
        let pooled = manifest.tensors.pooled.clone();
        let layers: Vec<usize> = pooled.iter().map(|pooled| pooled.layer).collect();
        if let Some(layer) = layers.iter().find(|&&layer| layer == 0 || layer > record.layers) {
            return Err(format!("bundle.json names layer {layer} of {}", record.layers));
        }
        // Nothing but these files goes into the packed weights, so their hashes say which they are.
        let hash = |name: &str| manifest.files.get(name).map_or("", |file| file.sha256.as_str());
        let key = format!("{} {}", hash("model.onnx"), hash(int8::FILE));
        let model = ModelProto::read(bundle.model.clone())?;
        let encoder = shared::packed(key, level, numbers, || {
            let mut weights = weights::bert(&model.initializers()?, record)?;
            if numbers == Numbers::Int8 {
                int8::add(&mut weights, &bundle.int8)?;
            }
            PackedEncoder::new(weights, shape.clone(), numbers, level).map_err(|error| error.to_string())
        })?;
        let head = head::cut(&model, manifest, shape.hidden)?;
        let sessions = sessions::load(&head, environment, threads)?;
        let workers = sessions.into_iter().map(|head| Worker { head, room: Room::default() }).collect();
        Ok(Self { encoder, pooling, pooled, layers, workers: Pool::new(workers) })
    }
}

impl Encoder for PackedModel {
    fn plan(&self, lengths: &[usize], budget: usize) -> Vec<Vec<usize>> {
        batches::mixed(lengths, budget.min(TOKENS))
    }

    fn encode(&self, sequences: &[&[u32]], tensors: &[Tensor<'_>], in_head: &Stage) -> Result<Vec<f32>> {
        if !sequences.iter().all(|sequence| self.encoder.accepts(sequence)) {
            let reason = "the tokenizer gives tokens that the model has no weights for".to_owned();
            return Err(Error::Inference { reason });
        }
        let mut worker = self.workers.lend();
        let Worker { head, room } = &mut *worker;
        let mut vectors = vec![Vec::new(); self.pooled.len()];
        self.encoder.encode(sequences, self.pooling, &self.layers, room, |layer, pooled| {
            let places = self.pooled.iter().zip(&mut vectors).filter(|(place, _)| place.layer == layer);
            places.for_each(|(_, vector)| vector.extend_from_slice(pooled));
        });
        let shape = [sequences.len(), self.encoder.shape().hidden];
        let inputs = self.pooled.iter().zip(&vectors).map(|(place, vector)| {
            let value = TensorRef::from_array_view((shape, vector.as_slice()))?;
            Ok((Cow::Borrowed(place.tensor.as_str()), SessionInputValue::from(value)))
        });
        let inputs = inputs.collect::<Result<Vec<_>>>()?;
        in_head.count(|| sessions::run::<0>(head, inputs, tensors, sequences.len()))
    }
}
