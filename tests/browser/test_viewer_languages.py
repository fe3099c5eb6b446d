"""The viewer in every language of the interface: nothing scrolls sideways, also what is written from the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser.test_viewer import ROOT, viewer
from playwright.sync_api import expect

from geo.casefile import read
from geo.route import trace
from geo.scene import compose, languages

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Locator

__all__ = ["viewer"]


@pytest.fixture(scope="module")
def told() -> dict[str, Scene]:
    """The flagship in each language; its own texts are there in two of them and fall back in the others."""
    case = read(ROOT / "data/cases/j2-8243")
    route = trace(case)
    return {language: compose(case, route, language) for language in languages()}


def _box(part: Locator) -> dict[str, float]:
    box: Any = part.bounding_box()
    return box


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("width", [320, 375, 600, 720, 1040, 1120])
def test_no_language_scrolls_sideways(viewer: Show, told: dict[str, Scene], language: str, width: int) -> None:
    page = viewer(told[language], viewport=(width, 812))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    strip = page.locator(".fc-strip")
    if strip.is_visible():
        assert strip.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_from_the_right_the_list_stands_left_and_time_runs_right(viewer: Show, told: dict[str, Scene]) -> None:
    page = viewer(told["ar"])
    expect(page.locator(".fc")).to_have_attribute("dir", "rtl")
    ring, port = _box(page.locator(".fc-list:not(.fc-story)")), _box(page.locator(".fc-map"))
    assert ring["x"] + ring["width"] <= port["x"]
    ticks = page.locator(".fc-bar text.fc-axis")
    hours = {text: _box(ticks.nth(index))["x"] for index, text in enumerate(ticks.all_text_contents())}
    assert hours["04:30"] < hours["05:00"] < hours["06:00"]


def test_a_text_in_another_language_runs_as_that_does(viewer: Show, told: dict[str, Scene]) -> None:
    page = viewer(told["ar"])
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_attribute("lang", "en")
    assert title.evaluate("node => getComputedStyle(node).unicodeBidi") == "plaintext"


def test_the_legend_stands_in_a_corner_that_hides_no_line_from_the_right_too(
    viewer: Show, told: dict[str, Scene]
) -> None:
    page = viewer(told["ar"])
    card = _box(page.locator(".fc-legend"))
    for sign in page.locator(".fc-marker:visible").all():
        box = _box(sign)
        middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        inside = (
            card["x"] < middle[0] < card["x"] + card["width"] and card["y"] < middle[1] < card["y"] + card["height"]
        )
        assert not inside
