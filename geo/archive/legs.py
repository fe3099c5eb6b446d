"""Legs: which positions of a day are one flight, where it began and ended, and how far it went.

Flights are told apart as in single tracks (``geo.tracks.legs``), by the positions that there are. Of the positions of
one aircraft under one callsign another leg begins

* where the source says so,
* after a silence of more than ``LANDED_S`` (30 min) with the aircraft on the ground at either end of it,
* after a silence of more than ``DAY_S`` (12 h).

A row without callsign is of the flight that its aircraft flies at the time (``paths``); a leg has the first callsign
that a position in it carries. Positions that only jumps reach (``jumps.unreached``) are in no path: they count neither
as fixes nor for times, ends, altitudes and distances. ``origin`` and ``destination`` are the aerodromes that the first
and the last position are at (``aerodromes``). ``distance_km`` is a sum of steps that are each rounded to a tenth of a
metre, as positions are written down: so it is the same however a flight is cut and put together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from geo.archive import jumps, steps
from geo.archive.aerodromes import aerodromes
from geo.archive.block import NONE, NONE_8, column, icao24s, words
from geo.archive.tables import LEGS, TIME
from geo.tracks.legs import DAY_S, LANDED_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.archive.paths import Paths

    Indices = NDArray[np.int64]

#: Parts of a kilometre that the steps of a path are rounded to.
PARTS: Final = 10_000
_METRE: Final = PARTS // 1000


def silences(
    apart_ms: NDArray[np.int64], ground_before: NDArray[np.bool_], ground: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Where another leg begins after a silence, given its length and whether the aircraft was on the ground."""
    landed = (apart_ms > LANDED_S * 1000) & (ground_before | ground)
    return landed | (apart_ms > DAY_S * 1000)


