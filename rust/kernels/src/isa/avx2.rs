//! AVX2 with fused multiply-add and half-precision loads: a vector is a pair of registers.
//!
//! It has no byte or bfloat16 products of its own. Those here are exact, made of what there is: to measure and to test
//! a precision on any machine, not to be fast.
#![allow(unsafe_code, clippy::wildcard_imports, clippy::unused_self, reason = "instructions, and the proof of them")]

use std::arch::x86_64::*;

use super::{Isa, Job, LANES};

/// Proof that the processor has AVX2, FMA and F16C.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Avx2(());

impl Avx2 {
    /// The proof, if the processor has them.
    pub(crate) fn detect() -> Option<Self> {
        let has = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
        (has && is_x86_feature_detected!("f16c")).then_some(Self(()))
    }
}

/// Both halves of a vector through one instruction.
macro_rules! halves {
    ($operation:ident($($argument:expr),+)) => {{
        // SAFETY: `self` proves that the processor has AVX2, FMA and F16C.
        unsafe { ($operation($($argument.0),+), $operation($($argument.1),+)) }
    }};
}

/// Even and odd bytes of each 16-bit lane, unsigned or with their sign.
#[inline(always)]
fn bytes_of(words: __m256i, _proof: Avx2, signed: bool) -> (__m256i, __m256i) {
    // SAFETY: `_proof` says that the processor has AVX2.
    unsafe {
        let shifted = _mm256_slli_epi16::<8>(words);
        if signed {
            (_mm256_srai_epi16::<8>(shifted), _mm256_srai_epi16::<8>(words))
        } else {
            (_mm256_srli_epi16::<8>(shifted), _mm256_srli_epi16::<8>(words))
        }
    }
}

impl Avx2 {
    #[inline(always)]
    fn dot_bytes(self, sum: __m256i, a: __m256i, b: __m256i) -> __m256i {
        let (a_even, a_odd) = bytes_of(a, self, false);
        let (b_even, b_odd) = bytes_of(b, self, true);
        // SAFETY: `self` proves that the processor has AVX2.
        unsafe {
            let products = _mm256_add_epi32(_mm256_madd_epi16(a_even, b_even), _mm256_madd_epi16(a_odd, b_odd));
            _mm256_add_epi32(sum, products)
        }
    }

    /// A bfloat16 in the upper half of each lane as float32, subnormal numbers as zero.
    #[inline(always)]
    fn upper(self, words: __m256i) -> __m256 {
        // SAFETY: `self` proves that the processor has AVX2.
        unsafe {
            let bits = _mm256_and_si256(words, _mm256_set1_epi32(0xFFFF_0000_u32.cast_signed()));
            let exponent = _mm256_and_si256(bits, _mm256_set1_epi32(0x7F80_0000));
            let zero = _mm256_cmpeq_epi32(exponent, _mm256_setzero_si256());
            let sign = _mm256_and_si256(bits, _mm256_set1_epi32(i32::MIN));
            _mm256_castsi256_ps(_mm256_blendv_epi8(bits, sign, zero))
        }
    }

    #[inline(always)]
    fn dot_upper(self, sum: __m256, a: __m256i, b: __m256i) -> __m256 {
        // SAFETY: `self` proves that the processor has AVX2 and FMA.
        unsafe {
            let odd = _mm256_fmadd_ps(self.upper(a), self.upper(b), sum);
            let even = (_mm256_slli_epi32::<16>(a), _mm256_slli_epi32::<16>(b));
            _mm256_fmadd_ps(self.upper(even.0), self.upper(even.1), odd)
        }
    }

