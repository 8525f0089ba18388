//! Text to token ids, cut at the bundle's limit and not at the tokenizer file's own.

use std::path::Path;

use tokenizers::{Encoding, Tokenizer, TruncationDirection};

use crate::error::{Error, Result};

/// A text as the model reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Token ids, special tokens included, at most the limit.
    pub ids: Vec<u32>,
    /// Tokens before truncation, special tokens counted.
    pub count: u32,
}

/// A tokenizer with an explicit limit.
#[derive(Debug)]
pub struct TextTokenizer {
    tokenizer: Tokenizer,
    prefix: String,
    max_tokens: usize,
    special_tokens: usize,
    empty_tokens: usize,
}

impl TextTokenizer {
    /// Reads the bytes of `tokenizer.json`; `path` is for the error message.
    ///
    /// # Errors
    /// [`Error::TokenizerFile`] when the bytes aren't a tokenizer, or the limit leaves no room for a word.
    pub fn new(bytes: &[u8], path: &Path, max_tokens: usize, prefix: &str) -> Result<Self> {
        let unusable = |reason: String| Error::TokenizerFile { path: path.to_path_buf(), reason };
        let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|error| unusable(error.to_string()))?;
        // The file of all-MiniLM-L6-v2 cuts at 128 tokens and pads to 128; both are this engine's business.
        tokenizer.with_truncation(None).map_err(|error| unusable(error.to_string()))?;
        tokenizer.with_padding(None);
        let count = |text: &str, special: bool| {
            let encoding = tokenizer.encode_fast(text, special);
            encoding.map(|encoding| encoding.len()).map_err(|error| unusable(error.to_string()))
        };
        let special_tokens = count("", true)?;
        let empty_tokens = count(prefix, false)?;
        if max_tokens <= special_tokens + empty_tokens {
            return Err(unusable(format!("max_tokens = {max_tokens} leaves no room for a word")));
        }
        Ok(Self { tokenizer, prefix: prefix.to_owned(), max_tokens, special_tokens, empty_tokens })
    }

    /// Tokenizes `text`; `None` when it is blank or holds nothing the tokenizer can read.
    ///
    /// # Errors
    /// [`Error::Tokenize`] with `position`, never with the text.
    pub fn tokenize(&self, text: &str, position: usize) -> Result<Option<Tokens>> {
        let Some(mut encoding) = self.encode(text, position)? else { return Ok(None) };
        let count = self.with_special(&encoding);
        encoding.truncate(self.max_tokens - self.special_tokens, 0, TruncationDirection::Right);
        // What was cut off would otherwise be processed as further encodings.
        drop(encoding.take_overflowing());
        let processed = self.tokenizer.post_process(encoding, None, true);
        let encoding = processed.map_err(|_| Error::Tokenize { position })?;
        Ok(Some(Tokens { ids: encoding.get_ids().to_vec(), count }))
    }

    /// As many tokens as [`Tokens::count`] says; 0 where there are none.
    ///
    /// # Errors
    /// [`Error::Tokenize`] with `position`, never with the text.
    pub fn count(&self, text: &str, position: usize) -> Result<u32> {
        Ok(self.encode(text, position)?.map_or(0, |encoding| self.with_special(&encoding)))
    }

    /// The most tokens of a text that the model reads, special tokens counted.
    #[must_use]
    pub fn max_tokens(&self) -> usize {
        self.max_tokens
    }

    fn encode(&self, text: &str, position: usize) -> Result<Option<Encoding>> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let encoded = self.tokenizer.encode_fast(format!("{}{text}", self.prefix), false);
        let encoding = encoded.map_err(|_| Error::Tokenize { position })?;
        Ok((encoding.len() > self.empty_tokens).then_some(encoding))
    }

    fn with_special(&self, encoding: &Encoding) -> u32 {
        u32::try_from(encoding.len() + self.special_tokens).unwrap_or(u32::MAX)
    }
}

impl Tokens {
    /// Whether the end of the text was not read.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        self.ids.len() < self.count as usize
    }
}
