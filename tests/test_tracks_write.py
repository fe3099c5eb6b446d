"""A track written in any format and read back is the same track, and draws no position that does not hold."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from made_tracks import SHARED, START_S, WRITERS, reports, straight
from made_whole import names, whole
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from geo import tracks
from geo.errors import TrackError
from geo.model import Track
from geo.tracks.names import escaped, unescaped
from geo.tracks.write import SUFFIXES, write

#: The formats as which files of ours are read.
NAMES = {
    ".csv": "csv",
    ".parquet": "parquet",
    ".geojson": "geojson",
    ".gpx": "gpx",
    ".kml": "gx-track",
    ".czml": "czml",
}
GPX = "{http://www.topografix.com/GPX/1/1}"
KML = "{http://www.opengis.net/kml/2.2}"
GX = "{http://www.google.com/kml/ext/2.2}"
FC = "{https://example.invalid/flightcase/track-1}"
#: The order of children in the schemas.
GPX_ORDER = {
    "gpx": ["metadata", "wpt", "rte", "trk", "extensions"],
    "metadata": ["name", "desc", "author", "copyright", "link", "time", "keywords", "bounds", "extensions"],
    "trk": ["name", "cmt", "desc", "src", "link", "number", "type", "extensions", "trkseg"],
    "trkseg": ["trkpt", "extensions"],
    "trkpt": ["ele", "time", "magvar", "geoidheight", "name", "extensions"],
}
KML_ORDER = [f"{KML}{name}" for name in ("name", "description", "Style", "ExtendedData", "Schema", "Placemark")]
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
MANY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read_back(path):
    """The one track in the file."""
    reading = tracks.read(path)
    assert reading.format == NAMES[path.suffix]
    (leg,) = reading.legs
    return leg.track


def same(track, other):
    """Every column bit for bit, but for ``row``, which counts in the new file."""
    assert (track.icao24, track.callsign) == (other.icao24, other.callsign)
    for name, column in track.columns().items():
        if name != "row":
            assert bits(column) == bits(getattr(other, name)), name


def bits(column):
    """The bytes of a column, those of every NaN alike."""
    return (np.where(np.isnan(column), np.nan, column) if column.dtype == np.float64 else column).tobytes()


@pytest.fixture(params=SUFFIXES)
def suffix(request):
    return request.param


@pytest.mark.parametrize("name", ["csv"])
@given(rows=reports)
@MANY
def test_what_was_read_and_is_written_reads_back(name, rows, suffix, tmp_path):
    for leg in tracks.read(WRITERS[name](rows)).legs:
        write(leg.track, tmp_path / f"out{suffix}")
        same(leg.track, read_back(tmp_path / f"out{suffix}"))


@pytest.mark.parametrize("path", sorted((SHARED / "fr24_csv").glob("*.csv")), ids=lambda path: path.stem)
def test_a_real_flight_reads_back(path, suffix, tmp_path):
    for leg in tracks.read(path).legs:
        write(leg.track, tmp_path / f"out{suffix}")
        same(leg.track, read_back(tmp_path / f"out{suffix}"))


@given(track=whole())
@MANY
def test_any_track_that_is_written_reads_back(track, suffix, tmp_path):
    path = tmp_path / f"out{suffix}"
    write(track, path)
    again = read_back(path)
    same(track, again)
    assert again.source == path.name
    assert len(np.unique(again.row)) == len(again)
    write(again, path)
    same(track, read_back(path))


@pytest.mark.parametrize("suffix", SUFFIXES)
@given(track=whole())
@FEW
def test_only_positions_that_hold_are_drawn(suffix, track, tmp_path):
    path = tmp_path / f"out{suffix}"
    write(track, path)
    held = {(lon, lat) for lon, lat in zip(track.lon_deg[track.accepted], track.lat_deg[track.accepted], strict=True)}
    assert drawn_in(path) == {(-180.0 if lon == 180 and suffix == ".gpx" else lon, lat) for lon, lat in held}


def root_of(path):
    """The root of an XML file, which must be well formed."""
    return ET.fromstring(path.read_bytes())  # noqa: S314  our own text


def drawn_in(path):
    """Longitude and latitude of every position that a program other than ours would show."""
    if path.suffix == ".geojson":
        features = json.loads(path.read_text())["features"]
        shapes = [one["geometry"] for one in features if one["geometry"] and one["geometry"]["type"] == "Point"]
        return {tuple(shape["coordinates"][:2]) for shape in shapes}
    if path.suffix == ".gpx":
        points = root_of(path).iter(f"{GPX}trkpt")
        return {(float(point.get("lon")), float(point.get("lat"))) for point in points}
    if path.suffix == ".kml":
        coords = [one.text.split() for one in root_of(path).iter(f"{GX}coord")]
        return {(float(lon), float(lat)) for lon, lat, _ in coords}
    if path.suffix == ".czml":
        samples = [one["position"]["cartographicDegrees"] for one in json.loads(path.read_text()) if "position" in one]
        return {tuple(flat[at + 1 : at + 3]) for flat in samples for at in range(0, len(flat), 4)}
    table = parquet.read_table(path) if path.suffix == ".parquet" else arrow_csv.read_csv(path)
    rows = table.select(["lon", "lat", "state"]).to_pylist()
    return {(row["lon"], row["lat"]) for row in rows if row["state"] == "received"}


@given(track=whole())
@FEW
def test_kml_draws_what_was_received_and_gives_other_fixes_no_place(track, tmp_path):
    write(track, tmp_path / "out.kml")
    root = root_of(tmp_path / "out.kml")
    assert [child.tag for child in root[0]] == sorted([child.tag for child in root[0]], key=KML_ORDER.index)
    fields = {field.get("name") for field in root.iter(f"{GX}SimpleArrayField")}
    count = 0
    for mark in root.iter(f"{KML}Placemark"):
        arrays = {array.get("name"): [value.text for value in array] for array in mark.iter(f"{GX}SimpleArrayData")}
        assert set(arrays) <= fields
        assert len({len(values) for values in arrays.values()}) == 1
        states = set(arrays["state"])
        count += len(arrays["state"])
        shape = mark.find(f"{GX}Track")
        if shape is None:
            assert [child.tag for child in mark] == [f"{KML}{name}" for name in ("name", "visibility", "ExtendedData")]
            assert mark.find(f"{KML}visibility").text == "0"
            assert states in ({"rejected"}, {"partial"})
            assert {"time", "lat", "lon", "reason"} <= set(arrays)
        else:
            assert states == {"received"}
            assert root.find(f".//{KML}Style[@id='received']") is not None
            tags = [f"{KML}altitudeMode", f"{KML}when", f"{GX}coord", f"{KML}ExtendedData"]
            assert list(dict.fromkeys(child.tag for child in shape)) == tags
            assert len(shape.findall(f"{KML}when")) == len(shape.findall(f"{GX}coord")) == len(arrays["state"])
    assert count == len(track)


@given(track=whole())
@FEW
def test_gpx_keeps_the_order_of_its_schema(track, tmp_path):
    write(track, tmp_path / "out.gpx")
    root = root_of(tmp_path / "out.gpx")
    assert (root.tag, root.get("version")) == (f"{GPX}gpx", "1.1")
    for parent, order in GPX_ORDER.items():
        for element in root.iter(f"{GPX}{parent}"):
            tags = [child.tag.removeprefix(GPX) for child in element]
            assert tags == sorted(tags, key=order.index)
    for point in root.iter(f"{GPX}trkpt"):
        assert -180 <= float(point.get("lon")) < 180
        assert re.fullmatch(r"-?\d+(\.\d+)?", point.get("lon"))
        assert re.fullmatch(r"-?\d+(\.\d+)?", point.get("lat"))
        assert point.find(f"{GPX}time").text.endswith("Z")
        (fix,) = point.find(f"{GPX}extensions")
        assert (fix.tag, fix.get("state"), fix.get("reason")) == (f"{FC}fix", "received", "accepted")
    others = [fix for fix in root.iter(f"{FC}fix") if fix.get("state") != "received"]
    assert len(others) == len(track) - len(list(root.iter(f"{GPX}trkpt")))
    assert all(fix.get("time") for fix in others)


@given(track=whole())
@FEW
def test_geojson_is_cut_at_the_antimeridian_and_boxed(track, tmp_path):
    write(track, tmp_path / "out.geojson")
    text = (tmp_path / "out.geojson").read_text()
    shape = json.loads(text, parse_constant=pytest.fail)
    assert (shape["type"], shape["flightcase"]) == ("FeatureCollection", "track 1")
    features = shape["features"]
    assert [one["properties"]["source_row"] for one in features[: len(track)]] == track.row.tolist()
    for feature in features[len(track) :]:
        assert feature["properties"]["flightcase"] == "stretch"
        if feature["geometry"]:
            line = shapely.from_geojson(json.dumps(feature["geometry"]))
            for part in shapely.get_parts(line):
                assert np.max(np.abs(np.diff(shapely.get_coordinates(part)[:, 0])), initial=0) <= 180
    assert ("bbox" in shape) == bool(track.accepted.any())
    if "bbox" in shape:
        west, south, east, north = shape["bbox"]
        assert south <= north
        lon, lat = track.lon_deg[track.accepted], track.lat_deg[track.accepted]
        assert np.all((lat >= south) & (lat <= north))
        inside = (lon >= west) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
        assert np.all(inside | (np.abs(lon) == 180))


def test_a_line_over_the_antimeridian_is_cut_on_both_sides_of_it(tmp_path):
    track = Track.of(START_S + np.arange(4) * 10.0, [10, 11, 13, 14], [179.0, 179.5, -179.5, -179.5])
    write(track, tmp_path / "out.geojson")
    shape = json.loads((tmp_path / "out.geojson").read_text())
    assert shape["bbox"] == [179.0, 10.0, -179.5, 14.0]
    assert shape["features"][-1]["geometry"] == {
        "type": "MultiLineString",
        "coordinates": [
            [[179.0, 10.0], [179.5, 11.0], [180.0, 12.0]],
            [[-180.0, 12.0], [-179.5, 13.0], [-179.5, 14.0]],
        ],
    }


def test_the_box_of_a_flight_around_the_world_is_the_world(tmp_path):
    lon = np.array([0.0, 100, -160, -60, 50])
    write(Track.of(START_S + np.arange(5) * 10.0, [10.0] * 5, lon), tmp_path / "out.geojson")
    shape = json.loads((tmp_path / "out.geojson").read_text())
    assert shape["bbox"] == [-180.0, 10.0, 180.0, 10.0]
    east, west = shape["features"][-1]["geometry"]["coordinates"]
    assert ([at[0] for at in east], [at[0] for at in west]) == ([0, 100, 180], [-180, -160, -60, 50])


@given(track=whole())
@FEW
def test_czml_has_a_packet_for_each_stretch_and_one_for_all_fixes(track, tmp_path):
    write(track, tmp_path / "out.czml")
    document, *received, fixes = json.loads((tmp_path / "out.czml").read_text(), parse_constant=pytest.fail)
    assert (document["id"], document["version"]) == ("document", "1.0")
    assert len({one["id"] for one in (document, *received, fixes)}) == len(received) + 2
    states = [state for state in tracks.states(track) if state.evidence == "received"]
    assert len(received) == len(states)
    for packet in received:
        flat = packet["position"]["cartographicDegrees"]
        assert len(flat) % 4 == 0
        assert flat[0] == 0
        assert np.all(np.diff(flat[::4]) >= 0)
        assert packet["availability"] == document["clock"]["interval"]
    assert {len(one["array"]) for one in fixes["properties"].values() if isinstance(one, dict)} == {len(track)}


def test_heights_are_drawn_only_where_they_are_known(tmp_path):
    heights = [1000, np.nan, 3000, 3000]
    known = straight(4, geometric_altitude_ft=heights)
    write(known, tmp_path / "out.czml")
    flat = json.loads((tmp_path / "out.czml").read_text())[1]["position"]["cartographicDegrees"]
    assert flat[3::4] == [304.8, 609.6, 914.4, 914.4]
    write(known, tmp_path / "out.kml")
    assert "<altitudeMode>absolute" in (tmp_path / "out.kml").read_text()
    write(known, tmp_path / "out.gpx")
    assert re.findall("<ele>(.*?)</ele>", (tmp_path / "out.gpx").read_text()) == ["304.8", "914.4", "914.4"]
    for unknown in ([np.nan, 1000, 1000, 1000], [1000, 1000, 1000, np.nan], [np.nan] * 4):
        track = straight(4, geometric_altitude_ft=unknown)
        write(track, tmp_path / "out.czml")
        flat = json.loads((tmp_path / "out.czml").read_text())[1]["position"]["cartographicDegrees"]
        assert flat[3::4] == [0, 0, 0, 0]
        write(track, tmp_path / "out.kml")
        assert "<altitudeMode>clampToGround" in (tmp_path / "out.kml").read_text()
    slow = straight(3, step_s=40, geometric_altitude_ft=[1000, np.nan, 3000])
    write(slow, tmp_path / "out.czml")
    flat = json.loads((tmp_path / "out.czml").read_text())[1]["position"]["cartographicDegrees"]
    assert flat[3::4] == [0, 0, 0]


@pytest.mark.parametrize("suffix", [".kml", ".gpx"])
def test_a_name_cannot_break_out_of_xml(suffix, tmp_path):
    track = straight(3).take(np.arange(3))
    hostile = "]]><script>\x00\x1b&amp;\"'\ud800\n\\"
    write(named(track, hostile), tmp_path / f"out{suffix}")
    root = root_of(tmp_path / f"out{suffix}")
    assert not [element for element in root.iter() if element.tag.endswith("}script")]
    names = [element.text for element in root.iter() if element.tag.endswith("name") and element.text]
    assert any(r"]]><script>\u{0}\u{1b}&amp;" in name for name in names)


def named(track, callsign):
    return Track(**track.columns(), callsign=callsign)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("AHY8243", "AHY8243"),
        ("a b", "a b"),
        ("\\", r"\u{5c}"),
        ("\n", r"\u{a}"),
        (r"\u{a}", r"\u{5c}u{a}"),
        ("é<", "é<"),
        ("NaN", r"\u{4e}aN"),
        ("-", r"\u{2d}"),
    ],
)
def test_names_are_escaped_so_that_nothing_is_lost(text, written):
    assert escaped(text) == written
    assert unescaped(written) == text


@given(text=names)
def test_any_name_is_escaped_into_printable_text_and_back(text):
    assert escaped(text).isprintable()
    assert unescaped(escaped(text)) == text
    escaped(text).encode()


@pytest.mark.parametrize("text", [r"\u{110000}", r"\u{}", r"\x", "\\u{fffffff}"])
def test_what_is_no_escape_stays_as_it_is(text):
    assert unescaped(text) == text


def test_parquet_has_types_and_says_whose_it_is(tmp_path):
    write(straight(3), tmp_path / "out.parquet")
    schema = parquet.read_schema(tmp_path / "out.parquet")
    assert schema.metadata[b"format"] == b"flightcase track 1"
    assert str(schema.field("time").type) == "timestamp[us, tz=UTC]"
    assert str(schema.field("altitude_ft").type) == "double"
    assert str(schema.field("reason").type) == "dictionary<values=string, indices=int32, ordered=0>"
    table = parquet.read_table(tmp_path / "out.parquet")
    assert table["altitude_ft"].null_count == 3
    assert table["callsign"].null_count == 3


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_equal_tracks_give_equal_bytes(suffix, tmp_path):
    for name in ("a", "b"):
        write(straight(3), tmp_path / f"{name}{suffix}")
    assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()


def test_state_reason_and_the_row_it_came_from_are_in_the_table(tmp_path):
    track, *_ = tracks.judge(
        straight(4, ground_speed_kt=[400, np.nan, 400, 400]).replace(
            lat_deg=np.array([40.0, 91, 40.04, 40.06]), row=np.array([5, 6, 8, 9])
        )
    )
    tracks.to_csv(track, tmp_path / "out.csv")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert [row["state"] for row in rows] == ["received", "rejected", "received", "received"]
    assert [row["reason"] for row in rows] == ["accepted", "out of range", "accepted", "accepted"]
    assert [row["source_row"] for row in rows] == ["5", "6", "8", "9"]
    assert rows[0]["time"] == "2024-12-25T03:55:00Z"


@pytest.mark.parametrize("part", [0.0, 0.5, 0.515, 0.000001, 0.123456])
def test_times_keep_their_microseconds(part, suffix, tmp_path):
    track = straight(3).replace(time_s=np.array([START_S + part, START_S + 10, START_S + 20]))
    write(track, tmp_path / f"out{suffix}")
    assert read_back(tmp_path / f"out{suffix}").time_s.tolist() == track.time_s.tolist()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_that_cannot_be_written_leaves_nothing_behind(suffix, tmp_path):
    (tmp_path / f"out{suffix}").mkdir()
    with pytest.raises(OSError, match=rf"out\{suffix}"):
        write(straight(3), tmp_path / f"out{suffix}")
    assert [path.name for path in tmp_path.iterdir()] == [f"out{suffix}"]


def test_a_track_that_breaks_the_writer_leaves_the_old_file(tmp_path):
    (tmp_path / "out.gpx").write_text("before")
    with pytest.raises(IndexError):
        write(straight(3).replace(reason=np.full(3, 99, dtype=np.uint8)), tmp_path / "out.gpx")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.gpx", "before")]


@pytest.mark.parametrize("name", ["out", "out.txt", "out.json", "csv", ".kml"])
def test_an_unknown_suffix_is_answered_with_those_there_are(name, tmp_path):
    with pytest.raises(TrackError, match=r"end in \.csv, \.parquet, \.geojson, \.gpx, \.kml or \.czml$"):
        write(straight(3), tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_the_suffix_may_be_in_capitals_and_to_csv_takes_any(tmp_path):
    write(straight(3), tmp_path / "OUT.CSV")
    tracks.to_csv(straight(3), tmp_path / "out.txt")
    assert (tmp_path / "OUT.CSV").read_bytes() == (tmp_path / "out.txt").read_bytes()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_of_pandas_is_loaded_to_write(suffix, tmp_path):
    code = (
        "import sys; from geo.model import Track; from geo.tracks.write import write; "
        f"write(Track.of([1735098900.0], [40], [50], callsign='A'), {str(tmp_path / 'out')!r} + {suffix!r}); "
        "print(sorted({'pandas', 'shapely', 'pyproj'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "[]"
