//! The ONNX Runtime library: opened once per process, from an absolute path, with telemetry off.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use ort::environment::Environment;

use crate::error::{Error, Result};

struct Opened {
    environment: Environment,
    library: PathBuf,
}

static OPENED: Mutex<Option<Opened>> = Mutex::new(None);

/// Opens the library, or returns the environment of the one that is open: a process can hold only one.
///
/// The caller sets `ORT_DISABLE_TELEMETRY=1` before; versions from 1.29 on read it while they are opened.
///
/// # Errors
/// [`Error::RuntimeLibrary`] when the file is missing, isn't ONNX Runtime, or is too old.
pub fn environment(library: &Path) -> Result<Environment> {
    // A thread that panicked while holding the lock left `None` or a whole value behind, so both are usable.
    let mut opened = OPENED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(opened) = opened.as_ref() {
        return Ok(opened.environment.clone());
    }
    let environment = open(library)?;
    *opened = Some(Opened { environment: environment.clone(), library: library.to_path_buf() });
    Ok(environment)
}

/// The library this process has open, if any.
#[must_use]
pub fn opened_library() -> Option<PathBuf> {
    let opened = OPENED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    opened.as_ref().map(|opened| opened.library.clone())
}

fn open(library: &Path) -> Result<Environment> {
    let unusable = |reason: String| Error::RuntimeLibrary { path: library.to_path_buf(), reason };
    if !library.is_absolute() {
        return Err(unusable("the path is not absolute".to_owned()));
    }
    let builder = ort::init_from(library).map_err(|error| unusable(error.to_string()))?;
    let built = builder.with_name("alliancekit").with_telemetry(false).build();
    built.map_err(|error| unusable(error.to_string()))
}
