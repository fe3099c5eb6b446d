"""The reach as a scene has it: moments that turn into each other, distances in words."""

from __future__ import annotations

import numpy as np
import pytest
from test_route import T0
from test_route_gaps import gap_case, known

from geo.geodesy import wrap
from geo.route import trace
from geo.scene import compose
from geo.scene.columns import decoded
from geo.scene.reaches import distances, draw
from geo.scene.words import Words


def points(ring: dict) -> tuple[np.ndarray, np.ndarray]:
    return np.array(decoded(ring["lat"])), np.array(decoded(ring["lon"]))


def between(frames: list[dict], time_s: float) -> tuple[np.ndarray, np.ndarray]:
    """What the viewer draws at a time."""
    after = next(index for index, frame in enumerate(frames) if frame["at"] >= time_s)
    one, other = frames[max(after - 1, 0)], frames[after]
    share = 0.0 if other["at"] == one["at"] else (time_s - one["at"]) / (other["at"] - one["at"])
    (lat1, lon1), (lat2, lon2) = points(one["ring"]), points(other["ring"])
    return lat1 + (lat2 - lat1) * share, lon1 + (lon2 - lon1) * share


def test_between_two_moments_the_drawn_outline_is_near_the_true_one():
    route = trace(gap_case(known(40, 43.4, 45.7, 30)))
    (reach,), (drawn,) = route.reaches, draw(route, 48.0)
    assert (drawn["from"], drawn["to"]) == (reach.start_s, reach.end_s)
    assert len(drawn["frames"]) < 40
    for time_s in np.linspace(reach.start_s + 60, reach.end_s - 60, 97):
        lat, lon = between(drawn["frames"], time_s)
        beyond = reach.beyond_m(lat, wrap(lon), time_s)
        width = float(reach.radii_m(time_s).min())
        assert beyond.min() > -(0.06 * width + 4_500)
        assert beyond.max() < 0.12 * width + 9_000


def test_all_outlines_of_a_reach_have_their_points_in_one_order():
    (drawn,) = draw(trace(gap_case(known(40, 43.4, 45.7, 30))), 48.0)
    assert len({len(frame["ring"]["lat"]["deltas"]) for frame in drawn["frames"]}) == 1
    times = [frame["at"] for frame in drawn["frames"]]
    assert times == sorted(set(times))


def test_a_reach_too_short_to_be_seen_is_not_drawn():
    route = trace(gap_case())
    assert len(draw(route, 48.0)) == 1
    short = trace(gap_case(gap=59 * 60))
    assert [reach.end_s - reach.start_s for reach in short.reaches] == [3600]
    assert draw(trace(gap_case(gap=61 * 60)), 48.0) == []


def test_the_frame_brings_a_reach_beside_the_route():
    (here,), (turned,) = draw(trace(gap_case()), 48.0), draw(trace(gap_case()), 48.0 + 360)
    assert points(turned["rings"][0])[1] == pytest.approx(points(here["rings"][0])[1] + 360)


def test_distances_are_told_for_every_minute_as_firmly_as_they_are_known():
    said = distances(trace(gap_case(known(50, 43.0, 45.0, 20))), Words("en"))
    assert said["from"] == T0
    assert len(said["texts"]) == 101
    assert said["texts"][5].startswith("about ")
    assert said["texts"][50].startswith("within ")
    assert "–" in said["texts"][22]
    assert all(" km " in text for text in said["texts"])


def test_the_facts_and_the_reach_are_in_the_words_of_the_scene(flagship):
    scene = compose(flagship, trace(flagship), "de", "imperial")
    assert scene["facts_table"]["caption"] == "Was sich wissen lässt"
    rows = {row[0]: row for row in scene["facts_table"]["rows"]}
    assert "Quadratmeilen" in rows["Erreichbares Gebiet"][2]
    assert "Höchstgeschwindigkeit des Flugzeugmusters" in rows["Erreichbares Gebiet"][3]
    assert any("Aserbaidschan" in row[2] for row in scene["facts_table"]["rows"])
    assert scene["distances"]["texts"][75].endswith("von Grosny")
