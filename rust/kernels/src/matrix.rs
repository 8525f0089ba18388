//! Weight matrices, rounded and laid out in the order in which the tile reads them.

use crate::isa::{LANES, Level};
use crate::numbers::Numbers;

/// The largest integer of a weight of [`Numbers::Int16`]; the activations get what room is left in a sum.
const INT16_WEIGHT: f32 = 2047.0;

/// A matrix `[inputs, outputs]` in float32, row after row, and what is added to each output.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear {
    /// Rows of the matrix.
    pub inputs: usize,
    /// Its columns: a multiple of 16.
    pub outputs: usize,
    /// `inputs × outputs` weights.
    pub weight: Vec<f32>,
    /// `outputs` numbers.
    pub bias: Vec<f32>,
}

/// How a matrix is rounded to [`Numbers::Int8`], as calibration chose it.
#[derive(Debug, Clone, PartialEq)]
pub struct Calibration {
    /// `inputs × outputs` integers from -127 to 127.
    pub weight: Vec<i8>,
    /// What an integer of each column stands for.
    pub scale: Vec<f32>,
    /// What each input is divided by before it is rounded; the weights are those of the divided inputs.
    pub smoothing: Vec<f32>,
    /// Inputs that are too large to be rounded with the others: their products are added in float32.
    pub side_channels: Vec<usize>,
}

/// A packed matrix: panels of columns, in each the words of all inputs, sixteen columns a vector.
#[derive(Debug)]
pub(crate) struct Matrix {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    /// Words of a column: inputs divided by the numbers in a word, rounded up.
    pub(crate) depth: usize,
    pub(crate) words: Vec<u32>,
    /// What a sum of 1 stands for, a column each.
    pub(crate) scale: Vec<f32>,
    pub(crate) bias: Vec<f32>,
    /// Sum of the integers of each column, which a row's zero point is multiplied with.
    pub(crate) column_sums: Vec<i32>,
    /// The largest integer that an input may be rounded to.
    pub(crate) input_limit: f32,
    /// What each input is multiplied with before it is rounded; empty for 1.
    pub(crate) input_factor: Vec<f32>,
    pub(crate) side_channels: Vec<usize>,
    /// Float32 rows of the side channels, `[side channels, padded outputs]`.
    pub(crate) side_rows: Vec<f32>,
}

/// A matrix of integers or bfloat16, before it is packed.
struct Rounded {
    /// The bits of input `i` and output `o`, in the lower bits.
    bits: Vec<u32>,
    scale: Vec<f32>,
    column_sums: Vec<i32>,
    input_limit: f32,
}

impl Matrix {
    /// Rounds and packs `linear`. For [`Numbers::Int8`] without calibration, weights go to the nearest integer.
    pub(crate) fn pack(linear: &Linear, numbers: Numbers, calibration: Option<&Calibration>, level: Level) -> Self {
        let rounded = match numbers {
            Numbers::Int8 => calibration.map_or_else(|| nearest_int8(linear), calibrated),
            Numbers::Int16 => nearest_int16(linear),
            Numbers::Bfloat16 => nearest_bfloat16(linear),
        };
        let vectors = level.vectors();
        let padded = linear.outputs.next_multiple_of(LANES * vectors);
        let calibration = calibration.filter(|_| numbers == Numbers::Int8);
        let side_channels = calibration.map_or_else(Vec::new, |known| known.side_channels.clone());
        let side_row = |&input: &usize| pad(&linear.weight[input * linear.outputs..][..linear.outputs], padded);
        Self {
            inputs: linear.inputs,
            outputs: linear.outputs,
            depth: linear.inputs.div_ceil(numbers.per_word()),
            words: words(&rounded.bits, linear, numbers, vectors),
            scale: pad(&rounded.scale, padded),
            bias: pad(&linear.bias, padded),
            column_sums: pad(&rounded.column_sums, padded),
            input_limit: rounded.input_limit,
            input_factor: calibration.map_or_else(Vec::new, |known| known.smoothing.iter().map(|s| 1.0 / s).collect()),
            side_rows: side_channels.iter().flat_map(side_row).collect(),
            side_channels,
        }
    }
}

fn pad<T: Copy + Default>(values: &[T], length: usize) -> Vec<T> {
    let mut padded = values.to_vec();
    padded.resize(length, T::default());
    padded
}

