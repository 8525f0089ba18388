"""What was found, as Markdown and as JSON."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from benches.peers.catalogue import BASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.fidelity import Fidelity
    from benches.peers.rounds import Standing

HEADER = "| way | turns/s | times | MiB | cosine mean | min | items r mean | min | rounds | of what |"


@dataclass(frozen=True, slots=True)
class Row:
    """A peer's row.

    Attributes:
        name: of the peer.
        turns_per_s: of its best round; None where it could not run.
        times: of the rate of `catalogue.BASE`; None without that.
        turns: that a round encoded.
        rounds: that were run.
        peak_mib: most memory of its process.
        fidelity: against float32; None without vectors.
        versions: of what it is made of.
        reason: why it could not run, or could not go on; empty otherwise.

    """

    name: str
    turns_per_s: float | None
    times: float | None
    turns: int
    rounds: int
    peak_mib: float | None
    fidelity: Fidelity | None
    versions: tuple[str, ...]
    reason: str


def rows(standings: Sequence[Standing], fidelities: dict[str, Fidelity]) -> list[Row]:
    """Give a row for each peer, in the order of the catalogue."""
    base = next((standing.turns_per_s for standing in standings if standing.peer.name == BASE), math.nan)
    return [_row(standing, base, fidelities.get(standing.peer.name)) for standing in standings]


def _row(standing: Standing, base: float, fidelity: Fidelity | None) -> Row:
    rate = standing.turns_per_s
    return Row(
        name=standing.peer.name,
        turns_per_s=_known(rate),
        times=_known(rate / base),
        turns=standing.count,
        rounds=len(standing.seconds),
        peak_mib=_known(standing.peak_mib),
        fidelity=fidelity,
        versions=tuple(standing.versions),
        reason=standing.reason,
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def markdown(found: Sequence[Row], turns: int) -> str:
    """Give the table; a peer that could not run is a row with the reason."""
    columns = HEADER.count("|") - 1
    return "\n".join([HEADER, "|---" * columns + "|", *(_line(row, turns) for row in found)])


def _line(row: Row, turns: int) -> str:
    fidelity = row.fidelity
    near = [None] * 4 if fidelity is None else list(asdict(fidelity).values())
    part = f"the first {row.turns:,} turns" if row.rounds and row.turns < turns else ""
    notes = ", ".join(filter(None, [*row.versions, part, row.reason]))
    cells = [
        row.name,
        _number(row.turns_per_s, ",.0f"),
        _number(row.times, ".2f"),
        _number(row.peak_mib, ",.0f"),
        *(_number(value, ".5f") for value in near),
        str(row.rounds),
        notes.replace("|", "/"),
    ]
    return "| " + " | ".join(cells) + " |"


def _number(value: float | None, form: str) -> str:
    return "–" if value is None or math.isnan(value) else format(value, form)


def as_json(found: Sequence[Row], run: dict[str, Any]) -> dict[str, Any]:
    """Give `run` (machine, date, corpus …) with the rows, NaN as null."""
    return {"format_version": 1, **run, "rows": [_without_nan(asdict(row)) for row in found]}


def _without_nan(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, dict):
        return {key: _without_nan(part) for key, part in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value
