"""A track as a file of any of six formats, each fix with its state and reason, which our readers read back.

A format is a module with ``pieces``: the bytes of the file, part by part. Only positions that hold are ever drawn as
the path. Times are in UTC to the microsecond, numbers in as many decimals as say them exactly; names are written as
``own.escaped`` says.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from geo.errors import TrackError
from geo.tracks.write import as_csv, as_czml, as_geojson, as_gpx, as_kml, as_parquet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from geo.model import Track

_FORMATS: Final[dict[str, Callable[[Track], Iterator[bytes]]]] = {
    ".csv": as_csv.pieces,
    ".parquet": as_parquet.pieces,
    ".geojson": as_geojson.pieces,
    ".gpx": as_gpx.pieces,
    ".kml": as_kml.pieces,
    ".czml": as_czml.pieces,
}
#: What a track can be written as.
SUFFIXES: Final = tuple(_FORMATS)


def write(track: Track, path: str | os.PathLike[str]) -> None:
    """Write the track as the suffix of the path says, whole or not at all.

    Every fix keeps its quantities, ``state`` (``received``, ``rejected``, ``partial``), ``reason`` and
    ``altitude_reason`` (words of ``REASONS``), and ``source_row``, the row of the file it came from. Read back, it is
    the same track; its rows count in the new file.

    Raises:
        TrackError: for another suffix than those of ``SUFFIXES``.
        OSError: when it cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in _FORMATS:
        *most, last = SUFFIXES
        raise TrackError(
            target.name, f"its suffix does not say what to write; let it end in {', '.join(most)} or {last}"
        )
    _put(_FORMATS[target.suffix.lower()](track), target)


def to_csv(track: Track, path: str | os.PathLike[str]) -> None:
    """Write the track as CSV, whatever the suffix of the path, whole or not at all.

    Columns: ``time`` (ISO 8601, UTC), the quantities of ``Track`` by their names, ``icao24``, ``callsign``,
    ``state``, ``reason``, ``altitude_reason`` and ``source_row``, as ``write`` says.

    Raises:
        OSError: when it cannot be written.
    """
    _put(as_csv.pieces(track), Path(path))


def _put(pieces: Iterator[bytes], target: Path) -> None:
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as stream:
            stream.writelines(pieces)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
