"""Readers against what is far too large: ``make torture``. Each case in its own process, its memory and time printed.

A line of 1 GB in every text format, wide and deep inputs, bombs in zip and XML, millions of small sessions. A case is
right when the file is read or refused as it should be, in less memory and time than its bounds. Options: names of the
cases to run; all otherwise. Takes minutes, and up to 3 GB in the temporary folder.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alliancekit.errors import AllianceError
from alliancekit.readers import ReadOptions, batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MEGABYTE: Final = 1 << 20
MEMORY: Final = 700 * MEGABYTE
"""Most memory of a process that reads one file, the interpreter and Polars (about 100 MB) among it."""
SECONDS: Final = 120.0


@dataclass(frozen=True)
class Case:
    """A file that is too much.

    Attributes:
        name: of the file, its suffix among it.
        write: writes it.
        outcome: what reading ends with: `read`, or a piece of the error.
        options: how it is read.
        memory: the most bytes of the process.

    """

    name: str
    write: Callable[[Path], object]
    outcome: str
    options: ReadOptions = field(default_factory=ReadOptions)
    memory: int = MEMORY


def text(*parts: str | tuple[str, int]) -> Callable[[Path], None]:
    """Write strings, or a string so many times, a megabyte at a time."""

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8") as file:
            for part in parts:
                piece, times = (part, 1) if isinstance(part, str) else part
                block = max(1, MEGABYTE // len(piece))
                for _ in range(times // block):
                    file.write(piece * block)
                file.write(piece * (times % block))

    return write


def lines(made: Callable[[], Iterable[str]]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(made())

    return write


def zip_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            with book.open(name, "w", force_zip64=True) as file:
                for _ in range(1500):
                    file.write(b"0" * MEGABYTE)


def case(name: str, outcome: str, *parts: str | tuple[str, int], **options: Any) -> Case:  # noqa: ANN401 - any option's value
    return Case(name, text(*parts), outcome, ReadOptions(**options))


CSV: Final = "session_id,turn_index,role,text\n"
CUE: Final = "WEBVTT\n\n00:00.000 --> 00:01.000\n<v client>"
GRID: Final = 'File type = "ooTextFile"\nObject class = "TextGrid"\n'
RECORD: Final = '{"role": "client", "text": "so"}'
GIGABYTE: Final = ("x", 1 << 30)
LAUGHS: Final = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
TOO_LONG: Final = "has more than"
CASES: Final = (
    case("line.csv", TOO_LONG, CSV, "s,0,client,", GIGABYTE, "\n"),
    case("quoted.csv", TOO_LONG, CSV, 's,0,client,"', ("x\n", 1 << 29), '"\n'),
    case("line.tsv", TOO_LONG, CSV.replace(",", "\t"), "s\t0\tclient\t", GIGABYTE, "\n"),
    case("line.jsonl", TOO_LONG, '{"text": "', GIGABYTE, '"}\n'),
    case("line.json", TOO_LONG, '[{"role": "client", "text": "', GIGABYTE, '"}]', format="json-records"),
    case("line.vtt", TOO_LONG, CUE, GIGABYTE, "\n"),
    # Lines of two letters, 16 MiB of them until the limit: each a string of its own.
    Case("cue.vtt", text(CUE, ("so\n", 1 << 28)), TOO_LONG, memory=2 * MEMORY),
    case("line.srt", TOO_LONG, "1\n00:00:00,000 --> 00:00:01,000\nclient: ", GIGABYTE, "\n"),
    case("line.cha", TOO_LONG, "@UTF8\n@Begin\n*PAR:\t", GIGABYTE, "\n@End\n"),
    case("line.eaf", TOO_LONG, "<ANNOTATION_DOCUMENT>", GIGABYTE, "</ANNOTATION_DOCUMENT>"),
    case("line.TextGrid", TOO_LONG, GRID, GIGABYTE),
    case("line.txt", TOO_LONG, "THERAPIST: So?\nCLIENT: ", GIGABYTE, "\n"),
    case("message.txt", TOO_LONG, "3/1/24, 21:15 - Client: ", ("so\n", 1 << 28), format="whatsapp"),
    case("tree.json", TOO_LONG, '[{"mapping": {"a": {"message": "', GIGABYTE, format="chatgpt"),
    case("spaces.txt", "", "Client", (" ", 1 << 22), "\n", ("- ", 1 << 21), "\n"),
    case("5000 columns.csv", "read", "role,text", *(f",c{n}" for n in range(5000)), "\nclient,x", (",1", 5000), "\n"),
    case(
        "columns.csv", "columns", "role,text", *(f",c{n}" for n in range(100_000)), "\nclient,x", (",1", 100_000), "\n"
    ),
    case("keys.jsonl", "columns", *(f'{{"role": "client", "text": "x", "c{n}": 1}}\n' for n in range(100_000))),
    case("deep.json", "nested too deeply", '[{"role": "client", "text": ', ("[", 1 << 22), format="json-records"),
    case("deep.jsonl", "nested too deeply", '{"role": "client", "text": ', ("[", 1 << 22), "\n"),
    case("deep.eaf", "", ("<a>", 1 << 20)),
    case("laughs.eaf", "", f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]><x>&a11;</x>'),
    Case("bomb.xlsx", zip_bomb, ""),
    case("brackets.csv", "read", CSV, "s,0,client,", ("[(<{*", 1 << 21), "\n", non_speech="strip"),
    case("laughter.csv", "read", CSV, "s,0,client,", ("[laughs ", 1 << 20), "\n", non_speech="strip"),
    case("spaces.csv", "read", CSV, "s,0,client,[laughs]", (" ", 1 << 23), ".\n", non_speech="strip"),
    case("one speaker.csv", "read", "role,text\n", ("client,so\n", 5_000_000), merge=True),
    case("elements.json", "read", "[", (RECORD + ",\n", 3_000_000), RECORD + "]", format="json-records"),
    Case("sessions.csv", lines(lambda: (f"s{n},0,client,so\n" if n else CSV for n in range(3_000_001))), "read"),
)


def read(path: Path, options: ReadOptions) -> dict[str, object]:
    """Read a file, in the process that `main` starts, and give what came of it."""
    start = time.perf_counter()
    try:
        turns = sum(batch.turns.height for batch in batches(path, options))
        outcome = f"read: {turns} turns"
    except AllianceError as error:
        outcome = f"{type(error).__name__}: {error}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"outcome": outcome, "peak": peak, "seconds": time.perf_counter() - start}


def run(case: Case, folder: Path) -> bool:
    path = folder / case.name
    case.write(path)
    found = in_a_process(case, path)
    path.unlink()
    outcome, peak = str(found["outcome"]), int(found.get("peak", 0))
    wanted = outcome.startswith("read") if case.outcome == "read" else "Error: " in outcome and case.outcome in outcome
    right = wanted and 0 < peak <= case.memory
    seconds, shown = float(found.get("seconds", SECONDS)), outcome.replace(str(path), case.name)[:90]
    print(
        f"{'right' if right else 'WRONG'}  {case.name:<16} {peak // MEGABYTE:>5} MB {seconds:>7.1f} s  {shown}",
        flush=True,
    )
    return right


def in_a_process(case: Case, path: Path) -> dict[str, Any]:
    command = [sys.executable, __file__, "--read", str(path), "--case", case.name]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)  # noqa: S603 - this script
    except subprocess.TimeoutExpired:
        return {"outcome": f"not ended after {SECONDS:.0f} s"}
    if ended.returncode:
        return {"outcome": f"ended with {ended.returncode}: {ended.stderr[-300:]}"}
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="cases to run; all otherwise")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--case", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read is not None:
        chosen = next(known for known in CASES if known.name == options.case)
        print(json.dumps(read(options.read, chosen.options)))
        return
    with tempfile.TemporaryDirectory() as folder:
        results = [run(known, Path(folder)) for known in CASES if not options.names or known.name in options.names]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
