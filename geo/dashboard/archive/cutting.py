"""Flights cut out of an archive: a track as a file, the traffic of many as one, and where they come from."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.archive.span import Span
from geo.dashboard.archive import received
from geo.dashboard.archive.answering import between, windows
from geo.dashboard.archive.question import days_said
from geo.errors import TrackEmpty
from geo.tracks import to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from geo.archive.archive import Archive
    from geo.archive.catalogue import Catalogue
    from geo.dashboard.archive.answering import Row
    from geo.scene.words import Words

_MS: Final = timedelta(milliseconds=1)
_NUMBERS: Final = ("lat", "lon", "altitude_ft", "ground_speed_kt", "track_deg", "on_ground")
#: Sources of a day that are named; of more their number is told.
_NAMED: Final = 3


def flight_of(archive: Archive, row: Row) -> dict[str, Any] | None:
    """The flight that a row is of: the one of its aircraft that shares most time with it; ``None`` where none is."""
    if row.start is None or row.end is None:
        return None
    start, end = row.start, row.end
    found = archive.flights(row.between, icao24=row.icao24).rows()

    def shared(flight: dict[str, Any]) -> timedelta:
        common: timedelta = min(flight["last_time"], end) - max(flight["first_time"], start)
        return common

    return max(found, key=shared, default=None)


def span_of(row: Row, flight: Mapping[str, Any] | None) -> tuple[datetime, datetime]:
    """From when to when a row is taken as a track: its flight, else itself; the last moment included."""
    if flight is not None:
        return flight["first_time"], flight["last_time"]
    start, end = row.between
    return start, end - _MS


def track_file(archive: Archive, row: Row, start: datetime, end: datetime) -> tuple[str, bytes]:
    """A track of a row in the format of ours: the name of the file, and its bytes.

    Raises:
        TrackEmpty: when nothing was received then.
        ArchiveError: when the archive cannot answer.
    """
    track = archive.track(row.icao24, (start, end + _MS))
    if len(track) == 0:
        raise TrackEmpty(row.icao24, "the archive has nothing of this aircraft at that time")
    name = f"{row.callsign or row.icao24.lstrip('~')}-{start:%Y-%m-%d}.csv"
    with tempfile.TemporaryDirectory(prefix="flightcase-") as folder:
        file = Path(folder) / "track.csv"
        to_csv(track, file)
        return name, file.read_bytes()


def spanned(rows: Sequence[Row]) -> tuple[datetime, datetime]:
    """From when to when rows are, the last moment included."""
    return min(row.start for row in rows if row.start), max(row.end for row in rows if row.end)


def traffic_file(archive: Archive, rows: Sequence[Row]) -> tuple[str, bytes]:
    """The positions of many flights as one packed table, each under its callsign: the name of the file, and its bytes.

    Raises:
        TrackEmpty: when nothing was received.
        ArchiveError: when the archive cannot answer.
    """
    start, _ = spanned(rows)
    packed = io.BytesIO()
    count = 0
    # Without a time in it, equal rows give equal bytes.
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6, mtime=0) as file:
        out = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=False)
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("time", "icao24", "callsign", *_NUMBERS))
        for line in _lines(archive, rows):
            writer.writerow(line)
            count += 1
        out.flush()
        out.detach()
    if not count:
        raise TrackEmpty("traffic", "the archive has no position of these aircraft at that time")
    return f"traffic-{start:%Y-%m-%d-%H%M}.csv.gz", packed.getvalue()


def _lines(archive: Archive, rows: Sequence[Row]) -> Iterator[tuple[str, ...]]:
    for wanted in windows(rows):
        given = archive.positions(sorted({window.icao24 for window in wanted}), between(wanted))
        for window, part in received.windowed(received.parts(given.batches(), _NUMBERS), wanted):
            placed = part.take(~np.isnan(part.columns["lat"]) & ~np.isnan(part.columns["lon"]))
            stamps = np.datetime_as_string(placed.time_ms.astype("datetime64[ms]"), unit="ms").tolist()
            columns = [_texts(placed.columns[name], 6 if name in ("lat", "lon") else 1) for name in _NUMBERS]
            callsign = rows[window.row].callsign
            for stamp, *values in zip(stamps, *columns, strict=True):
                yield (f"{stamp}Z", window.icao24, callsign, *values)


def _texts(values: Any, digits: int) -> list[str]:  # noqa: ANN401  a column of numbers
    return ["" if value != value else f"{value:.{digits}f}".rstrip("0").rstrip(".") for value in values.tolist()]  # noqa: PLR0124  NaN


def source(catalogue: Catalogue, start: datetime, end: datetime, words: Words) -> dict[str, Any]:
    """The source that these days of an archive are, as far as the archive knows: who publishes it the author says."""
    days = Span.of((start, end + _MS)).days
    names: dict[str, None] = {}
    for day in days:
        account = catalogue.days[day].account if day in catalogue.days else {}
        for one in (*account.get("sources", ()), *account.get("mixed", ())):
            names[Path(str(one.get("path", ""))).name] = None
    named = [name for name in names if name]
    more = len(named) - _NAMED
    listed = named[:_NAMED] + ([words.say("{count} more", count=words.number(more))] if more > 0 else [])
    said = days_said(days, words)
    note = words.say("From an ADS-B archive of ours, built from {files}", files=words.listed(listed)) if listed else ""
    title = words.say("ADS-B messages received on {days}", days=said)
    return {"title": title} | ({"note": {words.language: note}} if note else {})
