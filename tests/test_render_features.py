"""What GeoJSON, GeoParquet and CSV say alike: kinds, states, grades, sources, times that are the event's own."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_scenes import flown, received
from shapely.geometry import shape
from small_scene import END, START, path, small_scene

from geo.errors import TrackUnreadable
from geo.model import Evidence, PathBasis
from geo.render import render
from geo.render.features import extent, features, header, moments
from geo.tracks import czml, geojson, parquet, plain_csv
from geo.tracks.uncut import cuts

READERS = {".geojson": geojson, ".czml": czml, ".csv": plain_csv, ".parquet": parquet}


def by_id(scene: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {feature["id"]: feature for feature in features(scene)}


@given(flown())
def test_each_feature_has_an_id_of_its_own_and_says_its_kind(scene: dict[str, Any]) -> None:
    found = features(scene)
    assert len({feature["id"] for feature in found}) == len(found)
    assert all(feature["properties"]["kind"] for feature in found)


def test_lines_and_states_carry_what_they_rest_on() -> None:
    scene = small_scene()
    scene["map"]["lines"][1]["sources"] = ["S1", "S9", "unknown"]
    scene["states"][0]["sources"] = ["S9"]
    scene["map"]["bands"][0]["line"] = "stretch-2"
    found = by_id(scene)
    line = found["stretch-1"]["properties"]
    assert [one["id"] for one in line["sources"]] == ["S1", "S9"]
    assert line["sources"][0]["url"] == "https://example.org/notes"
    assert [one["id"] for one in found["state-1"]["properties"]["sources"]] == ["S9"]
    assert (found["band-1"]["properties"]["evidence"], found["band-1"]["properties"]["basis"]) == (
        Evidence.REJECTED,
        PathBasis.BRIDGED,
    )
    assert found["ring-turn"]["properties"]["grade"] == "disputed"


def test_the_claims_of_a_closeup_have_their_places() -> None:
    scene = small_scene()
    ring = {"style": "claim-minor", "letter": "B", "label": "16 km off", "ring": path([(1, 1), (2, 1), (2, 2)])}
    mark = {"letter": "A", "at": [190.0, 5.0], "from": None, "label": "over the lake", "note": None}
    scene["events"][2]["closeup"] = {"fit": [], "marks": [mark], "rings": [ring], "wedges": [], "legend": []}
    found = by_id(scene)
    placed = found["event-turn-claimed-1"]
    assert placed["geometry"]["coordinates"] == [-170.0, 5.0]
    assert placed["properties"]["letter"] == "A"
    assert found["event-turn-claimed-2"]["properties"]["kind"] == "claimed distance"


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ({"datetime": "2023-11-14T22:23:20Z", "start": START + 600, "end": START + 600}, (START + 600, START + 600)),
        ({"datetime": "2023-11-14T22:23Z", "start": START + 595.5, "end": START + 700}, (START + 595.5, START + 700)),
        ({"datetime": "2023-11-14T21:00:00Z", "start": START, "end": START}, (START - 4400, START - 4400)),
        ({"datetime": "2023-11-14T22:13Z", "start": START, "end": START + 60}, (START - 20, START + 60)),
        ({"datetime": "2023-11-14T23:43:20Z", "start": END, "end": END}, (END + 1800, END + 1800)),
        (
            {"datetime": "2023-11-14T23:13Z", "until": "2023-11-14T23:43Z", "start": END - 20, "end": END},
            (END - 20, END + 1780),
        ),
        ({"datetime": "2023-11-15", "start": END, "end": END}, None),
        ({"datetime": "2023", "start": END, "end": END}, None),
    ],
)
def test_an_event_has_its_own_time_and_not_its_place_on_the_bar(said: dict[str, Any], when: Any) -> None:
    scene = small_scene()
    assert moments(scene, {**scene["events"][0], **said}) == when


def test_a_position_alone_is_no_line() -> None:
    scene = small_scene()
    scene["map"]["lines"][1]["path"] = path([(8.0, 50.0)], [START])
    alone = by_id(scene)["stretch-1"]
    assert alone["geometry"] == {"type": "MultiPoint", "coordinates": [[8.0, 50.0]]}
    assert alone["properties"]["coordTimes"] == ["2023-11-14T22:13:20Z"]


@given(flown())
def test_everything_lies_within_the_extent(scene: dict[str, Any]) -> None:
    scene["map"]["reaches"][0]["frames"][1]["ring"] = path([(30.0, 10.0), (31.0, 10.0), (31.0, 11.0)])
    scene["map"]["lines"][-1]["crosses"] = [[-20.0, -40.0]]
    longitudes, latitudes = extent(scene)
    turned = {round((lon + 180) % 360, 5) for lon in longitudes}
    for feature in features(scene):
        drawn = shape(feature["geometry"]) if feature["geometry"] else None
        if drawn is not None:
            assert min(latitudes) - 1e-5 <= drawn.bounds[1] <= drawn.bounds[3] <= max(latitudes) + 1e-5
            edges = {round((lon + 180) % 360, 5) for lon in (drawn.bounds[0], drawn.bounds[2]) if abs(lon) != 180}
            assert edges <= turned


def test_the_whole_is_told_once() -> None:
    scene = small_scene()
    told = header(scene)
    assert told["case"] == scene["id"]
    assert told["language"] == "en"
    assert told["corrections"] == [{"date": "2023-12-01", "text": "The turn was given a minute late."}]
    assert [one["id"] for one in told["sources"]] == ["S1", "S2", "S9"]
    assert told["notes"][0] == scene["map"]["stamp"]


@pytest.mark.parametrize("ending", READERS)
@given(scene=flown())
def test_what_was_received_reads_back_and_nothing_else_does(ending: str, scene: dict[str, Any]) -> None:
    wanted = received(scene)
    data = render(scene, ending)
    reader = READERS[ending]
    assert reader.sniff(data[: 1 << 16])
    if not wanted:
        with pytest.raises(TrackUnreadable, match="picture of a case"):
            reader.read(data, "case")
        return
    rows = reader.read(data, "case")
    assert not rows.unreadable
    found = list(zip(*(rows.columns[name].tolist() for name in ("time_s", "lon_deg", "lat_deg")), strict=True))
    assert sorted((round(time, 3), lon, lat) for time, lon, lat in found) == sorted(wanted)
    drawn = [line for line in scene["map"]["lines"] if line["basis"] != "measured"]
    assert "left out" in " ".join(rows.notes)
    for line in drawn[1:]:
        evidence = "received, but schematic" if line["evidence"] == "received" else line["evidence"]
        assert evidence in " ".join(rows.notes) or "time" not in line["path"]


@given(st.lists(st.lists(st.tuples(st.sampled_from([-180.0, 180.0, 5.0]), st.integers(0, 2)), max_size=4), max_size=4))
def test_cuts_come_in_pairs_on_both_sides(pieces: list[list[tuple[float, int]]]) -> None:
    found = cuts(pieces)
    for piece, place in found:
        assert abs(pieces[piece][place][0]) == 180
    ends = [(index, index + 1) for index, _ in enumerate(itertools.pairwise(pieces))]
    assert all(place in {0, len(pieces[piece]) - 1} for piece, place in found)
    assert len(found) <= 2 * len(ends)
