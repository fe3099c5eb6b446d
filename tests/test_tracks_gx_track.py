"""KML with gx:Track: times and positions side by side."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import SHARED, reports
from made_xml import damaged
from made_xml import gx_track as written

from geo.errors import TrackError, TrackUnreadable
from geo.tracks import fr24_kml, gx_track
from geo.tracks.markup.gx_pairs import ALONE, paired
from geo.tracks.markup.xml_rows import ABOVE_GEOID

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NO_ZONE = "has no zone; write it in UTC as 2024-12-25T05:13:31Z, or with an offset as 2024-12-25T09:13:31+04:00"
KML = '<kml xmlns:gx="http://www.google.com/kml/ext/2.2">\n<Document>\n{}\n</Document></kml>'
ABSOLUTE = "<altitudeMode>absolute</altitudeMode>"


def when(second: int) -> str:
    return f"<when>2024-12-25T05:13:{second:02d}Z</when>"


def coord(value: float, altitude: float = 300) -> str:
    return f"<gx:coord>50.5 {value} {altitude}</gx:coord>"


def track(*lines: str, mode: str = ABSOLUTE) -> str:
    return "\n".join(["<gx:Track>" + mode, *lines, "</gx:Track>"])


def read(*content: str) -> Rows:
    return gx_track.read(KML.format("\n".join(content)).encode(), "x.kml")


def placed(*content: str, name: str = "A") -> str:
    return "\n".join(["<Placemark>", f"<name>{name}</name>", *content, "</Placemark>"])


def test_the_first_time_belongs_to_the_first_position():
    rows = read(placed(track(when(0), when(1), coord(40), coord(41))))
    assert rows.row.tolist() == [8, 9]
    assert np.diff(rows.columns["time_s"]).tolist() == [1]
    assert rows.columns["time_s"][0] == datetime.fromisoformat("2024-12-25T05:13:00+00:00").timestamp()
    assert rows.columns["lat_deg"].tolist() == [40, 41]
    assert rows.columns["lon_deg"].tolist() == [50.5, 50.5]
    assert rows.columns["geometric_altitude_ft"] == pytest.approx([984.25197] * 2)
    assert rows.part.names == ("A",)
    assert rows.callsign.names == ()
    assert rows.notes == (ABOVE_GEOID,)


@pytest.mark.parametrize(
    "content",
    [
        "<kml><gx:Track><when>2024-12-25T05:13:00Z</when><gx:coord>1 2 3</gx:coord></gx:Track></kml>",
        "<k:kml xmlns:k='x'><k:Track><k:when>2024-12-25T05:13:00Z</k:when><k:coord>1 2</k:coord></k:Track></k:kml>",
        "<kml><Document><Track><coord>1,2,3</coord><when>2024-12-25T05:13:00.0+00:00</when></Track></Document></kml>",
    ],
)
def test_prefixes_and_order_do_not_matter(content):
    assert gx_track.sniff(content.encode()) == "gx-track"
    rows = gx_track.read(content.encode(), "x")
    assert (len(rows), rows.columns["lat_deg"][0], rows.columns["lon_deg"][0]) == (1, 2, 1)


def test_an_empty_position_is_a_time_without_one():
    rows = read(placed(track(when(0), when(1), "<gx:coord/>", coord(41))))
    assert np.isnan(rows.columns["lat_deg"]).tolist() == [True, False]


def test_the_last_of_a_longer_list_has_no_partner():
    rows = read(placed(track(when(0), when(1), when(2), coord(40), coord(41))))
    assert rows.row.tolist() == [9, 10]
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (8, "the time 2024-12-25T05:13:02Z has no position: there are 3 times and 2 positions")
    ]
    rows = read(placed(track(when(0), coord(40), coord(41), coord(42))))
    assert rows.row.tolist() == [7]
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (8, "the position has no time: there are 1 times and 3 positions"),
        (9, "the position has no time: there are 1 times and 3 positions"),
    ]


def test_in_turn_a_partner_is_missed_where_it_is_missing():
    rows = read(placed(track(when(0), coord(40), when(1), when(2), coord(42), when(3), coord(43))))
    assert rows.columns["lat_deg"].tolist() == [40, 42, 43]
    assert (rows.columns["time_s"] % 60).tolist() == [0, 2, 3]
    assert [one.row for one in rows.unreadable] == [8]


@given(st.lists(st.booleans(), max_size=30))
def test_pairs_hold_each_time_and_each_position_once(order):
    times, before = 0, []
    for is_time in order:
        if is_time:
            times += 1
        else:
            before.append(times)
    pairs = list(paired(times, before))
    assert sorted(time for time, _ in pairs if time != ALONE) == list(range(times))
    assert sorted(place for _, place in pairs if place != ALONE) == list(range(len(before)))
    assert (ALONE, ALONE) not in pairs
    if times == len(before):
        assert pairs == [(place, place) for place in range(times)]


@pytest.mark.parametrize(
    ("times", "before", "expected"),
    [
        (3, [1, 3], [(0, 0), (1, ALONE), (2, 1)]),
        (2, [1, 1, 2], [(0, 0), (ALONE, 1), (1, 2)]),
        (1, [0, 1], [(0, 0), (ALONE, 1)]),
        (3, [0, 1], [(0, 0), (1, 1), (2, ALONE)]),
        (3, [3, 3], [(0, 0), (1, 1), (2, ALONE)]),
        (2, [0, 0, 0], [(0, 0), (1, 1), (ALONE, 2)]),
        (2, [], [(0, ALONE), (1, ALONE)]),
        (0, [], []),
    ],
)
def test_pairs_by_the_order_of_the_file(times, before, expected):
    assert list(paired(times, before)) == expected


def test_rows_that_cannot_be_read_cost_no_other():
    rows = read(
        placed(track(when(0), "<when>noon</when>", when(2), "<when>2024-12-25T05:13:03</when>", "<when/>"))
        .replace("</gx:Track>", "")
        .replace("</Placemark>", ""),
        *[coord(40), coord(41), "<gx:coord>50.5 north 3</gx:coord>", coord(43), "<gx:coord>5</gx:coord>"],
        "</gx:Track></Placemark>",
    )
    assert rows.columns["lat_deg"].tolist() == [40]
    assert [one.detail for one in rows.unreadable] == [
        "the time 'noon' is none that can be read; write 2024-12-25T05:13:31Z",
        "the latitude is 'north', which is no number",
        f"the time '2024-12-25T05:13:03' {NO_ZONE}",
        "it has no time; write 2024-12-25T05:13:31Z",
    ]


@pytest.mark.parametrize(
    "mode", ["", "<altitudeMode>clampToGround</altitudeMode>", "<gx:altitudeMode>x</gx:altitudeMode>"]
)
def test_an_altitude_without_meaning_is_left_out_and_noted(mode):
    rows = read(placed(track(when(0), coord(40), mode=mode)))
    assert "geometric_altitude_ft" not in rows.columns
    assert rows.notes == ("altitudes are not read where altitudeMode is not absolute: KML gives them no meaning there",)


def test_an_altitude_that_is_nothing_but_zero_is_none():
    rows = read(placed(track(when(0), coord(40, 0))))
    assert (list(rows.columns), rows.notes) == (["time_s", "lat_deg", "lon_deg"], ())


def test_the_tracks_of_a_multitrack_are_one_part_and_take_its_mode():
    two = "".join(track(when(second), coord(40 + second), mode="") for second in range(2))
    rows = read(placed(f"<gx:MultiTrack>{ABSOLUTE}{two}</gx:MultiTrack>"), placed(track(when(9), coord(49))))
    assert rows.part.codes.tolist() == [0, 0, 1]
    assert rows.part.names == ("A", "A (track 2)")
    assert not np.isnan(rows.columns["geometric_altitude_ft"]).any()


def test_points_and_lines_beside_the_track_are_no_rows():
    beside = (
        "<Placemark><TimeStamp>{}</TimeStamp><Point><coordinates>1,2,3</coordinates></Point></Placemark>"
        "<Placemark><LookAt><gx:TimeStamp>{}</gx:TimeStamp></LookAt>"
        "<LineString><coordinates>1,2 3,4</coordinates></LineString></Placemark>"
    )
    assert len(read(beside.format(when(0), when(1)), placed(track(when(0), coord(40))))) == 1


FLIGHTAWARE = "<name>FlightAware ✈ DLH1534 17.08.2021 (ZRH / LSZH-FRA / EDDF)</name>"


def test_flightaware_writes_pressure_altitude_and_the_callsign_in_the_name():
    rows = read(FLIGHTAWARE, placed(track(when(0), coord(40, 9144)), name="DLH1534"))
    assert rows.columns["altitude_ft"].tolist() == [30_000]
    assert "geometric_altitude_ft" not in rows.columns
    assert rows.notes == ()
    assert rows.callsign.names == ("DLH1534",)


FOREFLIGHT = """<ExtendedData><SchemaData schemaUrl="#schema">
<gx:SimpleArrayData name="acc_horiz"><gx:value>4</gx:value><gx:value>5</gx:value></gx:SimpleArrayData>
<gx:SimpleArrayData name="course"><gx:value>271.5</gx:value><gx:value></gx:value></gx:SimpleArrayData>
<gx:SimpleArrayData name="speed_kts"><gx:value>99.5</gx:value><gx:value>fast</gx:value></gx:SimpleArrayData>
</SchemaData>
<Data name="source"><displayName>Source</displayName><value>{}</value></Data>
<Data name="tailNumber"><value>N123AB</value></Data></ExtendedData>"""


def test_foreflight_writes_arrays_behind_the_track_and_the_registration():
    rows = read(placed(track(when(0), coord(40), when(1), coord(41)), name=""), FOREFLIGHT.format("ForeFlight Web"))
    assert rows.callsign.names == ("N123AB",)
    assert rows.part.names == ("track 1",)
    assert rows.columns["ground_speed_kt"] == pytest.approx([99.5, np.nan], nan_ok=True)
    assert rows.columns["track_deg"] == pytest.approx([271.5, np.nan], nan_ok=True)
    assert rows.ignored == ("acc_horiz",)
    assert rows.notes == ("values of ground_speed_kt that are no numbers are left out", ABOVE_GEOID)


def test_a_course_of_others_is_not_read():
    rows = read(placed(track(when(0), coord(40), when(1), coord(41))), FOREFLIGHT.format("My Logger"))
    assert "track_deg" not in rows.columns
    assert "ground_speed_kt" in rows.columns


def test_arrays_stand_beside_the_rows_also_where_one_cannot_be_read():
    values = "".join(f"<gx:value>{value}</gx:value>" for value in (10, 20, 30))
    data = f'<ExtendedData><SchemaData><gx:SimpleArrayData name="Speed (km/h)">{values}</gx:SimpleArrayData>'
    rows = read(
        placed(track(when(7), coord(39))),
        placed(
            track(
                when(0),
                "<when>noon</when>",
                when(2),
                coord(40),
                coord(41),
                coord(42),
                data,
                "</SchemaData></ExtendedData>",
            )
        ),
    )
    assert rows.columns["ground_speed_kt"] == pytest.approx([np.nan, 10 / 1.852, 30 / 1.852], nan_ok=True)


def test_an_array_of_another_length_is_left_out_and_noted():
    data = '<gx:SimpleArrayData name="speed_mps"><gx:value>1</gx:value></gx:SimpleArrayData>'
    rows = read(placed(track(when(0), when(1), coord(40), coord(41), data)))
    assert "ground_speed_kt" not in rows.columns
    assert rows.notes[0] == "ground_speed_kt is left out of a track in which it has not one value for each time"


def test_angles_are_the_true_heading():
    rows = read(placed(track(when(0), coord(40), "<gx:angles>271.5 0 0</gx:angles>")))
    assert rows.columns["heading_deg"].tolist() == [271.5]


@pytest.mark.parametrize("angles", ["0 0 0", "", "north"])
def test_angles_that_say_nothing_are_no_heading(angles):
    rows = read(placed(track(when(0), coord(40), f"<gx:angles>{angles}</gx:angles>")))
    assert "heading_deg" not in rows.columns


@pytest.mark.parametrize(
    ("lines", "readable", "listed"),
    [
        ([when(0), coord(40), when(1), "<gx:coord>50"], [7], {8: "has no position: the file breaks off here"}),
        ([when(0), when(1), coord(40), "<gx:co"], [8], {7: "has no position: the file breaks off here"}),
        ([when(0), coord(40), "<wh"], [7], {8: "the file breaks off here"}),
        (
            [when(0), coord(40), "<b>", when(1), "</gx:Track>", when(2)],
            [7],
            {10: "mismatched tag", 11: "stands behind"},
        ),
    ],
)
def test_what_stands_before_a_break_is_kept(lines, readable, listed):
    text = KML.format(placed(track(*lines))).partition("\n</gx:Track>\n</Placemark>")[0]
    rows = gx_track.read(text.encode(), "x")
    assert rows.row.tolist() == readable
    assert {one.row for one in rows.unreadable} == listed.keys()
    assert all(words in dict(rows.unreadable)[row] for row, words in listed.items())


def test_hostile_content_is_read_or_refused():
    rows = read(
        placed("<gx:Track></gx:Track>" * 100_000, track(when(0), coord(40)), name="&lt;script&gt;<![CDATA[<b>]]>")
    )
    assert rows.part.names == ("<script><b>",)
    with pytest.raises(TrackUnreadable, match="line 1: it declares a document type"):
        gx_track.read(b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "x")
    assert len(gx_track.read(b"<kml><Document></Document></kml>", "x")) == 0


@given(rows=reports)
@settings(deadline=None, max_examples=60)
def test_every_pair_is_accounted_for(rows):
    data = written(rows)
    assert gx_track.sniff(data) == "gx-track"
    found = gx_track.read(data, "x")
    assert len(found) + len(found.unreadable) == data.count(b"<when>") == len(rows)


@given(data=st.data())
@settings(deadline=None, max_examples=120)
def test_a_damaged_file_is_read_or_refused(data):
    content = written([(float(second), 40.0, 50.0, 1_000, 400, "AHY8243") for second in range(8)])
    content = damaged(data, content, [b"<when/>", b"</gx:Track>", b"<gx:coord>"])
    try:
        found = gx_track.read(content, "x")
    except TrackError:
        return
    numbers = [*found.row.tolist(), *(one.row for one in found.unreadable)]
    assert len(set(numbers)) == len(numbers)
    assert {len(column) for column in found.columns.values()} <= {len(found)}


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not here")
def test_the_real_file_of_flightaware():
    data = (SHARED / "gx_track" / "flightaware_DLH1534.kml").read_bytes()
    assert gx_track.sniff(data[: 1 << 16]) == "gx-track"
    assert fr24_kml.sniff(data[: 1 << 16]) is None
    rows = gx_track.read(data, "x")
    text = data.decode()
    coords = [[float(value) for value in found.split()] for found in re.findall(r"<gx:coord>([^<]*)<", text)]
    whens = [datetime.fromisoformat(found).timestamp() for found in re.findall(r"<when>([^<]*)<", text)]
    assert (len(rows), rows.unreadable) == (len(coords), ()) == (87, ())
    assert rows.columns["time_s"].tolist() == whens
    assert rows.columns["lon_deg"].tolist() == [lon for lon, _, _ in coords]
    assert rows.columns["lat_deg"].tolist() == [lat for _, lat, _ in coords]
    assert rows.columns["altitude_ft"] * 0.3048 == pytest.approx([height for _, _, height in coords])
    steps = rows.columns["altitude_ft"] / 25
    assert np.abs(steps - np.round(steps)).max() * 25 * 0.3048 <= 0.51
    assert (rows.callsign.names, rows.part.names) == (("DLH1534",), ("DLH1534",))
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if "<gx:coord>" in line]
    assert rows.row.tolist() == lines
