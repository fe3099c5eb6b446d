"""The preview of Edit and the map on which positions are given: by click, by drag, by keyboard, by touch."""

from __future__ import annotations

import re
import shutil
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect

from geo.dashboard.drafts import Drafts
from geo.dashboard.edit.answers import round_km
from geo.geodesy import destination, distance_m
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]
    Running = tuple[str, Path]

PATIENCE = 60_000
CASE = "j2-8243"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A dashboard on a copy of one case, and its folder."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(data("cases", CASE), folder / CASE)
    with harness.dashboard(str(folder)) as address:
        yield address, folder


def begun(running: Running, change: Callable[[str], str] = str) -> str:
    """A draft of its own, changed as a text."""
    drafts = Drafts(running[1])
    draft = drafts.begin(CASE)
    text = change(draft.text)
    return (drafts.change(draft.id, text, "made") if text != draft.text else draft).id


def edit(opened: Page, running: Running, draft: str) -> Page:
    """The Edit page, once its preview stands."""
    opened.goto(f"{running[0]}/?case={CASE}&page=edit&draft={draft}")
    expect(opened.locator(".fcp[data-shown*='/draft/']")).to_be_attached(timeout=PATIENCE)
    return opened


def values(running: Running, draft: str) -> Any:
    """The case of a draft as it stands."""
    return tomllib.loads(Drafts(running[1]).sure(draft).text)


def shown(opened: Page) -> str:
    return opened.locator(".fcp").get_attribute("data-shown") or ""


def redrawn(opened: Page, before: str) -> None:
    """Wait until the preview shows another state of the draft than it did."""
    expect(opened.locator(".fcp")).not_to_have_attribute("data-shown", before, timeout=PATIENCE)


def box(locator: Locator) -> tuple[float, float]:
    """The middle of an element."""
    found = locator.bounding_box()
    assert found
    return found["x"] + found["width"] / 2, found["y"] + found["height"] / 2


def own_place(text: str) -> str:
    """The case with an event at a position of its own."""
    return re.sub(r'(id = "impact"\n(?:.*\n)*?)place = .*', r"\1place = { lat = 43.8825, lon = 51.01 }", text, count=1)


def test_the_preview_follows_the_draft_and_keeps_moment_and_map(running: Running, open_page: Open) -> None:
    opened = edit(open_page(), running, begun(running))
    preview = opened.locator(".fcp")
    expect(preview.get_by_role("heading", name="Live preview")).to_be_visible()
    preview.get_by_role("list", name="Timeline").locator(".fc-row:visible").nth(1).click()
    root = preview.locator("[data-time]")
    moment = [root.get_attribute(name) for name in ("data-time", "data-event")]
    assert moment[1] == "last-valid-position"
    basemaps: list[str] = []
    opened.on("request", lambda request: basemaps.append(request.url) if "basemap" in request.url else None)
    root.evaluate("node => { node.kept = true }")
    before = shown(opened)
    opened.get_by_text(re.compile("J2-8243 · Azerbaijan")).first.click()
    title = opened.get_by_role("textbox", name=re.compile("^Headline")).first
    title.fill("Another headline")
    title.press("Control+Enter" if title.evaluate("node => node.tagName") == "TEXTAREA" else "Enter")
    expect(preview.locator("h1")).to_have_text("Another headline", timeout=PATIENCE)
    redrawn(opened, before)
    assert root.evaluate("node => node.kept"), "the viewer is the same: it was not mounted again"
    assert [root.get_attribute(name) for name in ("data-time", "data-event")] == moment
    assert basemaps == [], "the ground under the map did not change"
    wide = preview.get_by_role("button", name="Wide", exact=True)
    wide.click()
    expect(preview.locator(".fcp-width")).to_have_text(re.compile(r"width 1[34]\d\d"))
    screenshot(opened, "dashboard-preview-wide")
    opened.keyboard.press("Escape")
    expect(preview.locator(".fcp-width")).to_have_text(re.compile(r"width 3\d\d"))
    # The page is a long one: the preview stays beside what is edited.
    opened.get_by_role("heading", name="Known places").scroll_into_view_if_needed()
    expect(preview.get_by_role("region", name="Map")).to_be_in_viewport(ratio=0.9)
    assert [str(violation) for violation in axe(opened, ".st-key-preview")] == []


