"""A table of text whose header names its columns: ``time,lat,lon,altitude_ft,ground_speed_kt,…``.

Commas, semicolons, tabs or bars; LF, CRLF or CR; UTF-8 or UTF-16. Names are taken in any case and order, the unit
is part of the name (``altitude_m``, ``Altitude (ft)``, ``speed_kmh``): an altitude or a speed without unit is an
error, since a guess that is wrong by a factor of three looks right. Times are ISO 8601 with a zone, or seconds or
milliseconds since 1970; without a zone only in a column whose name says UTC. A column ``reason`` with the words of
``REASONS`` (as ``to_csv`` writes it) is believed where it rejects.

A clean table goes through Arrow at once. One with anything out of the way is read again line by line, so that each
bad row is known by its number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import TrackUnreadable
from geo.tracks.arrow import at_once
from geo.tracks.header import Header, understood
from geo.tracks.rows import CODE, Labels, Rows, address
from geo.tracks.text import Block, as_utf8, blocks, header_of, numbers, shown
from geo.tracks.times import times

if TYPE_CHECKING:
    from geo.model.track import FloatColumn

NAME: Final = "csv"
TITLE: Final = "plain CSV (time,lat,lon,altitude_ft,…)"

#: So many of time, latitude and longitude make a header a track's; what is missing is then said by ``read``.
_ENOUGH: Final = 2
_ON_GROUND: Final = {
    **dict.fromkeys(("true", "t", "yes", "y", "g", "ground"), 1.0),
    **dict.fromkeys(("false", "f", "no", "n", "a", "air"), 0.0),
}


def sniff(head: bytes) -> str | None:
    """The name of the format if the first line names two of time, latitude and longitude."""
    cells, _ = header_of(head)
    return NAME if len(understood(cells).missing) <= len(("time", "lat", "lon")) - _ENOUGH else None


def _checked(header: Header, source: str) -> Header:
    if "time" in header.missing:
        raise TrackUnreadable(
            source,
            "it has positions and no column for the time, and a track without times is no flight; add a column time",
        )
    if header.missing:
        raise TrackUnreadable(
            source, f"it has no column {header.missing[0]}; its columns are {', '.join(map(shown, header.titles))}"
        )
    if header.unitless:
        title, names = next(iter(header.unitless.items()))
        raise TrackUnreadable(source, f"the column {shown(title)} does not say its unit; call it {' or '.join(names)}")
    return header


def _on_ground(cells: list[str]) -> tuple[FloatColumn, dict[int, str]]:
    words = [_ON_GROUND.get(cell.lower()) for cell in cells]
    return numbers([cell if word is None else str(word) for cell, word in zip(cells, words, strict=True)], "on_ground")


def _reasons(block: Block, header: Header) -> tuple[list[str], dict[int, str]]:
    if "reason" not in header.labels:
        return [], {}
    words = block.column(header.labels["reason"])
    return words, {
        index: f"the reason {shown(word)} is none we know"
        for index, word in enumerate(words)
        if word and word not in CODE
    }


def _given(words: list[str]) -> dict[int, tuple[str, str]]:
    taken = ("", "accepted", "no position")
    return {index: (word, f"the file says: {word}") for index, word in enumerate(words) if word not in taken}


def _block(block: Block, header: Header, *, decimal_comma: bool) -> Rows:
    time_s, broken = times(block.column(header.quantities["time_s"][0]), utc=header.utc)
    columns = {"time_s": time_s}
    for name, (index, divisor) in header.quantities.items():
        if name == "time_s":
            continue
        cells = block.column(index)
        if name == "on_ground":
            values, wrong = _on_ground(cells)
        else:
            values, wrong = numbers(cells, header.titles[index], decimal_comma=decimal_comma)
        columns[name] = values / divisor
        broken = wrong | broken
    _, wrong = _reasons(block, header)
    broken = wrong | broken
    keep = np.array([index for index in range(len(block.cells)) if index not in broken], dtype=np.int64)
    block = block.without(broken)

    def labels(name: str) -> Labels:
        return Labels.of(block.column(header.labels[name])) if name in header.labels else Labels.none(len(keep))

    return Rows(
        columns={name: column[keep] for name, column in columns.items()},
        row=np.array(block.row, dtype=np.int64),
        icao24=labels("icao24").renamed(address),
        callsign=labels("callsign"),
        unreadable=block.unreadable,
        given=_given(_reasons(block, header)[0]),
        ignored=header.ignored,
    )


def _by_line(text: bytes, header: Header, delimiter: str, source: str) -> Rows:
    comma = delimiter == ";"
    rows = Rows.joined([_block(block, header, decimal_comma=comma) for block in blocks(text, delimiter, header.width)])
    zoneless = "has no zone"
    if not len(rows) and rows.unreadable and all(zoneless in one.detail for one in rows.unreadable):
        first = rows.unreadable[0]
        raise TrackUnreadable(source, f"row {first.row}: {first.detail}")
    return rows


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the second line of it is row 2.

    Raises:
        TrackUnreadable: when a column is missing or lacks its unit, or no time has a zone.
    """
    text = as_utf8(data)
    titles, delimiter = header_of(text[: 1 << 16])
    header = _checked(understood(titles), source)
    rows = at_once(text, header, delimiter)
    return _by_line(text, header, delimiter, source) if rows is None else rows
