"""The time bar as a reader meets it: what was received in numbers and lines, speeds, skips, drags and narrow bars."""

from __future__ import annotations

import copy
import functools
import json
import re
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.test_viewer import scene, viewer
from playwright.sync_api import expect

from geo.casefile import read
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Locator, Page

__all__ = ["scene", "viewer"]

CASES = Path(__file__).resolve().parents[2] / "data/cases"
#: A fix of JL516 in its climb.
AT_A_FIX = 100


@functools.cache
def _written(slug: str, language: str) -> str:
    case = read(CASES / slug)
    return json.dumps(compose(case, trace(case), language))


def _scene(slug: str, language: str = "en") -> Scene:
    found: Scene = json.loads(_written(slug, language))
    return found


def _time(page: Page) -> float:
    found: float = page.evaluate("Date.parse(document.getElementById('v').dataset.time) / 1000")
    return found


def _figures(page: Page) -> list[str]:
    return page.locator(".fc-read b").all_text_contents()


def _box(part: Locator) -> dict[str, float]:
    box: Any = part.bounding_box()
    return dict(box)


def test_the_figures_are_those_of_the_fix(viewer: Show) -> None:
    page = viewer(_scene("jl516"))
    track = read(CASES / "jl516").recorded[0]
    page.evaluate(f"v.seek({track.time_s[AT_A_FIX]})")
    altitude, speed = track.altitude_ft[AT_A_FIX], track.ground_speed_kt[AT_A_FIX]
    rate = round(track.vertical_rate_fpm[AT_A_FIX] / 50) * 50
    assert altitude % 25 == 0
    sign = "\N{MINUS SIGN}" if rate < 0 else "+" if rate else ""
    assert _figures(page) == [f"{altitude:,.0f} ft", f"{speed:.0f} kt", f"{sign}{abs(rate):,} ft/min"]
    slider = page.get_by_role("slider", name="Time")
    expect(slider).to_have_accessible_description(re.compile(f"Tokyo Haneda.*Ground speed ?{speed:.0f} kt"))


def test_nothing_is_told_where_nothing_was_received(viewer: Show) -> None:
    scene = _scene("jl516")
    silent = next(state for state in scene["states"] if state["style"] == "silent")
    page = viewer(scene)
    page.evaluate(f"v.seek({(silent['from'] + silent['to']) / 2})")
    assert _figures(page) == ["–", "–", "–"]


