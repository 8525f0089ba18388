"""Many sessions: those that are talking in memory, idle ones put aside in SQLite, all of them on disk if asked for."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
from collections import OrderedDict
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from alliancekit.errors import DataError, FileAccessError, IntegrityError, ParameterError
from alliancekit.live.fitting_together import check_fit, scores_from, settled_min_tokens
from alliancekit.live.state import SessionState

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from alliancekit.live.reference import Reference
    from alliancekit.scorer import Scorer

FILE: Final = "sessions.sqlite"
AT_A_TIME: Final = 8
"""Idle sessions are put aside an eighth of the active ones at a time."""

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, data TEXT NOT NULL) WITHOUT ROWID;
"""
# Not WITHOUT ROWID: the rows are larger than SQLite's pages like there, and with it a new session costs three times.
_KEEP: Final = "INSERT INTO sessions VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET data = excluded.data"
_MADE_WITH: Final = "made with"

Rows = list[tuple[str, str]]


class SessionStore:
    """The sessions of a scorer and a reference, by their ids.

    With a folder, what `write` has written survives the end of the process, however it ends; one process at a time
    can have it. Without, idle sessions go to a temporary file that nobody else can open.

    Args:
        scorer: whose scores the sessions take in.
        reference: what is usual; None for sessions without signals.
        folder: where sessions are kept; made if it is not there, readable by its owner alone.
        active: sessions in memory at most.

    Raises:
        ParameterError: scorer and reference do not belong together.
        FileAccessError: the folder cannot be used, or another process has it.
        IntegrityError: its file is damaged.
        DataError: its sessions were made with another model, method, precision or reference.

    """

    def __init__(self, scorer: Scorer, reference: Reference | None, *, folder: Path | None = None, active: int) -> None:
        if active < 1:
            raise ParameterError(f"active is 1 or more; got {active}")
        check_fit(scorer, reference)
        self.scales = scorer.scales
        self.reference = reference
        self.min_tokens = settled_min_tokens(reference, None)
        self.durable = folder is not None
        self._active = active
        self._sessions: OrderedDict[str, SessionState] = OrderedDict()
        self._changed: set[str] = set()
        self._lock = threading.Lock()
        self._path = None if folder is None else folder / FILE
        with self._named():
            self._database = _open(folder)
            try:
                self._check_makers(_made_with(scorer, reference))
            except BaseException:
                self._database.close()
                raise

    def find(self, session_id: str) -> SessionState | None:
        """Give a session that is there, in memory or on disk."""
        state = self._sessions.get(session_id)
        if state is None:
            with self._lock, self._named():
                row = self._database.execute("SELECT data FROM sessions WHERE id = ?", (session_id,)).fetchone()
            if row is None:
                return None
            state = self._sessions[session_id] = SessionState.load(json.loads(row[0]), self.reference)
        self._sessions.move_to_end(session_id)
        return state

    def find_or_fresh(self, session_id: str) -> SessionState:
        """Give a session, or a new one, which is not kept before `put`."""
        return self.find(session_id) or SessionState(self.scales, self.reference, self.min_tokens)

    def put(self, session_id: str, state: SessionState) -> None:
        """Keep a session that has a new turn."""
        self._sessions[session_id] = state
        self._sessions.move_to_end(session_id)
        self._changed.add(session_id)

    def discard(self, session_id: str) -> None:
        """Forget what was not written of a session: it is again as it is on disk."""
        self._sessions.pop(session_id, None)
        self._changed.discard(session_id)

    def take_changed(self) -> Rows:
        """Give the rows of the sessions that changed since the last time, for `write`."""
        rows = [(session_id, _row(self._sessions[session_id])) for session_id in self._changed]
        self._changed.clear()
        return rows

    def write(self, rows: Rows, facts: Mapping[str, Any] | None = None) -> None:
        """Write sessions and facts in one transaction, to the disk if there is a folder.

        Raises:
            FileAccessError: the disk is full, or refuses.

        """
        named = [(name, json.dumps(value)) for name, value in (facts or {}).items()]
        try:
            with self._lock, self._named(), self._database as transaction:
                transaction.executemany(_KEEP, rows)
                transaction.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", named)
        except FileAccessError:
            self._changed.update(name for name, _ in rows if name in self._sessions)
            raise

    def fact(self, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
        """Give a fact that was written; None where there is none."""
        with self._lock, self._named():
            row = self._database.execute("SELECT data FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def put_idle_aside(self, busy: Sequence[str] = ()) -> None:
        """Put sessions aside where there are more than `active` in memory, those first that had no turn for longest.

        Many at a time, an eighth of `active` more than has to be, so that not every turn pays for a write.
        """
        if len(self._sessions) <= self._active:
            return
        kept = self._changed | set(busy) if self.durable else set(busy)
        spare = len(self._sessions) - self._active + self._active // AT_A_TIME
        idle = list(islice((name for name in self._sessions if name not in kept), spare))
        unsaved = [name for name in idle if name in self._changed]
        if unsaved:
            self.write([(name, _row(self._sessions[name])) for name in unsaved])
        self._changed.difference_update(unsaved)
        for name in idle:
            del self._sessions[name]

    @property
    def in_memory(self) -> int:
        """Number of sessions in memory."""
        return len(self._sessions)

    def close(self) -> None:
        """Give the folder back; what was not written is gone."""
        with self._lock:
            self._database.close()

    def _check_makers(self, makers: dict[str, str | None]) -> None:
        row = self._database.execute("SELECT data FROM facts WHERE name = ?", (_MADE_WITH,)).fetchone()
        if row is None:
            with self._database as transaction:
                transaction.execute("INSERT INTO facts VALUES (?, ?)", (_MADE_WITH, json.dumps(makers)))
        elif (before := json.loads(row[0])) != makers:
            names = {"bundle_sha256": "model bundle"}
            other = [names.get(name, name) for name, value in makers.items() if before.get(name) != value]
            raise DataError(
                f"{self._path}: its sessions were made with another {', '.join(other)}, so that they cannot go on with "
                f"this one. Name another folder, or what they were made with (precision {before.get('precision')})."
            )

    @contextmanager
    def _named(self) -> Iterator[None]:
        """Give SQLite's errors as ours."""
        try:
            yield
        except OSError as error:
            raise FileAccessError(f"{self._path}: cannot be opened: {error.strerror}.") from None
        except sqlite3.OperationalError as error:
            locked = "locked" in str(error)
            why = "another process has it" if locked else "it cannot be opened or written; is the disk full?"
            raise FileAccessError(f"{self._path or 'the temporary file of idle sessions'}: {why}") from None
        except (sqlite3.DatabaseError, ValueError) as error:
            if isinstance(error, DataError):
                raise
            raise IntegrityError(f"{self._path}: is damaged. Take it away to begin anew.") from None


def _open(folder: Path | None) -> sqlite3.Connection:
    if folder is None:
        database = sqlite3.connect("", check_same_thread=False)
    else:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / FILE
        # SQLite gives its journal the rights of the file, so that nobody else can read either.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        database = sqlite3.connect(path, timeout=0.5, check_same_thread=False)
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
    database.executescript(_TABLES)
    # The lock of a database is taken with the first write.
    database.execute("BEGIN IMMEDIATE")
    database.commit()
    return database


def _made_with(scorer: Scorer, reference: Reference | None) -> dict[str, str | None]:
    plain = None if reference is None else json.dumps(reference.to_dict(), sort_keys=True).encode()
    return {**scores_from(scorer), "reference": None if plain is None else hashlib.sha256(plain).hexdigest()}


def _row(state: SessionState) -> str:
    return json.dumps(state.dump(), separators=(",", ":"))
