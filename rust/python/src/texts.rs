//! A column of texts from whatever Python has: Arrow arrays of any string type.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3_arrow::input::AnyArray;

/// The chunks of a string column, kept alive while slices of them are used.
pub(crate) struct TextColumn {
    chunks: Vec<ArrayRef>,
}

impl TextColumn {
    /// Takes an object with `__arrow_c_array__` or `__arrow_c_stream__`.
    pub(crate) fn new(column: AnyArray) -> PyResult<Self> {
        let (chunks, field) = column.into_chunked_array()?.into_inner();
        match field.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Null => Ok(Self { chunks }),
            other => Err(PyTypeError::new_err(format!("texts are of type {other}, strings are needed"))),
        }
    }

    /// The texts in order, `None` where null.
    pub(crate) fn slices(&self) -> Vec<Option<&str>> {
        self.chunks.iter().flat_map(slices_of).collect()
    }
}

fn slices_of(chunk: &ArrayRef) -> Vec<Option<&str>> {
    match chunk.data_type() {
        DataType::Utf8 => chunk.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => chunk.as_string::<i64>().iter().collect(),
        DataType::Utf8View => chunk.as_string_view().iter().collect(),
        _ => vec![None; chunk.len()],
    }
}
