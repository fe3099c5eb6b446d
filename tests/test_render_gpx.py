"""The GPX rendering: waypoints, routes, tracks, extensions, and what GDAL reads of them."""

from __future__ import annotations

import itertools
import warnings
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import get_coordinates
from small_scene import BACK, GAP, START, small_scene, with_every_word

from geo.render.antimeridian import points, wrap
from geo.render.features import iso
from geo.render.gpx import gpx
from geo.tracks.exported import FORMAT, NAMESPACE

GPX, FC = "{http://www.topografix.com/GPX/1/1}", f"{{{NAMESPACE}}}"
HOSTILE = "<trkpt lat='0' lon='0'/>]]>&\x00\x07\r\n\"'"
#: The order of the schema, https://www.topografix.com/GPX/1/1/.
ORDERS = {
    "gpx": ("metadata", "wpt", "rte", "trk", "extensions"),
    "metadata": ("name", "desc", "author", "copyright", "link", "time", "keywords", "bounds", "extensions"),
    "wpt": ("ele", "time", "magvar", "geoidheight", "name", "cmt", "desc", "src", "link", "sym", "type", "extensions"),
    "rte": ("name", "cmt", "desc", "src", "link", "number", "type", "extensions", "rtept"),
    "trk": ("name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"),
    "trkseg": ("trkpt", "extensions"),
    "trkpt": ("ele", "time", "extensions"),
}


def parsed(scene):
    return ET.fromstring(gpx(scene).encode())  # noqa: S314  our own


def said(element):
    return {one.tag.removeprefix(FC): one.text for one in element.find(f"{GPX}extensions")}


def scenes():
    return st.floats(-360, 360).map(lambda x: small_scene(round(x, 3)))


@settings(max_examples=25, deadline=None)
@given(scenes())
def test_elements_stand_in_the_order_of_the_schema_within_its_bounds(scene) -> None:
    root = parsed(scene)
    for one in root.iter():
        name = one.tag.removeprefix(GPX)
        if name in ORDERS:
            places = [ORDERS[name].index(child.tag.removeprefix(GPX)) for child in one]
            assert places == sorted(places)
        if "lon" in one.attrib:
            assert -180 <= float(one.get("lon")) < 180
            assert -90 <= float(one.get("lat")) <= 90


def test_received_lines_are_tracks_with_their_times_and_a_gap_stays_one() -> None:
    tracks = parsed(small_scene()).findall(f"{GPX}trk")
    assert [one.findtext(f"{GPX}type") for one in tracks] == ["received", "received"]
    times = [[time.text for time in one.iter(f"{GPX}time")] for one in tracks]
    assert times == [[iso(START), iso(GAP)], [iso(BACK), iso(BACK + 1200)]]
    assert (said(tracks[0])["evidence"], said(tracks[0])["basis"]) == ("received", "measured")


def test_lines_without_a_place_at_a_time_are_routes_that_say_what_they_are() -> None:
    scene = small_scene()
    scene["map"]["lines"][2]["path"] = scene["map"]["lines"][1]["path"]  # bridged, with times
    routes = parsed(scene).findall(f"{GPX}rte")
    assert [one.findtext(f"{GPX}type") for one in routes] == ["intended", "rejected"]
    assert routes[1].findtext(f"{GPX}name") == "Position false: false"
    assert routes[1].findtext(f"{GPX}cmt") == "Signal received, position false · bridged" or (
        "Position false" in routes[1].findtext(f"{GPX}cmt")
    )
    assert not [time for one in routes for time in one.iter(f"{GPX}time")]


def test_an_inferred_track_says_so_in_name_type_and_extensions_and_keeps_its_doubt() -> None:
    scene = small_scene()
    line = scene["map"]["lines"][1]
    line |= {"style": "inferred", "evidence": "partial", "basis": "reconstructed", "label": "10:00–11:00"}
    line["path"]["doubt_m"] = {"quantum": 1, "deltas": [0, 1200]}
    scene["states"][0] |= {
        "style": "inferred",
        "evidence": "partial",
        "basis": "reconstructed",
        "text": "Inferred only",
    }
    track = parsed(scene).find(f"{GPX}trk")
    assert track.findtext(f"{GPX}name") == "Inferred only: 10:00–11:00"
    assert track.findtext(f"{GPX}type") == "inferred"
    assert (said(track)["evidence"], said(track)["basis"]) == ("partial", "reconstructed")
    assert [one.text for one in track.iter(f"{FC}doubt_m")] == ["0.0", "1200.0"]


