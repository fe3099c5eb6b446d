"""Very many fixes and many aircraft, as a reader meets them: the line whole at every scale, each by its name."""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from browser import harness
from browser.test_viewer import ROOT, scene, viewer
from playwright.sync_api import expect
from test_route import T0, case

from geo.casefile import read
from geo.model import Heard, Other, Track
from geo.route import trace
from geo.scene import compose
from geo.scene.columns import decoded

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Locator, Page

__all__ = ["scene", "viewer"]

FIXES = 120_000
#: A map of the test's own, so that it can ask where a place is on the screen.
OWN_MAP = """{ map: (window.own = L.map(
  Object.assign(document.createElement("div"), { style: "position: absolute; inset: 0" }), { zoomAnimation: false }
)) }"""


@functools.cache
def _written() -> str:
    """A flight that circles for 33 hours, with the wander of satellite positions, between Baku and Grozny."""
    seconds = np.arange(float(FIXES))
    angle = seconds / 40
    dice = np.random.default_rng(8243)
    lat = 41.5 + 0.02 * np.sin(angle) + seconds * 1e-5 + dice.normal(0, 2e-6, FIXES)
    lon = 48 + 0.026 * np.cos(angle) + dice.normal(0, 2e-6, FIXES)
    made = case(tracks=(Track.of(T0 + seconds, lat, lon),))
    return json.dumps(compose(made, trace(made)))


@pytest.fixture
def large() -> Scene:
    found: Scene = json.loads(_written())
    return found


def _line(page: Page) -> Locator:
    return page.locator(".fc-slot path.fc-l-received")


