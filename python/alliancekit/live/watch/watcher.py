"""From batches of lines to batches of output, sessions kept in between.

What a batch leads to is either all there after a crash or not at all. Output to a file is written first, and cut off
again by the next run if the sessions were not written any more; output to a pipe is written after the sessions, and
kept with them, for a reader who asks for what it missed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from alliancekit import schema
from alliancekit.errors import AllianceError, ParameterError
from alliancekit.live.scored_turn import score_turns
from alliancekit.live.watch.lines import BadLineError, InputTurn, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alliancekit.live.scored_turn import ScoredTurn
    from alliancekit.live.store import SessionStore
    from alliancekit.live.update import Update
    from alliancekit.live.watch.lines import Names
    from alliancekit.live.watch.sink import Sink
    from alliancekit.live.watch.source import Batch
    from alliancekit.scorer import Scorer

PLACE: Final = "place"
OUTPUT: Final = "output"
LAST: Final = "last output"


@dataclass(slots=True)
class Counts:
    """What went through.

    Attributes:
        turns: turns taken in.
        bad_lines: lines that were no turns.

    """

    turns: int = 0
    bad_lines: int = 0


@dataclass(slots=True)
class Watcher:
    """Watches many sessions.

    Attributes:
        scorer: scores the turns.
        store: keeps the sessions.
        names: of keys and roles in the input.
        on_update: told of each turn's session and update, once it is written.
        on_bad_line: told of each bad line's number and what is wrong with it.
        counts: what went through so far.

    """

    scorer: Scorer
    store: SessionStore
    names: Names
    on_update: Callable[[str, Update], None]
    on_bad_line: Callable[[int, str], None]
    counts: Counts = field(default_factory=Counts)

    def run(self, batches: Iterable[Batch], sink: Sink) -> None:
        """Go through all batches."""
        if self.store.durable:
            # A run that is killed before its first commit has to know its own output again.
            self.store.write([], {OUTPUT: sink.place})
        for batch in batches:
            results = self._worked(batch)
            self._write(batch, [line for line, _ in results], sink)
            for _, tell in results:
                tell()

    def send_again(self, sink: Sink, received: int) -> None:
        """Write what the run before wrote last, as far as its reader has not received it: later lines than that."""
        for number, line in self.store.fact(LAST) or []:
            if number > received:
                sink.write(line.encode() + b"\n")

    def _write(self, batch: Batch, lines: list[tuple[int, str]], sink: Sink) -> None:
        data = b"".join(line.encode() + b"\n" for _, line in lines)
        if sink.is_file or not self.store.durable:
            sink.write(data)
        if self.store.durable:
            sink.to_disk()
            facts = {PLACE: batch.place, OUTPUT: sink.place, LAST: None if sink.is_file else lines}
            self.store.write(self.store.take_changed(), facts)
            if not sink.is_file:
                sink.write(data)
        self.store.put_idle_aside()

    def _worked(self, batch: Batch) -> list[tuple[tuple[int, str], Callable[[], None]]]:
        """Give each line's output, with its number, and whom to tell."""
        first = batch.place["lines"] - len(batch.lines) + 1
        parsed = [(number, self._parsed(line)) for number, line in enumerate(batch.lines, first) if line.strip()]
        turns = [turn for _, turn in parsed if isinstance(turn, InputTurn)]
        scored = iter(self._scored(turns))
        return [self._result(number, turn, scored) for number, turn in parsed]

    def _parsed(self, line: bytes) -> InputTurn | str:
        try:
            return parse(line, self.names)
        except BadLineError as error:
            return str(error)

    def _scored(self, turns: list[InputTurn]) -> list[ScoredTurn | str]:
        """Score all turns at once; if one of them cannot be, each alone, to find out which."""
        if not turns:
            return []
        try:
            return list(score_turns(self.scorer, [(turn.role, turn.text) for turn in turns]))
        except (AllianceError, ValueError):
            return [self._scored_alone(turn) for turn in turns]

    def _scored_alone(self, turn: InputTurn) -> ScoredTurn | str:
        try:
            return score_turns(self.scorer, [(turn.role, turn.text)])[0]
        except (AllianceError, ValueError):
            return "its text cannot be scored"

    def _result(
        self, number: int, turn: InputTurn | str, scored: Iterator[ScoredTurn | str]
    ) -> tuple[tuple[int, str], Callable[[], None]]:
        found = turn if isinstance(turn, str) else next(scored)
        if isinstance(turn, str) or isinstance(found, str):
            return self._bad(number, str(found))
        try:
            state = self.store.find_or_fresh(turn.session_id)
            update = state.include(found, turn.turn_index)
        except ParameterError as error:
            return self._bad(number, str(error))
        self.store.put(turn.session_id, state)
        self.counts.turns += 1
        record = {"line": number, schema.SESSION_ID: turn.session_id, **update.to_dict()}
        return (number, _json(record)), lambda: self.on_update(turn.session_id, update)

    def _bad(self, number: int, problem: str) -> tuple[tuple[int, str], Callable[[], None]]:
        self.counts.bad_lines += 1
        return (number, _json({"line": number, "problem": problem})), lambda: self.on_bad_line(number, problem)


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, allow_nan=False, separators=(",", ":"))
