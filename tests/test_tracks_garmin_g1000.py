"""Logs of Garmin flight decks: local times, altimeter settings, magnetic directions, and their variants of header."""

from __future__ import annotations

from datetime import datetime

import made_lines
import numpy as np
import pytest
from hypothesis import given, settings
from made_lines import garmin_header
from made_tracks import SHARED, reports

from geo.errors import TrackUnreadable
from geo.geodesy import distance_m
from geo.tracks import garmin_g1000

ROW = (
    "2014-03-29, 22:56:32,  -07:00,       ,   40.2221870, -111.7215195,  4516.8, 29.96,  4489.8,  64.34,  70.93,"
    "  -83.41, 181.3, 179.6,  4433.9,  70,   11.7, 3DDiff"
)
G3X = (
    '#airframe_info,log_version="1.00",product="GDU 460",aircraft_ident="N171MA",unit="PFD1"\n'
    "Date (yyyy-mm-dd),Time (hh:mm:ss),UTC Time (hh:mm:ss),UTC Offset (hh:mm),Latitude (deg),Longitude (deg),"
    "GPS Altitude (ft),GPS Fix Status,GPS Ground Speed (kt),GPS Ground Track (deg),GPS Velocity E (m/sec),"
    "GPS Velocity N (m/sec),Magnetic Heading (deg),Pressure Altitude (ft),Baro Altitude (ft),Vertical Speed (ft/min),"
    "Indicated Airspeed (kt),True Airspeed (kt),Baro Setting (inch Hg),CAS Alert\n"
    "Lcl Date,Lcl Time,UTC Time,UTCOfst,Latitude,Longitude,AltGPS,GPSfix,GndSpd,TRK,,,HDG,AltP,AltInd,VSpd,IAS,TAS,"
    "BaroA,\n"
)
G5 = (
    '#info,log_version="1.00",software_part_number="006-B2304-15",serial_number="4JQ007115"\n'
    "UTC Date (yyyy-mm-dd),UTC Time (hh:mm:ss),GPS Fix Status,Latitude (WGS84 deg),Longitude (WGS84 deg),"
    "GPS Altitude (WGS84 ft),GPS Ground Speed (kt),GPS Ground Track (deg true),Magnetic Heading (deg),"
    "Magnetic Variation (deg),Pressure Altitude (ft)\n"
    "UTC Date,UTC Time,GPS Fix Status,Latitude,Longitude,AltGPS,GndSpd,TRK,HDG,MagVar,AltMSL\n"
)


def read(text: str):
    rows = garmin_g1000.read(text.encode(), "log.csv")
    made_lines.account(rows)
    return rows


def test_a_row_is_read_at_its_time_in_utc_with_its_padded_cells():
    rows = read(garmin_header("N182T") + ROW + "\n")
    values = {name: float(column[0]) for name, column in rows.columns.items()}
    assert values == {
        "time_s": datetime.fromisoformat("2014-03-30T05:56:32+00:00").timestamp(),
        "lat_deg": 40.2221870,
        "lon_deg": -111.7215195,
        "altitude_ft": pytest.approx(4516.8 - 35.8, abs=0.1),
        "geometric_altitude_ft": 4433.9,
        "ground_speed_kt": 70.93,
        "indicated_airspeed_kt": 64.34,
        "true_airspeed_kt": 70,
        "vertical_rate_fpm": -83.41,
        "heading_deg": pytest.approx(193.0),
        "track_deg": pytest.approx(191.3),
    }
    assert (rows.row.tolist(), rows.callsign.names, rows.ignored) == ([4], ("N182T",), ("AtvWpt", "AltMSL"))


@pytest.mark.parametrize(
    ("hpa", "feet"),
    # the tables of ICAO Doc 7488: geopotential altitude of these pressures, m
    [(1013.25, 0.0), (898.746, 1_000 / 0.3048), (954.608, 500 / 0.3048), (1_074.78, -500 / 0.3048)],
)
def test_the_setting_of_the_altimeter_is_taken_off_by_the_standard_atmosphere(hpa, feet):
    found = garmin_g1000.pressure_altitude_ft(np.array([5_000.0]), np.array([hpa]))
    assert found[0] == pytest.approx(5_000 + feet, abs=0.5)


