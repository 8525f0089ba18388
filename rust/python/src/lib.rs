//! The Python binding: converts arguments, releases the GIL, delegates.

use pyo3::prelude::*;

mod stats;

#[pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::stats::{
        bootstrap_studentised, cluster_estimates, permutation_studentised, signflip_observed, signflip_studentised,
        student_p, student_quantile,
    };

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
