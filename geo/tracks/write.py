"""A track as a plain CSV file that the reader of plain CSV reads back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.model import REASONS
from geo.tracks.rows import QUANTITIES
from geo.tracks.states import fix_evidence

if TYPE_CHECKING:
    from geo.model import Track

_EVIDENCE: Final = ("received", "rejected", "partial")
#: Units of time by their number a second, the coarsest first.
_UNITS: Final = (("s", 1), ("ms", 1_000), ("us", 1_000_000))


def to_csv(track: Track, path: str | os.PathLike[str]) -> None:
    """Write the track as CSV, whole or not at all.

    Columns: ``time`` (ISO 8601, UTC, to the microsecond), the quantities of ``Track`` by their names, ``icao24``,
    ``callsign``, ``state`` (``received``, ``rejected``, ``partial``), ``reason`` (a word of ``REASONS``) and
    ``source_row``, the row of the file it came from. Read back, it is the same track; its rows count in the new
    file.

    Raises:
        OSError: when it cannot be written.
    """
    import pyarrow as pa
    from pyarrow import csv

    columns = {"time": _times(track)}
    for name in QUANTITIES:
        if name != "time_s":
            values = getattr(track, name)
            columns[{"lat_deg": "lat", "lon_deg": "lon"}.get(name, name)] = pa.array(values, mask=np.isnan(values))
    texts = {"icao24": track.icao24, "callsign": track.callsign}
    columns |= {name: pa.array([text or ""] * len(track), pa.string()) for name, text in texts.items()}
    columns["state"] = pa.DictionaryArray.from_arrays(fix_evidence(track), _EVIDENCE).cast(pa.string())
    columns["reason"] = pa.DictionaryArray.from_arrays(track.reason, REASONS).cast(pa.string())
    columns["source_row"] = pa.array(track.row)
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        csv.write_csv(pa.table(columns), partial, csv.WriteOptions(quoting_style="needed"))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _times(track: Track) -> object:
    """The times as text, with as many decimals as they need."""
    import pyarrow as pa
    from pyarrow import compute

    micro = np.round(track.time_s * 1e6).astype(np.int64)
    unit, rate = next(((unit, rate) for unit, rate in _UNITS if not np.any(micro % (1_000_000 // rate))))
    stamps: Any = pa.array(micro // (1_000_000 // rate), pa.int64()).cast(pa.timestamp(unit, tz="UTC"))
    return compute.strftime(stamps, format="%Y-%m-%dT%H:%M:%SZ")
