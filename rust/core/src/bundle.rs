//! A model bundle on disk: a folder whose files are what its manifest says they are.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use prost::bytes::Bytes;
use sha2::{Digest, Sha256};

use crate::encoders::int8;
use crate::error::{Error, Result};
use crate::external_data;
use crate::manifest::{FileRecord, Manifest};
use crate::tokens::TextTokenizer;

/// A verified bundle, its model and tokenizer in memory until they are loaded.
#[derive(Debug)]
pub struct Bundle {
    /// The folder.
    pub path: PathBuf,
    /// What `bundle.json` says.
    pub manifest: Manifest,
    /// Bytes of `model.onnx`, which the kernels and the head read without copying them.
    pub model: Bytes,
    /// Bytes of `int8.safetensors`; none if the encoder is not rounded to 8 bits.
    pub int8: Vec<u8>,
    /// Bytes of `tokenizer.json`.
    pub tokenizer: Vec<u8>,
}

impl Bundle {
    /// Opens the folder `path`: reads the manifest, checks the hash of every file, refuses external data.
    ///
    /// # Errors
    /// [`Error::BundleFile`], [`Error::Manifest`], [`Error::Integrity`], [`Error::Model`] or [`Error::ExternalData`].
    pub fn open(path: &Path) -> Result<Self> {
        let manifest_path = path.join("bundle.json");
        let manifest = Manifest::parse(&read(&manifest_path)?, &manifest_path)?;
        let (model, int8, tokenizer) = (Bytes::new(), Vec::new(), Vec::new());
        let mut bundle = Self { path: path.to_path_buf(), manifest, model, int8, tokenizer };
        bundle.verify()?;
        external_data::refuse(&bundle.model, &bundle.model_path())?;
        Ok(bundle)
    }

    /// Where the model lies.
    #[must_use]
    pub fn model_path(&self) -> PathBuf {
        self.path.join("model.onnx")
    }

    /// Where the tokenizer lies.
    #[must_use]
    pub fn tokenizer_path(&self) -> PathBuf {
        self.path.join("tokenizer.json")
    }

    fn verify(&mut self) -> Result<()> {
        for (name, record) in &self.manifest.files {
            let bytes = read_recorded(&self.path, name, record)?;
            match name.as_str() {
                "model.onnx" => self.model = bytes.into(),
                int8::FILE => self.int8 = bytes,
                "tokenizer.json" => self.tokenizer = bytes,
                _ => {}
            }
        }
        Ok(())
    }
}

/// Opens the tokenizer of the bundle in folder `path`; the model, which is a hundred times as large, is not read.
///
/// # Errors
/// [`Error::BundleFile`], [`Error::Manifest`], [`Error::Integrity`] or [`Error::TokenizerFile`].
pub fn open_tokenizer(path: &Path) -> Result<TextTokenizer> {
    let manifest_path = path.join("bundle.json");
    let manifest = Manifest::parse(&read(&manifest_path)?, &manifest_path)?;
    let name = "tokenizer.json";
    let missing = || Error::Manifest { path: manifest_path, reason: format!("`files` has no record of {name}") };
    let bytes = read_recorded(path, name, manifest.files.get(name).ok_or_else(missing)?)?;
    TextTokenizer::new(&bytes, &path.join(name), manifest.max_tokens, &manifest.prefix)
}

fn read_recorded(folder: &Path, name: &str, record: &FileRecord) -> Result<Vec<u8>> {
    let path = folder.join(name);
    if Path::new(name).components().count() != 1 {
        let reason = format!("`files` names {name}, which is not a file of the bundle's own folder");
        return Err(Error::Manifest { path: folder.join("bundle.json"), reason });
    }
    let bytes = read(&path)?;
    let found = sha256(&bytes);
    if found != record.sha256 {
        return Err(Error::Integrity { path, expected: record.sha256.clone(), found });
    }
    Ok(bytes)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::BundleFile { path: path.to_path_buf(), source })
}

/// SHA-256 of `bytes` in lower-case hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sha256_of_the_standard_test_vector() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
