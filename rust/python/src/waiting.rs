//! The one door of every long call: leaves the GIL, looks for Ctrl-C, reports progress.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use alliancekit_core::{Control, Result};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::errors::to_python;

/// How often signals are looked at and progress is reported.
const INTERVAL: Duration = Duration::from_millis(50);

/// Runs `work` on a thread of its own while this one waits, so that Ctrl-C and `progress` reach Python meanwhile.
pub(crate) fn wait_for<T: Send>(
    py: Python<'_>,
    progress: Option<Py<PyAny>>,
    work: impl FnOnce(&Control) -> Result<T> + Send,
) -> PyResult<T> {
    py.detach(move || {
        let control = &Control::default();
        std::thread::scope(|scope| {
            let (sender, receiver) = channel();
            let worker = scope.spawn(move || {
                let result = work(control);
                // Nobody listens any more if the waiting thread left; there is nothing to tell then.
                let _ = sender.send(());
                result
            });
            let mut interruption = None;
            while receiver.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
                if interruption.is_none() {
                    interruption = Python::attach(|py| look_around(py, progress.as_ref(), control)).err();
                    if interruption.is_some() {
                        control.cancel();
                    }
                }
            }
            let result = worker.join().map_err(|_| PyRuntimeError::new_err("internal error: the worker panicked"))?;
            interruption.map_or_else(|| result.map_err(|error| to_python(&error)), Err)
        })
    })
}

fn look_around(py: Python<'_>, progress: Option<&Py<PyAny>>, control: &Control) -> PyResult<()> {
    py.check_signals()?;
    match (progress, control.progress()) {
        (Some(progress), (done, total)) if total > 0 => progress.call1(py, (done, total)).map(drop),
        _ => Ok(()),
    }
}
