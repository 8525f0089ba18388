//! The encoder by our kernels, up to the pooled tensors, and the head of the graph in ONNX Runtime.

use std::borrow::Cow;
use std::sync::Arc;

use alliancekit_kernels::{Level, Numbers, PackedEncoder, Pooling, Room, Shape};
use ort::environment::Environment;
use ort::session::{Session, SessionInputValue};
use ort::value::TensorRef;

use crate::batches;
use crate::bundle::Bundle;
use crate::encoders::branched::joined;
use crate::encoders::branches::{self, Branch};
use crate::encoders::{Encoder, Tensor, head, int8, shared, weights};
use crate::error::{Error, Result};
use crate::manifest::{EncoderRecord, Pooled};
use crate::onnx_file::ModelProto;
use crate::pool::Pool;
use crate::sessions;
use crate::stages::Stage;

/// Tokens that pass the layers together, at most: what a layer works on stays in the second cache.
const TOKENS: usize = 192;

/// A packed encoder of one branch and sessions of its head.
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

/// What the branches of a model have in common.
struct Source<'a> {
    bundle: &'a Bundle,
    record: &'a EncoderRecord,
    model: ModelProto,
    shape: Shape,
    pooling: Pooling,
    numbers: Numbers,
    level: Level,
}

/// Packs the bundle's weights, or shares those that are packed already, for `threads` threads.
///
/// # Errors
/// Why the kernels can't run this model; ONNX Runtime can all the same.
pub(crate) fn open(
    bundle: &Bundle,
    environment: &Environment,
    threads: usize,
    numbers: Numbers,
    level: Level,
) -> std::result::Result<Box<dyn Encoder>, String> {
    let record = bundle.manifest.encoder.as_ref().ok_or("bundle.json does not say what the encoder is")?;
    let pooling = match bundle.manifest.pooling.as_str() {
        "mean" => Pooling::Sum,
        "cls" => Pooling::First,
        other => return Err(format!("the kernels know no pooling `{other}`")),
    };
    let shape = weights::shape(record)?;
    let model = ModelProto::read(bundle.model.clone())?;
    let source = Source { bundle, record, model, shape, pooling, numbers, level };
    let plain = source.plain()?;
    let opened = branches::of(&source.model, &bundle.manifest)?.into_iter().map(|branch| {
        let encoder = if branch.adapted { source.adapted(&plain)? } else { Arc::clone(&plain) };
        let model: Box<dyn Encoder> = Box::new(PackedModel::new(&source, &branch, encoder, environment, threads)?);
        Ok((branch.outputs, model))
    });
    opened.collect::<std::result::Result<_, String>>().map(joined)
}

impl Source<'_> {
    /// The encoder's own layers.
    fn plain(&self) -> std::result::Result<Arc<PackedEncoder>, String> {
        shared::packed(self.key("plain"), self.level, self.numbers, || {
            let mut weights = weights::bert(&self.model.initializers()?, self.record)?;
            if self.numbers == Numbers::Int8 {
                int8::add(&mut weights.layers, &self.bundle.int8, 0, "")?;
            }
            PackedEncoder::new(weights, self.shape.clone(), self.numbers, self.level).map_err(|error| error.to_string())
        })
    }

    /// The lower layers of `plain`, and the adapted ones.
    fn adapted(&self, plain: &PackedEncoder) -> std::result::Result<Arc<PackedEncoder>, String> {
        let first = self.record.shared_layers.unwrap_or(self.record.layers);
        shared::packed(self.key("adapted"), self.level, self.numbers, || {
            let mut layers = weights::adapted_layers(&self.model.initializers()?, self.record, first)?;
            if self.numbers == Numbers::Int8 {
                int8::add(&mut layers, &self.bundle.int8, first, weights::ADAPTED)?;
            }
            plain.branch(first, layers).map_err(|error| error.to_string())
        })
    }

    /// Nothing but these files goes into the packed weights, so their hashes say which they are.
    fn key(&self, branch: &str) -> String {
        let hash = |name: &str| self.bundle.manifest.files.get(name).map_or("", |file| file.sha256.as_str());
        format!("{branch} {} {}", hash("model.onnx"), hash(int8::FILE))
    }
}

impl PackedModel {
    fn new(
        source: &Source<'_>,
        branch: &Branch,
        encoder: Arc<PackedEncoder>,
        environment: &Environment,
        threads: usize,
    ) -> std::result::Result<Self, String> {
        let layers: Vec<usize> = branch.pooled.iter().map(|pooled| pooled.layer).collect();
        if let Some(layer) = layers.iter().find(|&&layer| layer == 0 || layer > source.record.layers) {
            return Err(format!("bundle.json names layer {layer} of {}", source.record.layers));
        }
        let head = head::cut(&source.model, branch, source.shape.hidden)?;
        let sessions = sessions::load(&head, environment, threads)?;
        let workers = sessions.into_iter().map(|head| Worker { head, room: Room::default() }).collect();
        let (pooling, pooled) = (source.pooling, branch.pooled.clone());
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
