"""The two parts of a bundle: the encoder, and the scoring that an inventory makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from alliancekit.errors import EncoderError
from alliancekit.inventory.gated import Gated, States, fit_gated
from alliancekit.inventory.methods import (
    LINEAR_METHODS,
    Embeddings,
    LinearMethod,
    Method,
    available_methods,
    item_matrix,
    score_matrix,
)
from alliancekit.model.architectures import writer_for
from alliancekit.model.bundle import load_manifest, verify
from alliancekit.model.bundle import record as file_record
from alliancekit.model.fidelity import compare, exact
from alliancekit.model.graph import BATCH, GraphWriter, Storage
from alliancekit.model.manifest import MODEL_FILE, TOKENIZER_FILE, EncoderRecord, Fidelity, PooledRecord, WeightsRecord
from alliancekit.model.onnx_file import read_model
from alliancekit.model.own_encoder import read_own_encoder
from alliancekit.model.pooling import EMBEDDING, Hidden, pool, read_by_gated
from alliancekit.model.scoring import ITEMS, extended, scores_name, strip_scoring
from alliancekit.model.weights import KNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import onnx
    from numpy.typing import NDArray

    from alliancekit.inventory import Inventory
    from alliancekit.model.encoder import Encoder


@dataclass(frozen=True, slots=True)
class EncoderPart:
    """The part that does not depend on the inventory: a graph that ends in `embedding`, and its facts."""

    graph: onnx.ModelProto
    encoder: EncoderRecord | None
    pooled: tuple[PooledRecord, ...]
    tokenizer: bytes
    embedding_size: int
    max_tokens: int
    pooling: str
    prefix: str
    weights: WeightsRecord
    fidelity: dict[str, Fidelity]

    @property
    def states_size(self) -> int:
        """Length of the tapped layers' states, end to end."""
        return self.embedding_size * len(read_by_gated(self.pooled))

    def measured(self, stored: Embeddings, original: Embeddings) -> EncoderPart:
        """Return this part with the fidelity of its storage: its own embeddings beside those of float32 weights."""
        rows = [np.stack([embeddings[text] for text in stored]) for embeddings in (stored, original)]
        return replace(self, fidelity={self.weights.storage: compare(*rows)})


@dataclass(frozen=True, slots=True)
class ScoringPart:
    """What the inventory makes: the item vectors, each linear method's matrix, [forms, rows, d], and `gated`."""

    inventory: Inventory
    source: bytes
    items: NDArray[np.float32]
    linear: Mapping[LinearMethod, NDArray[np.float32]]
    gated: Gated | None

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods that the inventory allows, in order of preference."""
        return available_methods(self.inventory)

    def matrices(self) -> dict[str, NDArray[np.float32]]:
        """Return each matrix under the name of its output."""
        return {ITEMS: self.items, **{scores_name(method): matrix for method, matrix in self.linear.items()}}


def part_of_encoder(encoder: Encoder, *, storage: Storage, prefix: str, weights: WeightsRecord) -> EncoderPart:
    """Write the graph of an encoder's folder. Raises EncoderError if the encoder is damaged or not supported."""
    if encoder.onnx is not None:
        return _part_of_onnx(encoder, encoder.onnx, prefix=prefix, weights=weights)
    graph = GraphWriter(storage=storage)
    pooled = pool(graph, writer_for(encoder)(graph, encoder), encoder.pooling)
    record = encoder.record()
    model = graph.model({EMBEDDING: [BATCH, record.hidden]})
    part = _part(encoder, model, pooled, record.hidden, prefix=prefix, weights=replace(weights, storage=storage))
    return replace(part, encoder=record)


def _part_of_onnx(encoder: Encoder, file: Path, *, prefix: str, weights: WeightsRecord) -> EncoderPart:
    """Put the pooling behind an encoder of the user's own, whose weights stay as they are."""
    own = read_own_encoder(file)
    graph = GraphWriter(storage="float32")
    pooled = pool(graph, Hidden((own.hidden,)), encoder.pooling)
    model = extended(own.model, graph, {EMBEDDING: [BATCH, own.size]})
    return _part(encoder, model, pooled, own.size, prefix=prefix, weights=weights)


def _part(  # noqa: PLR0913  # what a part is made of
    encoder: Encoder,
    model: onnx.ModelProto,
    pooled: tuple[PooledRecord, ...],
    size: int,
    *,
    prefix: str,
    weights: WeightsRecord,
) -> EncoderPart:
    """Put a graph beside what the encoder's folder says; what the encoder is, only its architecture can say."""
    return EncoderPart(
        graph=model,
        encoder=None,
        pooled=pooled,
        tokenizer=encoder.tokenizer.read_bytes(),
        embedding_size=size,
        max_tokens=encoder.max_tokens,
        pooling=encoder.pooling,
        prefix=prefix,
        weights=weights,
        fidelity={"float32": exact()},
    )


def weights_record(encoder: Encoder, *, source: str | None, license_name: str | None) -> WeightsRecord:
    """Return where the weights come from: as said, else as known by their hash, else the folder's name."""
    digest = file_record(encoder.weights).sha256
    known = KNOWN.get(digest)
    return WeightsRecord(
        source=source or (known.source if known else encoder.folder.resolve().name),
        license=license_name or (known.license if known else "unknown"),
        sha256=digest,
        storage="float32",
        adaptation_sha256=file_record(encoder.adaptation.path).sha256 if encoder.adaptation else None,
    )


def part_of_bundle(bundle: Path) -> EncoderPart:
    """Take the encoder out of a bundle. Raises FileNotFoundError, BundleError or IntegrityError if it is damaged."""
    verify(bundle)
    manifest = load_manifest(bundle)
    return EncoderPart(
        graph=strip_scoring(read_model(bundle / MODEL_FILE)),
        encoder=manifest.encoder,
        pooled=manifest.tensors.pooled,
        tokenizer=(bundle / TOKENIZER_FILE).read_bytes(),
        embedding_size=manifest.embedding_size,
        max_tokens=manifest.max_tokens,
        pooling=manifest.pooling,
        prefix=manifest.prefix,
        weights=manifest.weights,
        fidelity=manifest.fidelity,
    )


def scoring_part(inventory: Inventory, source: bytes, embeddings: Embeddings, states: States) -> ScoringPart:
    """Return the item vectors and what each method makes of the inventory, as far as it allows them."""
    methods = available_methods(inventory)
    linear = {method: score_matrix(inventory, embeddings, method) for method in LINEAR_METHODS if method in methods}
    gated = fit_gated(inventory, states) if "gated" in methods else None
    return ScoringPart(inventory, source, item_matrix(inventory, embeddings), linear, gated)


def check_vectors(vectors: NDArray[np.float32], size: int, n_texts: int) -> None:
    """Raise EncoderError unless each text has `size` finite numbers."""
    if vectors.shape != (n_texts, size) or not np.isfinite(vectors).all():
        expected = f"[{n_texts}, {size}] of finite numbers"
        msg = (
            f"the inventory's sentences were embedded as {list(vectors.shape)}, not {expected}; are the weights whole?"
        )
        raise EncoderError(msg)
