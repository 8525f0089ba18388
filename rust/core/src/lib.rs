//! The scoring engine: text → tokens → encoder → alliance scores, in input order. No Python here.
//!
//! [`engine::Engine`] opens a [`bundle::Bundle`] and runs it; everything else is a step on the way:
//! [`distinct`] finds repeats, [`tokens`] cuts texts into tokens, [`batches`] groups them, [`sessions`] runs them.

pub mod batches;
pub mod bundle;
pub mod control;
pub mod counting;
pub mod distinct;
pub mod engine;
pub mod error;
mod external_data;
pub mod manifest;
mod parallel;
pub mod processor;
pub mod runtime;
pub mod sessions;
pub mod tokens;

pub use control::Control;
pub use counting::TokenCounter;
pub use engine::{Engine, Output, Settings, Table};
pub use error::{Error, Result};
