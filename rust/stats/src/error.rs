//! What can be wrong with the numbers handed to a resampling routine.

use thiserror::Error;

/// Why a resampling routine refuses its input.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum StatsError {
    /// An array does not have the length that the others imply.
    #[error("{name} has {found} values where {expected} are needed")]
    Length {
        /// Which array.
        name: &'static str,
        /// How many values it has.
        found: usize,
        /// How many it should have.
        expected: usize,
    },
    /// A number that must be finite is not.
    #[error("{name} holds a number that is not finite")]
    NotFinite {
        /// Which array.
        name: &'static str,
    },
    /// Identifiers must come in ascending runs.
    #[error("{name} must be in ascending order")]
    Unsorted {
        /// Which array.
        name: &'static str,
    },
    /// The pool of threads could not be made.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the operating system said.
        reason: String,
    },
    /// A parameter lies outside of its domain.
    #[error("{name} is outside of its domain")]
    Domain {
        /// Which parameter.
        name: &'static str,
    },
}

/// Checks that an array has the length that the others imply.
///
/// # Errors
/// [`StatsError::Length`] when it has not.
pub fn check_length(name: &'static str, found: usize, expected: usize) -> Result<(), StatsError> {
    if found == expected { Ok(()) } else { Err(StatsError::Length { name, found, expected }) }
}

/// Checks that every number is finite.
///
/// # Errors
/// [`StatsError::NotFinite`] when one is not.
pub fn check_finite(name: &'static str, values: &[f64]) -> Result<(), StatsError> {
    if values.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(StatsError::NotFinite { name }) }
}

/// Checks that identifiers come in ascending runs.
///
/// # Errors
/// [`StatsError::Unsorted`] when they do not.
pub fn check_sorted(name: &'static str, values: &[u32]) -> Result<(), StatsError> {
    if values.is_sorted() { Ok(()) } else { Err(StatsError::Unsorted { name }) }
}
