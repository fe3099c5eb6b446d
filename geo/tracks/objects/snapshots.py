"""Snapshots of all aircraft that a server has the latest of, taken again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from geo.tracks.objects.entries import Entries
from geo.tracks.objects.json_blocks import glimpse
from geo.tracks.objects.json_series import series
from geo.tracks.objects.parsed import number
from geo.tracks.rows import Rows, address
from geo.tracks.stale import repeated
from geo.tracks.times import epoch_s

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from geo.model.track import FloatColumn, IntColumn

#: An aircraft in a snapshot: its values, its address, its callsign.
Aircraft = tuple[dict[str, float], str, str | None]


def moment(snapshot: Mapping[str, Any], name: str) -> tuple[float, str]:
    """The time of a snapshot, and, if it has none, a sentence on that.

    Seconds or milliseconds since 1970.
    """
    try:
        value = number(snapshot.get(name), f"the time ({name}) of its snapshot")
    except (ValueError, OverflowError, RecursionError) as wrong:
        return np.nan, str(wrong)
    time_s = float(epoch_s(np.array([value]))[0])
    if not np.isnan(time_s):
        return time_s, ""
    if np.isnan(value):
        return time_s, f"its snapshot has no time ({name})"
    return time_s, f"the time ({name}) of its snapshot, {value:.10g}, is no count of seconds since 1970"


def gathered(
    data: bytes,
    source: str,
    begins: re.Pattern[str],
    aircraft: Callable[[object], tuple[list[Any], float, str]],
    read: Callable[[object, float], Aircraft],
) -> Entries:
    """All aircraft of all snapshots of a file, with the labels ``icao24`` and ``callsign``.

    Args:
        data: the file.
        source: what messages call it.
        begins: where a snapshot begins, as ``series`` asks for it.
        aircraft: the list of aircraft of a snapshot, its time, and a sentence if it has none; ``ValueError`` with a
            sentence if it is no snapshot.
        read: one aircraft of a snapshot of that time; ``ValueError`` with a sentence if it cannot be read.
    """
    entries = Entries(source, "icao24", "callsign")
    for found in series(data, begins):
        try:
            listed, time_s, wrong = aircraft(found)
        except (ValueError, RecursionError) as why:
            entries.fail(str(why))
            continue
        for entry in listed:
            try:
                values, icao24, callsign = read(entry, time_s)
            except (OverflowError, RecursionError):
                entries.fail(wrong or f"a number in it is too large, or a list too deep: {glimpse(entry)}")
            except ValueError as why:
                entries.fail(wrong or str(why))
            else:
                entries.add(values, icao24=icao24, callsign=callsign)
    return entries


def rows_of(entries: Entries, *, rounded_s: float = 0.0) -> Rows:
    """The rows of snapshots, of which each position is a fix once, at the time when it was heard.

    The entries have the times ``heard``, of the position, and ``contact``, of the last message. The row that first
    carries a position is of the time when that was heard. A row that repeats it is of the time of the last message,
    for its altitude and speed can be as new as that, and its position is stale; of that time is also a row without
    position. ``rounded_s`` is by how much, in seconds, ``heard`` can differ for the same position. An address that
    begins with ``~`` is no ICAO address; its aircraft is a part of the file by that name.
    """
    columns = entries.columns("lat_deg", "lon_deg", "heard", "contact")
    aircraft = entries.labels("icao24").renamed(address)
    heard_s, contact_s = columns.pop("heard"), columns.pop("contact")
    heard_s[np.isnan(columns["lat_deg"]) | np.isnan(columns["lon_deg"])] = np.nan
    if rounded_s > 0:
        heard_s = _snapped(heard_s, columns["lat_deg"], columns["lon_deg"], aircraft.codes, rounded_s)
    fresh = ~repeated(heard_s, heard_s, aircraft.codes).mask & ~np.isnan(heard_s)
    time_s = np.where(fresh, heard_s, np.fmax(contact_s, heard_s))
    part = aircraft.renamed(lambda text: text if text.startswith("~") else "")
    return Rows(
        columns={"time_s": time_s, **columns},
        row=entries.row,
        icao24=aircraft.renamed(lambda text: "" if text.startswith("~") else text),
        callsign=entries.labels("callsign"),
        unreadable=tuple(entries.unreadable),
        given=repeated(time_s, heard_s, aircraft.codes),
        part=part if part.names else None,
        ordered=False,
    )


def _snapped(
    heard_s: FloatColumn,
    lat_deg: FloatColumn,
    lon_deg: FloatColumn,
    aircraft: NDArray[np.int32],
    rounded_s: float,
) -> FloatColumn:
    """The times of hearing, those of one position of one aircraft that differ by rounding made equal."""
    known: IntColumn = np.flatnonzero(~np.isnan(heard_s))
    order = known[np.lexsort((heard_s[known], aircraft[known]))]
    anew = np.ones(len(order), dtype=np.bool_)
    anew[1:] = np.diff(heard_s[order]) > rounded_s
    for column in (lat_deg, lon_deg, aircraft):
        anew[1:] |= column[order[1:]] != column[order[:-1]]
    snapped = heard_s.copy()
    snapped[order] = heard_s[order[anew]][np.cumsum(anew) - 1]
    return snapped
