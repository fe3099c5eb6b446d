"""Bound the doubt of a drawn line by the places that the case establishes: near them in time it cannot be large."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from geo.geodesy import distance_m, wrap
from geo.measures import KNOT_M_S
from geo.route.gaps import established
from geo.route.route import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.model import Case
    from geo.route.reach import Anchor
    from geo.route.route import RouteStretch


def bounded(stretches: Sequence[RouteStretch], case: Case) -> list[RouteStretch]:
    """The stretches with no more doubt than the known places leave: what can be flown from there, and back to the line.

    A place known for an interval bounds nothing within it.
    """
    doubtful = any(stretch.line is not None and stretch.line.doubt_m is not None for stretch in stretches)
    if not case.known or not doubtful:
        return list(stretches)
    from geo.route.speeds import limit  # reads the table of types

    fastest_m_s = float(limit(case).ground_speed_kt(np.nan)) * KNOT_M_S
    anchors = [established(known, number) for number, known in enumerate(case.known)]
    return [
        stretch if stretch.line is None else replace(stretch, line=_bounded(stretch.line, anchors, fastest_m_s))
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
