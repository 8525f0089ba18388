"""Interrupts, forks, threads and what the process does to the world around it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from alliancekit import Scorer  # noqa: TC001 - the code under test
from alliancekit.errors import RuntimeLibraryError
from alliancekit.runtime import library_path, open_engine

if TYPE_CHECKING:
    from pathlib import Path


def run_python(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    inherited = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=inherited | environment
    )


def test_ctrl_c_stops_a_long_call_within_a_second(bundle_path: Path) -> None:
    code = """
        import sys
        from alliancekit import Scorer
        scorer = Scorer(sys.argv[1])
        texts = [f"{number} and then we talked about it for a while " * 20 for number in range(20_000)]
        print("ready", flush=True)
        scorer.embed(texts, progress=lambda done, total: done and print("working", flush=True))
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(bundle_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    assert process.stdout.readline() == "working\n"
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, error = process.communicate(timeout=60)
    # Generous: the promise is a second, and a busy machine must not fail the test. The whole call would take minutes.
    assert time.monotonic() - start < 20
    assert "KeyboardInterrupt" in error


def test_an_exception_in_progress_stops_the_call_and_comes_out(scorer: Scorer) -> None:
    def refuse(done: int, total: int) -> None:
        raise LookupError(f"{done} of {total}")

    with pytest.raises(LookupError, match="of"):
        scorer.embed([f"{number} and so on " * 50 for number in range(2_000)], progress=refuse)


def test_progress_counts_up_to_the_work_there_is(scorer: Scorer) -> None:
    seen: list[tuple[int, int]] = []
    scorer.embed([f"{number} and so on " * 30 for number in range(600)], progress=lambda *now: seen.append(now))
    assert seen == sorted(seen)
    assert all(done <= total for done, total in seen)


def test_a_scorer_refuses_to_work_in_a_forked_child_and_a_new_one_works(bundle_path: Path) -> None:
    code = """
        import os, sys
        from alliancekit import Scorer
        from alliancekit.errors import ForkError
        scorer = Scorer(sys.argv[1], threads=1)
        expected = scorer.embed(["I feel heard."]).tobytes()
        child = os.fork()
        if child == 0:
            try:
                scorer.embed(["I feel heard."])
            except ForkError as error:
                same = Scorer(sys.argv[1], threads=1).embed(["I feel heard."]).tobytes() == expected
                print(f"{error} | same: {same}", flush=True)
            os._exit(0)
        os.waitpid(child, 0)
    """
    done = run_python(code, str(bundle_path))
    assert "make a new scorer in each process" in done.stdout, done.stderr
    assert "same: True" in done.stdout


def test_one_scorer_serves_many_threads(scorer: Scorer) -> None:
    texts = [[f"{thread} said {number} things" for number in range(40)] for thread in range(8)]
    expected = [scorer.embed(part).tobytes() for part in texts]
    with ThreadPoolExecutor(8) as pool:
        assert [vectors.tobytes() for vectors in pool.map(scorer.embed, texts)] == expected


def test_telemetry_is_off_before_the_library_is_opened(bundle_path: Path) -> None:
    code = """
        import os, sys
        from alliancekit import Scorer, _native
        assert _native.opened_library() is None
        Scorer(sys.argv[1], threads=1).embed(["I feel heard."])
        print(os.environ["ORT_DISABLE_TELEMETRY"], _native.opened_library())
    """
    done = run_python(code, str(bundle_path))
    assert done.stdout.split() == ["1", str(library_path())], done.stderr


def test_scoring_writes_nothing_outside(bundle_path: Path, tmp_path: Path) -> None:
    code = """
        import sys
        from alliancekit import Scorer
        Scorer(sys.argv[1], threads=2).embed(["I feel heard."])
    """
    home = tmp_path / "home"
    home.mkdir()
    run_python(code, str(bundle_path), HOME=str(home), TMPDIR=str(home), PYTHONDONTWRITEBYTECODE="1").check_returncode()
    assert list(home.rglob("*")) == []


def test_importing_all_of_it_loads_no_heavy_package() -> None:
    heavy = ["onnx", "onnxruntime", "safetensors", "pandas", "pyarrow", "scipy", "statsmodels", "typer", "rich"]
    code = f"from alliancekit import *; import sys; print([name for name in {heavy} if name in sys.modules])"
    assert run_python(code).stdout.strip() == "[]"


def test_a_missing_or_foreign_library_is_a_clear_error(bundle_path: Path, tmp_path: Path) -> None:
    code = """
        import sys
        from alliancekit import _native
        from alliancekit.errors import RuntimeLibraryError
        try:
            _native.Engine(sys.argv[1], sys.argv[2], 1)
        except RuntimeLibraryError as error:
            print(error)
    """
    foreign = tmp_path / "libonnxruntime.so.1.28.0"
    foreign.write_bytes(b"not a library")
    for path in (foreign, tmp_path / "missing.so"):
        done = run_python(code, str(bundle_path), str(path))
        assert str(path) in done.stdout, done.stderr
        assert "pip install" in done.stdout


def test_an_absent_onnxruntime_package_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(RuntimeLibraryError, match="pip install"):
        library_path()


def test_threads_are_counted_and_not_more_than_asked_for(bundle_path: Path) -> None:
    assert open_engine(bundle_path, threads=3).threads == 3
