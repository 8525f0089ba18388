//! `TokenCounter`: the core's counter of tokens as Python sees it.

use std::path::PathBuf;

use alliancekit_core::TokenCounter as CoreCounter;
use numpy::{IntoPyArray, PyArray1};
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;

use crate::errors::to_python;
use crate::texts::TextColumn;
use crate::waiting::wait_for;

/// The tokenizer of a bundle, ready to count; see `_native.pyi`.
#[pyclass(frozen, module = "alliancekit._native")]
pub(crate) struct TokenCounter {
    inner: CoreCounter,
}

#[pymethods]
impl TokenCounter {
    #[new]
    fn new(py: Python<'_>, bundle: PathBuf, threads: usize) -> PyResult<Self> {
        let opened = py.detach(move || CoreCounter::open(&bundle, threads));
        opened.map(|inner| Self { inner }).map_err(|error| to_python(&error))
    }

    fn count<'py>(&self, py: Python<'py>, texts: AnyArray) -> PyResult<Bound<'py, PyArray1<u32>>> {
        let column = TextColumn::new(texts)?;
        let slices = column.slices();
        let counts = wait_for(py, None, |control| self.inner.count(&slices, control))?;
        Ok(counts.into_pyarray(py))
    }

    fn ids<'py>(&self, py: Python<'py>, texts: AnyArray) -> PyResult<Vec<Bound<'py, PyArray1<u32>>>> {
        let column = TextColumn::new(texts)?;
        let ids = self.inner.ids(&column.slices()).map_err(|error| to_python(&error))?;
        Ok(ids.into_iter().map(|ids| ids.into_pyarray(py)).collect())
    }

    #[getter]
    fn max_tokens(&self) -> usize {
        self.inner.max_tokens()
    }
}