def test_a_case_without_a_track_has_no_figures(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    expect(page.locator(".fc-read")).to_be_hidden()
    expect(page.locator(".fc-profile text").filter(has_text="Altitude where known")).to_be_visible()
    expect(page.locator(".fc-series")).to_have_count(0)


def test_the_second_line_is_the_readers_choice(viewer: Show) -> None:
    page = viewer(_scene("jl516"))
    speed, rate = (page.get_by_role("button", name=name) for name in ("Ground speed", "Vertical rate"))
    beside, edge = page.locator(".fc-beside"), page.locator(".fc-profile text").filter(has_text="40,000 ft")
    expect(speed).to_have_attribute("aria-pressed", "true")
    expect(edge).to_have_text("40,000 ft · 500 kt")
    drawn = beside.get_attribute("d")
    rate.click()
    expect(edge).to_have_text("40,000 ft · ±7,000 ft/min")
    expect(speed).to_have_attribute("aria-pressed", "false")
    assert beside.get_attribute("d") != drawn
    rate.press("Enter")
    expect(beside).to_have_count(0)
    expect(edge).to_have_text("40,000 ft")
    expect(page.locator(".fc-series")).to_have_count(1)


def test_a_phone_has_figures_and_no_lines(viewer: Show) -> None:
    page = viewer(_scene("jl516"), viewport=(375, 812))
    expect(page.locator(".fc-read b")).to_have_count(3)
    expect(page.get_by_role("button", name="Ground speed")).to_be_hidden()
    expect(page.locator(".fc-series")).to_have_count(0)
    page.set_viewport_size({"width": 1120, "height": 720})
    expect(page.get_by_role("button", name="Ground speed")).to_be_visible()
    expect(page.locator(".fc-series")).to_have_count(2)


def _halted(page: Page) -> None:
    """From here on, time runs only when the test lets it."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)


def test_the_speed_is_kept_to_the_end_and_over_it(viewer: Show) -> None:
    scene = _scene("jl516")
    page = viewer(scene)
    _halted(page)
    speed = page.get_by_role("combobox", name="Speed, times real time")
    assert speed.locator("option").all_text_contents() == ["42×", "84×", "169×", "338×"]
    expect(speed).to_have_value("1")
    start, end, pace = (scene["time"][key] for key in ("start", "end", "pace"))
    for factor in (1, 4, 0.5):
        speed.select_option(str(factor))
        page.evaluate(f"v.seek({start}); v.play()")
        page.clock.run_for(4000)
        assert _time(page) - start == pytest.approx(4 * factor * pace, abs=0.1 * factor * pace + 1)
        page.evaluate("v.pause()")
    speed.select_option("4")
    page.evaluate(f"v.seek({end - pace}); v.play()")
    page.clock.run_for(1000)
    assert _time(page) == end
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.evaluate("v.play()")
    page.clock.run_for(2000)
    assert _time(page) - start == pytest.approx(8 * pace, abs=pace)


def test_the_speed_survives_other_words(viewer: Show) -> None:
    page = viewer(_scene("jl516"))
    page.get_by_role("combobox", name="Speed, times real time").select_option("2")
    page.evaluate("scene => v.update(scene)", _scene("jl516", "de"))
    expect(page.get_by_role("combobox", name="Tempo, Vielfaches der Echtzeit")).to_have_value("2")


def test_a_long_time_without_anything_is_passed_in_a_second_and_it_says_so(viewer: Show) -> None:
    scene = _scene("kal007")
    skip = scene["playback"]["skips"][0]
    page = viewer(scene)
    _halted(page)
    page.evaluate(f"v.seek({skip['from']}); v.play()")
    page.clock.run_for(500)
    expect(page.locator(".fc-far")).to_have_text("Skipping 179 min without a position")
    expect(page.locator("[aria-live]")).to_have_text("Skipping 179 min without a position")
    assert skip["from"] < _time(page) < skip["to"]
    page.clock.run_for(700)
    assert skip["to"] < _time(page) < skip["to"] + 2 * scene["time"]["pace"]
    expect(page.locator(".fc-far")).not_to_contain_text("Skipping")


def test_skipping_is_switched_off(viewer: Show) -> None:
    scene = _scene("kal007")
    skip = scene["playback"]["skips"][0]
    page = viewer(scene)
    _halted(page)
    switch = page.get_by_role("button", name="Skip times without a position")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    expect(switch).to_have_attribute("aria-pressed", "false")
    page.evaluate(f"v.seek({skip['from']}); v.play()")
    page.clock.run_for(1200)
    assert _time(page) - skip["from"] < 1.5 * scene["time"]["pace"]
    expect(page.locator(".fc-far")).not_to_contain_text("Skipping")


def test_a_pause_ends_what_is_said_of_the_skip(viewer: Show) -> None:
    scene = _scene("kal007")
    page = viewer(scene)
    _halted(page)
    page.evaluate(f"v.seek({scene['playback']['skips'][0]['from']}); v.play()")
    page.clock.run_for(300)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator(".fc-far")).not_to_contain_text("Skipping")


def test_where_there_is_nothing_to_skip_there_is_no_switch(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    expect(page.locator(".fc-skip")).to_be_hidden()
    expect(page.get_by_role("combobox", name="Speed, times real time")).to_be_visible()


def test_a_scene_of_before_these_parts_is_drawn(viewer: Show, scene: Scene) -> None:
    old = copy.deepcopy(scene)
    del old["playback"], old["profiles"]
    page = viewer(old)
    expect(page.locator(".fc-pace")).to_be_hidden()
    page.evaluate("v.play()")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_the_space_bar_on_the_speed_is_the_speeds(viewer: Show) -> None:
    page = viewer(_scene("jl516"))
    page.get_by_role("combobox", name="Speed, times real time").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox", name="Speed, times real time")).to_have_value("2")
    expect(page.locator("#v")).to_have_attribute("data-time", "2024-01-02T08:45:11Z")


@pytest.mark.parametrize("viewport", [(1120, 720), (375, 812)])
def test_the_bar_is_dragged_and_tapped(viewer: Show, viewport: tuple[int, int]) -> None:
    scene = _scene("jl516")
    page = viewer(scene, viewport=viewport, touch=True)
    page.locator(".fc-bar").scroll_into_view_if_needed()
    box = _box(page.get_by_role("slider", name="Time"))
    y = box["y"] + box["height"] / 2
    start, length = scene["time"]["start"], scene["time"]["end"] - scene["time"]["start"]
    page.touchscreen.tap(box["x"] + box["width"] * 0.25, y)
    assert _time(page) == pytest.approx(start + length / 4, abs=length / box["width"] + 1)
    page.mouse.move(box["x"] + box["width"] * 0.25, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, y, steps=4)
    assert _time(page) == pytest.approx(start + length / 2, abs=length / box["width"] + 1)
    page.mouse.move(box["x"] - 40, y, steps=4)
    page.mouse.up()
    assert _time(page) == start
    page.mouse.move(box["x"] + box["width"] * 0.5, y)
    assert _time(page) == start


def _texts(page: Page) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = page.evaluate(
        """() => [...document.querySelectorAll('.fc-bar > svg text:not(.fc-num)')].map((each) => {
          const { left, top, right, bottom } = each.getBoundingClientRect();
          return [each.textContent, [left, top + 2, right, bottom - 2]];
        })"""
    )
    return found


@pytest.mark.parametrize("language", ["en", "de", "ru", "ar"])
@pytest.mark.parametrize("slug", ["j2-8243", "jl516"])
def test_no_text_of_the_bar_covers_another(viewer: Show, slug: str, language: str) -> None:
    page = viewer(_scene(slug, language))
    for width in (320, 375, 600, 720, 820, 899, 1040, 1120, 1400):
        page.set_viewport_size({"width": width, "height": 720})
        page.wait_for_function("w => document.querySelector('#v').clientWidth <= w", arg=width)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        texts = _texts(page)
        assert texts
        covered = [
            (width, one, other)
            for (one, a), (other, b) in combinations(texts, 2)
            if a[0] < b[2] - 1 and b[0] < a[2] - 1 and a[1] < b[3] and b[1] < a[3]
        ]
        assert covered == []
        assert [text for text, box in texts if box[2] > width or box[0] < 0] == []


@pytest.mark.parametrize(("viewport", "scheme"), [((1120, 720), "light"), ((375, 812), "dark")])
def test_the_bar_is_accessible(viewer: Show, viewport: tuple[int, int], scheme: str) -> None:
    page = viewer(_scene("jl516"), viewport=viewport, scheme=scheme)
    assert [str(each) for each in harness.axe(page, ".fc-scrub")] == []
    harness.screenshot(page, f"bar-{viewport[0]}-{scheme}")
    page.evaluate("scene => v.update(scene)", _scene("kal007"))
    assert [str(each) for each in harness.axe(page, ".fc-scrub")] == []
