//! Counting, cutting and leaving out, with a tokenizer small enough to read.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up should fail at once")]

use std::path::Path;

use alliancekit_core::tokens::{TextTokenizer, Tokens};
use proptest::prelude::*;
use serde_json::json;

/// Splits at white space, knows `i feel heard`, drops control characters, cuts at 4 and pads to 16 by itself.
fn tokenizer(max_tokens: usize, prefix: &str) -> TextTokenizer {
    let definition = json!({
        "version": "1.0",
        "truncation": { "direction": "Right", "max_length": 4, "strategy": "LongestFirst", "stride": 0 },
        "padding": {
            "strategy": { "Fixed": 16 }, "direction": "Right", "pad_to_multiple_of": null,
            "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]",
        },
        "added_tokens": [],
        "normalizer": {
            "type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true,
            "strip_accents": null, "lowercase": true,
        },
        "pre_tokenizer": { "type": "BertPreTokenizer" },
        "post_processor": { "type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2] },
        "decoder": null,
        "model": {
            "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": { "[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3, "i": 4, "feel": 5, "heard": 6, "query": 7 },
        },
    });
    TextTokenizer::new(definition.to_string().as_bytes(), Path::new("tokenizer.json"), max_tokens, prefix).unwrap()
}

#[test]
fn the_files_own_cut_and_padding_are_not_used() {
    let tokens = tokenizer(256, "").tokenize("I feel heard, I feel heard", 0).unwrap().unwrap();
    assert_eq!(tokens, Tokens { ids: vec![2, 4, 5, 6, 1, 4, 5, 6, 3], count: 9 });
    assert!(!tokens.is_truncated());
}

#[test]
fn a_text_at_the_limit_is_whole_and_one_token_more_is_cut() {
    let tokenizer = tokenizer(5, "");
    let at_limit = tokenizer.tokenize("i feel heard", 0).unwrap().unwrap();
    assert_eq!((at_limit.count, at_limit.is_truncated()), (5, false));
    let beyond = tokenizer.tokenize("i feel heard i", 0).unwrap().unwrap();
    assert_eq!(beyond, Tokens { ids: vec![2, 4, 5, 6, 3], count: 6 });
    assert!(beyond.is_truncated());
}

#[test]
fn nothing_to_read_gives_no_tokens() {
    let tokenizer = tokenizer(256, "query ");
    for blank in ["", " ", "\u{a0}\n\t", "\u{3000}", "\0", "\u{200b}"] {
        assert_eq!(tokenizer.tokenize(blank, 0).unwrap(), None, "{blank:?}");
    }
}

#[test]
fn the_prefix_is_read_and_counted() {
    let tokens = tokenizer(256, "query ").tokenize("heard", 0).unwrap().unwrap();
    assert_eq!(tokens, Tokens { ids: vec![2, 7, 6, 3], count: 4 });
}

#[test]
fn a_limit_without_room_for_a_word_is_refused() {
    let result = TextTokenizer::new(b"{}", Path::new("tokenizer.json"), 2, "");
    assert!(result.unwrap_err().to_string().contains("tokenizer.json"));
}

#[test]
fn a_turn_of_a_megabyte_is_cut_like_any_other() {
    let tokenizer = tokenizer(256, "");
    let talk = tokenizer.tokenize(&"i feel heard ".repeat(80_000), 0).unwrap().unwrap();
    assert_eq!((talk.ids.len(), talk.count), (256, 240_002));
    let one_word = tokenizer.tokenize(&"a".repeat(1 << 20), 0).unwrap().unwrap();
    assert_eq!(one_word.ids, [2, 1, 3]);
}

proptest! {
    #[test]
    fn any_text_is_read_or_blank_and_never_longer_than_the_limit(text in "\\PC{0,80}|[ -~]{0,80}|.{0,40}") {
        let tokens = tokenizer(8, "").tokenize(&text, 0).unwrap();
        if let Some(tokens) = tokens {
            prop_assert!((3..=8).contains(&tokens.ids.len()));
            prop_assert!(tokens.count as usize >= tokens.ids.len());
            prop_assert_eq!((tokens.ids[0], tokens.ids.last().copied()), (2, Some(3)));
        }
    }
}

#[test]
fn a_count_is_that_of_the_tokens_and_nothing_to_read_counts_nothing() {
    let tokenizer = tokenizer(5, "query ");
    for text in ["i feel heard", "i feel heard i i i i", "[SEP] x", ""] {
        let tokens = tokenizer.tokenize(text, 0).unwrap();
        assert_eq!(tokenizer.count(text, 0).unwrap(), tokens.map_or(0, |tokens| tokens.count), "{text:?}");
    }
    assert_eq!(tokenizer.max_tokens(), 5);
}
