"""Which texts the map wants: places, events, lines, countries and waters.

The same as ``assets/viewer/caption.js``, step for step, but for an event's own frame: what is changed in one is changed
in the other, and ``tests/browser/test_poster_labels.py`` compares what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cos, inf, pi, sin
from typing import TYPE_CHECKING, Any, Final

from geo.render.markup import plain
from geo.render.poster.placing.labels import Anchor, Caption, TextLine, units
from geo.render.poster.placing.points import lengths, spot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from geo.render.poster.placing.boxes import Floats
    from geo.render.poster.placing.signs import Sign, Spot
    from geo.render.poster.view import View
    from geo.scene.words import Said

#: Shares of a line's visible length at which its label may stand.
_SHARES: Final = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82)
#: What may have to go before a text of the map is lost: second lines, long forms.
_DETAIL: Final = 4.0
#: Places this close, px, are one.
_SAME: Final = 6.0
#: From this many letters on a second line may stand in two.
_LONG: Final = 24
#: A narrower map has no label of the intended route, px.
_NARROW: Final = 620.0
#: Shares of the room of a name at which it may stand off its middle, and the hours in which it does.
_OFF: Final = (0.3, 0.6, 0.95)
_HOURS: Final = (0, 6, 3, 9, 1, 5, 7, 11, 2, 4, 8, 10)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What texts are written on: the scene and the part of it that is seen.

    ``small`` is that of a phone: sizes are smaller and second lines few. ``scale`` multiplies the sizes of texts.
    """

    scene: Mapping[str, Any]
    view: View
    small: bool
    scale: float

    def size(self, wide: float, small: float) -> float:
        """The size of a text, px to a tenth."""
        return round((small if self.small else wide) * self.scale, 1)

    def spot(self, at: Sequence[float]) -> Spot:
        """Whole px of a position."""
        return spot(self.view, at)


def _language(words: Said | None) -> str | None:
    return words["lang"] if isinstance(words, dict) else None


def apart(a: Spot, b: Spot) -> float:
    """Px from one spot to another."""
    return float(lengths(a[0] - b[0], a[1] - b[1]))


def _halves(text: str) -> list[str]:
    """At most two lines, as equal as they can be."""
    words = text.split(" ")
    cuts = [[" ".join(words[:i]), " ".join(words[i:])] for i in range(1, len(words))]
    return min(cuts, key=lambda lines: max(map(units, lines)), default=words)


def _forms(sheet: Sheet, name: Said, note: Said | None) -> tuple[tuple[TextLine, ...], ...]:
    """A name with a note below it, in one line or two, and the name alone."""
    first = TextLine(plain(name), _language(name), sheet.size(13.5, 12), 700, "fc-place")
    text = plain(note)
    seconds = [[text]] if text else []
    if units(text) > _LONG:
        seconds += [halves for halves in [_halves(text)] if halves[0]]
    size = sheet.size(12, 11)
    notes = [[TextLine(part, _language(note), size, 400, "fc-second") for part in parts] for parts in seconds]
    return (*((first, *lines) for lines in notes), (first,))


def _beside(
    forms: tuple[tuple[TextLine, ...], ...], anchors: Sequence[Spot], gap: float, rank: float, *, must: bool
) -> Caption:
    return Caption(forms, tuple(Anchor(*at) for at in anchors), gap, "beside", rank, _DETAIL + rank / 10, must)


def place_captions(sheet: Sheet, signs: Sequence[Sign], around: Callable[[Spot], float]) -> list[Caption]:
    """The names of places, and those of the events that have one on the map.

    Args:
        sheet: what they are written on.
        signs: those that are shown, where they stand.
        around: px that a ring takes around a place.
    """
    places = sheet.scene["map"]["places"]
    found: list[Caption] = []
    for place in places:
        if not place["name"]:
            continue
        at = sheet.spot(place["at"])
        sign = next((each for each in signs if apart((each.x, each.y), at) < _SAME), None)
        gap = max(around(at) + 8, sign.r + 7 if sign else 11)
        note = place["short_note"] if sheet.small else place["note"]
        forms = _forms(sheet, place["name"], note)
        found.append(_beside(forms, [at], gap, place["rank"], must=place["rank"] <= 1))
    markers = {marker["event"]: marker for marker in reversed(sheet.scene["map"]["markers"])}
    for sign in signs:
        marker = markers[sign.event]
        if not plain(marker["label"]) or (sheet.small and sign.edge):
            continue
        home, here = (sign.home_x, sign.home_y), (sign.x, sign.y)
        # An event names the place of origin or destination where it stands.
        ends = [place for place in places if place["rank"] <= 1 and not place["name"]]
        must = any(apart(sheet.spot(place["at"]), home) < _SAME for place in ends)
        # A sign that was moved leaves its label at the place itself.
        anchors = [here] if apart(home, here) < 3 or sign.edge else [home, here]  # noqa: PLR2004  px
        gap = 12 if len(anchors) > 1 else sign.body + 7
        forms = _forms(sheet, marker["label"], None if sheet.small else marker["label_note"])
        found.append(_beside(forms, anchors, gap, 1 if must else 1.5, must=must))
    return found


