"""The times without a received position: the known ends around them, and the reach between these."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import wrap
from geo.model import Evidence, PathBasis
from geo.route.lines import position_of
from geo.route.reach import Anchor, Budget, Reach

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.model import Known
    from geo.route.route import Line, Route, RouteStretch

_MINUTE_S: Final = 60.0


def reaches(route: Route) -> tuple[Reach, ...]:
    """The reach of each time without a received position that is longer than the gap of the route.

    Its ends are the last position received before and the first after, and the places that the case establishes
    between them. A line of which nothing was received, reconstructed or placed by hand, is no end: the reach is what
    holds without it.
    """
    budget = _budget(route)
    found = []
    index = 0
    for received, run in groupby(route.stretches, key=lambda stretch: stretch.evidence is Evidence.RECEIVED):
        stretches = list(run)
        first, index = index, index + len(stretches)
        start_s, end_s = stretches[0].start_s, stretches[-1].end_s
        if received or end_s - start_s <= route.gap_s:
            continue
        around = [(route.stretches[first - 1], -1)] if first else []
        around += [(route.stretches[index], 0)] if index < len(route.stretches) else []
        anchors = _anchors(route, around, start_s, end_s)
        if anchors:
            found.append(Reach(start_s, end_s, anchors, budget))
    return tuple(found)


def _budget(route: Route) -> Budget:
    """What can be flown over the whole route, with the speed limit of each received altitude where there is one."""
    known_s = np.concatenate([[], *(series.time_s for series in route.altitude_ft)])
    known_ft = np.concatenate([[], *(series.value for series in route.altitude_ft)])
    order = np.argsort(known_s, kind="stable")
    time_s = np.unique(np.concatenate([known_s, [route.start_s, route.end_s]]))
    return Budget(time_s, route.limit.farthest_m(time_s, known_s[order], known_ft[order]))


def _anchors(
    route: Route, around: Sequence[tuple[RouteStretch, int]], start_s: float, end_s: float
) -> tuple[Anchor, ...]:
    known = [
        established(place, number)
        for number, place in enumerate(route.case.known)
        if _times(place)[0] <= end_s + route.gap_s and _times(place)[1] >= start_s - route.gap_s
    ]
    ends = [_end(stretch, at) for stretch, at in around]
    # A place that the case establishes says how far off it may be; the end of a line placed by hand does not.
    lines = [
        end
        for end in ends
        if end is not None
        and (
            end.rests_on == PathBasis.MEASURED
            or not any(one.early_s - route.gap_s <= end.early_s <= one.late_s + route.gap_s for one in known)
        )
    ]
    return tuple(sorted([*lines, *known], key=lambda anchor: (anchor.early_s + anchor.late_s, anchor.early_s)))


def _times(known: Known) -> tuple[float, float]:
    """First and last second at which it may have been there; a minute lasts until its end."""
    slack_s = known.time.within_s or 0.0
    minute_s = _MINUTE_S if known.time.precision == "minute" else 0.0
    return known.time.start.timestamp() - slack_s, known.time.end.timestamp() + slack_s + minute_s


def established(known: Known, number: int) -> Anchor:
    """The anchor that a known place of the case makes; ``number`` is its place there, from 0."""
    where = known.place
    ring_m = (where.km or 0.0) * 1000 if where.kind == "ring" else 0.0
    within_km = where.within_km or (where.place.within_km if where.place is not None else None) or 0.0
    spot = where.place.position if where.kind == "ring" and where.place is not None else position_of(where)
    early_s, late_s = _times(known)
    return Anchor(
        lat=spot.lat,
        lon=spot.lon,
        early_s=early_s,
        late_s=late_s,
        within_m=ring_m + within_km * 1000,
        rests_on="known",
        known=number,
    )


def _end(stretch: RouteStretch, at: int) -> Anchor | None:
    line: Line | None = stretch.line
    if line is None:
        return None
    time_s = stretch.start_s if at == 0 else stretch.end_s
    if line.time_s is not None:
        time_s = float(line.time_s[at])
    doubt_m = 0.0 if line.doubt_m is None else float(line.doubt_m[at])
    return Anchor(float(line.lat[at]), float(wrap(line.lon[at])), time_s, time_s, doubt_m, stretch.basis.value)
