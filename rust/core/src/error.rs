//! Everything that can go wrong in the core, each with what to do about it. No message holds a transcript's text.

use std::path::PathBuf;

/// Result of the core's functions.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of the scoring engine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The bundle's folder, or one of its files, can't be read.
    #[error("model bundle: can't read {path}: {source}; is this the folder that `alliance model build` wrote?")]
    BundleFile {
        /// The file that was wanted.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `bundle.json` isn't what a bundle of this format holds.
    #[error("model bundle: {path} is not valid: {reason}; build the bundle again with `alliance model build`")]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file's hash isn't the one recorded when the bundle was built.
    #[error(
        "model bundle: {path} was changed or damaged: its SHA-256 is {found}, bundle.json records {expected}; \
         build or copy the bundle again"
    )]
    Integrity {
        /// The file that differs.
        path: PathBuf,
        /// SHA-256 in the manifest.
        expected: String,
        /// SHA-256 of the file as it is.
        found: String,
    },
    /// The model refers to weights outside its own file.
    #[error(
        "model bundle: {path} keeps tensor `{tensor}` in another file (ONNX external data), which is refused; \
         save the model with its weights inside"
    )]
    ExternalData {
        /// The model file.
        path: PathBuf,
        /// Name of the first tensor found outside.
        tensor: String,
    },
    /// The model file can't be parsed or loaded.
    #[error("model bundle: {path} is not a model that can be run: {reason}")]
    Model {
        /// The model file.
        path: PathBuf,
        /// What the parser or the runtime said.
        reason: String,
    },
    /// The tokenizer file can't be used.
    #[error("model bundle: {path} is not a tokenizer that can be used: {reason}")]
    TokenizerFile {
        /// The tokenizer file.
        path: PathBuf,
        /// What the tokenizer library said.
        reason: String,
    },
    /// The ONNX Runtime library is missing, can't be opened, or is too old.
    #[error("ONNX Runtime: can't use {path}: {reason}; install it with `pip install 'onnxruntime>=1.24,<1.29'`")]
    RuntimeLibrary {
        /// The library file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// A text could not be tokenized. The text itself is not shown.
    #[error("text at position {position} (counted from 0) can't be tokenized; check its encoding")]
    Tokenize {
        /// Position in the input, counted from 0.
        position: usize,
    },
    /// The runtime failed while running the model.
    #[error("ONNX Runtime failed while running the model: {reason}")]
    Inference {
        /// What the runtime said.
        reason: String,
    },
    /// The bundle doesn't hold the scoring method asked for.
    #[error("the bundle has no method `{asked}`; it has: {known}")]
    UnknownMethod {
        /// The method asked for.
        asked: String,
        /// The methods of the bundle.
        known: String,
    },
    /// The bundle doesn't hold the form asked for.
    #[error("the bundle has no form `{asked}`; it has: {known}")]
    UnknownForm {
        /// The form asked for.
        asked: String,
        /// The forms of the bundle.
        known: String,
    },
    /// The bundle has no inventory inside, only an encoder.
    #[error("the bundle holds an encoder without an inventory, so there is nothing to score with")]
    NoInventory,
    /// The engine was made in another process than the one that uses it.
    #[error(
        "this scorer was made before the process forked and can't be used in the child; make a new scorer in each \
         process, or start processes with the `spawn` method"
    )]
    Forked,
    /// The caller asked to stop.
    #[error("stopped before the end")]
    Cancelled,
    /// A worker thread ended without a result: a defect of ours.
    #[error("internal error: {0}; please report it")]
    Internal(&'static str),
}

impl From<ort::Error> for Error {
    fn from(error: ort::Error) -> Self {
        Self::Inference { reason: error.to_string() }
    }
}
