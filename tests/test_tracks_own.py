"""XML files of ours that were changed or damaged: what is left is read, and every row accounted for."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_tracks import START_S, straight

from geo.errors import TrackError, TrackUnreadable
from geo.tracks import gpx, gx_track, judge, own
from geo.tracks.write import as_gpx, as_kml

LAT = [40.0, 91.0, 40.04, np.nan, 40.08, 40.1]
TRACK = judge(
    straight(6, geometric_altitude_ft=np.arange(6) * 100.0).replace(lat_deg=np.array(LAT)),
    {4: ("implausible speed", "made up")},
).track
GPX = b"".join(as_gpx.pieces(TRACK))
KML = b"".join(as_kml.pieces(TRACK))
READERS = pytest.mark.parametrize(
    ("reader", "whole", "begins"),
    [(gpx, GPX, rb"(?m)^<(trkpt|fc:fix) "), (gx_track, KML, rb"(?m)<when>|^<gx:value>20\d\d-")],
    ids=["gpx", "kml"],
)


@READERS
def test_every_fix_is_a_row_in_order_of_time(reader, whole, begins):
    rows = reader.read(whole, "a")
    assert len(rows) == len(re.findall(begins, whole)) == 6
    assert np.array_equal(rows.columns["time_s"], TRACK.time_s)
    assert np.array_equal(rows.columns["lat_deg"], LAT, equal_nan=True)
    assert np.array_equal(rows.columns["geometric_altitude_ft"], np.arange(6) * 100.0)
    assert {index: said[0] for index, said in rows.given.items()} == {1: "out of range", 4: "implausible speed"}
    lines = whole.split(b"\n")
    assert all(re.search(begins, lines[row - 1]) for row in rows.row.tolist())


@READERS
def test_a_file_that_breaks_off_gives_what_stood_before_and_counts_the_rest(reader, whole, begins):
    for end in range(len(whole) // 4, len(whole), 7):
        text = whole[:end]
        rows = reader.read(text, "a")
        begun = len(re.findall(begins, text))
        assert begun <= len(rows) + len(rows.unreadable) <= begun + 1
        numbers = [*rows.row.tolist(), *(one.row for one in rows.unreadable)]
        assert len(set(numbers)) == len(numbers)
        assert rows.unreadable or end >= len(whole) - 1


@READERS
def test_rows_behind_a_place_that_is_no_xml_are_counted(reader, whole, begins):
    text = whole.replace(b"<trkseg>", b"<trkseg <", 1).replace(b"<gx:Track>", b"<gx:Track <", 1)
    assert text != whole
    rows = reader.read(text, "a")
    assert len(rows) == 0
    assert len(rows.unreadable) == len(re.findall(begins, whole)) + 1


@READERS
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_damage_never_breaks_the_reader(reader, whole, begins, data):  # noqa: ARG001  one list of files for all
    content = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b'"', b"<", b">", b"/>", b"&lt;", b"9" * 400, b"\0", b"\r"])
        )
    refused = ""
    try:
        rows = reader.read(bytes(content), "a")
        numbers = [*rows.row.tolist(), *(one.row for one in rows.unreadable)]
        assert len(set(numbers)) == len(numbers)
    except TrackError as error:
        refused = str(error)
    assert len(refused) < 1_000


@READERS
def test_a_document_type_is_refused(reader, whole, begins):  # noqa: ARG001  one list of files for all
    with pytest.raises(TrackUnreadable, match="it declares a document type"):
        reader.read(whole.replace(b"?>\n", b'?>\n<!DOCTYPE a [<!ENTITY b "c">]>\n', 1), "a")


def test_gpx_may_come_back_with_another_prefix_and_more_points():
    text = GPX.replace(b"fc:", b"ns1:").replace(b":fc=", b":ns1=")
    text = text.replace(
        b"</trkseg>", b'<trkpt lat="40.2" lon="50"><time>2024-12-25T03:56:00Z</time></trkpt>\n</trkseg>', 1
    )
    rows = gpx.read(text, "a.gpx")
    assert rows.columns["time_s"].tolist() == [*TRACK.time_s.tolist(), START_S + 60]
    assert rows.columns["lat_deg"][-1] == 40.2
    assert np.isnan(rows.columns["geometric_altitude_ft"][-1])


def test_gpx_without_our_elements_is_read_as_any_other():
    text = re.sub(rb"<fc:fix[^>]*/>|<fc:track[^>]*/>", b"", GPX)
    rows = gpx.read(text, "a.gpx")
    assert len(rows) == len(re.findall(rb"<trkpt", text))
    assert rows.part is not None


def test_an_unknown_reason_or_a_number_that_is_none_costs_its_row():
    text = GPX.replace(b'reason="out of range"', b'reason="mistaken"').replace(b'lat="40.04"', b'lat="forty"')
    rows = gpx.read(text, "a.gpx")
    assert sorted(one.detail for one in rows.unreadable) == [
        "lat is 'forty', which is no number",
        "the reason 'mistaken' is none we know",
    ]
    assert len(rows) == 4


def test_a_placemark_with_lists_of_two_lengths_costs_its_rows():
    text = KML.replace(b"<gx:value>1</gx:value>\n", b"", 1)
    rows = gx_track.read(text, "a.kml")
    assert len(rows) + len(rows.unreadable) == 6
    assert "values of number" in rows.unreadable[0].detail


def test_a_time_outside_of_a_track_is_no_row():
    stray = b"<Placemark><TimeStamp><when>2024-12-25T03:55:00Z</when></TimeStamp></Placemark>\n</Document>"
    rows = gx_track.read(KML.replace(b"</Document>", stray), "a.kml")
    assert (len(rows), len(rows.unreadable)) == (6, 0)


def test_a_placemark_that_does_not_end_costs_its_rows_and_no_other():
    text = KML.replace(b"</gx:Track></Placemark>\n", b"</gx:Track>\n", 1)
    rows = gx_track.read(text.replace(b"</Document>", b"</Placemark></Document>"), "a.kml")
    assert len(rows) + len(rows.unreadable) == 6
    assert {one.detail for one in rows.unreadable} == {"the placemark of this fix does not end"}


def test_kml_without_a_received_position_is_known_too():
    nowhere = judge(straight(2).replace(lat_deg=np.full(2, np.nan))).track
    text = b"".join(as_kml.pieces(nowhere))
    assert b"<gx:Track" not in text
    assert gx_track.sniff(text) == "gx-track"
    assert len(gx_track.read(text, "a.kml")) == 2


def test_the_columns_that_are_read_are_those_of_a_track():
    assert set(own.COLUMNS.values()) < set(TRACK.columns())
    assert set(own.READ) - set(own.COLUMNS) == {"number", "reason", "altitude_reason"}
