"""The exported page in a real browser: from disk, off line, in a sandbox, without script, and with hostile text."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

import folium
import pytest
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect
from small_scene import small_scene, with_every_word

from geo.render.folium_map import FlightLayer, folium_map
from geo.render.page import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Open = Callable[..., Page]

HOSTILE = "</script><img src=x onerror=window.harmed=1>`${window.harmed=1}`\u2028'\"&lt;"
WATCH = "addEventListener('securitypolicyviolation', e => (window.violations ||= []).push(e.violatedDirective))"


@pytest.fixture
def show(tmp_path: Path, open_page: Open) -> Callable[..., Page]:
    """Write a page to disk and open it from there with the network off."""

    def shown(html: str, address: str = "", **look: Any) -> Page:
        file = tmp_path / "page.html"
        file.write_text(html, encoding="utf-8")
        opened = open_page(offline=True, **look)
        opened.add_init_script(WATCH)
        opened.goto(file.as_uri() + address)
        return opened

    return shown


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE, "touch": True}, {"scheme": "dark"}])
def test_it_shows_everything_from_disk(show: Callable[..., Page], look: dict[str, Any]) -> None:
    opened = show(page(small_scene()), **look)
    expect(opened.get_by_role("heading", level=1)).to_have_text(small_scene()["title"])
    expect(opened.get_by_role("region", name="Map")).to_be_visible()
    expect(opened.get_by_role("list", name="Timeline")).to_be_visible()
    expect(opened.get_by_role("slider", name="Time")).to_be_visible()
    assert opened.locator(".fc-base-pane path, .leaflet-fc-base-pane path").count() > 0
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.evaluate("window.violations") is None
    assert [str(violation) for violation in axe(opened)] == []
    screenshot(opened, f"page-{look.get('scheme', 'phone' if look else 'wide')}")


def test_a_row_moves_the_time_and_the_address(show: Callable[..., Page]) -> None:
    opened = show(page(small_scene()))
    opened.get_by_role("list", name="Timeline").get_by_role("button", name="Turn").click()
    expect(opened.locator("#flightcase")).to_have_attribute("data-event", "turn")
    expect(opened.locator("#flightcase")).to_have_attribute("data-time", "2023-11-14T22:33:20Z")
    expect(opened).to_have_url(re.compile(r"#t=2023-11-14T22:33:20Z&event=turn$"))


def test_a_link_opens_at_its_moment(show: Callable[..., Page]) -> None:
    opened = show(page(small_scene()), "#t=2023-11-14T22:50:00Z")
    expect(opened.locator("#flightcase")).to_have_attribute("data-time", "2023-11-14T22:50:00Z")


def test_without_script_it_is_the_whole_story_as_text(show: Callable[..., Page]) -> None:
    opened = show(page(small_scene()), scripts=False)
    expect(opened.get_by_role("heading", level=1)).to_be_visible()
    expect(opened.get_by_role("table", name="All events").locator("h3")).to_have_count(3)
    expect(opened.get_by_text("No recording was published.")).to_be_visible()
    expect(opened.get_by_role("link", name="Notes of the tower").first).to_be_visible()
    expect(opened.get_by_text("Basemap: Natural Earth")).to_be_visible()
    screenshot(opened, "page-text", full=True)


def test_it_works_in_a_sandbox(show: Callable[..., Page]) -> None:
    frame = (
        f'<iframe title="Map" sandbox="allow-scripts" width="1100" height="700" srcdoc="{escape(page(small_scene()))}">'
    )
    opened = show(f'<!doctype html><html lang="en"><title>An article</title><h1>An article</h1>{frame}</iframe></html>')
    inside = opened.frame_locator("iframe")
    inside.get_by_role("list", name="Timeline").get_by_role("button").first.click()
    expect(inside.locator("#flightcase")).to_have_attribute("data-event", "take-off")


def test_hostile_text_is_only_text(show: Callable[..., Page]) -> None:
    scene = with_every_word(small_scene(), lambda word: word + HOSTILE)
    opened = show(page(scene))
    expect(opened.get_by_role("heading", level=1)).to_have_text(scene["title"])
    opened.locator("[data-event] .fc-row:visible").last.click()
    expect(opened.locator("#flightcase")).to_have_attribute("data-event", "turn")
    assert opened.evaluate("[window.harmed, window.violations, document.images.length]") == [None, None, 0]


def test_the_text_comes_back_when_the_script_fails(tmp_path: Path, browser: Any) -> None:
    context = browser.new_context()
    opened = context.new_page()
    file = tmp_path / "page.html"
    file.write_text(page({**small_scene(), "scene": 99}), encoding="utf-8")
    opened.goto(file.as_uri())
    expect(opened.get_by_role("table", name="All events")).to_be_visible()
    context.close()


def test_layers_of_a_folium_map_are_drawn_with_it(show: Callable[..., Page]) -> None:
    own = folium_map(small_scene())
    folium.Polygon([(51, 9), (52, 9), (52, 11)], color="#123456").add_to(own)
    folium.LayerControl(collapsed=False).add_to(own)
    opened = show(page(small_scene(), own))
    expect(opened.locator('path[stroke="#123456"]')).to_be_attached()
    expect(opened.locator("#flightcase .leaflet-fc-line-pane path").first).to_be_attached()
    assert opened.evaluate("window.violations") is None


def test_a_saved_folium_map_draws_the_flight(tmp_path: Path, open_page: Open) -> None:
    file = tmp_path / "map.html"
    folium_map(small_scene()).save(str(file))
    opened = open_page(offline=True)
    opened.goto(file.as_uri())
    expect(opened.get_by_role("list", name="Timeline")).to_be_visible()
    expect(opened.locator(".leaflet-fc-line-pane path").first).to_be_attached()


def test_two_flights_stand_in_one_notebook(tmp_path: Path, open_page: Open) -> None:
    second = folium.Map(tiles=None, location=(50, 8))
    second.default_js = folium_map(small_scene()).default_js
    second.default_css = []
    FlightLayer(small_scene()).add_to(second)
    cells = folium_map(small_scene())._repr_html_() + second._repr_html_()
    file = tmp_path / "notebook.html"
    file.write_text(f'<!doctype html><meta charset="utf-8"><title>Notebook</title>{cells}', encoding="utf-8")
    opened = open_page(offline=True, viewport=(1200, 1600))
    opened.goto(file.as_uri())
    for number in range(2):
        inside = opened.frame_locator("iframe").nth(number)
        expect(inside.get_by_role("list", name="Timeline")).to_be_visible()
