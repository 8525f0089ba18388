//! ONNX Runtime sessions of one thread each.
//!
//! `Session::run` needs `&mut`, so a session serves one caller at a time, and there are as many as threads.

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::builder::{GraphOptimizationLevel, PrepackedWeights, SessionBuilder};
use ort::session::{OutputSelector, RunOptions, Session, SessionInputs};

use crate::encoders::Tensor;
use crate::error::{Error, Result};

/// Loads `model` into `threads` sessions, which share its prepacked weights. The error is what the runtime said.
pub(crate) fn load(
    model: &[u8],
    environment: &Environment,
    threads: usize,
) -> std::result::Result<Vec<Session>, String> {
    let shared = PrepackedWeights::new();
    let one = || {
        let mut builder = configure(environment, &shared).map_err(|error| error.to_string())?;
        builder.commit_from_memory(model).map_err(|error| error.to_string())
    };
    (0..threads.max(1)).map(|_| one()).collect()
}

fn configure(
    environment: &Environment,
    shared: &PrepackedWeights,
) -> std::result::Result<SessionBuilder, ort::Error<()>> {
    let builder = Session::builder(environment)?
        .with_log_level(LogLevel::Fatal)?
        .with_optimization_level(GraphOptimizationLevel::All)?
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?
        .with_inter_op_spinning(false)?
        // Patterns are kept per input shape, and there is a shape for every length and batch size.
        .with_memory_pattern(false)?
        .with_prepacked_weights(shared)?;
    Ok(builder)
}

/// Runs `session` for `count` texts and gives a row of all `tensors` for each, one tensor after the other.
///
/// # Errors
/// [`Error::Inference`].
pub(crate) fn run<'i, const N: usize>(
    session: &mut Session,
    inputs: impl Into<SessionInputs<'i, 'i, N>>,
    tensors: &[Tensor<'_>],
    count: usize,
) -> Result<Vec<f32>> {
    let width: usize = tensors.iter().map(|tensor| tensor.width).sum();
    let selected = tensors.iter().fold(OutputSelector::no_default(), |outputs, tensor| outputs.with(tensor.name));
    let options = RunOptions::new()?.with_outputs(selected);
    let outputs = session.run_with_options(inputs, &options)?;
    let mut rows = vec![0.0; count * width];
    let mut start = 0;
    for tensor in tensors {
        let (shape, values) = outputs[tensor.name].try_extract_tensor::<f32>()?;
        let Tensor { name, width: part } = *tensor;
        if values.len() != count * part {
            let reason = format!("tensor `{name}` has shape {shape:?}, bundle.json implies {part} values a text");
            return Err(Error::Inference { reason });
        }
        for (row, values) in rows.chunks_exact_mut(width).zip(values.chunks_exact(part)) {
            row[start..start + part].copy_from_slice(values);
        }
        start += part;
    }
    Ok(rows)
}
