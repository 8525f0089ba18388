"""A run over a corpus: batches in, parts out, whatever stops it."""

from __future__ import annotations

import io
import json
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.corpus.ahead import TICK_SECONDS, Ahead
from alliancekit.corpus.ending import finish
from alliancekit.corpus.parts import Part, PartBuilder
from alliancekit.corpus.reading import CorpusReader, ProblemTally, Skip
from alliancekit.corpus.records import Record, encoded, make_record, part_content
from alliancekit.corpus.scoring import PieceScorer
from alliancekit.corpus.seen import SeenSessions
from alliancekit.errors import DataError
from alliancekit.files import write_bytes
from alliancekit.scored import KEY, provenance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alliancekit.corpus.inputs import Inputs
    from alliancekit.corpus.layout import Layout
    from alliancekit.corpus.reading import Piece
    from alliancekit.corpus.status import Status
    from alliancekit.scorer import Scorer
    from alliancekit.storage import Storage

PIECES_AHEAD: Final = 1


@dataclass(slots=True)
class Run:
    """What a run works with, and how far it is.

    Attributes:
        layout: where its files are.
        inputs: what it reads.
        scorer: what scores.
        storage: takes the steps of writing.
        status: how far it is.
        problems: what the readers say.
        strict: whether the first bad row is an error.
        tick: called about ten times a second.
        records: of the parts that are on the disk.
        seen: sessions of these parts.

    """

    layout: Layout
    inputs: Inputs
    scorer: Scorer
    storage: Storage
    status: Status
    problems: ProblemTally
    strict: bool
    tick: Callable[[], object]
    records: list[Record] = field(default_factory=list)
    seen: SeenSessions = field(default_factory=SeenSessions)

    def go(self) -> None:
        """Write the parts that are missing, and then what completes the run."""
        self._take_up()
        reader = CorpusReader(self.inputs.found, self.inputs.hashed, self.strict, self.problems, self.layout.unfinished)
        with Ahead(reader.pieces(), items=PIECES_AHEAD) as pieces, self._writer() as write:
            for part in self._parts(iter(pieces)):
                write(part)
        finish(self)

    def _take_up(self) -> None:
        """Compare the parts that are there with their records, and go on after them."""
        for record in self.records:
            content = part_content(self.layout.folder / record.part, record.sha256)
            if record.turns:
                self.seen.add(pl.read_parquet(io.BytesIO(content), columns=[schema.SESSION_ID]))
            self.tick()
        self.status.begin(self.inputs.sizes(), turns=self._taken()[0])
        self.status.parts = len(self.records)

    def _taken(self) -> tuple[int, int]:
        return (self.records[-1].taken, self.records[-1].aside) if self.records else (0, 0)

    def _parts(self, pieces: Iterator[Piece]) -> Iterator[Part]:
        task = self.inputs.plan.task
        scorer = PieceScorer(self.scorer, task.forms, task.keep_text)

        def tick() -> None:
            self.status.see(scorer.cache, scorer.in_work())
            self.tick()

        scorer.tick = tick
        builder = PartBuilder(task.shard_turns, *self._taken())
        for piece, scored in scorer.scored(self._not_done(pieces)):
            self.status.turns += piece.turns.height
            self.status.quarantined += len(piece.bad)
            self.status.truncated += int(scored.turns[schema.TRUNCATED].sum()) if scored.turns.width else 0
            self.status.reach(piece, skipped=False)
            tick()
            yield from builder.add(scored)
        yield from builder.last()

    def _not_done(self, pieces: Iterator[Piece]) -> Iterator[Piece]:
        skip = Skip(*self._taken())
        for piece in pieces:
            rest = skip(piece)
            if rest.turns.height < piece.turns.height:
                self.status.reach(piece, skipped=True)
                self.tick()
            if rest.turns.height or rest.bad or not skip.goes_on:
                yield rest

    @contextmanager
    def _writer(self) -> Iterator[Callable[[Part], None]]:
        """Give what writes a part while the next one is scored; at the end, every part is on the disk."""
        pool = ThreadPoolExecutor(1, thread_name_prefix="alliancekit-write")
        last: list[Future[Record]] = []

        def write(part: Part) -> None:
            self._refuse_bad(part)
            self._written(last)
            last.append(pool.submit(self._write, len(self.records), part))

        try:
            yield write
            self._written(last)
        finally:
            # What is being written is written to its end: it is not worth losing.
            pool.shutdown(wait=True, cancel_futures=True)
            with suppress(Exception):
                self._written(last)

    def _written(self, last: list[Future[Record]]) -> None:
        while last:
            while not wait(last, timeout=TICK_SECONDS).done:
                self.tick()
            self.records.append(last.pop().result())
            self.status.parts = len(self.records)

    def _write(self, number: int, part: Part) -> Record:
        path = self.layout.part(number)
        made = provenance(self.scorer, self.inputs.plan.task.forms)
        content = encoded(part, {KEY: json.dumps(asdict(made))})
        record = make_record(part, path.name, content)
        self.seen.add(part.turns)
        write_bytes(content, path, storage=self.storage)
        write_bytes(record.to_json(part.bad), self.layout.record(number), storage=self.storage)
        return record

    def _refuse_bad(self, part: Part) -> None:
        if self.strict and part.bad:
            file, row, reason, _ = part.bad[0]
            raise DataError(f"{self.inputs.found.files[file]}, row {row}: {reason}. The run is strict, and ends here.")
