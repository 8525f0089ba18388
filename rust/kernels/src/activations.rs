//! Rows of float32 rounded to the numbers that the next matrix is multiplied in, each row by itself.
//!
//! Infinity and what is no number have no integer. `0 x` is 0 for every other value, so the sum of those products is
//! added to the row's scale: it is NaN for such a row, and so is everything that comes of it.

use crate::isa::{Isa, Job, LANES};
use crate::matrix::Matrix;
use crate::numbers::Numbers;

/// Rounded rows, and what their integers stand for.
#[derive(Debug, Default)]
pub(crate) struct Activations {
    /// `[rows, depth]`.
    pub(crate) words: Vec<u32>,
    /// What an integer of each row stands for.
    pub(crate) scale: Vec<f32>,
    /// The integer of each row that stands for 0.
    pub(crate) zero: Vec<i32>,
    /// The inputs that are not rounded, `[rows, side channels]`.
    pub(crate) side: Vec<f32>,
}

/// Rounds `rows`, of as many numbers as `matrix` has inputs (a multiple of 16), into `target`.
pub(crate) struct Round<'a> {
    pub(crate) rows: &'a [f32],
    pub(crate) matrix: &'a Matrix,
    pub(crate) numbers: Numbers,
    pub(crate) target: &'a mut Activations,
}

impl Job for Round<'_> {
    type Out = ();

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) {
        let Self { rows, matrix, numbers, target } = self;
        let count = rows.len() / matrix.inputs;
        target.words.resize(count * matrix.depth, 0);
        target.scale.resize(count, 1.0);
        target.zero.resize(count, 0);
        target.side.clear();
        for (number, row) in rows.chunks_exact(matrix.inputs).enumerate() {
            let words = &mut target.words[number * matrix.depth..][..matrix.depth];
            let (vectors, _) = row.as_chunks::<LANES>();
            let (scale, zero) = match numbers {
                Numbers::Int8 => bytes(isa, vectors, matrix, words),
                Numbers::Int16 => (int16(isa, vectors, matrix.input_limit, words), 0),
                Numbers::Bfloat16 => (bfloat16(isa, vectors, words), 0),
            };
            target.scale[number] = scale;
            target.zero[number] = zero;
            target.side.extend(matrix.side_channels.iter().map(|&channel| row[channel]));
        }
    }
}

#[inline(always)]
fn bfloat16<S: Isa>(isa: S, row: &[[f32; LANES]], words: &mut [u32]) -> f32 {
    for (values, target) in row.iter().zip(words.as_chunks_mut::<8>().0) {
        isa.store_bfloat16(isa.load(values), target);
    }
    1.0
}

/// Symmetric: 0 is 0, the largest magnitude is `limit`.
#[inline(always)]
fn int16<S: Isa>(isa: S, row: &[[f32; LANES]], limit: f32, words: &mut [u32]) -> f32 {
    let zero = isa.splat(0.0);
    let (mut largest, mut finite) = (zero, zero);
    for values in row {
        let value = isa.load(values);
        largest = isa.max(isa.max(value, isa.sub(zero, value)), largest);
        finite = isa.fma(value, zero, finite);
    }
    let largest = isa.largest(largest);
    let factor = isa.splat(if largest > 0.0 { limit / largest } else { 0.0 });
    let (low, high) = (isa.splat(-limit), isa.splat(limit));
    for (values, target) in row.iter().zip(words.as_chunks_mut::<8>().0) {
        let scaled = isa.mul(isa.load(values), factor);
        isa.store_int16(isa.to_int(isa.min(isa.max(scaled, low), high)), target);
    }
    largest / limit + isa.sum(finite)
}

/// From the least value, or 0, to the largest, or 0, in 255 steps; side channels count as 0.
#[inline(always)]
fn bytes<S: Isa>(isa: S, row: &[[f32; LANES]], matrix: &Matrix, words: &mut [u32]) -> (f32, i32) {
    let mut smoothed = [0.0; LANES];
    let factors = matrix.input_factor.as_chunks::<LANES>().0;
    let zero = isa.splat(0.0);
    let value = |number: usize, smoothed: &mut [f32; LANES]| {
        let plain = isa.load(&row[number]);
        let value = factors.get(number).map_or(plain, |factors| isa.mul(plain, isa.load(factors)));
        let first = number * LANES;
        if !matrix.side_channels.iter().any(|&channel| channel >= first && channel < first + LANES) {
            return value;
        }
        isa.store(value, smoothed);
        for &channel in matrix.side_channels.iter().filter(|&&channel| channel >= first && channel < first + LANES) {
            smoothed[channel - first] = 0.0;
        }
        isa.load(smoothed)
    };
    let (mut low, mut high, mut finite) = (zero, zero, zero);
    for number in 0..row.len() {
        let value = value(number, &mut smoothed);
        low = isa.min(value, low);
        high = isa.max(value, high);
        finite = isa.fma(value, zero, finite);
    }
    let (low, high) = (isa.smallest(low), isa.largest(high));
    let span = high - low;
    let steps = if span > 0.0 { 255.0 / span } else { 0.0 };
    let origin = (-low * steps).round_ties_even();
    let (factor, shift) = (isa.splat(steps), isa.splat(origin));
    let top = isa.splat(255.0);
    for (number, target) in words.as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let placed = isa.add(isa.mul(value(number, &mut smoothed), factor), shift);
        isa.store_bytes(isa.to_int(isa.min(isa.max(placed, zero), top)), target);
    }
    #[expect(clippy::cast_possible_truncation, reason = "from 0 to 255")]
    let origin = origin as i32;
    (span / 255.0 + isa.sum(finite), origin)
}
