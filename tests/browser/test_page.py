"""The exported page in a real browser: from disk, off line, in a sandbox, without script, and with hostile text.

Also what it is made of: the scene that the viewer gets, and the parts of Leaflet that a page carries.
"""

from __future__ import annotations

import json
import math
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium
import pytest
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect
from shipped_cases import CASES, shipped
from small_scene import small_scene, with_every_word

from geo import casefile
from geo.basemap import basemap
from geo.render.folium_map import FlightLayer, folium_map
from geo.render.page import page
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page, Route

    Open = Callable[..., Page]

HOSTILE = "</script><img src=x onerror=window.harmed=1>`${window.harmed=1}`\u2028'\"&lt;"
ROOT = Path(__file__).resolve().parents[2]
SITE = "http://127.0.0.1:9"  # nobody listens there: the routes below answer
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


@pytest.fixture
def unpacked(browser: Any) -> Any:
    """What ``unpack.js`` makes of a document whose scripts do not run: ``unpacked(html)`` gives scene and basemap."""
    # The module comes from a server of our own, which the policy of a page does not admit.
    context = browser.new_context(bypass_csp=True)
    opened = context.new_page()
    shown = {"/": ""}

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE)
        if path in shown:
            route.fulfill(body=shown[path], content_type="text/html")
        else:
            route.fulfill(body=(ROOT / "assets" / path[1:]).read_bytes(), content_type="text/javascript")

    def read(html: str) -> dict[str, Any]:
        shown["/"] = re.sub(r"<script(?! type)[^>]*>.*?</script>", "", html, flags=re.DOTALL)
        opened.goto(f"{SITE}/")
        found: dict[str, Any] = opened.evaluate(
            """() => import("/viewer/unpack.js")
              .then(({ unpack }) => unpack(document.querySelector("script[id$=_data]").id.slice(0, -5)))"""
        )
        return found

    opened.route(f"{SITE}/**", answer)
    yield read
    context.close()


def _same(found: dict[str, Any], scene: dict[str, Any]) -> None:
    scene = json.loads(json.dumps(scene))
    for part in scene:
        assert found["scene"][part] == scene[part], part
    assert found["scene"].keys() == scene.keys()
    assert found["basemap"] == json.loads(json.dumps(basemap(scene["map"]["limits"])))


@pytest.mark.parametrize("slug", CASES)
def test_the_viewer_gets_the_scene_that_was_composed(unpacked: Any, slug: str) -> None:
    case = shipped(slug)
    route = trace(case)
    for language in dict.fromkeys((*case.languages, "en", "ar")):
        scene = compose(case, route, language)
        _same(unpacked(page(scene)), scene)
        _same(unpacked(folium_map(scene).get_root().render()), scene)


def test_the_viewer_gets_hostile_text_as_it_is(unpacked: Any, gazetteer: Any) -> None:
    case = casefile.read(ROOT / "tests/bad/hostile", find=gazetteer.find)
    for language in ("en", "ar"):
        scene = compose(case, trace(case), language)
        _same(unpacked(page(scene)), scene)
        _same(unpacked(folium_map(scene).get_root().render()), scene)


def _unlike_most() -> dict[str, Any]:
    """A scene in which nothing is as its text would let a reader guess."""
    scene = small_scene()
    first, second, third = scene["events"]
    first |= {"mapped": False, "start": 5, "end": 7, "name": "its own", "main": False, "new": [1, {"a": None}]}
    second |= {"aftermath": True, "time_text": "14 Nov", "local_text": "", "number": "a", "datetime": "2023"}
    second |= {
        "long_time": "2023",
        "grade": "odd",
        "title": "  spaces\r\nand\ttabs  ",
        "note": ["a ", {"text": "b", "lang": "de"}],
    }
    third |= {"local_text": "", "title": "", "closeup": {"rings": [], "fit": [1, 2.5]}}
    third["card"] = {**third["card"], "text": "", "unknown": None, "more": "new"}
    third["card"]["groups"] = [{"heading": {"text": "h", "lang": "de"}, "claims": [
        {"letter": None, "by": "b", "says": [{"text": "s", "lang": "ru"}, " t"], "detail": None, "leak": True,
         "time_text": None, "cites": None, "new": 1},
    ]}]  # fmt: skip
    odd = {"id": "S9", "before": "", "link": "", "after": ["x ", {"text": "y", "lang": "de"}], "language": "de"}
    scene["other_sources"] = [
        {**odd, "url": "javascript:alert(1)", "archived": {"text": "copy", "url": "https://example.org/9"}},
        {**odd, "id": "S10", "after": "", "url": None, "archived": {"text": "copy", "url": "data:,"}, "new": 1},
    ]
    for event in scene["events"]:
        event["card"]["sources"] = [{**source, "language": None} for source in event["card"]["sources"]]
    scene["facts_table"]["rows"] = [[{"text": "fünf", "lang": "de"}, "", ["1 ", {"text": "zwei", "lang": "de"}], "4"]]
    scene["footer"] = [["a ", {"text": "b", "lang": "de"}, " c"], {"text": "d", "lang": "ru"}]
    scene["standfirst"] = {"text": "Vorspann", "lang": "de"}
    step = {"id": "one", "count": "Step 1 of 1", "event": "turn", "time": 1, "time_text": "22:33 UTC", "view": None,
            "title": "A", "text": {"text": "B", "lang": "de"}, "sources": ["S9", "S1"]}  # fmt: skip
    scene["story"] = {"heading": "Story", "more": "This event", "steps": [step, {**step, "event": None, "sources": []}]}
    noise = [1_735_098_900, *((-1) ** n * n**5 % 10_007 for n in range(600))]
    scene["map"]["lines"][0]["path"]["time"] = {"quantum": 0.1, "deltas": noise}
    return scene


