"""The blocks that transformer encoders are made of, in the form that ONNX Runtime fuses when it loads a graph.

The order of inputs, the constant shapes of Reshape and the form of the mask are what its fusions look for
(Attention, SkipLayerNormalization, BiasGelu): change them only with `tests/model/test_fusion.py` at hand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from onnx import TensorProto

if TYPE_CHECKING:
    from alliancekit.model.config import Shape
    from alliancekit.model.graph import GraphWriter
    from alliancekit.model.tensors import Tensors

MASKED: Final = -10_000.0
"""Added to the attention logits of padding: its exponential is exactly zero in float32."""


@dataclass(frozen=True, slots=True)
class AttentionNames:
    """Where an attention block's linear layers are in the weights file."""

    query: str
    key: str
    value: str
    output: str


@dataclass(frozen=True, slots=True)
class Layers:
    """Writes blocks of one encoder: into `graph`, with the weights in `tensors`, of the sizes in `shape`.

    Each method takes and returns names of values [batch, sequence, width]; `source` is a name in the weights file.
    """

    graph: GraphWriter
    tensors: Tensors
    shape: Shape

    def attention_bias(self) -> str:
        """Write the mask as what is added to attention logits, [batch, 1, 1, sequence]: 0, or -10,000 for padding."""
        rows = self.graph.node("Unsqueeze", ["attention_mask"], name="mask/rows", axes=[1])
        heads = self.graph.node("Unsqueeze", [rows], name="mask/heads", axes=[2])
        kept = self.graph.node("Cast", [heads], name="mask/kept", to=TensorProto.FLOAT)
        padding = self.graph.node("Sub", [self.graph.number("one", 1), kept], name="mask/padding")
        return self.graph.node("Mul", [padding, self.graph.number("masked", MASKED)], name="mask/bias")

    def linear(self, x: str, source: str, size: tuple[int, int]) -> str:
        """Write x W + b; the file holds W as [out, in], and `size` is (in, out)."""
        kernel = self.tensors.matrix(f"{source}.weight", (size[1], size[0])).T
        product = self.graph.node("MatMul", [x, self.graph.matrix(f"{source}.weight", kernel)], name=f"{source}/matmul")
        bias = self.graph.constant(f"{source}.bias", self.tensors.vector(f"{source}.bias", size[1]))
        return self.graph.node("Add", [product, bias], name=f"{source}/add")

    def norm(self, x: str, source: str, *, name: str | None = None) -> str:
        """Write layer normalisation, (x - mean) / sqrt(variance + epsilon) * w + b (Ba et al. 2016)."""
        node, width, here = self.graph.node, self.shape.hidden, name or source
        mean = node("ReduceMean", [x], name=f"{here}/mean", axes=[-1], keepdims=1)
        centred = node("Sub", [x, mean], name=f"{here}/centred")
        squared = node("Pow", [centred, self.graph.number("two", 2)], name=f"{here}/squared")
        variance = node("ReduceMean", [squared], name=f"{here}/variance", axes=[-1], keepdims=1)
        safe = node("Add", [variance, self.graph.number("epsilon", self.shape.epsilon)], name=f"{here}/safe")
        unit = node("Div", [centred, node("Sqrt", [safe], name=f"{here}/deviation")], name=f"{here}/unit")
        weight = self.graph.constant(f"{source}.weight", self.tensors.vector(f"{source}.weight", width))
        bias = self.graph.constant(f"{source}.bias", self.tensors.vector(f"{source}.bias", width))
        return node("Add", [node("Mul", [unit, weight], name=f"{here}/scaled"), bias], name=here)

    def add_and_norm(self, x: str, residual: str, source: str) -> str:
        """Write the residual connection and the normalisation after it."""
        return self.norm(self.graph.node("Add", [x, residual], name=f"{source}/residual"), source)

    def tap(self, x: str, residual: str, source: str) -> str:
        """Write what `add_and_norm` gives once more, for a reader beside the next layer.

        ONNX Runtime fuses attention only where nothing else reads its input. The sum has its terms the other way round,
        or else the two would be taken for one again.
        """
        total = self.graph.node("Add", [residual, x], name=f"{source}/tap/residual")
        return self.norm(total, source, name=f"{source}/tap")

    def attention(self, x: str, mask_bias: str, names: AttentionNames) -> str:
        """Write softmax(Q K^T / sqrt(head) + mask) V and its output projection (Vaswani et al. 2017)."""
        node, hidden = self.graph.node, self.shape.hidden
        query = self._heads(x, names.query, [0, 2, 1, 3])
        key = self._heads(x, names.key, [0, 2, 3, 1])
        value = self._heads(x, names.value, [0, 2, 1, 3])
        logits = node("MatMul", [query, key], name=f"{names.query}/logits")
        width = self.graph.number("sqrt_head", math.sqrt(self.shape.head))
        scaled = node("Div", [logits, width], name=f"{names.query}/scaled")
        masked = node("Add", [scaled, mask_bias], name=f"{names.query}/masked")
        weights = node("Softmax", [masked], name=f"{names.query}/softmax", axis=3)
        mixed = node("MatMul", [weights, value], name=f"{names.value}/mixed")
        rows = node("Transpose", [mixed], name=f"{names.value}/rows", perm=[0, 2, 1, 3])
        merged = node(
            "Reshape", [rows, self.graph.integers("merge_heads", [0, 0, hidden])], name=f"{names.value}/merged"
        )
        return self.linear(merged, names.output, (hidden, hidden))

    def _heads(self, x: str, source: str, permutation: list[int]) -> str:
        projected = self.linear(x, source, (self.shape.hidden, self.shape.hidden))
        sizes = self.graph.integers("split_heads", [0, 0, self.shape.heads, self.shape.head])
        split = self.graph.node("Reshape", [projected, sizes], name=f"{source}/split")
        return self.graph.node("Transpose", [split], name=f"{source}/heads", perm=permutation)

    def gelu(self, x: str, name: str) -> str:
        """Write the exact Gaussian error linear unit, x (1 + erf(x / sqrt 2)) / 2 (Hendrycks and Gimpel 2016)."""
        node, number = self.graph.node, self.graph.number
        scaled = node("Div", [x, number("sqrt_two", math.sqrt(2))], name=f"{name}/scaled")
        erf = node("Erf", [scaled], name=f"{name}/erf")
        shifted = node("Add", [erf, number("one", 1)], name=f"{name}/shifted")
        product = node("Mul", [x, shifted], name=f"{name}/product")
        return node("Mul", [product, number("half", 0.5)], name=name)