    /// Float32 rounded to bfloat16, as integers of 16 bits.
    #[inline(always)]
    fn rounded(self, value: __m256) -> __m256i {
        // SAFETY: `self` proves that the processor has AVX2.
        unsafe {
            let bits = _mm256_castps_si256(value);
            let last = _mm256_and_si256(_mm256_srli_epi32::<16>(bits), _mm256_set1_epi32(1));
            let round = _mm256_add_epi32(_mm256_add_epi32(bits, _mm256_set1_epi32(0x7FFF)), last);
            let exponent = _mm256_and_si256(bits, _mm256_set1_epi32(0x7F80_0000));
            let subnormal = _mm256_cmpeq_epi32(exponent, _mm256_setzero_si256());
            let sign = _mm256_and_si256(bits, _mm256_set1_epi32(i32::MIN));
            // A NaN keeps its upper bits and becomes a quiet one: rounding could turn it into infinity.
            let quiet = _mm256_or_si256(bits, _mm256_set1_epi32(0x0040_0000));
            let nan = _mm256_castps_si256(_mm256_cmp_ps::<_CMP_UNORD_Q>(value, value));
            let some = _mm256_blendv_epi8(round, sign, subnormal);
            _mm256_srli_epi32::<16>(_mm256_blendv_epi8(some, quiet, nan))
        }
    }

    #[inline(always)]
    fn store_shorts(self, shorts: (__m256i, __m256i), target: &mut [u32; 8]) {
        // SAFETY: `self` proves that the processor has AVX2; the target has 32 bytes, and needs no alignment.
        unsafe {
            // The instruction takes 128 bits from each in turn; the permutation puts them in order again.
            let mixed = _mm256_packus_epi32(shorts.0, shorts.1);
            _mm256_storeu_si256(target.as_mut_ptr().cast(), _mm256_permute4x64_epi64::<0b11_01_10_00>(mixed));
        }
    }
}

impl Isa for Avx2 {
    type F = (__m256, __m256);
    type I = (__m256i, __m256i);
    const VECTORS: usize = 1;

