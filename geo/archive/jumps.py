"""Jumps: positions that nothing can have flown between, and the positions that only jumps reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyarrow as pa

from geo.archive import steps
from geo.archive.block import column, icao24s, words
from geo.archive.tables import JUMPS, TIME
from geo.measures import KNOT_M_S
from geo.tracks.judging.values import STAMP_S

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geo.archive.paths import Paths

    Indices = NDArray[np.int64]


class Fixes(Protocol):
    """Positions, in the numbers of a block."""

    @property
    def time_ms(self) -> NDArray[np.int64]:
        """Milliseconds since 1970."""

    @property
    def lat(self) -> NDArray[np.int32]:
        """Millionths of a degree."""

    @property
    def lon(self) -> NDArray[np.int32]:
        """The same."""

    @property
    def altitude_ft(self) -> NDArray[np.int32]:
        """``NONE`` where it is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """Positions that are of no path: those at the ends of legs."""

    time_ms: NDArray[np.int64]
    lat: NDArray[np.int32]
    lon: NDArray[np.int32]
    altitude_ft: NDArray[np.int32]

    def joined(self, other: Ends) -> Ends:
        """These, and behind them the others."""
        return Ends(
            np.append(self.time_ms, other.time_ms),
            np.append(self.lat, other.lat),
            np.append(self.lon, other.lon),
            np.append(self.altitude_ft, other.altitude_ft),
        )


def find(paths: Paths) -> Indices:
    """Indices of the positions that are reached by a jump (``steps``) from the one before."""
    # Most steps are shorter than any jump.
    suspect = np.flatnonzero(paths.metres > steps.LEAST_KM * 1000 * (1 - steps.ERROR))
    suspect = suspect[paths.metres[suspect] > steps.room_m(paths.apart_ms[suspect]) * (1 - steps.ERROR)]
    return suspect[impossible(paths, suspect - 1, suspect)]


def impossible(fixes: Fixes, before: Indices, after: Indices) -> NDArray[np.bool_]:
    """Whether the step between the positions of these indices is a jump (``steps``)."""
    exact = steps.geodesics_m(fixes.lat, fixes.lon, before, after)
    found: NDArray[np.bool_] = exact > steps.room_m(fixes.time_ms[after] - fixes.time_ms[before])
    return found


def table(paths: Paths, jumps: Indices, callsign: NDArray[np.int32]) -> pa.Table:
    """The jumps to these positions as ``tables.JUMPS``, by aircraft and time.

    Args:
        paths: the positions.
        jumps: the indices of ``find``.
        callsign: the number of the callsign of the leg of each.
    """
    order = np.lexsort((paths.time_ms[jumps], paths.address[jumps]))
    jumps = jumps[order]
    icao24 = icao24s(paths.address[jumps]).dictionary_decode()
    known = words(callsign[order], pa.array(paths.callsigns, pa.string())).dictionary_decode()
    return laid(paths, jumps - 1, jumps, icao24, known)


def laid(
    fixes: Fixes,
    before: Indices,
    after: Indices,
    icao24: pa.Array | pa.ChunkedArray,
    callsign: pa.Array | pa.ChunkedArray,
) -> pa.Table:
    """The jumps between the positions of these indices as ``tables.JUMPS``, in their order.

    ``distance_km`` is rounded to the metre, ``implied_kt`` to a tenth: that distance over the time between the stamps,
    or over ``STAMP_S`` where that is less.
    """
    metres = steps.geodesics_m(fixes.lat, fixes.lon, before, after)
    apart_s = np.maximum((fixes.time_ms[after] - fixes.time_ms[before]) / 1000, STAMP_S)
    return pa.table(
        {
            "icao24": icao24,
            "callsign": callsign,
            "time_before": pa.array(fixes.time_ms[before]).view(TIME),
            "time": pa.array(fixes.time_ms[after]).view(TIME),
            "lat_before": column("lat", fixes.lat[before]),
            "lon_before": column("lon", fixes.lon[before]),
            "lat": column("lat", fixes.lat[after]),
            "lon": column("lon", fixes.lon[after]),
            "altitude_ft": column("altitude_ft", fixes.altitude_ft[after]),
            "distance_km": pa.array(np.round(metres / 1000, 3)),
            "implied_kt": pa.array(np.round(metres / apart_s / KNOT_M_S, 1)),
        },
        schema=JUMPS,
    )


def unreached(paths: Paths, first: Indices, jumps: Indices) -> Indices:
    """The positions of legs that only jumps reach, ascending.

    Jumps cut a leg into pieces. The piece that lasts longest is taken for true; from there on and back a piece is, if
    the step to it from the last true position is no jump. So a false position costs itself and not those after it.

    Args:
        paths: the positions.
        first: the index of the first position of each leg.
        jumps: the indices of ``find``.
    """
    last = np.append(first[1:], len(paths)) - 1
    within = np.setdiff1d(jumps, first, assume_unique=True)
    legs = np.unique(np.searchsorted(first, within, side="right") - 1)
    starts = np.sort(np.concatenate([first[legs], within]))
    leg = np.searchsorted(first, starts, side="right") - 1
    ends = np.append(starts[1:], 0) - 1
    final = np.append(leg[1:] != leg[:-1], np.True_)[: len(leg)]
    ends[final] = last[leg[final]]
    held = _reached(paths, starts, ends, np.searchsorted(legs, leg))
    lost = np.flatnonzero(~held)
    count = ends[lost] - starts[lost] + 1
    return np.repeat(starts[lost] - np.cumsum(count) + count, count) + np.arange(int(count.sum()))


def _reached(paths: Paths, starts: Indices, ends: Indices, leg: Indices) -> NDArray[np.bool_]:
    """Which of the pieces (first and last position, number of the leg) are taken for true."""
    held = np.zeros(len(starts), dtype=np.bool_)
    if len(starts) == 0:
        return held
    lasts_ms = paths.time_ms[ends] - paths.time_ms[starts]
    # By leg the one that lasts longest; of equals the one with more positions, then the first.
    order = np.lexsort((np.arange(len(starts)), starts - ends, -lasts_ms, leg))
    main = order[np.r_[True, leg[order][1:] != leg[order][:-1]]]
    held[main] = True
    for way, reaching, reached in ((1, ends, starts), (-1, starts, ends)):
        # All legs at once, piece after piece outwards from the longest of each.
        true, piece = reaching[main], main + way
        while True:
            inside = (piece >= 0) & (piece < len(starts))
            inside[inside] = leg[piece[inside]] == leg[piece[inside] - way]
            true, piece = true[inside], piece[inside]
            if len(piece) == 0:
                break
            apart_ms = np.abs(paths.time_ms[reached[piece]] - paths.time_ms[true])
            flown = steps.geodesics_m(paths.lat, paths.lon, true, reached[piece]) <= steps.room_m(apart_ms)
            held[piece[flown]] = True
            true, piece = np.where(flown, reaching[piece], true), piece + way
    return held
