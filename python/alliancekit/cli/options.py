"""The options that several commands share, each said once.

A command lists those that it has as parameters, since Typer reads a function's signature; what an option is called,
what it takes and its help stand here.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

FormName = Literal["own", "patient", "therapist", "all"]
WeightName = Literal["session", "cluster", "turn"]


class ProgressChoice(StrEnum):
    """How the progress of a run over a corpus is shown."""

    AUTO = "auto"
    JSON = "json"
    NONE = "none"


class PrecisionChoice(StrEnum):
    """The numbers that the encoder computes with."""

    AUTO = "auto"
    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    INT16 = "int16"
    INT8 = "int8"


RunFolder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="A folder that `alliance score ... -o FOLDER/` writes.")
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Into a folder: stop at the first bad row, in place of quarantining it; into a file always."
    ),
]
RunProgress = Annotated[
    ProgressChoice,
    typer.Option("--progress", help="Into a folder: a bar on a terminal (auto), a line of JSON a second, or none."),
]
Scores = Annotated[
    Path,
    typer.Argument(
        metavar="SCORES",
        help="Turn scores, as `alliance score` writes them, or a session table, as `alliance sessions -o` does.",
    ),
]
TurnScores = Annotated[
    Path, typer.Argument(metavar="SCORES", help="A table of turn scores, as `alliance score` writes it.")
]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by", help="Label that groups sessions; as often as needed. condition by default, where there is one."
    ),
]
Conditions = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        help="Column of the conditions, condition by default; several true/false columns where a session may have "
        "several.",
    ),
]
Scales = Annotated[
    list[str] | None,
    typer.Option("--scale", help="Scale to show; as often as needed. All that the table has otherwise."),
]
Form = Annotated[
    FormName,
    typer.Option(
        "--form",
        help="Whose wording both roles are compared with; all: the three side by side, a sensitivity analysis.",
    ),
]
Weight = Annotated[WeightName, typer.Option("--weight", help="What counts the same: each session, cluster or turn.")]
Resamples = Annotated[int, typer.Option("--resamples", min=99, help="Bootstrap and permutation replicates.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the resampling; the same seed, the same numbers.")]
Method = Annotated[
    str | None,
    typer.Option("--method", help="gated, contrast, signed-sum or keyed-mean; the bundle's default otherwise."),
]
Bundle = Annotated[Path | None, typer.Option("--bundle", help="Folder of a model bundle; the packaged one otherwise.")]
Threads = Annotated[int | None, typer.Option("--threads", min=1, help="Threads at most; all available otherwise.")]
PrecisionOption = Annotated[
    PrecisionChoice,
    typer.Option(
        "--precision",
        help="auto: the fastest that is faithful; float32: ONNX Runtime, the reference; the others: the same model by "
        "kernels of our own.",
    ),
]
Confidence = Annotated[float, typer.Option("--confidence", min=0.5, max=0.9999, help="Of the intervals.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print records in full precision.")]
Output = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write the whole table to a .csv or .parquet file.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace an output that exists.")]
