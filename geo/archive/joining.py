"""What of a day hangs on the days beside it: flights and jumps over midnight, in files that their content names."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.archive import layout, midnight, stitching
from geo.archive.tables import LEGS as COLUMNS
from geo.archive.whole import unfinished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from geo.archive.catalogue import Catalogue

LEGS: Final = "legs.parquet"
#: Legs that are read at once, about.
_TOGETHER: Final = 60_000
#: Behind every address, as words are sorted.
_BEHIND: Final = "\x7f"


@dataclass(frozen=True, slots=True)
class Joined:
    """By day the file of its flights and that of its jumps, within its folder, of those days that have another now."""

    flights: Mapping[date, str]
    jumps: Mapping[date, str]


def join(catalogue: Catalogue, day: date, folder: Path, jumps: Path) -> Joined:
    """Stitch the flights of a day, find its jumps over midnight, and do so for every day that it can touch.

    Args:
        catalogue: the days that there are.
        day: the day that is new.
        folder: where its legs lie.
        jumps: the file of the jumps that were found within it.
    """
    folders = {one: catalogue.root / held.folder for one, held in catalogue.days.items()} | {day: folder}
    within = {one: folders[one] / held.jumps for one, held in catalogue.days.items()} | {day: jumps}
    changed = [one for one in stitching.neighbours(day) if one in folders]
    read = sorted({near for one in changed for near in stitching.needed(one)} & folders.keys())
    flights: dict[date, list[pa.Table]] = {one: [] for one in changed}
    over: dict[date, list[pa.Table]] = {one: [] for one in midnight.touched(day) if one in folders}
    for some in _addresses([folders[one] / LEGS for one in read]):
        legs = {one: _legs(folders[one] / LEGS, some) for one in read}
        for one, parts in flights.items():
            parts.append(stitching.flights(one, legs))
        for one, parts in over.items():
            parts.append(midnight.over(one, legs))
    jumped = {one: midnight.together(one, pq.read_table(within[one]), parts) for one, parts in over.items()}
    return Joined(
        {
            one: _write(pa.concat_tables(parts), folders[one] / "flights", layout.write_flights)
            for one, parts in flights.items()
        },
        {one: _write(table, folders[one] / "jumps", layout.write) for one, table in jumped.items()},
    )


def _addresses(files: Sequence[Path]) -> Iterator[pc.Expression]:
    """Ranges of addresses, one behind the other, in which all of these files have no more than some ``_TOGETHER`` legs.

    A flight is of one aircraft, so ranges are worked off one by one, and memory does not grow with the legs of a day.
    """
    rows = {path: int(pq.read_metadata(path).num_rows) for path in files}
    address = pq.read_table(max(files, key=rows.__getitem__), columns=["icao24"])["icao24"]
    parts = max(1, -(-sum(rows.values()) // _TOGETHER))
    edges = sorted({address[len(address) * part // parts].as_py() for part in range(1, parts)})
    field = pc.field("icao24")
    for first, end in pairwise(["", *edges, _BEHIND]):
        yield (field >= first) & (field < end)


def _legs(path: Path, some: pc.Expression) -> pa.Table:
    """Legs of a day; of one that an older version laid down, without the positions that it does not tell."""
    table = pq.read_table(path, filters=some)
    for field in COLUMNS:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(len(table), field.type))
    return table


def _write(table: pa.Table, stem: Path, write: Callable[[pa.Table, Path], None]) -> str:
    part = unfinished(stem)
    write(table, part)
    name = f"{stem.name}-{hashlib.sha256(part.read_bytes()).hexdigest()[:16]}.parquet"
    part.replace(stem.with_name(name))
    return name
