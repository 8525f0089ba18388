//! Texts in, scores or vectors out, in input order.

use std::path::Path;

use alliancekit_kernels::Level;
use ort::environment::Environment;

use crate::bundle::Bundle;
use crate::control::Control;
use crate::distinct::Distinct;
use crate::encoders::{Encoder, Tensor, onnx, packed};
use crate::error::{Error, Result};
use crate::manifest::Manifest;
use crate::parallel;
use crate::pool::Pool;
use crate::runtime;
use crate::stages::{StageSeconds, Stages};
use crate::tiers::{self, Precision, Tier};
use crate::tokens::{TextTokenizer, Tokens};

/// Texts that one tokenizing job takes: small enough to share out evenly, large enough not to count.
const TEXTS_PER_JOB: usize = 256;

/// What to compute for each text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Scale scores `[forms, scales]` by a method of the bundle, or by its default.
    Scores {
        /// Name of the method.
        method: Option<String>,
    },
    /// Similarity to each item, `[forms, items]`.
    Items,
    /// The unit-norm embedding, `[embedding]`.
    Embedding,
    /// Scores and then the embedding, from one run of the encoder.
    ScoresAndEmbedding {
        /// Name of the method.
        method: Option<String>,
    },
}

/// How an engine is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Threads, and sessions, used at most.
    pub threads: usize,
    /// Tokens in a batch, unless a single turn is longer.
    pub token_budget: usize,
    /// Score equal texts once. Off only to measure what it gains.
    pub merge_repeats: bool,
    /// The precision asked for.
    pub precision: Precision,
    /// Run the precision asked for even where this processor has no instructions for it: slow, to measure fidelity.
    pub emulate: bool,
}

/// A row of values for each text.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Values in a row.
    pub width: usize,
    /// Rows one after the other; NaN where a text is missing or blank.
    pub values: Vec<f32>,
    /// Tokens before truncation, special tokens counted; `None` where a text is missing or blank.
    pub n_tokens: Vec<Option<u32>>,
    /// Whether the end of the text was not read; `None` where a text is missing or blank.
    pub truncated: Vec<Option<bool>>,
}

/// A model bundle, ready to score. Cheap to share: all methods take `&self`.
#[derive(Debug)]
pub struct Engine {
    manifest: Manifest,
    tokenizer: TextTokenizer,
    encoder: Box<dyn Encoder>,
    tier: Tier,
    /// Whoever tokenizes or encodes holds one: no more threads work than were asked for, whoever shares the engine.
    permits: Pool<()>,
    settings: Settings,
    stages: Stages,
    process: u32,
}

impl Engine {
    /// Opens the bundle in folder `bundle` with the ONNX Runtime library at the absolute path `library`.
    ///
    /// # Errors
    /// Whatever is wrong with the bundle or the library, as [`Error`] lists.
    pub fn open(bundle: &Path, library: &Path, settings: Settings) -> Result<Self> {
        let bundle = Bundle::open(bundle)?;
        let Manifest { max_tokens, prefix, .. } = &bundle.manifest;
        let tokenizer = TextTokenizer::new(&bundle.tokenizer, &bundle.tokenizer_path(), *max_tokens, prefix)?;
        let environment = runtime::environment(library)?;
        let (encoder, tier) = choose(&bundle, &environment, &settings)?;
        let permits = Pool::new(vec![(); settings.threads.max(1)]);
        let process = std::process::id();
        Ok(Self {
            manifest: bundle.manifest,
            tokenizer,
            encoder,
            tier,
            permits,
            settings,
            stages: Stages::default(),
            process,
        })
    }

    /// What the bundle says about itself.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What runs, and why.
    #[must_use]
    pub fn tier(&self) -> &Tier {
        &self.tier
    }

    /// How the engine was set up.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How long threads have been busy with each stage since the engine was opened.
    #[must_use]
    pub fn stages(&self) -> StageSeconds {
        self.stages.seconds()
    }

    /// Computes `output` for each text. A missing or blank text gets NaN.
    ///
    /// # Errors
    /// [`Error::Forked`], [`Error::Cancelled`], or what tokenizer and runtime report.
    pub fn run(&self, texts: &[Option<&str>], output: &Output, control: &Control) -> Result<Table> {
        if std::process::id() != self.process {
            return Err(Error::Forked);
        }
        let tensors = self.tensors(output)?;
        let width = tensors.iter().map(|tensor| tensor.width).sum();
        let merge = self.settings.merge_repeats;
        let by_text = Distinct::new(texts.iter().copied(), merge);
        let tokens = self.tokenize(&by_text.keys, control).map_err(|error| by_text.in_rows(error))?;
        // Texts that differ only in what the tokenizer drops (case, spaces) are one sequence to the model.
        let by_ids = Distinct::new(tokens.iter().map(|tokens| Some(tokens.as_ref()?.ids.as_slice())), merge);
        let values = self.encode(&by_ids.keys, &tensors, width, control)?;

        let mut table = Table::missing(texts.len(), width);
        for (row, text) in by_text.position.iter().enumerate() {
            let Some((text, tokens)) = text.and_then(|text| Some((text, tokens[text].as_ref()?))) else { continue };
            table.n_tokens[row] = Some(tokens.count);
            table.truncated[row] = Some(tokens.is_truncated());
            if let Some(sequence) = by_ids.position[text] {
                let target = &mut table.values[row * width..(row + 1) * width];
                target.copy_from_slice(&values[sequence * width..(sequence + 1) * width]);
            }
        }
        Ok(table)
    }

