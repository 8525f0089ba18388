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
        alliancekit_core::processor::available_threads()
    }

    #[pyfunction]
    fn processor_features() -> Vec<&'static str> {
        alliancekit_core::processor::features()
    }

    #[pyfunction]
    fn opened_library() -> Option<PathBuf> {
        alliancekit_core::runtime::opened_library()
    }
}
