//! What this machine can do.

use std::time::Duration;

use alliancekit_kernels::Level;

use crate::tiers::Precision;

/// Threads this process may use: the processors of its affinity mask, within its control group's quota.
#[must_use]
pub fn available_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Multiplications and additions a second at best, in the numbers of `precision` (`auto`: float32), measured for about
/// `time` on each of `threads` threads.
#[must_use]
pub fn operations_per_second(precision: Precision, threads: usize, time: Duration) -> f64 {
    alliancekit_kernels::operations_per_second(Level::best(), precision.numbers(), threads, time)
}

/// Instruction sets that matter for scoring and that this processor has.
#[must_use]
pub fn features() -> Vec<&'static str> {
    #[cfg(target_arch = "x86_64")]
    {
        let known = [
            ("avx2", is_x86_feature_detected!("avx2")),
            ("fma", is_x86_feature_detected!("fma")),
            ("avxvnni", is_x86_feature_detected!("avxvnni")),
            ("avx512f", is_x86_feature_detected!("avx512f")),
            ("avx512bw", is_x86_feature_detected!("avx512bw")),
            ("avx512vl", is_x86_feature_detected!("avx512vl")),
            ("avx512vnni", is_x86_feature_detected!("avx512vnni")),
            ("avx512bf16", is_x86_feature_detected!("avx512bf16")),
        ];
        known.into_iter().filter_map(|(name, has)| has.then_some(name)).collect()
    }
    #[cfg(not(target_arch = "x86_64"))]
    Vec::new()
}
