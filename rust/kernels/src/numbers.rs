//! The numbers that matrices are multiplied in, and what a product of them is in float32.

use crate::isa::Isa;

/// What weights and activations are rounded to before they are multiplied. Sums are int32 or float32.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Numbers {
    /// Weights of 8 bits a column, activations of 8 bits a token, with smoothing and side channels.
    Int8,
    /// Weights and activations of about 12 bits, as many as the sums have room for.
    Int16,
    /// The upper half of a float32.
    Bfloat16,
}

impl Numbers {
    /// Numbers in a word of 32 bits.
    #[must_use]
    pub fn per_word(self) -> usize {
        match self {
            Self::Int8 => 4,
            Self::Int16 | Self::Bfloat16 => 2,
        }
    }
}

/// How words of a kind are multiplied and added up, compiled into the tile of [`crate::gemm`].
pub(crate) trait Dot: Copy {
    /// Sixteen running sums.
    type Sum<S: Isa>: Copy;

    fn zero<S: Isa>(self, isa: S) -> Self::Sum<S>;
    fn dot<S: Isa>(self, isa: S, sum: Self::Sum<S>, a: S::I, b: S::I) -> Self::Sum<S>;
    /// The sums as float32, `offset` (a row's zero point times the sums of the columns) taken off.
    fn value<S: Isa>(self, isa: S, sum: Self::Sum<S>, offset: impl FnOnce() -> S::I) -> S::F;
}

/// [`Numbers::Int8`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Int8;

/// [`Numbers::Int16`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Int16;

/// [`Numbers::Bfloat16`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bfloat16;

impl Dot for Int8 {
    type Sum<S: Isa> = S::I;

    #[inline(always)]
    fn zero<S: Isa>(self, isa: S) -> S::I {
        isa.splat_int(0)
    }

    #[inline(always)]
    fn dot<S: Isa>(self, isa: S, sum: S::I, a: S::I, b: S::I) -> S::I {
        isa.dot_int8(sum, a, b)
    }

    #[inline(always)]
    fn value<S: Isa>(self, isa: S, sum: S::I, offset: impl FnOnce() -> S::I) -> S::F {
        isa.to_float(isa.sub_int(sum, offset()))
    }
}

impl Dot for Int16 {
    type Sum<S: Isa> = S::I;

    #[inline(always)]
    fn zero<S: Isa>(self, isa: S) -> S::I {
        isa.splat_int(0)
    }

    #[inline(always)]
    fn dot<S: Isa>(self, isa: S, sum: S::I, a: S::I, b: S::I) -> S::I {
        isa.dot_int16(sum, a, b)
    }

    #[inline(always)]
    fn value<S: Isa>(self, isa: S, sum: S::I, _: impl FnOnce() -> S::I) -> S::F {
        isa.to_float(sum)
    }
}

impl Dot for Bfloat16 {
    type Sum<S: Isa> = S::F;

    #[inline(always)]
    fn zero<S: Isa>(self, isa: S) -> S::F {
        isa.splat(0.0)
    }

    #[inline(always)]
    fn dot<S: Isa>(self, isa: S, sum: S::F, a: S::I, b: S::I) -> S::F {
        isa.dot_bfloat16(sum, a, b)
    }

    #[inline(always)]
    fn value<S: Isa>(self, _: S, sum: S::F, _: impl FnOnce() -> S::I) -> S::F {
        sum
    }
}
