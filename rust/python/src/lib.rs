//! The Python binding: converts arguments, releases the GIL, delegates.

mod counting;
mod coupling;
mod engine;
mod errors;
mod reduction;
mod stats;
mod texts;
mod waiting;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _native {
    use std::path::PathBuf;
    use std::time::Duration;

    use alliancekit_core::{Precision, processor};
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::counting::TokenCounter;
    #[pymodule_export]
    use crate::coupling::{coupling_circle, coupling_mismatched, coupling_studentised};
    #[pymodule_export]
    use crate::engine::Engine;
    #[pymodule_export]
    use crate::reduction::{turn_sum_names, turn_sums};
    #[pymodule_export]
    use crate::stats::{
        bootstrap_studentised, cluster_estimates, permutation_studentised, signflip_observed, signflip_studentised,
        student_p, student_quantile,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    #[pyfunction]
    fn available_threads() -> usize {
        processor::available_threads()
    }

    #[pyfunction]
    fn processor_features() -> Vec<&'static str> {
        processor::features()
    }

    #[pyfunction]
    fn operations_per_second(py: Python<'_>, precision: &str, threads: usize, seconds: f64) -> PyResult<f64> {
        let known = Precision::named(precision)
            .ok_or_else(|| crate::errors::ParameterError::new_err(format!("there is no precision {precision:?}")))?;
        let time = Duration::try_from_secs_f64(seconds)
            .map_err(|_| crate::errors::ParameterError::new_err(format!("seconds is {seconds}; give 0 or more")))?;
        Ok(py.detach(|| processor::operations_per_second(known, threads, time)))
    }

    #[pyfunction]
    fn opened_library() -> Option<PathBuf> {
        alliancekit_core::runtime::opened_library()
    }
}
