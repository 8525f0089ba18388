"""Templates of inventory files: the key of a published form, and empty texts for its owner to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.inventory.items import FORMS

if TYPE_CHECKING:
    from alliancekit.inventory.keys import ScoringKey

HEAD = """\
# {title}: numbers, scales and keys, without the wording, which is copyrighted.
# If you have the right to use it: write each item's sentence between the quotes under `agree`, the patient's form and
# the therapist's, and a name for it under `statement`. Then
#   alliance inventory check {name}.toml
#   alliance model build --inventory {name}.toml -o {name}
# gives a bundle whose method `signed-sum` is the published one. Compare the numbers with your own copy first.
# `disagree` sentences (of your own, one or more that deny the item) allow `contrast` as well; with `[[beside]]` tables
# (`id`, `form`, `sentences`: what is said and is about no scale) `gated` too. Do not publish the filled-in file.
format_version = 1
name = "{title}"
version = "1"
language = "en"
license = "not to be redistributed"
scales = [{scales}]
"""

ITEM = """
[[items]]
id = "{scale}-{number:02}"
scale = "{scale}"
key = {key}
statement = ""
"""

FORM = """\
[items.{form}]
agree = [""]
"""


def template(key: ScoringKey) -> str:
    """Return the text of an inventory file with the numbers of `key` and empty texts.

    Example:
    >>> from alliancekit.inventory.keys import WAI_SR_12
    >>> template(WAI_SR_12).count("[[items]]")
    12

    """
    scales = ", ".join(f'"{scale}"' for scale in key.scales)
    items = [
        ITEM.format(scale=scale, number=number, key=sign) + "".join(FORM.format(form=form) for form in FORMS)
        for number, scale, sign in key.items
    ]
    return HEAD.format(name=key.name, title=key.title, scales=scales) + "".join(items)
