"""A conversation as it happens: scores turn by turn, running numbers, and signals with a known rate of false alarms.

`session.py` is what people use; `state.py` is a session's memory; `running.py` and `shares.py` are its numbers,
`signals/` its signals; `reference.py` says what is usual, and `calibrating/` makes that from a corpus. `watch/` and
`serve/` carry many sessions.
"""

from alliancekit.live.calibrating.build import build_reference
from alliancekit.live.notice import NOTICE
from alliancekit.live.reference import Reference
from alliancekit.live.session import LiveSession
from alliancekit.live.update import Signal, Update

__all__ = ["NOTICE", "LiveSession", "Reference", "Signal", "Update", "build_reference"]
