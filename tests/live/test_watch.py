"""`alliance watch`: lines in, lines out, through bad lines, breaks and kills."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from tests.live.conftest import ANSWERS, SAID

import alliancekit as ak
from alliancekit.errors import DataError, FileAccessError, IntegrityError, ParameterError
from alliancekit.live.scored_turn import ScoredTurn
from alliancekit.live.store import AT_A_TIME, SessionStore
from alliancekit.live.watch.lines import LONGEST_LINE, BadLineError, Names, parse

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.live.reference import Reference

PLANTED = "zebedee-4711"
LINES = [
    json.dumps({"session_id": f"s{turn % 3}", "role": ("user", "assistant")[turn // 3 % 2], "text": text})
    for turn, text in enumerate((*SAID, *ANSWERS) * 6)
]
LINES[7] = "not json"
LINES[11] = json.dumps({"session_id": "s0", "role": "nurse", "text": PLANTED})


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "alliancekit.cli", "watch", *map(str, arguments)]


@pytest.fixture(scope="module")
def options(tiny_bundle: Path, tiny_reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    file = tmp_path_factory.mktemp("reference") / "reference.json"
    tiny_reference.save(file)
    return ["--bundle", tiny_bundle, "--threads", 1, "--reference", file]


@pytest.fixture(scope="module")
def expected(options: list[object], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The output of a run that nothing disturbs."""
    return run(options, "\n".join(LINES) + "\n", cwd=tmp_path_factory.mktemp("run")).stdout.splitlines()


def run(options: list[object], lines: str, *, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*options), input=lines, capture_output=True, text=True, check=False, cwd=cwd)


def test_each_line_has_its_answer_and_bad_lines_are_named(expected: list[str]) -> None:
    records = [json.loads(line) for line in expected]
    assert [record["line"] for record in records] == list(range(1, len(LINES) + 1))
    assert [record["line"] for record in records if "problem" in record] == [8, 12]
    assert PLANTED not in "".join(expected)


def test_sessions_are_as_live_sessions_are(
    expected: list[str], tiny_scorer: ak.Scorer, tiny_reference: Reference
) -> None:
    sessions: dict[str, ak.LiveSession] = {}
    for line, answer in zip(LINES, expected, strict=True):
        found = json.loads(answer)
        if "problem" in found:
            continue
        turn = json.loads(line)
        session = sessions.setdefault(turn["session_id"], ak.LiveSession(tiny_scorer, reference=tiny_reference))
        update = session.push(turn["role"], turn["text"])
        assert found == json.loads(
            json.dumps({"line": found["line"], "session_id": turn["session_id"], **update.to_dict()})
        )


def wait_for(path: Path, lines: int) -> None:
    end = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < lines:
        assert time.monotonic() < end, "no output"
        time.sleep(0.01)


def test_killed_at_any_place_a_followed_file_gives_the_same_output(
    options: list[object], expected: list[str], tmp_path: Path
) -> None:
    source, output, state = (tmp_path / name for name in ("in.jsonl", "out.jsonl", "state"))
    source.touch()
    given = 0
    for step, until in enumerate((1, 4, 9, 50)):
        process = subprocess.Popen(
            command(*options, "--follow", source, "-o", output, "--state", state), stderr=subprocess.DEVNULL
        )
        with source.open("a") as file:
            for line in LINES[given:until]:
                file.write(line + "\n")
                file.flush()
        given = until
        # Killed while it works, every other time before it is done: what it has not committed comes again.
        wait_for(output, until if step % 2 == 0 else until - 2)
        process.kill()
        process.wait()
    with source.open("a") as file:
        file.write("\n".join(LINES[given:]) + "\n")
    process = subprocess.Popen(
        command(*options, "--follow", source, "-o", output, "--state", state), stderr=subprocess.DEVNULL
    )
    wait_for(output, len(LINES))
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 143
    assert output.read_text().splitlines() == expected


def test_an_output_that_was_not_committed_is_cut_off(
    options: list[object], expected: list[str], tmp_path: Path
) -> None:
    source, output, state = (tmp_path / name for name in ("in.jsonl", "out.jsonl", "state"))
    source.write_text("\n".join(LINES[:20]) + "\n")
    arguments = [*options, "-o", output, "--state", state]
    with source.open() as file:
        subprocess.run(command(*arguments), stdin=file, stderr=subprocess.DEVNULL, check=False)
    with output.open("a") as file:
        file.write('{"line":21,"half')
    with source.open("a") as file:
        file.write("\n".join(LINES[20:]) + "\n")
    with source.open() as file:
        subprocess.run(command(*arguments), stdin=file, stderr=subprocess.DEVNULL, check=False)
    assert output.read_text().splitlines() == expected


def test_killed_between_two_lines_of_a_pipe_nothing_comes_twice(
    options: list[object], expected: list[str], tmp_path: Path
) -> None:
    answers: list[str] = []
    for until in (1, 2, 9, 14):
        with piped([*options, "--state", tmp_path / "state"]) as process:
            answers += [exchange(process, line) for line in LINES[len(answers) : until]]
            process.kill()
    assert answers == expected[: len(answers)]


