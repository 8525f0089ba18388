"""The reference: what is usual in a corpus, and how far from it is too far."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alliancekit.errors import DataError, FileAccessError
from alliancekit.files import write_bytes
from alliancekit.live.signals.level import Usual
from alliancekit.live.signals.standard import Standard
from alliancekit.live.signals.states import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

FORMAT: Final = 1

FALLING: Final = "patient falling"
PARTING: Final = "sides parting"
ECHO_SIGNAL: Final = "echo"


@dataclass(frozen=True, slots=True)
class Side:
    """What is usual for one role on one scale."""

    standard: Standard
    usual: Usual


@dataclass(frozen=True, slots=True)
class Reference:
    """What is usual in a corpus, and the limits that follow from a rate of false alarms.

    Make one with `alliancekit.build_reference` or ``alliance reference build``.

    Attributes:
        sides: by scale and role.
        echo: the echo of therapists' answers by the length of what they answer; None where the corpus has none.
        limits: by signal and scale (``patient falling:total``; ``echo``).
        false_alarms: sessions per 100 without a change that raise an alert all the same, as asked for.
        min_tokens: shorter turns were left out; they are left out of live sessions too.
        sessions: number of sessions that the limits come from.
        turns: their turns.
        limits_from: `corpus` or `simulation`.
        bundle_sha256: of the model that scored the corpus; None where its table does not say.
        method: likewise.

    """

    sides: Mapping[str, Mapping[str, Side]]
    echo: Standard | None
    limits: Mapping[str, Limits]
    false_alarms: float
    min_tokens: int | None
    sessions: int
    turns: int
    limits_from: str = "corpus"
    bundle_sha256: str | None = None
    method: str | None = None
    format_version: int = field(default=FORMAT)

    @property
    def scales(self) -> tuple[str, ...]:
        """The scales that signals look at."""
        return tuple(self.sides)

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        return asdict(self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write it as JSON, atomically.

        Raises:
            FileAccessError: the file system refuses.

        """
        write_bytes(json.dumps(self.to_dict(), indent=1).encode() + b"\n", Path(path))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Reference:
        """Read what `save` wrote.

        Raises:
            FileAccessError: the file cannot be read.
            DataError: it is no reference, or of another format.

        """
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
        try:
            return cls.from_dict(json.loads(content))
        except (ValueError, TypeError, KeyError, AttributeError):
            raise DataError(f"{path}: is no reference. Make one with `alliance reference build`.") from None

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reference:
        """Take up what `to_dict` gave.

        Raises:
            DataError: it is of another format.

        """
        if data["format_version"] != FORMAT:
            raise DataError(
                f"a reference of format {data['format_version']}; this version reads {FORMAT}: build it anew"
            )
        sides = {
            scale: {role: Side(_standard(side["standard"]), Usual(**side["usual"])) for role, side in roles.items()}
            for scale, roles in data["sides"].items()
        }
        echo = None if data["echo"] is None else _standard(data["echo"])
        limits = {name: Limits(**found) for name, found in data["limits"].items()}
        return cls(**{**data, "sides": sides, "echo": echo, "limits": limits})


def limit_name(signal: str, scale: str | None) -> str:
    """Name the limits of a signal.

    >>> limit_name(FALLING, "bond")
    'patient falling:bond'
    """
    return signal if scale is None else f"{signal}:{scale}"


def _standard(data: Mapping[str, Any]) -> Standard:
    return Standard(tuple(data["edges"]), tuple(data["means"]), tuple(data["sds"]))
