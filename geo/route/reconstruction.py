"""Reconstruct the path of a gap from what was received in it without a position, and say how far off it can be.

Three kinds of evidence; the first that serves is taken: track and ground speed; heading and airspeed; nothing but the
two ends. With readings this is dead reckoning, closed on both ends by what has to be added to the velocities, most of
all the wind; where something was read in a part of the gap only, the rest is bridged. Without readings the path goes
on as it was last seen and arrives as it is next seen, if both velocities are known (``smooth path``), else it is the
shortest (``shortest path``).

Track and ground speed mostly come from the same satellite receiver as the position: where that is deceived, so are
they. ``Readings.of_track`` leaves out those of a rejected position, and a path that meets its end only with an
incredible correction is passed over, and that is said. Heading and airspeed come from other instruments.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from geo.geodesy import distance_m
from geo.measures import KNOT_M_S
from geo.route import doubt, reckoning
from geo.route.doubt import AIR, GROUND, SHORTEST, SMOOTH
from geo.route.readings import AROUND_S, End, Readings, Velocities
from geo.route.reckoning import Gap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["AIR", "GROUND", "SHORTEST", "SMOOTH", "End", "PassedOver", "Readings", "Reconstruction", "reconstruct"]

#: Readings have to cover this share of a gap, and what is added to them on the mean may be no more than this, kt: wind
#: as it has been observed in a jet stream; over ground an error of the receiver.
LEAST_SHARE: Final = 0.5
MOST_WIND_KT: Final = 250.0
MOST_ERROR_KT: Final = 30.0
#: More may be added where so much was not read that this is no surprise: all deviations grow by no more than this.
MOST_SURPRISE: Final = 2.0
_TURN: Final = 360.0


class PassedOver(NamedTuple):
    """A method that did not serve: why (``read too little``, ``no path``, ``correction not credible``), and the figure.

    The figure is the share of the gap that was read, or the mean correction in knots.
    """

    method: str
    reason: str
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class Reconstruction:
    """A reconstructed path: degrees (longitudes unwrapped), POSIX seconds, and how far off it can be.

    With a probability of 95 % the true position of a moment is within ``doubt_m`` of the path's. ``share`` of the gap
    was read. ``open_m`` is by how much the readings missed the end before they were closed on it; what closed them is
    on the mean ``added_kt`` from ``added_from_deg``: with heading and airspeed the wind, as far as the headings are
    from true north (``north_deg`` was added to them), with track and ground speed an error, without readings none.
    """

    lat: Floats
    lon: Floats
    time_s: Floats
    doubt_m: Floats
    method: str
    share: float = 0.0
    open_m: float | None = None
    added_kt: float | None = None
    added_from_deg: float | None = None
    north_deg: float | None = None
    passed_over: tuple[PassedOver, ...] = ()

    def __post_init__(self) -> None:
        for column in (self.lat, self.lon, self.time_s, self.doubt_m):
            column.flags.writeable = False


def reconstruct(
    start: End,
    end: End | None,
    start_s: float,
    end_s: float,
    series: Readings,
    *,
    limit_m_s: float | None = None,
) -> Reconstruction | None:
    """The path of a gap from its start to its end, or as far as readings go where no end is known.

    Args:
        start: the last known position before.
        end: the first known position after; none if the signal never came back.
        start_s: where the gap begins, POSIX seconds; the path begins at ``start``, its share of readings is of the gap.
        end_s: where the gap ends.
        series: what was received in the gap and, as far as at hand, a quarter of an hour around it, where a ground
            speed beside an airspeed shows the wind and the north of the headings.
        limit_m_s: the greatest speed over ground; the doubt is then never larger than what can be reached.

    Returns:
        ``None`` where there is no time to fill, or no end and too few readings to go on by.
    """
    last_s = end_s if end is None else end.time_s
    if not last_s > start.time_s:
        return None
    series = series.part(start.time_s - AROUND_S, last_s + AROUND_S)
    passed: list[PassedOver] = []
    for method, read in ((GROUND, series.over_ground()), (AIR, series.through_air())):
        until_s = _last_s(read, end_s) if end is None else last_s
        share = read.share(start_s, min(until_s, end_s)) if until_s > start.time_s else 0.0
        if share < LEAST_SHARE:
            passed += [PassedOver(method, "read too little", share)] if share > 0 else []
            continue
        found = _reckoned(method, start, end, read.between(start.time_s, until_s), series, until_s=until_s, share=share)
        if isinstance(found, Reconstruction):
            return _finished(found, start, end, tuple(passed), limit_m_s)
        passed.append(found)
    if end is None:
        return None
    return _finished(_bridged(start, end, series), start, end, tuple(passed), limit_m_s)


def _reckoned(
    method: str, start: End, end: End | None, read: Velocities, series: Readings, *, until_s: float, share: float
) -> Reconstruction | PassedOver:
    around = series.around(start.time_s, until_s) if method == AIR else None
    around_s = np.zeros(0) if around is None else around.time_s
    gap = Gap.between(start, end, until_s, read.time_s, series.altitude(), around_s)
    if method == AIR:
        base = reckoning.read(gap, read, doubt.wind(gap.knot_s, gap.altitude_ft(gap.knot_s)))
        north_deg = doubt.TRUE_NORTH_DEG if series.true_north else doubt.NORTH_DEG
        base = base._replace(north_deg=north_deg, scale=doubt.AIRSPEED_SHARE, around=around)
    else:
        base = reckoning.read(gap, read, doubt.over_ground(gap.knot_s))
    path = reckoning.reckon(gap, base)
    if not path.settled:
        return PassedOver(method, "no path", share)
    north, east = path.added_m_s
    added_kt = float(np.hypot(north, east)) / KNOT_M_S
    if added_kt > (MOST_WIND_KT if method == AIR else MOST_ERROR_KT) and path.surprise > MOST_SURPRISE:
        return PassedOver(method, "correction not credible", added_kt)
    blind = around is None and all(known is None or known.velocity is None for known in (start, end))
    factor = doubt.factor(method, gap.length_s, open_ended=end is None, blind=blind)
    return Reconstruction(
        lat=path.lat,
        lon=path.lon,
        time_s=gap.time_s,
        doubt_m=path.spread_m * factor,
        method=method,
        share=share,
        open_m=path.open_m,
        added_kt=added_kt,
        added_from_deg=float(np.degrees(np.arctan2(-east, -north))) % _TURN,
        north_deg=path.north_deg if method == AIR else None,
    )


def _bridged(start: End, end: End, series: Readings) -> Reconstruction:
    gap = Gap.between(start, end, end.time_s, np.array([]), series.altitude())
    smooth = start.velocity is not None and end.velocity is not None
    path = reckoning.reckon(gap, reckoning.straight(gap, end))
    method = SMOOTH if smooth else SHORTEST
    low = doubt.is_low(gap.altitude, start.time_s, end.time_s)
    return Reconstruction(
        lat=path.lat,
        lon=path.lon,
        time_s=gap.time_s,
        doubt_m=path.spread_m * doubt.factor(method, gap.length_s, low=low),
        method=method,
    )


def _last_s(read: Velocities, end_s: float) -> float:
    """The last reading that is no later than ``end_s``; before all time if there is none."""
    before = read.time_s[read.time_s <= end_s]
    return float(before[-1]) if len(before) else -np.inf


def _finished(
    found: Reconstruction, start: End, end: End | None, passed: tuple[PassedOver, ...], limit_m_s: float | None
) -> Reconstruction:
    """The path on its ends to the last digit, its doubt grown by theirs and no larger than what can be reached."""
    lat, lon, doubt_m = found.lat.copy(), found.lon.copy(), found.doubt_m
    lat[0], lon[:] = start.lat, lon + _TURN * np.round((start.lon - lon[0]) / _TURN)
    lon[0] = start.lon
    if end is not None:
        lat[-1], lon[-1] = end.lat, end.lon + _TURN * np.round((lon[-1] - end.lon) / _TURN)
    within = np.interp(
        found.time_s,
        [start.time_s, found.time_s[-1]],
        [start.within_m, start.within_m if end is None else end.within_m],
    )
    doubt_m = np.hypot(doubt_m, within)
    for known in (start, end):
        if known is not None and limit_m_s is not None:
            room_m = limit_m_s * np.abs(found.time_s - known.time_s) + known.within_m
            doubt_m = np.minimum(doubt_m, room_m + distance_m(lat, lon, known.lat, known.lon))
    return replace(found, lat=lat, lon=lon, doubt_m=doubt_m, passed_over=passed)
