"""GeoJSON of many programs: what is a row, when and where, what is not read, and hostile files."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_lines import account, survives
from made_tables import collection, feature, line, point
from made_tables import geojson as made
from made_tracks import START_S, at, reports

from geo.errors import TrackUnreadable
from geo.model import REASONS, Track
from geo.tracks import geojson, traffic_json
from geo.tracks.objects import parsed
from geo.tracks.write import write

GOOD = [(float(second), 40 + second / 500, 50.0, 1_000 + second, 400, "AHY8243") for second in range(0, 100, 10)]
TIMES = [at(second) for second in (0, 10, 20)]
SECONDS = [START_S, START_S + 10, START_S + 20]
PATH = [[50.0, 40.0, 3048], [50.01, 40.01, 3058], [50.02, 40.02, 3068]]
FLAT = [[50.0, 40.0], [50.01, 40.01], [50.02, 40.02]]


def read(*features: object, **members: object):
    return taken(collection(*features, **members))


def taken(data: bytes):
    assert geojson.sniff(data[: 1 << 16]) == "geojson"
    rows = geojson.read(data, "track.geojson")
    account(rows)
    return rows


def refused(data: bytes) -> str:
    with pytest.raises(TrackUnreadable) as caught:
        geojson.read(data, "track.geojson")
    assert len(str(caught.value)) < 800
    return str(caught.value).removeprefix("track.geojson: ")


def is_path(rows) -> None:
    assert rows.columns["time_s"].tolist() == SECONDS
    assert rows.columns["lat_deg"].tolist() == [40, 40.01, 40.02]
    assert rows.columns["lon_deg"].tolist() == [50, 50.01, 50.02]
    assert rows.row.tolist() == [1, 2, 3]
    assert not rows.unreadable


@pytest.mark.parametrize(
    "properties",
    [
        {"coordTimes": TIMES},
        {"coordinateProperties": {"times": TIMES}},
        {"times": TIMES},
        {"timestamps": [second * 1_000 for second in SECONDS]},
        {"datetimes": [int(second) for second in SECONDS]},
        {"time": TIMES},
    ],
)
def test_the_times_of_a_line_are_found_wherever_programs_put_them(properties):
    rows = read(line(PATH, name="AHY8243", **properties))
    is_path(rows)
    np.testing.assert_allclose(rows.columns["geometric_altitude_ft"], [10_000, 3058 / 0.3048, 3068 / 0.3048])
    assert (rows.part.names, rows.part.codes.tolist()) == (("AHY8243",), [0, 0, 0])
    assert any("above the ellipsoid" in note for note in rows.notes)


def test_the_parts_of_a_multilinestring_are_of_one_part_with_nested_or_flat_times():
    geometry = {"type": "MultiLineString", "coordinates": [FLAT[:2], FLAT[2:]]}
    for times in ([TIMES[:2], TIMES[2:]], TIMES):
        rows = read(feature(geometry, coordTimes=times, id=7))
        is_path(rows)
        assert rows.part.names == ("7",)


def test_the_tracks_of_a_gx_multitrack_stand_in_a_collection_of_geometries():
    geometry = {
        "type": "GeometryCollection",
        "geometries": [
            {"type": "LineString", "coordinates": FLAT[:2]},
            {"type": "LineString", "coordinates": FLAT[2:]},
        ],
    }
    is_path(read(feature(geometry, coordTimes=[TIMES[:2], TIMES[2:]])))


@pytest.mark.parametrize("factor", [1, 1_000])
def test_trips_of_kepler_have_the_time_as_fourth_coordinate(factor):
    rows = read(
        line([[*place[:2], 0, second * factor] for place, second in zip(PATH, SECONDS, strict=True)], vendor="A")
    )
    is_path(rows)
    assert "geometric_altitude_ft" not in rows.columns  # 0 throughout stands for none
    assert not rows.notes


def test_a_fourth_coordinate_that_is_a_measure_is_no_time():
    assert "no line in it says when it was where" in refused(collection(line([[*place, 17.5] for place in PATH])))


def test_a_fourth_coordinate_that_is_missing_in_a_position_is_one_row_lost():
    rows = read(line([[50, 40, 0, SECONDS[0]], [50, 40, 0], [50, 40, 0, SECONDS[2]]]))
    assert [tuple(one) for one in rows.unreadable] == [(2, "feature 1, position 2: it has no time")]


@pytest.mark.parametrize("prisms", [False, True])
def test_moving_points_of_ogc_are_read(prisms):
    moving = {"type": "MovingPoint", "coordinates": FLAT, "datetimes": TIMES, "interpolation": "Linear"}
    geometry = {"type": "MovingGeometryCollection", "prisms": [moving]} if prisms else moving
    rows = read({"type": "Feature", "temporalGeometry": geometry, "properties": {"traj_id": "T1"}})
    is_path(rows)
    assert rows.part.names == ("T1",)


def test_points_are_read_with_the_properties_of_a_plain_table():
    said = {"ground_speed_kmh": 185.2, "icao24": "0x600841", "callsign": "AHY8243 ", "on_ground": False, "altitude": 7}
    rows = read(*(point(place, time=time, altitude_ft=1_000, **said) for place, time in zip(PATH, TIMES, strict=True)))
    is_path(rows)
    assert rows.columns["altitude_ft"].tolist() == [1_000] * 3
    np.testing.assert_allclose(rows.columns["ground_speed_kt"], 100)
    assert rows.columns["on_ground"].tolist() == [0] * 3
    assert (rows.icao24.names, rows.callsign.names) == (("600841",), ("AHY8243",))
    assert rows.ignored == ("altitude",)  # it does not say its unit


def test_a_geometric_altitude_in_the_properties_goes_before_the_third_coordinate():
    rows = read(point(PATH[0], time=TIMES[0], geometric_altitude_ft=5), point(PATH[1], time=TIMES[1]))
    np.testing.assert_array_equal(rows.columns["geometric_altitude_ft"], [5, np.nan])


def test_points_of_movingpandas_are_parted_by_trajectory():
    rows = read(
        *(point(place, t=time, traj_id=index // 2) for index, (place, time) in enumerate(zip(FLAT, TIMES, strict=True)))
    )
    is_path(rows)
    assert (rows.part.names, rows.part.codes.tolist()) == (("0", "1"), [0, 0, 1])


def test_steps_of_movingpandas_give_each_position_once():
    steps = [line(FLAT[i : i + 2], t=TIMES[i + 1], prev_t=TIMES[i], traj_id="a") for i in (0, 1)]
    is_path(read(*steps))
    others = [line(FLAT[i : i + 2], t=TIMES[i + 1], prev_t=TIMES[i], traj_id="b") for i in (0, 1)]
    both = read(steps[0], others[0], steps[1], others[1])
    assert len(both) == 6
    assert [both.part.names[code] for code in both.part.codes] == ["a", "a", "b", "b", "a", "b"]


def test_times_without_zone_as_movingpandas_writes_them_are_not_guessed():
    rows = read(point([50, 40], t="2024-12-25T03:55:00", traj_id=1))
    assert "has no zone; write it in UTC" in rows.unreadable[0].detail
    assert len(read(point([50, 40], time_utc="2024-12-25T03:55:00"))) == 1


def test_a_line_of_which_only_the_ends_have_a_time_is_no_track():
    assert refused(collection(line(FLAT, start_t=TIMES[0], end_t=TIMES[2], traj_id=1))).startswith("no line in it says")


@pytest.mark.parametrize("times", [TIMES[:2], [*TIMES, TIMES[2]], [TIMES, TIMES]])
def test_a_line_with_another_number_of_times_is_unreadable_position_by_position(times):
    rows = read(line(FLAT, coordTimes=times), line(FLAT, coordTimes=TIMES))
    assert [one.row for one in rows.unreadable] == [1, 2, 3]
    assert "position 1: the line has 3 positions and" in rows.unreadable[0].detail
    assert rows.row.tolist() == [4, 5, 6]


def test_a_line_with_times_and_no_positions_is_one_row():
    rows = read(line([], coordTimes=TIMES), line(FLAT, coordTimes=TIMES))
    assert [tuple(one) for one in rows.unreadable] == [
        (1, "feature 1, position 1: the line has 0 positions and 3 times")
    ]


def test_points_beside_lines_with_times_are_no_rows_and_counted_in_a_note():
    rows = read(point([49, 40], name="UBBB"), line(FLAT, coordTimes=TIMES), point([51, 41], name="URMG", time=TIMES[0]))
    is_path(rows)
    assert rows.notes == ("not read: 2 Point",)


def test_a_line_without_times_beside_points_with_times_is_the_same_drawn_again():
    area = {"type": "Polygon", "coordinates": [[*FLAT, FLAT[0]]]}
    rows = read(
        line(FLAT), *(point(place, timestamp=time) for place, time in zip(FLAT, TIMES, strict=True)), feature(area)
    )
    is_path(rows)
    assert rows.notes == ("not read: 1 LineString, 1 Polygon",)


def test_a_point_without_time_among_points_with_times_is_a_row_that_cannot_be_read():
    rows = read(point([50, 40], time=TIMES[0]), point([49, 40], name="UBBB"), point([50, 40], time=None))
    assert [tuple(one) for one in rows.unreadable] == [
        (2, "feature 2: it has no time"),
        (3, "feature 3: it has no time"),
    ]


def test_what_has_no_time_at_all_is_no_track():
    assert refused(collection(line(FLAT), point([50, 40]))) == (
        "no line or point in it says when it was where, and a track without times is no flight; give each line an "
        "array coordTimes with a time for each position, or each point a property time"
    )
    area = feature({"type": "Polygon", "coordinates": [[*FLAT, FLAT[0]]]})
    assert refused(collection(area)) == "it holds 1 Polygon; a track is lines or points with times"
    assert len(taken(collection())) == 0


def test_a_fix_without_position_has_no_geometry_or_an_empty_one():
    empty = {"type": "Point", "coordinates": []}
    features = [
        feature(None, time=TIMES[0], altitude_ft=5),
        feature(empty, time=TIMES[1]),
        point([None, None], time=TIMES[2]),
    ]
    rows = read(*features)
    assert len(rows) == 3
    assert np.isnan(rows.columns["lat_deg"]).all()


def test_reasons_are_believed_and_unknown_ones_unreadable():
    words = ["stale position", "accepted", "bored"]
    rows = read(
        *(
            point([50, 40], time=time, reason=word, altitude_reason=word)
            for time, word in zip(TIMES, words, strict=True)
        )
    )
    said = {0: ("stale position", "the file says: stale position")}
    assert (dict(rows.given), dict(rows.given_altitude)) == (said, said)
    assert [tuple(one) for one in rows.unreadable] == [(3, "feature 3: the reason 'bored' is none we know")]


@pytest.mark.parametrize(
    ("position", "words"),
    [
        ([50], "its position is '[50]', not longitude and latitude"),
        ("50,40", "its position is '50,40', not"),
        ({"lon": 50}, "its position is"),
        ([[50, 40]], "its position is '[[50, 40]]', not"),
        (["east", 40], "longitude is 'east', which is no number"),
        ([50, [40]], "latitude is '[40]', which is no number"),
        ([50, 40, "high"], "the third coordinate is 'high', which is no number"),
        ([10**400, 40], "a number in it is too large"),
    ],
)
def test_a_position_that_is_none_is_one_row_lost(position, words):
    rows = read(point(position, time=TIMES[0]), point([50, 40], time=TIMES[1]))
    assert words in rows.unreadable[0].detail
    assert rows.row.tolist() == [2]


def test_coordinates_as_text_swapped_or_beyond_the_earth_are_left_to_the_rules():
    rows = read(
        point(["50.0", " 40 "], time=TIMES[0]), point([40, 141], time=TIMES[1]), point([181, 40], time=TIMES[2])
    )
    assert rows.columns["lat_deg"].tolist() == [40, 141, 40]
    assert rows.columns["lon_deg"].tolist() == [50, 40, 181]


def test_nan_and_infinity_as_python_writes_them():
    rows = read(point([float("nan"), 40], time=TIMES[0]), point([50, float("inf")], time=TIMES[1]))
    assert np.isnan(rows.columns["lon_deg"]).tolist() == [True, False]
    assert rows.columns["lat_deg"].tolist() == [40, np.inf]


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 0, 1e300, "soon", {}, [], True, "\x00"]
)
def test_a_time_that_cannot_be_is_one_row_lost(time):
    rows = read(point([50, 40], time=time), point([50, 40], time=TIMES[1]))
    assert "the time" in rows.unreadable[0].detail
    assert len(rows) == 1


def test_html_in_names_stays_text():
    rows = read(line(FLAT, coordTimes=TIMES, name="<script>alert(1)</script>"))
    assert rows.part.names == ("<script>alert(1)</script>",)
    assert read(point([50, 40], time=TIMES[0], callsign="<b>")).callsign.names == ("<b>",)


def test_the_word_ground_stands_for_an_altitude_on_the_ground():
    rows = read(point([50, 40], time=TIMES[0], altitude_ft="ground"), point([50, 40], time=TIMES[1], altitude_ft=500))
    np.testing.assert_array_equal(rows.columns["altitude_ft"], [np.nan, 500])
    np.testing.assert_array_equal(rows.columns["on_ground"], [1, np.nan])


@pytest.mark.parametrize("separator", [b"\n", b"\r\n", b"\n\x1e", b"\n\n"])
def test_a_feature_a_line_or_record_is_a_sequence(separator):
    records = [json.dumps(point(place, time=time)).encode() for place, time in zip(FLAT, TIMES, strict=True)]
    is_path(taken((b"\x1e" if b"\x1e" in separator else b"") + separator.join(records) + b"\n"))


def test_a_broken_record_is_one_row_lost():
    records = [json.dumps(point(place, time=time)) for place, time in zip(FLAT, TIMES, strict=True)]
    records[1] = records[1][:40]
    rows = taken("\n".join(records).encode())
    assert rows.row.tolist() == [1, 3]
    assert rows.unreadable[0].detail.startswith("feature 2: it is no JSON")


@pytest.mark.parametrize("value", [line(FLAT, times=TIMES), [line(FLAT, times=TIMES)]])
def test_a_feature_or_a_list_of_features_alone(value):
    is_path(taken(json.dumps(value).encode()))


def test_a_geometry_alone_is_read_if_it_has_times():
    trip = {
        "type": "LineString",
        "coordinates": [[*place[:2], 0, second] for place, second in zip(PATH, SECONDS, strict=True)],
    }
    is_path(taken(json.dumps(trip).encode()))
    assert "no point" in refused(json.dumps({"type": "Point", "coordinates": [50, 40]}).encode())


def test_utf16_and_a_byte_order_mark_are_read():
    text = collection(line(FLAT, times=TIMES)).decode()
    is_path(taken(b"\xef\xbb\xbf" + text.encode()))
    is_path(taken(text.encode("utf-16")))


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4979"])
def test_wgs_84_by_any_name_is_read(name):
    is_path(read(line(FLAT, times=TIMES), crs={"type": "name", "properties": {"name": name}}))


def test_another_reference_system_is_refused():
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    message = refused(collection(line([[5e6, 4e6]], times=TIMES[:1]), crs=crs))
    assert message.startswith("its coordinates are in 'urn:ogc:def:crs:EPSG::3857'; write longitude and latitude")


def test_of_a_picture_of_a_case_only_what_was_received_is_a_track():
    event = feature(None, kind="event", time="05:13:31")
    measured = line(FLAT, kind="line", basis="measured", evidence="received", coordTimes=TIMES)
    placed = line(FLAT, kind="line", basis="schematic", evidence="received", coordTimes=TIMES)
    told = {"format": "flightcase scene 1"}
    rows = read(measured, placed, event, **told)
    is_path(rows)
    assert "received, but schematic: 1 (3 positions)" in rows.notes[0]
    assert "a picture of a case" in refused(collection(placed, event, **told))


def test_a_file_that_breaks_off_keeps_what_is_whole():
    data = made(GOOD)
    rows = taken(data[: len(data) // 2])
    assert rows.row.tolist() == list(range(1, len(rows) + 1))
    assert len(rows) >= 4
    (last,) = rows.unreadable
    assert last.row == len(rows) + 1
    assert "breaks off" in last.detail


def test_a_broken_feature_costs_no_other():
    data = made(GOOD).replace(b'"Point"', b'"Point', 3).replace(b'"Point', b'"Point"', 2)
    rows = taken(data)
    assert len(rows) + len(rows.unreadable) >= len(GOOD) - 1
    assert len(rows) >= len(GOOD) - 2


@pytest.mark.parametrize(
    "data",
    [
        b'{"type":"FeatureCollection","features":' + b"[" * 100_000,
        b'{"type":"Feature","geometry":' + b'{"a":' * 100_000,
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":'
        + b"[" * 100_000
        + b"]" * 100_000
        + b"}]}",
        b'{"type":"Feature","geometry":{"type":"LineString","coordinates":' + b"[" * 900 + b"]" * 900 + b"}}",
        b'{"type":"FeatureCollection","features":null}',
        b'{"type":"FeatureCollection","features":7}',
        b'{"type":"FeatureCollection","features":[null,1,"x",[],{}]}',
        b'{"type":"FeatureCollection"}',
        b'{"type":"Feature"}',
        b'{"type":"Feature","geometry":[],"properties":[]}',
        b'{"type":"Feature","geometry":{"type":[],"coordinates":{}},"properties":{"coordTimes":{}}}',
        b'{"type":"Feature","geometry":{"type":"LineString","coordinates":[null,{}]},"properties":{"times":[null,{}]}}',
        b'{"type":"Feature","temporalGeometry":{"prisms":[1,null]},"properties":null}',
        b'{"type":"Feature","properties":{"prev_t":[],"t":{},"traj_id":[]},"geometry":{"type":"LineString","coordinates":[1,2]}}',
        b'{"type":"FeatureCollection","crs":{"properties":[]},"features":[]}',
        b'\x1e{"type":"Feature"\x1e\x1e\x00',
    ],
)
def test_hostile_shapes_are_read_or_refused(data):
    assert geojson.sniff(data) == "geojson"
    survives(geojson, data)


def test_a_thousand_and_more_names_of_properties_cost_little():
    rows = read(point([50, 40], time=TIMES[0], **{f"p{index}": index for index in range(5_000)}))
    assert len(rows) == 1
    assert len(rows.ignored) < 1_000


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(parsed, "MAX_BYTES", 100)
    assert "cut it by aircraft or day" in refused(made(GOOD))


def test_it_takes_no_other_json():
    for text in (
        b'{"icao24":{"0":"a"}}',
        b'[{"timestamp":1,"latitude":2,"longitude":3}]',
        b'{"type":"Topology","arcs":[]}',
        b"",
    ):
        assert geojson.sniff(text) is None
    assert traffic_json.sniff(made(GOOD)) is None


def test_our_own_file_gives_the_same_track_back(tmp_path):
    count = 40
    number = np.arange(count)
    track = Track.of(
        START_S + number * 1.5,
        np.where(number % 7, 40 + number / 100, np.nan),
        np.where(number % 7, 179.9 + number / 100, np.nan),
        altitude_ft=np.where(number % 5, 10_000 + number / 7, np.nan),
        geometric_altitude_ft=np.where(number % 3, 11_000 + number / 7, np.nan),
        ground_speed_kt=np.full(count, 400.25),
        reason=np.where(number % 7, np.where(179.9 + number / 100 > 180, 2, number % 3 * 2), 1),
        altitude_reason=np.where(number % 10 == 3, 2, 0),
        icao24="600841",
        callsign="<a\nb>",
    )
    write(track, tmp_path / "track.geojson")
    rows = taken((tmp_path / "track.geojson").read_bytes())
    assert len(rows) == count
    for name, column in track.columns().items():
        if name not in ("row", "reason", "altitude_reason"):
            np.testing.assert_array_equal(rows.column(name), column)
    assert (rows.icao24.names, rows.callsign.names) == (("600841",), ("<a\nb>",))
    assert {index: reason for index, (reason, _) in rows.given.items()} == {
        index: REASONS[code] for index, code in enumerate(track.reason.tolist()) if code > 1
    }
    assert list(rows.given_altitude) == [3, 13, 23, 33]


@given(rows=reports)
@settings(max_examples=60, deadline=None)
def test_every_row_is_accounted_for(rows):
    found = geojson.read(made(rows), "made")
    account(found)
    assert len(found) + len(found.unreadable) == len(rows)


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_a_damaged_file_is_read_or_refused(data):
    content = bytearray(made(GOOD))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(content)))
        end = data.draw(st.integers(start, min(len(content), start + 40)))
        content[start:end] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b'"', b"\n", b",", b"]", b"{", b"9" * 400, b"\0", b"\x1e"])
        )
    survives(geojson, bytes(content))
