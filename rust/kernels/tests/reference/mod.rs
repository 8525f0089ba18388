//! A plain encoder in float64, written from the papers, to hold the packed one against.

use alliancekit_kernels::{LayerWeights, Linear, Norm, Pooling, Shape, Table, Weights};

type Rows = Vec<Vec<f64>>;

/// For each sequence the pooled hidden states after every layer, one after the other.
pub(crate) fn encode(weights: &Weights, shape: &Shape, sequences: &[Vec<u32>], pooling: Pooling) -> Rows {
    let one = |ids: &Vec<u32>| {
        let mut states = embed(weights, shape, ids);
        let mut pooled = Vec::new();
        for layer in &weights.layers {
            states = feed_forward(layer, shape, attend(layer, shape, &states));
            pooled.extend((0..shape.hidden).map(|column| match pooling {
                Pooling::Sum => states.iter().map(|row| row[column]).sum(),
                Pooling::First => states[0][column],
            }));
        }
        pooled
    };
    sequences.iter().map(one).collect()
}

fn embed(weights: &Weights, shape: &Shape, ids: &[u32]) -> Rows {
    let Table::Float32(table) = &weights.embeddings.tokens else { unreachable!("tests have float32") };
    let row = |(position, &id): (usize, &u32)| {
        let value = |column| {
            let position = weights.embeddings.positions[position * shape.hidden + column];
            f64::from(table[id as usize * shape.hidden + column]) + f64::from(position)
        };
        (0..shape.hidden).map(value).collect::<Vec<f64>>()
    };
    let rows = ids.iter().enumerate().map(row);
    rows.map(|row| normalise(&weights.embeddings.norm, shape, &row)).collect()
}

fn attend(layer: &LayerWeights, shape: &Shape, states: &Rows) -> Rows {
    let width = shape.hidden / shape.heads;
    let projected: Rows = states.iter().map(|row| multiply(&layer.projections, row)).collect();
    let mixed = |query: &Vec<f64>| {
        let head = |head: usize| {
            let first = head * width;
            let logit = |key: &Vec<f64>| -> f64 {
                let dot: f64 = (first..first + width).map(|part| query[part] * key[shape.hidden + part]).sum();
                dot / (width as f64).sqrt()
            };
            let powers: Vec<f64> = projected.iter().map(|key| logit(key).exp()).collect();
            let total: f64 = powers.iter().sum();
            let projected = &projected;
            (first..first + width).map(move |part| {
                let values = projected.iter().map(|value| value[2 * shape.hidden + part]);
                powers.iter().zip(values).map(|(power, value)| power / total * value).sum()
            })
        };
        (0..shape.heads).flat_map(head).collect::<Vec<f64>>()
    };
    let add = |(query, state): (&Vec<f64>, &Vec<f64>)| {
        let output = multiply(&layer.output, &mixed(query));
        let sum: Vec<f64> = output.iter().zip(state).map(|(a, b)| a + b).collect();
        normalise(&layer.attention_norm, shape, &sum)
    };
    projected.iter().zip(states).map(add).collect()
}

fn feed_forward(layer: &LayerWeights, shape: &Shape, states: Rows) -> Rows {
    let one = |state: Vec<f64>| {
        let wide: Vec<f64> = multiply(&layer.widen, &state).into_iter().map(|x| x * cumulative(x)).collect();
        let sum: Vec<f64> = multiply(&layer.narrow, &wide).iter().zip(&state).map(|(a, b)| a + b).collect();
        normalise(&layer.output_norm, shape, &sum)
    };
    states.into_iter().map(one).collect()
}

fn multiply(linear: &Linear, row: &[f64]) -> Vec<f64> {
    let output = |output: usize| {
        let weights = (0..linear.inputs).map(|input| f64::from(linear.weight[input * linear.outputs + output]));
        row.iter().zip(weights).map(|(a, w)| a * w).sum::<f64>() + f64::from(linear.bias[output])
    };
    (0..linear.outputs).map(output).collect()
}

fn normalise(norm: &Norm, shape: &Shape, row: &[f64]) -> Vec<f64> {
    let mean = row.iter().sum::<f64>() / row.len() as f64;
    let variance = row.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / row.len() as f64;
    let deviation = (variance + f64::from(shape.epsilon)).sqrt();
    let weights = norm.weight.iter().zip(&norm.bias);
    row.iter().zip(weights).map(|(x, (w, b))| (x - mean) / deviation * f64::from(*w) + f64::from(*b)).collect()
}

/// Φ by its series (Marsaglia 2004); beyond 8 it is 0 or 1.
fn cumulative(x: f64) -> f64 {
    if x.abs() > 8.0 {
        return if x > 0.0 { 1.0 } else { 0.0 };
    }
    let (mut sum, mut term) = (x, x);
    for odd in (3..600).step_by(2) {
        term *= x * x / f64::from(odd);
        sum += term;
    }
    0.5 + sum * (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
}