def test_without_a_setting_that_can_be_there_is_no_pressure_altitude():
    for setting in ("     ", "29.9x", " 0.00", "99.99"):
        rows = read(garmin_header() + ROW + "\n" + ROW.replace("29.96", setting) + "\n")
        if "x" in setting:
            assert rows.unreadable[0].detail == "BaroA is '29.9x', which is no number"
        else:
            assert np.isnan(rows.columns["altitude_ft"]).tolist() == [False, True]
    hectopascals = read(garmin_header().replace("inch", " hPa") + ROW.replace("29.96", "1013.25") + "\n")
    assert hectopascals.columns["altitude_ft"][0] == pytest.approx(4516.8)
    unsaid = read(garmin_header().replace("inch", "    ") + ROW + "\n")
    assert "altitude_ft" not in unsaid.columns
    assert {"AltB", "BaroA"} <= set(unsaid.ignored)


def test_magnetic_directions_without_variation_are_not_taken_for_true_ones():
    rows = read(garmin_header().replace("MagVar", "Unused") + ROW + "\n")
    assert not {"track_deg", "heading_deg"} & rows.columns.keys()
    assert {"HDG", "TRK", "Unused"} <= set(rows.ignored)
    blank = read(garmin_header() + ROW + "\n" + ROW.replace("   11.7,", "       ,") + "\n").columns
    assert np.isnan(blank["track_deg"]).tolist() == [False, True]


def test_a_direction_that_is_none_stays_to_be_rejected():
    assert read(garmin_header() + ROW.replace("179.6", "999.0") + "\n").columns["track_deg"][0] == 999


def test_an_altitude_above_the_sea_is_not_taken_for_one_above_the_ellipsoid():
    assert "geometric_altitude_ft" not in read(garmin_header().replace("ft wgs", "ft msl") + ROW + "\n").columns


def test_rows_before_the_first_fix_are_readable_if_they_have_a_time():
    blank = ",".join([" " * 9] * len(made_lines.GARMIN_COLUMNS))
    clock = ROW.replace("40.2221870", " " * 10).replace("-111.7215195", " " * 12)
    untimed = ",".join(["          ", "         ", "         ", *ROW.split(",")[3:]])
    rows = read(f"{garmin_header()}{blank}\n{untimed}\n{clock}\n{ROW}\n\n")
    assert rows.row.tolist() == [6, 7]
    assert np.isnan(rows.columns["lat_deg"]).tolist() == [True, False]
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (4, "all its cells are blank"),
        (5, "it has no date and time; they are not known before the first fix"),
    ]


def test_a_position_that_the_deck_calls_none_is_of_low_integrity():
    rows = read(garmin_header() + ROW + "\n" + ROW.replace("3DDiff", "NoSoln") + "\n")
    assert rows.given == {1: ("low integrity", "GPSfix is 'NoSoln'")}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (ROW.replace("40.2221870", "north"), "Latitude is 'north', which is no number"),
        (ROW.replace("-07:00", "      "), "has no offset from UTC; write it as -07:00 in UTCOfst"),
        (ROW.replace("2014-03-29", "2014-13-29"), "the time '2014-13-29T22:56:32-07:00' is none that can be read"),
        (ROW.replace("2014-03-29", "9999-03-29"), "is not between 1950 and 2100"),
        (ROW[:60], "it has 6 cells where the header has 18"),
        (ROW.replace("40.2221870", "1_0"), "which is no number"),
        (ROW.replace("   40.2221870", '"40.22'), "the quotes in it do not close"),
    ],
)
def test_a_row_at_fault_is_known_by_its_number_and_costs_no_other(line, said):
    rows = read(f"{garmin_header()}{ROW}\n{line}\n{ROW}\n")
    assert rows.row.tolist() == [4, 6]
    assert rows.unreadable[0].row == 5
    assert said in rows.unreadable[0].detail


def test_a_file_that_breaks_off_says_so_of_its_last_row():
    rows = read(garmin_header() + ROW + "\n" + ROW[:80])
    assert rows.unreadable[0].detail.startswith("the file ends inside this row; it has 8 cells")


def test_infinity_is_left_for_the_rules_to_reject():
    assert np.isinf(read(garmin_header() + ROW.replace("40.2221870", "inf") + "\n").columns["lat_deg"][0])


def test_a_g3x_says_pressure_altitude_and_true_velocities():
    row = "2026-09-02,14:47:56,21:47:56,-07:00,+37.081,-121.602,290,3D-,12,8,3.0,4.0,16,250,210,-15,40,41,29.80,\n"
    rows = read(G3X + row)
    columns = rows.columns
    assert columns["time_s"][0] == datetime.fromisoformat("2026-09-02T21:47:56+00:00").timestamp()
    assert (columns["lat_deg"][0], columns["altitude_ft"][0], columns["ground_speed_kt"][0]) == (37.081, 250, 12)
    assert columns["track_deg"][0] == pytest.approx(36.8699, abs=1e-4)
    assert not {"heading_deg", "geometric_altitude_ft"} & columns.keys()
    assert rows.callsign.names == ("N171MA",)
    still = read(G3X + row.replace("3.0,4.0", "0,0") + row).columns
    assert np.isnan(still["track_deg"]).tolist() == [True, False]


