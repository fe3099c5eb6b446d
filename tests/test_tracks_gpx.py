"""GPX: the points of tracks, and what is none."""

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
from made_xml import gpx as written

from geo.errors import TrackError, TrackUnreadable
from geo.tracks import gpx
from geo.tracks.markup.xml_rows import ABOVE_GEOID

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

POINT = '<trkpt lat="46.5" lon="-13.25"><ele>1614.5</ele><time>2024-12-25T05:13:31Z</time>{}</trkpt>'
TIMED = "<trkpt lat='1' lon='2'><time>2024-12-25T05:13:31Z</time></trkpt>"
SECOND = datetime.fromisoformat("2024-12-25T05:13:31+00:00").timestamp()


def read(*lines: str, around: str = "<gpx>\n<trk><trkseg>\n{}\n</trkseg></trk>\n</gpx>") -> Rows:
    return gpx.read(around.format("\n".join(lines)).encode(), "hike.gpx")


def test_a_point_is_read_in_our_units():
    rows = read(POINT.format("<speed>100</speed><course>271.5</course>"))
    assert rows.row.tolist() == [3]
    assert {name: column[0] for name, column in rows.columns.items()} == {
        "time_s": SECOND,
        "lat_deg": 46.5,
        "lon_deg": -13.25,
        "geometric_altitude_ft": pytest.approx(1614.5 / 0.3048),
        "ground_speed_kt": pytest.approx(194.384449),
        "track_deg": 271.5,
    }


def test_the_height_of_the_geoid_is_added():
    rows = read(POINT.format("<geoidheight>47.5</geoidheight>"), POINT.format("<geoidheight></geoidheight>"))
    assert rows.columns["geometric_altitude_ft"] * 0.3048 == pytest.approx([1662, 1614.5])
    assert rows.notes == ()
    assert read(POINT.format("")).notes == (ABOVE_GEOID,)
    assert read(TIMED).notes == ()


def test_speed_of_a_waypoint_is_not_that_of_the_next_point():
    speed = "<g:TrackPointExtension><g:speed>10</g:speed></g:TrackPointExtension>"
    rows = read(f"</trkseg></trk><wpt lat='1' lon='2'><extensions>{speed}</extensions></wpt><trk><trkseg>", TIMED)
    assert "ground_speed_kt" not in rows.columns


@pytest.mark.parametrize(
    ("extension", "knots"),
    [
        ("<gpxtpx:TrackPointExtension><gpxtpx:speed>10</gpxtpx:speed></gpxtpx:TrackPointExtension>", 19.438445),
        ("<ns3:TrackPointExtension><ns3:speed>10</ns3:speed></ns3:TrackPointExtension>", 19.438445),
        ("<gpxdata:speed>10</gpxdata:speed>", 19.438445),
        ("<osmand:speed>10</osmand:speed>", 19.438445),
        ("<badelf:speed>10</badelf:speed>", 19.438445),
        ("<nmea:speed>10</nmea:speed>", None),
        ("<other><speed>10</speed><time>1999-01-01T00:00:00Z</time><ele>5</ele></other>", None),
    ],
)
def test_speed_is_read_from_extensions_whose_unit_is_known(extension, knots):
    rows = read(POINT.format(f"<extensions>{extension}</extensions>"))
    assert ("ground_speed_kt" in rows.columns) == (knots is not None)
    if knots is not None:
        assert rows.columns["ground_speed_kt"][0] == pytest.approx(knots)
    assert rows.columns["time_s"][0] == SECOND


@pytest.mark.parametrize(
    "time", ["2024-12-25T05:13:31", "2024-12-25T06:13:31+01:00", " 2024-12-25T05:13:31.000Z\n", "2024-12-25t05:13:31z"]
)
def test_times_are_utc_as_the_schema_says(time):
    assert read(f"<trkpt lat='1' lon='2'><time>{time}</time></trkpt>").columns["time_s"][0] == SECOND


def test_each_track_is_a_part_and_segments_are_none():
    segment = f"<trkseg>{TIMED}</trkseg>"
    text = (
        f"<gpx><trk><name>A&amp;B</name>{segment}<trkseg/>{segment}</trk><trk>{segment}</trk>"
        f"<trk><number>7</number>{segment}</trk><trk>{segment}<name>A&amp;B</name></trk></gpx>"
    )
    rows = gpx.read(text.encode(), "x")
    assert rows.part.names == ("A&B", "track 2", "track 7", "A&B (track 4)")
    assert rows.part.codes.tolist() == [0, 0, 1, 2, 3]
    assert rows.row.tolist() == [1, 2, 3, 4, 5]


