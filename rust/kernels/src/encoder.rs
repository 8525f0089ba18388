//! A packed encoder: token ids of some sequences in, pooled hidden states after chosen layers out.

use std::sync::Arc;

use crate::activations::{Activations, Round};
use crate::attention::{self, Attend};
use crate::embeddings::{Embed, Embeddings};
use crate::gemm::{Multiply, Then};
use crate::isa::Level;
use crate::matrix::{Linear, Matrix};
use crate::norm::{Norm, Normalise};
use crate::numbers::{Bfloat16, Int8, Int16, Numbers};
use crate::shape::{Pooling, Shape, ShapeError};
use crate::weights::{LayerWeights, Weights, expect};

/// Tokens that pass the feed-forward part together: what is wide there stays in the second cache.
const FEED_FORWARD_ROWS: usize = 48;

/// An encoder whose weights are packed for one instruction set and one kind of numbers. Shared by all threads.
#[derive(Debug)]
pub struct PackedEncoder {
    level: Level,
    numbers: Numbers,
    shape: Shape,
    embeddings: Arc<Embeddings>,
    layers: Vec<Arc<Layer>>,
}

/// Packed weights of a layer.
#[derive(Debug)]
struct Layer {
    projections: Matrix,
    output: Matrix,
    attention_norm: Norm,
    widen: Matrix,
    narrow: Matrix,
    output_norm: Norm,
}

/// What a thread needs to run an encoder; kept from one call to the next, so that memory is taken once.
#[derive(Debug, Default)]
pub struct Room {
    hidden: Vec<f32>,
    projected: Vec<f32>,
    mixed: Vec<f32>,
    wide: Vec<f32>,
    rounded: Activations,
    attention: attention::Room,
}

impl PackedEncoder {
    /// Packs `weights`.
    ///
    /// # Errors
    /// [`ShapeError`] where sizes are not such that the kernels can run them, or do not fit together.
    pub fn new(weights: Weights, shape: Shape, numbers: Numbers, level: Level) -> Result<Self, ShapeError> {
        weights.check(&shape)?;
        let Weights { embeddings, layers } = weights;
        let layers = Layer::pack_all(layers, &shape, numbers, level).collect();
        Ok(Self { level, numbers, shape, embeddings: Arc::new(embeddings), layers })
    }

    /// An encoder that has the first `shared` layers in common with this one, and others after them.
    ///
    /// # Errors
    /// [`ShapeError`] as for [`new`](Self::new), or where there are fewer layers than `shared`.
    pub fn branch(&self, shared: usize, layers: Vec<LayerWeights>) -> Result<Self, ShapeError> {
        expect("layers shared", self.layers.len().min(shared), shared)?;
        layers.iter().enumerate().try_for_each(|(number, layer)| layer.check(shared + number, &self.shape))?;
        let own = Layer::pack_all(layers, &self.shape, self.numbers, self.level);
        Ok(Self {
            shape: self.shape.clone(),
            embeddings: Arc::clone(&self.embeddings),
            layers: self.layers[..shared].iter().map(Arc::clone).chain(own).collect(),
            ..*self
        })
    }

    /// The instruction set that runs.
    #[must_use]
    pub fn level(&self) -> Level {
        self.level
    }

    /// The numbers that matrices are multiplied in.
    #[must_use]
    pub fn numbers(&self) -> Numbers {
        self.numbers
    }

    /// Sizes of the encoder.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Whether every id has a row in the table of tokens and the sequence is no longer than that of positions.
    #[must_use]
    pub fn accepts(&self, sequence: &[u32]) -> bool {
        let vocabulary = self.embeddings.vocabulary();
        sequence.len() <= self.embeddings.longest() && sequence.iter().all(|&id| (id as usize) < vocabulary)
    }

    /// Encodes `sequences` (which it [`accepts`](Self::accepts), none empty) and hands each layer's pooled hidden states,
    /// `[sequences, hidden]`, to `take` with the layer's number, counted from 1, for the layers in `pooled`.
    ///
    /// A sequence's result has the same bits whatever the others are.
    ///
    /// # Panics
    /// If a sequence is not accepted.
    pub fn encode(
        &self,
        sequences: &[&[u32]],
        pooling: Pooling,
        pooled: &[usize],
        room: &mut Room,
        mut take: impl FnMut(usize, &[f32]),
    ) {
        let hidden = self.shape.hidden;
        self.embed(sequences, room);
        let mut vectors = vec![0.0; sequences.len() * hidden];
        let last = pooled.iter().copied().max().unwrap_or(0);
        for (number, layer) in self.layers.iter().enumerate().take(last) {
            self.attend(layer, sequences, room);
            self.feed_forward(layer, room);
            if pooled.contains(&(number + 1)) {
                pool(&room.hidden, sequences, pooling, hidden, &mut vectors);
                take(number + 1, &vectors);
            }
        }
    }

