"""What `alliance doctor` looks at; each finding is made by one function."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from alliancekit._native import __version__, processor_features
from alliancekit.cli.exit_codes import ExitCode, exit_code
from alliancekit.errors import AllianceError
from alliancekit.model import verify
from alliancekit.runtime import TELEMETRY_SWITCH, available_threads, library_path, switch_telemetry_off

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACKAGES: Final = ("polars", "numpy", "onnxruntime")
FIRST_WITH_TELEMETRY: Final = (1, 29)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report.

    Attributes:
        name: what was looked at.
        value: what was found; a string, a number, or a list of strings.
        code: `ExitCode.CLEAN`, or the code that the command ends with because of it.

    """

    name: str
    value: str | int | list[str]
    code: ExitCode = ExitCode.CLEAN

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.code is ExitCode.CLEAN

    @property
    def text(self) -> str:
        """The value for people."""
        return " ".join(self.value) if isinstance(self.value, list) else str(self.value)


def examine(bundle: Path) -> list[Finding]:
    """Look at everything; nothing found wrong keeps the rest from being looked at."""
    return [
        Finding("alliancekit", __version__),
        Finding("python", platform.python_version()),
        *(_package(name) for name in PACKAGES),
        _guarded("library", lambda: str(library_path())),
        Finding("processor", [platform.machine(), *processor_features()]),
        _telemetry(),
        Finding("threads", available_threads()),
        Finding("bundle", str(bundle)),
        _guarded("bundle hashes", lambda: f"{len(verify(bundle)['files'])} files as recorded"),
    ]


def to_json(findings: list[Finding]) -> str:
    """Give the findings as one JSON object, a key each; `wrong` names those that are."""
    values: dict[str, object] = {found.name.replace(" ", "_"): found.value for found in findings}
    values["wrong"] = [found.name.replace(" ", "_") for found in findings if not found.ok]
    return json.dumps(values, indent=2)


def _package(name: str) -> Finding:
    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        return Finding(name, "not installed", ExitCode.IO)


def _guarded(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, look())
    except (AllianceError, OSError) as error:
        return Finding(name, str(error), exit_code(error))


def _telemetry() -> Finding:
    switch_telemetry_off()
    switched = f"off ({TELEMETRY_SWITCH}={os.environ[TELEMETRY_SWITCH]})"
    try:
        runtime = tuple(int(part) for part in version("onnxruntime").split(".")[:2])
    except (PackageNotFoundError, ValueError):
        return Finding("telemetry", switched)
    endpoint = "this runtime has an endpoint" if runtime >= FIRST_WITH_TELEMETRY else "this runtime has no endpoint"
    return Finding("telemetry", f"{switched}; {endpoint}")
