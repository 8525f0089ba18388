//! `bundle.json`, format 1: what a model bundle says about itself.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};

/// The format this version of the engine reads.
pub const FORMAT_VERSION: u64 = 1;

/// What a bundle says about itself. Fields that only people read are left to Python.
#[derive(Debug, Clone, Deserialize)]
pub struct Manifest {
    /// Ordered names of the scales, the total among them; empty for an encoder without an inventory.
    pub scales: Vec<String>,
    /// Ordered names of the forms.
    pub forms: Vec<String>,
    /// Ordered items.
    pub items: Vec<Item>,
    /// Ordered names of the scoring methods.
    pub methods: Vec<String>,
    /// The method used when none is asked for.
    pub default_method: Option<String>,
    /// What the encoder inside the graph is; none if only a runtime knows it.
    #[serde(default)]
    pub encoder: Option<EncoderRecord>,
    /// Which tensor of the graph is which.
    pub tensors: Tensors,
    /// Components of an embedding.
    pub embedding_size: usize,
    /// The most tokens of a turn that are read, special tokens counted.
    pub max_tokens: usize,
    /// Put before each text, as E5 models want it.
    #[serde(default)]
    pub prefix: String,
    /// From hidden states to one vector: `mean` or `cls`.
    #[serde(default)]
    pub pooling: String,
    /// Fidelity of each faster precision to float32, as the builder measured it.
    #[serde(default)]
    pub tiers: BTreeMap<String, TierRecord>,
    /// Size and hash of each file beside the manifest.
    pub files: BTreeMap<String, FileRecord>,
}

/// One item of the inventory.
#[derive(Debug, Clone, Deserialize)]
pub struct Item {
    /// Name of the item.
    pub id: String,
}

/// Names of the graph's inputs and outputs.
#[derive(Debug, Clone, Deserialize)]
pub struct Tensors {
    /// Input: token ids, int64 `[batch, sequence]`.
    pub input_ids: String,
    /// Input: 1 for a token, 0 for padding, int64 `[batch, sequence]`.
    pub attention_mask: String,
    /// Output: unit-norm embedding, float32 `[batch, embedding]`.
    pub embedding: String,
    /// Output: similarity to each item, float32 `[batch, forms, items]`.
    #[serde(default)]
    pub items: Option<String>,
    /// Output per method: scale scores, float32 `[batch, forms, scales]`.
    #[serde(default)]
    pub scores: BTreeMap<String, String>,
    /// Inside the graph: pooled hidden states that every output is a function of; empty if not known.
    #[serde(default)]
    pub pooled: Vec<Pooled>,
}

/// A tensor inside the graph: hidden states after a layer, pooled over the tokens, float32 `[batch, hidden]`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pooled {
    /// Name of the tensor.
    pub tensor: String,
    /// The layer, counted from 1.
    pub layer: usize,
    /// Whether it is a layer of the adapted branch, where the encoder has one.
    #[serde(default)]
    pub adapted: bool,
}

/// Architecture and sizes of an encoder, by the names of its `config.json`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct EncoderRecord {
    /// `model_type`, such as `bert`.
    pub architecture: String,
    /// Transformer layers.
    pub layers: usize,
    /// Width of the hidden states.
    pub hidden: usize,
    /// Attention heads.
    pub heads: usize,
    /// Width of the feed-forward part.
    pub intermediate: usize,
    /// Activation of the feed-forward part, such as `gelu`.
    pub activation: String,
    /// Added to the variance by layer normalisation.
    pub epsilon: f32,
    /// How many layers come before the two branches: the layers as they were trained, and the adapted ones. None
    /// without an adapted branch.
    #[serde(default)]
    pub shared_layers: Option<usize>,
}

/// How far a precision's results are from those of float32.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct TierRecord {
    /// Correlation of the default method's scores, a scale and role each.
    #[serde(default)]
    pub scores: BTreeMap<String, BTreeMap<String, f64>>,
}

/// Size and hash of a file.
#[derive(Debug, Clone, Deserialize)]
pub struct FileRecord {
    /// SHA-256 in lower-case hexadecimal.
    pub sha256: String,
    /// Size in bytes.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct Version {
    format_version: u64,
}

impl Manifest {
    /// Parses and checks the bytes of `bundle.json`; `path` is for the error message.
    ///
    /// # Errors
    /// [`Error::Manifest`] when it isn't JSON, is of another format, or contradicts itself.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self> {
        let invalid = |reason: String| Error::Manifest { path: path.to_path_buf(), reason };
        // The version comes first: another format may lack every other field.
        let version: Version = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
        if version.format_version != FORMAT_VERSION {
            return Err(invalid(format!(
                "it has format {}, this version of alliancekit reads format {FORMAT_VERSION}",
                version.format_version
            )));
        }
        let manifest: Self = serde_json::from_slice(bytes).map_err(|error| invalid(error.to_string()))?;
        manifest.check().map_err(invalid)?;
        Ok(manifest)
    }

    /// The tensor that holds the scores of `method`, or of the default method.
    ///
    /// # Errors
    /// [`Error::NoInventory`] or [`Error::UnknownMethod`].
    pub fn score_tensor(&self, method: Option<&str>) -> Result<&str> {
        let name = method.or(self.default_method.as_deref()).ok_or(Error::NoInventory)?;
        if self.methods.is_empty() {
            return Err(Error::NoInventory);
        }
        self.tensors
            .scores
            .get(name)
            .map(String::as_str)
            .ok_or_else(|| Error::UnknownMethod { asked: name.to_owned(), known: self.methods.join(", ") })
    }

    /// Names of all outputs: the embedding, items and scores.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = &str> {
        let tensors = &self.tensors;
        std::iter::once(&tensors.embedding).chain(&tensors.items).chain(tensors.scores.values()).map(String::as_str)
    }

    /// The least correlation of scale scores that `precision` has with float32; none if it was not measured.
    pub(crate) fn least_correlation(&self, precision: &str) -> Option<f64> {
        let scores = &self.tiers.get(precision)?.scores;
        scores.values().flat_map(BTreeMap::values).copied().reduce(f64::min)
    }

    /// Position of `form` in the bundle's order.
    ///
    /// # Errors
    /// [`Error::UnknownForm`].
    pub fn form_position(&self, form: &str) -> Result<usize> {
        self.forms
            .iter()
            .position(|known| known == form)
            .ok_or_else(|| Error::UnknownForm { asked: form.to_owned(), known: self.forms.join(", ") })
    }

    fn check(&self) -> std::result::Result<(), String> {
        if self.max_tokens < 3 || self.embedding_size == 0 {
            return Err(format!(
                "max_tokens is {} (at least 3 are needed), embedding_size is {}",
                self.max_tokens, self.embedding_size
            ));
        }
        if let Some(method) = self.methods.iter().find(|method| !self.tensors.scores.contains_key(*method)) {
            return Err(format!("method `{method}` has no tensor under tensors.scores"));
        }
        if let Some(default) = self.default_method.as_ref().filter(|default| !self.methods.contains(default)) {
            return Err(format!("default_method `{default}` is not among the methods"));
        }
        if !self.methods.is_empty() && (self.scales.is_empty() || self.forms.is_empty()) {
            return Err("it has methods but no scales or no forms".to_owned());
        }
        let missing = ["model.onnx", "tokenizer.json"].into_iter().find(|name| !self.files.contains_key(*name));
        missing.map_or(Ok(()), |name| Err(format!("`files` has no record of {name}")))
    }
}