def _along(way: Floats, view: View) -> tuple[Anchor, ...]:
    """Points at the shares of the visible length of a line, with the normal that points up or right."""
    parts: list[tuple[Spot, Spot, float]] = []
    for (ax, ay), (bx, by) in pairwise(way.tolist()):
        seen = min(ax, bx) < view.width and max(ax, bx) + 1 > 0 and min(ay, by) < view.height and max(ay, by) + 1 > 0
        length = apart((ax, ay), (bx, by))
        if seen and length:
            parts.append(((ax, ay), (bx, by), length))
    total = 0.0
    for _, _, length in parts:
        total += length
    found = []
    for share in _SHARES:
        left = share * total
        for (ax, ay), (bx, by), length in parts:
            left -= length
            if left <= 0:
                dx, dy = (bx - ax) / length, (by - ay) / length
                up = 1 if dx > 0.3 or (dx > -0.3 and dy > 0) else -1  # noqa: PLR2004  steeper ones have a right side
                found.append(Anchor(bx + dx * left, by + dy * left, dy * up, -dx * up))
                break
    return tuple(found)


def line_captions(sheet: Sheet, ways: Sequence[Floats]) -> list[Caption]:
    """What stands along lines.

    Args:
        sheet: what they are written on.
        ways: px of the corners of each line of the scene.
    """
    found = []
    for nth, (line, way) in enumerate(zip(sheet.scene["map"]["lines"], ways, strict=True)):
        words = [line["short_label"]] if sheet.small else [line["label"], line["short_label"]]
        texts = [each for i, each in enumerate(words) if plain(each) and (not i or plain(each) != plain(words[i - 1]))]
        intended = line["style"] == "intended"
        if not texts or (intended and sheet.view.width < _NARROW):
            continue
        weight = 700 if line["style"] in {"received", "inferred"} else 400
        kind = f"fc-linelabel fc-t-{line['style']}"
        size = sheet.size(12, 11.5)
        forms = tuple((TextLine(plain(each), _language(each), size, weight, kind),) for each in texts)
        rank = 5.0 if intended else 3.0
        found.append(Caption(forms, _along(way, sheet.view), 7, "along", rank, _DETAIL + rank / 10, line=nth))
    return found


def _upper(text: str, language: str) -> str:
    return (text.replace("i", "İ") if language in {"az", "tr"} else text).upper()


def _name_lines(sheet: Sheet, name: Mapping[str, Any], text: str) -> tuple[TextLine, ...]:
    water = name["kind"] == "water"
    if not water:
        parts, size = [_upper(text, sheet.scene["language"])], sheet.size(11, 10)
    else:
        # Tokens §3: these alone are as large on a poster as on a screen.
        parts, size = _halves(text), (13 if sheet.small else 16) - (3 if name["rank"] > 1 else 0)
    kind = "fc-water" if water else "fc-country"
    return tuple(TextLine(part, None, size, 400, kind, 1.2) for part in parts)


def name_captions(sheet: Sheet) -> list[Caption]:
    """The names of countries and waters."""
    names = sheet.scene["map"]["names"]
    spots = [sheet.spot(name["at"]) for name in names]
    found = []
    for nth, (name, at) in enumerate(zip(names, spots, strict=True)):
        near = [inf if i == nth else apart(at, other) for i, other in enumerate(spots)]
        water = name["kind"] == "water"
        short = name["short"] if name["short"] is not None else name["text"]
        # One that would reach into a greater country is left out.
        reach = units(short) * 3.5 * sheet.scale
        if not water and any(
            other["rank"] < name["rank"] and px < reach for other, px in zip(names, near, strict=True)
        ):
            continue
        # A name stays in its own country: nearer to its middle than to that of any other.
        room = min(180.0, *near) / 2
        anchors = [Anchor(*at)]
        for share in _OFF:
            for hour in _HOURS:
                x = at[0] + share * room * sin((hour * pi) / 6)
                anchors.append(Anchor(x, at[1] - share * room * 0.7 * cos((hour * pi) / 6)))
        forms = [_name_lines(sheet, name, name["text"])]
        if name["short"] and name["short"] != name["text"]:
            forms.append(_name_lines(sheet, name, name["short"]))
        rank = (5.5 if water else 6) + name["rank"] / 100
        found.append(Caption(tuple(forms), tuple(anchors), 0, "centre", rank, rank))
    return found
