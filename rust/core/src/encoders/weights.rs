//! Weights of the encoder in `model.onnx`, by the names that they have in its own weights file.

use alliancekit_kernels::{Embeddings, LayerWeights, Linear, Norm, Shape, Table, Weights};

use crate::manifest::EncoderRecord;
use crate::onnx_file::{Initializers, Values};

/// Sizes of an encoder that the kernels know.
///
/// # Errors
/// Why they don't.
pub(crate) fn shape(record: &EncoderRecord) -> Result<Shape, String> {
    if record.architecture != "bert" {
        return Err(format!("the kernels know no encoder of the architecture `{}`", record.architecture));
    }
    if record.activation != "gelu" {
        return Err(format!("the kernels know no activation `{}`", record.activation));
    }
    let EncoderRecord { hidden, heads, intermediate, epsilon, .. } = *record;
    let shape = Shape { hidden, heads, intermediate, epsilon };
    shape.check().map_err(|error| error.to_string())?;
    Ok(shape)
}

/// All weights of a BERT.
///
/// # Errors
/// Which are missing, or of another size or type.
pub(crate) fn bert(initializers: &Initializers, record: &EncoderRecord) -> Result<Weights, String> {
    let reader = Reader { initializers };
    let layers = (0..record.layers).map(|number| reader.layer(record, "", number)).collect::<Result<_, String>>()?;
    Ok(Weights { embeddings: reader.embeddings(record.hidden)?, layers })
}

/// What the names of adapted layers begin with.
pub(crate) const ADAPTED: &str = "adapted.";

/// The weights of the adapted layers, which come after the `first` ones.
///
/// # Errors
/// Which are missing, or of another size or type.
pub(crate) fn adapted_layers(
    initializers: &Initializers,
    record: &EncoderRecord,
    first: usize,
) -> Result<Vec<LayerWeights>, String> {
    let reader = Reader { initializers };
    (first..record.layers).map(|number| reader.layer(record, ADAPTED, number)).collect()
}

struct Reader<'a> {
    initializers: &'a Initializers,
}

impl Reader<'_> {
    fn embeddings(&self, hidden: usize) -> Result<Embeddings, String> {
        let words = "embeddings.word_embeddings.weight";
        let positions = "embeddings.position_embeddings.weight";
        let rows =
            |name: &str| self.initializers.rows(name).ok_or_else(|| format!("the model has no weights `{name}`"));
        let tokens = match self.initializers.values(words, &[rows(words)?, hidden])? {
            Values::Float32(values) => Table::Float32(values),
            Values::Float16(bits) => Table::Float16(bits),
        };
        let segment = self.floats("embeddings.segment_0", &[hidden])?;
        let mut table = self.floats(positions, &[rows(positions)?, hidden])?;
        for row in table.chunks_exact_mut(hidden) {
            row.iter_mut().zip(&segment).for_each(|(position, segment)| *position += segment);
        }
        Ok(Embeddings { tokens, positions: table, norm: self.norm("embeddings.LayerNorm", hidden)? })
    }

    fn layer(&self, record: &EncoderRecord, prefix: &str, number: usize) -> Result<LayerWeights, String> {
        let (hidden, wide) = (record.hidden, record.intermediate);
        let name = |part: &str| format!("{prefix}encoder.layer.{number}.{part}");
        let project = |part: &str| self.linear(&name(&format!("attention.self.{part}")), hidden, hidden);
        Ok(LayerWeights {
            projections: beside(&[project("query")?, project("key")?, project("value")?]),
            output: self.linear(&name("attention.output.dense"), hidden, hidden)?,
            attention_norm: self.norm(&name("attention.output.LayerNorm"), hidden)?,
            widen: self.linear(&name("intermediate.dense"), hidden, wide)?,
            narrow: self.linear(&name("output.dense"), wide, hidden)?,
            output_norm: self.norm(&name("output.LayerNorm"), hidden)?,
            calibration: None,
        })
    }

    fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Linear, String> {
        let weight = self.floats(&format!("{name}.weight"), &[inputs, outputs])?;
        Ok(Linear { inputs, outputs, weight, bias: self.floats(&format!("{name}.bias"), &[outputs])? })
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm, String> {
        let weight = self.floats(&format!("{name}.weight"), &[width])?;
        Ok(Norm { weight, bias: self.floats(&format!("{name}.bias"), &[width])? })
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        Ok(match self.initializers.values(name, shape)? {
            Values::Float32(values) => values,
            Values::Float16(bits) => bits.into_iter().map(alliancekit_kernels::from_float16).collect(),
        })
    }
}

/// Matrices of the same inputs as one, their outputs side by side.
fn beside(parts: &[Linear]) -> Linear {
    let inputs = parts.first().map_or(0, |part| part.inputs);
    let row = |input: usize| parts.iter().flat_map(move |part| &part.weight[input * part.outputs..][..part.outputs]);
    Linear {
        inputs,
        outputs: parts.iter().map(|part| part.outputs).sum(),
        weight: (0..inputs).flat_map(row).copied().collect(),
        bias: parts.iter().flat_map(|part| part.bias.iter().copied()).collect(),
    }
}
