"""Archives of a few rows, laid by hand where a test is about questions and not about building."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from geo.archive.block import NONE, Block, number_of
from geo.archive.catalogue import Day, Part, changing
from geo.archive.layout import cells
from geo.archive.tables import AREA, FLIGHTS, JUMPS, LEGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def block(
    icao24: str, start: datetime, lat: Sequence[float], lon: Sequence[float], step_s: float = 10, **columns: Any
) -> Block:
    """Rows of one aircraft, one every ``step_s`` seconds; ``callsign`` is one word for all of them."""
    count = len(lat)
    callsign = columns.pop("callsign", None)
    return Block.of(
        np.full(count, number_of(icao24)),
        round(start.timestamp() * 1000) + np.rint(np.arange(count) * step_s * 1000).astype(np.int64),
        lat=np.rint(np.asarray(lat) * 1e6),
        lon=np.rint(np.asarray(lon) * 1e6),
        callsign=np.full(count, -1 if callsign is None else 0),
        callsigns=() if callsign is None else (callsign,),
        **{name: np.asarray(column) for name, column in columns.items()},
    )


def lay(
    root: Path, blocks: Sequence[Block], flights: Sequence[dict[str, Any]] = (), jumps: Sequence[dict[str, Any]] = ()
) -> Path:
    """An archive of these rows, by day, with these flights (in the day in which they begin) and jumps."""
    whole = Block.joined(list(blocks)).sorted()
    days = np.unique(whole.time_ms // 86_400_000).tolist()
    for number in days:
        day = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=number)).date()
        _day(root, day, whole.take(whole.time_ms // 86_400_000 == number), flights, jumps)
    return root


def _day(
    root: Path, day: date, rows: Block, flights: Sequence[dict[str, Any]], jumps: Sequence[dict[str, Any]]
) -> None:
    folder = root / "days" / day.isoformat()
    folder.mkdir(parents=True)
    table = rows.table()
    _write(table, folder / "aircraft.parquet")
    placed = rows.take((rows.lat != NONE) & ~rows.is_stale)
    area = placed.table().append_column("cell", pa.array(cells(placed.lat, placed.lon))).select(AREA.names).cast(AREA)
    area = area.sort_by([("cell", "ascending"), ("icao24", "ascending"), ("time", "ascending")])
    hours = {}
    for hour in range(24):
        part = area.filter(pc.equal(pc.hour(area["time"]), hour))
        if len(part):
            hours[hour] = f"{hour:02}.parquet"
            _write(part, folder / hours[hour])

    def of_day(schema: pa.Schema, held: Sequence[dict[str, Any]], moment: str) -> pa.Table:
        listed = [{name: one.get(name) for name in schema.names} for one in held if one[moment].date() == day]
        naive = [
            {k: v.replace(tzinfo=None) if isinstance(v, datetime) else v for k, v in one.items()} for one in listed
        ]
        return pa.Table.from_pylist(naive, schema=schema)

    _write(of_day(FLIGHTS, flights, "first_time"), folder / "flights.parquet")
    _write(of_day(JUMPS, jumps, "time"), folder / "jumps.parquet")
    _write(LEGS.empty_table(), folder / "legs.parquet")
    names = table["icao24"].to_pylist()
    with changing(root) as days:
        days[day] = Day(
            folder=f"days/{day.isoformat()}",
            aircraft=(Part("aircraft.parquet", names[0], names[-1]),),
            area=hours,
            legs="legs.parquet",
            flights="flights.parquet",
            jumps="jumps.parquet",
            account={},
        )


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, store_decimal_as_integer=True)