class piped:  # noqa: N801 - used as a function is
    """A process with pipes, ended when the block ends."""

    def __init__(self, options: list[object]) -> None:
        self._process = subprocess.Popen(
            command(*options), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def __enter__(self) -> subprocess.Popen[str]:
        return self._process

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def exchange(process: subprocess.Popen[str], line: str) -> str:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return process.stdout.readline().rstrip("\n")


def test_a_reader_gets_again_what_it_missed_and_a_pipe_that_begins_anew_is_skipped(
    options: list[object], expected: list[str], tmp_path: Path
) -> None:
    state = [*options, "--state", tmp_path / "state"]
    first = run(state, "\n".join(LINES[:6]) + "\n", cwd=tmp_path).stdout.splitlines()
    assert first == expected[:6]
    again = run([*state, "--received", 4, "--from-start"], "\n".join(LINES[:10]) + "\n", cwd=tmp_path)
    assert again.stdout.splitlines() == expected[4:10]


def test_signals_end_it_after_what_was_read(options: list[object], tmp_path: Path) -> None:
    for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        with piped([*options, "--state", tmp_path / "state"]) as process:
            assert "line" in exchange(process, LINES[0])
            process.send_signal(number)
            assert process.wait(30) == code


def test_an_alert_is_said_to_a_person_with_what_it_is_not(options: list[object], tmp_path: Path) -> None:
    lines = []
    for turn in range(60):
        role, text = (("user", SAID[turn % 5]), ("assistant", SAID[(turn - 1) % 5]))[turn % 2]
        lines.append(json.dumps({"session_id": "s", "role": role, "text": text}))
    done = run(options, "\n".join(lines) + "\n", cwd=tmp_path)
    alerts = [line for line in done.stderr.splitlines() if line.startswith("ALERT session s, turn ")]
    assert any("echo (turns " in line for line in alerts)
    assert all("not a suicide-risk assessment" in line for line in alerts)
    marked = [json.loads(line) for line in done.stdout.splitlines() if '"state":"alert"' in line]
    assert marked
    assert all("Not a diagnosis" in record["notice"] for record in marked)


def test_no_text_is_in_what_is_written(options: list[object], tmp_path: Path) -> None:
    lines = [
        json.dumps({"session_id": "s", "role": "user", "text": f"I trust {PLANTED}"}),
        f'{{"text": "{PLANTED}"',
        PLANTED,
    ]
    lines += [
        json.dumps({"session_id": "s", "role": PLANTED, "text": PLANTED}),
        json.dumps({"session_id": 1.5, "text": PLANTED}),
    ]
    done = run(["--bundle", *options[1:], "--state", tmp_path / "state"], "\n".join(lines) + "\n", cwd=tmp_path)
    assert done.returncode == 6
    kept = b"".join(path.read_bytes() for path in (tmp_path / "state").iterdir())
    assert PLANTED not in done.stdout + done.stderr
    assert PLANTED.encode() not in kept
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    assert run([*options, "--state", tmp_path / "state" / "sessions.sqlite"], "", cwd=tmp_path).returncode == 4


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"session_id": "s", "role": "user"}',
        b'{"session_id": "", "role": "user", "text": "a"}',
        b'{"session_id": true, "role": "user", "text": "a"}',
        b'{"session_id": "\\ud800", "role": "user", "text": "a"}',
        b'{"session_id": "s", "role": 7, "text": "a"}',
        b'{"session_id": "s", "role": "user", "text": 7}',
        b'{"session_id": "s", "role": "user", "text": "a", "turn_index": 1.5}',
        b'{"session_id": "s", "role": "user", "text": "a", "turn_index": 99999999999999999999}',
        b"[" * 100_000,
        b"\xff\xfe",
        b" " * (LONGEST_LINE + 1),
    ],
    ids=range(15),
)
def test_what_is_no_turn_is_refused_in_words(line: bytes) -> None:
    with pytest.raises(BadLineError):
        parse(line, Names({}, {}))


def test_hostile_texts_are_scored_or_named(options: list[object], tmp_path: Path) -> None:
    texts = ["\0", "\ud800", "a" * 5_000_000, "\u202e\u0000x", "🙂" * 1000]
    lines = [json.dumps({"session_id": "s", "role": "user", "text": text}) for text in texts]
    lines.append(json.dumps({"session_id": "t", "role": "user", "text": "I trust you."}))
    done = run(options, "\n".join(lines) + "\n", cwd=tmp_path)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["line"] for record in records] == [1, 2, 3, 4, 5, 6]
    assert "longer than" in records[2]["problem"]
    assert records[-1]["turn_index"] == 0


