"""Fill the gaps of tracks: between measured ends, the path is reconstructed as far as the evidence lets it be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import wrap
from geo.measures import KNOT_M_S
from geo.model import PathBasis
from geo.route.laying import cut
from geo.route.route import Line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.model import Case, Track
    from geo.route.reconstruction import End
    from geo.route.route import RouteStretch

#: What was received so long before and after a gap, s, helps to read what was received in it, as the wind there does.
_AROUND_S: Final = 900.0


def filled(stretches: Sequence[RouteStretch], case: Case) -> list[RouteStretch]:
    """The stretches, in the gaps of tracks with the path that readings or the ends themselves allow.

    Where something was read in the gap the path is ``reconstructed``; where its ends are all there is the line stays a
    bridge, with the doubt of such bridges, and may leave and arrive as the aircraft was seen to fly there. What the
    author states stays as it is, and so does a gap between lines that were placed by hand: what a calibrated band says
    holds between measured ends.
    """
    result: list[RouteStretch] = []
    index = 0
    while index < len(stretches):
        run = _gap(stretches, index)
        if not run:
            result.append(stretches[index])
            index += 1
            continue
        before, after = stretches[index - 1], stretches[index + len(run)]
        result += _filled(run, before, after, case)
        index += len(run)
    return result


def _gap(stretches: Sequence[RouteStretch], first: int) -> list[RouteStretch]:
    """The stretches from ``first`` that are open between two measured ones; empty where none are."""
    run: list[RouteStretch] = []
    for stretch in stretches[first:]:
        if stretch.basis is not PathBasis.BRIDGED or stretch.stated:
            break
        run.append(stretch)
    measured = [
        0 <= at < len(stretches) and stretches[at].basis is PathBasis.MEASURED for at in (first - 1, first + len(run))
    ]
    return run if all(measured) else []


def _filled(run: Sequence[RouteStretch], before: RouteStretch, after: RouteStretch, case: Case) -> list[RouteStretch]:
    from geo.route.reconstruction import AIR, GROUND, Readings, reconstruct  # only a track with a gap needs it
    from geo.route.speeds import limit

    start, end = _end(before, -1, case.recorded), _end(after, 0, case.recorded)
    source = next((stretch.track for stretch in run if stretch.track is not None), before.track)
    if start is None or end is None or source is None:
        return list(run)
    track = case.recorded[source]
    near = (track.time_s >= start.time_s - _AROUND_S) & (track.time_s <= end.time_s + _AROUND_S)
    fastest_m_s = float(limit(case).ground_speed_kt(np.nan)) * KNOT_M_S
    readings = Readings.of_track(track.take(near))
    made = reconstruct(start, end, run[0].start_s, run[-1].end_s, readings, limit_m_s=fastest_m_s)
    if made is None:
        return list(run)
    # The reconstruction keeps columns of its own; a line may not write-protect another's.
    line = Line(made.lat.copy(), made.lon.copy(), made.time_s.copy(), made.doubt_m.copy())
    basis = PathBasis.RECONSTRUCTED if made.method in (AIR, GROUND) else PathBasis.BRIDGED
    whole = replace(run[0], end_s=run[-1].end_s, line=line)
    return [
        replace(stretch, basis=basis, line=cut(whole, stretch.start_s, stretch.end_s).line, reconstruction=made)
        for stretch in run
    ]


def _end(stretch: RouteStretch, at: int, tracks: Sequence[Track]) -> End | None:
    from geo.route.reconstruction import End

    line = stretch.line
    if line is None or line.time_s is None:
        return None
    time_s = float(line.time_s[at])
    speed_kt = track_deg = None
    if stretch.track is not None:
        track = tracks[stretch.track]
        fix = int(np.argmin(np.where(track.accepted, np.abs(track.time_s - time_s), np.inf)))
        speed_kt, track_deg = _known(track.ground_speed_kt[fix]), _known(track.track_deg[fix])
    return End.measured(float(line.lat[at]), float(wrap(line.lon[at])), time_s, speed_kt, track_deg)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
