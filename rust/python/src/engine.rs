//! `Engine`: the core's engine as Python sees it. Tables leave as Arrow, vectors as numpy.

use std::path::PathBuf;
use std::sync::Arc;

use alliancekit_core::{Engine as CoreEngine, Output, Precision, Settings, Table};
use arrow_array::{ArrayRef, BooleanArray, Float32Array, RecordBatch, UInt32Array};
use numpy::ndarray::Array2;
use numpy::{IntoPyArray, PyArray2};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3_arrow::PyTable;
use pyo3_arrow::input::AnyArray;

use crate::errors::{ParameterError, to_python};
use crate::texts::TextColumn;
use crate::waiting::wait_for;

/// A model bundle, ready to score; see `_native.pyi`.
#[pyclass(frozen, module = "alliancekit._native")]
pub(crate) struct Engine {
    inner: CoreEngine,
}

#[pymethods]
impl Engine {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "each is a choice of the caller, by name")]
    #[pyo3(signature = (bundle, library, threads, *, token_budget=1024, merge_repeats=true, precision="float32", emulate=false))]
    fn new(
        py: Python<'_>,
        bundle: PathBuf,
        library: PathBuf,
        threads: usize,
        token_budget: usize,
        merge_repeats: bool,
        precision: &str,
        emulate: bool,
    ) -> PyResult<Self> {
        let precision = Precision::named(precision).ok_or_else(|| {
            let known = Precision::ALL.map(Precision::name).join(", ");
            ParameterError::new_err(format!("precision is {precision:?}; it can be {known}"))
        })?;
        let settings = Settings { threads, token_budget, merge_repeats, precision, emulate };
        let opened = py.detach(move || CoreEngine::open(&bundle, &library, settings));
        opened.map(|inner| Self { inner }).map_err(|error| to_python(&error))
    }

    #[pyo3(signature = (texts, *, method=None, progress=None))]
    fn score(
        &self,
        py: Python<'_>,
        texts: AnyArray,
        method: Option<String>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<PyTable> {
        let table = self.run(py, texts, &Output::Scores { method }, progress)?;
        let batch = self.score_batch(&table).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let schema = batch.schema();
        PyTable::try_new(vec![batch], schema)
    }

    #[pyo3(signature = (texts, *, method=None, progress=None))]
    fn score_and_embed<'py>(
        &self,
        py: Python<'py>,
        texts: AnyArray,
        method: Option<String>,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<(PyTable, Bound<'py, PyArray2<f32>>)> {
        let table = self.run(py, texts, &Output::ScoresAndEmbedding { method }, progress)?;
        let batch = self.score_batch(&table).map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        let schema = batch.schema();
        let embedding = self.inner.manifest().embedding_size;
        let vectors = matrix(py, table.values, table.width, table.width - embedding..table.width)?;
        Ok((PyTable::try_new(vec![batch], schema)?, vectors))
    }

    #[pyo3(signature = (texts, *, progress=None))]
    fn embed<'py>(
        &self,
        py: Python<'py>,
        texts: AnyArray,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyArray2<f32>>> {
        let table = self.run(py, texts, &Output::Embedding, progress)?;
        matrix(py, table.values, table.width, 0..table.width)
    }

    #[pyo3(signature = (texts, form, *, progress=None))]
    fn items<'py>(
        &self,
        py: Python<'py>,
        texts: AnyArray,
        form: &str,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyArray2<f32>>> {
        let form = self.inner.manifest().form_position(form).map_err(|error| to_python(&error))?;
        let items = self.inner.manifest().items.len();
        let table = self.run(py, texts, &Output::Items, progress)?;
        matrix(py, table.values, table.width, form * items..(form + 1) * items)
    }

    #[getter]
    fn tier(&self) -> (&'static str, &'static str, &'static str, &str) {
        let tier = self.inner.tier();
        (tier.precision.name(), tier.engine, tier.instruction_set, &tier.why)
    }

    #[getter]
    fn stages(&self) -> (f64, f64, f64) {
        let seconds = self.inner.stages();
        (seconds.tokenize, seconds.encode, seconds.head)
    }

    #[getter]
    fn threads(&self) -> usize {
        self.inner.settings().threads
    }
}

impl Engine {
    fn run(&self, py: Python<'_>, texts: AnyArray, output: &Output, progress: Option<Py<PyAny>>) -> PyResult<Table> {
        let column = TextColumn::new(texts)?;
        let slices = column.slices();
        wait_for(py, progress, |control| self.inner.run(&slices, output, control))
    }

    /// Columns `n_tokens`, `truncated`, then one for each form and scale, null where a text was not scored.
    fn score_batch(&self, table: &Table) -> Result<RecordBatch, arrow_schema::ArrowError> {
        let manifest = self.inner.manifest();
        let scored: Vec<bool> = table.n_tokens.iter().map(Option::is_some).collect();
        let names = manifest
            .forms
            .iter()
            .flat_map(|form| manifest.scales.iter().map(move |scale| format!("{scale}_{form}_form")));
        let mut columns: Vec<(String, ArrayRef)> = vec![
            ("n_tokens".to_owned(), Arc::new(UInt32Array::from(table.n_tokens.clone()))),
            ("truncated".to_owned(), Arc::new(BooleanArray::from(table.truncated.clone()))),
        ];
        for (position, name) in names.enumerate() {
            let values = table.values.iter().skip(position).step_by(table.width);
            let column = values.zip(&scored).map(|(&value, &scored)| scored.then_some(value));
            columns.push((name, Arc::new(column.collect::<Float32Array>())));
        }
        RecordBatch::try_from_iter_with_nullable(columns.into_iter().map(|(name, column)| (name, column, true)))
    }
}

fn matrix(
    py: Python<'_>,
    values: Vec<f32>,
    width: usize,
    columns: std::ops::Range<usize>,
) -> PyResult<Bound<'_, PyArray2<f32>>> {
    let kept = columns.len();
    let values = if kept == width {
        values
    } else {
        values.chunks_exact(width.max(1)).flat_map(|row| &row[columns.clone()]).copied().collect()
    };
    let rows = values.len().checked_div(kept).unwrap_or(0);
    let array = Array2::from_shape_vec((rows, kept), values);
    Ok(array.map_err(|error| PyRuntimeError::new_err(error.to_string()))?.into_pyarray(py))
}
