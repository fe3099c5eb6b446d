"""Stands the signs of events apart from each other, from aerodromes and from the furniture of the map.

The same as ``placeSigns`` of ``assets/viewer/markers.js``, step for step: what is changed in one is changed in the
other, and ``tests/browser/test_poster_labels.py`` compares what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import atan2, cos, hypot, nan, pi, sin
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from geo.render.poster.placing.boxes import meet, meeting, stacked
from geo.render.poster.placing.solver import Item, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.render.poster.placing.boxes import Bools, Box, Floats
    from geo.render.poster.placing.points import Points

Spot: TypeAlias = tuple[float, float]

#: Directions and steps of distance at which a sign may stand off its place.
_AROUND: Final = 16
_STEPS: Final = 6
#: Most of them that are tried.
_ENOUGH: Final = 48
#: Room between signs, px, and that around one that has no need to move.
_APART: Final = 3.0
_ALONE: Final = 50.0
#: Room that one on a leader leaves at the edge of the map, px.
_EDGE: Final = 2.0
#: What is drawn within so many px of a sign says which side of it is free.
_CLOSE: Final = 120.0


@dataclass(frozen=True, slots=True)
class Sign:
    """The sign of an event, in px of the map.

    ``x``, ``y`` is its middle and ``home_x``, ``home_y`` the place that it stands for; ``edge`` is the radius of the
    ring around that place, 0 without, and ``r`` the radius of the sign. ``number`` is null for events between the main
    ones.
    """

    event: str
    number: str | None
    grade: str
    main: bool
    home_x: float
    home_y: float
    edge: float
    r: float
    x: float
    y: float

    @property
    def body(self) -> float:
        """Half the side of the box around it."""
        return self.r * (1.3 if self.grade == "disputed" else 1)

    @property
    def leader(self) -> tuple[float, float, float, float] | None:
        """The line from its place, or from the edge of the ring there, to the sign; none where it stands at home."""
        dx, dy = self.x - self.home_x, self.y - self.home_y
        length = hypot(dx, dy)
        if length <= self.edge:
            return None
        share = self.edge / length
        return self.home_x + dx * share, self.home_y + dy * share, self.x, self.y


@dataclass(frozen=True, slots=True)
class Port:
    """An aerodrome or another place of the map, with what is kept clear around it."""

    x: float
    y: float
    r: float


@dataclass(frozen=True, slots=True)
class Ground:
    """What signs leave free."""

    width: float
    height: float
    boxes: Floats
    ports: tuple[Port, ...]
    points: Points


@dataclass(frozen=True, slots=True)
class _Stand:
    """A place for a sign; ``start`` is where its leader begins, not a number without."""

    x: float
    y: float
    start: Spot
    box: Box
    cost: float


def _near(a: Spot, b: Spot, px: float) -> bool:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 < px * px


def _box(sign: Sign, at: Spot) -> Box:
    pad = sign.body + _APART / 2
    return at[0] - pad, at[1] - pad, at[0] + pad, at[1] + pad


def _under(boxes: Sequence[Box], ground: Ground) -> list[bool]:
    """Which boxes the furniture of the map meets."""
    met: Bools = np.any(meeting(stacked(boxes), ground.boxes), axis=1)
    found: list[bool] = met.tolist()
    return found


def _stand(sign: Sign, at: Spot, start: Spot | None, cost: float, ground: Ground, *, under: bool) -> _Stand:
    box = _box(sign, at)
    # A sign at its own place may stand for the aerodrome there.
    hidden = [
        port
        for port in ground.ports
        if _near((port.x, port.y), at, sign.body + port.r + 1) and (start or not _near((port.x, port.y), at, 2))
    ]
    inside = min(box[0], box[1], ground.width - box[2], ground.height - box[3]) >= _EDGE
    whole = cost + len(hidden) * 40 + (200 if start and not inside else 0) + (80 if under else 0)
    return _Stand(*at, start or (nan, nan), box, whole)


def _stands(sign: Sign, others: Sequence[Spot], ground: Ground) -> list[_Stand]:
    """Where a sign may stand, the best first: at its place, or on a leader around it."""
    place = (sign.home_x, sign.home_y)
    home = _stand(sign, place, None, 0.0, ground, under=_under([_box(sign, place)], ground)[0])
    # One that is out of view is left there, and one that is alone needs no other place.
    if not (0 < place[0] < ground.width and 0 < place[1] < ground.height):
        return [home]
    found = [] if sign.edge else [home]
    if not sign.edge and not home.cost and not any(_near(other, place, _ALONE) for other in others):
        return found
    dx, dy = ground.points.x - place[0], place[1] - ground.points.y
    close = np.flatnonzero(dx**2 + dy**2 < _CLOSE * _CLOSE)
    # Whole px: the order of the points must not matter where they balance.
    toward = atan2(int(float(dx[close].sum()) + 0.5), int(float(dy[close].sum()) + 0.5))
    angles = [(2 * pi * i) / _AROUND for i in range(_AROUND)] * _STEPS
    spots: list[Spot] = []
    for i, angle in enumerate(angles):
        reach = max(sign.edge, 4) + sign.r + 12 + 9 * (i // _AROUND)
        spots.append((place[0] + reach * sin(angle), place[1] - reach * cos(angle)))
    under = _under([_box(sign, at) for at in spots], ground)
    covered = _covered(spots, ground.points.x[close], ground.points.y[close], sign.body + 3)
    for i, (angle, at) in enumerate(zip(angles, spots, strict=True)):
        x, y = sin(angle), -cos(angle)
        # Thousandths: what is equal stays equal, whoever takes the cosine.
        taste = round(5 * cos(angle - toward) + (0 if sign.edge else 7 * abs(x)), 3)
        cost = 10 + min(covered[i], 12) * 4 + i // _AROUND * 6 + taste
        start = (place[0] + sign.edge * x, place[1] + sign.edge * y)
        found.append(_stand(sign, at, start, cost, ground, under=under[i]))
    return sorted(found, key=lambda stand: stand.cost)[:_ENOUGH]


def _covered(spots: Sequence[Spot], xs: Floats, ys: Floats, room: float) -> list[int]:
    """How many points lie nearer to each spot than that, px."""
    at = np.array(spots)
    away = (xs - at[:, :1]) ** 2 + (ys - at[:, 1:]) ** 2
    found: list[int] = (away < room * room).sum(axis=1).tolist()
    return found


def _through(start: Floats, end: Floats, box: Floats) -> Bools:
    """Whether leaders run through boxes that they do not come from; the shapes are broadcast."""
    x, y = start[..., 0], start[..., 1]
    own = (x > box[..., 0]) & (x < box[..., 2]) & (y > box[..., 1]) & (y < box[..., 3])
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (box[..., 0] - x) / (end[..., 0] - x), (box[..., 2] - x) / (end[..., 0] - x)
        c, d = (box[..., 1] - y) / (end[..., 1] - y), (box[..., 3] - y) / (end[..., 1] - y)
        enters = np.maximum(np.maximum(0.0, np.minimum(a, b)), np.minimum(c, d))
        leaves = np.minimum(np.minimum(1.0, np.maximum(a, b)), np.maximum(c, d))
        inside: Bools = enters < leaves
    return inside & ~own


def _side(p: Floats, q: Floats, r: Floats) -> Floats:
    found: Floats = (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1]) - (q[..., 1] - p[..., 1]) * (
        r[..., 0] - p[..., 0]
    )
    return found


def _clash(option: int, at: Floats, start: Floats, boxes: Floats) -> Bools:
    """Which stands a stand excludes: signs on each other, leaders through signs, leaders that cross."""
    here, begin, box = at[option], start[option], boxes[option]
    crossing = (_side(begin, here, start) * _side(begin, here, at) < 0) & (
        _side(start, at, begin) * _side(start, at, here) < 0
    )
    return meet(box, boxes) | _through(begin, here, boxes) | _through(start, at, box) | crossing


def stood(signs: Sequence[Sign], ground: Ground) -> list[Sign]:
    """Stand signs where they hide nothing; in a crowd that nothing can part a sign stands where it belongs.

    Args:
        signs: at their places, in the order of time.
        ground: what they leave free.
    """
    homes = [(sign.home_x, sign.home_y) for sign in signs]
    stands = [_stands(sign, homes[:i] + homes[i + 1 :], ground) for i, sign in enumerate(signs)]
    items = [
        Item([stand.cost for stand in some], [0] * len(some), [0 if sign.main else 1])
        for sign, some in zip(signs, stands, strict=True)
    ]
    every = [stand for some in stands for stand in some]
    at = np.array([(stand.x, stand.y) for stand in every]).reshape(-1, 2)
    start = np.array([stand.start for stand in every]).reshape(-1, 2)
    boxes = stacked([stand.box for stand in every])
    chosen = solve(items, lambda option: _clash(option, at, start, boxes))
    return [
        sign if k is None else replace(sign, x=some[k].x, y=some[k].y)
        for sign, some, k in zip(signs, stands, chosen, strict=True)
    ]
