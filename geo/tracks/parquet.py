"""Tracks in Parquet files, by the names of their columns.

* OpenSky state vectors (``time,icao24,lat,lon,velocity,…,lastposupdate``): as ``state_vectors`` says.
* Any other table: as ``header`` understands names, units and all (``time``, ``lat``, ``lon``, ``altitude_ft``,
  ``ground_speed_kt``, …, ``reason``); so also frames of ``traffic`` (``timestamp``, ``latitude``, ``altitude``,
  ``groundspeed``, …), whose units are known by the names. There ``last_position`` is when the position was heard: rows
  that only repeat it are stale.

Times are stamps with a zone, text in ISO 8601, or numbers since 1970; stamps without a zone are taken for UTC only if
the name of the column says so. Numbers may be of any type, truth values are 1 and 0. Columns in columns are not read.
In files of ours names are written as ``names.escaped`` says. Of GeoParquet that a rendering wrote
(``geo.tracks.exported``) the positions of received lines are read, and no others.

A row is a row of the table; rows count from 1. Column by column and batch by batch, so that only what is used is ever
inflated. How much that will be is in the footer: a file that claims more than files of tracks hold is refused unread.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.errors import TrackUnreadable
from geo.tracks.names import unescaped
from geo.tracks.own import FORMAT
from geo.tracks.rows import Labels, Rows
from geo.tracks.said import said_of
from geo.tracks.stale import repeated
from geo.tracks.tables import exported_parquet, state_vectors
from geo.tracks.tables.columnar import DamageError, is_text
from geo.tracks.tables.header import understood
from geo.tracks.tables.parquet_footer import MAGIC, Footer, footer_of
from geo.tracks.tables.table_parts import REASON_LABELS, ArrowSource, Columns, Part, Whole, gathered, part_of
from geo.tracks.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NAME: Final = "parquet"
TITLE: Final = "Parquet (OpenSky, traffic, or columns by name)"

#: Most rows of a file: an hour of all aircraft that OpenSky sees is some 30 million.
MAX_ROWS: Final = 100_000_000
#: Rows that any file may have, and that each of its bytes may bring beyond. Positions of aircraft take more than three
#: bytes a row however they are compressed; only repetition takes less than one.
_FREE_ROWS: Final = 1_000_000
_ROWS_A_BYTE: Final = 2
#: Bytes that the columns used may inflate to, and what each row may bring beyond: a dozen numbers and two names.
_FREE_BYTES: Final = 64 * 1024**2
_BYTES_A_ROW: Final = 200
#: Rows that are converted together.
_BATCH: Final = 1 << 16
#: When the position of the row was heard, in frames of ``traffic``.
_HEARD: Final = "last_position"
_SHOWN: Final = 200


def sniff(head: bytes) -> str | None:
    """The name of the format if it begins like any Parquet file; what it holds is said at its end."""
    return NAME if head.startswith(MAGIC) else None


def read(data: bytes, source: str) -> Rows:
    """The rows of the file; the first row of the table is row 1.

    Raises:
        TrackUnreadable: when it is damaged or too large, a column is missing, lacks its unit or is of another type.
    """
    with damage_told(source):
        return _read(data, source)


@contextmanager
def damage_told(source: str) -> Iterator[None]:
    """Where Parquet files are read: what libraries raise for damage becomes ``TrackUnreadable``."""
    import pyarrow as pa

    try:
        yield
    except TrackUnreadable:
        raise
    except TypeError as wrong:
        raise TrackUnreadable(source, str(wrong)) from wrong
    except DamageError as wrong:
        raise TrackUnreadable(source, f"it is a damaged Parquet file: {wrong}") from wrong
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError) as wrong:
        told = shown(str(wrong).partition("\n")[0][:_SHOWN])
        raise TrackUnreadable(source, f"it is a damaged Parquet file: {told}") from wrong


def state_parts(data: bytes, source: str) -> tuple[Columns, Iterator[Part]] | None:
    """What the columns of state vectors hold, and their rows part by part; ``None`` if the file holds no such.

    Raises:
        TrackUnreadable: as ``read``, inside ``damage_told``; while the parts are taken too.
    """
    titles = tuple(_opened(data, source).schema_arrow.names)
    columns = state_vectors.columns_of(titles)
    return None if columns is None else (columns, _table(data, columns, source)[0])


def _opened(data: bytes, source: str, texts: Sequence[str] = ()) -> Any:  # noqa: ANN401  a ParquetFile
    import pyarrow as pa
    from pyarrow import parquet

    if not data.endswith(MAGIC):
        raise TrackUnreadable(source, "it begins like a Parquet file and breaks off before the end; fetch it again")
    footer_of(data, ())  # before pyarrow sees it
    buffer: Any = pa.py_buffer(data)
    return parquet.ParquetFile(pa.BufferReader(buffer), read_dictionary=list(texts), pre_buffer=False)


def _read(data: bytes, source: str) -> Rows:
    """The rows of the file.

    Raises:
        TrackUnreadable: as ``read``; ``TypeError`` with a sentence on a column of another type.
    """
    file = _opened(data, source)
    schema = file.schema_arrow
    titles = tuple(schema.names)
    if exported_parquet.is_scene(schema.metadata) and {*titles} >= {*exported_parquet.COLUMNS}:
        _bounded(footer_of(data, exported_parquet.CHUNKS), len(data), source)
        return exported_parquet.rows(file, source)
    states = state_vectors.columns_of(titles)
    columns = states or _columns(titles, source)
    parts, count = _table(data, columns, source)
    if count == 0:
        return Rows.joined([])
    found = gathered(parts, columns, count, source)
    if len(found.row) + len(found.unreadable) != count:
        raise TrackUnreadable(source, "it is a damaged Parquet file: it holds another number of rows than it says")
    if states:
        return state_vectors.rows_of(found, columns)
    if (schema.metadata or {}).get(b"format") == FORMAT.encode():
        found = found._replace(labels={name: some.renamed(unescaped) for name, some in found.labels.items()})
    return _rows(found, columns)


def _table(data: bytes, columns: Columns, source: str) -> tuple[Iterator[Part], int]:
    """The rows of a table with these columns part by part, and how many there are.

    Raises:
        TrackUnreadable: when there are too many; ``TypeError`` as ``_read``.
    """
    schema = _opened(data, source).schema_arrow
    wanted = _wanted(columns, source)
    footer = footer_of(data, wanted)
    _bounded(footer, len(data), source)
    address = columns.labels.get("icao24")
    if address is not None and not is_text(schema.types[address]):
        title = shown(columns.titles[address])
        raise TypeError(f"the column {title} holds {schema.types[address]}; write addresses as text")
    if footer.rows == 0:
        return iter(()), 0
    texts = [one.name for one in schema if one.name in wanted and is_text(one.type)]
    return _parts(_opened(data, source, texts), columns, wanted), footer.rows


def _columns(titles: Sequence[str], source: str) -> Columns:
    """What columns of these names hold.

    Raises:
        TrackUnreadable: when one is missing or lacks its unit.
    """
    header = understood(titles)
    if header.missing:
        raise TrackUnreadable(
            source,
            f"it has no column {header.missing[0]}; its columns are {', '.join(map(shown, titles[:40]))}"
            + ("; a track without times is no flight" if header.missing[0] == "time" else ""),
        )
    if header.unitless:
        title, names = next(iter(header.unitless.items()))
        raise TrackUnreadable(source, f"the column {shown(title)} does not say its unit; call it {' or '.join(names)}")
    quantities = dict(header.quantities)
    times = {"time": quantities.pop("time_s")[0]}
    if _HEARD in titles:
        times["heard"] = titles.index(_HEARD)
    return Columns(
        titles=tuple(titles),
        quantities=quantities,
        times=times,
        labels=dict(header.labels),
        ignored=tuple(title for title in header.ignored if title != _HEARD),
        utc=header.utc,
        offset_s=header.offset_s,
        notes=header.notes,
    )


def _wanted(columns: Columns, source: str) -> list[str]:
    """The names of the columns that are read.

    Raises:
        TrackUnreadable: when two have one name.
    """
    wanted = [columns.titles[place] for place in columns.places]
    twice = next((name for name in wanted if columns.titles.count(name) > 1), None)
    if twice is not None:
        raise TrackUnreadable(source, f"it has two columns {shown(twice)}; keep one")
    return wanted


def _bounded(footer: Footer, size: int, source: str) -> None:
    """Nothing, if the file does not claim to hold more than files of tracks do.

    Raises:
        TrackUnreadable: when it does.
    """
    rows, inflated = footer
    if rows > MAX_ROWS:
        raise TrackUnreadable(source, f"it has {rows:,} rows, more than {MAX_ROWS:,}; cut it by aircraft or by time")
    if rows > _FREE_ROWS + _ROWS_A_BYTE * size:
        raise TrackUnreadable(source, f"it claims {rows:,} rows in {size:,} bytes, which no track has")
    if inflated > _FREE_BYTES + _BYTES_A_ROW * rows:
        raise TrackUnreadable(source, f"its {rows:,} rows inflate to {inflated:,} bytes, which no track does")


def _parts(file: Any, columns: Columns, wanted: list[str]) -> Iterator[Part]:  # noqa: ANN401  a ParquetFile
    row = 1
    for batch in file.iter_batches(batch_size=_BATCH, columns=wanted, use_threads=False):
        count = batch.num_rows
        source = ArrowSource(lambda place: batch.column(columns.titles[place]))  # noqa: B023  used before the next
        yield part_of(columns, source, np.arange(row, row + count, dtype=np.int64))
        row += count


def _rows(found: Whole, columns: Columns) -> Rows:
    """The rows of a table that is not OpenSky's."""
    made, labels = found.numbers, found.labels
    nothing = Labels.none(len(found.row))
    icao24 = labels.get("icao24", nothing)
    time_s, heard_s = made.pop("time"), made.pop("heard", None)
    given = {name: said_of(labels[name]) for name in REASON_LABELS if name in labels}
    if heard_s is not None and "reason" not in given:
        heard_s[np.isnan(made["lat_deg"]) | np.isnan(made["lon_deg"])] = np.nan
        given["reason"] = repeated(time_s, heard_s, icao24.carried().codes)
    return Rows(
        columns={"time_s": time_s, **made},
        row=found.row,
        icao24=icao24,
        callsign=labels.get("callsign", nothing),
        unreadable=found.unreadable,
        given=given.get("reason", {}),
        given_altitude=given.get("altitude_reason", {}),
        ignored=columns.ignored,
        notes=columns.notes,
    )
