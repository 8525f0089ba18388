"""`alliance bench` on the terminal: a row each way of scoring, what does not run here, where the time went."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.cli.tables import figure as number
from alliancekit.cli.tables import print_lines, print_table

if TYPE_CHECKING:
    from alliancekit.bench.result import Bench, Figure

HEADER: Final = (
    *("precision", "repeats", "threads", "turns/s", "tokens/s", "GFLOPS", "of peak"),
    *("tokenize", "encode", "head", "rest"),
)


def print_bench(bench: Bench) -> None:
    """Print all of it."""
    machine, texts = bench.machine, bench.corpus
    print_lines(
        [
            f"{machine['processor']} ({' '.join(machine['features'])}), {machine['threads']} threads available",
            f"alliancekit {machine['alliancekit']}, ONNX Runtime {machine['onnxruntime']}, Python {machine['python']}",
            f"load {machine['load']}; best of {texts['runs']} runs",
            f"{texts['name']}: {texts['turns']:,} turns, {texts['distinct']:,} distinct, {texts['tokens']:,} tokens",
            "",
        ]
    )
    print_table(HEADER, [_row(found) for found in bench.figures], numbers=len(HEADER) - 2)
    print_lines(["", *notes(bench)])


def _row(found: Figure) -> list[str]:
    stages = found.stages
    parts = (stages.tokenize, stages.encode, stages.head, stages.rest)
    return [
        found.precision,
        "once" if found.repeats_once else "each time",
        str(found.threads),
        f"{found.turns_per_s:,.0f}",
        f"{found.tokens_per_s:,.0f}",
        number(found.gflops, digits=0),
        "-" if found.share_of_peak is None else f"{found.share_of_peak:.0%}",
        *(f"{part / found.seconds:.1%}" for part in parts),
    ]


def notes(bench: Bench) -> list[str]:
    """Say what the figures are, and which tiers do not run here."""
    peaks = "; ".join(
        f"{tier.precision} {', '.join(f'{peak:,.0f} on {threads}' for threads, peak in tier.peak_gflops.items())}"
        for tier in bench.tiers
        if tier.engine
    )
    absent = [f"{tier.precision} does not run here: {tier.reason}" for tier in bench.tiers if not tier.engine]
    return [
        f"peak of this machine, measured, GFLOPS by threads: {peaks}",
        "GFLOPS: 10⁹ multiplications and additions of the encoder a second while encoding. The last four columns are",
        "shares of the time; encode holds the head where ONNX Runtime runs the whole graph (float32).",
        *absent,
    ]