def test_the_viewer_gets_what_no_text_tells(unpacked: Any) -> None:
    scene = _unlike_most()
    _same(unpacked(page(scene)), scene)
    _same(unpacked(folium_map(scene).get_root().render()), scene)


VIEW = "[map_1.getZoom(), map_1.getCenter().lat, map_1.getCenter().lng]"


def _settled(opened: Page) -> list[float]:
    """Zoom and centre of the map once they stay for some frames, as no animation leaves them."""
    found: list[float] = opened.evaluate(
        f"""async () => {{
          let last = "", still = 0, view = [];
          while (still < 20) {{
            await new Promise(requestAnimationFrame);
            view = {VIEW};
            still = String(view) === last ? still + 1 : 0;
            last = String(view);
          }}
          return view;
        }}"""
    )
    return found


def _middle(opened: Page) -> tuple[float, float]:
    box = opened.get_by_role("region", name="Map").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_the_map_zooms_by_button_wheel_and_double_click(show: Callable[..., Page]) -> None:
    opened = show(page(small_scene()))
    zoom, *_ = _settled(opened)
    opened.get_by_role("button", name="Zoom in").click()
    nearer, *_ = _settled(opened)
    assert nearer == pytest.approx(zoom + 1)
    opened.get_by_role("button", name="Zoom out").click()
    assert _settled(opened)[0] == pytest.approx(zoom)
    x, y = _middle(opened)
    opened.mouse.dblclick(x + 120, y + 60)
    again, lat, lng = _settled(opened)
    assert again == pytest.approx(zoom + 0.75)
    opened.mouse.move(x, y)
    opened.keyboard.down("Control")
    opened.mouse.wheel(0, -40)
    opened.keyboard.up("Control")
    assert _settled(opened) == pytest.approx([again + 0.4, lat, lng], abs=0.01)


def test_the_map_is_dragged_runs_on_and_stops_at_its_edge(show: Callable[..., Page]) -> None:
    opened = show(page(small_scene()))
    for _ in range(3):
        opened.get_by_role("button", name="Zoom in").click()
        _settled(opened)
    x, y = _middle(opened)
    degrees = opened.evaluate("150 * 360 / 256 / 2 ** map_1.getZoom()")

    def drag(pause: float) -> None:
        """Pull the map 150 px west, by the page's own clock; ``pause`` seconds later let go."""
        opened.clock.set_fixed_time(1)
        opened.mouse.move(x + 60, y)
        opened.mouse.down()
        for step in range(1, 7):
            opened.clock.set_fixed_time(1 + 0.008 * step)
            opened.mouse.move(x + 60 - 25 * step, y)
        opened.clock.set_fixed_time(1.048 + pause)
        opened.mouse.up()
        opened.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        opened.clock.set_fixed_time(9)

    before = _settled(opened)
    drag(pause=0.2)
    held = _settled(opened)
    assert held[2] - before[2] == pytest.approx(degrees, rel=0.02)
    drag(pause=0)
    flung = _settled(opened)
    assert flung[2] - held[2] > degrees * 1.1
    for _ in range(6):
        opened.mouse.move(x + 250, y)
        opened.mouse.down()
        opened.mouse.move(x - 250, y, steps=3)
        opened.mouse.up()
    assert _settled(opened)[2] > flung[2]
    assert opened.evaluate("map_1.getBounds().getEast() <= map_1.options.maxBounds.getEast() + 0.01")


def test_two_fingers_move_and_zoom_the_map_and_one_scrolls(show: Callable[..., Page]) -> None:
    opened = show(page(small_scene()), viewport=PHONE, touch=True)
    x, y = _middle(opened)
    zoom, _, lng = _settled(opened)
    fingers = opened.context.new_cdp_session(opened)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        spots = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(points)]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": spots})

    touch("touchStart", (x, y))
    for step in range(1, 6):
        touch("touchMove", (x - 12 * step, y))
    touch("touchEnd")
    assert _settled(opened)[::2] == pytest.approx([zoom, lng])
    touch("touchStart", (x - 20, y), (x + 20, y))
    for step in range(1, 11):
        touch("touchMove", (x - 20 - 6 * step, y), (x + 20 + 2 * step, y))
    touch("touchEnd")
    nearer, _, moved = _settled(opened)
    assert nearer == pytest.approx(zoom + math.log2(120 / 40), abs=0.3)
    assert moved > lng
    opened.clock.set_fixed_time(1)  # two taps count as one gesture when they are near in time
    for _ in range(2):
        touch("touchStart", (x, y))
        touch("touchEnd")
    assert _settled(opened)[0] > nearer


def test_the_map_follows_its_window_and_can_be_taken_away(show: Callable[..., Page]) -> None:
    opened = show(page(small_scene()))
    wide = _settled(opened)
    opened.set_viewport_size({"width": 700, "height": 900})
    expect(opened.get_by_role("region", name="Map")).to_be_visible()
    narrow = _settled(opened)
    assert narrow[0] < wide[0]
    seen = "[[50, 8], [53, 14]].every(corner => map_1.getBounds().contains(L.latLng(corner)))"
    assert opened.evaluate(seen)
    opened.evaluate("flight_layer_2.then((drawn) => drawn.destroy())")
    assert opened.evaluate("document.getElementById('flightcase').childNodes.length") == 0
