"""The sheet around the map: headline, standfirst and footer, and where everything stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.render.markup import has_clock, plain
from geo.render.poster.bar import bar
from geo.render.poster.chart import chart, fitted
from geo.render.poster.drawing import Type, element, group, number, reads_left, writing
from geo.render.poster.forms import PADDING
from geo.render.poster.key import key
from geo.render.poster.lines import within_reach
from geo.render.poster.look import INK, INK2, INK3, RULE
from geo.render.poster.told import told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.render.poster.chart import Chart
    from geo.render.poster.forms import Form
    from geo.render.poster.key import Key
    from geo.scene.words import Said

    Json = Mapping[str, Any]

__all__ = ["Sheet", "sheet"]

_KICKER: Final = 14.0
_SMALL: Final = 12.0
_LEADING: Final = 15.0
_MOST_FOOT: Final = 8
_UNCUT: Final = 99
_MOST_HEAD: Final = 6
#: How much of the width the first of two columns of the footer may have; what is even comes first.
_SHARES: Final = tuple(0.5 + sign * 0.02 * step for step in range(13) for sign in (1, -1))
#: What writing and signs of the map are drawn larger than in the viewer (tokens, section 3).
_SCALE: Final = 1.28


@dataclass(frozen=True, slots=True)
class Sheet:
    """A poster without its frame: ``svg``, the ``chart`` on it, and the place and size of its box."""

    svg: str
    chart: Chart
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Block:
    """Something of a height, from 0, 0."""

    svg: str
    height: float


def _paragraph(scene: Json, name: str, style: Type, leading: float, frame: tuple[float, int]) -> _Block:
    """A text of the scene in lines, from the side where reading begins; the last ends with the mark of its language.

    Args:
        scene: what ``compose`` made.
        name: of the text there.
        style: how it is set.
        leading: from baseline to baseline, in sizes.
        frame: px that it may be wide, and lines.
    """
    room, most = frame
    mirrored = scene["direction"] == "rtl"
    said, step = told(scene[name], scene["direction"]), style.size * leading
    after = f"\u00a0{said.lang.upper()}" if said.lang else ""
    lines = said.lines(style, room, most, after=after)
    drawn = ""
    for i, line in enumerate(lines):
        more = ""
        if after and line.endswith(after):
            mark = Type(max(_SMALL, style.size * 0.5), INK3).attributes
            more = element("tspan", after, **{**mark, "font_weight": "400", "letter_spacing": "0"})
        at = (room if mirrored else 0.0, step * (i + 0.5) + style.size * 0.36)
        end = "end" if mirrored else "start"
        text = line.removesuffix(after) if more else line
        drawn += writing(text, at, anchor=end, leftward=said.leftward, lang=said.lang, more=more)
    # Letters of Arabic hold together.
    set_as = {**style.attributes, **({"letter_spacing": None} if said.leftward else {})}
    return _Block(group(drawn, **set_as), step * len(lines))


def _kicker(scene: Json) -> str:
    """Flight and day: the day that the first of the main events names."""
    dated = (event for event in scene["events"] if event["main"] and not event["aftermath"] and has_clock(event))
    day = next((e["long_time"].removesuffix(f"{e['time_text']} UTC").rstrip(" ,،") for e in dated), "")
    # Each for itself: the figures of a day would go with the letters of a flight.
    return " · ".join(f"\u2068{part}\u2069" for part in (plain(scene.get("flight")), day) if part)


def _moved(block: _Block | Key, x: float, y: float) -> str:
    return group(block.svg, transform=f"translate({number(x)} {number(y)})")


def _rule(x: float, y: float, width: float) -> str:
    return element("path", d=f"M{number(x)} {number(y)}h{number(width)}", stroke=RULE)


def _head(scene: Json, room: float, sizes: tuple[float, float], most: tuple[int, int]) -> _Block:
    """Kicker, headline and standfirst."""
    mirrored = scene["direction"] == "rtl"
    drawn, y = "", 0.0
    if said := _kicker(scene):
        edge = (room if mirrored else 0.0, _KICKER * 0.8)
        style = Type(_KICKER, INK2, 600)
        if style.width(said) <= room:
            left = reads_left(said, scene["direction"])
            drawn = writing(said, edge, style, anchor="end" if mirrored else "start", leftward=left)
            y = _KICKER * 1.35
    bold = Type(sizes[0], INK, 700, spacing=-0.012 * sizes[0])
    title = _paragraph(scene, "title", bold, 1.1, (room, most[0]))
    drawn += _moved(title, 0, y)
    y += title.height + 9
    standfirst = _paragraph(scene, "standfirst", Type(sizes[1], INK2), 1.36, (room, most[1]))
    return _Block(drawn + _moved(standfirst, 0, y), y + standfirst.height)


def _foot(scene: Json, width: float) -> _Block:
    """What is not depicted at one side, sources and the day of the last change at the other: as wide as they need."""
    said: list[Said] = [part for part in scene["footer"] if part][:2]
    if said and scene.get("corrected"):
        last = said[-1] if isinstance(said[-1], list) else [said[-1]]
        said[-1] = [*last, f" {scene['corrected']}."]
    parts = [told(part, scene["direction"], marks=True) for part in said]
    mirrored, gap, style = scene["direction"] == "rtl", 28.0, Type(_SMALL, INK3)
    if not parts:
        return _Block("", 0.0)
    room = width - gap * (len(parts) - 1)
    shared = [(room * share, room * (1 - share)) for share in _SHARES] if len(parts) > 1 else [(room,)]

    def cost(wide: tuple[float, ...]) -> tuple[int, int]:
        found = zip(parts, wide, strict=True)
        counts = [len(part.lines(style, each, _UNCUT, balanced=False)) for part, each in found]
        return max(counts), sum(counts)

    rooms = min(shared, key=cost)
    columns = [part.lines(style, each, _MOST_FOOT) for part, each in zip(parts, rooms, strict=True)]
    drawn, x = "", 0.0
    for part, wide, lines in zip(parts, rooms, columns, strict=True):
        edge = width - x if mirrored else x
        drawn += part.written(lines, (edge, _LEADING * 0.8), _LEADING, end=mirrored)
        x += wide + gap
    most = max(map(len, columns))
    return _Block(group(drawn, **style.attributes), _LEADING * most)


def _beside(scene: Json, form: Form, high: float, *, reached: bool) -> tuple[_Block, Key]:
    """Head and key in the largest sizes that fit into a height; where none does, the standfirst is cut at a word."""
    gap = 20.0
    for brief in (False, True):
        for title, standfirst, size in form.sizes[3 if brief else 0 :]:
            head = _head(scene, form.column, (title, standfirst), (_MOST_HEAD, 8))
            found = key(scene, form.column, size, brief=brief, reached=reached)
            if head.height + gap + found.height <= high:
                return head, found
    title, standfirst, size = form.sizes[-1]
    found = key(scene, form.column, size, brief=True, reached=reached)
    for most in ((5, 6), (5, 4), (4, 4), (4, 3), (3, 3), (3, 2), (2, 2), (2, 1), (2, 0), (1, 0)):
        head = _head(scene, form.column, (title, standfirst), most)
        if head.height + gap + found.height <= high:
            break
    return head, found


def _reached(scene: Json, box: tuple[float, float, float, float]) -> bool:
    return within_reach(scene, fitted(scene, box[2:], PADDING))


def _map(scene: Json, box: tuple[float, float, float, float], *, reached: bool) -> tuple[str, Chart]:
    x, y, width, height = box
    drawn = chart(scene, (width, height), PADDING, _SCALE, reached=reached)
    clip = element("clipPath", element("rect", width=width, height=height), id="fcp-map")
    frame = element("rect", x=0.5, y=0.5, width=width - 1, height=height - 1, fill="none", stroke=RULE)
    inside = element("defs", clip) + group(drawn.svg, clip_path="url(#fcp-map)") + frame
    return group(inside, transform=f"translate({number(x)} {number(y)})"), drawn


def sheet(scene: Json, form: Form) -> Sheet:
    """Everything on the sheet of a form, on white.

    Args:
        scene: what ``compose`` made.
        form: beside each other or stacked, as its ``column`` says.
    """
    x, width = form.margin, form.width - 2 * form.margin
    foot = _foot(scene, width)
    rule = form.height - foot.height - 16
    timed = bar(scene, width, profiled=not form.column)
    at = rule - 10 - timed.height
    drawn = _moved(foot, x, rule + 6) + _rule(x, rule, width) + _moved(_Block(timed.svg, 0), x, at)
    lower = at - 11
    if form.column:
        high, gap = lower - form.top, 28.0
        mirrored = scene["direction"] == "rtl"
        column = form.width - form.margin - form.column if mirrored else x
        box = (x if mirrored else x + form.column + gap, form.top, width - form.column - gap, high)
        reached = _reached(scene, box)
        head, found = _beside(scene, form, high, reached=reached)
        divide = max(form.top + head.height + 10, form.top + head.height + (high - head.height - found.height) / 3)
        divide = min(divide, form.top + head.height + 22)
        drawn += _moved(head, column, form.top) + _rule(column, divide, form.column)
        drawn += _moved(found, column, divide + 9)
    else:
        # The map is about as high as this; its height follows from the key.
        reached = _reached(scene, (x, 0, width, form.height * 0.43))
        for title, standfirst, size in form.sizes:
            head = _head(scene, width, (title, standfirst), (4, 5))
            found = key(scene, width, size, columns=2, reached=reached)
            top, bottom = form.top + head.height + 16, lower - found.height - 14
            if bottom - top >= form.height * 0.4:
                break
        box = (x, top, width, max(120.0, bottom - top))
        drawn += _moved(head, x, form.top) + _moved(found, x, bottom + 10)
    seen, drawn_map = _map(scene, box, reached=reached)
    return Sheet(drawn + seen, drawn_map, box)
