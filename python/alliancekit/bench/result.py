"""What a bench found: each figure said once, as a table and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Stages:
    """Seconds of a run by stage: threads' time divided by the number of threads, so that they add up to the clock's.

    Attributes:
        tokenize: from texts to tokens.
        encode: from tokens to pooled states; to the scores where ONNX Runtime runs the whole graph.
        head: from pooled states to scores; 0 where ONNX Runtime runs the whole graph.
        rest: everything else, waiting for the slowest thread included.

    """

    tokenize: float
    encode: float
    head: float
    rest: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One way of scoring the texts.

    Attributes:
        precision: of the tier.
        threads: used.
        repeats_once: whether equal texts were scored once.
        seconds: of the best run.
        turns_per_s: of it.
        tokens_per_s: tokens that the model read, a second; those of repeats too.
        gflops: 10⁹ multiplications and additions a second while encoding; None where repeats were scored once, or the
            encoder's sizes are not known.
        share_of_peak: of the machine's peak in these numbers on as many threads; None likewise.
        stages: of the best run.

    """

    precision: str
    threads: int
    repeats_once: bool
    seconds: float
    turns_per_s: float
    tokens_per_s: float
    gflops: float | None
    share_of_peak: float | None
    stages: Stages


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier on this machine.

    Attributes:
        precision: its name.
        engine: `onnxruntime` or `kernels`; None where it does not run here.
        instruction_set: the widest that the kernels know and the processor has.
        reason: why it does not run here; empty where it does.
        peak_gflops: by number of threads, measured; empty where it does not run.

    """

    precision: str
    engine: str | None
    instruction_set: str
    reason: str
    peak_gflops: dict[int, float]


@dataclass(frozen=True, slots=True)
class Bench:
    """All of it.

    Attributes:
        machine: processor, versions, load: strings and numbers by name.
        corpus: what was scored: its name, turns, distinct texts, tokens.
        tiers: of this machine.
        figures: found.

    """

    machine: dict[str, Any]
    corpus: dict[str, Any]
    tiers: list[Tier]
    figures: list[Figure]

    def to_json(self) -> dict[str, Any]:
        """Give it as JSON takes it."""
        return {"format_version": FORMAT_VERSION, **asdict(self)}

    def best(self, precision: str, *, repeats_once: bool = False) -> Figure | None:
        """Give the fastest figure of a tier."""
        of_tier = [f for f in self.figures if f.precision == precision and f.repeats_once == repeats_once]
        return max(of_tier, key=lambda figure: figure.turns_per_s, default=None)
