//! Rounded rows times a packed matrix, in tiles that stay in registers, and what is done with each result at once.

use crate::activations::Activations;
use crate::gelu::gelu;
use crate::isa::{Isa, Job, LANES};
use crate::matrix::Matrix;
use crate::numbers::Dot;

/// Rows of a tile: with 4 vectors of AVX-512, or with 1 of AVX2, the sums just fit into the registers.
const ROWS: usize = 6;

/// What is done with a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    /// It is stored.
    Store,
    /// Its GELU is stored.
    Gelu,
    /// It is added to what is there.
    Add,
}

/// `rows × matrix + bias` into `target`, `[rows, outputs]`.
pub(crate) struct Multiply<'a, D> {
    pub(crate) dot: D,
    pub(crate) rows: &'a Activations,
    pub(crate) matrix: &'a Matrix,
    pub(crate) then: Then,
    pub(crate) target: &'a mut [f32],
}

impl<D: Dot> Job for Multiply<'_, D> {
    type Out = ();

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) {
        match S::VECTORS {
            1 => panels::<S, D, 1>(isa, self),
            _ => panels::<S, D, 4>(isa, self),
        }
    }
}

/// Panels outside, rows inside: a panel stays in the first cache while all rows pass.
#[inline(always)]
fn panels<S: Isa, D: Dot, const V: usize>(isa: S, mut job: Multiply<'_, D>) {
    let matrix = job.matrix;
    let panel_words = matrix.depth * V * LANES;
    let rows = job.target.len() / matrix.outputs;
    for (number, panel) in matrix.words.chunks_exact(panel_words).enumerate() {
        let panel = Panel { words: panel.as_chunks::<LANES>().0, column: number * V * LANES };
        let mut row = 0;
        while row < rows {
            let tile = Tile { panel, row };
            match rows - row {
                1 => tile.run::<S, D, 1, V>(isa, &mut job),
                2 => tile.run::<S, D, 2, V>(isa, &mut job),
                3 => tile.run::<S, D, 3, V>(isa, &mut job),
                4 => tile.run::<S, D, 4, V>(isa, &mut job),
                5 => tile.run::<S, D, 5, V>(isa, &mut job),
                _ => tile.run::<S, D, ROWS, V>(isa, &mut job),
            }
            row += ROWS;
        }
    }
}

/// Some columns of the matrix.
#[derive(Clone, Copy)]
struct Panel<'a> {
    words: &'a [[u32; LANES]],
    column: usize,
}

#[derive(Clone, Copy)]
struct Tile<'a> {
    panel: Panel<'a>,
    row: usize,
}

impl Tile<'_> {
    #[inline(always)]
    fn run<S: Isa, D: Dot, const R: usize, const V: usize>(self, isa: S, job: &mut Multiply<'_, D>) {
        let depth = job.matrix.depth;
        let rows: [&[u32]; R] = std::array::from_fn(|row| &job.rows.words[(self.row + row) * depth..][..depth]);
        let weights = &self.panel.words.as_chunks::<V>().0[..depth];
        let mut sums = [[job.dot.zero(isa); V]; R];
        for step in 0..depth {
            let weights: [S::I; V] = std::array::from_fn(|vector| isa.load_words(&weights[step][vector]));
            for row in 0..R {
                let word = isa.splat_int(rows[row][step].cast_signed());
                for vector in 0..V {
                    sums[row][vector] = job.dot.dot(isa, sums[row][vector], word, weights[vector]);
                }
            }
        }
        for (row, sums) in sums.into_iter().enumerate() {
            for (vector, sum) in sums.into_iter().enumerate() {
                let column = self.panel.column + vector * LANES;
                if column < job.matrix.outputs {
                    finish(isa, job, self.row + row, column, sum);
                }
            }
        }
    }
}

#[inline(always)]
fn finish<S: Isa, D: Dot>(isa: S, job: &mut Multiply<'_, D>, row: usize, column: usize, sum: D::Sum<S>) {
    let (rows, matrix) = (job.rows, job.matrix);
    let offset = || isa.mul_int(isa.splat_int(rows.zero[row]), isa.load_int(sixteen(&matrix.column_sums[column..])));
    let scaled = isa.mul(job.dot.value(isa, sum, offset), isa.splat(rows.scale[row]));
    let scale = isa.load(sixteen(&matrix.scale[column..]));
    let mut value = isa.fma(scaled, scale, isa.load(sixteen(&matrix.bias[column..])));
    let sides = matrix.side_channels.len();
    if sides > 0 {
        let side_rows = matrix.side_rows.chunks_exact(matrix.scale.len());
        for (input, weights) in rows.side[row * sides..][..sides].iter().zip(side_rows) {
            value = isa.fma(isa.splat(*input), isa.load(sixteen(&weights[column..])), value);
        }
    }
    let target = sixteen_mut(&mut job.target[row * matrix.outputs + column..]);
    let result = match job.then {
        Then::Store => value,
        Then::Gelu => gelu(isa, value),
        Then::Add => isa.add(value, isa.load(target)),
    };
    isa.store(result, target);
}

/// The first sixteen of at least as many.
#[inline(always)]
pub(crate) fn sixteen<T>(values: &[T]) -> &[T; LANES] {
    &values.as_chunks().0[0]
}

#[inline(always)]
pub(crate) fn sixteen_mut<T>(values: &mut [T]) -> &mut [T; LANES] {
    &mut values.as_chunks_mut().0[0]
}
