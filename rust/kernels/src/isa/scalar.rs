//! The plain twin: what every other instruction set is held against, and what Miri runs.

use super::{Isa, Job, LANES};

/// Arrays and loops; there on every processor.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scalar;

#[inline(always)]
fn each<T: Copy, U: Default + Copy>(a: [T; LANES], operation: impl Fn(T) -> U) -> [U; LANES] {
    std::array::from_fn(|lane| operation(a[lane]))
}

#[inline(always)]
fn both<T: Copy>(a: [T; LANES], b: [T; LANES], operation: impl Fn(T, T) -> T) -> [T; LANES] {
    std::array::from_fn(|lane| operation(a[lane], b[lane]))
}

/// The two numbers of 16 bits in a word, the lower one first.
#[inline(always)]
fn halves(word: i32) -> [u16; 2] {
    let [a, b, c, d] = word.to_le_bytes();
    [u16::from_le_bytes([a, b]), u16::from_le_bytes([c, d])]
}

/// A bfloat16 as float32; subnormal numbers count as zero, as they do in the instruction.
fn from_bfloat16(bits: u16) -> f32 {
    let value = f32::from_bits(u32::from(bits) << 16);
    if value.is_subnormal() { 0.0_f32.copysign(value) } else { value }
}

fn to_bfloat16(value: f32) -> u16 {
    let flushed = if value.is_subnormal() { 0.0_f32.copysign(value) } else { value };
    half::bf16::from_f32(flushed).to_bits()
}

impl Isa for Scalar {
    type F = [f32; LANES];
    type I = [i32; LANES];
    const VECTORS: usize = 1;

    #[inline(always)]
    fn run<J: Job>(self, job: J) -> J::Out {
        job.run(self)
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Self::F {
        [value; LANES]
    }

    #[inline(always)]
    fn load(self, values: &[f32; LANES]) -> Self::F {
        *values
    }

    #[inline(always)]
    fn load_half(self, values: &[u16; LANES]) -> Self::F {
        each(*values, |bits| half::f16::from_bits(bits).to_f32())
    }

    #[inline(always)]
    fn store(self, value: Self::F, target: &mut [f32; LANES]) {
        *target = value;
    }

    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        both(a, b, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        both(a, b, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        both(a, b, |a, b| a * b)
    }

    #[inline(always)]
    fn fma(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        std::array::from_fn(|lane| a[lane].mul_add(b[lane], c[lane]))
    }

    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        both(a, b, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        both(a, b, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the range is looked at first")]
    fn to_int(self, value: Self::F) -> Self::I {
        // From 2^31 on, below -2^31, and for NaN the instruction gives the least integer.
        let fits = -2_147_483_648.0_f32..2_147_483_648.0_f32;
        each(value, |value| if fits.contains(&value) { value.round_ties_even() as i32 } else { i32::MIN })
    }

    #[inline(always)]
    fn to_float(self, value: Self::I) -> Self::F {
        each(value, |value| value as f32)
    }

    #[inline(always)]
    fn power_of_two(self, n: Self::I) -> Self::F {
        each(n, |n| f32::from_bits((n.wrapping_add(127).cast_unsigned()) << 23))
    }

    #[inline(always)]
    fn splat_int(self, value: i32) -> Self::I {
        [value; LANES]
    }

    #[inline(always)]
    fn load_int(self, values: &[i32; LANES]) -> Self::I {
        *values
    }

    #[inline(always)]
    fn load_words(self, words: &[u32; LANES]) -> Self::I {
        each(*words, u32::cast_signed)
    }

    #[inline(always)]
    fn sub_int(self, a: Self::I, b: Self::I) -> Self::I {
        both(a, b, i32::wrapping_sub)
    }

    #[inline(always)]
    fn mul_int(self, a: Self::I, b: Self::I) -> Self::I {
        both(a, b, i32::wrapping_mul)
    }

    #[inline(always)]
    fn dot_int8(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I {
        std::array::from_fn(|lane| {
            let pairs = a[lane].to_le_bytes().into_iter().zip(b[lane].to_le_bytes());
            pairs.fold(sum[lane], |sum, (a, b)| sum.wrapping_add(i32::from(a) * i32::from(b.cast_signed())))
        })
    }

    #[inline(always)]
    fn dot_int16(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I {
        std::array::from_fn(|lane| {
            let pairs = halves(a[lane]).into_iter().zip(halves(b[lane]));
            let product = |(a, b): (u16, u16)| i32::from(a.cast_signed()) * i32::from(b.cast_signed());
            pairs.fold(sum[lane], |sum, pair| sum.wrapping_add(product(pair)))
        })
    }

    #[inline(always)]
    fn dot_bfloat16(self, sum: Self::F, a: Self::I, b: Self::I) -> Self::F {
        std::array::from_fn(|lane| {
            let [a, b] = [halves(a[lane]).map(from_bfloat16), halves(b[lane]).map(from_bfloat16)];
            a[0].mul_add(b[0], a[1].mul_add(b[1], sum[lane]))
        })
    }

    #[inline(always)]
    fn store_bytes(self, value: Self::I, target: &mut [u32; 4]) {
        let byte = |lane: usize| value[lane].to_le_bytes()[0];
        *target = std::array::from_fn(|word| u32::from_le_bytes(std::array::from_fn(|part| byte(4 * word + part))));
    }

    #[inline(always)]
    fn store_int16(self, value: Self::I, target: &mut [u32; 8]) {
        let low = |lane: usize| u32::from(halves(value[lane])[0]);
        *target = std::array::from_fn(|word| low(2 * word) | low(2 * word + 1) << 16);
    }

    #[inline(always)]
    fn store_bfloat16(self, value: Self::F, target: &mut [u32; 8]) {
        let bits = |lane: usize| u32::from(to_bfloat16(value[lane]));
        *target = std::array::from_fn(|word| bits(2 * word) | bits(2 * word + 1) << 16);
    }
}
