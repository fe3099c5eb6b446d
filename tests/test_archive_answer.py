"""How answers come out: types, order, streams, several threads, stopping."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import duckdb
import ibis
import numpy as np
import pyarrow as pa
import pytest
from made_archive import block, lay

from geo.archive import Answer, Archive, engines
from geo.errors import ArchiveError

START = datetime(2024, 12, 25, 5, tzinfo=UTC)
DAY = (datetime(2024, 12, 25, tzinfo=UTC), datetime(2024, 12, 26, tzinfo=UTC))
WORDS = {"number": "int64", "word": "string"}
#: Longer than a test may take; it is always stopped.
ENDLESS = (
    "SELECT hash(a.range + b.range) AS found FROM range(4000000) AS a, range(4000000) AS b WHERE a.range < b.range"
)


def millions(count: int) -> Answer:
    """An answer of so many rows that no file holds."""
    con = engines.local("200MB")
    table = con.sql("SELECT range AS number, repeat('x', 100) AS word FROM range(9000000)", schema=WORDS)
    return Answer.of(table.filter(table.number < count), con)


def endless() -> Answer:
    con = engines.local()
    table = con.sql(ENDLESS, schema={"found": "uint64"})
    return Answer.of(table.agg(most=table.found.max()), con)


def test_times_are_utc_and_decimals_numbers(tmp_path):
    ends = {"lat": [43.388123, -89.999999, 90.0], "lon": [45.698001, 179.999999, -180.0]}
    flight = block("4006c1", START, **ends, step_s=0.001, ground_speed_kt=[3001, 99_999, -(2**31)], callsign="AHY8243")
    answer = Archive.open(lay(tmp_path, [flight])).positions("4006c1", DAY)
    table = answer.table()
    assert table.schema == answer.schema
    assert table.schema.field("time").type == pa.timestamp("ms", tz="UTC")
    assert [table.schema.field(name).type for name in ("lat", "ground_speed_kt")] == [pa.float64()] * 2
    assert table["lat"].to_pylist() == ends["lat"]
    assert table["lon"].to_pylist() == ends["lon"]
    assert table["ground_speed_kt"].to_pylist() == [300.1, 9999.9, None]
    rows = answer.rows()
    assert [row["time"] for row in rows] == [START + timedelta(milliseconds=ms) for ms in range(3)]
    assert {row["time"].utcoffset() for row in rows} == {timedelta(0)}
    assert rows == table.to_pylist()


def test_every_decimal_is_the_nearest_number(tmp_path):
    whole = np.random.default_rng(1).integers(-90_000_000, 90_000_000, 5_000)
    flight = block("4006c1", START, whole / 1e6, whole / 1e6, step_s=1)
    table = Archive.open(lay(tmp_path, [flight])).positions("4006c1", DAY).table()
    assert table["lat"].to_pylist() == [float(f"{one}e-6") for one in whole.tolist()]


def test_batches_come_as_they_are_read():
    answer = millions(3_000_000)
    batches = answer.batches(rows=10_000)
    first = next(batches)
    assert 0 < first.num_rows <= 10_000
    # 300 MB of words would not fit the memory that it has.
    assert first.num_rows + sum(batch.num_rows for batch in batches) == 3_000_000


def test_an_answer_that_nobody_reads_to_its_end_keeps_nothing():
    answer = millions(3_000_000)
    batches = answer.batches()
    next(batches)
    assert answer.progress is None or 0 <= answer.progress <= 1
    batches.close()
    assert answer.progress is None
    assert sum(batch.num_rows for batch in answer.batches()) == 3_000_000


def test_of_no_row_there_is_a_table(tmp_path):
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, [43.4], [45.7])]))
    answer = archive.positions("4006c2", DAY)
    assert (answer.rows(), list(answer.batches()), len(answer.table())) == ([], [], 0)
    assert answer.table().schema == answer.schema
    other = (DAY[0] - timedelta(days=9), DAY[0] - timedelta(days=8))
    for asked in (archive.positions("4006c1", other), archive.near((43.4, 45.7), 5, other)):
        assert asked.rows() == []
        assert asked.missing_days == (date(2024, 12, 16),)
        assert asked.table().schema == asked.schema


def test_an_answer_is_read_while_another_one_is():
    one, other = millions(300_000).batches(1_000), millions(300_000).batches(1_000)
    pairs = list(zip(one, other, strict=True))
    assert sum(batch.num_rows for batch, _ in pairs) == 300_000


def test_several_threads_ask_one_archive(tmp_path):
    flights = [block(f"4006c{digit}", START, [43.4, 43.5], [45.7, 45.8]) for digit in "0123"]
    archive = Archive.open(lay(tmp_path, flights))
    corners = [(43 + step / 100, 45.0) for step in range(100)] + [(44, 46), (43, 46)]

    def ask(number: int) -> object:
        asked = (
            archive.positions(f"4006c{number % 4}", DAY),
            archive.near((43.4, 45.7), 50, DAY),
            archive.inside(corners, DAY),
        )
        return [one.rows() for one in asked]

    expected = [ask(number) for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(12))) == expected * 3


def test_an_answer_is_stopped_from_another_thread():
    answer = endless()
    running = threading.Event()

    def stop() -> None:
        while answer.progress is None:
            running.wait(0.01)
        answer.interrupt()

    thread = threading.Thread(target=stop)
    thread.start()
    with pytest.raises(ArchiveError, match="stopped"):
        answer.rows()
    thread.join()
    assert answer.is_stopped
    with pytest.raises(ArchiveError, match="stopped"):
        answer.rows()


def test_what_does_not_fit_into_memory_is_said():
    con = engines.local("20MB")
    con.con.execute("SET GLOBAL max_temp_directory_size = '0KB'")
    table = con.sql("SELECT list(range) AS all_of_them FROM range(30000000)", schema={"all_of_them": "array<int64>"})
    with pytest.raises(ArchiveError, match="more memory than DuckDB may have; ask for less time"):
        Answer.of(table, con).rows()


def test_a_file_that_is_gone_is_said(tmp_path):
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, [43.4], [45.7])]))
    (tmp_path / "days/2024-12-25/aircraft.parquet").unlink()
    with pytest.raises(ArchiveError, match="open the archive again"):
        archive.positions("4006c1", DAY).rows()


def test_its_sql_is_that_of_the_engine(tmp_path):
    archive = Archive.open(lay(tmp_path, [block("4006c1", START, [43.4], [45.7])]))
    for answer in (archive.positions("4006c1", DAY), archive.near((43.4, 45.7), 50, DAY)):
        found = duckdb.connect().sql(answer.sql()).to_arrow_table()
        assert len(found) == len(answer.table()) == 1


def test_an_expression_is_asked_further(tmp_path):
    flights = [block(f"4006c{digit}", START, [43.4, 43.5], [45.7, 45.8]) for digit in "012"]
    archive = Archive.open(lay(tmp_path, flights))
    passes = archive.near((43.4, 45.7), 50, DAY).expression
    counted = Answer.of(
        passes.agg(aircraft=passes.icao24.nunique(), nearest=passes.nearest_km.min()), archive.connection
    )
    assert counted.rows() == [{"aircraft": 3, "nearest": 0.0}]
    assert ibis.options.sql.fuse_selects is True
