//! The scoring engine: text → tokens → encoder → alliance scores, in input order. No Python here.
//!
//! [`engine::Engine`] opens a [`bundle::Bundle`] and runs it; everything else is a step on the way:
//! [`distinct`] finds repeats, [`tokens`] cuts texts into tokens, [`batches`] groups them, an encoder (ONNX Runtime, or our kernels, as
//! [`tiers`] chooses) runs them.

pub mod batches;
pub mod bundle;
pub mod control;
pub mod counting;
pub mod distinct;
mod encoders;
pub mod engine;
pub mod error;
mod external_data;
pub mod manifest;
mod onnx_file;
mod parallel;
mod pool;
pub mod processor;
pub mod runtime;
mod sessions;
mod stages;
pub mod tiers;
pub mod tokens;

pub use control::Control;
pub use counting::TokenCounter;
pub use engine::{Engine, Output, Settings, Table};
pub use error::{Error, Result};
pub use stages::StageSeconds;
pub use tiers::{Precision, Tier};
