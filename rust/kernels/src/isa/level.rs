//! Which instruction set runs: found at run time, the same program on every machine.

#[cfg(target_arch = "x86_64")]
use super::{Avx2, Avx512};
use super::{Isa, Job, Scalar};
use crate::numbers::Numbers;

/// An instruction set that this processor has.
///
/// # Examples
/// ```
/// use alliancekit_kernels::Level;
///
/// let all = Level::supported();
/// assert_eq!(all.last(), Some(&Level::best()));
/// assert_eq!(all[0].name(), "scalar");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level(Kind);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scalar,
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512<false>),
    #[cfg(target_arch = "x86_64")]
    Avx512Bf16(Avx512<true>),
}

impl Level {
    /// All that this processor has, the plain one first, the fastest last.
    #[must_use]
    pub fn supported() -> Vec<Self> {
        let mut kinds = vec![Kind::Scalar];
        // Miri knows few of the instructions: it looks at the plain twin.
        #[cfg(all(target_arch = "x86_64", not(miri)))]
        {
            kinds.extend(Avx2::detect().map(Kind::Avx2));
            kinds.extend(Avx512::<false>::detect().map(Kind::Avx512));
            kinds.extend(Avx512::<true>::detect().map(Kind::Avx512Bf16));
        }
        kinds.into_iter().map(Self).collect()
    }

    /// The fastest that this processor has.
    #[must_use]
    pub fn best() -> Self {
        Self::supported().pop().unwrap_or(Self(Kind::Scalar))
    }

    /// Its name: `scalar`, `avx2`, `avx512-vnni` or `avx512-bf16`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self.0 {
            Kind::Scalar => "scalar",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "avx2",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "avx512-vnni",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Bf16(_) => "avx512-bf16",
        }
    }

    /// Whether the processor multiplies such numbers by instructions of its own, faster than it does float32.
    #[must_use]
    pub fn has(self, numbers: Numbers) -> bool {
        match self.0 {
            Kind::Scalar => false,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => numbers == Numbers::Int16,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => numbers != Numbers::Bfloat16,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Bf16(_) => true,
        }
    }

    /// Vectors of sixteen columns side by side in a packed panel.
    pub(crate) fn vectors(self) -> usize {
        struct Vectors;
        impl Job for Vectors {
            type Out = usize;
            #[inline(always)]
            fn run<S: Isa>(self, _: S) -> usize {
                S::VECTORS
            }
        }
        self.run(Vectors)
    }

    pub(crate) fn run<J: Job>(self, job: J) -> J::Out {
        match self.0 {
            Kind::Scalar => Scalar.run(job),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(isa) => isa.run(job),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(isa) => isa.run(job),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512Bf16(isa) => isa.run(job),
        }
    }
}