def test_options_that_make_no_sense_are_refused(options: list[object], tmp_path: Path) -> None:
    for more in (["--from-start"], ["--received", 3], ["--follow", "none", "--from-start", "--state", "s"]):
        assert run([*options, *more], "", cwd=tmp_path).returncode == 2
    assert run([*options, "--follow", "none"], "", cwd=tmp_path).returncode == 4
    (tmp_path / "there.jsonl").write_text("mine")
    assert run([*options, "-o", "there.jsonl"], "", cwd=tmp_path).returncode == 2
    assert (tmp_path / "there.jsonl").read_text() == "mine"


def test_a_file_that_is_named_is_read_to_its_end(options: list[object], expected: list[str], tmp_path: Path) -> None:
    source, output, state = (tmp_path / name for name in ("in.jsonl", "out.jsonl", "state"))
    source.write_text("\n".join(LINES[:9]))
    arguments = [*options, source, "-o", output, "--state", state]
    assert run(arguments, "", cwd=tmp_path).returncode == 6  # line 8 is no turn
    with source.open("a") as file:
        file.write("\n" + "\n".join(LINES[9:]))
    run(arguments, "", cwd=tmp_path)
    assert output.read_text().splitlines() == expected
    assert run([*arguments, "--follow", source], "", cwd=tmp_path).returncode == 2
    assert run([*options, tmp_path], "", cwd=tmp_path).returncode == 4


def test_one_session_needs_no_id(options: list[object], tmp_path: Path) -> None:
    lines = '{"role": "user", "content": "I trust you."}\n{"role": "user", "content": "No.", "session_id": "b"}\n'
    done = run([*options, "--map", "text=content", "--session", "a"], lines, cwd=tmp_path)
    assert [json.loads(line)["session_id"] for line in done.stdout.splitlines()] == ["a", "b"]
    done = run([*options, "--map", "text=content"], lines.splitlines()[0] + "\n", cwd=tmp_path)
    assert "--session NAME" in json.loads(done.stdout)["problem"]
    assert "no line was a turn" in done.stderr


@pytest.mark.parametrize(("keys", "session"), [({"texts": "content"}, None), ({}, ""), ({}, "\ud800"), ({}, "a" * 257)])
def test_names_that_make_no_sense_are_refused(keys: dict[str, str], session: str | None) -> None:
    with pytest.raises(ParameterError):
        Names(keys, {}, session)


def test_an_output_that_takes_no_more_is_named(options: list[object], tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text("\n".join(LINES))
    process = subprocess.Popen(
        command(*options, source), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert "standard output: its reader has gone" in process.stderr.read()
    process.stderr.close()
    assert process.wait(30) == 4
    full = run([*options, source, "-o", "/dev/full"], "", cwd=tmp_path)
    assert full.returncode == 4
    assert "/dev/full: cannot be written: No space left" in full.stderr


def test_idle_sessions_are_put_aside_and_come_back(tiny_scorer: ak.Scorer, tmp_path: Path) -> None:
    for folder in (None, tmp_path / "state"):
        store = SessionStore(tiny_scorer, None, folder=folder, active=10)
        for turn in range(300):
            name = f"s{turn % 100}"
            turns = ScoredTurn("patient", 3, None, (0.1, 0.2, 0.3, 0.2), None)
            state = store.find_or_fresh(name)
            state.include(turns)
            store.put(name, state)
            if store.durable and turn % 7 == 0:
                store.write(store.take_changed())
            store.put_idle_aside()
        assert store.in_memory <= 10 + 7 * store.durable
        assert [store.find_or_fresh(f"s{number}").next_index for number in range(100)] == [3] * 100
        store.close()


def test_many_are_put_aside_at_a_time(tiny_scorer: ak.Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SessionStore(tiny_scorer, None, active=80)
    written: list[int] = []
    write = store.write

    def count(rows: list[tuple[str, str]]) -> None:
        written.append(len(rows))
        write(rows)

    monkeypatch.setattr(store, "write", count)
    for number in range(500):
        store.put(f"s{number}", store.find_or_fresh(f"s{number}"))
        store.put_idle_aside()
        assert store.in_memory <= 80
    assert min(written) > 80 // AT_A_TIME
    assert sum(written) + store.in_memory == 500
    store.close()


def test_a_folder_is_for_one_process_and_one_reference(
    tiny_scorer: ak.Scorer, tiny_reference: Reference, tmp_path: Path
) -> None:
    store = SessionStore(tiny_scorer, tiny_reference, folder=tmp_path / "state", active=10)
    with pytest.raises(FileAccessError, match="another process"):
        SessionStore(tiny_scorer, tiny_reference, folder=tmp_path / "state", active=10)
    store.close()
    with pytest.raises(DataError):
        SessionStore(tiny_scorer, None, folder=tmp_path / "state", active=10)


def test_a_damaged_folder_is_said_to_be_so(tiny_scorer: ak.Scorer, tmp_path: Path) -> None:
    (tmp_path / "sessions.sqlite").write_bytes(b"no database" * 1000)
    with pytest.raises(IntegrityError):
        SessionStore(tiny_scorer, None, folder=tmp_path, active=10)
