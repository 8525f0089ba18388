//! Resampling by cluster: counter-based generator, one stream per replicate, fixed reduction order.
//!
//! Everything here works on sums over clusters, never on turns. A replicate's value depends on the seed and
//! on its own index alone, so that any number of threads, and any way of cutting the replicates into chunks,
//! gives the same bits.

pub mod bootstrap;
mod contrast;
pub mod coupling;
pub mod error;
pub mod moments;
pub mod permute;
pub mod reduction;
pub mod replicate;
pub mod rng;
pub mod signflip;
pub mod student;

pub use error::StatsError;
