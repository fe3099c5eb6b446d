"""The time bar: states, their names, events and the aftermath; as ``assets/viewer/scrubber.js``, without a playhead.

Time runs to the right in every language.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.render.markup import plain
from geo.render.poster.drawing import Type, clean, element, group, number, writing
from geo.render.poster.look import BAND, BG, GAP, HATCHES, INF, INK, INK2, INK3, NAMED, REC, RULE, hatch
from geo.render.poster.marks import body, grade_mark
from geo.render.poster.profile import PROFILE, profile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.render.poster.drawing import Value

    Json = Mapping[str, Any]

__all__ = ["Bar", "bar", "spread"]

_SIZE: Final = 12.5
_PIP: Final = 9.0
_BAR: Final = 15.0
_NUMBER: Final = 12.0
#: Share of the width that the aftermath takes, and the most of it where its events, dates or words need more.
_AFTERMATH: Final = 0.185
_MOST: Final = 0.32
#: Px from the break of the axis to the first event after it.
_FIRST: Final = 42.0
_AXIS: Final = Type(_SIZE, INK2)


@dataclass(frozen=True, slots=True)
class Bar:
    """A time bar of a width: ``svg`` from 0, 0 and its ``height``, px.

    The flight begins and ends at ``span``, px from the left; its states are drawn between ``rows``, px from above.
    """

    svg: str
    height: float
    span: tuple[float, float]
    rows: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Axis:
    start: float
    end: float
    left: float
    right: float
    width: float
    top: float  # of the bar

    def x(self, time: float) -> float:
        share = (time - self.start) / max(1.0, self.end - self.start)
        return self.left + (self.right - self.left) * share

    @property
    def pip(self) -> float:
        """The middle of the row of signs."""
        return self.top - 1.3 * _PIP - 2

    @property
    def ticks(self) -> float:
        """The baseline of the times."""
        return self.top + _BAR + 4 + _SIZE * 0.9


def spread(wanted: Sequence[float], halves: Sequence[float], low: float, high: float) -> list[float]:
    """Moves neighbours apart that would overlap, and keeps all between two ends.

    Args:
        wanted: places, ascending.
        halves: half the width of each.
        low: where the first may stand.
        high: where the last may stand.

    Returns:
        Places, ascending; evenly nearer to each other where there is too little room.
    """
    gaps = [a + b for a, b in pairwise(halves)]
    squeeze = min(1.0, (high - low) / sum(gaps)) if sum(gaps) else 1.0
    gaps = [gap * squeeze for gap in gaps]
    placed = list(wanted)
    for i, at in enumerate(placed):
        placed[i] = max(at, placed[i - 1] + gaps[i - 1] if i else low)
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], placed[i + 1] - gaps[i] if i + 1 < len(placed) else high)
    return placed


def _after(scene: Json) -> list[Json]:
    return [e for e in scene["events"] if e["aftermath"] and e["main"]] if scene["aftermath"] else []


def _axis(scene: Json, width: float, *, profiled: bool) -> _Axis:
    after, time = _after(scene), scene["time"]
    right = width - 16
    if after:
        said = scene["aftermath"]
        signs = 21 + (len(after) - 1) * (2 * _PIP + 3)
        dates = _AXIS.width(said["from_text"]) + 8 + _AXIS.width(said["to_text"])
        needed = _FIRST - 9 + max(signs, dates, _AXIS.width(said["note"])) + 1
        right = width - min(max(_AFTERMATH * width, needed), _MOST * width)
    top = _SIZE + 5 + (PROFILE if profiled else 0) + 2.6 * _PIP + 3
    return _Axis(time["start"], time["end"], _PIP, right, width, top)


def _states(scene: Json, axis: _Axis) -> str:
    drawn = ""
    for span in scene["states"]:
        style, x = span["style"], axis.x(span["from"])
        wide = max(1.0, axis.x(span["to"]) - x)
        box: dict[str, Value] = {"x": x, "y": axis.top, "width": wide, "height": _BAR}
        inside = element("title", clean(plain(span["text"])))
        fill = {"received": REC, "inferred": BAND}.get(style, BG)
        inside += element("rect", **box, fill=BG) if style == "inferred" else ""
        inside += element("rect", **box, fill=fill, fill_opacity="0.26" if style == "inferred" else None)
        if style in HATCHES:
            inside += element("rect", **box, fill=hatch(style))
        if style == "inferred":
            d = f"M{number(x + 2)} {number(axis.top + _BAR / 2)}h{number(max(0.0, wide - 4))}"
            inside += element("path", d=d, stroke=INF, stroke_width=4, stroke_dasharray="9 5")
        if style != "received":
            edge = INF if style in ("inferred", "partial") else GAP
            inner: dict[str, Value] = {
                "x": x + 0.5,
                "y": axis.top + 0.5,
                "width": max(0.5, wide - 1),
                "height": _BAR - 1,
            }
            inside += element("rect", **inner, fill="none", stroke=edge)
        drawn += group(inside, data_style=style, data_evidence=span["evidence"], data_basis=span["basis"])
    return drawn


def _heads(scene: Json, axis: _Axis) -> str:
    """The names of the states, each over its beginning: in full, in short, or not where there is no room."""
    drawn, free, heads = "", 0.0, scene["heads"]
    limit = axis.right + (0 if _after(scene) else axis.width - axis.right)
    for i, head in enumerate(heads):
        at = axis.x(head["from"])
        drawn += element("path", d=f"M{number(at)} 0V{number(axis.top)}", stroke=RULE)
        style = Type(_SIZE, NAMED.get(head["style"], GAP), 700)
        room = (axis.x(heads[i + 1]["from"]) if i + 1 < len(heads) else limit) - at - 8
        texts = [plain(head["text"]), plain(head.get("short") or head["text"])]
        text = next((each for each in texts if style.width(each) <= room), None)
        if at < free or text is None:
            continue
        drawn += writing(text, (at + 5, _SIZE * 0.85), style)
        free = at + 5 + style.width(text) + 6
    return drawn


def _ticks(scene: Json, axis: _Axis) -> str:
    time, foot = scene["time"], axis.top + _BAR
    first = _AXIS.width(time["from_text"])
    last = _AXIS.width(time["to_text"])
    after = bool(_after(scene))
    end = axis.right + (min(last / 2, 14) if after else min(last / 2, axis.width - axis.right))
    drawn, free = "", first + 6
    for tick in time["ticks"]:
        x, half = axis.x(tick["at"]), _AXIS.width(tick["text"]) / 2
        drawn += element("path", d=f"M{number(x)} {number(foot)}v4", stroke=INK3)
        if x - half < free or x + half > end - last - 6:
            continue
        drawn += writing(tick["text"], (x, axis.ticks), anchor="middle")
        free = x + half + 6
    drawn += writing(time["from_text"], (0, axis.ticks))
    return drawn + writing(time["to_text"], (end, axis.ticks), anchor="end")


def _pip(event: Json, x: float, y: float) -> str:
    title = element("title", clean(plain(event["name"])))
    mark = grade_mark(event["grade"], _PIP, event["number"], _NUMBER)
    at = f"translate({number(x)} {number(y)})"
    return group(title + mark, transform=at, data_event=event["id"], data_grade=event["grade"])


def _events(scene: Json, axis: _Axis) -> str:
    events = [event for event in scene["events"] if not event["aftermath"]]
    foot = axis.top + _BAR
    minor = "".join(f"M{number(axis.x(e['start']))} {number(foot - 6)}v6" for e in events if not e["main"])
    drawn = element("path", d=minor, stroke=INK, stroke_opacity="0.55") if minor else ""
    main = [event for event in events if event["main"]]
    homes = [axis.x(event["start"]) for event in main]
    places = spread(homes, [body(e["grade"], _PIP) + 0.7 for e in main], axis.left, axis.right)
    for home, at in zip(homes, places, strict=True):
        if abs(at - home) > 4:  # noqa: PLR2004  px, from where one could doubt what it belongs to
            drawn += element(
                "path", d=f"M{number(at)} {number(axis.pip)}L{number(home)} {number(axis.top)}", stroke=INK3
            )
    return drawn + "".join(_pip(event, at, axis.pip) for event, at in zip(main, places, strict=True))


def _aftermath(scene: Json, axis: _Axis) -> str:
    events, said = _after(scene), scene["aftermath"]
    if not events:
        return ""
    y, start, end = axis.top + _BAR / 2, axis.right + 10, axis.width
    drawn = element("path", d=f"M{number(start)} {number(y)}l4.5-7 8 14 4-7", fill="none", stroke=INK, stroke_width=1.5)
    drawn += element("path", d=f"M{number(start + 20)} {number(y)}H{number(end)}", stroke=INK3)
    first = axis.right + _FIRST
    step = (end - 12 - first) / max(1, len(events) - 1)
    if step >= 2 * _PIP:
        drawn += "".join(_pip(event, first + step * i, y) for i, event in enumerate(events))
    else:
        d = "".join(f"M{number(first + step * i)} {number(y - 6)}v12" for i in range(len(events)))
        drawn += element("path", d=d, stroke=INK, stroke_width=1.6)
    begin, strong = first - 9, Type(_SIZE, INK2, 700)
    room = end - begin
    for text, baseline, style in ((said["text"], 0.85, strong), (said["note"], 2.1, _AXIS)):
        if style.width(text) <= room:
            drawn += writing(text, (begin, _SIZE * baseline), style)
    dates = (said["from_text"], said["to_text"])
    both = sum(map(_AXIS.width, dates)) + 8 <= room
    if both:
        drawn += writing(dates[0], (begin, axis.ticks), _AXIS)
    return drawn + writing(dates[1] if both else said["short_text"], (end, axis.ticks), _AXIS, anchor="end")


def bar(scene: Json, width: float, *, profiled: bool = False) -> Bar:
    """The whole flight on one axis, with the same patterns as the map.

    Args:
        scene: what ``compose`` made.
        width: px.
        profiled: whether the altitude is drawn over it, where one is known.
    """
    profiled = profiled and scene["profile"] is not None
    axis = _axis(scene, width, profiled=profiled)
    drawn = _heads(scene, axis)
    if profiled:
        drawn += profile(scene["profile"], axis.x, (axis.left, axis.right), _SIZE + 9)
    drawn += _states(scene, axis) + _events(scene, axis)
    drawn += group(_ticks(scene, axis), font_size=_SIZE, fill=INK2) + _aftermath(scene, axis)
    return Bar(drawn, axis.ticks + _SIZE * 0.25, (axis.left, axis.right), (axis.top, axis.top + _BAR))
