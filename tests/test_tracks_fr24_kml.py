"""The KML of Flightradar24: fixes in one folder, the same as lines in the other."""

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
from made_xml import fr24_kml as written

from geo.errors import TrackError, TrackUnreadable
from geo.tracks import fr24_kml, gx_track
from geo.tracks.fr24_kml import described

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

HTML = """<div><div><span><b>Altitude:</b></span> <span>{}</span></div>
<div><span><b>Speed:</b></span> <span>{}</span></div>
<div><span><b>Heading:</b></span> <span>{}</span></div>
</div>"""
POINT = "<Placemark>{}<Point><altitudeMode>absolute</altitudeMode><coordinates>{}</coordinates></Point></Placemark>"
WHEN = "<TimeStamp><when>2024-12-25T05:13:31+00:00</when></TimeStamp>"
TRAIL = (
    "<Folder><name>Trail</name><Placemark><MultiGeometry>"
    "<LineString><coordinates>1,2,0 3,4,0</coordinates></LineString></MultiGeometry></Placemark></Folder>"
)


def point(altitude="34,000 ft", speed="451 kt", heading="209&deg;", where="50.5,40.25,10363", when=WHEN) -> str:
    return POINT.format(f"<description><![CDATA[{HTML.format(altitude, speed, heading)}]]></description>{when}", where)


def read(*points: str, name: str = "FZ981/FDB981", tail: str = f"</Folder>{TRAIL}</Document></kml>") -> Rows:
    head = f"<kml><Document><name>{name}</name>\n<Folder>\n<name>Route</name>\n"
    data = (head + "\n".join(points) + "\n" + tail).encode()
    assert fr24_kml.sniff(data) == "fr24-kml"
    return fr24_kml.read(data, "x.kml")


def test_a_fix_is_read_from_its_point_and_its_description():
    rows = read(point())
    assert rows.row.tolist() == [4]
    assert {name: column[0] for name, column in rows.columns.items()} == {
        "time_s": datetime.fromisoformat("2024-12-25T05:13:31+00:00").timestamp(),
        "lat_deg": 40.25,
        "lon_deg": 50.5,
        "altitude_ft": 34_000,
        "ground_speed_kt": 451,
        "track_deg": 209,
        "on_ground": 0,
    }
    assert (rows.callsign.names, rows.part.names) == (("FDB981",), ("FZ981/FDB981",))


@pytest.mark.parametrize(
    ("name", "callsign"),
    [("AM215/AMX215", ("AMX215",)), ("JAL516", ("JAL516",)), ("FZ981/", ()), ("a/&lt;b&gt;x", ()), ("", ())],
)
def test_the_callsign_is_the_last_of_the_name(name, callsign):
    assert read(point(), name=name).callsign.names == callsign


def test_the_altitude_of_the_point_stands_in_for_a_missing_one():
    rows = read(POINT.format(WHEN, "50.5,40.25,10363.2"), point())
    assert rows.columns["altitude_ft"] == pytest.approx([34_000, 34_000])
    assert rows.columns["ground_speed_kt"] == pytest.approx([np.nan, 451], nan_ok=True)


def test_zero_is_no_altitude_and_slow_it_is_the_ground():
    rows = read(point(altitude="0 ft", speed="12 kt"), point(altitude="0 ft", speed="120 kt"), point())
    assert np.isnan(rows.columns["altitude_ft"]).tolist() == [True, True, False]
    assert rows.columns["on_ground"] == pytest.approx([1, np.nan, 0], nan_ok=True)


def test_a_point_without_coordinates_has_no_position():
    rows = read(point(where=""))
    assert np.isnan(rows.columns["lat_deg"]).all()
    assert rows.columns["altitude_ft"].tolist() == [34_000]


