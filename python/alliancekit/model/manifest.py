"""`bundle.json`, format 1: what a bundle says of itself, as it is written and as it is read."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from alliancekit.errors import BundleError

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT_VERSION: Final = 1
MANIFEST_FILE: Final = "bundle.json"
INT8_FILE: Final = "int8.safetensors"
MODEL_FILE: Final = "model.onnx"
TOKENIZER_FILE: Final = "tokenizer.json"
INVENTORY_FILE: Final = "inventory.toml"
CARD_FILE: Final = "MODEL_CARD.md"


@dataclass(frozen=True, slots=True)
class FileRecord:
    """Hash and size of one file of the bundle."""

    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One item, in the order of the `items` tensor."""

    id: str
    scale: str
    key: int


@dataclass(frozen=True, slots=True)
class PooledRecord:
    """A tensor inside the graph: hidden states after `layer`, pooled as the bundle pools, float32 [batch, d].

    `adapted`: of an adapted layer, where the encoder has such beside its own.
    """

    tensor: str
    layer: int
    adapted: bool = False


@dataclass(frozen=True, slots=True)
class Tensors:
    """Which tensor of the graph is which; `items` is None and `scores` empty in a bundle that only embeds.

    Every output is a function of the `pooled` tensors alone: what runs the encoder in another way stops there.
    """

    input_ids: str
    attention_mask: str
    embedding: str
    items: str | None
    scores: dict[str, str]
    pooled: tuple[PooledRecord, ...]


@dataclass(frozen=True, slots=True)
class EncoderRecord:
    """What the encoder inside the graph is; its weights bear the names that they have in the encoder's own folder.

    `shared_layers`: how many layers come before its own upper layers and the adapted ones, which stand side by side and
    whose weights have `adapted.` before their names; None where there are no adapted ones.
    """

    architecture: str
    layers: int
    hidden: int
    heads: int
    intermediate: int
    activation: str
    epsilon: float
    shared_layers: int | None


@dataclass(frozen=True, slots=True)
class WeightsRecord:
    """Where the encoder's weights come from, and in what precision they are stored.

    `sha256` is that of the encoder's weights file, `adaptation_sha256` that of the file of adapted layers if there is
    one.
    """

    source: str
    license: str
    sha256: str
    storage: str
    adaptation_sha256: str | None

    @property
    def hashes(self) -> str:
        """Both hashes: figures are of the model that has both."""
        return self.sha256 if self.adaptation_sha256 is None else f"{self.sha256} adapted by {self.adaptation_sha256}"


@dataclass(frozen=True, slots=True)
class InventoryRecord:
    """Which inventory the scores are made with."""

    name: str
    version: str
    license: str


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How far the embeddings of a precision are from those of the float32 weights, over `n_texts` texts."""

    embedding_max_abs_difference: float
    embedding_min_cosine: float
    n_texts: int
    against: str


@dataclass(frozen=True, slots=True)
class Tier:
    """How far a precision's results are from those of float32, over `n_texts` texts of ours.

    `scores` holds Pearson's r of the default method's scale scores by role and scale, each turn in its speaker's own
    form; `session_gaps` that of the sessions' gaps by scale. Figures are rounded down.
    """

    embedding_mean_cosine: float
    embedding_min_cosine: float
    items_mean_correlation: float
    items_min_correlation: float
    scores: dict[str, dict[str, float]]
    session_gaps: dict[str, float]
    n_texts: int
    against: str

    def least(self) -> float:
        """Return the least correlation of scale scores, which decides on `precision="auto"`."""
        return min(r for scales in self.scores.values() for r in scales.values())


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `bundle.json` holds. `scales` are in the order of the scores' last axis, the total included."""

    name: str
    scales: tuple[str, ...]
    forms: tuple[str, ...]
    items: tuple[ItemRecord, ...]
    methods: tuple[str, ...]
    default_method: str | None
    encoder: EncoderRecord | None
    tensors: Tensors
    embedding_size: int
    max_tokens: int
    pooling: str
    prefix: str
    files: dict[str, FileRecord]
    weights: WeightsRecord
    inventory: InventoryRecord
    fidelity: dict[str, Fidelity]
    builder: dict[str, str]
    tiers: dict[str, Tier]

    def to_json(self) -> str:
        """Return the text of `bundle.json`: the same for the same manifest, byte for byte."""
        values = {"format_version": FORMAT_VERSION, **asdict(self)}
        if self.tensors.items is None:
            del values["tensors"]["items"], values["tensors"]["scores"]
        return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def parse_manifest(text: str, where: object) -> Manifest:
    """Read the text of `bundle.json`; BundleError, naming `where`, if it is not one of format 1.

    Example:
    >>> parse_manifest('{"format_version": 2}', "bundle.json")
    Traceback (most recent call last):
    alliancekit.errors.BundleError: bundle.json: the format is 2, and this alliancekit reads 1; update alliancekit, \
or build the bundle again.

    """
    try:
        values = json.loads(text)
    except ValueError as error:
        raise BundleError(f"{where}: is damaged or not JSON ({error}); build the bundle again.") from error
    version = values.get("format_version") if isinstance(values, dict) else None
    if version != FORMAT_VERSION:
        msg = f"the format is {version!r}, and this alliancekit reads {FORMAT_VERSION}"
        raise BundleError(f"{where}: {msg}; update alliancekit, or build the bundle again.")
    try:
        return _manifest(values)
    except KeyError as error:
        raise BundleError(f"{where}: the entry {error} is missing; build the bundle again.") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise BundleError(f"{where}: an entry is not of the kind it has to be ({error}).") from error


def _manifest(values: Mapping[str, Any]) -> Manifest:
    tensors: Mapping[str, Any] = values["tensors"]
    return Manifest(
        name=str(values["name"]),
        scales=tuple(values["scales"]),
        forms=tuple(values["forms"]),
        items=tuple(ItemRecord(item["id"], item["scale"], int(item["key"])) for item in values["items"]),
        methods=tuple(values["methods"]),
        default_method=values["default_method"],
        encoder=_encoder(values["encoder"]),
        tensors=Tensors(
            input_ids=tensors["input_ids"],
            attention_mask=tensors["attention_mask"],
            embedding=tensors["embedding"],
            items=tensors.get("items"),
            scores=dict(tensors.get("scores", {})),
            pooled=tuple(
                PooledRecord(**{key: each[key] for key in PooledRecord.__slots__}) for each in tensors["pooled"]
            ),
        ),
        embedding_size=int(values["embedding_size"]),
        max_tokens=int(values["max_tokens"]),
        pooling=str(values["pooling"]),
        prefix=str(values["prefix"]),
        files={name: FileRecord(str(f["sha256"]), int(f["bytes"])) for name, f in values["files"].items()},
        weights=WeightsRecord(**{key: values["weights"][key] for key in WeightsRecord.__slots__}),
        inventory=InventoryRecord(**{key: values["inventory"][key] for key in InventoryRecord.__slots__}),
        fidelity={name: Fidelity(**figures) for name, figures in values["fidelity"].items()},
        builder=dict(values["builder"]),
        tiers={name: Tier(**figures) for name, figures in values["tiers"].items()},
    )


def _encoder(values: Mapping[str, Any] | None) -> EncoderRecord | None:
    return None if values is None else EncoderRecord(**{key: values[key] for key in EncoderRecord.__slots__})
