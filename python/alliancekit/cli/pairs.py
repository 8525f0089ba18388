"""Options of the form ``left=right``, given as often as needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def column_pairs(values: Sequence[str] | None) -> dict[str, str]:
    """Read ``--map canonical=name``; the name in the data may hold further ``=``.

    >>> column_pairs(["text=utterance_text", "role=who=what"])
    {'text': 'utterance_text', 'role': 'who=what'}

    """
    return _pairs((value.partition("=") for value in values or ()), "--map", "canonical=name, as in text=utterance")


def role_pairs(values: Sequence[str] | None) -> dict[str, str]:
    """Read ``--roles name=role``; the name in the data may hold further ``=``.

    >>> role_pairs(["SPEAKER_00=therapist"])
    {'SPEAKER_00': 'therapist'}

    """
    return _pairs((value.rpartition("=") for value in values or ()), "--roles", "name=role, as in coach=therapist")


def rating_pairs(values: Sequence[str] | None) -> dict[str, str] | None:
    """Read ``--rating column=role_scale``; None where it is not given.

    >>> rating_pairs(["WAI_C_B=patient_bond"])
    {'WAI_C_B': 'patient_bond'}

    """
    if not values:
        return None
    parts = (value.rpartition("=") for value in values)
    return _pairs(parts, "--rating", "column=role_scale, as in WAI_C_B=patient_bond")


def _pairs(parts: Iterable[tuple[str, str, str]], option: str, form: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for left, _, right in parts:
        if not left or not right:
            raise typer.BadParameter(f"'{left or right}' is not of the form {form}.", param_hint=option)
        if left in found:
            raise typer.BadParameter(f"'{left}' is given twice.", param_hint=option)
        found[left] = right
    return found