def test_fixes_that_cannot_be_read_are_listed_by_their_lines():
    rows = read(
        point(when=""),
        point(when="<TimeStamp><when>noon</when></TimeStamp>"),
        point(where="50.5"),
        point(altitude="10 km"),
        POINT.format(WHEN + "<description>Speed: fast kt</description>", "1,2,3"),
        point(),
    )
    assert rows.row.tolist() == [21]
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (4, "it has no time; write 2024-12-25T05:13:31Z"),
        (8, "the time 'noon' is none that can be read; write 2024-12-25T05:13:31Z"),
        (12, "the position '50.5' is not longitude, latitude and altitude"),
        (16, "Altitude is in 'km', not in ft"),
        (20, "Speed is 'fast', which is no number"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>Altitude:</b></span> <span>1,250 ft</span>", {"Altitude": 1250}),
        ("Heading: 16°", {"Heading": 16}),
        ("Heading: 16", {"Heading": 16}),
        ("Speed:<br/>N/A", {}),
        ("", {}),
    ],
)
def test_a_description_says_what_it_holds(text, expected):
    assert {what: value for what, value in described(text).items() if not np.isnan(value)} == expected


def test_points_elsewhere_and_placemarks_without_point_are_no_rows():
    outside = f"</Folder>{point()}<Folder><name>Other</name>{point()}</Folder></Document></kml>"
    rows = read(
        point(), f"<Placemark>{WHEN}</Placemark>", f"<Folder><name>a</name>{point()}</Folder>", point(), tail=outside
    )
    assert len(rows) == 3
    assert rows.unreadable == ()


@pytest.mark.parametrize(
    ("end", "row", "words"),
    [
        ("", 8, "the file breaks off here"),
        (f"<Placemark>{WHEN}<Point>", 8, "the file breaks off here"),
        (f"{TRAIL}</Foo>", 8, "mismatched tag"),
    ],
)
def test_what_stands_before_a_break_is_kept(end, row, words):
    rows = read(point(), tail=end)
    assert rows.row.tolist() == [4]
    assert [one.row for one in rows.unreadable] == [row]
    assert words in rows.unreadable[0].detail


def test_a_document_type_is_refused():
    with pytest.raises(TrackUnreadable, match="line 1: it declares a document type"):
        fr24_kml.read(b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "x")


@given(rows=reports)
@settings(deadline=None, max_examples=60)
def test_every_fix_is_accounted_for_and_none_twice(rows):
    data = written(rows)
    assert fr24_kml.sniff(data) == "fr24-kml"
    found = fr24_kml.read(data, "x")
    assert len(found) + len(found.unreadable) == len(rows)


@given(data=st.data())
@settings(deadline=None, max_examples=100)
def test_a_damaged_file_is_read_or_refused(data):
    content = written([(float(second), 40.0, 50.0, 1_000, 400, "AHY8243") for second in range(5)])
    content = damaged(data, content, [b"<Folder>", b"</Placemark>", b"<Point/>"])
    try:
        found = fr24_kml.read(content, "x")
    except TrackError:
        return
    numbers = [*found.row.tolist(), *(one.row for one in found.unreadable)]
    assert len(set(numbers)) == len(numbers)


REAL = sorted((SHARED / "fr24_kml").glob("*"))


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.name)
def test_the_real_files_are_read_once_and_not_doubled_by_the_trail(path):
    data = path.read_bytes()
    assert fr24_kml.sniff(data[: 1 << 16]) == "fr24-kml"
    assert gx_track.sniff(data[: 1 << 16]) is None
    rows = fr24_kml.read(data, path.name)
    text = data.decode()
    route = text[text.index("<name>Route</name>") : text.index("<name>Trail</name>")]
    whens = [datetime.fromisoformat(found).timestamp() for found in re.findall(r"<when>([^<]*)<", route)]
    points = [found.split(",") for found in re.findall(r"<coordinates>([^<]*)<", route)]
    assert rows.unreadable == ()
    assert rows.columns["time_s"].tolist() == whens
    assert rows.columns["lat_deg"].tolist() == [float(lat) for _, lat, _ in points]
    assert rows.columns["ground_speed_kt"].tolist() == [float(kt) for kt in re.findall(r">(\d+) kt<", route)]
    assert rows.columns["track_deg"].tolist() == [float(deg) for deg in re.findall(r">(\d+)&deg;<", route)]
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if "<Placemark>" in line]
    assert rows.row.tolist() == lines[: len(rows)]


@pytest.mark.skipif(not REAL, reason="the shared real files are not here")
def test_who_flies_in_the_real_files():
    read_files = [fr24_kml.read(path.read_bytes(), path.name) for path in REAL]
    assert [(len(rows), rows.callsign.names) for rows in read_files] == [(10, ("FDB981",)), (3, ("AMX215",))]
