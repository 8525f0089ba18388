"""`table.alliance`: known from the import of alliancekit on, and loaded when it is first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from alliancekit.reporting.view import View


def _view(frame: pl.DataFrame) -> View:
    from alliancekit.reporting.view import View  # noqa: PLC0415 - a table that is not looked at needs no reporting

    return View(frame)


# Polars calls what is registered with the frame: a class is the usual thing, and a function does as well.
pl.api.register_dataframe_namespace("alliance")(_view)  # type: ignore[arg-type]  # it is typed for classes