def test_a_g5_says_utc_true_track_and_height_above_the_ellipsoid():
    rows = read(G5 + "2018-09-29,16:23:11,3D,47.5,-122.3,512,88.5,10.5,355.0,15.5,430\n")
    columns = {name: float(column[0]) for name, column in rows.columns.items()}
    assert columns == {
        "time_s": datetime.fromisoformat("2018-09-29T16:23:11+00:00").timestamp(),
        "lat_deg": 47.5,
        "lon_deg": -122.3,
        "altitude_ft": 430,
        "geometric_altitude_ft": 512,
        "ground_speed_kt": 88.5,
        "track_deg": 10.5,
        "heading_deg": pytest.approx(10.5),
    }


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_lines_whatever_ends_them(end):
    text = (garmin_header() + ROW + "\n\n" + ROW + "\n").replace("\n", end)
    assert read(text).row.tolist() == [4, 6]
    assert garmin_g1000.sniff(text.encode()) == "garmin-g1000"


def test_a_header_alone_holds_no_row():
    assert len(read(garmin_header())) == 0
    assert garmin_g1000.sniff(garmin_header().rstrip().encode()) == "garmin-g1000"


def test_a_log_without_times_is_refused():
    with pytest.raises(TrackUnreadable, match="no columns Lcl Date, Lcl Time and UTCOfst, and a track without times"):
        read(garmin_header().replace("Lcl Time", "    Time") + ROW + "\n")


def test_only_its_own_files_are_taken():
    assert garmin_g1000.sniff((garmin_header() + ROW).encode()) == "garmin-g1000"
    others = (
        b"",
        b"time,lat,lon\n1,2,3\n",
        b"#airframe_info\n#deg\nAltB,BaroA\n",
        b"Lcl Date, Lcl Time, UTCOfst, Latitude, Longitude\n",
        b"\0" * 100,
        b"<gpx/>",
    )
    for other in others:
        assert garmin_g1000.sniff(other) is None


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_row_is_accounted_for(rows):
    content = made_lines.garmin_g1000(rows)
    assert garmin_g1000.sniff(content) == garmin_g1000.NAME
    found = garmin_g1000.read(content, "made")
    made_lines.account(found)
    assert len(found) + len(found.unreadable) == len(rows)


@given(rows=reports, damage=made_lines.damages)
@settings(max_examples=80, deadline=None)
def test_a_damaged_file_is_read_or_refused(rows, damage):
    made_lines.survives(garmin_g1000, made_lines.damaged(made_lines.garmin_g1000(rows), damage))


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_the_real_file():
    data = (SHARED / "g1000" / "gpsbabel_garmin_g1000.csv").read_bytes()
    assert garmin_g1000.sniff(data[: 1 << 16]) == "garmin-g1000"
    rows = garmin_g1000.read(data, "log.csv")
    made_lines.account(rows)
    assert len(rows) == len([line for line in data.splitlines() if line.startswith(b"2014-")]) == 442
    assert (rows.unreadable, rows.given, rows.row.tolist()) == ((), {}, list(range(4, 446)))
    columns = rows.columns
    assert columns["time_s"][0] == datetime.fromisoformat("2014-03-29T22:50:22+00:00").timestamp()
    assert (columns["lat_deg"][0], columns["lon_deg"][0]) == (40.2171326, -111.7177124)
    assert np.isnan(columns["heading_deg"]).sum() == 3
    # the field (KPVU) is at 4,497 ft, and 29.96 inHg is 36 ft less in the standard atmosphere
    assert columns["altitude_ft"][0] == pytest.approx(4517.8 - 35.8, abs=0.1)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_the_track_of_the_real_file_is_true_once_the_variation_is_added():
    rows = garmin_g1000.read((SHARED / "g1000" / "gpsbabel_garmin_g1000.csv").read_bytes(), "log.csv")
    lat, lon = rows.columns["lat_deg"], rows.columns["lon_deg"]
    quick = rows.columns["ground_speed_kt"][1:-1] > 60
    north = distance_m(lat[:-2], lon[:-2], lat[2:], lon[:-2]) * np.sign(lat[2:] - lat[:-2])
    east = distance_m(lat[2:], lon[:-2], lat[2:], lon[2:]) * np.sign(lon[2:] - lon[:-2])
    course = np.degrees(np.arctan2(east, north))
    apart = (rows.columns["track_deg"][1:-1] - course + 180) % 360 - 180
    assert quick.sum() > 50
    assert abs(np.median(apart[quick])) < 1