def test_a_position_is_given_by_a_click_and_by_a_drag_each_one_change(running: Running, open_page: Open) -> None:
    draft = begun(running, own_place)
    opened = edit(open_page(), running, draft)
    step = Drafts(running[1]).sure(draft).step
    slot = opened.locator(".fcp .leaflet-container")
    # Drag the sign of an event that stands at a position of its own.
    sign = opened.locator('.fcp .fc-marker[data-event="impact"]')
    sign.hover()
    x, y = box(sign)
    before = shown(opened)
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x - 30, y + 40, steps=6)
    expect(opened.locator(".fcp-readout")).to_have_text(re.compile(r"^4[23]\.\d{4}, (50|49)\.\d{4}$"))
    opened.mouse.up()
    redrawn(opened, before)
    place = next(event for event in values(running, draft)["event"] if event["id"] == "impact")["place"]
    assert place["lat"] < 43.8825
    assert place["lon"] < 51.01
    assert Drafts(running[1]).sure(draft).step == step + 1
    # A place of the case, by a click.
    opened.locator(".st-key-panel-places").get_by_role("button", name=re.compile("^Crash site")).click()
    opened.get_by_role("button", name="Correct on the map").click()
    expect(opened.locator(".fcp-sentence")).to_contain_text("Click the map to set the position.", timeout=PATIENCE)
    before = shown(opened)
    middle = box(slot)
    opened.mouse.click(middle[0] + 20, middle[1] + 30)
    redrawn(opened, before)
    expect(opened.locator(".fcp-sentence")).to_be_hidden(timeout=PATIENCE)
    moved = values(running, draft)["places"]["crash_site"]
    assert moved["lat"] != 43.8825
    assert moved["name"]["en"] == "Crash site"
    assert len(str(moved["lat"]).partition(".")[2]) <= 6
    assert Drafts(running[1]).sure(draft).step == step + 2
    opened.get_by_role("button", name="Undo").click()
    expect(opened.get_by_text("43.8825, 51.0100").first).to_be_visible(timeout=PATIENCE)


def test_a_ring_is_drawn_and_its_radius_dragged(running: Running, open_page: Open) -> None:
    draft = begun(running)
    opened = edit(open_page(motion="reduce"), running, draft)
    opened.locator('.fcp .fc-marker[data-event="first-bang"]').click()
    handle = opened.get_by_role("button", name=re.compile("Distance of .*, 18 km"))
    expect(handle).to_be_attached(timeout=PATIENCE)
    opened.locator(".fcp-view").evaluate("node => node.scrollTo(0, 60)")
    expect(handle).to_be_in_viewport()
    before = shown(opened)
    handle.hover()  # waits until it stands still
    x, y = box(handle)
    opened.mouse.move(x, y)
    opened.mouse.down()
    opened.mouse.move(x + 12, y, steps=4)
    expect(opened.locator(".fcp-readout")).to_have_text(re.compile(r"^\d\d(\.\d)? km$"))
    said = float((opened.locator(".fcp-readout").text_content() or "").split()[0])
    opened.mouse.up()
    redrawn(opened, before)
    place = next(event for event in values(running, draft)["event"] if event["id"] == "first-bang")["place"]
    assert place["km"] == said > 18, "what was shown while it was dragged is what is written"
    # The same by keyboard alone: the handle keeps the focus.
    handle = opened.get_by_role("button", name=re.compile(f"Distance of .*, {said:g} km"))
    before = shown(opened)
    handle.focus()
    opened.keyboard.press("Shift+ArrowLeft")
    opened.keyboard.press("Enter")
    redrawn(opened, before)
    place = next(event for event in values(running, draft)["event"] if event["id"] == "first-bang")["place"]
    assert place["km"] < said