    fn embed(&self, sequences: &[&[u32]], room: &mut Room) {
        let hidden = self.shape.hidden;
        let tokens: usize = sequences.iter().map(|ids| ids.len()).sum();
        room.hidden.resize(tokens * hidden, 0.0);
        let mut rest = room.hidden.as_mut_slice();
        for ids in sequences {
            let (target, others) = rest.split_at_mut(ids.len() * hidden);
            self.level.run(Embed { embeddings: &self.embeddings, ids, target });
            rest = others;
        }
        self.normalise(&self.embeddings.norm, &mut room.hidden);
    }

    fn attend(&self, layer: &Layer, sequences: &[&[u32]], room: &mut Room) {
        let hidden = self.shape.hidden;
        let Room { hidden: states, projected, mixed, rounded, attention, .. } = room;
        projected.resize(states.len() * 3, 0.0);
        mixed.resize(states.len(), 0.0);
        self.round(states, &layer.projections, rounded);
        self.multiply(rounded, &layer.projections, Then::Store, projected);
        let mut start = 0;
        for ids in sequences {
            let end = start + ids.len() * hidden;
            let (projected, mixed) = (&projected[start * 3..end * 3], &mut mixed[start..end]);
            self.level.run(Attend { projected, heads: self.shape.heads, room: attention, mixed, hidden });
            start = end;
        }
        self.round(mixed, &layer.output, rounded);
        self.multiply(rounded, &layer.output, Then::Add, states);
        self.normalise(&layer.attention_norm, states);
    }

    fn feed_forward(&self, layer: &Layer, room: &mut Room) {
        let Room { hidden: states, wide, rounded, .. } = room;
        for states in states.chunks_mut(FEED_FORWARD_ROWS * self.shape.hidden) {
            wide.resize(states.len() / self.shape.hidden * self.shape.intermediate, 0.0);
            self.round(states, &layer.widen, rounded);
            self.multiply(rounded, &layer.widen, Then::Gelu, wide);
            self.round(wide, &layer.narrow, rounded);
            self.multiply(rounded, &layer.narrow, Then::Add, states);
            self.normalise(&layer.output_norm, states);
        }
    }

    fn normalise(&self, norm: &Norm, rows: &mut [f32]) {
        self.level.run(Normalise { norm, epsilon: self.shape.epsilon, rows });
    }

    fn round(&self, rows: &[f32], matrix: &Matrix, target: &mut Activations) {
        self.level.run(Round { rows, matrix, numbers: self.numbers, target });
    }

    fn multiply(&self, rows: &Activations, matrix: &Matrix, then: Then, target: &mut [f32]) {
        match self.numbers {
            Numbers::Int8 => self.level.run(Multiply { dot: Int8, rows, matrix, then, target }),
            Numbers::Int16 => self.level.run(Multiply { dot: Int16, rows, matrix, then, target }),
            Numbers::Bfloat16 => self.level.run(Multiply { dot: Bfloat16, rows, matrix, then, target }),
        }
    }
}

impl Layer {
    fn pack_all(
        layers: Vec<LayerWeights>,
        shape: &Shape,
        numbers: Numbers,
        level: Level,
    ) -> impl Iterator<Item = Arc<Self>> {
        layers.into_iter().map(move |layer| Arc::new(Self::pack(layer, shape, numbers, level)))
    }

    fn pack(weights: LayerWeights, shape: &Shape, numbers: Numbers, level: Level) -> Self {
        let LayerWeights { mut projections, output, attention_norm, widen, narrow, output_norm, mut calibration } =
            weights;
        let factor = 1.0 / ((shape.hidden / shape.heads) as f32).sqrt();
        scale_queries(&mut projections, factor, shape.hidden);
        if let Some([projections, ..]) = &mut calibration {
            projections.scale[..shape.hidden].iter_mut().for_each(|scale| *scale *= factor);
        }
        let pack = |linear: &Linear, position: usize| {
            Matrix::pack(linear, numbers, calibration.as_ref().map(|all| &all[position]), level)
        };
        Self {
            projections: pack(&projections, 0),
            output: pack(&output, 1),
            attention_norm,
            widen: pack(&widen, 2),
            narrow: pack(&narrow, 3),
            output_norm,
        }
    }
}

/// Queries come out divided by the root of the head's width, so that their products with keys are the logits.
fn scale_queries(projections: &mut Linear, factor: f32, hidden: usize) {
    let rows = projections.weight.chunks_exact_mut(projections.outputs);
    rows.chain(std::iter::once(projections.bias.as_mut_slice()))
        .for_each(|row| row[..hidden].iter_mut().for_each(|value| *value *= factor));
}

/// Vectors in the order of the tokens, so that the sum has the same bits wherever the sequence stands.
fn pool(states: &[f32], sequences: &[&[u32]], pooling: Pooling, hidden: usize, vectors: &mut [f32]) {
    let mut start = 0;
    for (ids, vector) in sequences.iter().zip(vectors.chunks_exact_mut(hidden)) {
        let end = start + ids.len() * hidden;
        let mut rows = states[start..end].chunks_exact(hidden);
        vector.copy_from_slice(rows.next().unwrap_or(&[]));
        if pooling == Pooling::Sum {
            for row in rows {
                vector.iter_mut().zip(row).for_each(|(total, value)| *total += value);
            }
        }
        start = end;
    }
}
