//! Which precision runs, and why: the one asked for, or the next that this machine and this bundle have.

use alliancekit_kernels::{Level, Numbers};

use crate::encoders::int8;
use crate::manifest::Manifest;

/// The least correlation of scale scores with those of float32, for every scale and role, that `auto` accepts.
const LEAST_CORRELATION: f64 = 0.999;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// The fastest whose scale scores the bundle records as faithful.
    Auto,
    /// ONNX Runtime: the reference.
    Float32,
    /// Products of bfloat16.
    Bfloat16,
    /// Products of 16-bit integers.
    Int16,
    /// Products of 8-bit integers.
    Int8,
}

impl Precision {
    /// All, in the order in which they are listed.
    pub const ALL: [Self; 5] = [Self::Auto, Self::Float32, Self::Bfloat16, Self::Int16, Self::Int8];

    /// As it is written in Python, in commands and in `bundle.json`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Float32 => "float32",
            Self::Bfloat16 => "bfloat16",
            Self::Int16 => "int16",
            Self::Int8 => "int8",
        }
    }

    /// The precision of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|precision| precision.name() == name)
    }

    /// What the kernels multiply in this precision; none where ONNX Runtime runs, or before one is chosen.
    pub(crate) fn numbers(self) -> Option<Numbers> {
        BY_SPEED.into_iter().find(|&numbers| self == numbers.into())
    }
}

impl From<Numbers> for Precision {
    fn from(numbers: Numbers) -> Self {
        match numbers {
            Numbers::Int8 => Self::Int8,
            Numbers::Int16 => Self::Int16,
            Numbers::Bfloat16 => Self::Bfloat16,
        }
    }
}

/// What runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    /// The precision: never [`Precision::Auto`].
    pub precision: Precision,
    /// `onnxruntime` or `kernels`.
    pub engine: &'static str,
    /// The widest instruction set of those that the kernels know and the processor has.
    pub instruction_set: &'static str,
    /// Why this one, in a sentence.
    pub why: String,
}

/// Faster ones first, the reference left out.
const BY_SPEED: [Numbers; 3] = [Numbers::Int8, Numbers::Bfloat16, Numbers::Int16];

/// What the kernels could run, and why each that was passed over was.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    /// None: the reference runs.
    pub(crate) numbers: Option<Numbers>,
    pub(crate) passed_over: Vec<String>,
}

/// What serves `asked` with `level`; `emulate` allows numbers that the processor multiplies slowly.
pub(crate) fn find(asked: Precision, manifest: &Manifest, level: Level, emulate: bool) -> Found {
    let mut found = Found::default();
    if asked == Precision::Auto
        && let Some(reason) = unproven(level.name())
    {
        found.passed_over.push(reason);
        return found;
    }
    // What was asked for, then what is more precise: never less.
    let from_asked = BY_SPEED.into_iter().skip_while(|&numbers| asked != Precision::Auto && asked != numbers.into());
    for numbers in from_asked {
        let precision = Precision::from(numbers);
        let emulated = emulate && precision == asked;
        let refused = if numbers == Numbers::Int8 && !manifest.files.contains_key(int8::FILE) {
            Some(format!("the bundle has no {}", int8::FILE))
        } else if level.has(numbers) || emulated {
            unfaithful(precision, manifest).filter(|_| asked == Precision::Auto)
        } else {
            Some(format!("{} is not faster than float32 with {}", precision.name(), level.name()))
        };
        match refused {
            None => {
                found.numbers = Some(numbers);
                break;
            }
            Some(reason) => found.passed_over.push(reason),
        }
    }
    found
}

/// Why `auto` leaves the kernels of an instruction set alone, if it does: the others were held against their plain twin
/// on a real processor, these have only been compiled (docs/design/2026-11-30-packed-encoder.md).
fn unproven(level: &str) -> Option<String> {
    level.starts_with("avx512").then(|| {
        format!("the kernels for {level} have not been run on such a processor yet; ask for int8 or bfloat16 by name")
    })
}

/// Why `auto` does not take `precision`, if it does not.
fn unfaithful(precision: Precision, manifest: &Manifest) -> Option<String> {
    let name = precision.name();
    match manifest.least_correlation(name) {
        None => Some(format!("bundle.json records no fidelity of {name}")),
        Some(least) if least >= LEAST_CORRELATION => None,
        Some(least) => Some(format!("scale scores of {name} correlate with those of float32 by {least:.5} only")),
    }
}

