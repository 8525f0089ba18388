"""What a run makes: the same as `Scorer.score`, whatever the parts, and what it refuses."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from tests.support.corpus_run import contents, run, write_corpus
from tests.support.fake_scorer import FakeScorer

import alliancekit as ak
from alliancekit.corpus.layout import Layout
from alliancekit.corpus.lock import locked
from alliancekit.errors import ColumnError, DataError, FileAccessError, IntegrityError, ParameterError
from alliancekit.storage import DISK

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "session_id,turn_index,role,text\n"


@pytest.mark.parametrize("shard_turns", [2, 7, 10, 1000])
def test_the_parts_together_are_what_the_scorer_gives(tmp_path: Path, shard_turns: int) -> None:
    corpus = write_corpus(tmp_path / "in", bad=False)
    made = run(corpus, tmp_path / "out", shard_turns=shard_turns)
    expected = FakeScorer(tmp_path / "bundle").score(ak.read(corpus).turns)
    assert_frame_equal(ak.scan_scores(made.folder).collect(), expected)
    assert made.manifest["totals"]["turns"] == expected.height
    sessions = [set(pl.read_parquet(path)["session_id"]) for path in sorted(made.folder.glob("*.parquet"))]
    assert sum(map(len, sessions)) == len(set.union(*sessions)) == 9


def test_a_session_that_is_too_long_is_cut(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("role,text\n" + "client,Yes.\n" * 95)
    made = run(folder, tmp_path / "out")
    assert [part["turns"] for part in made.manifest["parts"]] == [80, 15]
    assert made.manifest["totals"]["sessions_again"] == 1


def test_long_texts_end_a_part_sooner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliancekit.corpus.parts.MOST_BYTES", 1000)
    folder = tmp_path / "in"
    folder.mkdir()
    rows = "".join(f"s{n},0,client,{'so ' * 150}\n" for n in range(9))
    (folder / "a.csv").write_text(HEADER + rows)
    made = run(folder, tmp_path / "out", shard_turns=1000, keep_text=True)
    assert [part["turns"] for part in made.manifest["parts"]] == [3, 3, 3]


def test_equal_texts_are_scored_once_in_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliancekit.corpus.reading.BATCH_ROWS", 10)
    corpus = write_corpus(tmp_path / "in", bad=False)
    made = run(corpus, tmp_path / "out")
    distinct = ak.read(corpus).turns["text"].fill_null("").n_unique()
    assert (made.status.new_texts, made.status.texts) == (distinct, 63)
    expected = FakeScorer(tmp_path / "bundle").score(ak.read(corpus).turns)
    assert_frame_equal(ak.scan_scores(made.folder).collect(), expected)


def test_bad_rows_are_named_and_the_rest_is_scored(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "a.csv").open("a") as file:
        file.write("s0,0,client,Again.,c0\ns2,99,,No speaker.,c0\n")
    made = run(corpus, tmp_path / "out")
    rows = pl.read_csv(made.folder / "quarantine.csv").rows()
    assert set(rows) == {
        ("a.csv", 22, "repeated_turn", None),
        ("a.csv", 23, "role_missing", None),
        ("b.parquet", 3, "role_unknown", None),
    }
    assert made.quarantined == {"repeated_turn": 1, "role_missing": 1, "role_unknown": 1}
    assert made.manifest["totals"]["turns"] == 41


def test_a_turn_that_stands_twice_is_found_across_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliancekit.corpus.reading.BATCH_ROWS", 2)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(HEADER + "".join(f"s,{n % 5},client,Turn {n}.\n" for n in range(9)))
    made = run(folder, tmp_path / "out")
    assert made.quarantined == {"repeated_turn": 4}
    with pytest.raises(DataError, match=r"a\.csv, row 6: repeated_turn"):
        run(folder, tmp_path / "strict", strict=True)


def test_strict_stops_at_the_first_bad_row_and_it_can_be_gone_on_without(corpus: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="row 3"):
        run(corpus, tmp_path / "out", strict=True, shard_turns=7)
    assert run(corpus, tmp_path / "out", shard_turns=7).quarantined == {"role_unknown": 1}


def test_a_file_that_cannot_be_read_is_quarantined_unless_it_is_the_first(corpus: Path, tmp_path: Path) -> None:
    whole = (corpus / "b.parquet").read_bytes()
    (corpus / "b.parquet").write_bytes(whole[: len(whole) // 2])
    made = run(corpus, tmp_path / "out")
    file, row, reason, message = pl.read_csv(made.folder / "quarantine.csv").row(0)
    assert (file, row, reason) == ("b.parquet", None, "unreadable")
    assert "not a Parquet file" in message
    with pytest.raises(DataError, match="not a Parquet file"):
        run(corpus, tmp_path / "strict", strict=True)
    (corpus / "a.csv").unlink()
    with pytest.raises(DataError, match="not a Parquet file"):
        run(corpus, tmp_path / "first")


@pytest.mark.parametrize(("most", "code"), [(100, "therapist_left_out"), (4, "presence_not_checked")])
def test_sessions_that_lose_a_role_are_said_as_far_as_memory_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, code: str
) -> None:
    monkeypatch.setattr("alliancekit.corpus.presence.MOST_SESSIONS", most)
    monkeypatch.setattr("alliancekit.corpus.reading.BATCH_ROWS", 2)
    folder = tmp_path / "in"
    folder.mkdir()
    rows = "".join(f"s{n},0,client,Yes.\ns{n},1,mother,No.\n" for n in range(9))
    (folder / "a.csv").write_text(HEADER + rows)
    made = run(folder, tmp_path / "out")
    assert made.manifest["problems"] == {"note:speaker_left_out": 1, f"warning:{code}": 1}


def test_a_wrong_mapping_is_an_error_and_not_a_quarantine(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text(HEADER + "s,0,SPK_0,Yes.\ns,1,SPK_1,No.\ns,2,SPK_0,Well.\n")
    with pytest.raises(DataError, match="--roles"):
        run(folder, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_column_where_the_scores_go_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.csv").write_text("role,text,task\nclient,Yes.,1\n")
    with pytest.raises(ColumnError, match="task"):
        run(folder, tmp_path / "out")


def test_two_runs_differ_in_the_volatile_file_alone(corpus: Path, tmp_path: Path, whole: tuple[object, object]) -> None:
    made = run(corpus, tmp_path / "elsewhere")
    assert contents(made.folder) == whole[0]
    assert "seconds" in json.loads((made.folder / "run.json").read_text())


def stopped(corpus: Path, output: Path) -> None:
    """Leave a run with its first part done."""

    class StopError(BaseException):
        pass

    class Stopping(type(DISK)):  # type: ignore[misc] # a class found at run time
        def rename(self, old: Path, new: Path) -> None:
            if new.name == "part-00001.parquet":
                raise StopError
            super().rename(old, new)

    with pytest.raises(StopError):
        run(corpus, output, storage=Stopping())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("a", "input a.csv has changed"),
        ("gone", "input b.parquet is missing"),
        ("new", "input c.csv is new"),
        ("config", "configuration forms has changed"),
        ("choices", "configuration merge is new"),
        ("bundle", r"bundle bundle\.json has changed"),
    ],
)
def test_another_input_configuration_or_bundle_is_refused(corpus: Path, tmp_path: Path, change: str, said: str) -> None:
    stopped(corpus, tmp_path / "out")
    asked: dict[str, Any] = {}
    if change == "a":
        (corpus / "a.csv").write_text((corpus / "a.csv").read_text().replace("I said 0", "I said 9"))
    elif change == "gone":
        (corpus / "b.parquet").unlink()
    elif change == "new":
        (corpus / "c.csv").write_text("role,text\nclient,Yes.\n")
    elif change == "config":
        asked = {"forms": "all"}
    elif change == "choices":
        asked = {"choices": {"merge": True}}
    else:
        (tmp_path / "bundle" / "bundle.json").write_text("{ }")
    before = contents(tmp_path / "out")
    with pytest.raises(IntegrityError, match=said):
        run(corpus, tmp_path / "out", **asked)
    assert contents(tmp_path / "out") == before


def test_a_file_that_changes_while_it_is_read_ends_the_run(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = FakeScorer.refuse_clash

    def change(self: FakeScorer, turns: pl.DataFrame, forms: object) -> None:
        os.utime(corpus / "a.csv", (1, 1))
        inner(self, turns, forms)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(FakeScorer, "refuse_clash", change)
    monkeypatch.setattr("alliancekit.corpus.reading.BATCH_ROWS", 2)
    with pytest.raises(IntegrityError, match=r"a\.csv: was changed while it was read"):
        run(corpus, tmp_path / "out")


def test_a_second_writer_is_refused(corpus: Path, tmp_path: Path) -> None:
    stopped(corpus, tmp_path / "out")
    with (
        locked(Layout(tmp_path / "out"), DISK),
        pytest.raises(FileAccessError, match="another process writes to this folder"),
    ):
        run(corpus, tmp_path / "out")
    run(corpus, tmp_path / "out")


def test_a_folder_with_something_in_it_is_refused(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").touch()
    with pytest.raises(ParameterError, match="is not empty"):
        run(corpus, tmp_path / "mine", resume=False)
    run(corpus, tmp_path / "out")
    with pytest.raises(ParameterError, match="holds a complete run"):
        run(corpus, tmp_path / "out", resume=False)
    with pytest.raises(ParameterError, match="lies in the input folder"):
        run(corpus, corpus / "out")
    with pytest.raises(FileAccessError, match="No such file"):
        run(corpus, tmp_path / "none" / "out")
    stopped(corpus, tmp_path / "begun")
    with pytest.raises(ParameterError, match="alliance resume"):
        run(corpus, tmp_path / "begun", resume=False)


def test_a_complete_run_is_given_as_it_is_and_another_refused(corpus: Path, tmp_path: Path) -> None:
    first = run(corpus, tmp_path / "out")
    assert run(corpus, tmp_path / "out").manifest == first.manifest
    with pytest.raises(IntegrityError, match="configuration differ"):
        run(corpus, tmp_path / "out", shard_turns=21)


def test_a_damaged_part_is_not_gone_on_from(corpus: Path, tmp_path: Path) -> None:
    stopped(corpus, tmp_path / "out")
    flip(tmp_path / "out" / "part-00000.parquet", 100)
    with pytest.raises(IntegrityError, match=r"part-00000\.parquet: is not the file that was written"):
        run(corpus, tmp_path / "out")


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["part-00000.parquet", "part-00001.parquet", "manifest.json"])
@pytest.mark.parametrize("at", [0, 50, 171, -3])
def test_a_flipped_bit_is_found(corpus: Path, tmp_path: Path, name: str, at: int) -> None:
    made = run(corpus, tmp_path / "out")
    assert ak.verify_corpus(made.folder).ok
    flip(made.folder / name, at)
    try:
        verified = ak.verify_corpus(made.folder)
    except (IntegrityError, DataError):
        assert name == "manifest.json"
    else:
        assert [name in wrong for wrong in verified.wrong] == [True]


def test_a_missing_part_and_a_foreign_one_are_found(corpus: Path, tmp_path: Path) -> None:
    made = run(corpus, tmp_path / "out")
    (made.folder / "part-00000.parquet").rename(made.folder / "part-00009.parquet")
    wrong = ak.verify_corpus(made.folder).wrong
    assert len(wrong) == 2
    assert "is missing" in wrong[0]
    assert "belongs to no part" in wrong[1]
    with pytest.raises(IntegrityError, match="is missing"):
        ak.scan_scores(made.folder)


def test_an_unfinished_run_is_no_table(corpus: Path, tmp_path: Path) -> None:
    stopped(corpus, tmp_path / "out")
    for look in (ak.scan_scores, ak.verify_corpus):
        with pytest.raises(FileAccessError, match="not finished"):
            look(tmp_path / "out")


def test_a_run_moves_with_its_folder(tiny_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(tmp_path / "in")
    monkeypatch.chdir(tmp_path)
    begun = ak.score_corpus("in", "out", bundle=tiny_bundle, shard_turns=20, threads=1)
    shutil.copytree(begun.folder, "copy")
    monkeypatch.chdir(tmp_path / "in")
    again = ak.resume_corpus("../copy")
    assert again.manifest == begun.manifest
    elsewhere = ak.score_corpus(tmp_path / "in", tmp_path / "two", bundle=tiny_bundle, shard_turns=20, threads=2)
    assert contents(elsewhere.folder) == contents(tmp_path / "out")


def test_the_bytes_are_the_same_for_any_number_of_threads_of_polars(tiny_bundle: Path, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "in")
    for threads in ("1", "3"):
        command = [sys.executable, "-m", "alliancekit.cli", "score", str(corpus), "-o", str(tmp_path / threads)]
        done = subprocess.run(
            [*command, "--bundle", str(tiny_bundle), "--threads", threads],
            env={**os.environ, "POLARS_MAX_THREADS": threads},
            capture_output=True,
            check=False,
        )
        assert done.returncode == 6, done.stderr
    assert contents(tmp_path / "1") == contents(tmp_path / "3")
