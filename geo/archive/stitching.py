"""Flights over midnight: legs of days that follow each other, put together where they are one flight.

A pure function of the legs of some days, so that it does not matter in which order days are built. The last leg of an
aircraft in a day goes on in its first in the next, if the two are a pair (``pairing``), by the rules on silence that
hold within a day (``legs``).

No flight takes more than three days (``store.LONGEST``). What goes on through two whole days and more, such as a
balloon or a transponder that was left on, is cut at every midnight between two such days: a rule that asks for the days
beside it only, however long that went on.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geo.archive import legs as cutting
from geo.archive import steps
from geo.archive.block import NONE, column
from geo.archive.pairing import Legs, pairs, single, truth
from geo.archive.tables import FLIGHTS, LEGS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray

    Indices = NDArray[np.int64]

#: Days before and after a day whose legs decide which flights begin in it.
BEFORE: Final = 2
AFTER: Final = 3
_LAST: Final = ("last_time", "last_lat", "last_lon", "last_altitude_ft", "last_on_ground", "destination")


def needed(day: date) -> tuple[date, ...]:
    """The days whose legs decide which flights begin on a day, in order."""
    return tuple(day + timedelta(days=apart) for apart in range(-BEFORE, AFTER + 1))


def neighbours(day: date) -> tuple[date, ...]:
    """The days, itself among them, whose flights are to be stitched anew when the legs of a day have changed."""
    return tuple(day + timedelta(days=apart) for apart in range(-AFTER, BEFORE + 1))


def flights(day: date, legs: Mapping[date, pa.Table]) -> pa.Table:
    """The flights that begin on a day, as ``tables.FLIGHTS``, by aircraft and time.

    Args:
        day: the day.
        legs: the legs (``tables.LEGS``) of the days of ``needed`` that there are.
    """
    held = [Legs.held(legs.get(one, LEGS.empty_table())) for one in needed(day)]
    links = _links(held)
    begins = np.flatnonzero(links[BEFORE] < 0)
    return _joined(held[BEFORE:], begins, links[BEFORE + 1 :])


def _links(days: list[Legs]) -> list[Indices]:
    """For each day the leg of the day before that each of its legs goes on, -1 where it goes on none."""
    links = [
        np.full(len(days[0]), -1),
        *(_linked(one, next_one) for one, next_one in pairwise(days)),
    ]
    through = []
    for day, link in enumerate(links):
        onward = np.zeros(len(link), dtype=np.bool_)
        if day + 1 < len(links):
            onward[links[day + 1][links[day + 1] >= 0]] = True
        through.append(onward & (link >= 0))
    for day in range(1, len(links)):
        made = np.flatnonzero(links[day] >= 0)
        cut = through[day][made] & through[day - 1][links[day][made]]
        links[day][made[cut]] = -1
    return links


def _linked(before: Legs, after: Legs) -> Indices:
    """The leg of the day before that each leg of a day goes on as far as these two days tell, or -1."""
    link = np.full(len(after), -1)
    i, j = pairs(before, after)
    ground, next_ground = truth(before.table, "last_on_ground")[i], truth(after.table, "first_on_ground")[j]
    same = ~cutting.silences(after.first_ms[j] - before.last_ms[i], ground, next_ground)
    one, other = single(i[same], j[same])
    link[other] = one
    return link


def _joined(days: list[Legs], begins: Indices, links: list[Indices]) -> pa.Table:
    """The flights of the first day that begin with these legs, and go on as the links of the other days say."""
    start = days[0].table.take(pa.array(begins))
    sums = {name: _number(start, name) for name in ("fixes", "silent_s", "highest_ft")}
    parts = _parts(start)
    callsign, end = start["callsign"].combine_chunks(), start.select(_LAST)
    at = begins
    for before, after, link in zip(days, days[1:], links, strict=False):
        onward = np.full(len(before), -1)
        onward[link[link >= 0]] = np.flatnonzero(link >= 0)
        on = np.flatnonzero((at >= 0) & (onward[at] >= 0))
        if len(on) == 0:
            break
        leg, goes_on = at[on], onward[at[on]]
        more = after.table.take(pa.array(goes_on))
        apart_ms = after.first_ms[goes_on] - before.last_ms[leg]
        parts[on] += _parts(more) + _steps(end.take(pa.array(on)), more, apart_ms)
        sums["fixes"][on] += _number(more, "fixes")
        sums["highest_ft"][on] = np.maximum(sums["highest_ft"][on], _number(more, "highest_ft"))
        silent = np.maximum(_number(more, "silent_s"), apart_ms // 1000)
        sums["silent_s"][on] = np.maximum(sums["silent_s"][on], silent)
        chosen = np.arange(len(begins))
        chosen[on] = len(begins) + np.arange(len(on))
        end = pa.concat_tables([end, more.select(_LAST)]).take(pa.array(chosen))
        named = pa.concat_arrays([callsign, more["callsign"].combine_chunks()]).take(pa.array(chosen))
        callsign = pc.coalesce(callsign, named)
        at = np.full(len(begins), -1)
        at[on] = goes_on
    numbers: dict[str, Any] = {
        "callsign": callsign,
        "fixes": pa.array(sums["fixes"].astype(np.int32)),
        "distance_km": pa.array(parts / cutting.PARTS),
        "highest_ft": column("altitude_ft", sums["highest_ft"].astype(np.int32)),
        "silent_s": pa.array(sums["silent_s"].astype(np.int32)),
    }
    columns = [numbers.get(name, (end if name in _LAST else start)[name]) for name in FLIGHTS.names]
    return pa.table(columns, schema=FLIGHTS).combine_chunks()


def _steps(end: pa.Table, more: pa.Table, apart_ms: Indices) -> Indices:
    """Length of the steps over midnight in ``PARTS`` of a kilometre; a jump has none."""
    sides = {"lat": (end["last_lat"], more["first_lat"]), "lon": (end["last_lon"], more["first_lon"])}
    lat, lon = (np.column_stack([_millionths(one) for one in pair]).ravel() for pair in sides.values())
    metres = steps.lengths_m(lat, lon, np.arange(len(lat)) % 2 == 1)[1::2]
    metres[metres > steps.room_m(apart_ms)] = 0.0
    return np.rint(metres * (cutting.PARTS // 1000)).astype(np.int64)


def _parts(table: pa.Table) -> Indices:
    whole: Indices = np.rint(table["distance_km"].to_numpy() * cutting.PARTS).astype(np.int64)
    return whole


def _number(table: pa.Table, name: str) -> Indices:
    numbers: Indices = table[name].fill_null(int(NONE)).to_numpy().astype(np.int64)
    return numbers


def _millionths(degrees: pa.ChunkedArray) -> NDArray[np.int32]:
    found: NDArray[np.int32] = pa.concat_arrays(degrees.chunks).view(pa.int32()).to_numpy()
    return found
