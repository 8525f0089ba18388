//! A bundle that isn't whole is refused with an error that says which file and why.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up should fail at once")]

use std::fs;
use std::path::Path;

use alliancekit_core::Error;
use alliancekit_core::bundle::{Bundle, open_tokenizer, sha256};
use serde_json::{Value, json};
use tempfile::TempDir;

fn manifest(files: &[(&str, &[u8])]) -> Value {
    let records = files
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), json!({ "sha256": sha256(bytes), "bytes": bytes.len() })))
        .collect::<serde_json::Map<_, _>>();
    json!({
        "format_version": 1, "scales": [], "forms": [], "items": [], "methods": [], "default_method": null,
        "tensors": { "input_ids": "input_ids", "attention_mask": "attention_mask", "embedding": "embedding" },
        "embedding_size": 4, "max_tokens": 8, "prefix": "", "files": records,
    })
}

/// A bundle whose model is an empty ONNX message: whole as far as hashes go.
fn bundle() -> (TempDir, Value) {
    let folder = TempDir::new().unwrap();
    let files: [(&str, &[u8]); 2] = [("model.onnx", b""), ("tokenizer.json", b"{}")];
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let manifest = manifest(&files);
    write(folder.path(), &manifest);
    (folder, manifest)
}

fn write(folder: &Path, manifest: &Value) {
    fs::write(folder.join("bundle.json"), manifest.to_string()).unwrap();
}

#[test]
fn a_whole_bundle_opens() {
    let (folder, _) = bundle();
    assert_eq!(Bundle::open(folder.path()).unwrap().manifest.max_tokens, 8);
}

#[test]
fn a_missing_folder_and_a_missing_file_are_named() {
    let (folder, _) = bundle();
    fs::remove_file(folder.path().join("model.onnx")).unwrap();
    for path in [folder.path(), Path::new("no/such/bundle")] {
        let error = Bundle::open(path).unwrap_err();
        assert!(matches!(&error, Error::BundleFile { path: named, .. } if named.starts_with(path)), "{error}");
    }
}

#[test]
fn a_changed_file_is_named_with_both_hashes() {
    let (folder, _) = bundle();
    fs::write(folder.path().join("tokenizer.json"), b"{ }").unwrap();
    let error = Bundle::open(folder.path()).unwrap_err();
    let Error::Integrity { path, expected, found } = error else { panic!("{error}") };
    assert!(path.ends_with("tokenizer.json"));
    assert_eq!((expected, found), (sha256(b"{}"), sha256(b"{ }")));
}

#[test]
fn another_format_is_refused_before_its_fields_are_read() {
    let (folder, _) = bundle();
    write(folder.path(), &json!({ "format_version": 2 }));
    let error = Bundle::open(folder.path()).unwrap_err().to_string();
    assert!(error.contains("format 2") && error.contains("reads format 1"), "{error}");
}

#[test]
fn a_manifest_cut_short_is_not_valid() {
    let (folder, manifest) = bundle();
    let text = manifest.to_string();
    for end in [0, 1, text.len() / 2, text.len() - 1] {
        fs::write(folder.path().join("bundle.json"), &text[..end]).unwrap();
        assert!(matches!(Bundle::open(folder.path()), Err(Error::Manifest { .. })));
    }
}

#[test]
fn a_manifest_that_contradicts_itself_says_where() {
    let contradictions = [
        ("methods", json!(["contrast"]), "contrast"),
        ("default_method", json!("contrast"), "contrast"),
        ("max_tokens", json!(2), "max_tokens is 2"),
        ("embedding_size", json!(0), "embedding_size is 0"),
        ("files", json!({}), "model.onnx"),
    ];
    for (field, value, named) in contradictions {
        let (folder, mut manifest) = bundle();
        manifest[field] = value;
        write(folder.path(), &manifest);
        let error = Bundle::open(folder.path()).unwrap_err();
        assert!(matches!(error, Error::Manifest { .. }) && error.to_string().contains(named), "{field}: {error}");
    }
}

#[test]
fn a_file_outside_the_folder_is_refused() {
    let (folder, mut manifest) = bundle();
    manifest["files"]["../elsewhere"] = json!({ "sha256": "", "bytes": 0 });
    write(folder.path(), &manifest);
    let error = Bundle::open(folder.path()).unwrap_err();
    assert!(matches!(&error, Error::Manifest { .. }) && error.to_string().contains("../elsewhere"), "{error}");
}

#[test]
fn the_tokenizer_alone_is_held_against_its_hash_and_the_model_is_not_looked_at() {
    let (folder, _) = bundle();
    fs::remove_file(folder.path().join("model.onnx")).unwrap();
    // Whole by its hash, and no tokenizer.
    assert!(matches!(open_tokenizer(folder.path()), Err(Error::TokenizerFile { .. })));
    fs::write(folder.path().join("tokenizer.json"), b"{ }").unwrap();
    assert!(matches!(open_tokenizer(folder.path()), Err(Error::Integrity { .. })));
}
