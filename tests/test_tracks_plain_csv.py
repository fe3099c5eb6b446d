"""Plain tables: names, units, times, delimiters, and the quick way giving what the slow one gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from made_tracks import START_S, at, plain_csv, reports

from geo import tracks
from geo.errors import TrackUnreadable
from geo.tracks import plain_csv as reader
from geo.tracks.arrow import at_once
from geo.tracks.header import understood
from geo.tracks.text import header_of


def track_of(text: str | bytes) -> tracks.Reading:
    return tracks.read(text.encode() if isinstance(text, str) else text)


@pytest.mark.parametrize(
    ("title", "name", "value"),
    [
        ("altitude_ft", "altitude_ft", 100),
        ("Altitude (ft)", "altitude_ft", 100),
        ("alt_m", "altitude_ft", 100 / 0.3048),
        ("baro_altitude[m]", "altitude_ft", 100 / 0.3048),
        ("geo_altitude_m", "geometric_altitude_ft", 100 / 0.3048),
        ("gs_kmh", "ground_speed_kt", 100 / 1.852),
        ("Speed (km/h)", "ground_speed_kt", 100 / 1.852),
        ("speed_ms", "ground_speed_kt", 100 * 3.6 / 1.852),
        ("Ground Speed (m/s)", "ground_speed_kt", 100 * 3.6 / 1.852),
        ("groundspeed_kts", "ground_speed_kt", 100),
        ("TAS kt", "true_airspeed_kt", 100),
        ("vertical_rate_ms", "vertical_rate_fpm", 100 * 60 / 0.3048),
        ("vs_fpm", "vertical_rate_fpm", 100),
    ],
)
def test_the_unit_in_the_name_is_the_unit_that_is_read(title, name, value):
    text = f"time,lat,lon,{title}\n{at(0)},40,50,100\n"
    quick, slow = track_of(text).legs[0].track, track_of(text.replace(",", ";")).legs[0].track
    assert getattr(quick, name)[0] == pytest.approx(value)
    assert getattr(slow, name)[0] == pytest.approx(value)


@pytest.mark.parametrize("title", ["altitude", "alt", "speed", "velocity", "vertical_rate", "geoaltitude"])
def test_a_quantity_without_unit_is_refused_with_the_names_it_could_have(title):
    with pytest.raises(TrackUnreadable, match=rf"'{title}' does not say its unit; call it {title}_"):
        track_of(f"time,lat,lon,{title}\n{at(0)},40,50,1000\n")


@pytest.mark.parametrize(
    "cell",
    [
        "2024-12-25T03:55:00Z",
        "2024-12-25 03:55:00Z",
        "2024-12-25T07:55:00+04:00",
        "2024-12-24T22:55:00.000-05:00",
        "1735098900",
        "1735098900.0",
        "1735098900000",
        "1735098900000000",
        "1735098900000000000",
    ],
)
def test_one_instant_in_many_writings(cell):
    assert START_S == 1_735_098_900
    for end in ("", "\n", "\r\n"):
        assert track_of(f"time,lat,lon\n{cell},40,50{end}").legs[0].track.time_s.tolist() == [START_S]


def test_a_column_that_says_utc_needs_no_zone():
    assert track_of("time_utc,lat,lon\n2024-12-25 03:55:00,40,50\n").legs[0].track.time_s.tolist() == [START_S]


def test_one_naive_time_among_zoned_ones_is_that_row_s_fault():
    reading = track_of(f"time,lat,lon\n{at(0)},40,50\n2024-12-25 03:55:10,40,50\n{at(20)},40,50\n")
    assert [one.row for one in reading.report.unreadables] == [3]
    assert "has no zone" in reading.report.unreadables[0].detail


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimiters_line_ends_and_encodings(mark, end, encoding):
    rows = [
        f"Time{mark}Latitude{mark}Longitude{mark}Callsign",
        f"{at(0)}{mark}40.5{mark}50.25{mark}Ä1",
        f"{at(9)}{mark}40.5{mark}50.25{mark}Ä1",
    ]
    leg = track_of((end.join(rows) + end).encode(encoding)).legs[0]
    assert (leg.callsign, leg.track.row.tolist(), leg.track.lon_deg.tolist()) == ("Ä1", [2, 3], [50.25, 50.25])


def test_decimal_commas_where_semicolons_part_the_cells():
    track = track_of(f"time;lat;lon;altitude_m\n{at(0)};40,5;50,25;304,8\n").legs[0].track
    assert (track.lat_deg[0], track.lon_deg[0], track.altitude_ft[0]) == (40.5, 50.25, 1_000)


def test_blank_lines_are_no_rows_and_do_not_shift_the_numbers():
    reading = track_of(f"\ntime,lat,lon\n\n{at(0)},40,50\n\n\n{at(10)},95,50\n")
    assert (reading.report.read, [one.row for one in reading.report.rejections]) == (2, [7])


def test_columns_that_are_not_used_are_named():
    assert track_of(f"time,lat,lon,squawk,utc\n{at(0)},40,50,7700,{at(0)}\n").report.ignored_columns == (
        "squawk",
        "utc",
    )


def test_on_ground_in_words_and_numbers():
    body = "".join(
        f"{at(index)},40,50,{word}\n" for index, word in enumerate(["true", "False", "1", "0", "", "ground"])
    )
    track = track_of("time,lat,lon,on_ground\n" + body).legs[0].track
    assert np.array_equal(track.on_ground, [1, 0, 1, 0, np.nan, 1], equal_nan=True)


def test_addresses_lose_case_and_prefix():
    assert track_of(f"time,lat,lon,hex\n{at(0)},40,50,0x8467D8\n").legs[0].icao24 == "8467d8"


@given(rows=reports)
@settings(max_examples=80, deadline=None)
def test_the_quick_way_gives_what_the_slow_way_gives(rows):
    text = plain_csv(rows)
    titles, delimiter = header_of(text)
    header = understood(titles)
    quick = at_once(text, header, delimiter)
    slow = reader._by_line(text, header, delimiter, "x")  # noqa: SLF001  the two ways are one promise
    assert quick is not None
    assert not slow.unreadable
    assert quick.row.tolist() == slow.row.tolist()
    for name in slow.columns:
        assert np.array_equal(quick.columns[name], slow.columns[name], equal_nan=True), name
    for one, other in ((quick.callsign, slow.callsign), (quick.icao24, slow.icao24)):
        assert [one.names[code] if code >= 0 else None for code in one.codes] == [
            other.names[code] if code >= 0 else None for code in other.codes
        ]


@pytest.mark.parametrize("damage", ["40.5x", "1,2,3", '"', "naive"])
def test_one_bad_row_in_many_costs_one_row(damage):
    rows = [f"{at(index)},40.{index:04d},50.1" for index in range(1_000)]
    rows[500] = "2024-12-25 04:00:00,40,50" if damage == "naive" else f"{at(500)},{damage},50.1"
    report = track_of("\n".join(["time,lat,lon", *rows])).report
    assert (report.read, report.unreadable, report.unreadables[0].row) == (1_000, 1, 502)