def test_waypoints_and_routes_are_no_rows():
    place = "<{0} lat='1' lon='2'><time>2024-12-25T05:13:31Z</time><name>x</name></{0}>"
    rows = read("</trkseg></trk>", place.format("wpt"), f"<rte>{place.format('rtept')}</rte><trk><trkseg>", TIMED)
    assert (len(rows), rows.unreadable) == (1, ())


@pytest.mark.parametrize("places", ["<wpt lat='1' lon='2'/>", "<rte><rtept lat='1' lon='2'/></rte>"])
def test_a_file_of_places_is_refused(places):
    with pytest.raises(TrackUnreadable, match=r"x: it holds no track but places \(waypoints and points of routes: 1\)"):
        gpx.read(f"<gpx>{places}</gpx>".encode(), "x")


def test_a_file_without_any_time_is_refused():
    with pytest.raises(
        TrackUnreadable, match=r"none of its 2 track points has a time, and a track without times is no flight; export"
    ):
        read("<trkpt lat='1' lon='2'/>", "<trkpt lat='1' lon='2'><time> </time></trkpt>")


def test_points_that_cannot_be_read_are_listed_by_their_lines():
    rows = read(
        TIMED,
        "<trkpt lat='1' lon='2'/>",
        "<trkpt lat='x' lon='2'><time>2024-12-25T05:13:31Z</time></trkpt>",
        "<trkpt lat='1' lon='2'><time>0001-01-01T00:00:00Z</time></trkpt>",
        "<trkpt lat='1' lon='2'><time>9999-12-31T23:59:59Z</time></trkpt>",
        "<trkpt lat='1' lon='2'><time>noon</time></trkpt>",
        "<trkpt lat='1_0' lon='2'><time>2024-12-25T05:13:31Z</time></trkpt>",
        "<trkpt lat='1' lon='2'><ele>high</ele><time>2024-12-25T05:13:31Z</time></trkpt>",
    )
    assert rows.row.tolist() == [3]
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (4, "it has no time; write 2024-12-25T05:13:31Z"),
        (5, "lat is 'x', which is no number"),
        (6, "the time '0001-01-01T00:00:00Z' is not between 1950 and 2100"),
        (7, "the time '9999-12-31T23:59:59Z' is not between 1950 and 2100"),
        (8, "the time 'noon' is none that can be read; write 2024-12-25T05:13:31Z"),
        (9, "lat is '1_0', which is no number"),
        (10, "ele is 'high', which is no number"),
    ]


def test_a_point_without_coordinate_has_no_position_and_infinity_is_left_to_the_rules():
    rows = read(TIMED.replace("lat='1'", ""), TIMED.replace("'1'", "'NaN'"), TIMED.replace("'1'", "'inf'"))
    assert np.isnan(rows.columns["lat_deg"]).tolist() == [True, True, False]
    assert np.isinf(rows.columns["lat_deg"][2])


def test_points_on_one_line_are_numbered_as_entries():
    rows = read(TIMED + "<trkpt lat='1' lon='2'/>" + TIMED)
    assert rows.row.tolist() == [1, 3]
    assert [one.row for one in rows.unreadable] == [2]


def test_an_altitude_that_is_nothing_but_zero_is_none():
    assert "geometric_altitude_ft" not in read(TIMED.replace("<time>", "<ele>0</ele><time>")).columns


@pytest.mark.parametrize(
    ("end", "row", "words"),
    [
        ("", 5, "the file breaks off here"),
        ("<trkpt lat='1' lon='2'>\n<time>2024", 5, "the file breaks off here"),
        ("<trkpt lat='1' lon=", 5, "the file breaks off here"),
        ("<trkpt lat='1' lon='2'><time>2024-12-25T05:13:31Z</tim></trkpt>", 5, "mismatched tag"),
    ],
)
def test_what_stands_before_a_break_is_kept(end, row, words):
    rows = read(TIMED, TIMED, end, around="<gpx><trk><trkseg>\n\n{}")
    assert rows.row.tolist() == [3, 4]
    assert [one.row for one in rows.unreadable] == [row]
    assert words in rows.unreadable[0].detail


