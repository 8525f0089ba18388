//! How many operations a second this processor can do at best: the products of [`crate::gemm`] with nothing else to do.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::isa::{Isa, Job, LANES, Level};
use crate::numbers::{Bfloat16, Dot, Int8, Int16, Numbers};

/// Vectors that are multiplied in a round: with 64 bytes each they stay in the first cache.
const VECTORS: usize = 96;

/// Rounds between two looks at the clock.
const ROUNDS: usize = 2_000;

/// Multiplications and additions a second of `threads` threads together, with `numbers` (`None`: float32) on `level`.
///
/// Each thread multiplies for about `time` what lies in its first cache, into as many running sums as the tiles of the
/// encoder have, so that neither memory nor latency holds it up.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use alliancekit_kernels::{Level, operations_per_second};
///
/// assert!(operations_per_second(Level::best(), None, 1, Duration::from_millis(1)) > 0.0);
/// ```
#[must_use]
pub fn operations_per_second(level: Level, numbers: Option<Numbers>, threads: usize, time: Duration) -> f64 {
    let one = || {
        let (start, mut rounds) = (Instant::now(), 0);
        while start.elapsed() < time || rounds == 0 {
            match numbers {
                None => level.run(Rounds(Float32)),
                Some(Numbers::Int8) => level.run(Rounds(Products(Int8))),
                Some(Numbers::Int16) => level.run(Rounds(Products(Int16))),
                Some(Numbers::Bfloat16) => level.run(Rounds(Products(Bfloat16))),
            }
            rounds += ROUNDS;
        }
        operations(numbers) * (VECTORS * rounds) as f64 / start.elapsed().as_secs_f64()
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (1..threads.max(1)).map(|_| scope.spawn(one)).collect();
        one() + workers.into_iter().filter_map(|worker| worker.join().ok()).sum::<f64>()
    })
}

/// Multiplications and additions of one product of vectors.
fn operations(numbers: Option<Numbers>) -> f64 {
    (2 * LANES * numbers.map_or(1, Numbers::per_word)) as f64
}

/// One running sum more by a vector from memory.
trait Step: Copy {
    type Word: Copy + Default;
    type Sum<S: Isa>: Copy;
    fn zero<S: Isa>(self, isa: S) -> Self::Sum<S>;
    fn step<S: Isa>(self, isa: S, sum: Self::Sum<S>, vector: &[Self::Word; LANES]) -> Self::Sum<S>;
}

#[derive(Clone, Copy)]
struct Float32;

impl Step for Float32 {
    type Word = f32;
    type Sum<S: Isa> = S::F;

    #[inline(always)]
    fn zero<S: Isa>(self, isa: S) -> S::F {
        isa.splat(0.0)
    }

    #[inline(always)]
    fn step<S: Isa>(self, isa: S, sum: S::F, vector: &[f32; LANES]) -> S::F {
        isa.fma(isa.splat(1.0), isa.load(vector), sum)
    }
}

#[derive(Clone, Copy)]
struct Products<D>(D);

impl<D: Dot> Step for Products<D> {
    type Word = u32;
    type Sum<S: Isa> = D::Sum<S>;

    #[inline(always)]
    fn zero<S: Isa>(self, isa: S) -> D::Sum<S> {
        self.0.zero(isa)
    }

    #[inline(always)]
    fn step<S: Isa>(self, isa: S, sum: D::Sum<S>, vector: &[u32; LANES]) -> D::Sum<S> {
        self.0.dot(isa, sum, isa.splat_int(0x0101_0101), isa.load_words(vector))
    }
}

struct Rounds<T>(T);

impl<T: Step> Job for Rounds<T> {
    type Out = ();

    #[inline(always)]
    fn run<S: Isa>(self, isa: S) {
        // As many sums as a tile has: with more they would not fit into the registers.
        match S::VECTORS {
            1 => rounds::<S, T, 6>(isa, self.0),
            _ => rounds::<S, T, 24>(isa, self.0),
        }
    }
}

#[inline(always)]
fn rounds<S: Isa, T: Step, const SUMS: usize>(isa: S, kind: T) {
    let vectors = [[T::Word::default(); LANES]; VECTORS];
    let mut sums = [kind.zero(isa); SUMS];
    for _ in 0..ROUNDS {
        // Each product has a vector of its own, so that none can be used twice.
        for group in black_box(&vectors).as_chunks::<SUMS>().0 {
            for place in 0..SUMS {
                sums[place] = kind.step(isa, sums[place], &group[place]);
            }
        }
    }
    for sum in sums {
        black_box(sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_of_vectors_counts_each_of_its_numbers_twice() {
        let counted =
            [None, Some(Numbers::Int8), Some(Numbers::Int16)].map(|numbers| format!("{:.1}", operations(numbers)));
        assert_eq!(counted, ["32.0", "128.0", "64.0"]);
    }

    #[test]
    fn every_instruction_set_has_a_peak_in_every_kind_of_numbers() {
        for level in Level::supported() {
            for numbers in [None, Some(Numbers::Int8), Some(Numbers::Int16), Some(Numbers::Bfloat16)] {
                assert!(operations_per_second(level, numbers, 2, Duration::ZERO) > 0.0);
            }
        }
    }
}
