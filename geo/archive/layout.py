"""How a day lies on disk: what is sorted by what, and how it is packed.

Whole numbers, decimals and times are delta-coded, words and small numbers stand for entries of a dictionary, and all of
it is compressed with zstd; figures and what else was tried: ``docs/decisions/0071``. Equal rows give equal bytes: a
file holds no clock and no name of a machine.
"""

from __future__ import annotations

import base64
import mmap
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.archive.block import NONE, NONE_8, column, icao24s, spoken, words
from geo.archive.tables import AIRCRAFT, AREA, FLIGHTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geo.archive.block import Block

    Arrays = Mapping[str, NDArray[Any]]

#: Cells are squares of so many degrees, numbered eastwards from 180° W and northwards from the South Pole.
CELL_DEG: Final = 5
_MILLIONTHS: Final = 1_000_000
_ROWS, _COLUMNS = 180 // CELL_DEG, 360 // CELL_DEG
_CELLS: Final = _ROWS * _COLUMNS
_HOUR_MS: Final = 3_600_000
#: Rows of a row group: what DuckDB reads as one.
GROUP: Final = 122_880
#: An hour is merged in bands of cells of about so many rows, whatever its size.
_BAND: Final = 4 * GROUP
#: Aircraft that the Bloom filter of a row group of an hour is made for, and how often it may be wrong.
_BLOOM: Final = {"icao24": {"ndv": 1_024, "fpp": 0.01}}
#: Flights are few and asked for by where they began, or by one aircraft or callsign: small row groups in that order,
#: with Bloom filters for the rest. Each group has up to as many aircraft and callsigns as rows.
_FLIGHTS_GROUP: Final = 4_096
_FLIGHTS_ORDER: Final = ("origin", "destination", "first_time", "icao24", "callsign")
_FLIGHTS_BLOOM: Final = {name: {"ndv": _FLIGHTS_GROUP, "fpp": 0.01} for name in ("icao24", "callsign")}
#: By these flights are asked for; what a footer says of other columns would have to be read, too, and skips nothing.
_FLIGHTS_ASKED: Final = ("icao24", "callsign", "first_time", "last_time", "origin", "destination")
#: What a file of an hour of one chunk holds, besides its callsigns, each as the numbers of a block.
_RUN: Final = ("address", "time_ms", "lat", "lon", "altitude_ft", "ground_speed_kt", "track_deg", "on_ground")


