//! The core's errors as the exceptions of `alliancekit.errors`.

use alliancekit_core::Error;
use pyo3::PyErr;
use pyo3::exceptions::{PyFileNotFoundError, PyKeyboardInterrupt, PyOSError, PyRuntimeError};

pyo3::import_exception!(alliancekit.errors, BundleError);
pyo3::import_exception!(alliancekit.errors, DataError);
pyo3::import_exception!(alliancekit.errors, ForkError);
pyo3::import_exception!(alliancekit.errors, IntegrityError);
pyo3::import_exception!(alliancekit.errors, ParameterError);
pyo3::import_exception!(alliancekit.errors, RuntimeLibraryError);

/// The exception that says `error` in Python.
pub(crate) fn to_python(error: &Error) -> PyErr {
    let message = error.to_string();
    match error {
        Error::BundleFile { source, .. } if source.kind() == std::io::ErrorKind::NotFound => {
            PyFileNotFoundError::new_err(message)
        }
        Error::BundleFile { .. } => PyOSError::new_err(message),
        Error::Manifest { .. } | Error::ExternalData { .. } | Error::Model { .. } | Error::TokenizerFile { .. } => {
            BundleError::new_err(message)
        }
        Error::Integrity { .. } => IntegrityError::new_err(message),
        Error::RuntimeLibrary { .. } => RuntimeLibraryError::new_err(message),
        Error::Tokenize { .. } => DataError::new_err(message),
        Error::UnknownMethod { .. } | Error::UnknownForm { .. } | Error::NoInventory => {
            ParameterError::new_err(message)
        }
        Error::Forked => ForkError::new_err(message),
        Error::Cancelled => PyKeyboardInterrupt::new_err(message),
        _ => PyRuntimeError::new_err(message),
    }
}
