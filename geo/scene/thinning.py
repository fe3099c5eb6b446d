"""Lines of very many fixes with fewer points: what is drawn stays within a stated distance of what was received.

The distance is that between the drawn and the received position *at the same time*, so that it bounds the moving
aircraft as well as the line, and it is measured against the points as the page holds them, rounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.measures import FOOT_M
from geo.model import PathBasis
from geo.scene.columns import DEGREES, SECONDS, Column, column, path

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.route import Line, Route
    from geo.scene.words import Words

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

#: Up to this many received positions all are drawn: a page carries them easily.
MOST_FIXES: Final = 25_000
#: Above it the line stays within this of every one of them.
WITHIN_M: Final = 10.0
#: No point of a line stands for more fixes than this: it bounds how often a part of it is cut again.
_BLOCK: Final = 1024
#: The longest degree on the Earth, of latitude at a pole: no distance is taken for shorter than it is.
_DEGREE_M: Final = 111_694.0
#: Left over for the rounding of floating numbers.
_SLACK_M: Final = 0.01
#: Units of time that a column may have, the coarsest first, seconds.
_CLOCKS: Final = (1.0, SECONDS, 0.01, 0.001)
_EXACT_S: Final = 1e-5


def within_m(route: Route) -> float:
    """How far the drawn line may lie from a received position, metres: 0 where every position is drawn."""
    return WITHIN_M if received(route) > MOST_FIXES else 0.0


def received(route: Route) -> int:
    """How many received positions the lines of a route go through."""
    measured = [stretch.line for stretch in route.stretches if stretch.basis is PathBasis.MEASURED]
    return sum(len(line) for line in (*measured, *(one.line for one in route.disagreements)) if line is not None)


def said(route: Route, words: Words) -> str:
    """What the caption says of a simplified line; empty where every position is drawn."""
    if not within_m(route):
        return ""
    return words.say(
        "Line simplified: within {distance} of the {count} received positions.",
        distance=length(WITHIN_M, words),
        count=words.number(received(route)),
    )


def length(metres: float, words: Words) -> str:
    """A short length in the unit of the reader."""
    if words.units == "imperial":
        return words.number(metres / FOOT_M) + words.say(" ft")
    return words.number(metres) + words.say(" m")


def drawn(line: Line, turn_deg: float, tolerance_m: float) -> dict[str, Any]:
    """The path of a line, and how near it is to every fix where it is simplified."""
    path_of = {"path": columns(line, turn_deg, tolerance_m)}
    return {**path_of, "within_m": tolerance_m} if tolerance_m else path_of


def columns(line: Line, turn_deg: float, tolerance_m: float) -> dict[str, Column]:
    """``path`` of a line, of as few of its points as the tolerance allows; of all of them where that is 0."""
    if not tolerance_m or line.time_s is None:
        return path(line, turn_deg)
    clock = _clock(line.time_s)
    kept = thinned(line.lat, line.lon, line.time_s, tolerance_m, clock)
    return {
        "lon": column(line.lon[kept] + turn_deg, DEGREES),
        "lat": column(line.lat[kept], DEGREES),
        "time": column(line.time_s[kept], clock),
    }


def _clock(time_s: Floats) -> float:
    """The coarsest unit that writes all times as they are, else the finest."""
    fit = (unit for unit in _CLOCKS if float(np.abs(_rounded(time_s, unit) - time_s).max()) < _EXACT_S)
    return next(fit, _CLOCKS[-1])


def _rounded(values: Floats, unit: float) -> Floats:
    return np.round(values / unit) * unit


def thinned(lat: Floats, lon: Floats, time_s: Floats, tolerance_m: float, clock: float = SECONDS) -> Ints:
    """The fixes to keep so that all lie within ``tolerance_m`` of the line through these, each at its own time.

    The first and the last are kept. All parts that go too far astray are cut at their farthest fix at once, level by
    level (the rule of Douglas and Peucker, with time in place of the way along the chord).
    """
    kept = np.zeros(len(lat), dtype=np.bool_)
    kept[::_BLOCK] = True
    kept[-1:] = True
    drawn = (_rounded(lat, DEGREES), _rounded(lon, DEGREES), _rounded(time_s, clock))
    east_m = _DEGREE_M * np.cos(np.radians(lat))
    limit = (tolerance_m - _SLACK_M) ** 2
    waiting = np.flatnonzero(~kept)
    while len(waiting):
        ends = np.flatnonzero(kept)
        part = np.searchsorted(ends, waiting)
        first, last = ends[part - 1], ends[part]
        span = drawn[2][last] - drawn[2][first]
        share = np.clip((time_s[waiting] - drawn[2][first]) / np.where(span > 0, span, 1.0), 0.0, 1.0)
        north = (lat[waiting] - drawn[0][first] - share * (drawn[0][last] - drawn[0][first])) * _DEGREE_M
        east = (lon[waiting] - drawn[1][first] - share * (drawn[1][last] - drawn[1][first])) * east_m[waiting]
        off = north**2 + east**2
        begins = np.flatnonzero(np.diff(part, prepend=-1))
        most = np.maximum.reduceat(off, begins)
        sizes = np.diff(np.append(begins, len(waiting)))
        astray = np.repeat(most > limit, sizes)
        # One fix of each part that goes astray, the first of its farthest.
        farthest = np.flatnonzero(astray & (off == np.repeat(most, sizes)))
        kept[waiting[farthest[np.diff(part[farthest], prepend=-1) > 0]]] = True
        waiting = waiting[astray & ~kept[waiting]]
    return np.flatnonzero(kept)
