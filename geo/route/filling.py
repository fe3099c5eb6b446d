"""Fill the gaps of tracks: between measured ends, the path is reconstructed as far as the evidence lets it be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import wrap
from geo.model import PathBasis
from geo.route.laying import cut
from geo.route.route import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.model import Track
    from geo.route.reconstruction import End, Readings
    from geo.route.route import RouteStretch

#: What was received so long before and after a gap, s, helps to read what was received in it, as the wind there does.
_AROUND_S: Final = 900.0


def filled(
    stretches: Sequence[RouteStretch], tracks: Sequence[Track], fastest_m_s: Callable[[], float]
) -> list[RouteStretch]:
    """The stretches, in the gaps of tracks with the path that readings or the ends themselves allow.

    Where something was read in the gap the path is ``reconstructed``; where its ends are all there is the line stays a
    bridge, with the doubt of such bridges, and may leave and arrive as the aircraft was seen to fly there. What the
    author states stays as it is, and so does a gap between lines that were placed by hand: what a calibrated band says
    holds between measured ends. ``fastest_m_s`` is asked when there is a gap to fill.
    """
    heard = [_Heard(track) for track in tracks]
    result: list[RouteStretch] = []
    index = 0
    while index < len(stretches):
        run = _gap(stretches, index)
        if not run:
            result.append(stretches[index])
            index += 1
            continue
        before, after = stretches[index - 1], stretches[index + len(run)]
        result += _filled(run, before, after, heard, fastest_m_s)
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


class _Heard:
    """A track as its gaps ask for it: the fix at a time, and what was received around a gap."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.held = np.flatnonzero(track.accepted)
        self.held_s = track.time_s[self.held]

    def velocity(self, time_s: float) -> tuple[float | None, float | None]:
        """Ground speed, knots, and track, degrees, of the accepted fix that is nearest in time."""
        after = min(int(np.searchsorted(self.held_s, time_s)), len(self.held) - 1)
        before = max(after - 1, 0)
        nearer = before if abs(self.held_s[before] - time_s) <= abs(self.held_s[after] - time_s) else after
        fix = self.held[np.searchsorted(self.held_s, self.held_s[nearer])]
        return _known(self.track.ground_speed_kt[fix]), _known(self.track.track_deg[fix])

    def readings(self, start_s: float, end_s: float) -> Readings:
        """What was received between two times, both included."""
        from geo.route.reconstruction import Readings  # only a track with a gap needs it

        first = int(np.searchsorted(self.track.time_s, start_s))
        last = int(np.searchsorted(self.track.time_s, end_s, side="right"))
        return Readings.of_track(self.track.take(np.arange(first, last)))


def _filled(
    run: Sequence[RouteStretch],
    before: RouteStretch,
    after: RouteStretch,
    heard: Sequence[_Heard],
    fastest_m_s: Callable[[], float],
) -> list[RouteStretch]:
    from geo.route.reconstruction import AIR, GROUND, reconstruct  # only a track with a gap needs it

    start, end = _end(before, -1, heard), _end(after, 0, heard)
    source = next((stretch.track for stretch in run if stretch.track is not None), before.track)
    if start is None or end is None or source is None:
        return list(run)
    readings = heard[source].readings(start.time_s - _AROUND_S, end.time_s + _AROUND_S)
    made = reconstruct(start, end, run[0].start_s, run[-1].end_s, readings, limit_m_s=fastest_m_s())
    if made is None:
        return list(run)
    line = Line(made.lat, made.lon, made.time_s, made.doubt_m)
    basis = PathBasis.RECONSTRUCTED if made.method in (AIR, GROUND) else PathBasis.BRIDGED
    whole = replace(run[0], end_s=run[-1].end_s, line=line)
    return [
        replace(stretch, basis=basis, line=cut(whole, stretch.start_s, stretch.end_s).line, reconstruction=made)
        for stretch in run
    ]


def _end(stretch: RouteStretch, at: int, heard: Sequence[_Heard]) -> End | None:
    from geo.route.reconstruction import End

    line = stretch.line
    if line is None or line.time_s is None:
        return None
    time_s = float(line.time_s[at])
    speed_kt, track_deg = (None, None) if stretch.track is None else heard[stretch.track].velocity(time_s)
    return End.measured(float(line.lat[at]), float(wrap(line.lon[at])), time_s, speed_kt, track_deg)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
