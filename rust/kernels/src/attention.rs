//! Attention of one sequence, `softmax(Q Kᵀ) V` for each head (Vaswani et al. 2017), in float32.

use crate::gemm::{sixteen, sixteen_mut};
use crate::isa::{Isa, Job, LANES};

/// Rows of a tile of the two products.
const ROWS: usize = 6;

/// Room for the logits of a sequence and one head's keys, kept from one sequence to the next.
#[derive(Debug, Default)]
pub(crate) struct Room {
    /// `[head width, padded length]`.
    keys: Vec<f32>,
    /// `[length, padded length]`: logits, then weights.
    weights: Vec<f32>,
}

/// Attention over the rows of one sequence.
pub(crate) struct Attend<'a> {
    /// Queries (already divided by the root of the head's width), keys and values, `[length, 3 × hidden]`.
    pub(crate) projected: &'a [f32],
    pub(crate) heads: usize,
    pub(crate) room: &'a mut Room,
    /// What comes out, `[length, hidden]`.
    pub(crate) mixed: &'a mut [f32],
    pub(crate) hidden: usize,
}

impl Job for Attend<'_> {
    type Out = ();

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) {
        let Self { projected, heads, room, mixed, hidden } = self;
        let (stride, width) = (3 * hidden, hidden / heads);
        let length = projected.len() / stride;
        let padded = length.next_multiple_of(LANES);
        for head in 0..heads {
            let column = head * width;
            transpose(&projected[hidden + column..], stride, length, width, padded, &mut room.keys);
            room.weights.resize(length * padded, 0.0);
            let logits =
                Product { a: (&projected[column..], stride), b: (&room.keys, padded), depth: width, columns: padded };
            logits.run(isa, length, &mut room.weights, padded);
            for row in room.weights.chunks_exact_mut(padded) {
                softmax(isa, row, length);
            }
            let values = (&projected[2 * hidden + column..], stride);
            let mix = Product { a: (&room.weights, padded), b: values, depth: length, columns: width };
            mix.run(isa, length, &mut mixed[column..], hidden);
        }
    }
}

/// Keys as columns; those beyond the sequence are 0.
#[inline(always)]
fn transpose(keys: &[f32], stride: usize, length: usize, width: usize, padded: usize, target: &mut Vec<f32>) {
    target.clear();
    target.resize(width * padded, 0.0);
    for (token, key) in keys.chunks(stride).take(length).enumerate() {
        for (part, &value) in key[..width].iter().enumerate() {
            target[part * padded + token] = value;
        }
    }
}

/// `a b`, both row after row at a stride; each result is summed in the order of `depth`.
#[derive(Clone, Copy)]
struct Product<'a> {
    a: (&'a [f32], usize),
    b: (&'a [f32], usize),
    depth: usize,
    columns: usize,
}

impl Product<'_> {
    #[inline(always)]
    fn run<S: Isa>(self, isa: S, rows: usize, target: &mut [f32], stride: usize) {
        for column in (0..self.columns).step_by(LANES) {
            let mut row = 0;
            while row < rows {
                match rows - row {
                    1 => self.tile::<S, 1>(isa, row, column, target, stride),
                    2 => self.tile::<S, 2>(isa, row, column, target, stride),
                    3 => self.tile::<S, 3>(isa, row, column, target, stride),
                    4 => self.tile::<S, 4>(isa, row, column, target, stride),
                    5 => self.tile::<S, 5>(isa, row, column, target, stride),
                    _ => self.tile::<S, ROWS>(isa, row, column, target, stride),
                }
                row += ROWS;
            }
        }
    }

    #[inline(always)]
    fn tile<S: Isa, const R: usize>(self, isa: S, row: usize, column: usize, target: &mut [f32], stride: usize) {
        let rows: [&[f32]; R] = std::array::from_fn(|each| &self.a.0[(row + each) * self.a.1..][..self.depth]);
        let mut sums = [isa.splat(0.0); R];
        #[expect(clippy::needless_range_loop, reason = "the same step of each row")]
        for step in 0..self.depth {
            let values = isa.load(sixteen(&self.b.0[step * self.b.1 + column..]));
            for each in 0..R {
                sums[each] = isa.fma(isa.splat(rows[each][step]), values, sums[each]);
            }
        }
        for (each, sum) in sums.into_iter().enumerate() {
            isa.store(sum, sixteen_mut(&mut target[(row + each) * stride + column..]));
        }
    }
}

/// The first `length` numbers of `row` become weights that add up to 1; those after them become 0.
#[inline(always)]
fn softmax<S: Isa>(isa: S, row: &mut [f32], length: usize) {
    row[length..].fill(f32::NEG_INFINITY);
    let vectors = row.as_chunks_mut::<LANES>().0;
    let lowest = isa.splat(f32::NEG_INFINITY);
    let largest = vectors.iter().fold(lowest, |largest, values| isa.max(isa.load(values), largest));
    let largest = isa.splat(isa.largest(largest));
    let mut total = isa.splat(0.0);
    for values in &mut *vectors {
        let weight = exponential(isa, isa.sub(isa.load(values), largest));
        total = isa.add(total, weight);
        isa.store(weight, values);
    }
    let factor = isa.splat(1.0 / isa.sum(total));
    for values in vectors {
        isa.store(isa.mul(isa.load(values), factor), values);
    }
}

/// `eˣ` for x up to 0, within 2 units in the last place (Cephes' `expf`); 0 for x below -87, where it is below 1e-38.
#[inline(always)]
fn exponential<S: Isa>(isa: S, x: S::F) -> S::F {
    /// ln 2 in two parts: products of the first with small integers are exact.
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    const TERMS: [f32; 5] = [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    let clamped = isa.max(x, isa.splat(-88.0));
    let n = isa.to_float(isa.to_int(isa.mul(clamped, isa.splat(std::f32::consts::LOG2_E))));
    let rest = isa.fma(n, isa.splat(-LN_2[0]), clamped);
    let rest = isa.fma(n, isa.splat(-LN_2[1]), rest);
    let sum = TERMS.iter().fold(isa.splat(1.987_569_2e-4), |sum, &term| isa.fma(sum, rest, isa.splat(term)));
    let value = isa.add(isa.fma(sum, isa.mul(rest, rest), rest), isa.splat(1.0));
    // Below -87 the power of two would be subnormal: one more than -127 as an exponent is no number of this kind.
    let power = isa.power_of_two(isa.to_int(isa.max(n, isa.splat(-127.0))));
    isa.mul(value, power)
}
