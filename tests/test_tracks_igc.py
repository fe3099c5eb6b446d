"""Flight recorder files: days, marks, altitudes, extensions, and every line at fault by its number."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import made_lines
import numpy as np
import pytest
from hypothesis import given, settings
from made_tracks import SHARED, reports

from geo.errors import TrackUnreadable
from geo.tracks import igc

HEAD = "AXXXABC\r\nHFDTE150419\r\n"
FIX = "B1000004612584N01249706EA0098801046\r\n"
real = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")


def read(text: str):
    rows = igc.read(text.encode(), "flight.igc")
    made_lines.account(rows)
    return rows


def second(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def fixes(*clocks: str) -> str:
    return "".join(FIX.replace("100000", clock) for clock in clocks)


def wrong(line: str) -> str:
    rows = read(HEAD + FIX + line + "\r\n" + FIX)
    assert rows.row.tolist() == [3, 5]
    (one,) = rows.unreadable
    assert one.row == 4
    return one.detail


def test_a_fix_is_read_by_its_columns():
    rows = read(HEAD + FIX)
    values = {name: float(column[0]) for name, column in rows.columns.items()}
    assert values == {
        "time_s": second("2019-04-15T10:00:00"),
        "lat_deg": pytest.approx(46 + 12.584 / 60),
        "lon_deg": pytest.approx(12 + 49.706 / 60),
        "altitude_ft": pytest.approx(988 / 0.3048),
        "geometric_altitude_ft": pytest.approx(1_046 / 0.3048),
    }
    south_west = read(HEAD + FIX.replace("N", "S").replace("E", "W")).columns
    assert (south_west["lat_deg"][0], south_west["lon_deg"][0]) == (-values["lat_deg"], -values["lon_deg"])


@pytest.mark.parametrize(
    "date", ["HFDTE150419", "HFDTEDATE: 150419", "HFDTEDATE:150419,01", "HFDTEDATE:150419", "HPDTE150419"]
)
def test_every_spelling_of_the_day_is_read(date):
    assert read(f"AXXXABC\n{date}\n{FIX}").columns["time_s"][0] == second("2019-04-15T10:00:00")


def test_years_of_two_digits_are_of_the_last_century_or_this():
    years = [read(f"HFDTE0101{year}\n{FIX}").columns["time_s"][0] for year in ("95", "24")]
    assert years == [second("1995-01-01T10:00:00"), second("2024-01-01T10:00:00")]


def test_after_midnight_comes_the_next_day():
    times = read(HEAD + fixes("235958", "235959", "000001", "120000", "235959", "000000")).columns["time_s"]
    days = [int((time - second("2019-04-15T00:00:00")) // 86_400) for time in times]
    assert days == [0, 0, 1, 1, 1, 2]


@pytest.mark.parametrize(
    "clocks",
    [("100000", "235959", "100001", "100002"), ("180000", "000000", "180001", "180002")],
    ids=["a clock far ahead", "a clock at zero"],
)
def test_one_wrong_clock_does_not_move_the_fixes_after_it(clocks):
    times = read(HEAD + fixes(*clocks)).columns["time_s"]
    assert (times[2] - times[0], times[3] - times[0]) == (1, 2)


def test_a_second_backwards_is_no_midnight_and_repeated_times_stay():
    times = read(HEAD + fixes("100002", "100001", "100001")).columns["time_s"]
    assert np.diff(times).tolist() == [-1, 0]


def test_a_second_day_in_the_file_begins_there():
    rows = read(HEAD + fixes("100000") + "HFDTE170419\r\n" + fixes("093000"))
    assert rows.columns["time_s"].tolist() == [second("2019-04-15T10:00:00"), second("2019-04-17T09:30:00")]
    assert rows.begins is None


def test_a_second_recording_in_the_file_is_another_flight_of_its_own_glider():
    first = HEAD + "HFGIDGLIDERID:D-1234\r\nHFCIDCOMPETITIONID:XY\r\n" + fixes("100000", "100001")
    other = "AXXXDEF\r\nHFFXA035\r\nHFDTE160419\r\nHFCIDCOMPETITIONID:ZZ\r\n" + fixes("090000")
    rows = read(first + "G1234\r\n" + other)
    assert [rows.callsign.names[code] for code in rows.callsign.codes] == ["D-1234", "D-1234", "ZZ"]
    assert rows.begins.tolist() == [False, False, True]
    assert [rows.part.names[code] for code in rows.part.codes] == ["flight 1", "flight 1", "flight 2"]
    assert rows.columns["time_s"][2] == second("2019-04-16T09:00:00")


def test_a_piece_of_a_broken_line_that_begins_like_a_record_changes_nothing():
    rows = read(HEAD + FIX + "A0098801046\r\n" + fixes("100001"))
    assert rows.columns["time_s"].tolist() == [second("2019-04-15T10:00:00"), second("2019-04-15T10:00:01")]
    assert rows.begins is None


@pytest.mark.parametrize("name", ["NIL", "", "unknown"])
def test_a_glider_without_name_has_its_competition_number_or_nothing(name):
    assert read(f"{HEAD}HFGIDGLIDERID:{name}\r\n{FIX}").callsign.names == ()
    assert read(f"{HEAD}HFGIDGLIDERID:{name}\r\nHFCIDCOMPETITIONID: 29\r\n{FIX}").callsign.names == ("29",)


def test_html_in_a_name_stays_text():
    assert read(f"{HEAD}HFGIDGLIDERID:<b>x</b>\r\n{FIX}").callsign.names == ("<b>x</b>",)


def test_a_v_fix_keeps_its_pressure_altitude_and_a_position_of_its_own():
    rows = read(HEAD + FIX + "B1000014612600N01249706EV0098900000\r\n")
    assert np.isnan(rows.columns["geometric_altitude_ft"][1])
    assert rows.columns["altitude_ft"][1] == pytest.approx(989 / 0.3048)
    assert rows.columns["lat_deg"][1] == pytest.approx(46.21)
    assert rows.given == {}


def test_a_v_fix_that_repeats_the_position_before_is_stale():
    rows = read(HEAD + FIX + "B1000014612584N01249706EV0098900000\r\n")
    assert rows.given[1][0] == "stale position"
    assert "marked V" in rows.given[1][1]
    assert "row 3" in rows.given[1][1]


def test_a_v_fix_at_zero_has_no_position():
    rows = read(HEAD + "B1000000000000N00000000EV0098900000\r\n" + FIX)
    assert np.isnan(rows.columns["lat_deg"][0])
    assert np.isnan(rows.columns["lon_deg"][0])
    assert rows.columns["altitude_ft"][0] == pytest.approx(989 / 0.3048)


def test_altitudes_that_are_zero_throughout_are_none():
    nothing = read(HEAD + FIX.replace("0098801046", "0000000000") * 2).columns
    assert not {"altitude_ft", "geometric_altitude_ft"} & nothing.keys()
    once = read(HEAD + FIX.replace("0098801046", "0000000000") + FIX).columns
    assert (once["altitude_ft"][0], once["geometric_altitude_ft"][0]) == (0, 0)


def test_a_pressure_altitude_copied_from_the_gnss_is_none():
    same = FIX.replace("0098801046", "0104601046")
    assert "altitude_ft" not in read(HEAD + same * 10).columns
    assert "altitude_ft" in read(HEAD + same * 9).columns
    assert "altitude_ft" in read(HEAD + same * 9 + FIX).columns


def test_an_altitude_is_what_the_header_says_it_is():
    assert "geometric_altitude_ft" not in read(HEAD + "HFALGALTGPS:GEO\r\n" + FIX).columns
    assert "geometric_altitude_ft" in read(HEAD + "HFALGALTGPS:WGS84 ELLIPSOID\r\n" + FIX).columns
    assert "altitude_ft" not in read(HEAD + "HFALPALTPRESSURE:MSL\r\n" + FIX).columns
    assert "altitude_ft" in read(HEAD + "HFALPALTPRESSURE:ISA\r\n" + FIX).columns


def test_an_altitude_below_zero_is_written_with_a_minus():
    assert read(HEAD + FIX.replace("00988", "-0012")).columns["altitude_ft"][0] == pytest.approx(-12 / 0.3048)


def test_extensions_are_read_as_the_specification_has_them():
    head = HEAD + "I093638FXA3941ENL4246TAS4749GSP5052TRT5355HDT5657LAD5859LOD6062TDS\r\n"
    columns = read(
        head + FIX.rstrip() + "008" + "004" + "16745" + "163" + "071" + "215" + "50" + "25" + "125\r\n"
    ).columns
    assert columns["true_airspeed_kt"][0] == pytest.approx(167.45 / 1.852)
    assert columns["ground_speed_kt"][0] == pytest.approx(163 / 1.852)
    assert (columns["track_deg"][0], columns["heading_deg"][0]) == (71, 215)
    assert columns["lat_deg"][0] == pytest.approx(46 + 12.5845 / 60, abs=1e-12)
    assert columns["lon_deg"][0] == pytest.approx(12 + 49.70625 / 60, abs=1e-12)
    assert columns["time_s"][0] == second("2019-04-15T10:00:00") + 0.125


def test_magnetic_directions_and_long_ones_and_a_glider_corrected_vario_have_no_place():
    columns = read(HEAD + "I033638HDM3941TRM4245VAT\r\n" + FIX.rstrip() + "0900900012\r\n").columns
    assert columns.keys() <= {"time_s", "lat_deg", "lon_deg", "altitude_ft", "geometric_altitude_ft"}
    assert "heading_deg" not in read(HEAD + "I013640HDT\r\n" + FIX.rstrip() + "00090\r\n").columns


def test_an_extension_that_is_zero_throughout_or_blank_is_none():
    head = HEAD + "I023638GSP3941TRT\r\n"
    assert "ground_speed_kt" not in read(head + (FIX.rstrip() + "000000\r\n") * 2).columns
    blank = read(head + FIX.rstrip() + "   ---\r\n" + FIX.rstrip() + "100090\r\n" + FIX).columns
    assert np.isnan(blank["ground_speed_kt"]).tolist() == [True, False, True]


def test_an_extension_that_is_no_number_is_said_with_its_place():
    rows = read(HEAD + "I013638GSP\r\n" + FIX.rstrip() + "1x0\r\n")
    assert rows.unreadable[0].detail == "GSP in bytes 36 to 38 is '1x0', which is no number"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("B1000004675584N01249706EA0098801046", "its latitude is '4675584N', not DDMMmmmN with minutes below 60"),
        ("B1000004612584N01260706EA0098801046", "its longitude is '01260706E', not DDDMMmmmE with minutes below 60"),
        ("B2400004612584N01249706EA0098801046", "its time is '240000', not HHMMSS"),
        ("B1000004612584N01249706EX0098801046", "its validity is 'X', not A or V"),
        (
            "B1000004612584N01249706EA0_98801046",
            "its pressure altitude is '0_988', not five digits, or a minus and four",
        ),
        ("B1000004612584N01249706EA00988", "it has 30 characters where a fix has 35 at least"),
        ("B1000004612584N01249706EA009880104\0", "its GNSS altitude is '0104\ufffd'"),
        ("B1000004612584N01249706EA0098801046\0", "it holds a control character"),
        ("B10000٣4612584N01249706EA0098801046", "its time is '10000٣'"),
        ("b1000004612584N01249706EA0098801046", "it is no record of an IGC file: 'b100000"),
        ("00.3,7", "it is no record of an IGC file: '00.3,7'"),
        ("B1000004612584N01249706EA0098801046" + "0" * 1_000, "it has more than 1,000 characters"),
    ],
)
def test_a_line_at_fault_is_known_by_its_number_and_costs_no_other(line, said):
    assert wrong(line).startswith(said)


def test_a_file_that_breaks_off_says_so_of_its_last_row():
    rows = read(HEAD + FIX + FIX[:30])
    assert rows.row.tolist() == [3]
    assert rows.unreadable[0].detail.startswith("the file ends inside this row; it has 30 characters")


def test_fixes_above_the_first_day_are_unreadable_and_a_file_without_day_is_refused():
    rows = read("AXXXABC\n" + FIX + "HFDTE150419\n" + FIX)
    assert rows.row.tolist() == [4]
    assert "no day stands above it" in rows.unreadable[0].detail
    with pytest.raises(
        TrackUnreadable, match="a track without days is no flight; write it above the fixes as a record"
    ):
        igc.read(("AXXXABC\nHFDTE320199\n" + FIX).encode(), "flight.igc")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_lines_whatever_ends_them(end):
    text = (HEAD + FIX + "\r\nLXXX comment\r\n" + FIX).replace("\r\n", end)
    assert read(text).row.tolist() == [3, 6]
    assert igc.sniff(text.encode()) == "igc"


def test_a_mark_and_utf_16_are_no_hindrance():
    for encoding in ("utf-8-sig", "utf-16"):
        assert len(igc.read((HEAD + FIX).encode(encoding), "flight.igc")) == 1


def test_another_datum_is_noted():
    assert read(HEAD + "HFDTM100GPSDATUM:WGS-1984\r\nHFDTMGPSDATUM:WGS84\r\n" + FIX).notes == ()
    (note,) = read(HEAD + "HFDTM103GPSDATUM:BESSEL\r\n" + FIX).notes
    assert note == "positions are said to be of the datum '103GPSDATUM:BESSEL' and are taken as WGS 84"


def test_records_that_are_no_fixes_are_no_rows():
    rows = read(
        HEAD + "C0000000N00000000E\nE100000PEV\nF1000000405\nK10000000090\nLXXXa\nD20331\nM01\nN01\nG1F\n" + FIX
    )
    assert (len(rows), rows.unreadable) == (1, ())


def test_a_header_without_fixes_holds_none():
    assert len(igc.read(HEAD.encode(), "flight.igc")) == 0
    assert len(igc.read(b"", "flight.igc")) == 0


def test_only_its_own_files_are_taken():
    assert igc.sniff((HEAD + FIX).encode()) == "igc"
    assert igc.sniff(FIX.encode()) == "igc"
    for other in (b"", b"time,lat,lon\n", b"<gpx>HFDTE150419</gpx>", b"Beginning\n", b"{}", b"\0" * 100):
        assert igc.sniff(other) is None


def test_a_line_without_end_is_not_held():
    rows = igc.read((HEAD + FIX).encode() + b"B" * 5_000_000 + b"\n" + FIX.encode(), "flight.igc")
    assert (rows.row.tolist(), [one.row for one in rows.unreadable]) == ([3, 5], [4])


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_row_is_accounted_for(rows):
    content = made_lines.igc(rows)
    assert igc.sniff(content) == igc.NAME
    found = igc.read(content, "made")
    made_lines.account(found)
    assert len(found) + len(found.unreadable) == len(rows)


@given(rows=reports, damage=made_lines.damages)
@settings(max_examples=80, deadline=None)
def test_a_damaged_file_is_read_or_refused(rows, damage):
    made_lines.survives(igc, made_lines.damaged(made_lines.igc(rows), damage))


@real
@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("aerofiles_bad-line", 9),
        ("aerofiles_skydrop-2019-04-15", 533),
        ("igc_lib_new_date_format", 107),
        ("igc_lib_new_zealand", 5_367),
        ("igc_lib_no_time_increment", 200),
    ],
)
def test_the_real_files(name, count):
    data = (SHARED / "igc" / f"{name}.igc").read_bytes()
    rows = igc.read(data, name)
    made_lines.account(rows)
    assert igc.sniff(data[: 1 << 16]) == "igc"
    numbers = [number for number, line in enumerate(re.split(rb"\r?\n", data), 1) if line.startswith(b"B")]
    assert rows.row.tolist() == numbers
    assert (len(rows), len(rows.unreadable), len(rows.given)) == (count, 0, 0)
    assert np.all(np.diff(rows.columns["time_s"]) >= 0)


@real
def test_values_of_the_real_files():
    zealand = igc.read((SHARED / "igc" / "igc_lib_new_zealand.igc").read_bytes(), "nz")
    times = zealand.columns["time_s"]
    assert (times[0], times[-1]) == (second("2009-11-06T23:48:08"), second("2009-11-07T04:08:30"))
    assert zealand.columns["lat_deg"][0] == pytest.approx(-(38 + 39.773 / 60))
    assert zealand.columns["altitude_ft"][0] == pytest.approx(352 / 0.3048)
    assert zealand.columns["true_airspeed_kt"][0] == pytest.approx(25.45 / 1.852)
    assert zealand.callsign.names == ("AA",)
    lxnav = igc.read((SHARED / "igc" / "aerofiles_bad-line.igc").read_bytes(), "lx")
    assert lxnav.columns["ground_speed_kt"][4] == pytest.approx(163.15 / 1.852)
    assert lxnav.columns["track_deg"][4] == 71
    assert lxnav.callsign.names == ("D-KGSA",)
    skydrop = igc.read((SHARED / "igc" / "aerofiles_skydrop-2019-04-15.igc").read_bytes(), "sd")
    assert "geometric_altitude_ft" not in skydrop.columns
    assert skydrop.columns["altitude_ft"][0] == pytest.approx(650 / 0.3048)
    still = igc.read((SHARED / "igc" / "igc_lib_no_time_increment.igc").read_bytes(), "still")
    assert np.count_nonzero(np.diff(still.columns["time_s"]) == 0) > 0
