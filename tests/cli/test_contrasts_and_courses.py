"""`alliance compare`, `convergence`, `trajectories`: their own options, and what they print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.conftest import TURNS

from alliancekit.cli import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeStats


def words(text: str) -> str:
    return " ".join(text.split())


def test_compare_passes_on_what_is_compared(alliance: Callable[..., Ended], stats: FakeStats, scores: Path) -> None:
    options = ["--reference", "anxiety", "--reference", "rest", "--measure", "closing_rate", "--covariate", "n_turns"]
    assert alliance("compare", scores, "--target", "suicidality", *options, "--largest").code == ExitCode.CLEAN
    wanted = {
        "by": "condition",
        "target": "suicidality",
        "reference": ["anxiety", "rest"],
        "measures": ("closing_rate",),
        "covariates": ("n_turns",),
        "largest": True,
        "weight": "session",
        "form": "own",
    }
    assert {name: stats.asked[name] for name in wanted} == wanted


def test_compare_asks_for_gap_and_misalignment_by_default(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    assert alliance("compare", scores, "--target", "suicidality", "--by", "a", "--by", "b").code == ExitCode.DATA
    assert alliance("compare", scores, "--target", "suicidality").code == ExitCode.CLEAN
    missing = alliance("compare", scores, "--target", "suicidality", "--covariate", "n_turn")
    assert (missing.code, "Nearest: 'n_turns'" in missing.err) == (ExitCode.DATA, True)
    assert stats.asked["measures"] == ("gap", "misalignment")
    assert (stats.asked["reference"], stats.asked["covariates"], stats.asked["largest"]) == (None, (), False)


def test_compare_needs_a_target_and_conditions(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path, tmp_path: Path
) -> None:
    without = alliance("compare", scores)
    assert (without.code, "--target" in without.err) == (ExitCode.USAGE, True)
    TURNS.rename({"warmth": "bond"}).write_csv(tmp_path / "s.csv")
    unlabelled = alliance("compare", tmp_path / "s.csv", "--target", "suicidality")
    assert (unlabelled.code, stats.asked) == (ExitCode.DATA, {})
    assert "Say with --by which column" in unlabelled.err


def test_compare_prints_a_table_a_measure(alliance: Callable[..., Ended], stats: FakeStats, scores: Path) -> None:
    out = alliance("compare", scores, "--target", "suicidality").out
    assert stats.asked
    gap, misalignment = out.split("misalignment of suicidality against")
    assert gap.startswith("gap of suicidality against")
    row = next(line for line in gap.splitlines() if "[red]" in line)
    assert row.split()[1:] == ["warmth", "0.1765", "[-0.0100,", "0.4000]", "<0.001", "<0.001", "0.50", "12:939"]
    assert "1:2" in misalignment
    assert "one session: no interval (misalignment; d\N{FAMILY})" in misalignment
    assert "difference = target - reference" in words(misalignment)


def test_convergence_passes_on_margin_and_coupling(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    coupled = alliance("convergence", scores)
    assert coupled.code == ExitCode.CLEAN
    row = next(line for line in coupled.out.split("\ncoupling\n")[1].splitlines() if "[red]" in line)
    assert row.split()[1:] == ["warmth", "0.21", "[0.11,", "0.31]", "0.01", "0.002", "0.004", "11"]
    assert (stats.asked["margin"], stats.asked["coupling"], stats.asked["by"]) == (0.2, True, ["condition"])
    ended = alliance("convergence", scores, "--margin", 0.1, "--no-coupling", "--weight", "cluster")
    assert (stats.asked["margin"], stats.asked["coupling"], stats.asked["weight"]) == (0.1, False, "cluster")
    assert "mismatched" not in ended.out
    row = next(line for line in ended.out.splitlines() if "[red]" in line)
    assert row.split()[1:5] == ["warmth", "converging", "0.1765", "[-0.0100,"]
    assert "positive where the two sides come closer" in words(ended.out)


def test_trajectories_print_the_gap_beside_the_two_sides(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    ended = alliance("trajectories", scores, "--bins", 2)
    assert (stats.asked["bins"], stats.asked["over"]) == (2, "u")
    rows = [line.split()[1:] for line in ended.out.splitlines() if "warmth" in line]
    interval = ["[-0.0100,", "0.4000]", "[-0.0200,", "0.5000]"]
    assert rows[0] == ["warmth", "0.25", "0.1000", "0.3000", "0.2000", *interval, "12"]
    assert rows[1] == ["warmth", "0.75", "-", "0.4000", "-", "-", "-", "0"]
    assert "no session (patient, gap)" in words(ended.out)


def test_trajectories_over_a_treatment_number_the_sessions(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    ended = alliance("trajectories", scores, "--over", "session_number")
    assert stats.asked["over"] == "session_number"
    assert "session" in ended.out.splitlines()[0].split()
    assert alliance("trajectories", scores, "--over", "time").code == ExitCode.USAGE
