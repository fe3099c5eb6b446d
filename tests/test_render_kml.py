"""The KML rendering: folders per state, tracks with their gaps, dashes, what each placemark says; and KMZ."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import get_coordinates
from small_scene import BACK, GAP, small_scene, with_every_word

from geo.render.antimeridian import cut_line, points, wrap
from geo.render.features import iso
from geo.render.kml import kml, kmz
from geo.render.kml_styles import DASHES

KML, GX = "{http://www.opengis.net/kml/2.2}", "{http://www.google.com/kml/ext/2.2}"
HOSTILE = "<script>alert(1)</script>]]>$[id]&\x00\x07\ufffe\r\n\"'"


def parsed(scene):
    return ET.fromstring(kml(scene).encode())  # noqa: S314  our own


def placemarks(root):
    return {one.get("id"): one for one in root.iter(f"{KML}Placemark")}


def data(placemark):
    return {one.get("name"): one.findtext(f"{KML}value") for one in placemark.iter(f"{KML}Data")}


def style_of(root, placemark):
    return next(s for s in root.iter(f"{KML}Style") if f"#{s.get('id')}" == placemark.findtext(f"{KML}styleUrl"))


def lines_at(placemark):
    return [
        [tuple(map(float, at.split(","))) for at in one.findtext(f"{KML}coordinates").split()]
        for one in placemark.iter(f"{KML}LineString")
    ]


def test_folders_are_the_states_in_the_words_of_the_legend() -> None:
    root = parsed(small_scene())
    folders = [one.findtext(f"{KML}name") for one in root.iter(f"{KML}Folder")]
    assert folders[:2] == ["Position received", "inferred"]
    assert folders[2:4] == ["Signal received, position false", "Intended route"]
    assert "All events" in folders


def test_a_received_line_is_a_track_with_its_times_and_a_gap_stays_one() -> None:
    root = parsed(small_scene())
    tracks = list(root.iter(f"{GX}Track"))
    assert len(tracks) == 2
    assert [when.text for when in tracks[0].iter(f"{KML}when")][-1] == iso(GAP)
    assert tracks[1].findtext(f"{KML}when") == iso(BACK)
    assert all(track.findtext(f"{KML}altitudeMode") == "clampToGround" for track in tracks)
    assert [coord.text for coord in tracks[0].iter(f"{GX}coord")] == ["8.0 50.0 0", "10.0 51.0 0"]


def test_a_line_that_claims_no_place_at_a_time_has_no_time_at_its_positions() -> None:
    scene = small_scene()
    scene["map"]["lines"][2]["path"] = scene["map"]["lines"][1]["path"]  # with times
    found = placemarks(parsed(scene))["stretch-2"]
    assert found.find(f".//{GX}Track") is None
    assert len(lines_at(found)) == 1


@pytest.mark.parametrize("shift", [0.0, 171.0])
def test_what_was_not_received_is_seen_only_in_dashes(shift) -> None:
    root = parsed(small_scene(shift))
    found = placemarks(root)
    for line in small_scene(shift)["map"]["lines"]:
        exact, seen = found[line["id"]], found.get(f"{line['id']}-dashes")
        hidden = style_of(root, exact).findtext(f"{KML}LineStyle/{KML}width") == "0"
        assert hidden == (line["style"] in DASHES) == (seen is not None)
        if seen is not None:
            assert len(lines_at(seen)) >= 3
            assert float(style_of(root, seen).findtext(f"{KML}LineStyle/{KML}width")) > 0
            assert all(-180 <= lon <= 180 for dash in lines_at(seen) for lon, _ in dash)


def test_state_basis_grade_claims_and_sources_are_data() -> None:
    found = placemarks(parsed(small_scene()))
    line = data(found["stretch-2"])
    assert (line["kind"], line["style"], line["evidence"], line["basis"]) == ("line", "rejected", "rejected", "bridged")
    event = data(found["event-turn"])
    assert event["grade"] == "disputed"
    assert event["source_ids"] == "S1 S2"
    assert event["claims"].splitlines()[0] == "A The tower: over the lake [S1]"
    assert "[S1] Notes of the tower, Example Aviation Office, 2023 https://example.org/notes" in event["sources"]
    assert "Leak, not authenticated" in found["event-turn"].findtext(f"{KML}description")
    assert "über dem Wald" in found["event-turn"].findtext(f"{KML}description")


def test_an_event_without_a_place_has_a_time_and_no_geometry() -> None:
    event = placemarks(parsed(small_scene()))["event-call"]
    assert event.findtext(f"{KML}TimeStamp/{KML}when") == "2023-11-14T22:23:20Z"
    assert all(event.find(f"{KML}{name}") is None for name in ("Point", "MultiGeometry"))


def test_an_event_has_its_own_time_and_not_that_of_the_bar() -> None:
    scene = small_scene()
    event = scene["events"][0]
    event |= {"datetime": "2023-11-14T21:50Z", "until": "2023-11-14T21:55Z"}  # before the bar begins
    found = placemarks(parsed(scene))["event-take-off"]
    assert found.findtext(f"{KML}TimeSpan/{KML}begin") == "2023-11-14T21:50:00Z"
    assert found.findtext(f"{KML}TimeSpan/{KML}end") == "2023-11-14T21:55:00Z"


def test_moments_of_a_reach_follow_one_another() -> None:
    found = placemarks(parsed(small_scene()))
    spans = [[found[f"reach-1-moment-{n}"].findtext(f"{KML}TimeSpan/{KML}{end}") for end in ("begin", "end")]
             for n in (1, 2, 3)]  # fmt: skip
    assert spans[0][1] == spans[1][0]
    assert spans[1][1] == spans[2][0]
    assert spans[2] == [iso(BACK), None]


@pytest.mark.parametrize("shift", [171.0, -189.0])
def test_a_track_over_the_antimeridian_is_cut_without_a_position_more(shift: float) -> None:
    scene = small_scene(shift)
    root = parsed(scene)
    (multi,) = root.iter(f"{GX}MultiTrack")
    assert multi.findtext(f"{GX}interpolate") == "1"
    assert len(list(root.iter(f"{GX}coord"))) == 4
    assert all(-180 <= float(coord.text.split()[0]) <= 180 for coord in root.iter(f"{GX}coord"))
    for line in (line for one in root.iter(f"{KML}Placemark") for line in lines_at(one)):
        assert all(abs(a[0] - b[0]) <= 180 for a, b in pairwise(line))


def test_hostile_text_stays_text() -> None:
    scene = with_every_word(small_scene(), lambda text: text + HOSTILE)
    root = parsed(scene)
    for one in root.iter(f"{KML}description"):
        assert "<script" not in one.text
        assert "$[" not in one.text
    name = root.findtext(f"{KML}Document/{KML}name")
    assert name.endswith(HOSTILE.replace("\x00", "\ufffd").replace("\x07", "\ufffd").replace("\ufffe", "\ufffd"))


def test_it_asks_nobody_for_anything() -> None:
    assert not list(parsed(small_scene()).iter(f"{KML}href"))
    with zipfile.ZipFile(io.BytesIO(kmz(small_scene()))) as archive:
        names = archive.namelist()
        assert names[0] == "doc.kml"
        root = ET.fromstring(archive.read("doc.kml"))  # noqa: S314  our own
        hrefs = {one.text for one in root.iter(f"{KML}href")}
        assert hrefs == set(names[1:])
        for name in hrefs:
            picture = archive.read(name)
            assert picture[:8] == b"\x89PNG\r\n\x1a\n"
            assert struct.unpack(">2I", picture[16:24]) == (64, 64)


def test_equal_scenes_give_equal_bytes() -> None:
    assert kml(small_scene()) == kml(small_scene())
    assert kmz(small_scene()) == kmz(small_scene())


@settings(max_examples=15, deadline=None)
@given(shift=st.floats(-360, 360).map(lambda x: round(x, 3)))
def test_gdal_reads_the_same_positions_and_data_wherever_on_earth(shift: float) -> None:
    scene = small_scene(shift)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a ZIP or text has no file name
        received = pyogrio.read_dataframe(kml(scene).encode(), layer="Position received", on_invalid="ignore")
        false = pyogrio.read_dataframe(kml(scene).encode(), layer="Signal received, position false")
    assert list(received["evidence"]) == ["received"] * 2
    assert list(received["basis"]) == ["measured"] * 2
    for line, shape in zip((scene["map"]["lines"][at] for at in (1, 3)), received.geometry, strict=True):
        wanted = np.array([[wrap(lon), lat] for lon, lat in points(line["path"])])
        if shape is not None:  # GEOS knows no line of one position, as a cut at the antimeridian leaves it
            assert get_coordinates(shape) == pytest.approx(wanted, abs=1e-6)
    assert list(false["kind"]) == ["line", "dashes", "crosses"]
    pieces, _ = cut_line(points(scene["map"]["lines"][2]["path"]))
    exact = get_coordinates(false.geometry[0])
    assert exact == pytest.approx(np.array([at for piece in pieces for at in piece]), abs=1e-6)


def test_words_of_several_languages_in_a_name_are_one_text() -> None:
    scene = small_scene()
    scene["map"]["rings"][0]["text"] = [{"text": "Zwei Schläge", "lang": "de"}, ": within 18 km"]
    assert placemarks(parsed(scene))["ring-turn"].findtext(f"{KML}name") == "Zwei Schläge: within 18 km"
