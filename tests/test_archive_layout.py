"""How a day lies on disk: read back by Arrow and DuckDB, in order, packed as Spark can read it, equal bytes twice."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_rows import DAY_MS, blocks

from geo.archive import kernel, layout
from geo.archive.block import NONE, OTHER, Block, address_of
from geo.archive.tables import AIRCRAFT, AREA, FLIGHTS, JUMPS, LEGS

if TYPE_CHECKING:
    from pathlib import Path

ENCODINGS = {"PLAIN", "RLE", "RLE_DICTIONARY", "DELTA_BINARY_PACKED"}


def many(count: int, aircraft: int = 50) -> Block:
    """So many rows of as many aircraft, sorted, in one hour over a few cells."""
    rng = np.random.default_rng(count)
    return Block.of(
        np.repeat(np.arange(aircraft) * 1_000 + 7, -(-count // aircraft))[:count],
        DAY_MS + np.tile(np.arange(-(-count // aircraft)) * 500, aircraft)[:count],
        lat=rng.integers(40_000_000, 49_000_000, count),
        lon=rng.integers(0, 9_000_000, count),
        altitude_ft=rng.integers(0, 1_600, count) * 25,
        callsign=np.repeat(np.arange(aircraft), -(-count // aircraft))[:count],
        callsigns=[f"ABC{number}" for number in range(aircraft)],
    )


def by_area(block: Block) -> pa.Table:
    """What an hour of these rows holds, put together the slow way."""
    placed = block.take((block.lat != NONE) & ~block.is_stale)
    cell = pa.array(layout.cells(placed.lat, placed.lon))
    table = placed.table().append_column("cell", cell).append_column("row", pa.array(np.arange(len(placed))))
    table = table.sort_by([("cell", "ascending"), ("icao24", "ascending"), ("time", "ascending"), ("row", "ascending")])
    return table.select(AREA.names).cast(AREA)


def merged(parts: list[Block], folder: Path) -> dict[int, pa.Table]:
    runs = [layout.write_runs(part, folder, f"run{number}") for number, part in enumerate(parts)]
    hours = {}
    for hour in sorted({hour for one in runs for hour in one}):
        out = folder / f"{hour}.parquet"
        rows = layout.merge_hour([one[hour] for one in runs if hour in one], out)
        hours[hour] = pq.read_table(out)
        assert rows == len(hours[hour])
    return hours


@pytest.mark.parametrize(
    ("lat", "lon", "cell"),
    [
        (-90.0, -180.0, 0),
        (-90.0, 180.0, 0),
        (-85.000001, -175.000001, 0),
        (-85.0, -175.0, 73),
        (0.0, 0.0, 18 * 72 + 36),
        (90.0, 179.999999, 35 * 72 + 71),
        (89.999999, 180.0, 35 * 72),
    ],
)
def test_a_cell_is_five_degrees_numbered_from_the_south_west(lat, lon, cell):
    found = layout.cells(np.array([round(lat * 1e6)], dtype=np.int32), np.array([round(lon * 1e6)], dtype=np.int32))
    assert found.tolist() == [cell]


@given(blocks())
def test_rows_by_aircraft_are_read_back_as_they_were(tmp_path_factory, block):
    path = tmp_path_factory.mktemp("rows") / "aircraft.parquet"
    layout.write_aircraft(block, path)
    found = pq.read_table(path)
    assert found.schema == AIRCRAFT
    assert found.equals(block.table())


@settings(max_examples=40)
@given(blocks())
def test_duckdb_reads_what_arrow_reads(tmp_path_factory, block):
    folder = tmp_path_factory.mktemp("rows")
    layout.write_aircraft(block, folder / "aircraft.parquet")
    hours = merged([block], folder)
    for name, table in [("aircraft", block.table()), *((str(hour), table) for hour, table in hours.items())]:
        found = duckdb.sql(f"SELECT * FROM read_parquet('{folder / name}.parquet')").fetchall()  # noqa: S608  our own path
        assert found == [tuple(row.values()) for row in table.to_pylist()]


@given(blocks(), st.integers(1, 5))
def test_hours_hold_every_position_once_by_cell_aircraft_and_time(tmp_path_factory, block, band):
    cuts = [0, *(np.flatnonzero(np.diff(block.address)) + 1).tolist(), len(block)]
    parts = [block.take(slice(start, end)) for start, end in pairwise(cuts)]
    with pytest.MonkeyPatch.context() as patch:
        # So small that bands and row groups end everywhere.
        patch.setattr(layout, "_BAND", band)
        patch.setattr(layout, "GROUP", 3)
        hours = merged(parts, tmp_path_factory.mktemp("rows"))
    whole = by_area(block)
    for hour in range(24):
        expected = whole.filter(pc.equal(pc.hour(whole["time"]), hour))
        assert hours.pop(hour, AREA.empty_table()).equals(expected)
    assert not hours


def test_an_hour_of_rows_without_position_has_no_file(tmp_path):
    block = Block.of(np.array([5, 5]), np.array([DAY_MS, DAY_MS + 1]), lat=np.array([NONE, 1]), lon=np.array([NONE, 1]))
    stale = block.take(np.array([1]))
    stale.is_stale[:] = True
    assert layout.write_runs(block.take(np.array([0])), tmp_path, "none") == {}
    assert layout.write_runs(stale, tmp_path, "stale") == {}
    assert list(layout.write_runs(block, tmp_path, "one")) == [0]


def test_callsigns_of_many_files_stay_those_of_their_rows(tmp_path):
    parts = [
        Block.of(
            np.full(3, address),
            DAY_MS + np.arange(3),
            lat=np.zeros(3),
            lon=np.zeros(3),
            callsign=np.array([-1, 1, 0]),
            callsigns=names,
        )
        for address, names in [(1, ("AAA", "BBB")), (2, ("BBB", "CCC", "unused")), (3, ("ÄÖ 1", "AAA"))]
    ]
    found = merged(parts, tmp_path)[0]["callsign"].to_pylist()
    assert found == [None, "BBB", "AAA", None, "CCC", "BBB", None, "AAA", "ÄÖ 1"]


def test_row_groups_statistics_and_encodings_are_those_that_engines_read_little_by(tmp_path):
    block = many(layout.GROUP + 5_000)
    layout.write_aircraft(block, tmp_path / "aircraft.parquet")
    merged([block], tmp_path)
    for name, schema, order in [
        ("aircraft", AIRCRAFT, ("icao24", "time")),
        ("0", AREA, ("cell", "icao24", "time")),
    ]:
        about = pq.read_metadata(tmp_path / f"{name}.parquet")
        assert [about.row_group(number).num_rows for number in range(about.num_row_groups)] == [layout.GROUP, 5_000]
        group = about.row_group(0)
        assert [schema.names[one.column_index] for one in group.sorting_columns] == list(order)
        for number, one in enumerate(schema):
            chunk = group.column(number)
            assert set(chunk.encodings) <= ENCODINGS
            assert chunk.compression == "ZSTD"
            if pa.types.is_decimal(one.type):
                assert chunk.physical_type == "INT32"
            if chunk.statistics.null_count < group.num_rows:
                assert chunk.statistics.has_min_max
        time = group.column(schema.get_field_index("time"))
        assert "DELTA_BINARY_PACKED" in time.encodings
        assert not time.statistics.logical_type.to_json().count('"isAdjustedToUTC": true')


def test_statistics_bound_what_is_in_a_row_group(tmp_path):
    block = many(layout.GROUP + 5_000)
    layout.write_aircraft(block, tmp_path / "aircraft.parquet")
    groups = duckdb.sql(
        f"SELECT row_group_id, stats_min_value, stats_max_value FROM parquet_metadata('{tmp_path}/aircraft.parquet')"  # noqa: S608  our own path
        " WHERE path_in_schema = 'icao24' ORDER BY 1"
    ).fetchall()
    cut = block.address[[0, layout.GROUP - 1, layout.GROUP, -1]].tolist()
    first, last, second, final = map(address_of, cut)
    assert groups == [(0, first, last), (1, second, final)]


def test_an_hour_has_a_bloom_filter_that_excludes_who_is_not_there_and_never_who_is(tmp_path):
    block = many(5_000, aircraft=500)
    merged([block], tmp_path)

    def excluded(icao24: str) -> bool:
        found = duckdb.sql(
            f"SELECT bool_and(bloom_filter_excludes)"  # noqa: S608  our own path
            f" FROM parquet_bloom_probe('{tmp_path}/0.parquet', 'icao24', '{icao24}')"
        ).fetchall()
        return bool(found[0][0])

    assert not any(excluded(address_of(one)) for one in np.unique(block.address).tolist())
    # Made to be wrong once in a hundred.
    absent = [address_of(one + 1) for one in np.unique(block.address).tolist()]
    assert sum(map(excluded, absent)) > 0.9 * len(absent)


def test_equal_rows_give_equal_bytes(tmp_path):
    block = many(3_000)
    derived = kernel.derive(block)
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        layout.write_aircraft(block, folder / "aircraft.parquet")
        merged([block], folder)
        layout.write(derived.legs, folder / "legs.parquet")
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("schema", [FLIGHTS, LEGS, JUMPS], ids=["flights", "legs", "jumps"])
def test_a_table_without_rows_is_a_file_of_its_columns(tmp_path, schema):
    layout.write(schema.empty_table(), tmp_path / "empty.parquet", schema)
    assert pq.read_table(tmp_path / "empty.parquet").equals(schema.empty_table())


def test_a_table_is_written_with_the_columns_that_are_asked_for(tmp_path):
    legs = kernel.derive(many(300)).legs
    layout.write(legs, tmp_path / "flights.parquet", FLIGHTS)
    found = pq.read_table(tmp_path / "flights.parquet")
    assert found.schema == FLIGHTS
    assert found.equals(legs.select(FLIGHTS.names).cast(FLIGHTS))


def test_flights_lie_by_where_they_began_and_went_so_that_a_route_is_in_few_row_groups(tmp_path):
    ends = ["EDDF", None, "UBBB", "URMG", "LFPG", "EGLL", "UATE", "KJFK"]
    day = pa.scalar(0, pa.timestamp("ms"))
    rows = [
        {"icao24": f"{number:06x}", "first_time": day, "last_time": day, "origin": ends[number % 8], "fixes": number}
        for number in range(20_000)
    ]
    needed = {one.name: 0 for one in FLIGHTS if not one.nullable}
    flights = pa.Table.from_pylist([needed | row for row in rows], schema=FLIGHTS)
    path = tmp_path / "flights.parquet"
    layout.write_flights(flights, path)
    assert pq.read_table(path).sort_by("fixes").equals(flights)
    groups = [pq.ParquetFile(path).metadata.row_group(at) for at in range(pq.ParquetFile(path).num_row_groups)]
    assert len(groups) > 4
    origin = FLIGHTS.get_field_index("origin")
    said = [group.column(origin).statistics for group in groups]
    assert sum(one.has_min_max and one.min <= "UBBB" <= one.max for one in said) <= 2
    assert [one.null_count for one in said] == [0, 0, 0, 0, 2_500]  # those that began nowhere known are the last
    engine = duckdb.connect()
    probed = engine.execute(
        "SELECT count(*) FROM parquet_bloom_probe(?, 'icao24', '000007') WHERE bloom_filter_excludes", [str(path)]
    ).fetchone()
    assert probed is not None
    assert probed[0] >= len(groups) - 2


def test_addresses_that_are_none_of_icao_lie_behind_the_others(tmp_path):
    block = Block.of(np.array([OTHER | 1, 2]), np.array([DAY_MS, DAY_MS]), lat=np.zeros(2), lon=np.zeros(2)).sorted()
    layout.write_aircraft(block, tmp_path / "aircraft.parquet")
    assert pq.read_table(tmp_path / "aircraft.parquet")["icao24"].to_pylist() == ["000002", "~000001"]


@given(blocks(), st.randoms(use_true_random=False))
def test_sorting_gives_address_and_time_and_keeps_the_order_of_equals(block, random):
    shuffled = list(range(len(block)))
    random.shuffle(shuffled)
    mixed = block.take(np.array(shuffled, dtype=np.int64))
    mixed = Block(**{name: getattr(mixed, name) for name in Block.__dataclass_fields__})
    expected = sorted(range(len(mixed)), key=lambda row: (int(mixed.address[row]), int(mixed.time_ms[row]), row))
    assert mixed.sorted().table().equals(mixed.take(np.array(expected, dtype=np.int64)).table())


def test_times_that_lie_decades_apart_are_sorted_too():
    times = np.array([1_700_000_000_000, 100_000_000_000, 900_000_000_000])
    block = Block.of(np.array([OTHER | 0xFFFFFF, 3, OTHER | 0xFFFFFF]), times).sorted()
    assert block.time_ms.tolist() == [100_000_000_000, 900_000_000_000, 1_700_000_000_000]
