"""A guess of roles is offered with its evidence, used on request alone, and recorded."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from alliancekit.errors import RoleError
from alliancekit.readers import read
from alliancekit.readers.steps.guess import guess_session
from alliancekit.readers.steps.talk import Talk

ANNOMI = Path(__file__).parents[3] / "shared" / "data" / "AnnoMI-simple.csv"
TALK = [
    ("SPEAKER_00", "How was the week?"),
    ("SPEAKER_01", "It was long, and I did not sleep much, I must say."),
    ("SPEAKER_00", "What kept you awake?"),
    ("SPEAKER_01", "My work, and then the walk I did not take."),
    ("SPEAKER_00", "Did you walk?"),
    ("SPEAKER_01", "Once."),
]
ROLES = {"SPEAKER_00": "therapist", "SPEAKER_01": "patient"}


def write(folder: Path, turns: list[tuple[str, str]], *, session: str = "s1", name: str = "talk.parquet") -> Path:
    frame = pl.DataFrame(turns, schema=["role", "text"], orient="row")
    keys = {"session_id": pl.lit(session), "turn_index": pl.int_range(pl.len())}
    frame.with_columns(**keys).write_parquet(folder / name)
    return folder / name


def test_it_is_offered_with_its_evidence_and_flags(tmp_path: Path) -> None:
    with pytest.raises(RoleError) as raised:
        read(write(tmp_path, TALK))
    assert str(raised.value).endswith(
        "A guess: 'SPEAKER_00' is the therapist (asks in 3 of 3 turns, 11 words), 'SPEAKER_01' is the patient (asks in "
        "0 of 3 turns, 23 words): the therapist is taken to be the one who asks more and talks less. If it is right: "
        "--roles SPEAKER_00=therapist --roles SPEAKER_01=patient; or take the guesses with guess_roles=True "
        "(command line: --guess-roles)."
    )


def test_it_is_used_on_request_and_recorded(tmp_path: Path) -> None:
    result = read(write(tmp_path, TALK), guess_roles=True)
    assert result.turns["role"].to_list() == ["therapist", "patient"] * 3
    assert [(problem.code, problem.severity) for problem in result.problems] == [("roles_guessed", "note")]
    assert "for session 's1': 'SPEAKER_00' is the therapist (asks in 3 of 3 turns" in result.problems[0].message
    apart = read(write(tmp_path, TALK), guess_roles=True, batch_rows=1)
    assert (apart.turns.rows(), apart.problems) == (result.turns.rows(), result.problems)


def test_each_session_has_its_own(tmp_path: Path) -> None:
    swapped = [("SPEAKER_01" if who == "SPEAKER_00" else "SPEAKER_00", said) for who, said in TALK]
    paths = [
        write(tmp_path, TALK, session="a", name="a.parquet"),
        write(tmp_path, swapped, session="b", name="b.parquet"),
    ]
    pl.concat([pl.read_parquet(path) for path in paths]).write_parquet(tmp_path / "both.parquet")
    result = read(tmp_path / "both.parquet", guess_roles=True)
    assert result.turns["role"].to_list() == ["therapist", "patient"] * 6
    assert [problem.code for problem in result.problems] == ["roles_guessed"] * 2
    with pytest.raises(RoleError, match="A guess for 2 of 2 sessions, of the first: 'SPEAKER_00' is the therapist"):
        read(tmp_path / "both.parquet")


def test_names_that_say_it_are_not_guessed(tmp_path: Path) -> None:
    turns = [
        ("client", "How? Why? What?"),
        ("client", "When?"),
        ("client", "Who?"),
        ("Anna", "Yes."),
        ("observer", "?"),
    ]
    result = read(write(tmp_path, turns), guess_roles=True)
    assert result.turns["role"].to_list() == ["patient"] * 3 + ["therapist"]
    assert "the other of two speakers is the patient" in result.problems[0].message
    assert read(write(tmp_path, turns), guess_roles=True, roles={"anna": "patient"}).turns["role"][3] == "patient"


def test_no_guess_is_no_guess(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match=r"No guess could be made: the two ask and talk about as much \(session 's1'\)"):
        read(write(tmp_path, [("A", "Yes, it is so."), ("B", "No, not so much.")] * 3), guess_roles=True)
    with pytest.raises(RoleError, match="there are 3 speakers, and a guess is for two"):
        read(write(tmp_path, [("A", "x"), ("B", "y"), ("D", "z")]), guess_roles=True)


def test_what_may_be_a_text_is_not_quoted(tmp_path: Path) -> None:
    with pytest.raises(RoleError) as raised:
        read(write(tmp_path, [("What? Zebrafinch", "x?"), ("I see, zebrafinch", "y")] * 3))
    assert "zebrafinch" not in str(raised.value).lower()


@pytest.mark.parametrize(
    ("names", "therapist"), [(("T", "C"), "T"), (("P:", "T:"), "T:"), (("C", "P"), "C"), (("T1", "P1"), "T1")]
)
def test_single_letters_are_a_convention_in_pairs(names: tuple[str, str], therapist: str) -> None:
    guess = guess_session([Talk(name, 9, 3, 100) for name in names], {})
    assert [name for name, role in guess.roles.items() if role == "therapist"] == [therapist]


@pytest.mark.parametrize(
    ("one", "other", "therapist", "doubtful"),
    [
        ((10, 6, 90), (9, 1, 300), "A", False),
        ((10, 6, 900), (9, 1, 300), "A", True),
        ((10, 0, 90), (9, 0, 300), "A", True),
        ((10, 2, 300), (9, 0, 90), "B", True),
        ((10, 5, 110), (9, 5, 90), None, False),
    ],
)
def test_who_asks_more_is_the_therapist_else_who_talks_less(
    one: tuple[int, int, int], other: tuple[int, int, int], therapist: str | None, *, doubtful: bool
) -> None:
    guess = guess_session([Talk("A", *one), Talk("B", *other)], {})
    assert [name for name, role in guess.roles.items() if role == "therapist"] == ([therapist] if therapist else [])
    assert guess.doubtful is doubtful


def test_without_question_marks_openings_count(tmp_path: Path) -> None:
    turns = [(who, said.rstrip("?.")) for who, said in TALK]
    assert read(write(tmp_path, turns), guess_roles=True).turns["role"].to_list() == ["therapist", "patient"] * 3
