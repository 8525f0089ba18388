"""A result as a table and as a picture, in a notebook and as a file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl
import pytest

import alliancekit as ak
from alliancekit.errors import DataError, MissingExtraError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RESULTS: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
    "sessions": ak.sessions,
    "gap": lambda turns: ak.gap(turns, by="condition", resamples=99),
    "compare": lambda turns: ak.compare(turns, target="grief", measures="gap", resamples=99),
    "trajectories": lambda turns: ak.trajectories(turns, by="condition", bins=2, resamples=99),
    "convergence": lambda turns: ak.convergence(turns, coupling=False, resamples=99),
    "effects": lambda turns: ak.mixed_model(turns, by=None, bins=3).effects,
}


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_renders_and_plots(name: str, one_scale: pl.DataFrame) -> None:
    table = RESULTS[name](one_scale)
    view = ak.view(table)
    html = view._repr_html_()
    assert html.startswith("<table")
    assert html.count("<tr") == min(table.height, 50) + 1
    svg = view.plot()._repr_svg_()
    assert re.search(r'<svg [^>]*width="[1-9]\d+" height="[1-9]\d+"', svg)
    assert 'fill="#ffffff"' in svg, "a notebook may be dark"
    assert repr(view) == view.markdown()


def test_the_namespace_gives_the_same_view_of_a_plain_frame(one_scale: pl.DataFrame) -> None:
    table = ak.gap(one_scale, resamples=99)
    assert type(table) is pl.DataFrame
    assert table.filter(scale="task").alliance.html() == ak.view(table).html()  # type: ignore[attr-defined] # a namespace


def test_no_text_of_a_turn_is_in_a_view(one_scale: pl.DataFrame) -> None:
    talk = one_scale.with_columns(text=pl.lit("I hid it, and then I cried"), remark=pl.lit("she said, twice"))
    for make in RESULTS.values():
        view = ak.view(make(talk))
        shown = view.html() + view.markdown() + view.latex() + view.plot().svg()
        assert "cried" not in shown
        assert "she said" not in shown


@pytest.mark.parametrize("table", [pl.DataFrame(), pl.DataFrame({"scale": ["task"], "text": ["I cried, alone"]})])
def test_what_is_no_result_is_refused_without_showing_it(table: pl.DataFrame) -> None:
    with pytest.raises(DataError, match="no result of alliancekit") as error:
        ak.view(table).html()
    assert "cried" not in str(error.value)
    with pytest.raises(DataError, match="no result"):
        ak.view(table).plot()


def test_pictures_that_cannot_be_read_are_refused(one_scale: pl.DataFrame) -> None:
    mixed = ak.compare(one_scale, target="grief", resamples=99)
    with pytest.raises(DataError, match="different units"):
        ak.view(mixed).plot()
    many = pl.concat([ak.gap(one_scale, by="condition", resamples=99)] * 60)
    with pytest.raises(DataError, match="can't be read"):
        ak.view(many).plot()
    with pytest.raises(DataError, match="not drawn"):
        ak.view(ak.mixed_model(one_scale, by=None, bins=3).variances).plot()


@pytest.mark.parametrize(("suffix", "start"), [(".svg", b"<svg "), (".pdf", b"%PDF-"), (".png", b"\x89PNG")])
def test_pictures_are_the_same_bytes_each_time(
    suffix: str, start: bytes, one_scale: pl.DataFrame, tmp_path: Path
) -> None:
    picture = ak.view(ak.gap(one_scale, resamples=99)).plot()
    for name in ("a", "b"):
        picture.save(tmp_path / f"{name}{suffix}")
    first, second = ((tmp_path / f"{name}{suffix}").read_bytes() for name in ("a", "b"))
    assert first == second
    assert first.startswith(start)


def test_files_of_other_kinds_are_refused(one_scale: pl.DataFrame, tmp_path: Path) -> None:
    view = ak.view(ak.gap(one_scale, resamples=99))
    with pytest.raises(ParameterError, match=r"\.svg, \.pdf, \.png"):
        view.plot().save(tmp_path / "a.gif")
    with pytest.raises(ParameterError, match=r"\.html, \.md, \.tex"):
        view.save(tmp_path / "a.docx")


def test_without_matplotlib_tables_still_render(one_scale: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliancekit.extras.find_spec", lambda _: None)
    view = ak.view(ak.gap(one_scale, resamples=99))
    assert "<table" in view.html()
    with pytest.raises(MissingExtraError, match=r"alliancekit\[report\]"):
        view.plot()
    with pytest.raises(MissingExtraError, match=r"alliancekit\[report\]"):
        ak.report(one_scale, "report.html")


def test_tables_for_papers_escape_what_their_format_would_run(one_scale: pl.DataFrame) -> None:
    label = r"50% \input{x} a_b <b> | [x](y) $1$"
    view = ak.view(ak.gap(one_scale.with_columns(condition=pl.lit(label)), by="condition", resamples=99))
    latex = view.latex()
    assert r"50\% \textbackslash{}input\{x\} a\_b \textless{}b\textgreater{} \textbar{} {[}x{]}(y) \$1\$" in latex
    assert r"50% \\input{x} a\_b \<b\> \| [x]\(y) \$1\$" in view.markdown()
    assert r"50% \input{x} a_b &lt;b&gt; | [x](y) $1$" in view.html()


def test_apa_style_of_numbers() -> None:
    row = {"scale": "task", "patient_mean": -0.5, "therapist_mean": 0.25, "gap": 0.75, "ci_low": -0.125, "ci_high": 1.5}
    more = {"p_value": 0.0004, "p_adjusted": 0.0364, "effect_size": 0.5, "misalignment": None, "n_sessions": 1234}
    table = ak.view(pl.DataFrame([row | more | {"note": "few clusters"}])).table(confidence=0.9)
    assert [cell.text for cell in table.rows[0]] == [
        *("task", "−0.500", "0.250", "0.750", "[−0.125, 1.500]", "< .001", ".036", "0.50", "–", "1,234"),
    ]
    assert [heading.text for heading in table.headings][4] == "90% CI"
    assert table.notes[-1] == "Few clusters."
