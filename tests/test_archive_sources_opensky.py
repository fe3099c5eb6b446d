"""State vectors of any length for an archive, as CSV, Parquet and Avro: the same rows, and the same meaning."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import zlib
from datetime import date
from typing import TYPE_CHECKING, Any

import fastavro
import numpy as np
import pyarrow as pa
import pytest
from made_sources import MIDNIGHT, STATES, state, states_csv, tarred
from made_tracks import SHARED
from pyarrow import parquet

from geo.archive.block import Block, address_of, fixed
from geo.archive.sources import Taken, avro, content, find, opensky, read_loose
from geo.tracks import opensky_states
from geo.tracks import parquet as parquet_tracks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from geo.tracks.rows import Rows

NOON = MIDNIGHT + 43_200
SCHEMA = {
    "type": "record",
    "name": "StateVector",
    "fields": [
        {
            "name": name,
            "type": "int" if name == "time" else ["null", kind],
            **({} if name == "time" else {"default": None}),
        }
        for name in STATES.split(",")
        for kind in [
            "string"
            if name in ("icao24", "callsign", "squawk")
            else "boolean"
            if name in ("onground", "alert", "spi")
            else "double"
        ]
    ]
    + [{"name": "serials", "type": ["null", {"type": "array", "items": "int"}], "default": None}],
}


def flying(count: int = 40, icao24: str = "4006c1", start: float = NOON) -> list[dict[str, Any]]:
    """An aircraft, a row a second; of every position it is written twice that it was heard."""
    return [state(start + second, icao24, start + second - second % 2 - 0.25) for second in range(count)]


def as_parquet(states: Sequence[Mapping[str, Any]]) -> bytes:
    made = io.BytesIO()
    parquet.write_table(pa.Table.from_pylist(list(states)), made, row_group_size=16)
    return made.getvalue()


def as_avro(states: Sequence[Mapping[str, Any]], codec: str = "deflate") -> bytes:
    made = io.BytesIO()
    fastavro.writer(made, SCHEMA, [{**one, "serials": [1, 2]} for one in states], codec=codec, sync_interval=500)
    return made.getvalue()


WRITERS: dict[str, Callable[[Sequence[Mapping[str, Any]]], bytes]] = {
    "states_2024-12-25-12.csv": states_csv,
    "states_2024-12-25-12.csv.gz": lambda states: gzip.compress(states_csv(states)),
    "states_2024-12-25-12.csv.tar": lambda states: tarred(
        {
            "states_2024-12-25-12.csv.gz": gzip.compress(states_csv(states)),
            "LICENSE.txt": b"terms",
            "README.txt": b"read",
        }
    ),
    "states_2024-12-25-12.parquet": as_parquet,
    "states_2024-12-25-12.avro": as_avro,
    "states_2024-12-25-12.avro.tar": lambda states: tarred({"states_2024-12-25-12.avro": as_avro(states)}),
}


def read(path: Path, data: bytes) -> tuple[Block, list[Taken]]:
    path.write_bytes(data)
    found = find([path])
    assert (dict(found.days), found.broken, len(found.loose)) == ({}, (), 1)
    taken = list(read_loose(found.loose[0]))
    return Block.joined([one.block for one in taken]), taken


def left(taken: list[Taken]) -> dict[str, int]:
    return {reason: sum(one.left.get(reason, 0) for one in taken) for one in taken for reason in one.left}


def assert_same(block: Block, rows: Rows) -> None:
    assert block.time_ms.tolist() == np.rint(rows.columns["time_s"] * 1000).tolist()
    for ours, theirs in {"lat": "lat_deg", "lon": "lon_deg"}.items():
        assert getattr(block, ours).tolist() == fixed(ours, rows.columns[theirs]).tolist()
    for name in ("altitude_ft", "geometric_altitude_ft", "ground_speed_kt", "track_deg", "vertical_rate_fpm"):
        assert getattr(block, name).tolist() == fixed(name, rows.columns[name]).tolist()
    assert np.flatnonzero(block.is_stale).tolist() == sorted(rows.given)
    assert [address_of(one) for one in block.address.tolist()] == [rows.icao24.names[one] for one in rows.icao24.codes]


@pytest.mark.parametrize("name", WRITERS)
def test_an_hour_is_read_as_the_reader_of_tracks_reads_it(tmp_path, name):
    states = [*flying(), *flying(icao24="~2b1234", start=NOON + 0.5)]
    block, taken = read(tmp_path / name, WRITERS[name](states))
    if "~2b1234" in {address_of(one) for one in block.address.tolist()}:
        block = block.take(block.address == int("4006c1", 16))
    assert sum(one.read for one in taken) == 80
    assert left(taken) == {}
    assert_same(block, opensky_states.read(states_csv(states[:40]), name))
    assert 15 <= int(block.is_stale.sum()) <= 20
    assert {block.callsigns[code] for code in block.callsign.tolist()} == {"AHY8243"}


@pytest.mark.parametrize("name", ["states_a", "states_b"])
@pytest.mark.skipif(not (SHARED / "opensky").is_dir(), reason="the shared folder of real tracks is not there")
def test_real_state_vectors_are_read_as_the_reader_of_tracks_reads_them(name, monkeypatch):
    path = SHARED / "opensky" / f"{name}.parquet"
    (loose,) = find([path]).loose
    taken = list(read_loose(loose))
    rows = parquet_tracks.read(path.read_bytes(), name)
    assert sum(one.read for one in taken) == len(rows)
    gone = left(taken).get("nothing heard of the aircraft", 0)
    assert gone == {"states_a": 0, "states_b": 16}[name]
    if not gone:
        assert_same(taken[0].block, rows)
    monkeypatch.setattr(parquet_tracks, "_BATCH", 100)
    in_batches = list(read_loose(loose))
    assert len(in_batches) == -(-len(rows) // 100)
    assert Block.joined([one.block for one in in_batches]).table().equals(taken[0].block.table())


@pytest.mark.parametrize("order", ["time", "aircraft", "any"])
def test_a_position_is_known_again_in_a_later_batch(tmp_path, monkeypatch, order):
    states = [one for number in range(5) for one in flying(20, f"4006c{number}")]
    if order == "time":
        states.sort(key=lambda one: one["time"])
    if order == "any":
        states = [states[(37 * index) % len(states)] for index in range(len(states))]
    whole, _ = read(tmp_path / "states.csv", states_csv(states))
    monkeypatch.setattr(opensky, "PIECE", 400)
    if order != "any":
        monkeypatch.setattr(opensky, "_FREE", 0)
    parts, taken = read(tmp_path / "states.csv", states_csv(states))
    assert len(taken) > 10
    assert int(parts.is_stale.sum()) == int(whole.is_stale.sum())
    if order != "any":
        assert parts.table().equals(whole.table())
    positions = parts.take(~parts.is_stale)
    assert len(np.unique(positions.address.astype(np.int64) << 40 | positions.time_ms % 2**40)) == len(positions)


def test_a_fix_stays_in_the_day_of_its_row(tmp_path):
    states = [state(MIDNIGHT, heard=MIDNIGHT - 0.25), state(MIDNIGHT + 1, heard=MIDNIGHT + 0.5)]
    block, _ = read(tmp_path / "states.csv", states_csv(states))
    assert block.time_ms.tolist() == [MIDNIGHT * 1000, MIDNIGHT * 1000 + 500]
    assert not block.is_stale.any()


def test_a_row_of_an_aircraft_of_which_nothing_was_heard_is_left_out_and_counted(tmp_path):
    states = [
        state(NOON),
        state(NOON + 15, heard=NOON),
        state(NOON + 16, heard=NOON),
        state(NOON + 17, heard=NOON, lastcontact=NOON + 16),
    ]
    block, taken = read(tmp_path / "states.csv", states_csv(states))
    assert left(taken) == {"nothing heard of the aircraft": 1}
    assert block.is_stale.tolist() == [False, True, True]


@pytest.mark.parametrize("name", ["states.csv", "states.parquet"])
def test_text_in_numbers_costs_its_row_and_no_other(tmp_path, name):
    states = flying(10)
    states[3]["lat"] = "north"
    states[5]["icao24"] = None
    states[6]["icao24"] = "zzz"
    states[7]["lat"] = 95.0
    data = states_csv(states)
    if name.endswith("parquet"):
        made = io.BytesIO()
        table = pa.Table.from_pylist(
            [{key: None if value is None else str(value) for key, value in one.items()} for one in states]
        )
        parquet.write_table(table, made)
        data = made.getvalue()
    block, taken = read(tmp_path / name, data)
    assert left(taken) == {"cannot be read": 1, "no ICAO address": 2, "a position outside the Earth": 1}
    assert (len(block), sum(one.read for one in taken)) == (6, 10)
    (broken,) = [one for some in taken for one in some.broken]
    assert "lat is 'north', which is no number" in broken.reason


def test_text_in_numbers_of_avro_costs_its_row_and_no_other(tmp_path):
    fields = [{"name": name, "type": ["null", "string", "double"]} for name in STATES.split(",")]
    made = io.BytesIO()
    states = flying(10)
    states[3]["lat"] = "north"
    fastavro.writer(
        made,
        {"type": "record", "name": "S", "fields": fields},
        [{**one, **dict.fromkeys(("onground", "alert", "spi"))} for one in states],
    )
    block, taken = read(tmp_path / "states.avro", made.getvalue())
    assert (len(block), left(taken)) == (9, {"cannot be read": 1})
    assert "row 4: lat is 'north'" in taken[0].broken[0].reason


@pytest.mark.parametrize("name", ["states.csv.gz", "states.parquet", "states.avro"])
def test_a_file_that_breaks_off_is_told(tmp_path, name):
    writer = next(write for known, write in WRITERS.items() if known.endswith(name[6:]))
    data = writer(flying(3_000))
    block, taken = read(tmp_path / name, data[: len(data) * 2 // 3])
    reasons = [one.reason for some in taken for one in some.broken]
    assert len(reasons) == 1
    assert "breaks off" in reasons[0]
    assert len(block) < 3_000


def test_no_file_of_state_vectors_is_the_better_for_one_long_line(tmp_path, monkeypatch):
    monkeypatch.setattr(opensky, "PIECE", 4_000)
    _, taken = read(tmp_path / "states.csv", states_csv(flying(10)) + b"1" * 10_000)
    assert "a line of more than" in taken[-1].broken[0].reason
    assert sum(one.read for one in taken) == 10


@pytest.mark.parametrize("codec", ["null", "deflate", "bzip2", "xz"])
def test_avro_in_any_compression(codec):
    columns, parts = avro.state_parts(io.BytesIO(as_avro(flying(50), codec)), "states.avro")
    assert columns.times.keys() == {"time", "heard", "contact"}
    assert [row for part in parts for row in part.row.tolist()] == list(range(1, 51))


def container(codec: str, block: bytes, count: int = 1, schema: Any = SCHEMA) -> bytes:
    text = json.dumps(schema).encode()
    number = avro.written
    head = b"".join((avro.MAGIC, number(2), number(11), b"avro.schema", number(len(text)), text))
    head += b"".join((number(10), b"avro.codec", number(len(codec)), codec.encode(), number(0), b"s" * 16))
    return head + number(count) + number(len(block)) + block + b"s" * 16


RECORD = as_avro(flying(1), "null")[-400:]
AVRO = {
    "snappy": (container("snappy", pa.compress(b"\0" * 300, "snappy", asbytes=True) + b"crc4"), ""),
    "zstandard": (container("zstandard", pa.compress(b"\0" * 300, "zstd", asbytes=True)), ""),
    "a bomb": (container("deflate", zlib.compress(b"\0" * 3_000_000, 9, -15)), "inflates to more than"),
    "a bomb of bzip2": (container("bzip2", bz2.compress(b"\0" * 3_000_000)), "inflates to more than"),
    "damaged": (container("deflate", b"\xff" * 99), "damaged Avro"),
    "damaged xz": (container("xz", lzma.compress(b"\0" * 99)[:-9]), "damaged Avro"),
    "snappy of gigabytes": (container("snappy", b"\xff\xff\xff\xff\x0f" + b"\0" * 99), "damaged Avro"),
    "an unknown codec": (container("lz99", b"\0" * 99), "'lz99', is none that is read"),
    "records without end": (container("null", b"\0" * 300, 10**12), "1,000,000,000,000 records"),
    "a block without end": (container("null", b"")[:-17] + avro.written(10**12), "1,000,000,000,000 bytes"),
    "other columns": (
        container("null", b"", schema={"type": "record", "name": "A", "fields": [{"name": "a", "type": "int"}]}),
        "not those of state vectors",
    ),
    "columns in columns": (
        container("null", b"", schema={"type": "record", "name": "A", "fields": [{"name": "a", "type": SCHEMA}]}),
        "rows of plain columns",
    ),
    "lists of nothing": (
        container(
            "null",
            b"",
            schema={
                "type": "record",
                "name": "A",
                "fields": [{"name": "a", "type": {"type": "array", "items": "null"}}],
            },
        ),
        "rows of plain columns",
    ),
    "no schema": (container("null", b"", schema=[]), "rows of plain columns"),
    "no header": (b"Obj\x01\xff\xff", "breaks off"),
}


@pytest.mark.parametrize(("data", "why"), AVRO.values(), ids=AVRO)
def test_a_hostile_avro_file_is_told(tmp_path, monkeypatch, data, why):
    monkeypatch.setattr(avro, "_INFLATED", 2_000_000)
    _, taken = read(tmp_path / "states.avro", data)
    reasons = " ".join(one.reason for some in taken for one in some.broken)
    assert why in reasons
    assert bool(reasons)


def test_frames_of_others_in_parquet_are_read_as_a_track(tmp_path):
    made = io.BytesIO()
    parquet.write_table(
        pa.table({"time_utc": ["2024-12-25T05:00:00"], "lat": [43.0], "lon": [45.0], "icao24": ["4006c1"]}), made
    )
    block, _ = read(tmp_path / "track.parquet", made.getvalue())
    assert block.time_ms.tolist() == [(MIDNIGHT + 18_000) * 1000]


def test_files_by_the_hour_give_rows_of_their_day_only(tmp_path):
    for hour in (0, 23):
        start = MIDNIGHT + hour * 3_600
        states = [state(start + second, heard=start + second - 0.5) for second in range(3_600)]
        (tmp_path / f"states_2024-12-25-{hour:02}.csv").write_bytes(states_csv(states))
    days = {
        date.fromordinal(719_163 + number)
        for loose in find([tmp_path]).loose
        for taken in read_loose(loose)
        for number in np.unique(taken.block.time_ms // 86_400_000).tolist()
    }
    assert days == {date(2024, 12, 25)}


def test_the_head_of_a_file_in_zstandard_is_known(tmp_path):
    (tmp_path / "states.csv.zst").write_bytes(pa.compress(states_csv(flying(3_000)), "zstd", asbytes=True))
    (loose,) = find([tmp_path]).loose
    assert loose.kind == "OpenSky states, CSV"
    assert sum(one.read for one in read_loose(loose)) == 3_000
    assert content.head_inflated(b"\x28\xb5\x2f\xfd" + b"\xff" * 30) == b""