impl Tier {
    /// The kernels with `numbers`, after what was passed over.
    pub(crate) fn kernels(numbers: Numbers, level: Level, asked: Precision, passed_over: &[String]) -> Self {
        let precision = Precision::from(numbers);
        let why = reason(precision, asked, passed_over);
        Self { precision, engine: "kernels", instruction_set: level.name(), why }
    }

    /// ONNX Runtime, after what was passed over.
    pub(crate) fn reference(level: Level, asked: Precision, passed_over: &[String]) -> Self {
        let why = reason(Precision::Float32, asked, passed_over);
        Self { precision: Precision::Float32, engine: "onnxruntime", instruction_set: level.name(), why }
    }
}

fn reason(runs: Precision, asked: Precision, passed_over: &[String]) -> String {
    let passed = passed_over.join("; ");
    match asked {
        _ if asked == runs => "asked for".to_owned(),
        Precision::Auto if passed.is_empty() => "the fastest that is faithful".to_owned(),
        Precision::Auto => format!("the fastest that is faithful: {passed}"),
        _ => format!("{} was asked for: {passed}", asked.name()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;

    fn manifest(tiers: &serde_json::Value) -> Manifest {
        let text = json!({
            "format_version": 1, "scales": [], "forms": [], "items": [], "methods": [], "default_method": null,
            "tensors": { "input_ids": "ids", "attention_mask": "mask", "embedding": "embedding" },
            "embedding_size": 4, "max_tokens": 8, "tiers": tiers,
            "files": {
                "model.onnx": { "sha256": "", "bytes": 0 },
                "tokenizer.json": { "sha256": "", "bytes": 0 },
                "int8.safetensors": { "sha256": "", "bytes": 0 },
            },
        });
        Manifest::parse(text.to_string().as_bytes(), Path::new("bundle.json")).unwrap()
    }

    fn measured(least: f64) -> serde_json::Value {
        json!({ "scores": { "patient": { "task": 0.9999, "bond": least } } })
    }

    fn proven() -> impl Iterator<Item = Level> {
        Level::supported().into_iter().filter(|level| unproven(level.name()).is_none())
    }

    #[test]
    fn auto_leaves_alone_what_never_ran() {
        assert!(unproven("avx512-vnni").is_some());
        assert_eq!(unproven("avx2"), None);
    }

    #[test]
    fn every_name_is_that_of_one_precision() {
        for precision in Precision::ALL {
            assert_eq!(Precision::named(precision.name()), Some(precision));
        }
        assert_eq!(Precision::named("float16"), None);
    }

    #[test]
    fn float32_is_the_reference_on_every_processor() {
        for level in Level::supported() {
            assert_eq!(find(Precision::Float32, &manifest(&json!({})), level, true), Found::default());
        }
    }

    #[test]
    fn auto_takes_nothing_that_was_not_measured_or_was_found_unfaithful() {
        for level in proven() {
            assert_eq!(find(Precision::Auto, &manifest(&json!({})), level, false).numbers, None);
            let poor = json!({ "int8": measured(0.99), "int16": measured(0.99), "bfloat16": measured(0.99) });
            let found = find(Precision::Auto, &manifest(&poor), level, false);
            assert_eq!((found.numbers, found.passed_over.len()), (None, 3));
        }
    }

    #[test]
    fn auto_takes_the_fastest_that_is_faithful_and_that_the_processor_has() {
        let good = json!({ "int8": measured(0.9991), "int16": measured(0.9999), "bfloat16": measured(0.9999) });
        for level in proven() {
            let fastest = BY_SPEED.into_iter().find(|&numbers| level.has(numbers));
            assert_eq!(find(Precision::Auto, &manifest(&good), level, false).numbers, fastest);
        }
    }

    #[test]
    fn what_the_processor_lacks_is_replaced_by_something_more_precise_or_emulated() {
        for level in Level::supported() {
            let plain = find(Precision::Bfloat16, &manifest(&json!({})), level, false).numbers;
            assert_ne!(plain, Some(Numbers::Int8));
            let emulated = find(Precision::Bfloat16, &manifest(&json!({})), level, true).numbers;
            assert_eq!(emulated, Some(Numbers::Bfloat16));
        }
    }
}
