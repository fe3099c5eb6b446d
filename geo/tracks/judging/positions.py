"""Rules on single positions: impossible, none, twice, old, not vouched for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.measures import KNOT_M_S
from geo.model import ACCEPTED
from geo.tracks.judging.finding import Finding, placed
from geo.tracks.judging.flying import recent
from geo.tracks.judging.values import POSITION, RANGES, outside, said

if TYPE_CHECKING:
    from geo.model import Track
    from geo.tracks.judging.finding import Indices, Reasons

#: A position is old if the aircraft has flown this far since it was first given, m. Slower than this (kt) it counts
#: as standing.
MOVED_M: Final = 30.0
STANDING_KT: Final = 5.0
#: The same position is looked for this long, s: coming back to it to the last digit later is chance.
AGAIN_S: Final = 60.0
#: An odd number that spreads the bits of two coordinates over one key; equal keys are compared in full afterwards.
_MIX: Final = np.int64(-7046029254386353131)


def impossible(track: Track, reason: Reasons) -> Finding:  # noqa: ARG001  every rule is called alike
    """A latitude or longitude that is none."""
    wrong = {name: outside(track, name) for name in POSITION}

    def why(indices: Indices) -> list[str]:
        hint = "; latitude and longitude look swapped" if _swapped(track) else ""
        name = {index: next(name for name in POSITION if wrong[name][index]) for index in indices.tolist()}
        return [said(track, name[i], i) + (hint if name[i] == "lat_deg" else "") for i in indices.tolist()]

    return Finding(wrong["lat_deg"] | wrong["lon_deg"], why)


def _swapped(track: Track) -> bool:
    """Whether most latitudes cannot be, and all could be longitudes and the longitudes latitudes."""
    known = ~np.isnan(track.lat_deg) & ~np.isnan(track.lon_deg)
    lat, lon = np.abs(track.lat_deg[known]), np.abs(track.lon_deg[known])
    pole, turn = RANGES["lat_deg"][3], RANGES["lon_deg"][3]
    return len(lat) > 0 and bool(np.mean(lat > pole) > 1 / 2 and lat.max() <= turn and lon.max() <= pole)


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
    flying = np.nan_to_num(recent(track))[again]
    flying = np.where(flying > STANDING_KT, flying, 0.0) * KNOT_M_S
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


def integrity(track: Track, reason: Reasons) -> Finding:
    """A position whose own message says that its error is not known, of an aircraft that gives a bound at other times.

    NIC 0 and NACp 0 mean that the error may be more than 20 or 10 NM, or is not known; SIL 0 that the bound of NIC
    need not hold (RTCA DO-260B, 2.2.3.2.7). Jammed receivers fall to that. An aircraft that never says better (old
    transponders do not) is not doubted for it.
    """
    unknown = np.zeros(len(track), dtype=np.bool_)
    vouched = np.zeros(len(track), dtype=np.bool_)
    for name in ("nic", "nacp"):
        level = getattr(track, name)
        unknown |= level == 0
        vouched |= level > 0
    lost = unknown & ~vouched
    if bool((track.sil > 0).any()):
        lost |= track.sil == 0
    found = np.zeros(len(track), dtype=np.bool_)
    if bool(vouched.any()):
        held = placed(reason)
        found[held] = lost[held]

    def why(indices: Indices) -> list[str]:
        words = (("nic", "NIC"), ("nacp", "NACp"), ("sil", "SIL"))
        return [
            " and ".join(
                f"{word} {getattr(track, name)[i]:.0f}" for name, word in words if getattr(track, name)[i] == 0
            )
            + ": the aircraft gives no bound for the error of its position"
            for i in indices.tolist()
        ]

    return Finding(found, why)
