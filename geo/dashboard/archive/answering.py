"""The answer to a question: the rows that are shown, the lines on the map, everything in files."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from geo.dashboard.archive import received
from geo.dashboard.archive.question import Circle
from geo.dashboard.archive.received import Part, Window, milliseconds
from geo.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from geo.archive.answer import Answer
    from geo.archive.archive import Archive
    from geo.archive.span import Between
    from geo.dashboard.archive.question import Question
    from geo.dashboard.archive.received import Floats

    Line = tuple[Floats, Floats]

#: So many rows are shown and drawn; all of them are in the files.
MOST: Final = 500
#: Aircraft whose positions are asked for at once: of a callsign that very many bore, the first.
_MOST_AIRCRAFT: Final = 50
_MS: Final = timedelta(milliseconds=1)


class Listener(Protocol):
    """Who hears what is read, and can stop it."""

    def hear(self, given: Answer) -> Answer:
        """Note the answer that is read now."""

    def go_on(self) -> None:
        """Raise an error when the question was stopped."""

    def drawing(self) -> None:
        """Note that the rows are known."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is shown: its columns by name, and whose it is from when to when (no aircraft: of an hour)."""

    values: Mapping[str, Any]
    icao24: str = ""
    callsign: str = ""
    start: datetime | None = None
    end: datetime | None = None

    @property
    def between(self) -> Between:
        """From and to, the last moment included."""
        if self.start is None or self.end is None:
            raise ArchiveError("this row is of no aircraft")
        return self.start, self.end + _MS


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What came of a question.

    ``rows`` are the first ``MOST`` of ``count`` (of hours those with the most jumps); ``lines`` has what was received
    of them, by the number of the row. ``missing`` are the days asked for that the archive does not hold, ``files`` all
    rows by the name of the file. ``unread`` counts aircraft whose positions were not read.
    """

    rows: tuple[Row, ...]
    count: int
    missing: tuple[date, ...]
    files: Mapping[str, Path]
    lines: Mapping[int, Sequence[Line]] = field(default_factory=dict)
    unread: int = 0


def answer(archive: Archive, question: Question, folder: Path, listener: Listener) -> Found:
    """Ask, and read what comes.

    Args:
        archive: that is asked.
        question: what is asked.
        folder: for the files.
        listener: hears what is read.

    Raises:
        ArchiveError: when the question is none, or the engine cannot answer.
    """
    if question.kind == "aircraft":
        return _aircraft(archive, question, folder, listener)
    rows: list[Row] = []
    files: dict[str, Path] = {}
    count = 0
    missing: set[date] = set()
    for name, given in _asked(archive, question):
        files[f"{name}.csv"] = folder / f"{name}.csv"
        taken, found = _spooled(listener.hear(given), files[f"{name}.csv"], MOST - len(rows), listener)
        count += found
        rows += [_row(name, values) for values in taken]
        missing |= set(given.missing_days)
    listener.drawing()
    return Found(tuple(rows), count, tuple(sorted(missing)), files, _lines(archive, question, rows, listener))


def _asked(archive: Archive, question: Question) -> Iterator[tuple[str, Answer]]:
    """The answers that a question needs, by the names of their files."""
    area, between = question.area, question.between
    if question.kind == "strayed":
        ends = (question.origin, question.destination)
        if ends[0] is None or ends[1] is None:
            raise ArchiveError("two places are needed: from where and to where")
        yield "strayed", archive.strayed(ends[0], ends[1], between, question.km)
        known, lost = question.callsigns or None, question.also_lost
        yield "diverted", archive.diverted(ends[0], ends[1], between, callsigns=known, also_lost=lost)
    elif question.kind == "jumps":
        yield question.by, archive.jumps(_shape(area), between, by=question.by)
    elif isinstance(area, Circle):
        yield "passes", archive.near(area.place, area.km, between)
    elif area is not None:
        yield "passes", archive.inside(area.corners, between)
    else:
        raise ArchiveError("an area is needed: a place and a distance, or corners")


def _shape(area: Any) -> Any:  # noqa: ANN401  what ``jumps`` takes
    """An area as the archive wants it for jumps."""
    if isinstance(area, Circle):
        return area.place, area.km
    return None if area is None else area.corners


def _spooled(given: Answer, file: Path, most: int, listener: Listener) -> tuple[list[dict[str, Any]], int]:
    """Write all rows into a file as they come; give those to show, and how many there are."""
    first: list[dict[str, Any]] = []
    count = 0
    by_most = "cell_lat" in given.schema.names
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(given.schema.names)
        for batch in given.batches():
            listener.go_on()
            rows = batch.to_pylist()
            first += rows if by_most else rows[: max(0, most - len(first))]
            if by_most:
                first = nlargest(most, first, key=lambda row: row["jumps"])
            count += len(rows)
            writer.writerows([_written(value) for value in row.values()] for row in rows)
    return first, count


def _written(value: Any) -> Any:  # noqa: ANN401  a value of a row
    """A value as a table of text has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value


def _row(name: str, values: dict[str, Any]) -> Row:
    start = values.get("first_time") or values.get("time_before")
    end = values.get("last_time") or values.get("time")
    return Row({"what": name, **values}, values.get("icao24") or "", values.get("callsign") or "", start, end)


# --- lines -----------------------------------------------------------------------------------------------------------


