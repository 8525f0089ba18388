"""A run over a corpus killed at random instants, 50 times, until it is done: a part of ``make torture``.

In the end its files are compared with those of a run that was never stopped. The instants are drawn without a seed:
whatever they are, the bytes have to be the same. Options: `--kills N`, `--turns N`.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from benches.corpus import tiny_bundle

COMMAND: Final = [sys.executable, "-m", "alliancekit.cli"]
COMPLETE: Final = 0
KILLED: Final = -9


def write_corpus(path: Path, turns: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("session_id,turn_index,role,text\n")
        for n in range(turns):
            role = "client" if n % 2 else "therapist"
            file.write(f"s{n // 40},{n % 40},{role},This is turn {n} and we talked about it.\n")


def contents(folder: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found.pop("run.json", None)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--turns", type=int, default=60_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bundle = tiny_bundle(folder)
        write_corpus(folder / "talks.csv", options.turns)
        begin = ["score", str(folder / "talks.csv"), "--bundle", str(bundle), "--shard-turns", "400"]
        start = time.perf_counter()
        subprocess.run([*COMMAND, *begin, "-o", str(folder / "whole")], check=True, capture_output=True)  # noqa: S603 - our command
        whole = time.perf_counter() - start
        right = torture(folder, begin, options.kills, whole)
    sys.exit(0 if right else 1)


def torture(folder: Path, begin: list[str], kills: int, whole: float) -> bool:
    """Kill so many processes; a run that is complete before is begun again in another folder."""
    expected, done, runs, killed = contents(folder / "whole"), True, 0, 0
    while killed < kills or not done:
        output = folder / f"out{runs + done}"
        runs += done
        going_on = any((output / name).exists() for name in ("manifest.json", "unfinished/plan.json"))
        command = ["resume", str(output)] if going_on else [*begin, "-o", str(output)]
        code = run(command, random.uniform(0, whole) if killed < kills else None)  # noqa: S311 - no secret
        killed += code == KILLED
        # One that is killed while it ends has done its work.
        done = (output / "manifest.json").exists() and not (output / "unfinished").exists()
        if code not in {COMPLETE, KILLED} or (code == COMPLETE and not done):
            print(f"WRONG  ended with {code}: {' '.join(command)}")
            return False
        if done and contents(output) != expected:
            print(f"WRONG  other bytes after {killed} kills")
            return False
    print(f"right  {killed} kills in {runs} runs: the bytes of a run that was never stopped ({len(expected)} files)")
    return True


def run(command: list[str], seconds: float | None) -> int:
    running = subprocess.Popen([*COMMAND, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603 - as above
    try:
        return running.wait(seconds)
    except subprocess.TimeoutExpired:
        running.kill()
        return running.wait()


if __name__ == "__main__":
    main()
