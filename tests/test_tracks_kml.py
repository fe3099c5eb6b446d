"""Plain KML: points with times, lines with as many times as positions, and what is no track."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import SHARED, reports
from made_xml import damaged
from made_xml import fr24_kml as flightradar
from made_xml import gx_track as tracks
from made_xml import kml as written

from geo.errors import TrackError, TrackUnreadable
from geo.tracks import fr24_kml, gpx, gx_track, kml
from geo.tracks.markup.xml_rows import ABOVE_GEOID

if TYPE_CHECKING:
    from geo.tracks.rows import Rows

NO_ZONE = "has no zone; write it in UTC as 2024-12-25T05:13:31Z, or with an offset as 2024-12-25T09:13:31+04:00"
SECOND = datetime.fromisoformat("2024-12-25T05:13:00+00:00").timestamp()


def when(second: int) -> str:
    return f"<when>2024-12-25T05:13:{second:02d}Z</when>"


def point(second: int = 0, where: str = "50.5,40,300", mode: str = "absolute") -> str:
    altitude = f"<altitudeMode>{mode}</altitudeMode>" if mode else ""
    inside = f"<Point>{altitude}<coordinates>{where}</coordinates></Point>"
    return f"<Placemark><TimeStamp>{when(second)}</TimeStamp>{inside}</Placemark>"


def line(*where: str) -> str:
    positions = f"<coordinates>\n{' '.join(where)}\n</coordinates>"
    return f"<LineString><altitudeMode>absolute</altitudeMode>{positions}</LineString>"


def read(*content: str) -> Rows:
    data = "\n".join(['<kml xmlns="http://www.opengis.net/kml/2.2">', "<Document>", *content, "</Document></kml>"])
    return kml.read(data.encode(), "x.kml")


def test_a_point_with_a_time_is_a_row():
    rows = read(point(), point(1, "50.5,41"))
    assert rows.row.tolist() == [3, 4]
    assert rows.columns["time_s"].tolist() == [SECOND, SECOND + 1]
    assert rows.columns["lat_deg"].tolist() == [40, 41]
    assert rows.columns["lon_deg"].tolist() == [50.5, 50.5]
    assert rows.columns["geometric_altitude_ft"] == pytest.approx([984.25197, np.nan], nan_ok=True)
    assert rows.part is None
    assert rows.notes == (ABOVE_GEOID,)


def test_a_time_span_counts_from_its_begin():
    span = "<TimeSpan><begin>2024-12-25T06:13:05+01:00</begin><end>2024-12-25T05:14:00Z</end></TimeSpan>"
    rows = read(f"<Placemark>{span}<Point><coordinates>1,2</coordinates></Point></Placemark>")
    assert rows.columns["time_s"].tolist() == [SECOND + 5]


def test_each_folder_with_rows_is_a_part():
    rows = read(
        f"<Folder><name>A</name>{point()}",
        f"<Folder>{point(1)}</Folder>{point(2)}</Folder>",
        f"<Folder><name>empty</name></Folder>{point(3)}<Folder>{point(4)}<name>A</name></Folder>",
    )
    assert rows.part.names == ("A", "part 2", "A (part 3)")
    assert rows.part.codes.tolist() == [0, 1, 0, -1, 2]


def test_a_line_with_as_many_times_is_a_row_for_each():
    whens = "\n".join(when(second) for second in range(3))
    rows = read(f"<Placemark><name>L</name>\n{whens}\n{line('1,40,300', '2,41,0', '3,42')}</Placemark>")
    assert rows.row.tolist() == [4, 5, 6]
    assert rows.columns["time_s"].tolist() == [SECOND, SECOND + 1, SECOND + 2]
    assert rows.columns["lon_deg"].tolist() == [1, 2, 3]
    assert rows.columns["geometric_altitude_ft"] == pytest.approx([984.25197, 0, np.nan], nan_ok=True)
    assert rows.part.names == ("L",)


def test_times_and_positions_of_a_line_without_partner_are_listed():
    whens = "\n".join(f"<TimeStamp>{when(second)}</TimeStamp>" for second in range(3))
    rows = read(f"<Placemark>\n{whens}\n{line('1,40', 'x,41')}</Placemark>")
    assert rows.row.tolist() == [4]
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (5, "the longitude is 'x', which is no number"),
        (6, "the time 2024-12-25T05:13:02Z has no position: there are 3 times and 2 positions"),
    ]


def test_a_line_of_two_hundred_thousand_positions_is_read_whole():
    count = 200_000
    whens = "\n".join(f"<when>{1735103611 + second}</when>" for second in range(count))
    where = [f"{place / count},40.25,300" for place in range(count)]
    rows = read(f"<Placemark>{whens}{line(*where)}</Placemark>")
    assert len(rows) == count
    assert rows.columns["lon_deg"] == pytest.approx(np.arange(count) / count, abs=1e-9)


def test_what_has_no_time_of_its_own_is_no_row_beside_what_has():
    rows = read(
        point(),
        "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>",
        f"<Placemark>{line('1,2', '3,4')}</Placemark>",
        f"<Placemark><LookAt><gx:TimeStamp>{when(1)}</gx:TimeStamp></LookAt><Point><coordinates>1,2</coordinates></Point></Placemark>",
        f"<Placemark><TimeStamp>{when(2)}</TimeStamp>{line('1,2', '3,4')}</Placemark>",
        f"<Placemark><TimeStamp>{when(2)}</TimeStamp><Polygon><outerBoundaryIs><LinearRing><coordinates>1,2 3,4 1,2"
        "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>",
    )
    assert (len(rows), rows.unreadable) == (1, ())


def test_rows_that_cannot_be_read_cost_no_other():
    rows = read(
        point().replace("2024-12-25T05:13:00Z", "2024-12-25"),
        point(where="50.5"),
        point(where="50.5,north,3"),
        point(where=""),
        point().replace("2024-12-25T05:13:00Z", "1"),
    )
    assert rows.row.tolist() == [6]
    assert np.isnan(rows.columns["lat_deg"]).all()
    assert [(one.row, one.detail) for one in rows.unreadable] == [
        (3, f"the time '2024-12-25' {NO_ZONE}"),
        (4, "the position '50.5' is not longitude, latitude and altitude"),
        (5, "the latitude is 'north', which is no number"),
        (7, "the time '1' is no count of seconds or milliseconds since 1970; write 2024-12-25T05:13:31Z"),
    ]


def test_an_altitude_without_meaning_is_left_out_and_noted():
    rows = read(point(mode="clampToGround"), point(1, mode=""))
    assert "geometric_altitude_ft" not in rows.columns
    assert rows.notes == ("altitudes are not read where altitudeMode is not absolute: KML gives them no meaning there",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            f"<Placemark>{line('1,2', '3,4')}</Placemark>",
            "it has positions and no times, and a track without times is no",
        ),
        (
            "<Placemark><Point><coordinates>1,2</coordinates></Point></Placemark>",
            "write a TimeStamp with a when beside",
        ),
        (f"<Placemark>{when(0)}{line('1,2', '3,4')}</Placemark>", "positions and one time for all positions of a line"),
    ],
)
def test_a_file_without_times_is_refused(content, words):
    with pytest.raises(TrackUnreadable, match=words):
        read(content)


@pytest.mark.parametrize(
    ("end", "readable", "listed"),
    [
        ("", [3], {4: "the file breaks off here"}),
        (point(1)[:40], [3], {4: "the file breaks off here"}),
        (
            f"{point(1)}</Foo>{point(2)}\n{point(3)}",
            [1, 2],
            {3: "mismatched tag", 4: "stands behind", 5: "behind line 4"},
        ),
        (f"<Placemark>{when(1)}\n{when(2)}<LineString><coordinates>1,2", [3], {4: "the file breaks off here"}),
        (
            f"<Placemark>{when(1)}\n{when(2)}<LineString><coordinates>1,2</coordinates>",
            [3, 4],
            {5: "the time 2024-12-25T05:13:02Z has no position: the file breaks off here"},
        ),
    ],
)
def test_what_stands_before_a_break_is_kept(end, readable, listed):
    rows = kml.read(f"<kml>\n<Document>\n{point()}\n{end}".encode(), "x")
    assert rows.row.tolist() == readable
    assert {one.row for one in rows.unreadable} == listed.keys()
    assert all(words in dict(rows.unreadable)[row] for row, words in listed.items())


def test_other_kml_is_read_by_its_reader_however_far_down_it_stands():
    reports_made = [(float(second), 40.0, 50.0, 1_000, 400, "AHY8243") for second in range(3)]
    for content, reader in ((tracks(reports_made), gx_track), (flightradar(reports_made), fr24_kml)):
        far = content.replace(b"<Document>", b"<Document>" + b"<Style/>" * 10_000)
        assert reader.sniff(far[: 1 << 16]) is None
        assert kml.sniff(far[: 1 << 16]) == "kml"
        found, expected = kml.read(far, "x"), reader.read(far, "x")
        assert found.columns.keys() == expected.columns.keys()
        assert len(found) == 3


def test_hostile_content_is_read_or_refused():
    rows = read("<Folder><name>&lt;script&gt;</name>" + point() + "</Folder>", "<Folder></Folder>" * 100_000)
    assert (len(rows), rows.part.names) == (1, ("<script>",))
    with pytest.raises(TrackUnreadable, match="line 1: it declares a document type"):
        kml.read(b'<!DOCTYPE kml [<!ENTITY a "b">]><kml/>', "x")
    assert len(kml.read(b"<kml><Document></Document></kml>", "x")) == 0
    deep = read(point(), "<Folder>" * 1_000)
    assert (len(deep), "nested more than 100 deep" in deep.unreadable[0].detail) == (1, True)


@pytest.mark.parametrize("head", [b"<gpx/>", b"time,lat,lon", b"{}", b"", b"PK\x03\x04", b"<html><kml>"])
def test_other_files_are_not_taken(head):
    assert kml.sniff(head) is None


def test_kml_is_told_from_gpx():
    assert gpx.sniff(b"<kml>") is None


@given(rows=reports)
@settings(deadline=None, max_examples=60)
def test_every_point_is_accounted_for(rows):
    data = written(rows)
    assert [reader.sniff(data) for reader in (fr24_kml, gx_track, kml)] == [None, None, "kml"]
    found = kml.read(data, "x")
    assert len(found) + len(found.unreadable) == data.count(b"<Point>") == len(rows)


@given(data=st.data())
@settings(deadline=None, max_examples=120)
def test_a_damaged_file_is_read_or_refused(data):
    content = written([(float(second), 40.0, 50.0, 1_000, 400, "AHY8243") for second in range(6)])
    content = damaged(data, content, [b"<Placemark>", b"</Point>", b"<LineString>", b"<when/>", b"</Folder>"])
    try:
        found = kml.read(content, "x")
    except TrackError:
        return
    numbers = [*found.row.tolist(), *(one.row for one in found.unreadable)]
    assert len(set(numbers)) == len(numbers)
    assert {len(column) for column in found.columns.values()} == {len(found)}


@pytest.mark.parametrize(
    "path", sorted([*(SHARED / "fr24_kml").glob("*"), *(SHARED / "gx_track").glob("*")]), ids=lambda path: path.name
)
def test_the_real_files_of_others_are_kml_too(path):
    data = path.read_bytes()
    reader = fr24_kml if path.parent.name == "fr24_kml" else gx_track
    assert kml.sniff(data[: 1 << 16]) == "kml"
    assert kml.read(data, "x").row.tolist() == reader.read(data, "x").row.tolist()
