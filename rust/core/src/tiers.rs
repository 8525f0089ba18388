//! Which precision runs, and why: the one asked for, or the next that this machine and this bundle have.

use alliancekit_kernels::{Level, Numbers};

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

    fn of(numbers: Numbers) -> Self {
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

/// Numbers to try in turn before the reference, and why each that was passed over was.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Candidates {
    pub(crate) try_in_turn: Vec<Numbers>,
    pub(crate) passed_over: Vec<String>,
}

/// What could serve `asked` with `level`; `emulate` allows numbers that the processor multiplies slowly.
pub(crate) fn candidates(asked: Precision, manifest: &Manifest, level: Level, emulate: bool) -> Candidates {
    let mut found = Candidates::default();
    // What was asked for, then what is more precise: never less.
    let slower_than_asked = BY_SPEED.into_iter().skip_while(|&numbers| Precision::of(numbers) != asked);
    let considered: Vec<Numbers> = match asked {
        Precision::Auto => BY_SPEED.to_vec(),
        Precision::Float32 => Vec::new(),
        _ => slower_than_asked.collect(),
    };
    for numbers in considered {
        let name = Precision::of(numbers).name();
        if !(level.has(numbers) || emulate && Precision::of(numbers) == asked) {
            found.passed_over.push(format!("{name} is not faster with {}", level.name()));
        } else if asked != Precision::Auto {
            found.try_in_turn.push(numbers);
        } else {
            match manifest.least_correlation(name) {
                None => found.passed_over.push(format!("bundle.json records no fidelity of {name}")),
                Some(least) if least < LEAST_CORRELATION => {
                    found.passed_over.push(format!("scale scores of {name} correlate with float32 by {least:.5} only"));
                }
                Some(_) => found.try_in_turn.push(numbers),
            }
        }
    }
    found
}

impl Tier {
    /// The kernels with `numbers`, after what was passed over.
    pub(crate) fn kernels(numbers: Numbers, level: Level, asked: Precision, passed_over: &[String]) -> Self {
        let precision = Precision::of(numbers);
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
