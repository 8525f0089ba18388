"""From sections to one HTML file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from alliancekit._native import __version__
from alliancekit.reporting.apa.html import table_html
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.page.policy import embedded, policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jinja2 import Environment

    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.apa.table import Table
    from alliancekit.reporting.page.blocks import Section
    from alliancekit.reporting.plots.picture import Picture

TITLE = "Working alliance in the language of patient and therapist"


def render(sections: Sequence[Section], analysis: Analysis, *, title: str | None) -> str:
    """Write the page; everything that comes from data is escaped by the template or by what is marked safe here."""
    from markupsafe import Markup  # noqa: PLC0415 - comes with the templates, which few need

    environment = _environment()
    marks = _marks(analysis)

    def svg(picture: Picture) -> Markup:
        return Markup(_marked(picture, marks).svg(background="none"))  # noqa: S704 - built as a tree, so escaped

    def table(found: Table) -> Markup:
        return Markup(table_html(found, marks=marks))  # noqa: S704 - escapes every word

    style, script = (environment.get_template(name).render() for name in ("style.css", "script.js"))
    page: str = environment.get_template("page.html").render(
        title=title or TITLE,
        version=__version__,
        sections=sections,
        conditions=[(mark, label) for label, mark in marks.items()],
        marks=marks,
        policy=policy(style, script),
        style=Markup(style),  # noqa: S704 - ours
        script=Markup(script),  # noqa: S704 - ours
        results=Markup(embedded(_tables(analysis))),  # noqa: S704 - escaped for where it stands
        svg=svg,
        table=table,
    )
    return page


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - as above

    return Environment(
        loader=PackageLoader("alliancekit.reporting"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _marks(analysis: Analysis) -> dict[str, str]:
    """Number the conditions: a label from data is never an attribute that a script reads."""
    labels = [shown(label) for label in analysis.coverage.conditions["label"].to_list()]
    return {label: f"c{at}" for at, label in enumerate(dict.fromkeys(labels))}


def _marked(picture: Picture, marks: Mapping[str, str]) -> Picture:
    numbered = {gid: replace(mark, group=marks.get(mark.group or "")) for gid, mark in picture.marks.items()}
    return replace(picture, marks=numbered)


def _tables(analysis: Analysis) -> dict[str, Any]:
    names = ("overall", "by_condition", "contrast", "trajectories", "convergence")
    return {name: getattr(analysis, name) for name in names}
