"""`alliance score -o FOLDER/`, `resume`, `verify`: exit codes, signals, progress, what they say and open."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.cli.conftest import Ended
from tests.corpus.test_runs import flip
from tests.support.corpus_run import contents, write_corpus

import alliancekit as ak
from alliancekit.cli import ExitCode, main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLANTED = "xylophone"
HEADER = "session_id,turn_index,role,text\n"


@pytest.fixture
def alliance(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def run(*arguments: object) -> Ended:
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "alliancekit.cli", *(str(argument) for argument in arguments)]


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "CI"} | more


def test_a_run_with_bad_rows_ends_with_6_and_says_which(
    alliance: Callable[..., Ended], corpus: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    ended = alliance("score", corpus, "-o", tmp_path / "out", "--bundle", tiny_bundle, "--shard-turns", 20)
    assert ended.code == ExitCode.QUARANTINED
    assert "2 files, 6 sessions, 41 turns" in ended.err
    assert "role_unknown 1" in ended.err
    assert "\r" not in ended.err
    again = alliance("resume", tmp_path / "out")
    assert again.code == ExitCode.QUARANTINED
    assert alliance("verify", tmp_path / "out").code == ExitCode.CLEAN
    flip(tmp_path / "out" / "part-00000.parquet", 99)
    verified = alliance("verify", tmp_path / "out")
    assert (verified.code, "part-00000.parquet" in verified.err) == (ExitCode.INTEGRITY, True)


def test_a_clean_run_ends_with_0_and_the_statistics_take_the_folder(
    alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path
) -> None:
    corpus = write_corpus(tmp_path / "in", bad=False)
    scored = alliance("score", corpus, "-o", tmp_path / "out", "--bundle", tiny_bundle, "--shard-turns", 20)
    assert scored.code == ExitCode.CLEAN, scored.err
    one = alliance("score", corpus, "-o", tmp_path / "one.parquet", "--bundle", tiny_bundle)
    assert one.code == ExitCode.CLEAN
    for made in ("out", "one.parquet"):
        assert alliance("sessions", tmp_path / made, "-o", tmp_path / f"{made}.csv").code == ExitCode.CLEAN
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "one.parquet.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["score", "IN", "-o", "OUT", "--force"], ExitCode.USAGE, "--force replaces a file"),
        (["score", "IN", "-o", "OUT", "--strict"], ExitCode.DATA, "row 3"),
        (["score", "IN", "-o", "none/OUT"], ExitCode.IO, "No such file"),
        (["score", "IN", "-o", "OUT", "--shard-turns", "0"], ExitCode.USAGE, "shard-turns"),
        (["score", "IN", "-o", "OUT", "--map", "text=said"], ExitCode.DATA, "'said'"),
        (["resume", "none"], ExitCode.IO, "no run there"),
        (["verify", "none"], ExitCode.IO, "no run there"),
        (["gap", "IN"], ExitCode.IO, "no run there"),
    ],
)
def test_what_cannot_be_done_ends_with_its_code(  # noqa: PLR0913, PLR0917 - pytest passes them by name
    alliance: Callable[..., Ended],
    corpus: Path,
    tiny_bundle: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: ExitCode,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    named = [str(corpus) if argument == "IN" else argument for argument in arguments]
    bundle = ["--bundle", tiny_bundle] if arguments[0] == "score" else []
    ended = alliance(*named, *bundle)
    assert (ended.code, said in ended.err) == (code, True), ended.err
    assert not (tmp_path / "OUT" / "unfinished").exists()


def test_progress_for_programs_is_json_alone(
    alliance: Callable[..., Ended], corpus: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    (corpus / "read.me").touch()
    ended = alliance("score", corpus, "-o", tmp_path / "out", "--bundle", tiny_bundle, "--progress", "json")
    events = [json.loads(line) for line in ended.err.splitlines()]
    assert {event["event"] for event in events} == {"progress", "problem", "summary"}
    assert [event["share"] for event in events if event["event"] == "progress"][-1] == 1.0
    assert events[-1]["turns"] == 41


def long_corpus(folder: Path, *, turns: int = 22_000) -> Path:
    folder.mkdir()
    rows = (f"s{n // 50},{n % 50},client,{PLANTED} {n} and then we talked about it.\n" for n in range(turns))
    (folder / "a.csv").write_text(HEADER + "".join(rows))
    return folder


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_a_signal_ends_a_run_that_can_be_gone_on_with(
    tiny_bundle: Path, tmp_path: Path, number: signal.Signals, code: ExitCode
) -> None:
    corpus = long_corpus(tmp_path / "in")
    options = ["--bundle", tiny_bundle, "--shard-turns", 1000, "--threads", 1]
    running = subprocess.Popen(
        command("score", corpus, "-o", tmp_path / "out", *options), stderr=subprocess.PIPE, env=environment()
    )
    while not (tmp_path / "out" / "unfinished" / "00000.json").exists():
        assert running.poll() is None, running.communicate()
        time.sleep(0.005)
    running.send_signal(number)
    _, err = running.communicate(timeout=60)
    assert running.returncode == code, err
    assert b"Traceback" not in err
    assert (tmp_path / "out" / "unfinished" / "plan.json").exists()
    assert not list((tmp_path / "out").rglob("*.tmp"))
    done = subprocess.run(command("resume", tmp_path / "out"), capture_output=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    assert (
        subprocess.run(
            command("score", corpus, "-o", tmp_path / "two", *options),
            check=False,
            env=environment(),
            capture_output=True,
        ).returncode
        == 0
    )
    assert contents(tmp_path / "out") == contents(tmp_path / "two")


def network_free(*arguments: object) -> list[str]:
    """Give the command that runs with no network to reach, or fails where that cannot be had."""
    unshare = shutil.which("unshare")
    assert unshare, "util-linux is missing"
    return [unshare, "--net", "--map-root-user", *command(*arguments)]


def test_no_network_is_needed_and_none_is_asked_for(corpus: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    clean = environment(HOME=str(home), TMPDIR=str(home), PYTHONDONTWRITEBYTECODE="1")
    options = ["--bundle", tiny_bundle, "--shard-turns", 20]
    done = subprocess.run(
        network_free("score", corpus, "-o", tmp_path / "out", *options), env=clean, capture_output=True, check=False
    )
    assert done.returncode == ExitCode.QUARANTINED, done.stderr
    assert list(home.rglob("*")) == []
    strace = shutil.which("strace")
    if strace is None:
        return  # the run without a network has shown that none is needed
    traced = [strace, "-f", "-qq", "-e", "trace=%network", "-o", str(tmp_path / "trace")]
    for arguments in (("score", corpus, "-o", tmp_path / "two", *options), ("verify", tmp_path / "out")):
        subprocess.run([*traced, *command(*arguments)], env=clean, capture_output=True, check=False)
        assert "socket" not in (tmp_path / "trace").read_text()


def test_a_planted_word_stands_nowhere(alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path) -> None:
    said = f"I play the {PLANTED} at night."
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "a.csv").write_text(f"{HEADER}s,0,client,{said}\ns,1,who,{said}\ns,x,client,{said}\ns,0,client,{said}\n")
    (talks / "b.jsonl").write_text(f'{{"role": "client", "text": "{said}"}}\n{{"role": "client", "text": "{said}')
    (talks / "c.csv.gz").write_bytes(gzip.compress(f"{HEADER}s2,0,client,{said}\n".encode()))
    (talks / "d.csv").write_text(f"{said},{said}\nclient,{said}\n")
    output = ["-o", tmp_path / "out"]
    options = ["--bundle", tiny_bundle]
    printed = []
    for arguments in (
        ["score", talks, *output, *options],
        ["resume", tmp_path / "out"],
        ["verify", tmp_path / "out"],
        ["sessions", tmp_path / "out", "-o", tmp_path / "sessions.csv"],
        ["score", talks, "-o", tmp_path / "strict", "--strict", *options],
        ["score", talks, "-o", tmp_path / "json", "--progress", "json", *options],
        ["score", talks / "d.csv", "-o", tmp_path / "first", *options],
        ["score", talks, *output, *options],
    ):
        ended = alliance("--debug", *arguments)
        assert ended.code != ExitCode.INTERNAL, ended.err
        printed.append(ended.out + ended.err)
    flip(tmp_path / "out" / "manifest.json", 200)
    printed.append(alliance("--debug", "verify", tmp_path / "out").err)
    assert pl.read_csv(tmp_path / "json" / "quarantine.csv").height == 5
    assert PLANTED not in "".join(printed)
    written = [path for path in tmp_path.rglob("*") if path.is_file() and talks not in path.parents]
    assert written
    assert not [path for path in written if PLANTED.encode() in path.read_bytes()]


def test_a_planted_word_is_in_no_unfinished_run_either(tiny_bundle: Path, tmp_path: Path) -> None:
    corpus = long_corpus(tmp_path / "in")
    (corpus / "a.csv.gz").write_bytes(gzip.compress((corpus / "a.csv").read_bytes(), 1))
    (corpus / "a.csv").unlink()
    running = subprocess.Popen(
        command("score", corpus, "-o", tmp_path / "out", "--bundle", tiny_bundle, "--shard-turns", 1000),
        env=environment(),
    )
    while not (tmp_path / "out" / "unfinished" / "00000.json").exists():
        assert running.poll() is None
        time.sleep(0.005)
    running.kill()
    running.wait()
    left = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert left
    assert not [path for path in left if PLANTED.encode() in path.read_bytes()]
    done = subprocess.run(command("resume", tmp_path / "out"), capture_output=True, check=False, env=environment())
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "out" / "unfinished").exists()


def test_with_a_key_no_name_is_in_a_finished_run(
    alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "anna-smith.csv").write_text("role,text,patient_id\nBen,Hello.,Smith\nclient,Yes.,Smith\nwho,No.,Smith\n")
    options = ["--bundle", tiny_bundle, "--pseudonymise", key, "--roles", "Ben=therapist"]
    ended = alliance("score", talks, "-o", tmp_path / "out", *options)
    assert ended.code == ExitCode.QUARANTINED, ended.err
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert not [word for word in ("anna", "smith", "ben") if word in written.decode("latin-1").lower()]
    assert ak.scan_scores(tmp_path / "out").collect().height == 2


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    """A file system of 64 KiB."""
    mount = shutil.which("mount")
    folder = tmp_path / "disk"
    folder.mkdir()
    if (
        mount is None
        or subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder], check=False).returncode
    ):
        pytest.skip("a file system can be mounted by root only")
    return folder


def test_a_disk_that_is_really_full(
    alliance: Callable[..., Ended], small_disk: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    try:
        corpus = long_corpus(tmp_path / "in", turns=6000)
        options = ["--bundle", tiny_bundle, "--shard-turns", 200]
        ended = alliance("score", corpus, "-o", small_disk / "out", *options)
        assert (ended.code, "No space left on device" in ended.err) == (ExitCode.IO, True), ended.err
        assert not list(small_disk.rglob("*.tmp"))
        shutil.copytree(small_disk / "out", tmp_path / "out")
    finally:
        subprocess.run([shutil.which("umount") or "umount", small_disk], check=True)
    assert alliance("resume", tmp_path / "out").code == ExitCode.CLEAN
    assert alliance("verify", tmp_path / "out").code == ExitCode.CLEAN
