"""The map of all cases: land, the lines of the flights in few points, and a numbered mark for each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.basemap import basemap, decode
from geo.render.poster.view import View

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from geo.site.card import Card

    Floats = NDArray[np.float64]

#: Units of the drawing, which is scaled to the width of the page.
_WIDTH: Final = 1080.0
_HEIGHTS: Final = (420.0, 560.0)
_PADDING: Final = (48.0, 44.0, 48.0, 40.0)
_TURN_DEG: Final = 360.0
#: A map of one short flight shows at least this much around it, degrees.
_LEAST_DEG: Final = 16.0
_MOST_LAT: Final = 80.0
#: Between the centres of marks, px: a finger has to find each. On phones the drawing is this much smaller.
_APART: Final = 28.0
PHONE: Final = 343.0
_ROUNDS: Final = 300
_MANY: Final = 3
#: On a line of false positions, at its middle.
CROSS: Final = '<path class="cross" d="M{} {}m-3-3l6 6m0-6l-6 6"/>'
_NEAR: Final = 6.0
#: Half of what a mark takes up, px.
_RADIUS: Final = 13.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the mark of a case stands, in shares of the width and height of the map: on wide screens and on phones."""

    number: int
    wide: tuple[float, float]
    phone: tuple[float, float]


@dataclass(frozen=True, slots=True)
class World:
    """The drawing as SVG, the size of its box, and the marks, which stand over it; cases without a line have none."""

    svg: str
    width: float
    height: float
    marks: tuple[Mark, ...]


def world(cards: Sequence[Card], label: str) -> World | None:
    """The map of cases; ``None`` where none of them has a line.

    Args:
        cards: the cases in the order of their numbers, from 1.
        label: what a screen reader calls the drawing.
    """
    numbered = [(number, one) for number, one in enumerate(cards, 1) if one.mark is not None]
    if not numbered:
        return None
    shifts = _shifts([one for _, one in numbered])
    view = _view([one for _, one in numbered], shifts)
    size = (view.width, view.height)
    at = np.array(
        [
            view.xy((one.mark[0] + turn, one.mark[1]))
            for (_, one), turn in zip(numbered, shifts, strict=True)
            if one.mark
        ]
    )
    small = PHONE / view.width
    wide, phone = _spread(at, size), _spread(at * small, (size[0] * small, size[1] * small)) / small
    lines = [part for (_, one), turn in zip(numbered, shifts, strict=True) for part in _lines(one, turn, view)]
    leaders = [*_leaders(at, wide, "wide"), *_leaders(at, phone, "phone")]
    svg = "\n".join(
        [
            f'<svg viewBox="0 0 {_n(size[0])} {_n(size[1])}" role="img" aria-label="{escape(label)}">',
            f'<path class="sea" d="M0 0h{_n(size[0])}v{_n(size[1])}H0z"/>',
            *_ground(view),
            *lines,
            *leaders,
            "</svg>",
        ]
    )
    shares = np.array(size)
    marks = tuple(
        Mark(number, (float(w[0]), float(w[1])), (float(p[0]), float(p[1])))
        for (number, _), w, p in zip(numbered, wide / shares, phone / shares, strict=True)
    )
    return World(svg, *size, marks)


def _lons(one: Card) -> list[float]:
    return [lon for line in one.lines for lon in line.lon]


def _shifts(cards: Sequence[Card]) -> list[float]:
    """Whole turns, in degrees, for the longitudes of each case: the map is cut where the most of it is empty."""
    spans = sorted((min(lons) % _TURN_DEG, max(lons) - min(lons)) for lons in map(_lons, cards))
    reached, gaps = spans[0][0], []
    for west, wide in spans:
        gaps.append((west - reached, west))
        reached = max(reached, west + wide)
    gaps.append((spans[0][0] + _TURN_DEG - reached, spans[0][0]))
    _, start = max(gaps, key=lambda gap: (gap[0], gap[1] == spans[0][0]))
    found = []
    for lons in map(_lons, cards):
        west = min(lons)
        found.append(start + (west - start) % _TURN_DEG - west)
    whole = [round(shift / _TURN_DEG) * _TURN_DEG for shift in found]
    # As near to Greenwich as the map can be: the basemap has three turns.
    middle = (
        min(min(_lons(one)) + turn for one, turn in zip(cards, whole, strict=True))
        + max(max(_lons(one)) + turn for one, turn in zip(cards, whole, strict=True))
    ) / 2
    back = round(middle / _TURN_DEG) * _TURN_DEG
    return [turn - back for turn in whole]