    fn tensors(&self, output: &Output) -> Result<Vec<Tensor<'_>>> {
        let manifest = &self.manifest;
        let forms = manifest.forms.len();
        let embedding = Tensor { name: &manifest.tensors.embedding, width: manifest.embedding_size };
        let scores = |method: &Option<String>| -> Result<Tensor<'_>> {
            Ok(Tensor { name: manifest.score_tensor(method.as_deref())?, width: forms * manifest.scales.len() })
        };
        Ok(match output {
            Output::Scores { method } => vec![scores(method)?],
            Output::Items => {
                let name = manifest.tensors.items.as_deref().ok_or(Error::NoInventory)?;
                vec![Tensor { name, width: forms * manifest.items.len() }]
            }
            Output::Embedding => vec![embedding],
            Output::ScoresAndEmbedding { method } => vec![scores(method)?, embedding],
        })
    }

    fn tokenize(&self, texts: &[&str], control: &Control) -> Result<Vec<Option<Tokens>>> {
        let jobs: Vec<&[&str]> = texts.chunks(TEXTS_PER_JOB).collect();
        let tokenized = parallel::map(self.settings.threads, jobs.len(), control, |number| {
            let _permit = self.permits.lend();
            let first = number * TEXTS_PER_JOB;
            let tokenize = |(offset, text): (usize, &&str)| self.tokenizer.tokenize(text, first + offset);
            self.stages.tokenize.count(|| jobs[number].iter().enumerate().map(tokenize).collect::<Result<Vec<_>>>())
        })?;
        Ok(tokenized.into_iter().flatten().collect())
    }

    fn encode(
        &self,
        sequences: &[&[u32]],
        tensors: &[Tensor<'_>],
        width: usize,
        control: &Control,
    ) -> Result<Vec<f32>> {
        let lengths: Vec<usize> = sequences.iter().map(|ids| ids.len()).collect();
        control.set_total(lengths.iter().sum());
        let batches = self.encoder.plan(&lengths, self.settings.token_budget);
        let encoded = parallel::map(self.settings.threads, batches.len(), control, |number| {
            let batch: Vec<&[u32]> = batches[number].iter().map(|&position| sequences[position]).collect();
            let _permit = self.permits.lend();
            let values = self.stages.encode.count(|| self.encoder.encode(&batch, tensors, &self.stages.head))?;
            control.add_done(batch.iter().map(|ids| ids.len()).sum());
            Ok(values)
        })?;
        let mut values = vec![0.0; sequences.len() * width];
        for (batch, rows) in batches.iter().zip(&encoded) {
            for (&sequence, row) in batch.iter().zip(rows.chunks_exact(width)) {
                values[sequence * width..(sequence + 1) * width].copy_from_slice(row);
            }
        }
        Ok(values)
    }
}

/// The encoder for the precision asked for, or for the next one that this machine and this bundle have.
fn choose(bundle: &Bundle, environment: &Environment, settings: &Settings) -> Result<(Box<dyn Encoder>, Tier)> {
    let (asked, level) = (settings.precision, Level::best());
    let mut found = tiers::find(asked, &bundle.manifest, level, settings.emulate);
    if let Some(numbers) = found.numbers {
        match packed::open(bundle, environment, settings.threads, numbers, level) {
            Ok(model) => return Ok((model, Tier::kernels(numbers, level, asked, &found.passed_over))),
            // Whatever the kernels can't run, ONNX Runtime can: it says so if the model itself is broken.
            Err(reason) => found.passed_over.push(reason),
        }
    }
    let model = onnx::open(bundle, environment, settings.threads)?;
    Ok((model, Tier::reference(level, asked, &found.passed_over)))
}

impl Distinct<&str> {
    /// Turns the position of a distinct text into that of the first row that holds it.
    pub(crate) fn in_rows(&self, error: Error) -> Error {
        let Error::Tokenize { position } = error else { return error };
        let row = self.position.iter().position(|&found| found == Some(position));
        Error::Tokenize { position: row.unwrap_or(position) }
    }
}

impl Table {
    fn missing(rows: usize, width: usize) -> Self {
        Self { width, values: vec![f32::NAN; rows * width], n_tokens: vec![None; rows], truncated: vec![None; rows] }
    }
}