def table(paths: Paths, first: Indices, callsign: NDArray[np.int32], reached: Indices) -> pa.Table:
    """The legs of these paths as ``tables.LEGS``, by aircraft and time of their first position.

    Args:
        paths: positions of one day.
        first: the first position of each leg (``firsts``).
        callsign: the number of the callsign of each (``callsigns``).
        reached: the positions that are reached by a jump (``jumps.find``).
    """
    if len(paths) == 0:
        return LEGS.empty_table()
    unreached = jumps.unreached(paths, first, reached)
    held = np.ones(len(paths), dtype=np.bool_)
    held[unreached] = False
    metres, apart_ms = paths.metres.copy(), paths.apart_ms.copy()
    metres[first], apart_ms[first] = 0.0, 0
    begin, end = _bridged(paths, first, held, metres, apart_ms)
    whole = np.rint(metres * _METRE).astype(np.int64)
    altitude = paths.altitude_ft
    if len(unreached):
        altitude = altitude.copy()
        altitude[unreached] = NONE
    fixes = np.diff(first, append=len(paths)) - np.add.reduceat((~held).astype(np.int64), first)
    opens = paths.another[first] & ~paths.begins[first]
    closes = np.append(paths.another[first[1:]], np.True_)
    numbers: dict[str, NDArray[Any]] = {
        "fixes": fixes.astype(np.int32),
        "distance_km": np.add.reduceat(whole, first) / PARTS,
        "highest_ft": np.maximum.reduceat(altitude, first),
        "silent_s": (np.maximum.reduceat(apart_ms, first) // 1000).astype(np.int32),
    }
    ends = _received(paths, first, closes)
    return _laid(paths, (begin, end), callsign, {**numbers, "opens": opens, "closes": closes}, ends)


def firsts(paths: Paths) -> Indices:
    """The index of the first position of each leg."""
    new = paths.another | paths.begins
    # Few silences are long enough for anything.
    long = np.flatnonzero(paths.apart_ms > LANDED_S * 1000)
    ground = paths.on_ground == 1
    new[long] |= silences(paths.apart_ms[long], ground[long - 1], ground[long])
    return np.flatnonzero(new)


def callsigns(paths: Paths, first: Indices) -> NDArray[np.int32]:
    """The number of the first callsign that a position of each leg carries, -1 where none does."""
    known = np.flatnonzero(paths.callsign >= 0)
    if len(known) == 0:
        return np.full(len(first), -1, dtype=np.int32)
    at = known[np.minimum(np.searchsorted(known, first), len(known) - 1)]
    own = (at >= first) & (at < np.append(first[1:], len(paths)))
    return np.where(own, paths.callsign[at], np.int32(-1))


def _bridged(
    paths: Paths,
    first: Indices,
    held: NDArray[np.bool_],
    metres: NDArray[np.float64],
    apart_ms: NDArray[np.int64],
) -> tuple[Indices, Indices]:
    """The first and last position of each leg that are held; in place, steps over those that are not."""
    last = np.append(first[1:], len(paths)) - 1
    lost = np.flatnonzero(~held)
    if len(lost) == 0:
        return first, last
    metres[lost], apart_ms[lost] = 0.0, 0
    kept = np.flatnonzero(held)
    begin = kept[np.searchsorted(kept, first)]
    end = kept[np.searchsorted(kept, last, side="right") - 1]
    # The first position that is held again after some that are not is reached from the last one before them.
    again = np.unique(kept[np.minimum(np.searchsorted(kept, lost), len(kept) - 1)])
    again = again[~held[again - 1]]
    metres[begin], apart_ms[begin] = 0.0, 0
    again = np.setdiff1d(again, begin, assume_unique=True)
    before = kept[np.searchsorted(kept, again) - 1]
    metres[again] = steps.geodesics_m(paths.lat, paths.lon, before, again)
    apart_ms[again] = paths.time_ms[again] - paths.time_ms[before]
    return begin, end


def _received(paths: Paths, first: Indices, closes: NDArray[np.bool_]) -> dict[str, pa.Array]:
    """The very first and the very last position of each aircraft under each callsign, be they held or not."""
    last = np.append(first[1:], len(paths)) - 1
    columns = {}
    for side, at, known in (("opening", first, paths.another[first]), ("closing", last, closes)):
        columns[f"{side}_time"] = pa.array(paths.time_ms[at], mask=~known).view(TIME)
        for name in ("lat", "lon", "altitude_ft"):
            columns[f"{side}_{name}"] = column(name, np.where(known, getattr(paths, name)[at], NONE))
    return columns


def _laid(
    paths: Paths,
    ends: tuple[Indices, Indices],
    callsign: NDArray[np.int32],
    numbers: dict[str, NDArray[Any]],
    received: dict[str, pa.Array],
) -> pa.Table:
    order = np.lexsort((paths.time_ms[ends[0]], paths.address[ends[0]]))
    begin, end = (one[order] for one in ends)
    known = aerodromes()
    columns = {
        "icao24": icao24s(paths.address[begin]).dictionary_decode(),
        "callsign": words(callsign[order], pa.array(paths.callsigns, pa.string())).dictionary_decode(),
        **{name: pa.array(array[order]) for name, array in numbers.items()},
        **{name: array.take(pa.array(order)) for name, array in received.items()},
        "highest_ft": column("altitude_ft", numbers["highest_ft"][order]),
    }
    for side, at, name in (("first", begin, "origin"), ("last", end, "destination")):
        ground = paths.on_ground[at]
        columns |= {
            f"{side}_time": pa.array(paths.time_ms[at]).view(TIME),
            f"{side}_lat": column("lat", paths.lat[at]),
            f"{side}_lon": column("lon", paths.lon[at]),
            f"{side}_altitude_ft": column("altitude_ft", paths.altitude_ft[at]),
            f"{side}_on_ground": pa.array(ground == 1, mask=ground == NONE_8),
            name: pa.array(known.at(paths.lat[at], paths.lon[at], paths.altitude_ft[at], ground), pa.string()),
        }
    return pa.table([columns[name] for name in LEGS.names], schema=LEGS)
