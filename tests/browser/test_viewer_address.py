"""Links: the address follows the reader, leads others there, and reaches the page around a frame."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from browser.test_viewer import scene, viewer
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Page

__all__ = ["scene", "viewer"]

HASH = "{hash: true}"


def hash_of(page: Page) -> str:
    found: str = page.evaluate("decodeURIComponent(location.hash)")
    return found


def test_a_step_of_the_story_is_an_address(viewer: Show, scene: Scene) -> None:
    step = scene["story"]["steps"][2]
    page = viewer(scene, options=HASH, at=f"#step={step['id']}")
    expect(page.locator(".fc [aria-current=step]")).to_have_count(1)
    page.wait_for_function(f"location.hash.includes('step={step['id']}')")
    page.evaluate("location.hash = '#t=2024-12-25T04:25:00Z'")
    expect(page.locator("#v")).to_have_attribute("data-time", "2024-12-25T04:25:00Z")
    page.wait_for_function("!location.hash.includes('step=')")


def test_the_view_is_written_when_the_reader_moves_the_map_and_no_other_way(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, options=HASH, motion="reduce")
    page.get_by_role("button", name="Next event").click()
    page.wait_for_function("location.hash.includes('event=')")
    assert "view=" not in hash_of(page)
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function("location.hash.includes('view=')")
    written = hash_of(page).split("view=")[1]
    other = viewer(scene, options=HASH, motion="reduce", at=f"#view={written}")
    other.wait_for_function("location.hash.includes('view=')")
    again = hash_of(other).split("view=")[1]
    for one, two in zip(written.split(","), again.split(","), strict=True):
        assert abs(float(one) - float(two)) < 0.002
    other.get_by_role("slider", name="Time").press("0")
    other.wait_for_function("!location.hash.includes('view=')")


def test_a_page_around_a_frame_hears_and_leads(open_page: Callable[..., Page], tmp_path: Path, scene: Scene) -> None:
    from geo.render.page import page as render_page

    (tmp_path / "inner.html").write_text(render_page(scene), encoding="utf-8")
    (tmp_path / "outer.html").write_text(
        "<!doctype html><title>Host</title><iframe src=inner.html width=1120 height=720></iframe><script>"
        "const frame = document.querySelector('iframe'); window.heard = [];"
        "addEventListener('message', ({ source, data }) => source === frame.contentWindow && heard.push(data));"
        "</script>",
        encoding="utf-8",
    )
    page = open_page(offline=True)
    page.goto((tmp_path / "outer.html").as_uri())
    inner = page.frames[1]
    expect(inner.locator("#flightcase")).to_have_attribute("data-time", "2024-12-25T05:42:40Z")
    moment = {"type": "flightcase", "hash": "#t=2024-12-25T04:25:00Z"}
    page.evaluate(f"frame.contentWindow.postMessage({json.dumps(moment)}, '*')")
    expect(inner.locator("#flightcase")).to_have_attribute("data-time", "2024-12-25T04:25:00Z")
    page.wait_for_function("heard.some((one) => one.hash?.includes('t=2024-12-25T04:25:00Z'))")
    # The frame itself, or another window, leads nobody.
    other = {"type": "flightcase", "hash": "#t=2024-12-25T06:00:00Z"}
    inner.evaluate(f"window.postMessage({json.dumps(other)}, '*')")
    inner.evaluate("() => new Promise((done) => setTimeout(done, 50))")
    expect(inner.locator("#flightcase")).to_have_attribute("data-time", "2024-12-25T04:25:00Z")
