//! Encodes batches of token ids with rten: `rten-peer MODEL.onnx`, batches on standard input, vectors on standard output.
//!
//! Little-endian: texts and length (u32 each), then the length of each text (u32), then the ids (i32), padded with 0.
//! Back comes the unit-norm mean of each text's token vectors (f32). Ends when the input does.

use std::error::Error;
use std::io::{ErrorKind, Read, Write, stdin, stdout};

use rten::{Model, ModelOptions, NodeId, ValueOrView};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let path = std::env::args().nth(1).ok_or("give the path of a model")?;
    let model = ModelOptions::with_all_ops().prepack_weights(true).load_file(path)?;
    let (mut input, mut output) = (stdin().lock(), stdout().lock());
    while let Some(header) = numbers(&mut input, 2)? {
        let (texts, length) = (header[0] as usize, header[1] as usize);
        let lengths = numbers(&mut input, texts)?.ok_or("no lengths")?;
        let ids = numbers(&mut input, texts * length)?.ok_or("no ids")?;
        for value in encode(&model, &ids, &lengths, length)? {
            output.write_all(&value.to_le_bytes())?;
        }
        output.flush()?;
    }
    Ok(())
}

fn numbers(input: &mut impl Read, count: usize) -> Outcome<Option<Vec<u32>>> {
    let mut bytes = vec![0; count * 4];
    match input.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn encode(model: &Model, ids: &[u32], lengths: &[u32], length: usize) -> Outcome<Vec<f32>> {
    let shape = [lengths.len(), length];
    let given = |name: &str| -> Vec<i32> {
        let mask = || lengths.iter().flat_map(|&n| (0..length).map(move |place| i32::from(place < n as usize)));
        match name {
            "input_ids" => ids.iter().map(|&id| id as i32).collect(),
            "attention_mask" => mask().collect(),
            _ => vec![0; ids.len()],
        }
    };
    let inputs: Vec<(NodeId, ValueOrView)> = model
        .input_ids()
        .iter()
        .map(|&id| {
            let name = model.node_info(id).and_then(|info| info.name().map(str::to_owned)).unwrap_or_default();
            (id, NdTensor::from_data(shape, given(&name)).into())
        })
        .collect();
    let [states] = model.run_n(inputs, [model.output_ids()[0]], None)?;
    let states: NdTensor<f32, 3> = states.try_into()?;
    let size = states.size(2);
    let values = states.to_vec();
    let pooled = values.chunks_exact(length * size).zip(lengths).flat_map(|(text, &n)| pool(&text[..n as usize * size], size));
    Ok(pooled.collect())
}

fn pool(states: &[f32], size: usize) -> Vec<f32> {
    let mut total = vec![0.0; size];
    for state in states.chunks_exact(size) {
        total.iter_mut().zip(state).for_each(|(sum, value)| *sum += value);
    }
    let norm = total.iter().map(|value| value * value).sum::<f32>().sqrt();
    total.iter().map(|value| value / norm).collect()
}
