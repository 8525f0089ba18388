//! AVX-512: a vector is a register. Products of bytes need VNNI; those of bfloat16 are native where there is BF16.
#![allow(unsafe_code, clippy::wildcard_imports, reason = "vector instructions")]

use std::arch::x86_64::*;

use super::{Isa, Job, LANES};

/// Proof that the processor has AVX-512 F, BW, DQ, VL and VNNI, and BF16 too if the parameter says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Avx512<const BF16: bool>(());

fn has_foundation() -> bool {
    let (f, bw) = (is_x86_feature_detected!("avx512f"), is_x86_feature_detected!("avx512bw"));
    let (dq, vl) = (is_x86_feature_detected!("avx512dq"), is_x86_feature_detected!("avx512vl"));
    f && bw && dq && vl && is_x86_feature_detected!("avx512vnni")
}

impl Avx512<false> {
    /// The proof, if the processor has them.
    pub(crate) fn detect() -> Option<Self> {
        has_foundation().then_some(Self(()))
    }
}

impl Avx512<true> {
    /// The proof, if the processor has them and BF16 too.
    pub(crate) fn detect() -> Option<Self> {
        (has_foundation() && is_x86_feature_detected!("avx512bf16")).then_some(Self(()))
    }
}

/// One instruction, which `self` proves to be there.
macro_rules! one {
    ($operation:expr) => {{
        // SAFETY: `self` proves that the processor has the instruction; whole arrays are read and written, unaligned.
        unsafe { $operation }
    }};
}

impl<const BF16: bool> Isa for Avx512<BF16> {
    type F = __m512;
    type I = __m512i;
    const VECTORS: usize = 4;

    #[inline(always)]
    fn run<J: Job>(self, job: J) -> J::Out {
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni")]
        fn without<S: Isa, J: Job>(isa: S, job: J) -> J::Out {
            job.run(isa)
        }
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16")]
        fn with<S: Isa, J: Job>(isa: S, job: J) -> J::Out {
            job.run(isa)
        }
        one!(if BF16 { with(self, job) } else { without(self, job) })
    }

    #[inline(always)]
    fn splat(self, value: f32) -> Self::F {
        one!(_mm512_set1_ps(value))
    }

    #[inline(always)]
    fn load(self, values: &[f32; LANES]) -> Self::F {
        one!(_mm512_loadu_ps(values.as_ptr()))
    }

    #[inline(always)]
    fn load_half(self, values: &[u16; LANES]) -> Self::F {
        one!(_mm512_cvtph_ps(_mm256_loadu_si256(values.as_ptr().cast())))
    }

    #[inline(always)]
    fn store(self, value: Self::F, target: &mut [f32; LANES]) {
        one!(_mm512_storeu_ps(target.as_mut_ptr(), value));
    }

    #[inline(always)]
    fn add(self, a: Self::F, b: Self::F) -> Self::F {
        one!(_mm512_add_ps(a, b))
    }

    #[inline(always)]
    fn sub(self, a: Self::F, b: Self::F) -> Self::F {
        one!(_mm512_sub_ps(a, b))
    }

    #[inline(always)]
    fn mul(self, a: Self::F, b: Self::F) -> Self::F {
        one!(_mm512_mul_ps(a, b))
    }

    #[inline(always)]
    fn fma(self, a: Self::F, b: Self::F, c: Self::F) -> Self::F {
        one!(_mm512_fmadd_ps(a, b, c))
    }

    #[inline(always)]
    fn max(self, a: Self::F, b: Self::F) -> Self::F {
        one!(_mm512_max_ps(a, b))
    }

    #[inline(always)]
    fn min(self, a: Self::F, b: Self::F) -> Self::F {
        one!(_mm512_min_ps(a, b))
    }

    #[inline(always)]
    fn to_int(self, value: Self::F) -> Self::I {
        one!(_mm512_cvtps_epi32(value))
    }

    #[inline(always)]
    fn to_float(self, value: Self::I) -> Self::F {
        one!(_mm512_cvtepi32_ps(value))
    }

