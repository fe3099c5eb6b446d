"""What a drawing of ours says, read from its SVG: texts with their boxes on the sheet, groups, styles."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from geo.render.poster.text import width

if TYPE_CHECKING:
    from collections.abc import Iterator

SVG = "{http://www.w3.org/2000/svg}"
_MOVED = re.compile(r"translate\((-?[\d.]+) (-?[\d.]+)\)$")
_INHERITED = ("font-size", "font-weight", "font-style", "text-anchor", "letter-spacing", "fill", "stroke")


@dataclass(frozen=True)
class Text:
    """One <text>: ``box`` is left, top, right, bottom in units of the sheet, as tall as its letters without tails."""

    text: str
    size: float
    box: tuple[float, float, float, float]
    lang: str | None
    on_map: bool


def read(svg: str) -> ET.Element:
    """The root; fails where it is no XML."""
    return ET.fromstring(svg)  # noqa: S314  we made it


def texts(root: ET.Element) -> Iterator[Text]:
    """Every text of a drawing."""
    yield from _texts(root, {}, (0.0, 0.0), on_map=False)


def _texts(node: ET.Element, inherited: dict[str, str], at: tuple[float, float], *, on_map: bool) -> Iterator[Text]:
    known = inherited | {name: node.attrib[name] for name in _INHERITED if name in node.attrib}
    if moved := _MOVED.match(node.get("transform", "")):
        at = at[0] + float(moved[1]), at[1] + float(moved[2])
    on_map = on_map or "clip-path" in node.attrib
    if node.tag == f"{SVG}text":
        said = "".join(node.itertext())
        size = float(known["font-size"])
        own = "".join(char for char in node.text or "" if unicodedata.category(char) != "Cf")
        bold = int(known.get("font-weight", "400"))
        wide = width(own, size, bold, known.get("font-style") == "italic", float(known.get("letter-spacing", "0")))
        wide += sum(width(span.text or "", float(span.get("font-size", size))) for span in node)
        x, y = at[0] + float(node.get("x", "0")), at[1] + float(node.get("y", "0"))
        left = x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[known.get("text-anchor", "start")]
        yield Text(said, size, (left, y - 0.72 * size, left + wide, y), node.get("lang"), on_map)
    for child in node:
        yield from _texts(child, known, at, on_map=on_map)


def meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float], by: float = 0.0) -> bool:
    """Whether two boxes have more than ``by`` in common, each way."""
    return min(a[2], b[2]) - max(a[0], b[0]) > by and min(a[3], b[3]) - max(a[1], b[1]) > by
