"""Matplotlib's SVG made fit for a page: a name for screen readers, classes instead of styles, nothing else in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from defusedxml import ElementTree

from alliancekit.reporting.plots.palette import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from alliancekit.reporting.plots.picture import Mark, Picture

NAMESPACE: Final = "http://www.w3.org/2000/svg"
DROPPED: Final = ("metadata", "style")
FONT_SIZE: Final = re.compile(r"([\d.]+)px")
POINTS: Final = 96 / 72
"""Pixels of a page in a point of the drawing."""

PASSED_ON: Final = frozenset(
    {
        *("fill", "fill-opacity", "fill-rule", "opacity", "stroke", "stroke-dasharray", "stroke-dashoffset"),
        *("stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-width", "text-anchor", "font-size"),
        *("font-weight", "font-style"),
    }
)


def accessible(drawn: str, picture: Picture) -> str:
    """Give the drawing with title and description, its styles as attributes and classes, its parts marked."""
    root: Element = ElementTree.fromstring(drawn)
    for element in list(_elements(root)):
        _plain(element)
    _without(root)
    used = {value[1:] for element in _elements(root) for value in [element.get("href", "")] if value}
    used |= {
        found for element in _elements(root) for found in re.findall(r"url\(#([^)]+)\)", element.get("clip-path", ""))
    }
    for element in list(_elements(root)):
        _mark(element, picture.marks)
        if element.get("id") not in used:
            element.attrib.pop("id", None)
    _name(root, picture)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return text


def _elements(root: Element) -> Iterator[Element]:
    return iter(root.iter())


def _plain(element: Element) -> None:
    """Take names out of their namespaces and styles apart: a policy may forbid styles in elements."""
    element.tag = element.tag.rpartition("}")[2]
    for name in list(element.attrib):
        if "}" in name:
            element.set(name.rpartition("}")[2], element.attrib.pop(name))
    declarations = [one.partition(":") for one in element.attrib.pop("style", "").split(";") if one.strip()]
    classes = []
    for name, _, value in ((name.strip(), colon, value.strip()) for name, colon, value in declarations):
        if name == "font":
            _font(element, value)
        elif name in PASSED_ON:
            element.set(name, value)
    for name, letter in (("fill", "f"), ("stroke", "s")):
        if element.get(name) in NAMES:
            classes.append(f"{letter}-{NAMES[element.attrib[name]]}")
    if element.tag == "text" and "fill" not in element.attrib:
        classes.append("f-ink")
    if classes:
        element.set("class", " ".join(classes))


def _font(element: Element, value: str) -> None:
    """Keep size and weight of a font; the page's own is used."""
    size = FONT_SIZE.search(value)
    if size:
        element.set("font-size", size[1])
    if value.startswith(("bold", "700")):
        element.set("font-weight", "bold")


def _without(root: Element) -> None:
    for parent in list(_elements(root)):
        for child in list(parent):
            if child.tag in DROPPED:
                parent.remove(child)


def _mark(element: Element, marks: dict[str, Mark]) -> None:
    mark = marks.get(element.get("id", ""))
    if mark is None:
        return
    if mark.group is not None:
        element.set("data-condition", mark.group)
    title = element.makeelement("title", {})
    title.text = mark.words
    element.insert(0, title)


def _name(root: Element, picture: Picture) -> None:
    width, height = (float(value) for value in root.attrib["viewBox"].split()[2:])
    names = {"title": picture.title, "desc": picture.description}
    for at, (tag, words) in enumerate(names.items()):
        child = root.makeelement(tag, {"id": f"{picture.name}-{tag}"})
        child.text = words
        root.insert(at, child)
    root.attrib.clear()
    root.attrib.update(
        {
            "xmlns": NAMESPACE,
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": f"{width * POINTS:.0f}",
            "height": f"{height * POINTS:.0f}",
            "role": "img",
            "aria-labelledby": f"{picture.name}-title {picture.name}-desc",
            "font-family": "sans-serif",
            "stroke-linejoin": "round",
        }
    )
