"""State vectors of OpenSky as CSV: units, times, what is stale, what is broken, and all of it line by line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lines import account, survives
from made_tables import STATES, opensky_csv
from made_tracks import SHARED, START_S, reports

from geo.errors import TrackUnreadable
from geo.tracks import opensky_states, plain_csv
from geo.tracks.tables import halving

FIRST = round(START_S)
GOOD = [(float(second), 40 + second / 500, 50.0, 1_000 + second, 400, "AHY8243") for second in range(0, 100, 10)]
real = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")


def row(second: int = 0, **cells: object) -> str:
    usual = {
        "time": FIRST + second,
        "icao24": "600841",
        "lat": 40 + second / 1_000,
        "lon": 50,
        "velocity": 100,
        "heading": 355.5,
        "vertrate": -5.08,
        "callsign": "AHY8243 ",
        "onground": "False",
        "baroaltitude": 3048,
        "geoaltitude": 3352.8,
        "lastposupdate": FIRST + second - 0.25,
        "lastcontact": FIRST + second - 0.1,
    }
    return ",".join(str(value) for value in (usual | cells).values())


def read(*rows: str, header: str = STATES, end: str = "\n"):
    data = (end.join([header, *rows]) + end).encode()
    assert opensky_states.sniff(data) == "opensky-states"
    found = opensky_states.read(data, "states.csv")
    account(found)
    return found


def test_a_state_is_read_in_the_units_of_a_track():
    rows = read(row())
    assert {name: round(float(column[0]), 6) for name, column in rows.columns.items()} == {
        "time_s": FIRST - 0.25,
        "lat_deg": 40,
        "lon_deg": 50,
        "altitude_ft": 10_000,
        "geometric_altitude_ft": 11_000,
        "ground_speed_kt": round(100 * 3600 / 1852, 6),
        "track_deg": 355.5,
        "vertical_rate_fpm": -1_000,
        "on_ground": 0,
    }
    assert (rows.icao24.names, rows.callsign.names, rows.row.tolist()) == (("600841",), ("AHY8243",), [2])
    assert not rows.given
    assert not rows.ordered


def test_heading_is_the_track_over_ground():
    assert "heading_deg" not in read(row()).columns


def test_all_columns_of_the_historical_database_are_known_and_those_without_place_are_named():
    header = STATES.replace("onground,", "onground,alert,spi,squawk,") + ",hour"
    line = row(onground="False,False,True,1000") + f",{FIRST // 3600 * 3600}"
    rows = read(line, header=header)
    assert rows.ignored == ("alert", "spi", "squawk", "hour")
    assert rows.columns["altitude_ft"].tolist() == [10_000]


def test_the_names_of_the_live_interface_are_known_and_last_contact_is_the_time():
    header = (
        "icao24,callsign,origin_country,time_position,last_contact,longitude,latitude,baro_altitude,on_ground,"
        "velocity,true_track,vertical_rate,sensors,geo_altitude,squawk,spi,position_source"
    )
    lines = [
        f"4240ec,UTA394  ,Kenya,{FIRST},{FIRST + 1},21.9943,54.9052,8404.86,False,225.19,84.89,9.1,,8397,7674,,0",
        f"4240ec,UTA394  ,Kenya,,{FIRST + 60},,,,False,225.19,84.89,9.1,,8397,7674,,0",
    ]
    rows = read(*lines, header=header)
    assert rows.columns["time_s"].tolist() == [FIRST, FIRST + 60]
    assert rows.columns["track_deg"].tolist() == [84.89, 84.89]
    assert np.isnan(rows.columns["lat_deg"]).tolist() == [False, True]
    assert "origin_country" in rows.ignored


def test_a_position_that_is_repeated_is_stale_and_the_first_is_of_the_time_it_was_heard():
    heard = FIRST - 0.25
    rows = read(*(row(second, lat=40, lastposupdate=heard) for second in range(4)), row(4))
    assert dict(rows.given) == {
        index: ("stale position", f"its position was last heard at 03:54:59.750, {index}.2 s before")
        for index in (1, 2, 3)
    }
    assert rows.columns["time_s"].tolist() == [heard, FIRST + 1, FIRST + 2, FIRST + 3, FIRST + 3.75]


def test_the_first_is_by_time_whatever_the_order_of_the_file():
    lines = [row(second, lat=40, lastposupdate=FIRST - 0.25) for second in range(3)]
    rows = read(*reversed(lines))
    assert set(rows.given) == {0, 1}
    assert rows.columns["time_s"].tolist() == [FIRST + 2, FIRST + 1, FIRST - 0.25]


def test_a_position_of_another_aircraft_heard_at_the_same_time_is_not_stale():
    assert not read(row(), row(icao24="4b1901")).given


def test_a_position_that_was_old_when_it_was_first_written_is_stale():
    rows = read(row(lastposupdate=FIRST - 2.5), row(5, lastposupdate=FIRST + 2))
    assert [rows.given[index][1] for index in (0, 1)] == [
        "its position was last heard at 03:54:57.500, 2.5 s before",
        "its position was last heard at 03:55:02, 3.0 s before",
    ]


def test_a_time_of_hearing_in_the_future_is_not_believed():
    assert read(row(lastposupdate=FIRST + 3_600)).columns["time_s"].tolist() == [FIRST]


def test_an_altitude_is_a_repetition_when_nothing_is_heard_of_the_aircraft():
    rows = read(
        row(0), row(15, lastcontact=FIRST), row(16, lastcontact=FIRST), row(17, lastcontact="", baroaltitude="")
    )
    assert dict(rows.given_altitude) == {
        2: ("stale position", "nothing was heard of the aircraft since 03:55:00, 16.0 s before")
    }


def test_nulls_on_the_ground_are_none():
    empty = {"velocity": "", "heading": "NULL", "vertrate": "nan", "baroaltitude": "", "geoaltitude": "None"}
    rows = read(row(onground="true", callsign="", **empty))
    assert rows.columns["on_ground"].tolist() == [1]
    assert rows.callsign.codes.tolist() == [-1]
    for name in ("ground_speed_kt", "track_deg", "vertical_rate_fpm", "altitude_ft", "geometric_altitude_ft"):
        assert np.isnan(rows.columns[name]).all()


def test_a_row_without_position_is_read_and_not_stale():
    rows = read(row(lat="", lon=""), row(1, lat="", lon="", lastposupdate=FIRST - 0.25))
    assert len(rows) == 2
    assert not rows.given
    assert rows.columns["time_s"].tolist() == [FIRST, FIRST + 1]


@pytest.mark.parametrize("zone", ["+00:00", "Z", ""])
def test_times_as_pandas_writes_them_are_read(zone):
    lines = [row(time=f"2024-12-25 03:55:0{second}{zone}", lastposupdate="") for second in range(3)]
    assert read(*lines).columns["time_s"].tolist() == [FIRST, FIRST + 1, FIRST + 2]


def test_each_broken_line_is_known_by_its_number_and_costs_no_other():
    broken = {
        5: (row(velocity="fast"), "velocity is 'fast', which is no number"),
        90: (row(time=""), "it has no time; write 2024-12-25T05:13:31Z"),
        200: (row(time="0001-01-01 00:00:00"), "is not between 1950 and 2100"),
        201: (row(time="9999-12-31T23:59:59Z"), "is not between 1950 and 2100"),
        400: ("1735098900,600841,40", "it has 3 cells where the header has 13"),
        401: (row() + ",7", "it has 14 cells where the header has 13"),
        650: (row(onground="perhaps"), "on_ground is 'perhaps', which is no number"),
        700: (row(callsign='"open'), "the quotes in it do not close"),
        900: ("x" * 3_000_000, "it is longer than 65,536 bytes"),
    }
    lines = [broken.get(number, (row(number), ""))[0] for number in range(2, 1_002)]
    rows = read(*lines)
    assert rows.row.tolist() == [number for number in range(2, 1_002) if number not in broken]
    assert [one.row for one in rows.unreadable] == sorted(broken)
    for one in rows.unreadable:
        assert broken[one.row][1] in one.detail


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_an_editor_does(end):
    rows = read(row(0), "", row(1), "  ", row(2, lat="x"), row(3), end=end)
    assert rows.row.tolist() == [2, 4, 7]
    assert [one.row for one in rows.unreadable] == [6]


def test_mixed_ends_and_a_cut_last_line():
    data = f"{STATES}\r\n{row(0)}\r{row(1)}\n{row(2)}\r\n{row(3)[:40]}".encode()
    rows = opensky_states.read(data, "states.csv")
    assert rows.row.tolist() == [2, 3, 4]
    (last,) = rows.unreadable
    assert last.row == 5
    assert last.detail.startswith("the file ends inside this row; it has 7 cells")


def test_quotes_around_cells_are_none_of_their_text_and_one_left_open_takes_no_line_with_it():
    quoted = row(0, icao24='"600841"', callsign='"AHY8243 "')
    rows = read(quoted, row(1, callsign='"AHY'), row(2, callsign='8243"'), quoted)
    assert rows.row.tolist() == [2, 4, 5]
    assert rows.callsign.names == ("AHY8243", '8243"')
    assert [one.row for one in rows.unreadable] == [3]


def test_html_nul_and_bad_letters_stay_text():
    rows = opensky_states.read(
        f"{STATES}\n{row(callsign='<b>')}\n{row(1)}\n".encode().replace(b"AHY", b"A\x00\xff"), "s"
    )
    assert rows.callsign.names == ("<b>", "A\x00\N{REPLACEMENT CHARACTER}8243")


def test_infinite_numbers_are_left_to_the_rules():
    assert read(row(lat="inf", lon="-Infinity")).columns["lat_deg"].tolist() == [np.inf]


def test_a_file_of_nothing_but_a_header_has_no_row():
    assert len(read()) == 0


def test_it_takes_no_file_of_another_table():
    for header in (
        "time,lat,lon,altitude_ft",
        "time,icao24,lat,lon,altitude_m,velocity_ms",
        "timestamp,icao24,latitude,x",
    ):
        assert opensky_states.sniff(header.encode() + b"\n1,2,3,4\n") is None
    assert plain_csv.sniff(STATES.encode()) is not None  # so it must be asked first


def test_a_header_that_is_not_opensky_s_is_said():
    with pytest.raises(TrackUnreadable, match="does not name the columns of OpenSky state vectors"):
        opensky_states.read(b"a,b\n1,2\n", "x.csv")


def test_twenty_thousand_aircraft_are_told_apart():
    lines = [row(index // 20_000, icao24=f"{0x400000 + index % 20_000:06x}") for index in range(40_000)]
    rows = read(*lines)
    assert len(rows.icao24.names) == 20_000
    assert not rows.given


def test_a_clean_file_and_one_with_a_broken_line_are_read_alike(monkeypatch):
    clean = opensky_csv(GOOD * 50)
    expected = opensky_states.read(clean, "a")
    monkeypatch.setattr(halving, "LEAST", 1 << 8)
    monkeypatch.setattr(halving, "PART", 1 << 11)
    found = opensky_states.read(clean + b"broken\n", "b")
    assert [one.row for one in found.unreadable] == [len(GOOD) * 50 + 2]
    assert found.row.tolist() == expected.row.tolist()
    for name, column in expected.columns.items():
        np.testing.assert_array_equal(found.columns[name], column)
    assert dict(found.given) == dict(expected.given)


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_row_is_accounted_for(rows):
    found = opensky_states.read(opensky_csv(rows), "made")
    account(found)
    assert len(found) + len(found.unreadable) == len(rows)


@given(data=st.data())
@settings(max_examples=80, deadline=None)
def test_a_damaged_file_is_read_or_refused(data):
    content = bytearray(opensky_csv(GOOD))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = data.draw(st.binary(max_size=12) | st.sampled_from([b'"', b"\n", b",", b"\r", b"\0"]))
    survives(opensky_states, bytes(content))


@real
@pytest.mark.parametrize("name", ["states_a", "states_b"])
def test_a_real_file_written_as_csv_reads_as_the_parquet_does(name, tmp_path):
    import pandas as pd

    from geo.tracks import parquet

    path = SHARED / "opensky" / f"{name}.parquet"
    pd.read_parquet(path).drop(columns="serials").to_csv(tmp_path / "states.csv", index=False)
    expected = parquet.read(path.read_bytes(), path.name)
    found = opensky_states.read((tmp_path / "states.csv").read_bytes(), "states.csv")
    assert len(found) == len(expected) > 1_000
    assert found.row.tolist() == (expected.row + 1).tolist()
    for column, values in expected.columns.items():
        np.testing.assert_allclose(found.columns[column], values, rtol=1e-12)
    assert dict(found.given) == dict(expected.given)
