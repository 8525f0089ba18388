"""What peers need of the weights, made once: ``python -m benches.peers.exports ENCODER FOLDER`` in `.venv-peers`.

The Hugging Face folder becomes an ONNX file and OpenVINO's own (by optimum, as sentence-transformers' documentation
says), from it a static int8 model (NNCF, for transformers, with smoothing, calibrated on sentences of ours that come
as a JSON list on standard input), a dynamic int8 ONNX file, and word vectors by model2vec. What could not be made
leaves a file `NAME.failed` with the reason.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from benches.peers.batching import Tokenize
from benches.peers.place import Place
from benches.peers.worker import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

CALIBRATION_SENTENCES: Final = 300
HUB_FOLDER: Final = "models--sentence-transformers--all-MiniLM-L6-v2"
REVISION: Final = "0" * 40


def by_sentence_transformers(backend: str) -> Callable[[Place, Path, Sequence[str]], None]:
    def export(place: Place, folder: Path, _sentences: Sequence[str]) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - of the peer's environment

        given = {"export": True}
        SentenceTransformer(place.encoder, backend=backend, model_kwargs=given, device="cpu").save_pretrained(
            str(folder)
        )

    return export


def flat(place: Place, folder: Path, _sentences: Sequence[str]) -> None:
    """Lay the ONNX file beside the tokenizer: fastembed and light-embed look for it there."""
    source = place.made("onnx")
    # The encoder's own description of its pooling: the export's has a field that light-embed does not know.
    shutil.copytree(place.encoder, folder, ignore=shutil.ignore_patterns("model.safetensors"))
    shutil.copy(source / "onnx" / "model.onnx", folder / "model.onnx")


def hub_cache(place: Place, folder: Path, _sentences: Sequence[str]) -> None:
    """Lay the files as a model hub's cache has them: EmbedAnything reads them there, and asks for nothing."""
    model = folder / "hub" / HUB_FOLDER
    snapshot = model / "snapshots" / REVISION
    shutil.copytree(place.made("onnx"), snapshot)
    shutil.copy(Path(place.encoder) / "model.safetensors", snapshot)
    (model / "refs").mkdir()
    (model / "refs" / "main").write_text(REVISION, encoding="ascii")


def static_int8(place: Place, folder: Path, sentences: Sequence[str]) -> None:
    import nncf  # noqa: PLC0415 - of the peer's environment
    import openvino  # noqa: PLC0415 - likewise

    model = openvino.Core().read_model(str(place.made("openvino") / "openvino" / "openvino_model.xml"))
    names = {name for entry in model.inputs for name in entry.names}
    feeds = list(_feeds(Tokenize(place)(sentences[:CALIBRATION_SENTENCES]), names))
    quantized = nncf.quantize(
        model, nncf.Dataset(feeds), model_type=nncf.ModelType.TRANSFORMER, subset_size=CALIBRATION_SENTENCES
    )
    openvino.save_model(quantized, str(folder / "openvino" / "openvino_model.xml"))


def dynamic_int8(place: Place, folder: Path, _sentences: Sequence[str]) -> None:
    from onnxruntime.quantization import (  # type: ignore[import-untyped]  # noqa: PLC0415 - it ships no types; of the peer's environment
        QuantType,
        quantize_dynamic,
    )

    (folder / "onnx").mkdir(parents=True)
    source, target = place.made("onnx") / "onnx" / "model.onnx", folder / "onnx" / "model.onnx"
    quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])


def word_vectors(place: Place, folder: Path, _sentences: Sequence[str]) -> None:
    from model2vec.distill import distill  # noqa: PLC0415 - of the peer's environment

    distill(model_name=place.encoder, pca_dims=256, device="cpu").save_pretrained(str(folder))


EXPORTS: Final[dict[str, Callable[[Place, Path, Sequence[str]], None]]] = {
    "onnx": by_sentence_transformers("onnx"),
    "openvino": by_sentence_transformers("openvino"),
    "onnx-flat": flat,
    "hub": hub_cache,
    "openvino-int8": static_int8,
    "onnx-int8": dynamic_int8,
    "model2vec": word_vectors,
}
"""In the order in which one needs another."""


def missing(folder: Path) -> list[str]:
    """Give the exports that are not there."""
    return [name for name in EXPORTS if not (folder / name).is_dir()]


def export_all(place: Place, sentences: Sequence[str]) -> None:
    """Make what is missing; a failure is noted and the rest goes on."""
    target = Path(place.exported)
    target.mkdir(parents=True, exist_ok=True)
    for name in missing(target):
        part, start = target / f"{name}.part", time.perf_counter()
        shutil.rmtree(part, ignore_errors=True)
        (target / f"{name}.failed").unlink(missing_ok=True)
        try:
            EXPORTS[name](place, part, sentences)
            part.rename(target / name)
            print(f"  {name}: made in {time.perf_counter() - start:.0f} s", file=sys.stderr)
        except Exception as error:  # noqa: BLE001 - a peer may fail as it likes; its row says so
            reason = reason_of(error, may_quote=True)
            (target / f"{name}.failed").write_text(reason, encoding="utf-8")
            print(f"  {name}: {reason}", file=sys.stderr)


def _feeds(sequences: Sequence[Sequence[int]], names: set[str]) -> Iterator[dict[str, np.ndarray]]:
    for ids in sequences:
        row = np.array([ids], dtype=np.int64)
        given = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
        yield {name: value for name, value in given.items() if name in names}


if __name__ == "__main__":
    export_all(Place(sys.argv[1], sys.argv[2], "", 0), json.load(sys.stdin))
