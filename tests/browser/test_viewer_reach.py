"""Where the aircraft can have been, as a reader meets it: on the map, under the clock, in the table."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from browser.test_viewer import scene, viewer
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Locator, Page

__all__ = ["scene", "viewer"]

IN_THE_GAP, ON_THE_LINE = "2024-12-25T05:10:00Z", "2024-12-25T05:42:40Z"


def _moment(page: Page) -> Locator:
    return page.locator("path.fc-moment")


def _size(part: Locator) -> tuple[float, float]:
    box: Any = part.bounding_box()
    return box["width"], box["height"]


def test_in_a_gap_the_area_of_the_moment_follows_the_time(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate(f"v.seek('{IN_THE_GAP}')")
    expect(page.locator(".fc-far")).to_have_text("within 66 km of Grozny")
    small = _size(_moment(page))
    page.evaluate("v.seek('2024-12-25T04:50:00Z')")
    expect(page.locator(".fc-far")).to_have_text("within 490 km of Grozny")
    large = _size(_moment(page))
    assert large[0] > 3 * small[0]
    expect(page.locator("path.fc-reach.fc-now")).to_have_count(1)


def test_where_a_path_is_drawn_the_reach_steps_back(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate(f"v.seek('{ON_THE_LINE}')")
    assert _moment(page).get_attribute("d") in ("M0 0", "")
    expect(page.locator("path.fc-reach.fc-now")).to_have_count(0)
    page.evaluate("v.seek('2024-12-25T04:00:00Z')")
    assert _moment(page).get_attribute("d") in ("M0 0", "")
    expect(page.locator(".fc-far")).to_contain_text("about ")


def test_the_slider_is_described_by_the_distance(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate(f"v.seek('{IN_THE_GAP}')")
    slider = page.get_by_role("slider", name="Time")
    expect(slider).to_have_attribute("aria-valuetext", "05:10:00 UTC, no position received")
    expect(slider).to_have_accessible_description("within 66 km of Grozny")


@pytest.mark.parametrize("viewport", [(1120, 720), (375, 812)])
def test_the_area_grows_smoothly_between_moments(viewer: Show, scene: Scene, viewport: tuple[int, int]) -> None:
    page = viewer(scene, viewport=viewport)
    widths = []
    for second in range(0, 601, 60):
        page.evaluate(f"v.seek({scene['map']['reaches'][0]['from'] + 60 + second})")
        widths.append(_size(_moment(page))[0])
    steps = [b - a for a, b in pairwise(widths)]
    assert all(step > 0 for step in steps)
    assert max(steps) < 3 * min(steps) + 5


def test_the_table_tells_the_facts(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.get_by_role("button", name="Show as table").click()
    table = page.get_by_role("table", name="What can be known")
    expect(table.get_by_role("row")).to_have_count(len(scene["facts_table"]["rows"]) + 1)
    expect(table).to_contain_text("Area within reach")
    expect(table).to_contain_text("speed limit of the aircraft type")
