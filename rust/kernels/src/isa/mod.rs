//! Instruction sets, behind one trait of vectors of sixteen lanes.
//!
//! Every kernel is written once, over [`Isa`]; [`scalar::Scalar`] is its plain twin. Lanes, and the order in which they
//! are added up, are the same whatever the width of a register, so that integers and floats come out with the same
//! bits on every instruction set; only `bfloat16` products are left to the processor's own rounding.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod level;
mod scalar;

pub use level::Level;
pub(crate) use scalar::Scalar;
#[cfg(target_arch = "x86_64")]
pub(crate) use {avx2::Avx2, avx512::Avx512};

/// Lanes of a vector, on every instruction set.
pub(crate) const LANES: usize = 16;

/// Something to compute, compiled once for each instruction set.
pub(crate) trait Job {
    /// What comes out.
    type Out;

    /// Computes it. Implementations are `#[inline(always)]`, as is all that they call with `isa`.
    fn run<S: Isa>(self, isa: S) -> Self::Out;
}

/// Operations on sixteen lanes. A value of the implementing type is the proof that the processor has them.
pub(crate) trait Isa: Copy {
    /// Sixteen float32.
    type F: Copy;
    /// Sixteen int32, or sixteen words of packed smaller numbers.
    type I: Copy;
    /// Vectors side by side in a tile of [`crate::gemm`], as many as there are registers for.
    const VECTORS: usize;

    /// Runs `job` in a function that is compiled for this instruction set.
    fn run<J: Job>(self, job: J) -> J::Out;

    fn splat(self, value: f32) -> Self::F;
    fn load(self, values: &[f32; LANES]) -> Self::F;
    /// Sixteen float16, as bits.
    fn load_half(self, values: &[u16; LANES]) -> Self::F;
    fn store(self, value: Self::F, target: &mut [f32; LANES]);
    fn add(self, a: Self::F, b: Self::F) -> Self::F;
    fn sub(self, a: Self::F, b: Self::F) -> Self::F;
    fn mul(self, a: Self::F, b: Self::F) -> Self::F;
    /// `a b + c`, rounded once.
    fn fma(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F;
    /// The larger; `b` if either is NaN.
    fn max(self, a: Self::F, b: Self::F) -> Self::F;
    /// The smaller; `b` if either is NaN.
    fn min(self, a: Self::F, b: Self::F) -> Self::F;
    /// The nearest integer, halves to even; the least int32 for what has none.
    fn to_int(self, value: Self::F) -> Self::I;
    fn to_float(self, value: Self::I) -> Self::F;
    /// `2^n` for `n` from -126 to 127.
    fn power_of_two(self, n: Self::I) -> Self::F;

    fn splat_int(self, value: i32) -> Self::I;
    fn load_int(self, values: &[i32; LANES]) -> Self::I;
    fn load_words(self, words: &[u32; LANES]) -> Self::I;
    fn sub_int(self, a: Self::I, b: Self::I) -> Self::I;
    fn mul_int(self, a: Self::I, b: Self::I) -> Self::I;

    /// Adds to each lane the products of its four bytes: unsigned in `a`, signed in `b`.
    fn dot_int8(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I;
    /// Adds to each lane the products of its two int16.
    fn dot_int16(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I;
    /// Adds to each lane the products of its two bfloat16. Subnormal numbers count as zero.
    fn dot_bfloat16(self, sum: Self::F, a: Self::I, b: Self::I) -> Self::F;

    /// Stores the lanes, each from 0 to 255, as bytes.
    fn store_bytes(self, value: Self::I, target: &mut [u32; 4]);
    /// Stores the lanes, each within int16, as int16.
    fn store_int16(self, value: Self::I, target: &mut [u32; 8]);
    /// Stores the lanes rounded to bfloat16, halves to even.
    fn store_bfloat16(self, value: Self::F, target: &mut [u32; 8]);

    /// The sum of all lanes: lane `i` with lane `i + 8`, then `+ 4`, `+ 2`, `+ 1`.
    #[inline(always)]
    fn sum(self, value: Self::F) -> f32 {
        fold(self, value, |a, b| a + b)
    }

    /// The largest lane, in the same order.
    #[inline(always)]
    fn largest(self, value: Self::F) -> f32 {
        fold(self, value, |a, b| if a > b { a } else { b })
    }

    /// The smallest lane, in the same order.
    #[inline(always)]
    fn smallest(self, value: Self::F) -> f32 {
        fold(self, value, |a, b| if a < b { a } else { b })
    }
}

#[inline(always)]
fn fold<S: Isa>(isa: S, value: S::F, join: impl Fn(f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    isa.store(value, &mut lanes);
    for half in [8, 4, 2, 1] {
        for lane in 0..half {
            lanes[lane] = join(lanes[lane], lanes[lane + half]);
        }
    }
    lanes[0]
}

#[cfg(test)]
mod tests;