def test_events_with_a_place_are_waypoints_and_others_stand_in_the_description() -> None:
    root = parsed(small_scene())
    names = [one.findtext(f"{GPX}name") for one in root.findall(f"{GPX}wpt")]
    assert {"1 · Take-off from Westby", "2 · Turn", "Westby", "Eastby"} == set(names)
    assert "Funkspruch · 14 November 2023, 22:23:20 UTC · Stated" in root.findtext(f"{GPX}metadata/{GPX}desc")
    turn = next(one for one in root.findall(f"{GPX}wpt") if one.findtext(f"{GPX}name") == "2 · Turn")
    assert turn.findtext(f"{GPX}time") == "2023-11-14T22:33:20Z"
    assert said(turn)["grade"] == "disputed"
    assert [one.get("by") for one in turn.iter(f"{FC}claim")] == ["The tower", "The crew"]
    assert [one.get("id") for one in turn.iter(f"{FC}source")] == ["S1", "S2"]
    assert "B (Leak, not authenticated) The crew: über dem Wald" in turn.findtext(f"{GPX}desc")


def test_an_event_known_by_its_day_has_no_time_of_day() -> None:
    scene = small_scene()
    scene["events"][2]["datetime"] = "2023-11-14"
    turn = next(one for one in parsed(scene).findall(f"{GPX}wpt") if one.findtext(f"{GPX}name") == "2 · Turn")
    assert turn.find(f"{GPX}time") is None


def test_areas_and_crosses_are_kept_in_the_extensions_of_the_file() -> None:
    kept = parsed(small_scene()).find(f"{GPX}extensions")
    kinds = [one.findtext(f"{FC}kind") for one in kept]
    assert {"band", "ring", "reach", "reach at a moment", "crosses", "state"} <= set(kinds)
    areas = [one for one in kept.iter(f"{FC}positions") if one.get("of") == "polygon"]
    assert all(one.text.split()[0] == one.text.split()[-1] for one in areas)


def test_the_file_says_what_it_is_and_rests_on() -> None:
    meta = parsed(small_scene()).find(f"{GPX}metadata")
    assert meta.findtext(f"{GPX}time") == "2023-12-01T00:00:00Z"
    case = meta.find(f"{GPX}extensions/{FC}case")
    assert (case.get("format"), case.get("case"), case.get("language")) == (FORMAT, "ex-1", "en")
    assert [one.get("id") for one in meta.iter(f"{FC}source")] == ["S1", "S2", "S9"]
    assert [one.text for one in meta.iter(f"{FC}correction")] == ["The turn was given a minute late."]
    assert meta.find(f"{GPX}bounds").attrib == {"minlat": "50.0", "minlon": "8.0", "maxlat": "53.0", "maxlon": "14.0"}


def test_over_the_antimeridian_segments_part_and_no_bounds_are_told() -> None:
    root = parsed(small_scene(171.0))
    assert root.find(f"{GPX}metadata/{GPX}bounds") is None
    assert [len(one) for one in root.find(f"{GPX}trk").iter(f"{GPX}trkseg")] == [1, 1]
    for route in root.findall(f"{GPX}rte"):
        lons = [float(one.get("lon")) for one in route.iter(f"{GPX}rtept")]
        assert all(abs(a - b) < 180 for a, b in itertools.pairwise(lons))


def test_hostile_text_stays_text() -> None:
    plain, changed = parsed(small_scene()), parsed(with_every_word(small_scene(), lambda text: text + HOSTILE))
    assert [one.tag for one in plain.iter() if one.tag.startswith(GPX)] == [
        one.tag for one in changed.iter() if one.tag.startswith(GPX)
    ]
    assert changed.findtext(f"{GPX}metadata/{GPX}name").endswith(
        HOSTILE.replace("\x00", "\ufffd").replace("\x07", "\ufffd")
    )


def test_equal_scenes_give_equal_bytes() -> None:
    assert gpx(small_scene()) == gpx(small_scene())


@settings(max_examples=15, deadline=None)
@given(scene=scenes())
def test_gdal_reads_the_same_positions_times_and_states(scene) -> None:
    data = gpx(scene).encode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two links are read of an element; a segment may be one position
        layers = {
            name: pyogrio.read_dataframe(data, layer=name, on_invalid="ignore")
            for name in ("waypoints", "routes", "tracks")
        }
        track_points = pyogrio.read_dataframe(data, layer="track_points")
    assert len(layers["waypoints"]) == 4
    assert set(layers["routes"]["fc_style"]) == {"intended", "rejected"}
    assert list(layers["tracks"]["fc_basis"]) == ["measured", "measured"]
    lines = [line["path"] for line in scene["map"]["lines"] if line["style"] == "received"]
    wanted = np.array([[wrap(lon), lat] for line in lines for lon, lat in points(line)])
    found = get_coordinates(track_points.geometry.to_numpy())
    assert (found[:, 0] - wanted[:, 0] + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)
    assert found[:, 1] == pytest.approx(wanted[:, 1])
    assert [time.timestamp() for time in track_points["time"]] == [START, GAP, BACK, BACK + 1200]
