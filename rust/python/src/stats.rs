//! Resampling: numpy arrays in, numpy arrays out, the GIL released in between.
//!
//! Long runs are cut into chunks of replicates by the caller, which is where progress is told and Ctrl-C heard.

#![expect(clippy::needless_pass_by_value, reason = "pyo3 hands arguments over owned")]

use alliancekit_stats::moments::{Arm, Moments};
use alliancekit_stats::permute::{Design, Units};
use alliancekit_stats::replicate::Replicates;
use alliancekit_stats::{StatsError, bootstrap, signflip, student};
use numpy::{PyArray1, PyReadonlyArray1, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

type Matrix<'py> = PyReadonlyArray2<'py, f64>;
pub(crate) type Numbers<'py> = Bound<'py, PyArray1<f64>>;
/// Seed, index of the first replicate, how many, threads (0: one per core).
pub(crate) type Chunk = (u64, u64, usize, usize);

pub(crate) fn error(error: StatsError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

pub(crate) const fn replicates(chunk: Chunk) -> Replicates {
    Replicates { seed: chunk.0, first: chunk.1, count: chunk.2, threads: chunk.3 }
}

fn arm<'a>(sums: &'a Matrix<'_>, weights: &'a Matrix<'_>) -> PyResult<Arm<'a>> {
    Ok(Arm { sums: sums.as_slice()?, weights: weights.as_slice()? })
}

fn moments(arms: &[(Matrix<'_>, Matrix<'_>)]) -> PyResult<Moments> {
    let [(sums, weights), rest @ ..] = arms else {
        return Err(PyValueError::new_err("one or two arms are needed"));
    };
    let second = rest.first().map(|(sums, weights)| arm(sums, weights)).transpose()?;
    let [clusters, columns] = [sums.shape()[0], sums.shape()[1]];
    Moments::new(clusters, columns, arm(sums, weights)?, second).map_err(error)
}

/// Estimates and standard errors of one arm, or of the difference of two: `[2, columns]`, flat.
#[pyfunction]
pub(crate) fn cluster_estimates<'py>(py: Python<'py>, arms: Vec<(Matrix<'py>, Matrix<'py>)>) -> PyResult<Numbers<'py>> {
    let found = moments(&arms)?.observed();
    let values = found.iter().map(|one| one.value).chain(found.iter().map(|one| one.error));
    Ok(PyArray1::from_iter(py, values))
}

/// Studentised statistics of a chunk of bootstrap replicates: `[count, columns]`, flat.
#[pyfunction]
pub(crate) fn bootstrap_studentised<'py>(
    py: Python<'py>,
    arms: Vec<(Matrix<'py>, Matrix<'py>)>,
    strata: PyReadonlyArray1<'py, u32>,
    chunk: Chunk,
) -> PyResult<Numbers<'py>> {
    let (moments, strata) = (moments(&arms)?, strata.as_slice()?);
    let values = py.detach(|| bootstrap::studentised(&moments, strata, replicates(chunk))).map_err(error)?;
    Ok(PyArray1::from_vec(py, values))
}

/// |t| of each column for the signs as they are.
#[pyfunction]
pub(crate) fn signflip_observed<'py>(
    py: Python<'py>,
    sums: Matrix<'py>,
    weights: Matrix<'py>,
) -> PyResult<Numbers<'py>> {
    let [clusters, columns] = [sums.shape()[0], sums.shape()[1]];
    let values = signflip::observed(clusters, columns, arm(&sums, &weights)?).map_err(error)?;
    Ok(PyArray1::from_vec(py, values))
}

/// |t| of a chunk of sign patterns: `[count, columns]`, flat.
#[pyfunction]
pub(crate) fn signflip_studentised<'py>(
    py: Python<'py>,
    sums: Matrix<'py>,
    weights: Matrix<'py>,
    exact: bool,
    chunk: Chunk,
) -> PyResult<Numbers<'py>> {
    let [clusters, columns] = [sums.shape()[0], sums.shape()[1]];
    let arm = arm(&sums, &weights)?;
    let work = || signflip::studentised(clusters, columns, arm, exact, replicates(chunk));
    Ok(PyArray1::from_vec(py, py.detach(work).map_err(error)?))
}

/// Welch-type t of permuted labels: the labels as they are first, then the chunk; `[1 + count, columns]`, flat.
#[pyfunction]
#[pyo3(signature = (cells, clusters, blocks, target, chunk, *, equal = false))]
pub(crate) fn permutation_studentised<'py>(
    py: Python<'py>,
    cells: (Matrix<'py>, Matrix<'py>),
    clusters: PyReadonlyArray1<'py, u32>,
    blocks: PyReadonlyArray1<'py, u32>,
    target: PyReadonlyArray1<'py, bool>,
    chunk: Chunk,
    equal: bool,
) -> PyResult<Numbers<'py>> {
    let (sums, weights) = &cells;
    let units = Units {
        sums: sums.as_slice()?,
        weights: weights.as_slice()?,
        clusters: clusters.as_slice()?,
        blocks: blocks.as_slice()?,
        target: target.as_slice()?,
        equal,
    };
    let columns = sums.shape()[1];
    let work = || -> Result<Vec<f64>, StatsError> {
        let design = Design::new(units, columns)?;
        Ok([design.observed(), design.studentised(replicates(chunk))?].concat())
    };
    Ok(PyArray1::from_vec(py, py.detach(work).map_err(error)?))
}

/// Quantile of Student's t.
#[pyfunction]
pub(crate) fn student_quantile(probability: f64, freedom: f64) -> PyResult<f64> {
    student::quantile(probability, freedom).map_err(error)
}

/// Two-sided p of a t value.
#[pyfunction]
pub(crate) fn student_p(t: f64, freedom: f64) -> PyResult<f64> {
    student::two_sided(t, freedom).map_err(error)
}
