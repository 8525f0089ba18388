//! A pool of ONNX Runtime sessions of one thread each.
//!
//! `Session::run` needs `&mut`, so a session serves one caller at a time. As many sessions as threads are asked
//! for means that no more cores are used than that, however many callers share the pool.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use ort::environment::Environment;
use ort::logging::LogLevel;
use ort::session::Session;
use ort::session::builder::{GraphOptimizationLevel, PrepackedWeights, SessionBuilder};

use crate::bundle::Bundle;
use crate::error::{Error, Result};

/// Sessions that wait for work.
pub struct SessionPool {
    idle: Mutex<Vec<Session>>,
    returned: Condvar,
}

impl std::fmt::Debug for SessionPool {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SessionPool").field("idle", &self.lock().len()).finish()
    }
}

impl SessionPool {
    /// Loads the bundle's model into `threads` sessions.
    ///
    /// # Errors
    /// [`Error::Model`] when the runtime can't load the model or it lacks a tensor that the manifest names.
    pub fn new(bundle: &Bundle, environment: &Environment, threads: usize) -> Result<Self> {
        let unusable = |reason: String| Error::Model { path: bundle.model_path(), reason };
        let shared = PrepackedWeights::new();
        let load = || {
            let mut builder = configure(environment, &shared).map_err(|error| unusable(error.to_string()))?;
            builder.commit_from_memory(&bundle.model).map_err(|error| unusable(error.to_string()))
        };
        let idle = (0..threads.max(1)).map(|_| load()).collect::<Result<Vec<_>>>()?;
        if let Some(name) = idle.first().and_then(|session| missing_tensor(session, bundle)) {
            return Err(unusable(format!("it has no tensor `{name}`, which bundle.json names")));
        }
        Ok(Self { idle: Mutex::new(idle), returned: Condvar::new() })
    }

    /// Lends a session, waiting for one to come back if all are lent.
    pub fn lend(&self) -> Lease<'_> {
        let mut idle = self.lock();
        loop {
            if let Some(session) = idle.pop() {
                return Lease { pool: self, session: Some(session) };
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }

    // The vector is whole whenever the lock is free, even after a panic elsewhere.
    fn lock(&self) -> MutexGuard<'_, Vec<Session>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A lent session; it goes back when dropped.
pub struct Lease<'pool> {
    pool: &'pool SessionPool,
    session: Option<Session>,
}

impl Lease<'_> {
    /// The session itself.
    ///
    /// # Errors
    /// Never while the lease lives; the type can't say so.
    pub fn session(&mut self) -> Result<&mut Session> {
        self.session.as_mut().ok_or(Error::Internal("a lease without its session"))
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(session) = self.session.take() {
            self.pool.lock().push(session);
            self.pool.returned.notify_one();
        }
    }
}

fn configure(
    environment: &Environment,
    shared: &PrepackedWeights,
) -> std::result::Result<SessionBuilder, ort::Error<()>> {
    let builder = Session::builder(environment)?
        .with_log_level(LogLevel::Fatal)?
        .with_optimization_level(GraphOptimizationLevel::All)?
        .with_intra_threads(1)?
        .with_inter_threads(1)?
        .with_intra_op_spinning(false)?
        .with_inter_op_spinning(false)?
        // Patterns are kept per input shape, and there is a shape for every length and batch size.
        .with_memory_pattern(false)?
        .with_prepacked_weights(shared)?;
    Ok(builder)
}

fn missing_tensor(session: &Session, bundle: &Bundle) -> Option<String> {
    let tensors = &bundle.manifest.tensors;
    let has = |outlets: &[ort::value::Outlet], name: &str| outlets.iter().any(|outlet| outlet.name() == name);
    let mut inputs = [&tensors.input_ids, &tensors.attention_mask].into_iter();
    let mut outputs = std::iter::once(&tensors.embedding).chain(&tensors.items).chain(tensors.scores.values());
    let input = inputs.find(|name| !has(session.inputs(), name));
    input.or_else(|| outputs.find(|name| !has(session.outputs(), name))).cloned()
}
