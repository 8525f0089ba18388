"""Make small random encoders of each architecture, and their embeddings by transformers.

    make goldens

Nothing is downloaded: weights are random, tokenizers are trained on the texts of the other goldens. Written beside
this script, a folder each in `encoders/`: what a user has on disk, and `embeddings.npy` of the texts in
`encoders/texts.json`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
import transformers
from tokenizers import (
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

HERE = Path(__file__).parent
FOLDER = HERE / "encoders"
SEED = 20240607
VOCABULARY = 300
POSITIONS = 40
SIZES = {
    "hidden_size": 16,
    "intermediate_size": 32,
    "num_attention_heads": 2,
    "num_hidden_layers": 3,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}
TEXTS = [
    "I feel heard here.",
    "We don't want the same thing, and you know it!",
    "Ähm, naïve café in Zürich, 3 times 17 %",
    "Mm-hmm.",
    "(laughs) I can't sleep, I can't work; the walks help, don't they? 😀",
    "谢谢 спасибо",
    " ".join(["we", "talk", "again"] * 40),
]
BERT_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
ROBERTA_TOKENS = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]


def main() -> None:
    """Write every encoder."""
    torch.set_num_threads(1)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / "texts.json").write_text(json.dumps(TEXTS, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    words = [row["text"] for row in json.loads((HERE / "texts.json").read_text(encoding="utf-8"))][:200] + TEXTS[:-1]
    write("bert-cls", transformers.BertConfig, transformers.BertModel, wordpiece(words), "cls")
    write("mpnet", transformers.MPNetConfig, transformers.MPNetModel, wordpiece(words, ROBERTA_TOKENS), "mean")
    write("roberta", transformers.RobertaConfig, transformers.RobertaModel, byte_bpe(words), "mean")
    write("xlm-roberta", transformers.XLMRobertaConfig, transformers.XLMRobertaModel, unigram(words), "mean")


def write(name: str, config_class: type, model_class: type, tokenizer: Tokenizer, pooling: str) -> None:
    """Write one encoder's folder and its embeddings."""
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    padding = tokenizer.token_to_id("<pad>") or 0
    positions = POSITIONS + (padding + 1 if padding else 0)
    sizes = {"vocab_size": tokenizer.get_vocab_size(), "max_position_embeddings": positions, "pad_token_id": padding}
    if name == "xlm-roberta":
        sizes["type_vocab_size"] = 1
    torch.manual_seed(SEED)
    model = model_class(config_class(**SIZES, **sizes), add_pooling_layer=False).eval()
    for parameter in model.parameters():
        # Wider than a fresh model's, so that every part shows in the embedding.
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    modules = [{"type": "sentence_transformers.models.Transformer", "path": ""}]
    modules.append({"type": "sentence_transformers.models.Pooling", "path": "1_Pooling"})
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")
    (folder / "1_Pooling").mkdir(exist_ok=True)
    flag = {"mean": "pooling_mode_mean_tokens", "cls": "pooling_mode_cls_token"}[pooling]
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({flag: True}), encoding="utf-8")
    np.save(folder / "embeddings.npy", np.stack([embed(model, tokenizer, text, pooling) for text in TEXTS]))


def embed(model: torch.nn.Module, tokenizer: Tokenizer, text: str, pooling: str) -> NDArray[np.float32]:
    """Return the unit-norm embedding of one text."""
    tokenizer.enable_truncation(POSITIONS)
    ids = torch.tensor([tokenizer.encode(text).ids])
    with torch.no_grad():
        hidden = model(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state[0]
    vector = hidden[0] if pooling == "cls" else hidden.mean(dim=0)
    unit: NDArray[np.float32] = (vector / vector.norm()).numpy().astype(np.float32)
    return unit


def wordpiece(words: list[str], special: list[str] = BERT_TOKENS) -> Tokenizer:
    """Return a tokenizer as BERT's, with the special tokens asked for."""
    unknown = "[UNK]" if "[UNK]" in special else "<unk>"
    tokenizer = Tokenizer(models.WordPiece(unk_token=unknown))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.train_from_iterator(words, trainers.WordPieceTrainer(vocab_size=VOCABULARY, special_tokens=special))
    return bounded(tokenizer, special)


def byte_bpe(words: list[str]) -> Tokenizer:
    """Return a tokenizer as RoBERTa's: byte-level BPE."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=ROBERTA_TOKENS, initial_alphabet=alphabet)
    tokenizer.train_from_iterator(words, trainer)
    return bounded(tokenizer, ROBERTA_TOKENS)


def unigram(words: list[str]) -> Tokenizer:
    """Return a tokenizer as XLM-RoBERTa's: a unigram model as of SentencePiece."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(vocab_size=VOCABULARY, special_tokens=ROBERTA_TOKENS, unk_token=ROBERTA_TOKENS[3])
    tokenizer.train_from_iterator(words, trainer)
    return bounded(tokenizer, ROBERTA_TOKENS)


def bounded(tokenizer: Tokenizer, special: list[str]) -> Tokenizer:
    """Put the first and last token of its kind around every text."""
    first, last = ("[CLS]", "[SEP]") if "[CLS]" in special else ("<s>", "</s>")
    ends = [(token, tokenizer.token_to_id(token)) for token in (first, last)]
    tokenizer.post_processor = processors.TemplateProcessing(single=f"{first} $A {last}", special_tokens=ends)
    return tokenizer


if __name__ == "__main__":
    main()
