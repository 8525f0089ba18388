//! Turns to sums: numpy arrays in, a numpy array out, the GIL released in between.

use alliancekit_stats::reduction::{EXCHANGE_SUMS, LINE_SUMS, Turns};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::prelude::*;

use crate::stats::error;

/// Names of the sums of a role on a scale, and of the exchanges on a scale.
#[pyfunction]
pub(crate) fn turn_sum_names() -> (Vec<&'static str>, Vec<&'static str>) {
    (LINE_SUMS.to_vec(), EXCHANGE_SUMS.to_vec())
}

/// Sums of whole sessions: `[sessions, width]`, flat.
#[pyfunction]
#[expect(clippy::needless_pass_by_value, reason = "pyo3 hands arguments over owned")]
pub(crate) fn turn_sums<'py>(
    py: Python<'py>,
    offsets: PyReadonlyArray1<'py, u64>,
    turns: (PyReadonlyArray1<'py, u8>, PyReadonlyArray1<'py, f64>),
    scores: Vec<PyReadonlyArray1<'py, f64>>,
    blocks: Vec<(f64, f64)>,
    threads: usize,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let scores = scores.iter().map(PyReadonlyArray1::as_slice).collect::<Result<Vec<_>, _>>()?;
    let turns = Turns {
        offsets: offsets.as_slice()?,
        roles: turns.0.as_slice()?,
        weights: turns.1.as_slice()?,
        scores: &scores,
    };
    let sums = py.detach(|| turns.sums(&blocks, threads)).map_err(error)?;
    Ok(PyArray1::from_vec(py, sums))
}