    #[inline(always)]
    fn power_of_two(self, n: Self::I) -> Self::F {
        one!(_mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_add_epi32(n, _mm512_set1_epi32(127)))))
    }

    #[inline(always)]
    fn splat_int(self, value: i32) -> Self::I {
        one!(_mm512_set1_epi32(value))
    }

    #[inline(always)]
    fn load_int(self, values: &[i32; LANES]) -> Self::I {
        one!(_mm512_loadu_si512(values.as_ptr().cast()))
    }

    #[inline(always)]
    fn load_words(self, words: &[u32; LANES]) -> Self::I {
        one!(_mm512_loadu_si512(words.as_ptr().cast()))
    }

    #[inline(always)]
    fn sub_int(self, a: Self::I, b: Self::I) -> Self::I {
        one!(_mm512_sub_epi32(a, b))
    }

    #[inline(always)]
    fn mul_int(self, a: Self::I, b: Self::I) -> Self::I {
        one!(_mm512_mullo_epi32(a, b))
    }

    #[inline(always)]
    fn dot_int8(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I {
        one!(_mm512_dpbusd_epi32(sum, a, b))
    }

    #[inline(always)]
    fn dot_int16(self, sum: Self::I, a: Self::I, b: Self::I) -> Self::I {
        one!(_mm512_dpwssd_epi32(sum, a, b))
    }

    #[inline(always)]
    fn dot_bfloat16(self, sum: Self::F, a: Self::I, b: Self::I) -> Self::F {
        if BF16 {
            // SAFETY: `self` proves that the processor has BF16; both types are 512 bits of anything.
            return unsafe {
                let [a, b] = [a, b].map(|words| std::mem::transmute::<__m512i, __m512bh>(words));
                _mm512_dpbf16_ps(sum, a, b)
            };
        }
        one!({
            let upper = _mm512_set1_epi32(0xFFFF_0000_u32.cast_signed());
            let odd = |words| flush(_mm512_and_si512(words, upper));
            let even = |words| flush(_mm512_slli_epi32::<16>(words));
            _mm512_fmadd_ps(even(a), even(b), _mm512_fmadd_ps(odd(a), odd(b), sum))
        })
    }

    #[inline(always)]
    fn store_bytes(self, value: Self::I, target: &mut [u32; 4]) {
        one!(_mm_storeu_si128(target.as_mut_ptr().cast(), _mm512_cvtepi32_epi8(value)));
    }

    #[inline(always)]
    fn store_int16(self, value: Self::I, target: &mut [u32; 8]) {
        one!(_mm256_storeu_si256(target.as_mut_ptr().cast(), _mm512_cvtepi32_epi16(value)));
    }

    #[inline(always)]
    fn store_bfloat16(self, value: Self::F, target: &mut [u32; 8]) {
        // Not `vcvtneps2bf16`, so that all instruction sets round by the same rule; it is no hot loop.
        one!({
            let bits = _mm512_castps_si512(value);
            let last = _mm512_and_si512(_mm512_srli_epi32::<16>(bits), _mm512_set1_epi32(1));
            let round = _mm512_add_epi32(_mm512_add_epi32(bits, _mm512_set1_epi32(0x7FFF)), last);
            let exponent = _mm512_and_si512(bits, _mm512_set1_epi32(0x7F80_0000));
            let subnormal = _mm512_cmpeq_epi32_mask(exponent, _mm512_setzero_si512());
            let sign = _mm512_and_si512(bits, _mm512_set1_epi32(i32::MIN));
            // A NaN keeps its upper bits and becomes a quiet one: rounding could turn it into infinity.
            let quiet = _mm512_or_si512(bits, _mm512_set1_epi32(0x0040_0000));
            let nan = _mm512_cmp_ps_mask::<_CMP_UNORD_Q>(value, value);
            let some = _mm512_mask_mov_epi32(round, subnormal, sign);
            let rounded = _mm512_srli_epi32::<16>(_mm512_mask_mov_epi32(some, nan, quiet));
            _mm256_storeu_si256(target.as_mut_ptr().cast(), _mm512_cvtepi32_epi16(rounded));
        });
    }
}

/// A bfloat16 in the upper half of each lane as float32, subnormal numbers as zero.
///
/// # Safety
/// The processor has AVX-512 F.
#[inline(always)]
unsafe fn flush(bits: __m512i) -> __m512 {
    // SAFETY: the caller says that the processor has AVX-512 F.
    unsafe {
        let exponent = _mm512_and_si512(bits, _mm512_set1_epi32(0x7F80_0000));
        let subnormal = _mm512_cmpeq_epi32_mask(exponent, _mm512_setzero_si512());
        let sign = _mm512_and_si512(bits, _mm512_set1_epi32(i32::MIN));
        _mm512_castsi512_ps(_mm512_mask_mov_epi32(bits, subnormal, sign))
    }
}