def _points(page: Page) -> np.ndarray:
    """The points that are drawn of the line, px of its layer."""
    d = _line(page).get_attribute("d") or ""
    return np.array([[float(x), float(y)] for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", d)])


def _where(page: Page, lat: float, lon: float) -> np.ndarray:
    """Where a place is in the layer of the lines."""
    spot = page.evaluate(
        "([lat, lon]) => { const { x, y } = own.latLngToLayerPoint([lat, lon]); return [x, y]; }", [lat, lon]
    )
    return np.array(spot, dtype=float)


def test_of_very_many_fixes_a_view_draws_few_and_shows_all(viewer: Show, large: Scene) -> None:
    page = viewer(large, options=OWN_MAP)
    path = next(line["path"] for line in large["map"]["lines"] if line["style"] == "received")
    lat, lon = np.array(decoded(path["lat"])), np.array(decoded(path["lon"]))
    assert len(lat) > 20_000
    assert _line(page).get_attribute("d") == page.locator(".fc-slot path.fc-c-received").get_attribute("d")
    expect(page.get_by_text(f"within 10 m of the {FIXES:,} received positions")).to_be_visible()
    for zoom in (None, 9.5, 12, 15):
        if zoom:
            page.evaluate("zoom => own.setView([42.1, 48], zoom, { animate: false })", zoom)
        drawn = _points(page)
        assert 2 <= len(drawn) < 12_000
        size = page.evaluate("(({ x, y }) => [x, y])(own.getSize())")
        corner = np.array(page.evaluate("(({ x, y }) => [x, y])(own.containerPointToLayerPoint([0, 0]))"))
        for index in range(0, len(lat), len(lat) // 200):
            spot = _where(page, lat[index], lon[index])
            if ((spot > corner) & (spot < corner + size)).all():
                assert _away(spot, drawn) < 4


def _away(spot: np.ndarray, drawn: np.ndarray) -> float:
    """The distance of a spot from the drawn steps; those between two pieces do not count for less."""
    first, along = drawn[:-1], np.diff(drawn, axis=0)
    length2 = np.maximum((along**2).sum(axis=1), 1e-9)
    share = np.clip(((spot - first) * along).sum(axis=1) / length2, 0, 1)
    return float(np.hypot(*(spot - first - share[:, None] * along).T).min())


def test_the_aircraft_is_where_the_fix_of_the_moment_was(viewer: Show, large: Scene) -> None:
    page = viewer(large, options=OWN_MAP)
    for second in (0, 77_777, FIXES - 1):
        page.evaluate("time => v.seek(time)", T0 + second)
        lat, lon = 41.5 + 0.02 * np.sin(second / 40) + second * 1e-5, 48 + 0.026 * np.cos(second / 40)
        page.evaluate("([lat, lon]) => own.setView([lat, lon], 14, { animate: false })", [lat, lon])
        dart = page.locator(".fc-dart").evaluate(
            "(node) => { const { e, f } = node.closest('svg').getScreenCTM(); return [e, f]; }"
        )
        box: Any = page.locator(".fc-slot .leaflet-container").bounding_box()
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        # Ten metres are two pixels at this scale.
        assert np.hypot(*(np.array(dart) - middle)) < 5


def test_the_line_is_drawn_anew_for_another_scene(viewer: Show, large: Scene, scene: Scene) -> None:
    page = viewer(large)
    assert len(_points(page)) > 100
    page.evaluate("other => v.update(other)", scene)
    expect(_line(page)).to_have_count(sum(line["style"] == "received" for line in scene["map"]["lines"]))
    page.evaluate("other => v.update(other)", large)
    expect(_line(page)).to_have_count(1)
    assert len(_points(page)) > 100


# --- other aircraft --------------------------------------------------------------------------------------------


def _flown(lat: float, lon: float, *between: tuple[int, int], heading: tuple[float, float] = (0, 1)) -> Track:
    """A track through these minutes of the flight, at 200 m/s."""
    seconds = np.concatenate([np.arange(60 * start, 60 * end, 10) for start, end in between])
    along = seconds * 200 / 111_000
    return Track.of(
        1_735_098_900 + seconds,
        lat + heading[0] * along,
        lon + heading[1] * along,
        callsign=f"C{10 * lat:.0f}{10 * lon:.0f}",
    )


@functools.cache
def _crowded(language: str) -> str:
    flagship = read(ROOT / "data/cases/j2-8243")
    story = Other.model_validate({"file": "a.csv", "name": {"en": "The second", "ar": "الثانية"}})
    traffic = Other.model_validate({"file": "b.csv", "each": True, "context": True})
    many = tuple(_flown(39 + n % 10 / 2, 44 + n // 10 / 2, (0, 153), heading=(0.2, 0.1)) for n in range(100))
    heard = [(_flown(41.0, 46.0, (0, 60), (90, 153), heading=(0.1, 0.2)),), many]
    recorded = tuple(Heard(tracks, 0, 0, 0, 0) for tracks in heard)
    made = flagship.model_copy(update={"others": (story, traffic), "others_recorded": recorded})
    return json.dumps(compose(made, trace(made), language))


@pytest.fixture
def crowded() -> Scene:
    found: Scene = json.loads(_crowded("en"))
    return found


def _others(page: Page, style: str) -> Locator:
    return page.locator(f".fc-others g:has(.fc-o-{style})")


def _name(page: Page, name: str) -> Locator:
    return page.locator(".fc-others text", has_text=re.compile(f"^{name}$"))


def test_others_are_listed_by_name_and_in_the_legend(viewer: Show, crowded: Scene) -> None:
    page = viewer(crowded)
    listed = page.get_by_role("region", name="Map").get_by_role("list", name="Other aircraft").get_by_role("listitem")
    expect(listed).to_have_count(101)
    expect(listed.first).to_have_text("The second")
    for text in ("Other aircraft, received", "Other traffic, received"):
        expect(page.locator(".fc-legend").get_by_text(text)).to_be_visible()
    expect(page.locator(".fc-slot path.fc-l-other")).to_have_count(1)
    assert page.locator(".fc-slot path.fc-l-traffic").count() == 1
    assert [str(each) for each in harness.axe(page)] == []


def test_an_other_flies_while_it_is_received_and_not_in_its_silence(viewer: Show, crowded: Scene) -> None:
    page = viewer(crowded, options=OWN_MAP)
    (one,) = _others(page, "other").all()
    for minute, seen in ((30, True), (75, False), (100, True)):
        page.evaluate("time => v.seek(time)", 1_735_098_900 + 60 * minute)
        expect(one).to_be_visible() if seen else expect(one).to_be_hidden()
        if seen:
            along = 60 * minute * 200 / 111_000
            x, y = one.evaluate("(node) => { const { e, f } = node.getScreenCTM(); return [e, f]; }")
            box: Any = page.locator(".fc-slot .leaflet-container").bounding_box()
            at = page.evaluate("at => own.latLngToContainerPoint(at)", [41 + 0.1 * along, 46 + 0.2 * along])
            assert np.hypot(x - box["x"] - at["x"], y - box["y"] - at["y"]) < 2
    first, second = crowded["map"]["others"]["aircraft"][0]["paths"]
    assert (page.locator(".fc-slot path.fc-l-other").get_attribute("d") or "").count("M") >= 2
    assert decoded(first["time"])[-1] < decoded(second["time"])[0] - 60


def test_the_one_of_the_story_is_named_and_traffic_under_the_pointer(viewer: Show, crowded: Scene) -> None:
    page = viewer(crowded)
    page.evaluate("time => v.seek(time)", 1_735_098_900 + 60 * 30)
    expect(_name(page, "The second")).to_be_visible()
    named = page.locator(".fc-others g:has(.fc-o-traffic) text:visible")
    expect(named).to_have_count(0)
    size = page.viewport_size or {"width": 0}
    for mark in _others(page, "traffic").all():
        box = mark.locator("path").bounding_box()
        if mark.is_visible() and box and 300 < box["x"] < size["width"] - 600 and 250 < box["y"] < 400:
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            if named.count():
                break
    assert 1 <= named.count() <= 12
    page.mouse.move(5, 5)
    page.mouse.move(40, 700)


def test_near_enough_traffic_is_named_without_a_pointer(viewer: Show, crowded: Scene) -> None:
    page = viewer(crowded, options=OWN_MAP)
    page.evaluate("time => v.seek(time)", 1_735_098_900 + 60 * 30)
    page.evaluate("own.setView([40.2, 46.3], 10, { animate: false })")
    expect(page.locator(".fc-others g:has(.fc-o-traffic) text:visible").first).to_be_visible()


@pytest.mark.parametrize("width", [375, 1120])
def test_names_of_others_cover_no_label_and_no_other_name(viewer: Show, crowded: Scene, width: int) -> None:
    page = viewer(crowded, viewport=(width, 812))
    for minute in range(0, 150, 10):
        page.evaluate("time => v.seek(time)", 1_735_098_900 + 60 * minute)
        boxes = page.evaluate(
            """() => [...document.querySelectorAll(".fc-others text, .fc-labels text")]
              .filter((each) => getComputedStyle(each).visibility === "visible")
              .map((each) => [each, each.getBoundingClientRect()])
              .map(([each, { left, top, right, bottom }]) =>
                [!!each.closest(".fc-others"), left + 2, top + 2, right - 2, bottom - 2])"""
        )
        others = [box[1:] for box in boxes if box[0]]
        for number, one in enumerate(others):
            for other in [*others[:number], *(box[1:] for box in boxes if not box[0])]:
                apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
                assert apart, (minute, one, other)


def test_they_are_there_in_the_dark_and_from_right_to_left(viewer: Show) -> None:
    page = viewer(json.loads(_crowded("ar")), scheme="dark")
    expect(page.get_by_role("list", name="طائرات أخرى").get_by_role("listitem").first).to_have_text("الثانية")
    assert [str(each) for each in harness.axe(page)] == []


def test_a_close_up_lists_others_only_where_they_are(viewer: Show, crowded: Scene) -> None:
    event = next(event for event in crowded["events"] if event["closeup"])
    west, south, east, north = event["closeup"]["fit"]
    page = viewer(crowded)
    page.evaluate("id => v.select(id)", event["id"])
    legend = page.locator(".fc-legend")
    expect(legend.get_by_text("Other traffic, received")).to_be_visible()
    far = {
        "lon": {"quantum": 1, "deltas": [0, 1]},
        "lat": {"quantum": 1, "deltas": [0, 1]},
        "time": {"quantum": 1, "deltas": [0, 1]},
    }
    assert not (west <= 0 <= east and south <= 0 <= north)
    for one in crowded["map"]["others"]["aircraft"]:
        one["paths"] = [far]
    page.evaluate("scene => { v.select(null); v.update(scene); }", crowded)
    expect(legend.get_by_text("Other traffic, received")).to_be_visible()
    page.evaluate("id => v.select(id)", event["id"])
    expect(legend.get_by_text("Other traffic, received")).to_have_count(0)
