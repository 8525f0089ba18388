"""OpenVINO itself with a queue of requests on as many streams as threads, batches sorted by length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from benches.peers.batching import Tokenize, pooled, sorted_batches
from benches.peers.place import Unable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("openvino",)


def open_engine(place: Place) -> Encode:
    import openvino  # noqa: PLC0415 - of the peer's environment

    core = openvino.Core()
    precision = place.options["precision"]
    _refuse_what_is_emulated(core, precision)
    folder = place.made(place.options.get("export", "openvino"))
    compiled = core.compile_model(
        str(folder / "openvino" / "openvino_model.xml"),
        "CPU",
        {
            "INFERENCE_PRECISION_HINT": precision,
            "NUM_STREAMS": str(place.threads),
            "INFERENCE_NUM_THREADS": str(place.threads),
        },
    )
    names = {name for entry in compiled.inputs for name in entry.names}
    tokenize, queue = Tokenize(place), openvino.AsyncInferQueue(compiled, place.threads)

    def encode(texts: Sequence[str]) -> Vectors:
        sequences = tokenize(texts)
        found: list[Vectors | None] = [None] * len(sequences)

        def keep(request: Any, batch: tuple[list[int], Any]) -> None:  # noqa: ANN401 - OpenVINO's own type
            for row, vector in zip(batch[0], pooled(request.get_output_tensor(0).data, batch[1]), strict=True):
                found[row] = vector

        queue.set_callback(keep)
        for rows, ids, mask in sorted_batches(sequences):
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            queue.start_async({name: given[name] for name in names if name in given}, (rows, mask))
        queue.wait_all()
        return np.array(found, dtype=np.float32)

    return encode


def _refuse_what_is_emulated(core: Any, precision: str) -> None:  # noqa: ANN401 - OpenVINO's own type
    known = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    if precision == "bf16" and "BF16" not in known:
        raise Unable("this processor has no bfloat16 instructions, and OpenVINO does not emulate them")
