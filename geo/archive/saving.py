"""An answer as a file: CSV, Parquet, GeoJSON, JSON, or JSON with a row in each line."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from geo.archive.whole import whole
from geo.errors import ArchiveError
from geo.tracks.names import escaped
from geo.tracks.write.lines import pieces_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from geo.archive.answer import Answer

    Row = Mapping[str, Any]
    Geometry = dict[str, Any]

_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_CELL_DEG: Final = 1


def save(answer: Answer, path: str | os.PathLike[str]) -> int:
    """Write the rows as the suffix of the path says, whole or not at all, and say how many there are.

    Rows are written as they come, so that any number of them fits. Times are in UTC; names in CSV are written as
    ``geo.tracks.names.escaped`` says, since they may hold anything.

    Raises:
        ArchiveError: for another suffix than those of ``SUFFIXES``, or when the engine cannot answer.
        OSError: when it cannot be written.
    """
    target = Path(path)
    write = _FORMATS.get(target.suffix.lower())
    if write is None:
        *most, last = SUFFIXES
        raise ArchiveError(f"{target.name}: rows are written as {', '.join(most)} or {last}; name such a file")
    with whole(target) as unfinished:
        return write(answer, unfinished)


def plain(row: Row) -> dict[str, Any]:
    """The row with its times as text: what JSON can hold."""
    return {name: iso(value) if isinstance(value, datetime) else value for name, value in row.items()}


def iso(time: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"


def object_of(rows: Iterable[Row], missing_days: Sequence[date]) -> Iterator[str]:
    """The text of one JSON object, ``{"rows": […], "missing_days": […]}``, a row in each line.

    ASCII alone: a name that moves the cursor or turns the text does nothing to a terminal.
    """
    yield '{"rows": ['
    separator = "\n"
    for row in rows:
        yield separator + json.dumps(plain(row), allow_nan=False)
        separator = ",\n"
    yield f'\n], "missing_days": {json.dumps([day.isoformat() for day in missing_days])}}}\n'


def _csv(answer: Answer, path: Path) -> int:
    count = 0
    fields = [pa.field(one.name, pa.string() if pa.types.is_timestamp(one.type) else one.type) for one in answer.schema]
    schema = pa.schema(fields)
    with csv.CSVWriter(path, schema, write_options=csv.WriteOptions(quoting_style="needed")) as out:
        for batch in answer.batches():
            columns = [_text(column) for column in batch.columns]
            out.write_batch(pa.RecordBatch.from_arrays(columns, schema=schema))
            count += batch.num_rows
    return count


def _text(column: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column, format=_TIME)
    if not pa.types.is_string(column.type):
        return column
    coded = column.dictionary_encode()
    names = pa.array([escaped(name) for name in coded.dictionary.to_pylist()], pa.string())
    return pa.DictionaryArray.from_arrays(coded.indices, names).cast(pa.string())


def _parquet(answer: Answer, path: Path) -> int:
    count = 0
    with pq.ParquetWriter(path, answer.schema, compression="zstd") as out:
        for batch in answer.batches():
            out.write_batch(batch)
            count += batch.num_rows
    return count


def _lines(answer: Answer, path: Path) -> int:
    return _written(path, _rows(answer), lambda rows: (json.dumps(plain(row), allow_nan=False) + "\n" for row in rows))


def _json(answer: Answer, path: Path) -> int:
    return _written(path, _rows(answer), lambda rows: object_of(rows, answer.missing_days))


def _geojson(answer: Answer, path: Path) -> int:
    names = frozenset(answer.schema.names)
    shape = next((shape for needed, shape in _SHAPES if needed <= names), _nothing)

    def text(rows: Iterable[Row]) -> Iterator[str]:
        missing = json.dumps([day.isoformat() for day in answer.missing_days])
        yield f'{{"type": "FeatureCollection", "missing_days": {missing}, "features": ['
        separator = "\n"
        for row in rows:
            said = {name: value for name, value in plain(row).items() if value is not None}
            feature = {"type": "Feature", "geometry": shape(row), "properties": said}
            yield separator + json.dumps(feature, allow_nan=False)
            separator = ",\n"
        yield "\n]}\n"

    return _written(path, _rows(answer), text)


def _written(path: Path, rows: Iterable[Row], text: Callable[[Iterable[Row]], Iterable[str]]) -> int:
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(text(counted()))
    return count


def _rows(answer: Answer) -> Iterator[Row]:
    return chain.from_iterable(batch.to_pylist() for batch in answer.batches(8_192))


def _point(lat: str, lon: str) -> Callable[[Row], Geometry | None]:
    def shape(row: Row) -> Geometry | None:
        if row[lat] is None or row[lon] is None:
            return None
        return {"type": "Point", "coordinates": [row[lon], row[lat]]}

    return shape


def _jump(row: Row) -> Geometry:
    """From the one position to the other, cut at the antimeridian as RFC 7946 asks."""
    lines = pieces_of(np.array([row["lon_before"], row["lon"]]), np.array([row["lat_before"], row["lat"]]))
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _ends(row: Row) -> Geometry:
    """Where a flight was received first and last, and nothing of what lies between."""
    ends = [[row["first_lon"], row["first_lat"]], [row["last_lon"], row["last_lat"]]]
    return {"type": "MultiPoint", "coordinates": ends}


def _cell(row: Row) -> Geometry:
    south, west = row["cell_lat"], row["cell_lon"]
    north, east = south + _CELL_DEG, west + _CELL_DEG
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _nothing(_: Row) -> None:
    return None


_FORMATS: Final[dict[str, Callable[[Answer, Path], int]]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".geojson": _geojson,
    ".json": _json,
    ".jsonl": _lines,
    ".ndjson": _lines,
}
#: What an answer can be written as.
SUFFIXES: Final = tuple(_FORMATS)
#: Columns, and the place on the map of a row that has them; the first that there are.
_SHAPES: Final[tuple[tuple[frozenset[str], Callable[[Row], Geometry | None]], ...]] = (
    (frozenset({"stray_lat", "stray_lon"}), _point("stray_lat", "stray_lon")),
    (frozenset({"nearest_lat", "nearest_lon"}), _point("nearest_lat", "nearest_lon")),
    (frozenset({"lat_before", "lon_before", "lat", "lon"}), _jump),
    (frozenset({"first_lat", "first_lon", "last_lat", "last_lon"}), _ends),
    (frozenset({"cell_lat", "cell_lon"}), _cell),
    (frozenset({"lat", "lon"}), _point("lat", "lon")),
)
