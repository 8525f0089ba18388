//! How many tokens texts have, without the model: to warn of turns over the limit before any is scored.

use std::path::Path;

use crate::bundle::open_tokenizer;
use crate::control::Control;
use crate::distinct::Distinct;
use crate::error::Result;
use crate::parallel;
use crate::tokens::TextTokenizer;

/// Texts that one job takes: small enough to share out evenly, large enough not to count.
const TEXTS_PER_JOB: usize = 256;

/// The tokenizer of a bundle, ready to count. No ONNX Runtime is opened.
#[derive(Debug)]
pub struct TokenCounter {
    tokenizer: TextTokenizer,
    threads: usize,
}

impl TokenCounter {
    /// Opens the tokenizer of the bundle in folder `bundle`, to count on at most `threads` threads.
    ///
    /// # Errors
    /// Those of [`open_tokenizer`].
    pub fn open(bundle: &Path, threads: usize) -> Result<Self> {
        Ok(Self { tokenizer: open_tokenizer(bundle)?, threads })
    }

    /// The most tokens of a text that the model reads, special tokens counted.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.tokenizer.max_tokens()
    }

    /// The ids of each text's tokens as the model reads them; empty where a text is missing or blank.
    ///
    /// # Errors
    /// [`crate::Error::Tokenize`] with the row.
    pub fn ids(&self, texts: &[Option<&str>]) -> Result<Vec<Vec<u32>>> {
        let of = |(row, text): (usize, Option<&str>)| {
            let tokens = text.map(|text| self.tokenizer.tokenize(text, row)).transpose()?.flatten();
            Ok(tokens.map_or_else(Vec::new, |tokens| tokens.ids))
        };
        texts.iter().copied().enumerate().map(of).collect()
    }

    /// Tokens of each text before truncation, special tokens counted; 0 where a text is missing or blank.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`], or [`crate::Error::Tokenize`] with the row.
    pub fn count(&self, texts: &[Option<&str>], control: &Control) -> Result<Vec<u32>> {
        let distinct = Distinct::new(texts.iter().copied(), true);
        let jobs: Vec<&[&str]> = distinct.keys.chunks(TEXTS_PER_JOB).collect();
        let counted = parallel::map(self.threads, jobs.len(), control, |number| {
            let first = number * TEXTS_PER_JOB;
            let count = |(offset, text): (usize, &&str)| self.tokenizer.count(text, first + offset);
            jobs[number].iter().enumerate().map(count).collect::<Result<Vec<_>>>()
        });
        let counts: Vec<u32> = counted.map_err(|error| distinct.in_rows(error))?.into_iter().flatten().collect();
        Ok(distinct.position.iter().map(|position| position.map_or(0, |position| counts[position])).collect())
    }
}
