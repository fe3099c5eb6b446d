"""Rules on positions: none, twice, old, out of reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.geodesy import distance_m
from geo.model import ACCEPTED
from geo.tracks.chain import longest_chain
from geo.tracks.finding import Finding, contradicting, placed
from geo.tracks.values import STAMP_S

if TYPE_CHECKING:
    from geo.model import Track
    from geo.model.track import FloatColumn
    from geo.tracks.finding import Indices, Mask, Reasons

_MS_PER_KT: Final = 1852 / 3600
#: Airliners have reached about 700 kt over ground with a jet stream behind them; a little more is left to the next.
FASTEST_KT: Final = 750.0
#: A position is old if the aircraft has flown this far since it was first given, m. Slower than this (kt) it counts
#: as standing.
MOVED_M: Final = 30.0
STANDING_KT: Final = 5.0
#: The same position is looked for this long, s: coming back to it to the last digit later is chance.
AGAIN_S: Final = 60.0
#: No degree of latitude or longitude on WGS 84 is longer, m.
_LONGEST_DEGREE_M: Final = 111_700.0
_TURN: Final = 360.0
#: An odd number that spreads the bits of two coordinates over one key; equal keys are compared in full afterwards.
_MIX: Final = np.int64(-7046029254386353131)


def zero(track: Track, reason: Reasons) -> Finding:
    """Latitude and longitude exactly 0, which receivers write for none; the place is in the Gulf of Guinea."""
    nowhere = (reason == ACCEPTED) & (track.lat_deg == 0) & (track.lon_deg == 0)
    return Finding(nowhere, lambda indices: ["the position is 0, 0, which stands for none"] * len(indices))


def duplicate(track: Track, reason: Reasons) -> Finding:
    """The same time and position again: the first row stays. Two positions of one time both stay if speed allows."""
    held = placed(reason)
    time_s, lat, lon = track.time_s[held], track.lat_deg[held], track.lon_deg[held]
    tied = time_s[1:] == time_s[:-1]
    found = np.zeros(len(track), dtype=np.bool_)
    original: dict[int, int] = {}
    if bool(tied.any()):
        group = np.flatnonzero(np.r_[tied, False] | np.r_[False, tied])
        arranged = group[np.lexsort((track.row[held[group]], lon[group], lat[group], time_s[group]))]
        before, after = arranged[:-1], arranged[1:]
        same = (time_s[before] == time_s[after]) & (lat[before] == lat[after]) & (lon[before] == lon[after])
        original = {int(held[j]): int(held[i]) for i, j in zip(before[same], after[same], strict=True)}
        found[list(original)] = True
    return Finding(
        found,
        lambda indices: [f"time and position of row {track.row[original[index]]} again" for index in indices.tolist()],
    )


def _recent_speed(track: Track) -> FloatColumn:
    """Ground speed of each fix in knots; where it has none, the last one if it is not too old; else 0."""
    known = ~np.isnan(track.ground_speed_kt)
    last = np.maximum.accumulate(np.where(known, np.arange(len(track)), -1))
    recent = (last >= 0) & (track.time_s - track.time_s[last] <= AGAIN_S)
    speed = np.where(recent, track.ground_speed_kt[last], 0.0)
    return np.where(speed > STANDING_KT, speed, 0.0)


def _repeats(track: Track, held: Indices) -> Indices:
    """Those of ``held`` whose position occurs more than once, grouped by position, in order of time within."""
    lat, lon = track.lat_deg[held], track.lon_deg[held]
    key = lat.view(np.int64) * _MIX + lon.view(np.int64)
    ascending = np.sort(key)
    if not bool(np.any(ascending[1:] == ascending[:-1])):
        return held[:0]
    arranged = np.argsort(key, kind="stable")
    same = key[arranged[1:]] == key[arranged[:-1]]
    again: Indices = held[arranged[np.r_[same, False] | np.r_[False, same]]]
    return again


def stale(track: Track, reason: Reasons) -> Finding:
    """A position given again after the aircraft, by its own ground speed, had moved on.

    Late copies of a message and files filled from the last state do that. Without ground speed nothing is said.
    """
    again = _repeats(track, placed(reason))
    found = np.zeros(len(track), dtype=np.bool_)
    if len(again) == 0:
        return Finding(found, lambda _: [])
    time_s, lat, lon = track.time_s[again], track.lat_deg[again], track.lon_deg[again]
    fresh = np.ones(len(again), dtype=np.bool_)
    fresh[1:] = (np.diff(lat) != 0) | (np.diff(lon) != 0) | (np.diff(time_s) > AGAIN_S)
    first = again[np.maximum.accumulate(np.where(fresh, np.arange(len(again)), 0))]
    flying = _recent_speed(track)[again] * _MS_PER_KT
    step = np.zeros(len(again))
    step[1:] = np.minimum(flying[1:], flying[:-1]) * np.diff(time_s)
    step[fresh] = 0
    total = np.cumsum(step)
    flown = total - np.maximum.accumulate(np.where(fresh, total, 0))
    old = flown > MOVED_M
    found[again[old]] = True
    about = {int(i): (int(f), float(m)) for i, f, m in zip(again[old], first[old], flown[old], strict=True)}

    def why(indices: Indices) -> list[str]:
        return [
            f"the position of row {track.row[old]} again, {track.time_s[i] - track.time_s[old]:.1f} s later, "
            f"{metres:,.0f} m further by ground speed"
            for i, (old, metres) in ((i, about[i]) for i in indices.tolist())
        ]

    return Finding(found, why)


def speed(track: Track, reason: Reasons) -> Finding:
    """A position that has no place in the longest chain of positions that can be flown at ``FASTEST_KT``."""
    held = placed(reason)

    def linked(before: Indices, after: Indices) -> Mask:
        return _within_reach(track, held[before], held[after])

    chain = longest_chain(len(held), linked)
    found = np.zeros(len(track), dtype=np.bool_)
    found[held[~chain]] = True
    good = held[chain]

    def why(indices: Indices) -> list[str]:
        against = contradicting(good, indices, lambda i, j: _apart_m(track, i, j) - _room_m(track, i, j))
        apart_m = _apart_m(track, against, indices).tolist()
        apart_s = np.abs(track.time_s[indices] - track.time_s[against]).tolist()
        return [
            f"{metres / 1000:,.1f} km from row {row} within {seconds:.1f} s, more than {FASTEST_KT:,.0f} kt allows"
            for metres, seconds, row in zip(apart_m, apart_s, track.row[against].tolist(), strict=True)
        ]

    return Finding(found, why)


def _apart_m(track: Track, i: Indices, j: Indices) -> FloatColumn:
    return distance_m(track.lat_deg[i], track.lon_deg[i], track.lat_deg[j], track.lon_deg[j])


def _room_m(track: Track, i: Indices, j: Indices) -> FloatColumn:
    """How far the aircraft can have come between two fixes."""
    room: FloatColumn = FASTEST_KT * _MS_PER_KT * (np.abs(track.time_s[j] - track.time_s[i]) + STAMP_S)
    return room


def _within_reach(track: Track, i: Indices, j: Indices) -> Mask:
    """Whether the aircraft can have flown from ``i`` to ``j``; measured only where an upper bound does not tell."""
    room = _room_m(track, i, j)
    across = np.abs(track.lon_deg[j] - track.lon_deg[i])
    across = np.minimum(across, _TURN - across)
    near: Mask = np.hypot(track.lat_deg[j] - track.lat_deg[i], across) * _LONGEST_DEGREE_M <= room
    unsure = np.flatnonzero(~near)
    if len(unsure):
        near[unsure] = _apart_m(track, i[unsure], j[unsure]) <= room[unsure]
    return near
