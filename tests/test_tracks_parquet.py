"""Parquet files by the names of their columns; damaged ones and bombs refused."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lines import account, survives
from made_tables import parquet as made
from made_tables import table
from made_tracks import SHARED, START_S, reports
from pyarrow import parquet as pq

from geo.errors import TrackUnreadable
from geo.model import REASONS, Track
from geo.tracks import parquet
from geo.tracks.tables.parquet_footer import footer_of
from geo.tracks.write import write

GOOD = [(float(second), 40 + second / 500, 50.0, 1_000 + second, 400, "AHY8243") for second in range(0, 100, 10)]
SECONDS = [round(START_S) + second for second in range(4)]
STAMPS = [datetime.fromtimestamp(second, UTC) for second in SECONDS]
PLACES = {"lat": [40.0, 40.1, 40.2, None], "lon": [50.0, 50.1, 50.2, None]}
real = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")


def read(columns, **options):
    data = table(columns, **options)
    assert parquet.sniff(data[: 1 << 16]) == "parquet"
    found = parquet.read(data, "made.parquet")
    account(found)
    return found


def refused(data: bytes) -> str:
    with pytest.raises(TrackUnreadable) as caught:
        parquet.read(data, "made.parquet")
    message = str(caught.value)
    assert message.startswith("made.parquet: ")
    assert len(message) < 800
    return message.removeprefix("made.parquet: ")


def test_columns_are_read_by_their_names_and_units():
    rows = read(
        {
            "Time": STAMPS,
            **PLACES,
            "altitude_m": [3048, None, 0, 1],
            "ground_speed_kmh": [185.2] * 4,
            "on_ground": [True, False, None, False],
            "icao24": ["0X600841", None, "4b1901", "600841"],
            "callsign": ["AHY8243 ", "nan", None, "<b>"],
            "squawk": ["1000"] * 4,
        }
    )
    assert rows.columns["time_s"].tolist() == SECONDS
    np.testing.assert_allclose(rows.columns["altitude_ft"], [10_000, np.nan, 0, 1 / 0.3048])
    np.testing.assert_allclose(rows.columns["ground_speed_kt"], 100)
    np.testing.assert_array_equal(rows.columns["on_ground"], [1, 0, np.nan, 0])
    assert np.isnan(rows.columns["lat_deg"]).tolist() == [False, False, False, True]
    assert (rows.icao24.names, rows.icao24.codes.tolist()) == (("600841", "4b1901"), [0, -1, 1, 0])
    assert (rows.callsign.names, rows.callsign.codes.tolist()) == (("AHY8243", "<b>"), [0, -1, -1, 1])
    assert rows.row.tolist() == [1, 2, 3, 4]
    assert rows.ignored == ("squawk",)
    assert rows.ordered


@pytest.mark.parametrize(
    "times",
    [
        pa.array(SECONDS),
        pa.array(SECONDS, pa.uint32()),
        pa.array([float(second) for second in SECONDS]),
        pa.array([second * 1_000 for second in SECONDS]),
        pa.array([second * 10**9 for second in SECONDS]),
        pa.array([moment.isoformat() for moment in STAMPS]),
        pa.array([moment.isoformat() for moment in STAMPS], pa.large_string()),
        pa.array([moment.isoformat().encode() for moment in STAMPS]),
        pa.array([moment.isoformat() for moment in STAMPS]).dictionary_encode(),
        pa.array(SECONDS).dictionary_encode(),
        *(pa.array(STAMPS, pa.timestamp(unit, tz="Asia/Baku")) for unit in ("s", "ms", "us", "ns")),
    ],
)
def test_times_of_any_type_are_the_same(times):
    assert read({"time": times, **PLACES}).columns["time_s"].tolist() == SECONDS


@pytest.mark.parametrize(
    "numbers",
    [
        pa.array([1, 2, None, 4], pa.int8()),
        pa.array([1, 2, None, 4], pa.uint64()),
        pa.array([1, 2, None, 4], pa.float32()),
        pa.array([1, 2, None, 4], pa.float16()),
        pa.array([1, 2, None, 4], pa.decimal128(10, 2)),
        pa.array(["1", " 2.0", None, "4"]),
        pa.array(["1", "2", "", "4"], pa.large_string()),
        pa.array(["1", "2", "null", "4"]).dictionary_encode(),
    ],
)
def test_numbers_of_any_type_are_the_same(numbers):
    rows = read({"time": SECONDS, **PLACES, "altitude_ft": numbers})
    np.testing.assert_array_equal(rows.columns["altitude_ft"], [1, 2, np.nan, 4])


def test_a_column_of_nothing_is_none():
    rows = read({"time": SECONDS, **PLACES, "altitude_ft": pa.nulls(4), "callsign": pa.nulls(4), "reason": pa.nulls(4)})
    assert np.isnan(rows.columns["altitude_ft"]).all()
    assert rows.callsign.codes.tolist() == [-1] * 4
    assert not rows.given


def test_rows_that_cannot_be_read_are_known_by_their_number():
    early = datetime(1, 1, 1, tzinfo=UTC)
    late = datetime(9999, 12, 31, tzinfo=UTC)
    rows = read({"time": [STAMPS[0], None, early, late], **PLACES})
    assert rows.row.tolist() == [1]
    assert [(one.row, one.detail.partition(" -")[0].partition(" 2")[0]) for one in rows.unreadable] == [
        (2, "it has no time"),
        (3, "the time"),
        (4, "the time"),
    ]
    texts = read({"time": SECONDS, "lat": ["40", "north", None, "41"], "lon": PLACES["lon"]})
    assert [tuple(one) for one in texts.unreadable] == [(2, "lat is 'north', which is no number")]


def test_numbers_that_are_no_times_are_unreadable_and_infinite_positions_left_to_the_rules():
    rows = read({"time": [0.0, np.nan, np.inf, SECONDS[0]], "lat": [np.inf] * 4, "lon": [np.nan] * 4})
    assert (rows.row.tolist(), [one.row for one in rows.unreadable]) == ([4], [1, 2, 3])
    assert rows.columns["lat_deg"].tolist() == [np.inf]


def test_reasons_are_believed_and_unknown_ones_unreadable():
    rows = read(
        {
            "time": SECONDS,
            **PLACES,
            "reason": ["accepted", "stale position", "bored", "no position"],
            "altitude_reason": ["out of range", None, None, "accepted"],
        }
    )
    assert dict(rows.given) == {1: ("stale position", "the file says: stale position")}
    assert dict(rows.given_altitude) == {0: ("out of range", "the file says: out of range")}
    assert [tuple(one) for one in rows.unreadable] == [(3, "the reason 'bored' is none we know")]


def test_a_traffic_frame_is_read_in_its_units_and_what_only_repeats_is_stale():
    frame = {
        "timestamp": STAMPS,
        "icao24": ["600841"] * 4,
        "callsign": ["AHY8243"] * 4,
        "latitude": [*PLACES["lat"][:3], 40.2],
        "longitude": [*PLACES["lon"][:3], 50.2],
        "altitude": [1_000.0, 1_100.0, None, 1_300.0],
        "geoaltitude": [1_200.0] * 4,
        "groundspeed": [400.0] * 4,
        "track": [90.0] * 4,
        "vertical_rate": [64.0] * 4,
        "IAS": [250.0] * 4,
        "nac_p": [9] * 4,
        "onground": [False] * 4,
        "last_position": [*STAMPS[:3], STAMPS[2]],
    }
    rows = read(frame)
    assert {name: column[0] for name, column in rows.columns.items()} == {
        "time_s": SECONDS[0],
        "lat_deg": 40,
        "lon_deg": 50,
        "altitude_ft": 1_000,
        "geometric_altitude_ft": 1_200,
        "ground_speed_kt": 400,
        "track_deg": 90,
        "vertical_rate_fpm": 64,
        "indicated_airspeed_kt": 250,
        "nacp": 9,
        "on_ground": 0,
    }
    assert dict(rows.given) == {
        3: ("stale position", "its position was last heard at 03:55:02, 1.0 s before"),
    }
    assert any("traffic" in note for note in rows.notes)


def test_state_vectors_are_read_as_those_of_opensky():
    rows = read(
        {
            "time": STAMPS,
            "icao24": ["600841"] * 4,
            **PLACES,
            "velocity": [100.0] * 4,
            "heading": [1.0] * 4,
            "baroaltitude": [3048.0] * 4,
            "lastposupdate": [SECONDS[0] - 0.5, SECONDS[0] - 0.5, SECONDS[2] - 0.25, None],
        }
    )
    assert rows.columns["time_s"].tolist() == [SECONDS[0] - 0.5, SECONDS[1], SECONDS[2] - 0.25, SECONDS[3]]
    assert list(rows.given) == [1]
    assert rows.columns["altitude_ft"].tolist() == [10_000] * 4


def test_row_groups_and_batches_are_counted_through(monkeypatch):
    monkeypatch.setattr(parquet, "_BATCH", 7)
    count = 100
    columns = {
        "time": [SECONDS[0] + index for index in range(count)],
        "lat": [None if index % 7 else index / 10 for index in range(count)],
        "lon": [1.0] * count,
        "callsign": [f"A{index % 30}" for index in range(count)],
        "altitude_ft": ["x" if index == 63 else "1" for index in range(count)],
    }
    rows = read(columns, row_group_size=40)
    assert [one.row for one in rows.unreadable] == [64]
    assert rows.row.tolist() == [number for number in range(1, 101) if number != 64]
    names = [rows.callsign.names[code] for code in rows.callsign.codes]
    assert names == [f"A{(number - 1) % 30}" for number in rows.row]


@pytest.mark.parametrize("options", [{"compression": "zstd"}, {"use_dictionary": False}, {"data_page_version": "2.0"}])
def test_however_it_is_packed_it_is_the_same(options):
    rows = read({"time": STAMPS, **PLACES, "callsign": ["A", "B", None, "A"]}, **options)
    assert rows.columns["time_s"].tolist() == SECONDS
    assert rows.callsign.codes.tolist() == [0, 1, -1, 0]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"lat": [1.0], "lon": [1.0]}, "no column time; its columns are 'lat', 'lon'; a track without times is no"),
        ({"time": SECONDS[:1], "lat": [1.0]}, "it has no column lon"),
        (
            {"time": SECONDS[:1], "lat": [1.0], "lon": [1.0], "altitude": [1]},
            "the column 'altitude' does not say its unit; call it altitude_ft or",
        ),
        ({"time": pa.array([STAMPS[0]], pa.timestamp("us")), "lat": [1.0], "lon": [1.0]}, "its times have no zone"),
        ({"time": pa.array([1], pa.date32()), "lat": [1.0], "lon": [1.0]}, "its times are date32"),
        ({"time": [True], "lat": [1.0], "lon": [1.0]}, "its times are bool"),
        ({"time": SECONDS[:1], "lat": [[1.0]], "lon": [1.0]}, "the column 'lat' holds list<"),
        ({"time": SECONDS[:1], "lat": pa.array([STAMPS[0]]), "lon": [1.0]}, "the column 'lat' holds timestamp"),
        ({"time": SECONDS[:1], "lat": [1.0], "lon": [1.0], "icao24": [1]}, "holds int64; write addresses as text"),
    ],
)
def test_what_is_missing_or_of_another_type_is_said(columns, words):
    assert words in refused(table(columns))


def test_stamps_without_zone_in_a_column_that_says_utc_are_in_utc():
    naive = pa.array(STAMPS, pa.timestamp("us"))
    assert read({"time_utc": naive, **PLACES}).columns["time_s"].tolist() == SECONDS


def test_two_columns_of_one_name_are_refused():
    sink = io.BytesIO()
    pq.write_table(
        pa.table([pa.array(SECONDS), pa.array([1.0] * 4), pa.array([1.0] * 4)], names=["time", "lat", "lat"]), sink
    )
    assert "no column lon" in refused(sink.getvalue())
    sink = io.BytesIO()
    names = ["time", "lat", "lon", "lat"]
    pq.write_table(pa.table([pa.array(SECONDS), *[pa.array([1.0] * 4)] * 3], names=names), sink)
    assert refused(sink.getvalue()) == "it has two columns 'lat'; keep one"


def test_an_empty_table_has_no_row():
    assert (
        len(
            read(
                {"time": pa.array([], pa.int64()), "lat": pa.array([], pa.float64()), "lon": pa.array([], pa.float64())}
            )
        )
        == 0
    )


def test_a_bomb_of_repetition_is_refused_unread():
    count = 3_000_000
    same = pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([1.0]))
    data = table({"time": same, "lat": same, "lon": same})
    assert len(data) < 100_000
    assert refused(data) == f"it claims 3,000,000 rows in {len(data):,} bytes, which no track has"


def test_a_bomb_of_one_long_text_is_refused_unread():
    data = table({"time": SECONDS[:1], "lat": [1.0], "lon": [1.0], "callsign": ["A" * 70_000_000]}, compression="zstd")
    assert len(data) < 100_000
    assert refused(data).startswith("its 1 rows inflate to 70,000,0")


def test_a_long_text_in_a_column_that_is_not_used_is_no_matter():
    rows = read({"time": SECONDS[:1], "lat": [1.0], "lon": [1.0], "raw": ["A" * 70_000_000]}, compression="zstd")
    assert len(rows) == 1


def test_a_page_that_lies_about_its_size_is_not_believed():
    data = table({"time": SECONDS, **PLACES}, compression="none", use_dictionary=False, write_statistics=False)
    at = data.index(b"\x15\x00\x15")  # kind 0, then the bytes it inflates to, 60 folded to 120
    (size,) = (data[at + 3],)
    longer = data[: at + 3] + b"\xfe\xff\xff\xff\x0f" + data[at + 4 :]
    assert size < 0x80
    message = refused(longer)
    assert "damaged" in message or "inflate to" in message


@pytest.mark.parametrize("length", [0, 1, 7, 1 << 30, (1 << 32) - 1])
def test_a_footer_of_nonsense_length_is_refused(length):
    data = made(GOOD)
    assert "damaged Parquet file" in refused(data[:-8] + length.to_bytes(4, "little") + b"PAR1")


def test_a_file_that_breaks_off_is_refused():
    data = made(GOOD)
    for end in (4, 8, 100, len(data) // 2, len(data) - 1):
        assert refused(data[:end]) or end
    assert refused(data[:100]) == "it begins like a Parquet file and breaks off before the end; fetch it again"
    assert "damaged" in refused(data[: len(data) // 2] + data[-8:])
    assert "damaged" in refused(b"PAR1PAR1")


def test_the_number_of_rows_must_be_the_sum_of_the_groups():
    data = made(GOOD)
    start = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    # field 3 of the file, a number, is the rows: 10, folded to 20
    at = data.index(b"\x16\x14", start)
    assert refused(data[: at + 1] + b"\x16" + data[at + 2 :]) == (
        "it is a damaged Parquet file: its footer contradicts itself on the number of rows"
    )


@pytest.mark.parametrize(
    "footer", [b"\x1c" * 1_000, b"\x19\xfc\xff\xff\xff\xff\x0f", b"\xff" * 50, b"\x00", b"\x88" * 9]
)
def test_a_footer_of_nonsense_is_refused(footer):
    data = b"PAR1" + footer + len(footer).to_bytes(4, "little") + b"PAR1"
    assert "damaged Parquet file: " in refused(data)


@pytest.mark.parametrize("options", [{}, {"compression": "none"}, {"use_dictionary": False}, {"row_group_size": 3}])
def test_the_footer_is_read_as_pyarrow_reads_it(options):
    data = table({"time": STAMPS * 20, "callsign": ["A", "B", None, "C" * 50] * 20}, **options)
    metadata = pq.ParquetFile(pa.BufferReader(data)).metadata
    chunks = [metadata.row_group(index).column(0) for index in range(metadata.num_row_groups)]
    footer = footer_of(data, ("time",))
    assert footer.rows == metadata.num_rows == 80
    claimed = sum(chunk.total_uncompressed_size for chunk in chunks)
    headers = 100 * len(chunks)
    assert claimed - headers < footer.inflated < claimed
    assert footer_of(data, ()).inflated == 0


def test_our_own_file_gives_the_same_track_back(tmp_path):
    count = 30
    rng = np.random.default_rng(3)
    track = Track.of(
        START_S + np.arange(count) * 1.5,
        np.where(np.arange(count) % 7, 40 + np.arange(count) / 100, np.nan),
        50 + np.arange(count) / 100,
        altitude_ft=np.where(np.arange(count) % 5, rng.normal(10_000, 100, count), np.nan),
        sil=np.full(count, 3.0),
        reason=np.where(np.arange(count) % 7, np.arange(count) % 3 * 2, 1),
        altitude_reason=np.where(np.arange(count) % 10 == 3, 2, 0),
        icao24="600841",
        callsign="nan",
    )
    write(track, tmp_path / "track.parquet")
    rows = parquet.read((tmp_path / "track.parquet").read_bytes(), "track.parquet")
    account(rows)
    for name, column in rows.columns.items():
        np.testing.assert_array_equal(column, getattr(track, name))
    assert (rows.icao24.names, rows.callsign.names) == (("600841",), ("nan",))
    assert {index: reason for index, (reason, _) in rows.given.items()} == {
        index: REASONS[code] for index, code in enumerate(track.reason.tolist()) if code > 1
    }
    assert list(rows.given_altitude) == [3, 13, 23]


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_row_is_accounted_for(rows):
    found = parquet.read(made(rows), "made")
    account(found)
    assert len(found) + len(found.unreadable) == len(rows)


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_file_is_read_or_refused(data):
    content = bytearray(made(GOOD))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 9))
        content[start : start + 4] = data.draw(st.binary(min_size=4, max_size=4))
    survives(parquet, bytes(content))


@real
@pytest.mark.parametrize(
    ("name", "count", "placed", "fresh"), [("states_a", 3_600, 3_600, 3_439), ("states_b", 1_396, 1_365, 787)]
)
def test_the_real_files(name, count, placed, fresh):
    path = SHARED / "opensky" / f"{name}.parquet"
    rows = parquet.read(path.read_bytes(), path.name)
    account(rows)
    whole = pq.read_table(path)
    assert len(rows) == count == whole.num_rows
    assert not rows.unreadable
    table = whole.to_pylist()
    assert int(np.sum(~np.isnan(rows.columns["lat_deg"]))) == placed == sum(one["lat"] is not None for one in table)
    first: dict[float, int] = {}
    for index in sorted(range(count), key=lambda index: table[index]["time"]):
        heard = table[index]["lastposupdate"]
        if heard is not None and heard not in first:
            first[heard] = index
    late = {index for heard, index in first.items() if table[index]["time"].timestamp() - heard > 2}
    assert set(range(count)) - set(rows.given) == (set(first.values()) - late) | {
        index for index in range(count) if table[index]["lastposupdate"] is None
    }
    assert len(first) == fresh
    for index in (0, count // 2, count - 1):
        one = table[index]
        for name_, theirs, unit in (
            ("lat_deg", "lat", 1),
            ("altitude_ft", "baroaltitude", 0.3048),
            ("ground_speed_kt", "velocity", 1852 / 3600),
            ("track_deg", "heading", 1),
        ):
            expected = np.nan if one[theirs] is None else one[theirs] / unit
            np.testing.assert_allclose(rows.columns[name_][index], expected)
        moment = one["time"].timestamp() if index in rows.given else one["lastposupdate"]
        assert rows.columns["time_s"][index] == pytest.approx(moment, abs=1e-6)
    assert rows.callsign.names == {"states_a": ("EZY158T",), "states_b": ("EDW24",)}[name]
    assert "serials" in rows.ignored
