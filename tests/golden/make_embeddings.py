"""Make the golden embeddings with sentence-transformers: an implementation that shares nothing with ours.

    make goldens
    .venv-goldens/bin/python tests/golden/make_embeddings.py ENCODER_FOLDER

The environment is `requirements/goldens.in`. Nothing is downloaded: ENCODER_FOLDER is the unpacked folder of
all-MiniLM-L6-v2. The texts are strings of words from the list below, drawn with a fixed seed: one text for each number
of word pieces from 1 to 258, and a few longer ones. Written beside this script: `texts.json`, `embeddings.npy`.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

LENGTHS = (*range(1, 259), 270, 300, 350, 400, 500, 700)
"""Word pieces of the texts, special tokens not counted."""

MAX_TOKENS = 256
SEED = 20240607

WORDS = """
i you we they it this that what when because but so if maybe really just never always still again today tomorrow
work worked sleep slept morning evening week plan planned goal trust trusted listen listened hear heard feel felt
think thought know knew want wanted try tried help helped hard easy better worse good bad afraid angry sad calm glad
mother father brother friend boss doctor session homework walk breathe write talk stop start keep change
don't can't won't i'm you're that's okay yeah mm-hmm um uh right well honestly actually
disagreement reassurance overwhelmed unbearable psychotherapist mindfulness catastrophizing medication embarrassed
naïve café Zürich 3 17 2019 50% a.m. ... — ? ! , ; (laughs) [crosstalk] 😀 ﬁne ÅNGSTRÖM 谢谢 спасибо
""".split()  # noqa: SIM905  # a list of 130 quoted words would be harder to read

FILLER = "and"
"""One word piece: what a text is filled up with to the exact length."""


def main(folder: Path) -> None:
    """Write texts and embeddings."""
    torch.set_num_threads(1)
    model = SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = MAX_TOKENS
    texts = [text_of(length, model, random.Random(SEED + length)) for length in LENGTHS]  # noqa: S311  # not secrets
    # One text at a time: no padding, so that the figures are those of the text alone.
    embeddings = model.encode(texts, batch_size=1, normalize_embeddings=True, convert_to_numpy=True)
    here = Path(__file__).parent
    rows = [{"pieces": pieces, "text": text} for pieces, text in zip(LENGTHS, texts, strict=True)]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (here / "texts.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    np.save(here / "embeddings.npy", embeddings.astype(np.float32))


def text_of(length: int, model: SentenceTransformer, chance: random.Random) -> str:
    """Return a text of exactly `length` word pieces."""
    words: list[str] = []
    while True:
        candidate = [*words, chance.choice(WORDS)]
        if pieces(" ".join(candidate), model) > length:
            break
        words = candidate
    while pieces(" ".join(words), model) < length:
        words.append(FILLER)
    return " ".join(words)


def pieces(text: str, model: SentenceTransformer) -> int:
    """Return the number of word pieces of `text`, special tokens not counted, nothing cut off."""
    return len(model.tokenizer(text, add_special_tokens=False, truncation=False, padding=False)["input_ids"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
