//! Coupling against mismatched pairs: numpy arrays in, numpy arrays out, the GIL released in between.

#![expect(clippy::needless_pass_by_value, reason = "pyo3 hands arguments over owned")]

use alliancekit_stats::coupling::exchanges::Exchanges;
use alliancekit_stats::coupling::mismatched;
use alliancekit_stats::coupling::partners::{Circle, People};
use alliancekit_stats::coupling::replicates::{Mismatch, studentised};
use numpy::{PyArray1, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::prelude::*;

use crate::stats::{Chunk, Numbers, error, replicates};

type Floats<'py> = PyReadonlyArray1<'py, f64>;
type Codes<'py> = PyReadonlyArray1<'py, u32>;

/// The session in each place of the circle in which sessions are paired: `[sessions]`.
#[pyfunction]
pub(crate) fn coupling_circle(py: Python<'_>, sessions: usize, seed: u64) -> Bound<'_, PyArray1<u64>> {
    let circle = py.detach(|| Circle::new(sessions, seed));
    PyArray1::from_iter(py, circle.order().iter().map(|&session| session as u64))
}

/// Correlations of a chunk of places with partners from other sessions: `[count, 2 · most]`, flat.
#[pyfunction]
pub(crate) fn coupling_mismatched<'py>(
    py: Python<'py>,
    series: (Floats<'py>, Floats<'py>),
    places: (PyReadonlyArray1<'py, u64>, Codes<'py>),
    people: (Codes<'py>, Codes<'py>),
    most: usize,
    chunk: Chunk,
) -> PyResult<Numbers<'py>> {
    let (patient, therapist) = (series.0.as_slice()?, series.1.as_slice()?);
    let (starts, lengths) = (places.0.as_slice()?, places.1.as_slice()?);
    let people = People { patients: people.0.as_slice()?, therapists: people.1.as_slice()? };
    let work = || mismatched(&Exchanges::new(patient, therapist, starts, lengths)?, people, most, replicates(chunk));
    Ok(PyArray1::from_vec(py, py.detach(work).map_err(error)?))
}

/// |t| of a chunk of replicates that give each session one of its mismatched pairs: `[count]`.
#[pyfunction]
pub(crate) fn coupling_studentised<'py>(
    py: Python<'py>,
    deviations: PyReadonlyArray2<'py, f64>,
    counts: Codes<'py>,
    weights: Floats<'py>,
    clusters: Codes<'py>,
    chunk: Chunk,
) -> PyResult<Numbers<'py>> {
    let mismatch = Mismatch {
        deviations: deviations.as_slice()?,
        counts: counts.as_slice()?,
        weights: weights.as_slice()?,
        clusters: clusters.as_slice()?,
    };
    let values = py.detach(|| studentised(mismatch, replicates(chunk))).map_err(error)?;
    Ok(PyArray1::from_vec(py, values))
}
