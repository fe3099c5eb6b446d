"""Flights of a day and of those beside it, whose legs may go on in each other, in files that their content names."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import pyarrow.parquet as pq

from geo.archive import layout, stitching
from geo.archive.whole import unfinished

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    import pyarrow as pa

    from geo.archive.catalogue import Catalogue

LEGS: Final = "legs.parquet"
_FLIGHTS: Final = "flights"


def join(catalogue: Catalogue, day: date, folder: Path) -> dict[date, str]:
    """Stitch the flights of a day whose legs lie in a folder, and of every day that a flight of it can touch.

    Returns:
        The file of flights of each of these days, within the folder of the day.
    """
    folders = {one: catalogue.root / held.folder for one, held in catalogue.days.items()} | {day: folder}
    changed = [one for one in stitching.neighbours(day) if one in folders]
    read = sorted({near for one in changed for near in stitching.needed(one)} & folders.keys())
    legs = {one: pq.read_table(folders[one] / LEGS) for one in read}
    return {one: _write(stitching.flights(one, legs), folders[one]) for one in changed}


def _write(flights: pa.Table, folder: Path) -> str:
    part = unfinished(folder / _FLIGHTS)
    layout.write_flights(flights, part)
    name = f"{_FLIGHTS}-{hashlib.sha256(part.read_bytes()).hexdigest()[:16]}.parquet"
    part.replace(folder / name)
    return name
