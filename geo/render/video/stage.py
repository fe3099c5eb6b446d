"""What stands still in the film: map, time bar and headline behind the moving parts, and the cards before and after."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.render.poster.bar import bar
from geo.render.poster.chart import chart
from geo.render.poster.drawing import Type, element, group, number, writing
from geo.render.poster.key import key
from geo.render.poster.look import BG, INK, INK2, INK3, RULE, patterns
from geo.render.poster.marks import grade_mark
from geo.render.poster.text import FAMILY, wrapped
from geo.render.video.film import MARK, after_events, after_lines, closing_lines, told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.render.poster.chart import Chart
    from geo.render.video.forms import Box, Form

    Scene = Mapping[str, Any]

__all__ = ["Stage", "after_card", "closing_card", "drawing", "opening_card", "set_lines", "stage"]

_LEADING: Final = 1.22
#: A line that ends in the mark of a language.
_MARKED: Final = re.compile(rf"{MARK}[A-Z-]+$")
#: How much larger lines and signs of the map are than in the viewer; the rest of ``map_scale`` is its writing's.
_LINES: Final = 1.35
#: Shares of the map's box that are left free around what it shows: left, top, right, bottom (tokens, section 8).
_FREE: Final = (0.17, 0.15, 0.14, 0.1)


@dataclass(frozen=True, slots=True)
class Stage:
    """The still picture of the flight, ``svg``, and where its parts are.

    ``chart`` is the map in its own px, ``zoom`` times as large in the picture; ``span`` where the flight begins and
    ends on the bar, ``row`` the middle of its states, px of the picture.
    """

    svg: str
    chart: Chart
    zoom: float
    span: tuple[float, float]
    row: float


def drawing(content: str, width: float, height: float, paper: str | None = None) -> str:
    """An SVG of a size with the hatches that it refers to, on paper of a colour or on none."""
    used = {style for style in ("silent", "partial", "rejected") if f"url(#fcp-{style})" in content}
    under = element("rect", width=width, height=height, fill=paper) if paper else ""
    return element(
        "svg",
        patterns(used) + under + content,
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        font_family=FAMILY,
    )


def set_lines(lines: Sequence[tuple[str, Type]], box: Box, *, mirrored: bool) -> str:
    """Lines of writing one under the other from the top of a box, along the side where reading begins."""
    drawn, y = "", box.y
    for text, style in lines:
        y += style.size * _LEADING
        baseline = y - style.size * (_LEADING - 0.95)
        if text:
            said, _, mark = text.rpartition(MARK) if _MARKED.search(text) else (text, "", "")
            # The mark of a language is small, as in the viewer.
            small = (
                element("tspan", f"\u00a0{mark}", font_size=style.size * 0.6, fill=INK3, font_weight="400")
                if mark
                else ""
            )
            at = (box.right if mirrored else box.x, baseline)
            drawn += writing(said, at, style, anchor="end" if mirrored else "start", more=small)
    return drawn


def _broken(text: str, style: Type, room: float, most: int) -> list[tuple[str, Type]]:
    return [(line, style) for line in wrapped(text, style.size, style.weight, room, most)]


def _at(content: str, x: float, y: float, zoom: float = 1.0) -> str:
    scaled = f" scale({zoom:g})" if zoom != 1.0 else ""
    return group(content, transform=f"translate({number(x)} {number(y)}){scaled}")


def _map(scene: Scene, form: Form) -> tuple[str, Chart]:
    box, size = form.map, (form.map.width / _LINES, form.map.height / _LINES)
    left, top, right, bottom = _FREE
    padding = (left * size[0], top * size[1], right * size[0], bottom * size[1])
    # Where the aircraft can have been is drawn moment by moment instead.
    still = {**scene, "map": {**scene["map"], "reaches": []}}
    drawn = chart(still, size, padding, form.map_scale / _LINES)
    frame = element("rect", width=size[0], height=size[1], fill="none", stroke=RULE)
    corner = f"translate({number(box.x)} {number(box.y)}) scale({_LINES:g})"
    # What the map has beyond its box is cut off by a picture of its own within the picture.
    cut = element("svg", drawn.svg + frame, width=size[0], height=size[1], viewBox=f"0 0 {size[0]:g} {size[1]:g}")
    return group(cut, transform=corner), drawn


def stage(scene: Scene, form: Form) -> Stage:
    """The still picture of the flight."""
    mirrored = scene["direction"] == "rtl"
    mapped, drawn = _map(scene, form)
    timed = bar(scene, form.bar.width / form.bar_scale)
    top = form.bar.y + max(0.0, (form.bar.height - timed.height * form.bar_scale) / 2)
    head = _broken(told(scene["title"]), Type(form.title, INK, 700), form.head.width, form.lines)
    written = set_lines(head, form.head, mirrored=mirrored)
    svg = mapped + written + _at(timed.svg, form.bar.x, top, form.bar_scale)
    first, last = (form.bar.x + each * form.bar_scale for each in timed.span)
    row = top + sum(timed.rows) / 2 * form.bar_scale
    return Stage(drawing(svg, form.width, form.height, BG), drawn, _LINES, (first, last), row)


def _stacked(blocks: Sequence[Sequence[tuple[str, Type]]], gap: float) -> list[tuple[str, Type]]:
    """Blocks of lines with a gap between them."""
    found: list[tuple[str, Type]] = []
    for block in blocks:
        if found and block:
            found.append(("", Type(gap, INK)))
        found += block
    return found


def _height(lines: Sequence[tuple[str, Type]]) -> float:
    return sum(style.size * _LEADING for _, style in lines)


def opening_card(scene: Scene, form: Form) -> str:
    """Headline and standfirst, and the key of the lines."""
    box, mirrored = form.card, scene["direction"] == "rtl"
    for shrink in (1.0, 0.9, 0.8, 0.7):
        title, text = Type(form.text * 1.9 * shrink, INK, 700), Type(form.text * shrink, INK2)
        blocks = [
            _broken(told(scene["title"]), title, box.width, 6),
            _broken(told(scene["standfirst"]), text, box.width, 9),
        ]
        lines = _stacked(blocks, form.text * 0.7)
        zoom = form.text / 20 * shrink
        columns = 2 if box.width / zoom > 800 else 1  # noqa: PLR2004  px, in which two columns of the key are read well
        legend = key(scene, box.width / zoom, 14, columns=columns)
        if _height(lines) + form.text * 1.4 + legend.height * zoom <= box.height:
            break
    used = _height(lines) + form.text * 1.4 + legend.height * zoom
    start = box.y + max(0.0, (box.height - used) / 2)
    head = type(box)(box.x, start, box.width, box.height)
    rule_y = start + _height(lines) + form.text * 0.7
    rule = element("path", d=f"M{number(box.x)} {number(rule_y)}H{number(box.right)}", stroke=RULE, stroke_width=2)
    svg = set_lines(lines, head, mirrored=mirrored) + rule + _at(legend.svg, box.x, rule_y + form.text * 0.7, zoom)
    return drawing(svg, form.width, form.height, BG)


def after_card(scene: Scene, form: Form) -> str:
    """What came after the flight: date, title, grade; as large as there is room for."""
    box = form.card
    for shrink in (1.0, 0.92, 0.84, 0.76, 0.68, 0.6):
        drawn, height = _after(scene, form, shrink)
        if height <= box.height:
            break
    return drawing(_at(drawn, 0, max(0.0, (box.height - height) / 2)), form.width, form.height, BG)


def _after(scene: Scene, form: Form, shrink: float) -> tuple[str, float]:
    """The card at a size of its writing, and how high it is."""
    box, mirrored, size = form.card, scene["direction"] == "rtl", form.text * shrink
    small, strong, quiet = Type(size * 0.74, INK2, 700), Type(size, INK, 700), Type(size * 0.74, INK2)
    radius, indent = size * 0.5, size * 1.8
    heading = [(told(scene["aftermath"]["link"]), Type(size * 1.3, INK, 700))]
    svg = set_lines(heading, box, mirrored=mirrored)
    y = box.y + _height(heading) + size * 0.8
    for event, (when, title, graded) in zip(after_events(scene), after_lines(scene), strict=True):
        room = box.width - indent
        lines = [(when, small), *_broken(title, strong, room, 2), *_broken(graded, quiet, room, 2)]
        inner = type(box)(box.x if mirrored else box.x + indent, y, room, box.height)
        mark = grade_mark(event["grade"], radius, event["number"])
        x = box.right - radius * 1.3 if mirrored else box.x + radius * 1.3
        svg += set_lines(lines, inner, mirrored=mirrored) + _at(mark, x, y + size * 0.9)
        y += _height(lines) + size * 0.62
    return svg, y - box.y


def closing_card(scene: Scene, form: Form) -> str:
    """What nobody knows, what is not depicted, sources, corrections; as large as there is room for."""
    box, mirrored = form.card, scene["direction"] == "rtl"
    for shrink in (1.0, 0.92, 0.85, 0.78, 0.7, 0.62, 0.55):
        head = _broken(told(scene["title"]), Type(form.text * 1.3 * shrink, INK, 700), box.width, 3)
        texts = closing_lines(scene)
        styles = [Type(form.text * 0.86 * shrink, INK if number_ == 0 else INK2) for number_ in range(len(texts))]
        blocks = [_broken(text, style, box.width, 12) for text, style in zip(texts, styles, strict=True)]
        named = [(told(scene.get("flight")), Type(form.text * 0.8 * shrink, INK3, 700))]
        lines = _stacked([named, head, *blocks], form.text * 0.6)
        if _height(lines) <= box.height:
            break
    start = box.y + max(0.0, (box.height - _height(lines)) / 2)
    svg = set_lines(lines, type(box)(box.x, start, box.width, box.height), mirrored=mirrored)
    return drawing(svg, form.width, form.height, BG)