def test_a_path_is_drawn_by_keyboard_alone(running: Running, open_page: Open) -> None:
    draft = begun(running)
    opened = edit(open_page(), running, draft)
    panel = opened.locator(".st-key-panel-stretches")
    panel.get_by_role("table", name="Stretches", exact=True).get_by_role("button").first.press("Enter")
    draw = panel.get_by_role("button", name="Draw on the map")
    draw.focus(timeout=PATIENCE)
    opened.keyboard.press("Enter")
    cross = opened.get_by_role("application", name=re.compile("Crosshair on the map"))
    expect(cross).to_be_focused(timeout=PATIENCE)
    count = len(values(running, draft)["stretch"][0]["path"])
    for _ in range(3):
        opened.keyboard.press("Shift+ArrowDown")
    opened.keyboard.press("ArrowLeft")
    expect(opened.locator(".fcp [aria-live]").last).to_have_text(re.compile(r"^\d\d\.\d{4}, \d\d\.\d{4}$"))
    before = shown(opened)
    opened.keyboard.press("Enter")
    redrawn(opened, before)
    path = values(running, draft)["stretch"][0]["path"]
    assert len(path) == count + 1
    # The last point has a handle; Delete takes it away again, Escape ends, the focus is where it began.
    last = opened.get_by_role("button", name=re.compile(f"^Point {count + 1} of {count + 1}"))
    before = shown(opened)
    last.focus(timeout=PATIENCE)
    opened.keyboard.press("Delete")
    redrawn(opened, before)
    assert values(running, draft)["stretch"][0]["path"] == path[:-1]
    cross.focus()
    opened.keyboard.press("Escape")
    expect(cross).to_have_count(0, timeout=PATIENCE)
    expect(draw).to_be_focused(timeout=PATIENCE)
    screenshot(opened, "dashboard-path")


def test_on_a_phone_the_preview_is_a_drawer_and_a_tap_gives_a_position(running: Running, open_page: Open) -> None:
    draft = begun(running)
    opened = edit(open_page(viewport=PHONE, touch=True), running, draft)
    fold = opened.get_by_role("button", name="Live preview")
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(opened.locator(".fcp-view")).to_be_hidden()
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.locator(".st-key-panel-places").get_by_role("button", name="Add a place on the map").tap()
    expect(fold).to_have_attribute("aria-expanded", "true", timeout=PATIENCE)
    slot = opened.locator(".fcp .leaflet-container")
    expect(slot).to_be_in_viewport(timeout=PATIENCE)
    screenshot(opened, "dashboard-preview-phone")
    before, known = shown(opened), len(values(running, draft)["places"])
    opened.touchscreen.tap(*box(slot))
    redrawn(opened, before)
    assert len(values(running, draft)["places"]) == known + 1


def test_the_preview_measures_as_the_server_does(running: Running, open_page: Open) -> None:
    opened = edit(open_page(), running, begun(running))
    module = opened.evaluate(
        "performance.getEntriesByType('resource').map(each => each.name).find(name => name.endsWith('drawing.js'))"
    )
    pairs = [(43.3881, 45.6998, 43.9, 46.4), (0, 179.9, 1, -179.9), (-33.9, 18.4, 64.1, -21.9), (89.9, 0, 89.9, 120)]
    for lat, lon, other, east in pairs:
        km = float(distance_m(lat, lon, other, east)) / 1000
        said = opened.evaluate(
            "async ([module, a, b]) => (await import(module)).distanceKm(a, b)", [module, [lat, lon], [other, east]]
        )
        assert said == pytest.approx(km, rel=1e-9)
    for km in (0.04, 18.04, 99.96, 240.6):
        assert opened.evaluate("async ([m, km]) => (await import(m)).roundKm(km)", [module, km]) == round_km(km)
    for bearing in (0, 77.5, 180, 300):
        end = destination(60, 178, bearing, 400_000)
        lat, lon = opened.evaluate(
            "async ([m, b]) => { const d = await import(m); return d.written(d.destination([60, 178], 400, b)); }",
            [module, bearing],
        )
        assert (lat, lon) == pytest.approx((float(end.lat), float(end.lon)), abs=2e-6)


def test_what_cannot_be_shown_is_said(running: Running, open_page: Open) -> None:
    broken = begun(running, lambda text: re.sub(r"(\[\[event\]\]\n.*\n)time = ", r"\1time_ = ", text, count=1))
    opened = edit(open_page(), running, broken)
    expect(opened.locator(".fcp-notes")).to_contain_text(re.compile("Not in the preview until it is mended: event 1"))
    drafts = Drafts(running[1])
    nothing = drafts.change(broken, "format = 1\n", "made")
    opened.goto(f"{running[0]}/?case={CASE}&page=edit&draft={nothing.id}")
    expect(opened.locator(".fcp-empty")).to_contain_text("Nothing can be shown yet.", timeout=PATIENCE)
    expect(opened.locator(".fcp-view")).to_be_hidden()
