"""BaseStation lines: types of message, short rows, times without zone; the quick way reads as the careful one."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import made_lines
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import SHARED, reports

from geo.errors import TrackUnreadable
from geo.tracks import sbs
from geo.tracks.tables import sbs_message

TIMES = "2016/02/05,04:51:22.903,2016/02/05,04:51:22.889"
POSITION = f"MSG,3,111,11111,484411,111111,{TIMES},,12525,,,52.58052,5.29031,,,,,,0"
VELOCITY = f"MSG,4,111,11111,484411,111111,{TIMES},,,436,72.5,,,-3392,,,,,0"
NAME = f"MSG,1,111,11111,3C70A8,111111,{TIMES},BCS850  ,,,,,,,,,,,0"
real = pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")


def read(*lines: str):
    rows = sbs.read(("\r\n".join(lines) + "\r\n").encode(), "day.sbs")
    made_lines.account(rows)
    return rows


def values(rows, index: int = 0) -> dict[str, float]:
    found = {name: float(column[index]) for name, column in rows.columns.items() if name != "time_s"}
    return {name: value for name, value in found.items() if not np.isnan(value)}


def wrong(line: str) -> str:
    rows = read(POSITION, line, POSITION)
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]
    return rows.unreadable[0].detail


def test_each_type_of_message_gives_what_it_carries():
    rows = read(POSITION, VELOCITY, NAME)
    assert rows.columns["time_s"][0] == datetime(2016, 2, 5, 4, 51, 22, 903_000, tzinfo=UTC).timestamp()
    assert values(rows, 0) == {"lat_deg": 52.58052, "lon_deg": 5.29031, "altitude_ft": 12_525, "on_ground": 0}
    assert values(rows, 1) == {
        "ground_speed_kt": 436,
        "track_deg": 72.5,
        "vertical_rate_fpm": -3_392,
        "on_ground": 0,
    }
    assert values(rows, 2) == {"on_ground": 0}
    assert [rows.icao24.names[code] for code in rows.icao24.codes] == ["484411", "484411", "3c70a8"]
    assert rows.callsign.codes.tolist() == [-1, -1, 0]
    assert rows.callsign.names == ("BCS850",)
    assert "no zone" in rows.notes[0]


def test_a_surface_position_is_on_the_ground_and_has_no_altitude():
    surface = POSITION.replace("MSG,3", "MSG,2").replace("12525", "0")
    assert values(read(surface))["on_ground"] == 0
    found = values(read(surface[:-1], surface.replace("MSG,2", "MSG,3")), 0)
    assert found == {"lat_deg": 52.58052, "lon_deg": 5.29031, "on_ground": 1}


@pytest.mark.parametrize(("flag", "value"), [("-1", 1), ("1", 1), ("0", 0)])
def test_on_ground_is_minus_one_for_yes(flag, value):
    assert values(read(POSITION[:-1] + flag))["on_ground"] == value


def test_an_altitude_with_h_is_above_the_ellipsoid():
    rows = read(POSITION.replace("12525", "12600H"), VELOCITY.replace("-3392", "-3392H"), POSITION)
    assert values(rows, 0)["geometric_altitude_ft"] == 12_600
    assert "altitude_ft" not in values(rows, 0)
    assert values(rows, 1)["vertical_rate_fpm"] == -3_392
    assert values(rows, 2)["altitude_ft"] == 12_525


def test_the_time_of_the_line_stands_in_for_that_of_the_message():
    rows = read(POSITION.replace("2016/02/05,04:51:22.903", ","), POSITION.replace("/", "-"))
    assert rows.columns["time_s"][0] == datetime(2016, 2, 5, 4, 51, 22, 889_000, tzinfo=UTC).timestamp()
    assert rows.columns["time_s"][1] == datetime(2016, 2, 5, 4, 51, 22, 903_000, tzinfo=UTC).timestamp()


def test_lines_that_are_no_messages_are_no_rows():
    other = [f"{kind},,5,179,400AE7,10103,{TIMES},RM" for kind in ("SEL", "ID ", "ID", "AIR", "STA", "CLK")]
    rows = read(*other, "", "  ", POSITION)
    assert (rows.row.tolist(), rows.unreadable) == ([9], ())


def test_fields_missing_at_the_end_are_missing_and_no_more():
    short = [POSITION.rstrip(",0"), f"MSG,8,111,11111,484411,111111,{TIMES}", POSITION + ",,"]
    rows = read(*short, VELOCITY)
    assert [values(rows, index) for index in (0, 1)] == [
        {"lat_deg": 52.58052, "lon_deg": 5.29031, "altitude_ft": 12_525},
        {},
    ]
    assert rows.row.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"MSG,3,0,0,C058D5,0,{TIMES},31300,45.31398", "it has 12 fields where a message of type 3 has 22"),
        (POSITION + ",x", "it has 23 fields where a message of type 3 has 22"),
        (POSITION.replace("MSG,3", "MSG,9"), "its type is '9', not 1 to 8"),
        (POSITION.replace("484411", ""), "its aircraft address is '', not six hexadecimal digits"),
        (POSITION.replace("484411", "48441G"), "its aircraft address is '48441G'"),
        (POSITION.replace(TIMES, ",,,"), "it has no date and time"),
        (POSITION.replace("2016/02/05,04", "2016/13/05,04"), "its date is '2016/13/05'; write 2024/12/25"),
        (POSITION.replace("2016/02/05,04", "9999/02/05,04"), "its date is '9999/02/05'"),
        (POSITION.replace("04:51:22.903", "24:51:22.903"), "its time is '24:51:22.903'; write 05:13:31.000"),
        (POSITION.replace("52.58052", "52.5x"), "its latitude is '52.5x', which is no number"),
        (POSITION.replace("5.29031", "5_2"), "its longitude is '5_2', which is no number"),
        (POSITION.replace("12525", "FL125"), "its altitude is 'FL125', which is no number"),
        (VELOCITY.replace("436", "fast"), "its ground speed is 'fast', which is no number"),
        (VELOCITY.replace("-3392", "H"), ""),
        (POSITION[:-1] + "yes", "on ground is 'yes', not 0 or -1"),
        ("0,,,,,,,0", "it is no line of BaseStation: '0,,,,,,,0'"),
        ("\0" * 10, "it is no line of BaseStation"),
        ("MSG", "its type is '', not 1 to 8"),
        ("MSG,3," + "x" * 2_000, "it is no line of BaseStation: 'MSG,3,xxx"),
    ],
)
def test_a_line_at_fault_is_known_by_its_number_and_costs_no_other(line, said):
    if said:
        assert wrong(line).startswith(said)
    else:
        assert np.isnan(read(line).columns["vertical_rate_fpm"][0])


def test_quotes_and_html_and_foreign_bytes_in_a_callsign_stay_text():
    names = ['A"B', '"', "<b>x</b>", "É1"]
    rows = read(*(NAME.replace("BCS850  ", name) for name in names))
    assert [rows.callsign.names[code] for code in rows.callsign.codes] == names
    raw = sbs.read(NAME.encode().replace(b"BCS850", b"\xff\xfe1") + b"\n" + POSITION.encode(), "day.sbs")
    assert raw.callsign.names == ("\ufffd\ufffd1",)


def test_infinity_is_left_for_the_rules_to_reject_and_nan_is_none():
    rows = read(POSITION.replace("52.58052", "inf"), POSITION.replace("52.58052", "nan"))
    assert np.isinf(rows.columns["lat_deg"][0])
    assert np.isnan(rows.columns["lat_deg"][1])


def test_a_file_that_breaks_off_says_so_of_its_last_row():
    rows = sbs.read(f"{POSITION}\r\n{POSITION[:-20]}".encode(), "day.sbs")
    assert rows.row.tolist() == [1]
    assert rows.unreadable[0].detail.startswith("the file ends inside this row; it has")
    assert len(sbs.read(f"{POSITION}\r\n{POSITION}".encode(), "day.sbs")) == 2


def test_a_capture_without_times_is_refused():
    with pytest.raises(
        TrackUnreadable, match=r"no date and time in fields 7 and 8 .* a track without times is no flight"
    ):
        sbs.read("\n".join([POSITION.replace(TIMES, ",,,")] * 3).encode(), "day.sbs")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_lines_whatever_ends_them(end):
    text = end.join([POSITION, "", "nonsense", VELOCITY, ""])
    rows = sbs.read(text.encode(), "day.sbs")
    assert (rows.row.tolist(), rows.unreadable[0].row) == ([1, 4], 3)
    assert sbs.sniff(text.encode()) == "sbs"


def test_a_capture_that_begins_inside_a_line_is_known():
    assert sbs.sniff(f",,,,0\r\n{POSITION}\r\n".encode()) == "sbs"
    assert sbs.sniff(f"AIR,,64,522,4006B3,1509068,{TIMES}\r\n{POSITION}\r\n".encode()) == "sbs"


def test_only_its_own_files_are_taken():
    for other in (b"", b"time,lat,lon\n", b"MSG,3 is a message\n", b"{}", b"\0" * 100, b'"MSG,3,1,1,484411,1"'):
        assert sbs.sniff(other) is None


def test_nothing_but_other_lines_holds_no_row():
    assert len(read(f"AIR,,64,522,4006B3,1509068,{TIMES}")) == 0
    assert len(sbs.read(b"", "day.sbs")) == 0


def test_a_line_without_end_is_not_held():
    rows = sbs.read(f"{POSITION}\nMSG,3,".encode() + b"9" * 5_000_000 + f"\n{POSITION}\n".encode(), "day.sbs")
    assert (rows.row.tolist(), [one.row for one in rows.unreadable]) == ([1, 3], [2])


def test_more_rows_than_fit_one_piece_stay_in_order():
    rows = read(*[POSITION, "nonsense", VELOCITY] * 10_000)
    assert np.array_equal(np.sort(rows.row), rows.row)
    assert (len(rows), len(rows.unreadable)) == (20_000, 10_000)
    assert rows.icao24.names == ("484411",)


_cells = st.sampled_from(["", " ", "0", "-1", "1", "12525", "12525H", "H", "-0.5", "x", "nan", "inf", "1e3", "-", "\0"])


@given(
    lines=st.lists(
        st.tuples(
            st.sampled_from(["1", "2", "3", "4", "8", "9", ""]),
            st.sampled_from(["484411", "48441", " 3c70a8", ""]),
            st.sampled_from(
                ["2016/02/05,04:51:22.903", "2016/02/05,04:51:22", ",", "2016/02/31,04:51:22", "2016/02/05,4:5"]
            ),
            st.lists(_cells, min_size=12, max_size=12),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=300, deadline=None)
def test_the_quick_way_reads_what_the_careful_one_reads(lines):
    texts = [
        f"MSG,{kind},1,1,{address},1,{when},2016/02/06,00:00:00,{','.join(cells)}"
        for kind, address, when, cells in lines
    ]
    rows = read(*texts)
    expected, unreadable = {}, {}
    for number, text in enumerate(texts, start=1):
        try:
            expected[number] = sbs_message.message(text)
        except ValueError as error:
            unreadable[number] = str(error)
    assert dict(rows.unreadable) == unreadable
    assert rows.row.tolist() == list(expected)
    for index, one in enumerate(expected.values()):
        for name in sbs_message.Message._fields[:9]:
            assert rows.column(name)[index] == pytest.approx(getattr(one, name), abs=1e-6, nan_ok=True)
        assert rows.icao24.names[rows.icao24.codes[index]] == one.icao24
        code = rows.callsign.codes[index]
        assert (rows.callsign.names[code] if code >= 0 else "") == one.callsign


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_row_is_accounted_for(rows):
    content = made_lines.sbs(rows)
    assert sbs.sniff(content) == sbs.NAME
    found = sbs.read(content, "made")
    made_lines.account(found)
    assert len(found) + len(found.unreadable) == len(rows)


@given(rows=reports, damage=made_lines.damages)
@settings(max_examples=80, deadline=None)
def test_a_damaged_file_is_read_or_refused(rows, damage):
    made_lines.survives(sbs, made_lines.damaged(made_lines.sbs(rows), damage))


@real
@pytest.mark.parametrize(
    ("name", "count"), [("coniferconifer_2022-01-08_excerpt", 7), ("druidblog_2016-02-05_excerpt", 10)]
)
def test_the_real_files(name, count):
    data = (SHARED / "sbs" / f"{name}.sbs").read_bytes()
    rows = sbs.read(data, name)
    made_lines.account(rows)
    lines = [line.split(",") for line in data.decode().splitlines()]
    assert len(rows) == sum(line[0] == "MSG" for line in lines) == count
    assert (rows.unreadable, rows.given) == ((), {})
    for index, line in enumerate(lines):
        when = datetime.strptime(" ".join(line[6:8]), "%Y/%m/%d %H:%M:%S.%f").replace(tzinfo=UTC)
        assert rows.columns["time_s"][index] == pytest.approx(when.timestamp(), abs=1e-6)
        assert rows.icao24.names[rows.icao24.codes[index]] == line[4].lower()
        for name_, place in (("altitude_ft", 11), ("ground_speed_kt", 12), ("lat_deg", 14), ("lon_deg", 15)):
            assert rows.columns[name_][index] == pytest.approx(float(line[place] or "nan"), nan_ok=True)


def test_no_call_loads_pandas():
    code = (
        "import sys; from geo.tracks import sbs; "
        f"sbs.read({f'{POSITION}{chr(10)}{VELOCITY}{chr(10)}'.encode()!r}, 'day.sbs'); print('pandas' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "False"