def test_points_behind_a_fault_are_listed():
    rows = read(TIMED, "Smith & Sons", TIMED, "<!-- -->", TIMED)
    assert rows.row.tolist() == [3]
    assert [(one.row, one.detail[:28]) for one in rows.unreadable] == [
        (4, "from here on the file is no "),
        (5, "it stands behind line 4, fro"),
        (7, "it stands behind line 4, fro"),
    ]


def test_a_hundred_thousand_empty_segments_hold_nothing():
    rows = read(TIMED + "</trkseg>" + "<trkseg></trkseg>" * 100_000 + "<trkseg>")
    assert len(rows) == 1


def test_html_in_a_name_stays_text():
    rows = read(
        TIMED, around="<gpx><trk><name><![CDATA[<img src=x>\n]]>&lt;b&gt;</name><trkseg>{}</trkseg></trk></gpx>"
    )
    assert rows.part.names == ("<img src=x> <b>",)


def test_a_document_type_is_refused():
    data = b'<?xml version="1.0"?>\n<!DOCTYPE gpx [<!ENTITY a "b">]>\n<gpx/>'
    assert gpx.sniff(data) == "gpx"
    with pytest.raises(TrackUnreadable, match="line 2: it declares a document type"):
        gpx.read(data, "x")


@pytest.mark.parametrize("head", [b"<kml/>", b"time,lat,lon", b"{}", b"", b"PK\x03\x04", b"<html><gpx>"])
def test_other_files_are_not_taken(head):
    assert gpx.sniff(head) is None


@given(rows=reports)
@settings(deadline=None, max_examples=60)
def test_every_point_is_accounted_for(rows):
    data = written(rows)
    assert gpx.sniff(data) == "gpx"
    found = gpx.read(data, "x")
    assert len(found) + len(found.unreadable) == data.count(b"<trkpt") == len(rows)


@given(data=st.data())
@settings(deadline=None, max_examples=120)
def test_a_damaged_file_is_read_or_refused(data):
    content = written([(float(second), 40.0, 50.0, 1_000, 400, "AHY8243") for second in range(8)])
    content = damaged(data, content, [b"<trkpt>", b"</trk>", b"<!--"])
    try:
        found = gpx.read(content, "x")
    except TrackError:
        return
    numbers = [*found.row.tolist(), *(one.row for one in found.unreadable)]
    assert len(set(numbers)) == len(numbers)
    assert all(one.detail for one in found.unreadable)
    assert {len(column) for column in found.columns.values()} == {len(found)}


REAL = sorted((SHARED / "gpx").glob("*"))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_the_real_files_are_counted_as_grep_counts_them(path):
    data = path.read_bytes()
    assert gpx.sniff(data[: 1 << 16]) == "gpx"
    count = len(re.findall(rb"<trkpt\b", data))
    if not count:
        with pytest.raises(TrackUnreadable, match="no track but places"):
            gpx.read(data, path.name)
        return
    rows = gpx.read(data, path.name)
    times = re.findall(rb"<trkpt[^>]*>(?:(?!</trkpt>).)*?<time>((?!1901)[^<]*)</time>", data, re.DOTALL)
    assert (len(rows), len(rows) + len(rows.unreadable)) == (len(times), count)
    lines = [number for number, line in enumerate(data.splitlines(), start=1) if b"<trkpt" in line]
    assert sorted([*rows.row.tolist(), *(one.row for one in rows.unreadable)]) == lines


@pytest.mark.skipif(not REAL, reason="the shared real files are not here")
def test_values_of_a_real_file():
    rows = gpx.read((SHARED / "gpx" / "gpxpy_track-with-empty-segment.gpx").read_bytes(), "x")
    assert rows.part.names == ("2013-07-06T14:59:00Z",)
    assert rows.columns["time_s"][1] == datetime.fromisoformat("2013-07-06T17:26:30+00:00").timestamp()
    assert [rows.columns[name][1] for name in ("lat_deg", "lon_deg")] == [50.7773346, 6.0821333]
    assert rows.columns["geometric_altitude_ft"][1] == pytest.approx(628.608, abs=0.001)
    times = gpx.read((SHARED / "gpx" / "gpxpy_Mojstrovka.gpx").read_bytes(), "x").unreadable
    assert len(times) == 184
    assert all("'1901-12-13T20:45:52" in one.detail for one in times)
