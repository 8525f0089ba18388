"""Building a bundle: from an encoder's folder and an inventory, or from another bundle and an inventory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.errors import ParameterError
from alliancekit.inventory import Inventory, read_inventory
from alliancekit.model.assemble import write_bundle, write_draft
from alliancekit.model.calibration import add_precisions, measure_precisions, take_over_int8
from alliancekit.model.embed import Embedder, native_embedder
from alliancekit.model.encoder import read_encoder
from alliancekit.model.parts import (
    EncoderPart,
    check_vectors,
    part_of_bundle,
    part_of_encoder,
    scoring_part,
    weights_record,
)
from alliancekit.model.pooling import EMBEDDING, STATES
from alliancekit.model.publish import published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.inventory.gated import States
    from alliancekit.inventory.methods import Embeddings
    from alliancekit.model.encoder import Pooling
    from alliancekit.model.graph import Storage

Progress = Callable[[str], object]
"""Called with a phrase that says what is done next."""


def build_bundle(  # noqa: PLR0913  # each is a choice of whoever builds a bundle; all by name
    *,
    encoder: Path,
    inventory: Path,
    output: Path,
    storage: Storage = "float32",
    max_tokens: int | None = None,
    pooling: Pooling | None = None,
    onnx: Path | None = None,
    adaptation: Path | None = None,
    prefix: str = "",
    name: str | None = None,
    source: str | None = None,
    license: str | None = None,  # noqa: A002  # the word of the manifest
    embedder: Embedder = native_embedder,
    precisions: bool = True,
    progress: Progress | None = None,
) -> Path:
    """Build a bundle from an encoder's Hugging Face folder and an inventory file, and return `output`.

    The bundle appears whole or not at all, in the place of an earlier one if there was one. The same inputs give the
    same bytes.

    Args:
        encoder: folder with `config.json`, `model.safetensors`, `tokenizer.json`, `modules.json` and the pooling's
            `config.json`, as sentence-transformers saves it. Architectures: BERT (MiniLM, BGE, E5, GTE), RoBERTa,
            XLM-RoBERTa, MPNet.
        inventory: an inventory file (`alliancekit.inventory`).
        output: the bundle's folder.
        storage: `float32`, or `float16` for half the size; computing is float32 either way.
        max_tokens: tokens read of a turn, special tokens counted; by default the encoder's own limit.
        pooling: `mean` or `cls`; by default as the folder says.
        onnx: an encoder of your own as an ONNX file, in the place of the folder's weights: `input_ids` and
            `attention_mask` in (`token_type_ids` are zeros), hidden states [batch, sequence, d] as first output.
        adaptation: a file of adapted layers (`model.adaptation`), which `gated` then reads in the place of the
            encoder's own; it belongs to one encoder.
        prefix: put before every text, as E5 models want it.
        name: name of the bundle; by default made of the source's and the inventory's.
        source: where the weights come from; by default known by their hash, else the folder's name.
        license: licence of the weights; by default known by their hash, else `unknown`.
        embedder: embeds the inventory's sentences; by default alliancekit's own engine.
        precisions: round the encoder to 8 bits and measure the faster precisions, a minute for a small encoder;
            without, `precision="auto"` is float32.
        progress: called with a phrase before each step.

    Raises:
        EncoderError: the encoder is incomplete, damaged or not supported.
        InventoryError: the inventory is not valid.
        ParameterError: `max_tokens` does not fit the encoder.
        BundleError: something that is not a bundle stands at `output`.

    Example::

        build_bundle(encoder=Path("all-MiniLM-L6-v2"), inventory=Path("mine.toml"), output=Path("mine-bundle"))

    """
    say = progress or _silent
    if onnx is not None and storage != "float32":
        msg = f"storage is {storage!r}, and an ONNX encoder of your own is stored as it is; leave it at 'float32'."
        raise ParameterError(msg)
    read = read_inventory(inventory)
    described = read_encoder(encoder, max_tokens=max_tokens, pooling=pooling, onnx=onnx, adaptation=adaptation)
    weights = weights_record(described, source=source, license_name=license)
    with published(output) as folder:
        say("reading the encoder's weights")
        part = part_of_encoder(described, storage=storage, prefix=prefix, weights=weights)
        say("embedding the inventory's sentences")
        embeddings, states = embed_sentences(part, read.sentences(), folder.with_name("draft"), embedder)
        if storage != "float32":
            say(f"measuring what storing {storage} changes")
            original = part_of_encoder(described, storage="float32", prefix=prefix, weights=weights)
            draft = folder.with_name("original")
            part = part.measured(embeddings, _vectors(original, read.sentences(), draft, embedder))
        say("fitting the methods and writing the bundle")
        scoring = scoring_part(read, inventory.read_bytes(), embeddings, states)
        write_bundle(folder, name or _name(part, read), part, scoring)
        if precisions:
            add_precisions(folder, read.sentences(), say)
    return output


def rebuild_inventory(  # noqa: PLR0913  # what is taken, what is made, and how
    bundle: Path,
    inventory: Path,
    output: Path,
    *,
    name: str | None = None,
    embedder: Embedder = native_embedder,
    measure: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Build a bundle at `output` from the encoder inside `bundle` and another inventory; no weights are needed.

    The fidelity is that of `bundle`: the stored weights are the same, and so are those of 8 bits. What the faster
    precisions are worth for the scores of this inventory is measured with `measure`, which takes a minute; without
    it `precision="auto"` is float32. Raises what `build_bundle` raises, and
    BundleError or IntegrityError if `bundle` is damaged.
    """
    say = progress or _silent
    read = read_inventory(inventory)
    say("reading the bundle's encoder")
    part = part_of_bundle(bundle)
    with published(output) as folder:
        say("embedding the inventory's sentences")
        embeddings, states = embed_sentences(part, read.sentences(), folder.with_name("draft"), embedder)
        say("fitting the methods and writing the bundle")
        scoring = scoring_part(read, inventory.read_bytes(), embeddings, states)
        write_bundle(folder, name or _name(part, read), part, scoring)
        take_over_int8(bundle, folder)
        if measure:
            measure_precisions(folder, say)
    return output


def _silent(_: str) -> None:
    pass


def _name(part: EncoderPart, inventory: Inventory) -> str:
    return f"{part.weights.source} with {inventory.name} {inventory.version}"


def embed_sentences(
    part: EncoderPart, sentences: Sequence[str], draft: Path, embedder: Embedder
) -> tuple[Embeddings, States]:
    """Return the embedding of each sentence and the states of its tapped layers.

    `draft` is the name of folders that are made for it.
    """
    embeddings, states = (
        _vectors(part, sentences, draft.with_name(f"{draft.name}-{Path(vector).name}"), embedder, vector)
        for vector in (EMBEDDING, STATES)
    )
    return embeddings, states


def _vectors(
    part: EncoderPart, sentences: Sequence[str], draft: Path, embedder: Embedder, vector: str = EMBEDDING
) -> Embeddings:
    """Return what the graph of `part` gives for each sentence as `vector`, its `EMBEDDING` or its `STATES`."""
    vectors = embedder(write_draft(draft, part, vector))(sentences)
    check_vectors(vectors, part.states_size if vector == STATES else part.embedding_size, len(sentences))
    return dict(zip(sentences, vectors, strict=True))
