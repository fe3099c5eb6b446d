"""The received positions in GeoParquet of a rendering, and how much of it is left out because it was drawn."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from geo.tracks import exported
from geo.tracks.objects.entries import Entries
from geo.tracks.objects.geojson_fixes import LABELS_HELD, placed, rows_of
from geo.tracks.tables.columnar import DamageError
from geo.tracks.uncut import cuts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.tracks.rows import Rows

    Positions = list[tuple[float, ...]]

#: The columns that are read.
COLUMNS: Final = ("id", *exported.SAID, "coord_times", "geometry")
#: The same as the footer names them.
CHUNKS: Final = (*COLUMNS, "coord_times.list.element")
_FLIGHT: Final = "stretch-"
#: Kinds of geometry in WKB: one point; a line; several of one of these.
_POINT, _LINE, _POINTS, _LINES = 1, 2, 4, 5
_HEAD: Final = 5
_PAIR: Final = 16


def is_scene(metadata: Mapping[bytes, bytes] | None) -> bool:
    """Whether the metadata of a file say that it is a rendering."""
    return (metadata or {}).get(b"format") == exported.FORMAT.encode()


def rows(file: Any, source: str) -> Rows:  # noqa: ANN401  a ParquetFile
    """The positions of received lines; a row is a position, from 1.

    Raises:
        TrackUnreadable: when nothing in it was received and measured.
        DamageError: when a geometry is cut off, or has another number of times than positions.
    """
    import pyarrow as pa

    schema = file.schema_arrow
    for name, kind in (("geometry", pa.binary()), ("coord_times", pa.list_(pa.timestamp("ms", tz="UTC")))):
        if schema.field(name).type != kind:
            raise DamageError(f"its column {name} holds {schema.field(name).type}")
    table, left_out = Entries(source, *LABELS_HELD), exported.LeftOut()
    for batch in file.iter_batches(columns=list(COLUMNS), use_threads=False):
        times = batch.column("coord_times")
        for index, said in enumerate(batch.drop_columns(["coord_times"]).to_pylist()):
            parts = _parts(said["geometry"])
            if why := exported.why_not(said, ours=True):
                left_out.add(why, sum(map(len, parts)))
            elif parts:
                _add(table, said["id"], parts, times[index].values)
    if not table.count:
        raise left_out.nothing(source)
    return rows_of(table, None, ours=False, notes=left_out.notes())


def _add(table: Entries, ident: str | None, parts: list[Positions], times: Any) -> None:  # noqa: ANN401  of Arrow
    import pyarrow as pa

    seconds = [] if times is None else [None if ms is None else ms / 1000 for ms in times.cast(pa.int64()).to_pylist()]
    if len(seconds) != sum(map(len, parts)):
        raise DamageError(f"its line {ident} has {sum(map(len, parts)):,} positions and {len(seconds):,} times")
    labels = {**dict.fromkeys(LABELS_HELD), "part": None if str(ident).startswith(_FLIGHT) else ident}
    left_out, when = cuts(parts), iter(seconds)
    for part, positions in enumerate(parts):
        for place, position in enumerate(positions):
            time_s = next(when)
            if (part, place) in left_out:
                continue
            if time_s is None:
                table.fail(f"line {ident}: a position has no time")
            else:
                table.add(placed(list(position)) | {"time_s": time_s}, **labels)


def _parts(geometry: bytes | None) -> list[Positions]:
    """The positions of each line of a geometry in WKB; areas have none.

    Raises:
        DamageError: when it breaks off.
    """
    if not geometry:
        return []
    try:
        kind, start = _begun(geometry, 0)
        if kind == _POINT:
            return [[struct.unpack_from("<2d", geometry, start)]]
        if kind == _LINE:
            return [_line(geometry, start)[0]]
        if kind not in (_POINTS, _LINES):
            return []
        (count,), start = struct.unpack_from("<I", geometry, start), start + 4
        if kind == _POINTS:
            return [[_points(geometry, start, index) for index in range(count)]]
        parts = []
        for _ in range(count):
            _, start = _begun(geometry, start)
            line, start = _line(geometry, start)
            parts.append(line)
    except struct.error as wrong:
        raise DamageError("a geometry in it breaks off") from wrong
    else:
        return parts


def _begun(geometry: bytes, start: int) -> tuple[int, int]:
    """The kind of the geometry that begins there, and where it goes on."""
    order, kind = struct.unpack_from("<BI", geometry, start)
    if order != 1:
        raise DamageError("a geometry in it is not in little-endian WKB, as a rendering writes it")
    return kind, start + _HEAD


def _line(geometry: bytes, start: int) -> tuple[Positions, int]:
    (count,) = struct.unpack_from("<I", geometry, start)
    flat = struct.unpack_from(f"<{2 * count}d", geometry, start + 4)
    return list(zip(flat[::2], flat[1::2], strict=True)), start + 4 + count * _PAIR


def _points(geometry: bytes, start: int, index: int) -> tuple[float, ...]:
    return struct.unpack_from("<2d", geometry, start + index * (_HEAD + _PAIR) + _HEAD)
