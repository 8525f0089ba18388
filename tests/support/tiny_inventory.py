"""A small inventory, as text: two items of each key a scale, so that every method is allowed."""

from __future__ import annotations

from typing import Final

SCALES: Final = ("task", "bond", "goal")

HEADER: Final = """\
format_version = 1
name = "tiny"
version = "1"
language = "en"
license = "CC0-1.0"
scales = ["task", "bond", "goal"]
"""


def item(identity: str, scale: str, key: int, *, disagree: bool = True) -> str:
    """Return one item, with two sentences a pole and form."""
    return f"""
[[items]]
id = "{identity}"
scale = "{scale}"
key = {key}
statement = "Statement {identity}"
[items.patient]
agree = ["I agree on {identity}.", "You and I work on {identity} together."]
{_disagree(f'"I do not agree on {identity}.", "You never work on {identity}."') if disagree else ""}
[items.therapist]
agree = ["We agree on {identity}.", "I always work on {identity} with you."]
{_disagree(f'"We do not agree on {identity}.", "I never work on {identity}."') if disagree else ""}
"""


BESIDE: Final = """
[[beside]]
id = "bus"
form = "patient"
sentences = ["The bus was late.", "It rained all day."]

[[beside]]
id = "bill"
form = "therapist"
sentences = ["The bill comes by post."]
"""


def example(scale: str, form: str) -> str:
    """Return an example of one form, with two sentences a pole."""
    return f"""
[[examples]]
id = "{scale}-{form}"
scale = "{scale}"
form = "{form}"
agree = ["We do the {scale} work.", "You never harm the {scale}, I always trust you."]
disagree = ["We do not do the {scale} work.", "I never trust you with the {scale}."]
"""


def gated_inventory() -> str:
    """Return the text of the inventory with examples and beside sentences, so that `gated` is allowed too."""
    examples = [example(scale, form) for scale in SCALES for form in ("patient", "therapist")]
    return tiny_inventory() + "".join(examples) + BESIDE


def tiny_inventory(*, disagree: bool = True, keys: tuple[int, ...] = (1, -1, 1, -1)) -> str:
    """Return the text of the inventory: an item of each key of `keys` a scale."""
    items = [
        item(f"{scale}-{number}", scale, key, disagree=disagree)
        for scale in SCALES
        for number, key in enumerate(keys, 1)
    ]
    return HEADER + "".join(items)


def _disagree(sentences: str) -> str:
    return f"disagree = [{sentences}]"
