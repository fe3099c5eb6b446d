"""Bound the doubt of a drawn line by the places that the case establishes: near them in time it cannot be large."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.geodesy import distance_m, wrap
from geo.route.gaps import established
from geo.route.route import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.model import Known
    from geo.route.reach import Anchor
    from geo.route.route import RouteStretch


def bounded(
    stretches: Sequence[RouteStretch], known: Sequence[Known], fastest_m_s: Callable[[], float]
) -> list[RouteStretch]:
    """The stretches with no more doubt than the known places leave: what can be flown from there, and back to the line.

    A place known for an interval bounds nothing within it. ``fastest_m_s`` is asked when there is doubt to bound.
    """
    doubtful = any(stretch.line is not None and stretch.line.doubt_m is not None for stretch in stretches)
    if not known or not doubtful:
        return list(stretches)
    anchors = [established(place, number) for number, place in enumerate(known)]
    return [
        stretch if stretch.line is None else replace(stretch, line=_bounded(stretch.line, anchors, fastest_m_s()))
        for stretch in stretches
    ]


def _bounded(line: Line, anchors: Sequence[Anchor], fastest_m_s: float) -> Line:
    if line.doubt_m is None or line.time_s is None:
        return line
    doubt = line.doubt_m
    for anchor in anchors:
        since = np.maximum(np.maximum(line.time_s - anchor.early_s, anchor.late_s - line.time_s), 0.0)
        away = distance_m(line.lat, wrap(line.lon), anchor.lat, anchor.lon)
        doubt = np.minimum(doubt, away + anchor.within_m + since * fastest_m_s)
    return Line(line.lat, line.lon, line.time_s, doubt)
