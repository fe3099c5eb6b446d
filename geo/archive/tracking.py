"""A track out of an archive: the rows of one aircraft, cut into legs and judged as those of a file are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from geo.errors import TrackEmpty
from geo.model import Track
from geo.tracks import judged
from geo.tracks.rows import QUANTITIES, Labels, Rows
from geo.tracks.said import Said
from geo.tracks.stale import STALE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from geo.archive.span import Span
    from geo.tracks import Reading

FORMAT: Final = "archive"
_WRITTEN: Final = {"time_s": "time", "lat_deg": "lat", "lon_deg": "lon"}
#: So many days are named when a track is empty.
_NAMED: Final = 5


def reading(table: pa.Table, source: str) -> Reading:
    """The legs of these rows of one aircraft (``tables.AIRCRAFT``, in order of time), and the account of all of them.

    Rows count from 1. A position that its source itself called stale is rejected as stale; a row with which a flight
    begins, so says the source, begins a leg.

    Args:
        table: as ``Answer.table`` gives it.
        source: what messages call it.
    """
    return judged(_rows(table), FORMAT, source)


def joined(found: Reading) -> Track:
    """The legs of one aircraft as one track, in order of time, each fix as it was judged in its leg.

    The callsign is the first that a leg has.
    """
    tracks = [leg.track for leg in found.legs]
    if len(tracks) == 1:
        return tracks[0]
    columns = {name: np.concatenate([getattr(one, name) for one in tracks]) for name in Track.column_names()}
    order = np.lexsort((columns["row"], columns["time_s"]))
    return Track(
        **{name: column[order] for name, column in columns.items()},
        icao24=tracks[0].icao24,
        callsign=next((leg.callsign for leg in found.legs if leg.callsign), None),
        source=tracks[0].source,
    )


def nothing(source: str, span: Span, days: Sequence[date], missing: Sequence[date]) -> TrackEmpty:
    """The error on an aircraft of which there is no row in this time."""
    wanted = f"no row from {span.start:%Y-%m-%d %H:%M:%S} to {span.end:%Y-%m-%d %H:%M:%S} UTC"
    if missing and len(missing) == len(span.days):
        there = f"; the archive holds none of these days, but {_listed(days)}" if days else "; the archive is empty"
        return TrackEmpty(source, wanted + there)
    lacking = f"; the archive does not hold {_listed(missing)}" if missing else ""
    return TrackEmpty(source, f"{wanted}{lacking}")


def _listed(days: Sequence[date]) -> str:
    """Days for people: all of a few, else the first and the last."""
    if len(days) <= _NAMED:
        return ", ".join(day.isoformat() for day in days)
    return f"{len(days):,} days from {days[0].isoformat()} to {days[-1].isoformat()}"


def _rows(table: pa.Table) -> Rows:
    columns: dict[str, NDArray[np.float64]] = {}
    for name in QUANTITIES:
        column = table[_WRITTEN.get(name, name)]
        if name == "time_s":
            columns[name] = column.cast(pa.int64()).to_numpy() / 1000
        else:
            columns[name] = column.cast(pa.float64()).to_numpy()
    count = len(table)
    icao24 = Labels.of(table["icao24"].to_pylist())
    # An address that is none of ICAO names a part of a file and no aircraft, as in the traces of readsb.
    anonymous = any(name.startswith("~") for name in icao24.names)
    stale = _mask(table, "is_stale")
    return Rows(
        columns=columns,
        row=np.arange(1, count + 1, dtype=np.int64),
        icao24=Labels.none(count) if anonymous else icao24,
        callsign=Labels.of(table["callsign"].to_pylist()),
        given=Said(stale, _repeated, STALE),
        part=icao24 if anonymous else None,
        begins=_mask(table, "begins"),
    )


def _mask(table: pa.Table, name: str) -> NDArray[np.bool_]:
    held: Any = table[name].to_numpy()
    return np.asarray(held, dtype=np.bool_)


def _repeated(index: int) -> tuple[str, str]:  # noqa: ARG001  the same of each
    return STALE, "its source says that the position is an older one again"
