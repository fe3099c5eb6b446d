"""The key: what the lines and the signs mean; an entry for each style that is drawn, and no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.render.poster.drawing import Type, element, group, number, writing
from geo.render.poster.lines import cross
from geo.render.poster.look import BAND, GAP, HATCHES, INK, LINES, REACH, RING, RULE, hatch
from geo.render.poster.marks import grade_mark
from geo.render.poster.told import told

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.render.poster.told import Told
    from geo.scene.words import Said

    Json = Mapping[str, Any]

__all__ = ["Key", "key", "listed"]

_SWATCH: Final = (36.0, 14.0)
#: Px from the edge of the key to its texts.
_INDENT: Final = 50.0
_MARK: Final = 6.4
_GRADE: Final = 26.0
_LINES: Final = 2


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a width: ``svg`` from 0, 0 and its ``height``, px."""

    svg: str
    height: float


def swatch(style: str, *, banded: bool = False) -> str:
    """What stands for a style, 36 by 14 px; ``banded`` where its line has a band of doubt."""
    if style == "ring":
        return element("circle", cx=18, cy=7, r=5.5, fill="none", **RING)
    if style == "rejected":
        d = cross(8, 7) + cross(18, 7) + cross(28, 7)
        return element("path", d=d, fill="none", stroke=GAP, stroke_width=1.9, stroke_linecap="round")
    if style == "reach":
        return element("rect", x=1, y=1, width=34, height=12, rx=6, fill=hatch("silent"), fill_opacity="0.5", **REACH)
    under = ""
    if style in HATCHES:
        under = element("rect", y=2, width=36, height=10, fill=hatch(HATCHES[style]), opacity="0.7")
    if style == "inferred" or banded:
        under = element("rect", y=1, width=36, height=12, fill=BAND, fill_opacity="0.26")
    return under + element("path", d="M2 7H35" if style == "intended" else "M1 7H35", fill="none", **LINES[style])


@dataclass(frozen=True, slots=True)
class _Entry:
    style: str
    told: Told
    lines: tuple[str, ...]
    height: float
    banded: bool


def listed(scene: Json, *, reached: bool, brief: bool = False) -> list[tuple[str, Said]]:
    """Style and text of each entry: those of the scene's legend, without what it says of a reach that is not drawn."""
    found = []
    for line in scene["legend"]["lines"]:
        style, text = line["style"], (line.get("short") if brief else None) or line["text"]
        if style == "reach" and not reached:
            continue
        if style == "silent" and scene["map"]["reaches"] and not reached and not brief:
            text = next((span["text"] for span in scene["states"] if span["style"] == style), text)
        found.append((style, text))
    return found


def _entries(scene: Json, said: list[tuple[str, Said]], column: float, size: float) -> list[_Entry]:
    # A band around a received line is named in the entry of that, if no line of its own kind has one.
    banded = any(band["style"] != "silent" for band in scene["map"]["bands"]) and "inferred" not in dict(said)
    found = []
    for style, text in said:
        paragraph = told(text, scene["direction"])
        lines = paragraph.lines(Type(size, INK), column - _INDENT, _LINES, balanced=False)
        height = max(size * 1.62, size * (1.2 * len(lines) + 0.42))
        found.append(_Entry(style, paragraph, tuple(lines), height, banded and style == "received"))
    return found


def _columns(entries: list[_Entry], most: int) -> Iterable[list[_Entry]]:
    """Entries in columns of about the same height, in their order."""
    whole, taken, i = sum(entry.height for entry in entries), 0.0, 0
    found: list[list[_Entry]] = [[] for _ in range(most)]
    for entry in entries:
        if i + 1 < most and taken + entry.height / 2 > whole * (i + 1) / most:
            i += 1
        found[i].append(entry)
        taken += entry.height
    return found


def _drawn(entry: _Entry, x: float, y: float, edges: tuple[float, bool], size: float) -> str:
    """One entry from y down, in a column that begins at x and is as wide as ``edges`` say."""
    column, mirrored = edges
    middle = y + size * 0.81
    at = x + column - _SWATCH[0] if mirrored else x
    transform = f"translate({number(at)} {number(middle - _SWATCH[1] / 2)})"
    drawn = group(swatch(entry.style, banded=entry.banded), transform=transform, data_style=entry.style)
    left = x + column - _INDENT if mirrored else x + _INDENT
    return drawn + entry.told.written(entry.lines, (left, middle + size * 0.35), size * 1.2, end=mirrored)


def _grades(scene: Json, width: float, size: float, *, mirrored: bool) -> tuple[str, float]:
    """The signs of the grades, in as many columns as there is room for."""
    grades, style = scene["legend"]["grades"], Type(size, INK)
    if not grades:
        return "", 0.0
    widest = max(style.width(grade["text"]) for grade in grades) + _GRADE + 16
    columns = max(1, min(len(grades), int((width + 16) // widest)))
    if columns == len(grades) - 1 and columns > 1:
        columns = (len(grades) + 1) // 2
    column, pitch, drawn = width / columns, size * 1.72, ""
    if columns == len(grades):
        column = min(column, widest + 12)
    for i, grade in enumerate(grades):
        x, y = (i % columns) * column, (i // columns) * pitch + pitch / 2
        at = width - x - 10 if mirrored else x + 10
        mark = grade_mark(grade["grade"], _MARK)
        drawn += group(mark, transform=f"translate({number(at)} {number(y)})", data_grade=grade["grade"])
        edge = width - x - _GRADE if mirrored else x + _GRADE
        drawn += writing(grade["text"], (edge, y + size * 0.35), anchor="end" if mirrored else "start")
    return drawn, pitch * ((len(grades) + columns - 1) // columns)


def key(scene: Json, width: float, size: float, *, columns: int = 1, brief: bool = False, reached: bool = True) -> Key:
    """The key of all that is drawn on map and bar.

    Args:
        scene: what ``compose`` made.
        width: px.
        size: of its writing, px.
        columns: of the lines.
        brief: whether few words have to do.
        reached: whether the map shows the reach.
    """
    mirrored, gap = scene["direction"] == "rtl", 24.0
    column = (width - gap * (columns - 1)) / columns
    entries = _entries(scene, listed(scene, reached=reached, brief=brief), column, size)
    drawn, bottom = "", 0.0
    for i, some in enumerate(_columns(entries, columns)):
        place = columns - 1 - i if mirrored else i
        x, y = place * (column + gap), 0.0
        for entry in some:
            drawn += _drawn(entry, x, y, (column, mirrored), size)
            y += entry.height
        bottom = max(bottom, y)
    graded, high = _grades(scene, width, size, mirrored=mirrored)
    if graded:
        rule = element("path", d=f"M0 {number(bottom + 6)}H{number(width)}", stroke=RULE)
        drawn += rule + group(graded, transform=f"translate(0 {number(bottom + 11)})")
        bottom += 11 + high
    return Key(group(drawn, font_size=size, fill=INK), bottom)
