"""How commands end: one code a kind of error, one readable block, no file left half written."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from alliancekit import errors
from alliancekit.cli import ExitCode, main
from alliancekit.cli.exit_codes import exit_code

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeScorer


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ParameterError(), ExitCode.USAGE),
        (errors.MissingExtraError(), ExitCode.USAGE),
        (errors.DataError(), ExitCode.DATA),
        (errors.ColumnError(), ExitCode.DATA),
        (errors.RoleError(), ExitCode.DATA),
        (errors.InventoryError(), ExitCode.DATA),
        (errors.EncoderError(), ExitCode.DATA),
        (errors.FileAccessError(), ExitCode.IO),
        (errors.RuntimeLibraryError(), ExitCode.IO),
        (FileNotFoundError(), ExitCode.IO),
        (errors.BundleError(), ExitCode.INTEGRITY),
        (errors.IntegrityError(), ExitCode.INTEGRITY),
        (errors.ForkError(), ExitCode.INTERNAL),
        (ZeroDivisionError(), ExitCode.INTERNAL),
        (KeyboardInterrupt(), ExitCode.INTERRUPTED),
    ],
)
def test_each_kind_of_error_has_its_code(error: BaseException, code: ExitCode) -> None:
    assert exit_code(error) is code


def test_no_error_of_ours_is_without_a_code_of_its_own() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    internal = {kind for kind in kinds if exit_code(kind()) is ExitCode.INTERNAL}
    assert internal == {errors.AllianceError, errors.ForkError}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--version"], ExitCode.CLEAN, "alliancekit "),
        (["--help"], ExitCode.CLEAN, "Commands:"),
        (["scor"], ExitCode.USAGE, "score"),
        (["score", "TALK"], ExitCode.USAGE, "--output"),
        (["score", "TALK", "-o", "s.xlsx"], ExitCode.USAGE, "ends in .parquet or .csv"),
        (["score", "TALK", "-o", "s.csv", "--map", "text"], ExitCode.USAGE, "canonical=name"),
        (["score", "TALK", "-o", "s.csv", "--map", "text=a", "--map", "text=b"], ExitCode.USAGE, "given twice"),
        (["score", "TALK", "-o", "s.csv", "--map", "txt=a"], ExitCode.USAGE, "Did you mean 'text'?"),
        (["score", "TALK", "-o", "s.csv", "--roles", "a=doctor"], ExitCode.USAGE, "which is no role"),
        (["score", "TALK", "-o", "s.csv", "--threads", "0"], ExitCode.USAGE, "--threads"),
        (["score", "TALK", "-o", "s.csv", "--forms", "both"], ExitCode.USAGE, "--forms"),
        (["score", "TALK", "-o", "s.csv", "--map", "text=said"], ExitCode.DATA, "'said' (mapped to 'text')"),
        (["score", "none.csv", "-o", "s.csv"], ExitCode.IO, "no such file or folder"),
        (["score", "TALK", "-o", "none/s.csv"], ExitCode.IO, "there is no folder 'none'"),
        (["score", "TALK", "-o", "s.csv", "--bundle", "none"], ExitCode.IO, "is not a model bundle"),
        (["gap", "none.parquet"], ExitCode.IO, "cannot be read"),
        (["gap", "none.docx"], ExitCode.DATA, "no reader for '.docx'"),
    ],
)
@pytest.mark.usefixtures("stats")
def test_commands_end_with_the_code_and_say_why(  # noqa: PLR0913, PLR0917 - pytest passes them by name
    alliance: Callable[..., Ended],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    talk: Path,
    arguments: list[str],
    code: ExitCode,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = alliance(*(talk.name if argument == "TALK" else argument for argument in arguments))
    assert ended.code == code
    assert said in (ended.err if code else ended.out)
    assert "Traceback" not in ended.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["talk.csv"]


def stop(number: signal.Signals) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        (signal.SIGINT, ExitCode.INTERRUPTED, "Interrupted.\n"),
        (signal.SIGTERM, ExitCode.TERMINATED, "Terminated.\n"),
    ],
)
def test_a_signal_ends_with_its_code_and_leaves_nothing(  # noqa: PLR0913, PLR0917 - pytest passes them by name
    alliance: Callable[..., Ended],
    fake_scorer: type[FakeScorer],
    monkeypatch: pytest.MonkeyPatch,
    talk: Path,
    number: signal.Signals,
    code: ExitCode,
    said: str,
) -> None:
    monkeypatch.setattr(fake_scorer, "during", staticmethod(stop(number)))
    before = signal.getsignal(number)
    ended = alliance("score", talk, "-o", talk.with_name("s.parquet"))
    assert (ended.code, ended.err) == (code, said)
    assert sorted(path.name for path in talk.parent.iterdir()) == ["bundle", "talk.csv"]
    assert signal.getsignal(number) is before


@pytest.mark.parametrize("command", [["check"], ["score", "-o", "s.csv"]], ids=lambda command: str(command[0]))
def test_ctrl_c_while_reading_ends_with_its_code(
    alliance: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, talk: Path, command: list[str]
) -> None:
    monkeypatch.chdir(talk.parent)
    monkeypatch.setattr("alliancekit.readers.formats.delimited.check", lambda *_: stop(signal.SIGINT)())
    ended = alliance(command[0], talk, *command[1:])
    assert (ended.code, ended.out, ended.err) == (ExitCode.INTERRUPTED, "", "Interrupted.\n")
    assert [path.name for path in talk.parent.iterdir()] == ["talk.csv"]


def test_ctrl_c_while_the_command_is_loaded_ends_with_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("alliancekit.cli._run", lambda _: stop(signal.SIGINT)())
    assert main(["check", "talk.csv"]) == ExitCode.INTERRUPTED
    assert capsys.readouterr().err == "Interrupted.\n"


def refuse(text: str) -> None:
    raise ValueError(f"could not parse `{text}`")


def fail() -> None:
    text = "zebra" + "finch"
    try:
        refuse(text)
    except ValueError as error:
        raise ZeroDivisionError(text) from error


@pytest.mark.parametrize("debug", [[], ["--debug"]], ids=["plain", "debug"])
def test_an_internal_error_shows_no_message_and_no_locals(
    alliance: Callable[..., Ended],
    fake_scorer: type[FakeScorer],
    monkeypatch: pytest.MonkeyPatch,
    talk: Path,
    debug: list[str],
) -> None:
    monkeypatch.setattr(fake_scorer, "during", staticmethod(fail))
    ended = alliance(*debug, "score", talk, "-o", talk.with_name("s.parquet"))
    assert ended.code == ExitCode.INTERNAL
    assert "internal error, ZeroDivisionError at " in ended.err
    assert ("in fail" in ended.err) is bool(debug)
    assert "zebrafinch" not in ended.err