    #[inline(always)]
    fn run<J: Job>(self, job: J) -> J::Out {
        #[target_feature(enable = "avx2,fma,f16c")]
        fn inside<J: Job>(isa: Avx2, job: J) -> J::Out {
            job.run(isa)
        }
        // SAFETY: `self` proves that the processor has AVX2, FMA and F16C.
        unsafe { inside(self, job) }
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Self::F {
        // SAFETY: `self` proves that the processor has AVX2.
        let half = unsafe { _mm256_set1_ps(value) };
        (half, half)
    }

    #[inline(always)]
    fn load(self, values: &[f32; LANES]) -> Self::F {
        // SAFETY: `self` proves that the processor has AVX2; there are 16 floats, and no alignment is needed.
        unsafe { (_mm256_loadu_ps(values.as_ptr()), _mm256_loadu_ps(values.as_ptr().add(8))) }
    }

    #[inline(always)]
    fn load_half(self, values: &[u16; LANES]) -> Self::F {
        // SAFETY: `self` proves that the processor has F16C; there are 32 bytes, and no alignment is needed.
        unsafe {
            let low = _mm_loadu_si128(values.as_ptr().cast());
            let high = _mm_loadu_si128(values.as_ptr().add(8).cast());
            (_mm256_cvtph_ps(low), _mm256_cvtph_ps(high))
        }
    }

    #[inline(always)]
    fn store(self, value: Self::F, target: &mut [f32; LANES]) {
        // SAFETY: `self` proves that the processor has AVX2; there are 16 floats, and no alignment is needed.
        unsafe {
            _mm256_storeu_ps(target.as_mut_ptr(), value.0);
            _mm256_storeu_ps(target.as_mut_ptr().add(8), value.1);
        }
    }

    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        halves!(_mm256_add_ps(a, b))
    }

    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        halves!(_mm256_sub_ps(a, b))
    }

    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        halves!(_mm256_mul_ps(a, b))
    }

    #[inline(always)]
    fn fma(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        halves!(_mm256_fmadd_ps(a, b, c))
    }

    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        halves!(_mm256_max_ps(a, b))
    }

    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        halves!(_mm256_min_ps(a, b))
    }

    #[inline(always)]
    fn to_int(self, value: Self::F) -> Self::I {
        halves!(_mm256_cvtps_epi32(value))
    }

    #[inline(always)]
    fn to_float(self, value: Self::I) -> Self::F {
        halves!(_mm256_cvtepi32_ps(value))
    }

    #[inline(always)]
    fn power_of_two(self, n: Self::I) -> Self::F {
        let bias = self.splat_int(127);
        let exponent = halves!(_mm256_add_epi32(n, bias));
        // SAFETY: `self` proves that the processor has AVX2.
        let shift = |half| unsafe { _mm256_castsi256_ps(_mm256_slli_epi32::<23>(half)) };
        (shift(exponent.0), shift(exponent.1))
    }

    #[inline(always)]
    fn splat_int(self, value: i32) -> Self::I {
        // SAFETY: `self` proves that the processor has AVX2.
        let half = unsafe { _mm256_set1_epi32(value) };
        (half, half)
    }

    #[inline(always)]
    fn load_int(self, values: &[i32; LANES]) -> Self::I {
        // SAFETY: `self` proves that the processor has AVX2; there are 64 bytes, and no alignment is needed.
        unsafe {
            let pointer = values.as_ptr();
            (_mm256_loadu_si256(pointer.cast()), _mm256_loadu_si256(pointer.add(8).cast()))
        }
    }

    #[inline(always)]
    fn load_words(self, words: &[u32; LANES]) -> Self::I {
        // SAFETY: `self` proves that the processor has AVX2; there are 64 bytes, and no alignment is needed.
        unsafe {
            let pointer = words.as_ptr();
            (_mm256_loadu_si256(pointer.cast()), _mm256_loadu_si256(pointer.add(8).cast()))
        }
    }

    #[inline(always)]
    fn sub_int(self, a: Self::I, b: Self::I) -> Self::I {
        halves!(_mm256_sub_epi32(a, b))
    }

    #[inline(always)]
    fn mul_int(self, a: Self::I, b: Self::I) -> Self::I {
        halves!(_mm256_mullo_epi32(a, b))
    }

    #[inline(always)]
    fn dot_int8(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I {
        (self.dot_bytes(sum.0, a.0, b.0), self.dot_bytes(sum.1, a.1, b.1))
    }

    #[inline(always)]
    fn dot_int16(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I {
        let products = halves!(_mm256_madd_epi16(a, b));
        halves!(_mm256_add_epi32(sum, products))
    }

    #[inline(always)]
    fn dot_bfloat16(self, sum: Self::F, a: Self::I, b: Self::I) -> Self::F {
        (self.dot_upper(sum.0, a.0, b.0), self.dot_upper(sum.1, a.1, b.1))
    }

    #[inline(always)]
    fn store_bytes(self, value: Self::I, target: &mut [u32; 4]) {
        let mut shorts = [0; 8];
        self.store_int16(value, &mut shorts);
        // SAFETY: `self` proves that the processor has AVX2; sizes fit, and no alignment is needed.
        unsafe {
            let low = _mm_loadu_si128(shorts.as_ptr().cast());
            let high = _mm_loadu_si128(shorts.as_ptr().add(4).cast());
            _mm_storeu_si128(target.as_mut_ptr().cast(), _mm_packus_epi16(low, high));
        }
    }

    #[inline(always)]
    fn store_int16(self, value: Self::I, target: &mut [u32; 8]) {
        // Cut to 16 bits first, so that packing as unsigned leaves them as they are.
        let mask = self.splat_int(0xFFFF);
        self.store_shorts(halves!(_mm256_and_si256(value, mask)), target);
    }

    #[inline(always)]
    fn store_bfloat16(self, value: Self::F, target: &mut [u32; 8]) {
        self.store_shorts((self.rounded(value.0), self.rounded(value.1)), target);
    }
}
