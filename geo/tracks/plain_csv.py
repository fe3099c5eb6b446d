"""A table of text whose header names its columns: ``time,lat,lon,altitude_ft,ground_speed_kt,…``.

Commas, semicolons, tabs or bars; LF, CRLF or CR; UTF-8 or UTF-16. Names are taken in any case and order, the unit
is part of the name (``altitude_m``, ``Altitude (ft)``, ``speed_kmh``) or stands under it in a second line of units:
an altitude or a speed without unit is an error, since a guess that is wrong by a factor of three looks right. Where
the names are those of a program that documents their units, these are taken, and a note says so. A comma is the
decimal sign where it parts no cells and the latitudes and longitudes are written with it.

Times are ISO 8601 with a zone, or seconds or milliseconds since 1970; without a zone only in a column whose name
says it (``time_utc``, ``Time (UTC+03:00)``). Columns ``reason`` and ``altitude_reason`` with the words of
``REASONS`` (as ``to_csv`` writes them) are believed where they reject. ``ground`` for an altitude, as readsb writes,
says that the aircraft is on the ground. In a table of ours names are written as ``names.escaped`` says.

Of a table that a rendering wrote (``geo.tracks.exported``) the positions of received lines are read, and no others.

Every line under the header that is not blank is a row. A table goes through Arrow piece by piece; the lines in which
anything is out of the way are read one by one, so that each bad row is known by its number. A small one, for which
Arrow would take longer to load than to read, is read line by line throughout.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import TrackUnreadable
from geo.tracks.names import unescaped
from geo.tracks.own import WORDS
from geo.tracks.rows import Labels, Rows
from geo.tracks.tables import exported_csv
from geo.tracks.tables.arrow import at_once
from geo.tracks.tables.header import Header, Layout, understood, with_units
from geo.tracks.tables.words import LABELS, on_ground, said_by, unknown_reasons
from geo.tracks.text import (
    LONGEST,
    Block,
    Top,
    as_utf8,
    block_of,
    cut_line,
    gathered,
    header_of,
    numbered,
    numbers,
    pieces,
    shown,
    top_of,
)
from geo.tracks.times import times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from geo.model.track import FloatColumn

NAME: Final = "csv"
TITLE: Final = "plain CSV (time,lat,lon,altitude_ft,…)"

#: So many of time, latitude and longitude make a header a track's; what is missing is then said by ``read``.
_ENOUGH: Final = 2
#: Bytes of text below which Arrow takes longer to load than the lines to read.
SMALL: Final = 1 << 19
#: What stands for the altitude of an aircraft on the ground.
_GROUND: Final = "ground"


def sniff(head: bytes) -> str | None:
    """The name of the format if the first line names two of time, latitude and longitude."""
    cells, _ = header_of(head)
    return NAME if len(understood(cells).missing) <= len(("time", "lat", "lon")) - _ENOUGH else None


def _checked(header: Header, source: str) -> Header:
    if not header.titles:
        raise TrackUnreadable(source, f"its first line is none of column names, or longer than {LONGEST:,} bytes")
    if "time" in header.missing:
        if header.zoned:
            raise TrackUnreadable(
                source,
                f"the column {shown(header.zoned[0])} does not say its zone so that it is known everywhere; "
                "call it Time (UTC), or Time (UTC-05:00) with its offset",
            )
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


def _laid_out(text: bytes, source: str) -> tuple[Layout, Top]:
    """How the table is written, and the last line of its header.

    Raises:
        TrackUnreadable: when a column is missing, lacks its unit, or has two.
    """
    top = top_of(text)
    second = top_of(text, top.end, top.number + 1, top.delimiter)
    try:
        titles = with_units(top.cells, second.cells)
    except ValueError as wrong:
        raise TrackUnreadable(source, str(wrong)) from wrong
    header = _checked(understood(titles or top.cells), source)
    last = second if titles else top
    comma, point = _decimal_signs(text[last.end : last.end + LONGEST], header, top)
    guessed = comma == point and top.delimiter == ";"
    if guessed:
        header = dataclasses.replace(header, notes=(*header.notes, "a comma in a number is taken for the decimal sign"))
    return Layout(header, top.delimiter, decimal_comma=comma > point or guessed), last


def _decimal_signs(head: bytes, header: Header, top: Top) -> tuple[int, int]:
    """How many latitudes and longitudes at the beginning have a comma, and how many a point."""
    if top.delimiter == ",":
        return 0, 1
    number, piece = next(iter(pieces(head)), (1, b""))
    block = block_of(numbered(piece, number), top.delimiter, header.width)
    cells = [cell for name in ("lat_deg", "lon_deg") for cell in block.column(header.quantities[name][0])]
    return sum("," in cell for cell in cells), sum("." in cell for cell in cells)


def _column(block: Block, header: Header, name: str, *, decimal_comma: bool) -> tuple[FloatColumn, dict[int, str]]:
    index, divisor = header.quantities[name]
    cells = block.column(index)
    if name == "time_s":
        cells = [cell.replace(",", ".") for cell in cells] if decimal_comma else cells
        return times(cells, utc=header.utc, offset_s=header.offset_s)
    if name == "on_ground":
        return on_ground(cells, decimal_comma=decimal_comma)
    if name == "altitude_ft":
        cells = ["" if cell.lower() == _GROUND else cell for cell in cells]
    values, wrong = numbers(cells, header.titles[index], decimal_comma=decimal_comma)
    return values / divisor, wrong


def _parked(block: Block, header: Header, columns: dict[str, FloatColumn]) -> dict[str, FloatColumn]:
    """The columns, with 1 in ``on_ground`` where the altitude is the word for it and nothing else is said."""
    if "altitude_ft" not in header.quantities:
        return columns
    parked = np.array([cell.lower() == _GROUND for cell in block.column(header.quantities["altitude_ft"][0])], np.bool_)
    if not parked.any():
        return columns
    said = columns.get("on_ground", np.full(len(parked), np.nan))
    return columns | {"on_ground": np.where(parked & np.isnan(said), 1.0, said)}


def _by_line(block: Block, layout: Layout) -> Rows:
    header = layout.header
    broken: dict[int, str] = {}
    columns: dict[str, FloatColumn] = {}
    for name in sorted(header.quantities, key=lambda name: name != "time_s"):
        columns[name], wrong = _column(block, header, name, decimal_comma=layout.decimal_comma)
        broken = wrong | broken
    columns = _parked(block, header, columns)
    words = {name: block.column(index) for name, index in header.labels.items()}
    for name in ("reason", "altitude_reason"):
        broken = unknown_reasons(words.get(name, ())) | broken
    keep = np.array([index for index in range(len(block.cells)) if index not in broken], dtype=np.int64)
    block = block.without(broken)

    def labels(name: str) -> Labels:
        if name not in words:
            return Labels.none(len(keep))
        return Labels.of(block.column(header.labels[name])).renamed(LABELS[name])

    def given(name: str) -> dict[int, tuple[str, str]]:
        said = block.column(header.labels[name]) if name in words else []
        return {index: found for index, word in enumerate(said) if (found := said_by(word))}

    return Rows(
        columns={name: column[keep] for name, column in columns.items()},
        row=np.array(block.row, dtype=np.int64),
        icao24=labels("icao24"),
        callsign=labels("callsign"),
        unreadable=block.unreadable,
        given=given("reason"),
        given_altitude=given("altitude_reason"),
        ignored=header.ignored,
        notes=header.notes,
    )


def _slow(lines: Iterable[tuple[int, bytes]], layout: Layout, cut: int) -> Rows:
    return _by_line(block_of(lines, layout.delimiter, layout.header.width, cut=cut), layout)


def _merged(rows: Rows, others: Rows) -> Rows:
    """These rows and the others among them, in the order of the file."""
    if not len(others):
        return dataclasses.replace(rows, unreadable=others.unreadable)
    both = Rows.joined([rows, others])
    order = np.argsort(both.row, kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return dataclasses.replace(
        both,
        columns={name: column[order] for name, column in both.columns.items()},
        row=both.row[order],
        icao24=Labels(both.icao24.codes[order], both.icao24.names),
        callsign=Labels(both.callsign.codes[order], both.callsign.names),
        given={int(place[index]): said for index, said in both.given.items()},
        given_altitude={int(place[index]): said for index, said in both.given_altitude.items()},
    )


def _parts(text: bytes, layout: Layout, top: Top, *, quick: bool) -> Iterator[Rows]:
    as_text = False
    for first, piece in pieces(text, top.end, top.number + 1):
        cut = cut_line(piece, first)
        taken = at_once(piece, first, layout, as_text=as_text) if quick else None
        if taken is None:
            yield _slow(numbered(piece, first), layout, cut)
        else:
            as_text = taken.as_text
            yield _merged(taken.rows, _slow(taken.aside, layout, cut)) if taken.aside else taken.rows


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the second line of it is row 2.

    Raises:
        TrackUnreadable: when a column is missing or lacks its unit, no time has a zone, or hardly a row can be read.
    """
    text = as_utf8(data)
    layout, top = _laid_out(text, source)
    sifted = exported_csv.Sifted(text, layout.delimiter) if exported_csv.is_scene(layout.header.titles) else None
    if sifted:
        text = sifted.text
    rows = gathered(_parts(text, layout, top, quick=len(text) > SMALL), source)
    if sifted:
        if not len(rows) and not rows.unreadable:
            raise sifted.left_out.nothing(source)
        notes = (*sifted.left_out.notes(), *rows.notes)
        return dataclasses.replace(rows, part=sifted.part(rows.row), notes=notes, ignored=())
    zoneless = "has no zone"
    if not len(rows) and rows.unreadable and all(zoneless in one.detail for one in rows.unreadable):
        first = rows.unreadable[0]
        raise TrackUnreadable(source, f"row {first.row}: {first.detail}")
    if not {*WORDS} <= {*layout.header.titles}:
        return rows
    return dataclasses.replace(rows, icao24=rows.icao24.renamed(unescaped), callsign=rows.callsign.renamed(unescaped))
