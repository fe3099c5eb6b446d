"""Plain tables: names, units, times, delimiters. That the quick way reads as the slow one: ``test_tracks_arrow``."""

from __future__ import annotations

import numpy as np
import pytest
from made_tracks import START_S, at

from geo import tracks
from geo.errors import TrackUnreadable
from geo.tracks import plain_csv


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
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
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


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_the_decimal_sign_is_that_of_the_positions(mark):
    head = mark.join(["time", "lat", "lon", "altitude_ft"])

    def read(*cells: str) -> tracks.Reading:
        return track_of(f"{head}\n{at(0)}{mark}{mark.join(cells)}\n{at(1)}{mark}40{mark}50{mark}1000\n")

    assert read("40,5", "50,25", "1000,5").legs[0].track.altitude_ft[0] == 1_000.5
    assert read("40.5", "50.25", "1000.5").legs[0].track.altitude_ft[0] == 1_000.5
    for altitude, sentence in (("35.000", " where a comma is the decimal sign"), ("35,000", "")):
        report = read(*(("40,5", "50,25") if "." in altitude else ("40.5", "50.25")), altitude).report
        assert [one.detail for one in report.unreadables] == [
            f"altitude_ft is '{altitude}', which is no number{sentence}"
        ]


def test_a_decimal_sign_that_is_guessed_is_noted():
    guessed = track_of(f"time;lat;lon;altitude_ft\n{at(0)};40;50;1000,5\n")
    assert guessed.legs[0].track.altitude_ft[0] == 1_000.5
    assert "a comma in a number is taken for the decimal sign" in guessed.report.notes
    for sure in (
        f"time;lat;lon\n{at(0)};40,5;50\n",
        f"time,lat,lon\n{at(0)},40,50\n",
        f"time\tlat\tlon\n{at(0)}\t40\t50\n",
    ):
        assert not [note for note in track_of(sure).report.notes if "decimal" in note]


def test_a_line_of_units_is_part_of_the_header():
    reading = track_of(f"time,lat,lon,altitude,speed\n,deg,deg,m,km/h\n\n{at(0)},40,50,304.8,185.2\nx,1,2,3,4\n")
    track = reading.legs[0].track
    assert (reading.report.read, [one.row for one in reading.report.unreadables]) == (2, [5])
    assert (track.row[0], track.altitude_ft[0]) == (4, 1_000)
    assert track.ground_speed_kt[0] == pytest.approx(100)
    with pytest.raises(TrackUnreadable, match="the column 'altitude_ft' says 'm' in the line under it"):
        track_of(f"time,lat,lon,altitude_ft\ns,deg,deg,m\n{at(0)},40,50,304.8\n")


def test_a_zone_in_the_name_of_the_time_holds_for_times_without_one():
    rows = f"2024-12-25 06:55:00,40,50\n{at(1)},40,50\n1735098902,40,50\n"
    track = track_of("Time (UTC+03:00),lat,lon\n" + rows).legs[0].track
    assert track.time_s.tolist() == [START_S, START_S + 1, START_S + 2]


def test_a_zone_that_is_not_known_everywhere_is_refused():
    with pytest.raises(TrackUnreadable, match=r"'Time \(EST\)' does not say its zone .*; call it Time \(UTC\), or"):
        track_of("Time (EST),lat,lon\n2024-12-25 06:55:00,40,50\n")


def test_a_table_with_the_names_of_readsb_is_read_in_its_units_and_says_so():
    rows = f"{at(0)},8467d8,AHY8243 ,40,50,ground,,3.5\n{at(10)},8467d8,AHY8243 ,40.01,50,1200,1300,180\n"
    reading = track_of("timestamp,hex,flight,lat,lon,alt_baro,alt_geom,gs\n" + rows)
    (leg,) = reading.legs
    assert (leg.icao24, leg.callsign) == ("8467d8", "AHY8243")
    assert leg.track.on_ground[0] == 1
    assert np.isnan([leg.track.altitude_ft[0], leg.track.on_ground[1]]).all()
    assert [leg.track.altitude_ft[1], leg.track.geometric_altitude_ft[1], leg.track.ground_speed_kt[1]] == [
        1_200,
        1_300,
        180,
    ]
    assert "names that readsb writes: read alt_baro in ft, alt_geom in ft, gs in kt" in " ".join(reading.report.notes)


def test_words_for_none_are_no_labels():
    rows = "".join(f"{at(index)},40,50,{word},{word}\n" for index, word in enumerate(["nan", "-", "", "None", "AB1"]))
    rows = plain_csv.read(f"time,lat,lon,callsign,hex\n{rows}".encode(), "x")
    assert rows.callsign.codes.tolist() == [-1] * 4 + [0]
    assert (rows.callsign.names, rows.icao24.names) == (("AB1",), ("ab1",))


def test_reasons_of_a_file_are_handed_on_beside_the_row():
    body = [
        f"{at(0)},40,50,accepted,",
        f"{at(1)},40,50,duplicate,implausible altitude",
        f"{at(2)},40,50,no position,out of range",
        f"{at(3)},40,50,odd,",
        f"{at(4)},40,50,,odd",
    ]
    rows = plain_csv.read("\n".join(["time,lat,lon,reason,altitude_reason", *body]).encode(), "x")
    assert rows.given == {1: ("duplicate", "the file says: duplicate")}
    assert rows.given_altitude == {
        1: ("implausible altitude", "the file says: implausible altitude"),
        2: ("out of range", "the file says: out of range"),
    }
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (5, "the reason 'odd' is none we know"),
        (6, "the reason 'odd' is none we know"),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_rows_are_numbered_as_an_editor_shows_them(end):
    lines = ["time,lat,lon", f"{at(0)},40,50", f"{at(10)},95,50"]
    row = 5 if end == "\r\r\n" else 3  # a line end doubled by a careless copy shows as a blank line
    assert [one.row for one in track_of(end.join(lines)).report.rejections] == [row]


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


@pytest.mark.parametrize("damage", ["40.5x", "1,2,3", '"', "naive"])
def test_one_bad_row_in_many_costs_one_row(damage):
    rows = [f"{at(index)},40.{index:04d},50.1" for index in range(1_000)]
    rows[500] = "2024-12-25 04:00:00,40,50" if damage == "naive" else f"{at(500)},{damage},50.1"
    report = track_of("\n".join(["time,lat,lon", *rows])).report
    assert (report.read, report.unreadable, report.unreadables[0].row) == (1_000, 1, 502)