def windows(rows: Sequence[Row]) -> list[list[Window]]:
    """Whose rows are from when to when, by the day in which they begin: a question about a year reads no year twice."""
    days: dict[date, list[Window]] = {}
    for number, row in enumerate(rows):
        if row.icao24 and row.start and row.end:
            window = Window(number, row.icao24, milliseconds(row.start), milliseconds(row.end))
            days.setdefault(row.start.date(), []).append(window)
    return [days[day] for day in sorted(days)]


def between(some: Sequence[Window]) -> Between:
    """The time of all of these windows."""
    first, last = min(window.first_ms for window in some), max(window.last_ms for window in some)
    return datetime.fromtimestamp(first / 1000, UTC), datetime.fromtimestamp(last / 1000, UTC) + _MS


def _lines(archive: Archive, question: Question, rows: Sequence[Row], listener: Listener) -> dict[int, list[Line]]:
    """What was received of each row: of a pass in the area, of a flight the positions that hold; of jumps nothing."""
    found: dict[int, list[Line]] = {}
    area = question.area if question.kind == "near" else None
    for wanted in windows(rows) if question.kind != "jumps" else ():
        names = sorted({window.icao24 for window in wanted})
        given = received.within(archive, area, names, between(wanted)) if area else None
        given = given or archive.positions(names, between(wanted))
        some: dict[int, list[Part]] = {}
        for window, part in received.windowed(received.parts(listener.hear(given).batches(), ("lat", "lon")), wanted):
            listener.go_on()
            held = part.take(received.inside(area, part.columns["lat"], part.columns["lon"])) if area else part
            some.setdefault(window.row, []).append(held)
        found |= {row: _drawn(parts, hold=area is None) for row, parts in some.items()}
    return found


def _drawn(found: Sequence[Part], *, hold: bool) -> list[Line]:
    whole = received.joined(found)
    return received.lines(received.judged(whole) if hold else whole)


# --- one aircraft ----------------------------------------------------------------------------------------------------


def _aircraft(archive: Archive, question: Question, folder: Path, listener: Listener) -> Found:
    """The flights of an aircraft or a callsign, and every row that was received of them."""
    asked = {"icao24": question.icao24} if question.icao24 else {"callsign": question.callsign}
    given = archive.flights(question.between, **asked)
    files = {name: folder / name for name in ("flights.csv", "positions.csv")}
    taken, count = _spooled(listener.hear(given), files["flights.csv"], MOST, listener)
    rows = [_row("flight", values) for values in taken]
    names = [question.icao24] if question.icao24 else list(dict.fromkeys(row.icao24 for row in rows))
    missing = tuple(given.missing_days)
    listener.drawing()
    if not names:
        del files["positions.csv"]
        return Found((), count, missing, files)
    unread = len(names[_MOST_AIRCRAFT:])
    positions = listener.hear(archive.positions(names[:_MOST_AIRCRAFT], question.between))
    wanted = [window for day in windows(rows) for window in day]
    some: dict[int, list[Part]] = {}
    loose: list[Part] = []
    with files["positions.csv"].open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(positions.schema.names)
        for batch in positions.batches():
            listener.go_on()
            whole = list(received.parts([batch], ("lat", "lon")))
            for window, part in received.windowed(whole, wanted):
                some.setdefault(window.row, []).append(part)
            within = _covered(whole, wanted)
            kept = np.concatenate(within) if question.callsign else np.ones(batch.num_rows, dtype=np.bool_)
            loose += [] if question.callsign else [p.take(~held) for p, held in zip(whole, within, strict=True)]
            chosen = zip(batch.to_pylist(), kept.tolist(), strict=True)
            writer.writerows([_written(value) for value in row.values()] for row, held in chosen if held)
    lines = {row: _drawn(found, hold=True) for row, found in some.items()}
    for part in _passes(loose):
        if len(rows) < MOST:
            rows.append(_unflown(part))
            lines[len(rows) - 1] = _drawn([part], hold=True)
        count += 1
    return Found(tuple(rows), count, missing, files, lines, unread)


def _covered(whole: Sequence[Part], wanted: Sequence[Window]) -> list[Any]:
    """Of the rows of each part, which are of a flight."""
    found = []
    for part in whole:
        held = np.zeros(len(part.time_ms), dtype=np.bool_)
        for window in wanted:
            if window.icao24 == part.icao24:
                held |= (part.time_ms >= window.first_ms) & (part.time_ms <= window.last_ms)
        found.append(held)
    return found


def _passes(loose: Sequence[Part]) -> list[Part]:
    """Positions that are of no flight, those that follow each other within half an hour as one."""
    placed = [part.take(~np.isnan(part.columns["lat"])) for part in loose]
    placed = [part for part in placed if len(part.time_ms)]
    if not placed:
        return []
    whole = received.joined(placed)
    cuts = np.flatnonzero(np.diff(whole.time_ms) > received.APART_MS) + 1
    return [whole.take(rows) for rows in np.split(np.arange(len(whole.time_ms)), cuts)]


def _unflown(part: Part) -> Row:
    """A row for positions that are of no flight that the archive knows."""
    first, last = (datetime.fromtimestamp(int(part.time_ms[at]) / 1000, UTC) for at in (0, -1))
    values = {"what": "received", "icao24": part.icao24, "first_time": first, "last_time": last}
    return Row(values | {"fixes": len(part.time_ms)}, part.icao24, "", first, last)
