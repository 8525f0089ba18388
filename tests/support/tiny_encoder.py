"""An encoder of a few thousand random weights, and an inventory for it: a bundle in a fraction of a second.

It embeds nothing that means anything, and takes any text: letters, digits and punctuation are word pieces of their own.
"""

from __future__ import annotations

import json
import string
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from safetensors.numpy import save_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

HIDDEN: Final = 32
LAYERS: Final = 2
POSITIONS: Final = 48
MAX_TOKENS: Final = 40

SPECIAL: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
WORDS: Final = ("i", "you", "we", "trust", "do", "not", "the", "work", "goal", "agree", "together", "never", "always")
PIECES: Final = (*string.ascii_lowercase, *string.digits, *string.punctuation)
VOCABULARY: Final = tuple(dict.fromkeys((*SPECIAL, *WORDS, *PIECES, *(f"##{piece}" for piece in PIECES))))

CONFIG: Final[dict[str, Any]] = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": HIDDEN,
    "intermediate_size": 2 * HIDDEN,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": POSITIONS,
    "num_attention_heads": 4,
    "num_hidden_layers": LAYERS,
    "position_embedding_type": "absolute",
    "type_vocab_size": 2,
    "vocab_size": len(VOCABULARY),
}

TOKENIZER: Final[dict[str, Any]] = {
    "version": "1.0",
    # As in the published file: limits that a bundle must not follow.
    "truncation": {"max_length": 8, "strategy": "LongestFirst", "stride": 0, "direction": "Right"},
    "padding": {
        "strategy": {"Fixed": 8},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    },
    "added_tokens": [
        {
            "id": number,
            "content": token,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number, token in enumerate(SPECIAL)
    ],
    "normalizer": {
        "type": "BertNormalizer",
        "clean_text": True,
        "handle_chinese_chars": True,
        "strip_accents": None,
        "lowercase": True,
    },
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
        ],
        "pair": [
            {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 0}},
            {"Sequence": {"id": "B", "type_id": 1}},
            {"SpecialToken": {"id": "[SEP]", "type_id": 1}},
        ],
        "special_tokens": {
            token: {"id": token, "ids": [SPECIAL.index(token)], "tokens": [token]} for token in ("[CLS]", "[SEP]")
        },
    },
    "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "model": {
        "type": "WordPiece",
        "unk_token": "[UNK]",
        "continuing_subword_prefix": "##",
        "max_input_chars_per_word": 100,
        "vocab": {piece: number for number, piece in enumerate(VOCABULARY)},
    },
}

MODULES: Final = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
]

POOLING: Final = {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True, "pooling_mode_max_tokens": False}


def write_tiny_encoder(folder: Path) -> Path:
    """Write an encoder's folder as sentence-transformers would, and return it."""
    (folder / "1_Pooling").mkdir(parents=True)
    files = {
        "config.json": CONFIG,
        "tokenizer.json": TOKENIZER,
        "modules.json": MODULES,
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS},
        "1_Pooling/config.json": POOLING,
    }
    for name, values in files.items():
        (folder / name).write_text(json.dumps(values), encoding="utf-8")
    save_file(tiny_weights(), folder / "model.safetensors")
    return folder


def tiny_weights() -> dict[str, NDArray[np.float32]]:
    """Return the random weights under the names of BERT's weights files; the same ones each time."""
    chance = np.random.default_rng(7)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(VOCABULARY), HIDDEN),
        "embeddings.position_embeddings.weight": (POSITIONS, HIDDEN),
        "embeddings.token_type_embeddings.weight": (2, HIDDEN),
        **_norm("embeddings.LayerNorm"),
    }
    for index in range(LAYERS):
        shapes |= _layer(f"encoder.layer.{index}")
    weights = {name: chance.normal(scale=0.3, size=shape).astype(np.float32) for name, shape in shapes.items()}
    for name in weights:
        if name.endswith("LayerNorm.weight"):
            weights[name] += 1
    return weights


def _layer(prefix: str) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {}
    for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
        shapes |= _linear(f"{prefix}.{part}", HIDDEN, HIDDEN)
    shapes |= _linear(f"{prefix}.intermediate.dense", HIDDEN, 2 * HIDDEN)
    shapes |= _linear(f"{prefix}.output.dense", 2 * HIDDEN, HIDDEN)
    return shapes | _norm(f"{prefix}.attention.output.LayerNorm") | _norm(f"{prefix}.output.LayerNorm")


def _linear(name: str, width_in: int, width_out: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (width_out, width_in), f"{name}.bias": (width_out,)}


def _norm(name: str) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (HIDDEN,), f"{name}.bias": (HIDDEN,)}