def _view(cards: Sequence[Card], shifts: Sequence[float]) -> View:
    lons = [lon + turn for one, turn in zip(cards, shifts, strict=True) for lon in _lons(one)]
    lats = [lat for one in cards for line in one.lines for lat in line.lat]
    west, east = _widened(min(lons), max(lons), _LEAST_DEG)
    south, north = _widened(min(lats), max(lats), _LEAST_DEG / 2)
    box = (west, max(south, -_MOST_LAT), east, min(north, _MOST_LAT))
    tall = View.fitted(box, (_WIDTH, 1e6), _PADDING)
    (_, top), (_, bottom) = tall.xy((west, box[3])), tall.xy((west, box[1]))
    height = min(max(bottom - top + _PADDING[1] + _PADDING[3], _HEIGHTS[0]), _HEIGHTS[1])
    view = View.fitted(box, (_WIDTH, round(height)), _PADDING)
    if view.scale >= view.width:
        return view
    # Not more than the whole Earth, about the same middle.
    grown = view.width / view.scale
    middle = ((view.left + view.width / 2) * grown, (view.top + view.height / 2) * grown)
    return replace(view, scale=view.width, left=middle[0] - view.width / 2, top=middle[1] - view.height / 2)


def _widened(low: float, high: float, least: float) -> tuple[float, float]:
    more = max(least - (high - low), 0.0) / 2
    return low - more, high + more


def _ground(view: View) -> Iterator[str]:
    west, south, east, north = view.bounds
    ground = basemap((west, south, min(east, west + _TURN_DEG - 1e-6), north))
    quantum = ground["quantum"]
    for name, css in (("land", "land"), ("lakes", "sea")):
        rings = [ring for polygon in ground[name] for ring in polygon]
        yield f'<path class="{css}" d="{_path((decode(ring, quantum) for ring in rings), view, closed=True)}"/>'
    for name in ("coast", "borders", "disputed"):
        drawn = _path((decode(line, quantum) for line in ground[name]), view)
        if drawn:
            yield f'<path class="{name}" d="{drawn}"/>'


def _path(lines: Iterable[Sequence[tuple[float, float]]], view: View, *, closed: bool = False) -> str:
    """Lines as one path of whole units, each point as the way from the one before."""
    parts = []
    for line in lines:
        whole = np.rint(view.xys(*zip(*line, strict=True))).astype(int)
        moved = np.diff(whole, axis=0)
        moved = moved[moved.any(axis=1)]
        if len(moved) >= (2 if closed else 1):
            steps = " ".join(f"{x} {y}" for x, y in moved.tolist()).replace(" -", "-")
            parts.append(f"M{whole[0, 0]} {whole[0, 1]}l{steps}{'z' if closed else ''}")
    return "".join(parts)


def _lines(one: Card, turn: float, view: View) -> Iterator[str]:
    for line in one.lines:
        points = view.xys([lon + turn for lon in line.lon], line.lat)
        way = "L".join(f"{_n(x)} {_n(y)}" for x, y in points.tolist())
        if len(points) > 1:
            yield f'<path class="line {escape(line.style)}" d="M{way}"/>'
        if line.style == "rejected":
            middle = points.mean(axis=0) if len(points) < _MANY else points[len(points) // 2]
            yield CROSS.format(_n(middle[0]), _n(middle[1]))


def _spread(at: Floats, size: tuple[float, float]) -> Floats:
    """Marks moved apart, each as little as may be, and none out of the map; px, shape (n, 2)."""
    low, high = np.array([_RADIUS, _RADIUS]), np.array(size) - _RADIUS
    # Marks at one place, and those that a corner has brought together, leave it in different directions, always the
    # same ones.
    turned = np.arange(len(at)) * 2.399963
    moved = np.clip(at, low + 0.02, high - 0.02) + np.column_stack((np.cos(turned), np.sin(turned))) * 0.01
    for _ in range(_ROUNDS):
        away = moved[:, None, :] - moved[None, :, :]
        far = np.hypot(away[..., 0], away[..., 1])
        np.fill_diagonal(far, np.inf)
        short = np.maximum(_APART - far, 0.0)
        if not short.any():
            break
        push = (away / np.maximum(far, 1e-9)[..., None] * short[..., None] / 2).sum(axis=1)
        moved = np.clip(moved + push * 0.6, low, high)
    return np.clip(moved, low, high)


def _leaders(at: Floats, to: Floats, width: str) -> Iterator[str]:
    """Lines from where flights end to marks that had to move."""
    for (x, y), (mark_x, mark_y) in zip(at.tolist(), to.tolist(), strict=True):
        if math.hypot(mark_x - x, mark_y - y) > _NEAR:
            yield f'<path class="leader {width}" d="M{_n(x)} {_n(y)}L{_n(mark_x)} {_n(mark_y)}"/>'


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