/// Panels of `16 × vectors` columns; in a panel, for each word of the inputs, the word of each column.
fn words(bits: &[u32], linear: &Linear, numbers: Numbers, vectors: usize) -> Vec<u32> {
    let (per_word, width) = (numbers.per_word(), LANES * vectors);
    let shift = 32 / per_word;
    let bit = |input: usize, output: usize| {
        let inside = input < linear.inputs && output < linear.outputs;
        if inside { bits[input * linear.outputs + output] } else { 0 }
    };
    let word = |first: usize, output: usize| {
        (0..per_word).fold(0, |word, part| word | bit(first + part, output) << (part * shift))
    };
    let mut words = Vec::with_capacity(linear.inputs.div_ceil(per_word) * linear.outputs.next_multiple_of(width));
    for panel in (0..linear.outputs).step_by(width) {
        for first in (0..linear.inputs).step_by(per_word) {
            words.extend((panel..panel + width).map(|output| word(first, output)));
        }
    }
    words
}

/// The largest magnitude of each column.
fn column_peaks(linear: &Linear) -> Vec<f32> {
    let mut peaks = vec![0.0_f32; linear.outputs];
    for row in linear.weight.chunks_exact(linear.outputs) {
        peaks.iter_mut().zip(row).for_each(|(peak, weight)| *peak = peak.max(weight.abs()));
    }
    peaks
}

/// Each column's weights as integers up to `limit`, row after row, and what 1 stands for in each.
#[expect(clippy::cast_possible_truncation, reason = "within ±limit by construction")]
fn nearest(linear: &Linear, limit: f32) -> (Vec<i32>, Vec<f32>) {
    let scale: Vec<f32> =
        column_peaks(linear).into_iter().map(|peak| if peak > 0.0 { peak / limit } else { 1.0 }).collect();
    let rows = linear.weight.chunks_exact(linear.outputs);
    let round = |(weight, scale): (&f32, &f32)| (weight / scale).round_ties_even().clamp(-limit, limit) as i32;
    (rows.flat_map(|row| row.iter().zip(&scale).map(round)).collect(), scale)
}

fn sums(integers: &[i32], outputs: usize, value: impl Fn(i32) -> i32) -> Vec<i32> {
    let mut sums = vec![0; outputs];
    for row in integers.chunks_exact(outputs) {
        sums.iter_mut().zip(row).for_each(|(sum, &integer)| *sum += value(integer));
    }
    sums
}

fn low_bits(integers: &[i32], mask: u32) -> Vec<u32> {
    integers.iter().map(|integer| integer.cast_unsigned() & mask).collect()
}

fn nearest_int8(linear: &Linear) -> Rounded {
    let (integers, scale) = nearest(linear, 127.0);
    let column_sums = sums(&integers, linear.outputs, |integer| integer);
    Rounded { bits: low_bits(&integers, 0xFF), scale, column_sums, input_limit: 255.0 }
}

fn calibrated(known: &Calibration) -> Rounded {
    let integers: Vec<i32> = known.weight.iter().map(|&weight| i32::from(weight)).collect();
    let column_sums = sums(&integers, known.scale.len(), |integer| integer);
    Rounded { bits: low_bits(&integers, 0xFF), scale: known.scale.clone(), column_sums, input_limit: 255.0 }
}

fn nearest_int16(linear: &Linear) -> Rounded {
    let (integers, scale) = nearest(linear, INT16_WEIGHT);
    // No sum can overflow: |Σ a w| is at most the largest |a| times the largest Σ |w| of a column.
    let largest = sums(&integers, linear.outputs, i32::abs).into_iter().max().unwrap_or(1).max(1);
    let input_limit = f32::from(u16::try_from((i32::MAX / largest).min(32_767)).unwrap_or(32_767));
    Rounded { bits: low_bits(&integers, 0xFFFF), scale, column_sums: vec![0; linear.outputs], input_limit }
}

fn nearest_bfloat16(linear: &Linear) -> Rounded {
    let bits = linear.weight.iter().map(|&weight| u32::from(half::bf16::from_f32(weight).to_bits())).collect();
    let ones = vec![1.0; linear.outputs];
    Rounded { bits, scale: ones, column_sums: vec![0; linear.outputs], input_limit: 0.0 }
}