def cells(lat: NDArray[Any], lon: NDArray[Any]) -> NDArray[np.int16]:
    """The number of the cell of each position, in millionths of a degree; the poles count to the cells beside them."""
    side = CELL_DEG * _MILLIONTHS
    row = np.minimum((lat.astype(np.int64) + 90 * _MILLIONTHS) // side, _ROWS - 1)
    across = (lon.astype(np.int64) + 180 * _MILLIONTHS) // side % _COLUMNS
    return (row * _COLUMNS + across).astype(np.int16)


def write(table: pa.Table, path: Path, schema: pa.Schema | None = None) -> None:
    """Write a table as one file, in the order of its rows, its columns cast to those of ``schema``."""
    write_all([table], path, schema or table.schema)


def write_all(tables: Iterable[pa.Table], path: Path, schema: pa.Schema) -> None:
    """Write tables one behind the other as one file, of which each begins a row group."""
    with _writer(path, schema) as writer:
        for table in tables:
            writer.write_table(table.select(schema.names).cast(schema), row_group_size=GROUP)


def write_flights(flights: pa.Table, path: Path) -> None:
    """Write flights (``tables.FLIGHTS``) by where they began and went, those that began nowhere known at the end."""
    flights = flights.select(FLIGHTS.names).cast(FLIGHTS)
    order = pc.sort_indices(flights, [(name, "ascending") for name in _FLIGHTS_ORDER])
    with _writer(path, FLIGHTS, bloom=_FLIGHTS_BLOOM, told=_FLIGHTS_ASKED) as writer:
        for start in range(0, len(flights), GROUP):  # a whole sorted copy would take as much memory again
            writer.write_table(flights.take(order.slice(start, GROUP)), row_group_size=_FLIGHTS_GROUP)


def write_aircraft(block: Block, path: Path) -> None:
    """Write the rows of a block, which is sorted by address and time, as ``tables.AIRCRAFT``."""
    callsigns = pa.array(block.callsigns, pa.string())
    arrays = {name: getattr(block, name) for name in _OF_BLOCK}
    with _writer(path, AIRCRAFT, ("icao24", "time")) as writer:
        for start in range(0, len(block), GROUP):
            part = {name: array[start : start + GROUP] for name, array in arrays.items()}
            writer.write_table(_packed(part, callsigns, AIRCRAFT))


def write_runs(block: Block, folder: Path, stem: str) -> dict[int, Path]:
    """Write the positions of each hour of a block, those that are stale left out, for ``merge_hour``.

    Args:
        block: rows of one day, sorted by address and time.
        folder: where the files go.
        stem: their names are this, the hour and ``.arrow``.

    Returns:
        The file of each hour (0 to 23, UTC) that has a position.
    """
    held = (block.lat != NONE) & (block.lon != NONE) & ~block.is_stale
    placed = block if bool(held.all()) else block.take(held)
    hour = (placed.time_ms // _HOUR_MS % 24).astype(np.uint16)
    cell = cells(placed.lat, placed.lon)
    # Sixteen bits hold both, so that NumPy sorts by counting.
    order = np.argsort(hour * np.uint16(_CELLS) + cell.astype(np.uint16), kind="stable")
    ends = np.cumsum(np.bincount(hour, minlength=24)).tolist()
    arrays = {name: getattr(placed, name)[order] for name in _RUN}
    arrays |= {"cell": cell[order], "callsign": placed.callsign[order]}
    written = {}
    for number, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        if end > start:
            written[number] = folder / f"{stem}-{number:02}.arrow"
            part = {name: array[start:end] for name, array in arrays.items()}
            _write_run(part, placed.callsigns, written[number])
    return written


def _write_run(arrays: dict[str, NDArray[Any]], callsigns: Sequence[str], path: Path) -> None:
    codes, names = spoken(arrays["callsign"], callsigns)
    arrays = arrays | {"callsign": codes}
    table = pa.table({name: pa.array(array) for name, array in arrays.items()})
    table = table.replace_schema_metadata({"callsigns": "\n".join(names)})
    write_between(table, path)


def write_between(table: pa.Table, path: Path) -> None:
    """Write a table that goes from one process to another, as it is in memory."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def read_between(path: Path) -> pa.Table:
    """The table of ``write_between``."""
    with pa.OSFile(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def merge_hour(paths: Sequence[Path], out: Path) -> int:
    """Merge files of ``write_runs`` of one hour to one of ``tables.AREA``, sorted by cell, address and time.

    Memory does not grow with the hour: each file is sorted by cell, so that the rows of a band of cells are a slice of
    each, of which nothing stays in memory once it is merged.

    Args:
        paths: the files, in the order of their addresses; no aircraft is in two of them.
        out: where the hour is written.

    Returns:
        How many rows it has.
    """
    runs, known = _opened(paths)
    callsigns = pa.array(known, pa.string())
    total = np.zeros(_CELLS, dtype=np.int64)
    for run in runs:
        total += np.bincount(run.columns["cell"], minlength=_CELLS)
        run.let_go()
    rest: dict[str, NDArray[Any]] = {}
    with _writer(out, AREA, ("cell", "icao24", "time"), bloom=_BLOOM) as writer:
        for first, last in _bands(total):
            arrays = _band(runs, first, last)
            arrays = {name: np.concatenate([rest[name], array]) for name, array in arrays.items()} if rest else arrays
            whole = len(arrays["cell"]) // GROUP * GROUP
            for start in range(0, whole, GROUP):
                part = {name: array[start : start + GROUP] for name, array in arrays.items()}
                writer.write_table(_packed(part, callsigns, AREA))
            rest = {name: array[whole:] for name, array in arrays.items()}
        if rest and len(rest["cell"]):
            writer.write_table(_packed(rest, callsigns, AREA))
    return int(total.sum())


class _Run(NamedTuple):
    """The columns of a file, where it is mapped, and what its callsigns are among those of all files."""

    columns: dict[str, NDArray[Any]]
    codes: NDArray[np.int32]
    mapped: mmap.mmap

    def let_go(self) -> None:
        """Keep nothing of it in memory until it is read again."""
        self.mapped.madvise(mmap.MADV_DONTNEED)


def _opened(paths: Sequence[Path]) -> tuple[list[_Run], list[str]]:
    """These files, and the callsigns of all of them."""
    runs = []
    known: dict[str, int] = {}
    for path in paths:
        with path.open("rb") as file:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        table = pa.ipc.open_file(pa.py_buffer(mapped)).read_all()
        words = (table.schema.metadata or {}).get(b"callsigns", b"").decode()
        codes = [known.setdefault(word, len(known)) for word in words.split("\n")] if words else []
        columns = {name: table[name].chunk(0).to_numpy() for name in table.column_names}
        runs.append(_Run(columns, np.array([*codes, -1], dtype=np.int32), mapped))
    return runs, list(known)


def _bands(total: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """First and last cell, the last without, of bands of about ``_BAND`` rows; a cell is never cut."""
    before = np.append(0, np.cumsum(total))
    first = 0
    while first < _CELLS:
        last = max(int(np.searchsorted(before, before[first] + _BAND, side="right")) - 1, first + 1)
        if before[last] > before[first]:
            yield first, last
        first = last


def _band(runs: Sequence[_Run], first: int, last: int) -> dict[str, NDArray[Any]]:
    """The rows of these cells of all files, sorted."""
    pieces = []
    for run in runs:
        part = slice(*np.searchsorted(run.columns["cell"], [first, last]).tolist())
        piece = {name: run.columns[name][part].copy() for name in ("cell", *_RUN)}
        pieces.append(piece | {"callsign": run.codes[run.columns["callsign"][part]]})
        run.let_go()
    order = np.argsort(np.concatenate([piece["cell"] for piece in pieces]), kind="stable")
    return {name: np.concatenate([piece.pop(name) for piece in pieces])[order] for name in ("cell", *_RUN, "callsign")}


#: The columns of a block, whose names on disk are others for two.
_OF_BLOCK: Final = tuple({"icao24": "address", "time": "time_ms"}.get(name, name) for name in AIRCRAFT.names)


def _packed(arrays: Arrays, callsigns: pa.Array, schema: pa.Schema) -> pa.Table:
    """A row group, with words as numbers of those in it: as Parquet holds them anyway, without spelling them out."""
    return pa.table([_column(name, arrays, callsigns) for name in schema.names], schema=_coded(schema))


def _column(name: str, arrays: Arrays, callsigns: pa.Array) -> pa.Array:
    if name == "icao24":
        return icao24s(arrays["address"])
    if name == "callsign":
        return words(arrays[name], callsigns)
    if name == "time":
        return pa.array(arrays["time_ms"]).view(AIRCRAFT.field("time").type)
    if name == "on_ground":
        return pa.array(arrays[name] == 1, mask=arrays[name] == NONE_8)
    if name in ("cell", "is_stale", "begins"):
        return pa.array(arrays[name])
    return column(name, arrays[name])


def _coded(schema: pa.Schema) -> pa.Schema:
    words = pa.dictionary(pa.int32(), pa.string())
    return pa.schema([one.with_type(words) if pa.types.is_string(one.type) else one for one in schema])


@contextmanager
def _writer(
    path: Path,
    schema: pa.Schema,
    order: Sequence[str] = (),
    *,
    bloom: Mapping[str, Any] | None = None,
    told: Sequence[str] | None = None,
) -> Iterator[pq.ParquetWriter]:
    """A writer of row groups of this schema; if the order of the rows is told, words come as ``_packed`` has them.

    ``told`` are the columns whose least and greatest value each row group has in the footer, all when not given.
    """
    dictionary = [
        one.name
        for one in schema
        if one.name == "vertical_rate_fpm" or pa.types.is_string(one.type) or one.type.bit_width in (8, 16)
    ]
    plain = [one.name for one in schema if pa.types.is_boolean(one.type) or pa.types.is_floating(one.type)]
    delta = [name for name in schema.names if name not in dictionary and name not in plain]
    with pq.ParquetWriter(
        path,
        _coded(schema) if order else schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=dictionary,
        column_encoding=dict.fromkeys(delta, "DELTA_BINARY_PACKED"),
        store_decimal_as_integer=True,
        store_schema=False,
        sorting_columns=[pq.SortingColumn(schema.get_field_index(name)) for name in order] or None,
        bloom_filter_options=bloom,
        write_statistics=True if told is None else list(told),
        max_rows_per_page=GROUP,
        data_page_size=8 * GROUP,
    ) as writer:
        # As Arrow itself does, but with the words as words.
        said = base64.b64encode(schema.remove_metadata().serialize().to_pybytes()).decode()
        writer.add_key_value_metadata({"ARROW:schema": said})
        yield writer
