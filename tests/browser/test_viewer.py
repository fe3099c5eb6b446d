"""The viewer as a reader meets it: names and keys, selection both ways, playback, layouts, hostile text."""

from __future__ import annotations

import copy
import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from playwright.sync_api import expect

from geo.basemap import basemap
from geo.casefile import read
from geo.render.inline import viewer_style
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Dialog, Locator, Page, Route

    Scene = dict[str, Any]
    Show = Callable[..., Page]

ROOT = Path(__file__).resolve().parents[2]
SITE = "http://127.0.0.1:9"  # nobody listens there: the routes below answer
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Viewer</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="/vendor/leaflet-1.9.4/leaflet.css">
<link rel="stylesheet" href="/viewer/viewer.css"><style>html, body, main { margin: 0; height: 100% }</style></head>
<body><main id="v"></main><script src="/vendor/leaflet-1.9.4/leaflet.js"></script></body></html>"""
KINDS = {".js": "text/javascript", ".css": "text/css"}
HOSTILE = "<img src=x onerror=alert(1)></script><script>alert(2)</script>`${alert(3)}` \"'&lt;"
WIDTHS = (320, 375, 600, 720, 899, 900, 1040, 1120, 1400)
DECISION = "2024-12-25T05:42:40Z"


@functools.cache
def _written() -> tuple[str, str]:
    case = read(ROOT / "data/cases/j2-8243")
    scene = compose(case, trace(case), "en", "nautical")
    return json.dumps(scene), json.dumps(basemap(tuple(scene["map"]["limits"])))


@pytest.fixture
def scene() -> Scene:
    """A scene of the flagship case that a test may change."""
    found: Scene = json.loads(_written()[0])
    return found


def _answer(route: Route) -> None:
    path = route.request.url.removeprefix(SITE).split("#")[0].split("?")[0]
    if path == "/":
        route.fulfill(body=PAGE, content_type="text/html")
        return
    if path == "/viewer/viewer.css":
        route.fulfill(body=viewer_style(), content_type="text/css")
        return
    file = ROOT / "assets" / path.lstrip("/")
    route.fulfill(body=file.read_bytes(), content_type=KINDS.get(file.suffix, "text/plain"))


@pytest.fixture
def viewer(open_page: Show) -> Show:
    """Open a page with one mounted viewer: ``viewer(scene, options="{hash: true}", at="#t=…", viewport=…)``."""

    def show(scene: Scene, *, options: str = "{}", at: str = "", **look: Any) -> Page:
        page = open_page(**{"viewport": (1120, 720), **look})
        page.route(f"{SITE}/**", _answer)
        page.goto(f"{SITE}/{at}")
        page.evaluate(
            """async ([scene, basemap, options]) => {
              const { mount } = await import("/viewer/mount.js");
              Object.assign(window, { mount, scene, basemap, heard: [] });
              const root = document.getElementById("v");
              for (const type of ["ready", "select", "timechange", "error"])
                root.addEventListener(type, (event) => window.heard.push([type, event.detail]));
              window.v = mount(root, scene, { basemap, ...new Function("return " + options)() });
            }""",
            [scene, json.loads(_written()[1]), options],
        )
        return page

    return show


def _event(scene: Scene, number: str) -> Scene:
    found: Scene = next(event for event in scene["events"] if event["number"] == number)
    return found


def _row(page: Page, event: Scene) -> Locator:
    return page.get_by_role("list", name="Timeline").get_by_role("button", name=event["name"], exact=True)


def _sign(page: Page, event: Scene) -> Locator:
    return page.get_by_role("region", name="Map").get_by_role("button", name=event["name"], exact=True)


def _box(part: Locator) -> Any:
    box = part.bounding_box()
    assert box is not None
    return box


def _root(page: Page) -> Locator:
    return page.locator("#v")


def test_names_that_assistive_technology_relies_on(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    expect(page.get_by_role("heading", level=1)).to_have_text(scene["title"])
    expect(page.get_by_role("region", name="Map")).to_have_accessible_description(scene["description"])
    for name in ("Play", "Previous event", "Next event", "Zoom in", "Zoom out", "Show as table"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    rows = page.get_by_role("list", name="Timeline").get_by_role("button")
    main = [event["name"] for event in scene["events"] if event["main"]]
    assert rows.evaluate_all("all => all.map((row) => row.getAttribute('aria-label'))") == main
    slider = page.get_by_role("slider", name="Time")
    expect(slider).to_have_attribute("aria-valuetext", "05:42:40 UTC, position inferred, not received")
    page.get_by_role("button", name="Show as table").click()
    expect(page.get_by_role("table", name="All events")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(3)
    page.get_by_role("button", name="Hide table").click()
    expect(page.get_by_role("region", name="Map")).to_be_visible()


def test_opens_paused_at_the_editors_moment(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    expect(_root(page)).to_have_attribute("data-time", DECISION)
    expect(_root(page)).to_have_attribute("data-state", "inferred")
    expect(_root(page)).to_have_attribute("data-event", _event(scene, "8")["id"])
    expect(_row(page, _event(scene, "8"))).to_have_attribute("aria-current", "time")
    assert page.evaluate("window.heard.map(([type]) => type)") == ["ready"]


def test_a_row_selects_and_a_second_click_lets_go(viewer: Show, scene: Scene) -> None:
    page, event = viewer(scene), _event(scene, "2")
    _row(page, event).click()
    expect(_root(page)).to_have_attribute("data-event", event["id"])
    expect(_root(page)).to_have_attribute("data-time", "2024-12-25T04:25:00Z")
    expect(_row(page, event)).to_have_attribute("aria-expanded", "true")
    expect(_sign(page, event)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".fc-card").get_by_text(event["card"]["text"])).to_be_visible()
    assert ["select", {"event": event["id"], "time": event["start"]}] in page.evaluate("window.heard")
    _row(page, event).click()
    expect(_row(page, event)).to_have_attribute("aria-expanded", "false")


def test_a_marker_selects_its_row(viewer: Show, scene: Scene) -> None:
    page, event = viewer(scene), _event(scene, "10")
    _sign(page, event).click()
    expect(_row(page, event)).to_have_attribute("aria-expanded", "true")
    page.wait_for_function(
        """id => {
          const row = document.querySelector(`.fc-item[data-event="${id}"]`);
          const list = row.closest('.fc-scroll');
          const lowest = list.scrollTop >= list.scrollHeight - list.clientHeight - 1;
          return lowest || Math.abs(row.getBoundingClientRect().top - list.getBoundingClientRect().top) < 2;
        }""",
        arg=event["id"],
    )


def test_the_bar_seeks_and_selects(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    box = _box(page.get_by_role("slider", name="Time"))
    page.mouse.click(box["x"] + box["width"] / 4, box["y"] + 30)
    last = next(event for event in reversed(scene["events"]) if event["main"])
    quarter = scene["time"]["start"] + (scene["time"]["end"] - scene["time"]["start"]) / 4
    assert abs(page.evaluate("Date.parse(document.getElementById('v').dataset.time) / 1000") - quarter) < 30
    pip = _box(page.locator(".fc-bar .fc-mark", has_text=last["number"]))
    page.mouse.click(pip["x"] + pip["width"] / 2, pip["y"] + pip["height"] / 2)
    expect(_row(page, last)).to_have_attribute("aria-expanded", "true")


def test_close_up_shows_the_claims_and_escape_returns(viewer: Show, scene: Scene) -> None:
    page, event = viewer(scene), _event(scene, "5")
    _sign(page, event).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".fc-map.fc-close")).to_be_visible()
    expect(_row(page, event)).to_be_focused()
    expect(_sign(page, event)).to_be_hidden()
    assert page.locator(".fc-legend").get_by_text("Direction only, distance not stated").is_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".fc-map.fc-close")).to_have_count(0)
    expect(_sign(page, event)).to_be_visible()


def test_keys_act_inside_only(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.keyboard.press("ArrowRight")
    expect(_root(page)).to_have_attribute("data-time", DECISION)
    page.get_by_role("slider", name="Time").focus()
    for key, time in (
        ("ArrowRight", "05:43:40"),
        ("Shift+ArrowLeft", "05:33:40"),
        ("Home", "03:55:00"),
        ("End", "06:27:58"),
    ):
        page.keyboard.press(key)
        expect(_root(page)).to_have_attribute("data-time", f"2024-12-25T{time}Z")
    page.keyboard.press("Home")
    page.keyboard.press("n")
    expect(_row(page, _event(scene, "2"))).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("p")
    expect(_row(page, _event(scene, "1"))).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(_row(page, _event(scene, "1"))).to_have_attribute("aria-expanded", "false")
    before = page.locator(".fc-scale").text_content() or ""
    for _ in range(3):
        page.keyboard.press("+")
        page.wait_for_timeout(400)
    expect(page.locator(".fc-scale")).not_to_have_text(before)
    page.keyboard.press("0")
    expect(page.locator(".fc-scale")).to_have_text(before)


def test_tab_order_follows_the_page(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    seen = []
    for _ in range(200):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement === document.body ? '' : document.activeElement.getAttribute('aria-label')"
            " ?? document.activeElement.textContent"
        )
        if not name:
            break
        seen.append(name)
    marked = [event["name"] for event in scene["events"] if event["main"] and _has_marker(scene, event)]
    assert seen[:3] == ["Read as a story", "Zoom in", "Zoom out"]
    assert seen[3 : 3 + len(marked)] == marked
    assert seen.index("Play") > seen.index(_event(scene, "11")["name"])
    assert seen[-2:] == ["Time", "Show as table"]


def _wait_time(page: Page, sign: str, time: str) -> None:
    now = "Date.parse(document.getElementById('v').dataset.time)"
    page.wait_for_function(f"{now} {sign} Date.parse('{time}')")


def _has_marker(scene: Scene, event: Scene) -> bool:
    return any(marker["event"] == event["id"] for marker in scene["map"]["markers"])


def test_playback_runs_pauses_and_stops_at_the_end(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    _wait_time(page, ">", "2024-12-25T05:44:00Z")
    page.evaluate("window.v.pause()")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.evaluate("window.v.seek('2024-12-25T06:26:30Z')")
    page.evaluate("window.v.play()")
    expect(_root(page)).to_have_attribute("data-time", "2024-12-25T06:27:58Z")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.locator("[aria-live]")).to_have_text(_event(scene, "11")["name"])
    page.evaluate("window.v.play()")
    _wait_time(page, "<", "2024-12-25T04:30:00Z")
    page.get_by_role("slider", name="Time").press("ArrowRight")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_playback_draws_no_line_again(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate(
        """() => {
          window.drawn = [];
          const seen = new MutationObserver((all) => {
            const still = '.leaflet-fc-line-pane, .leaflet-fc-base-pane, .fc-labels';
            for (const { target } of all) if (target.closest(still)) window.drawn.push(target.outerHTML.slice(0, 200));
          });
          seen.observe(document.getElementById('v'), { subtree: true, childList: true, attributes: true });
          window.v.seek('2024-12-25T05:45:00Z');
          window.v.play();
        }"""
    )
    _wait_time(page, ">", "2024-12-25T05:49:00Z")
    assert page.evaluate("window.drawn") == []


def test_without_motion_playback_steps_from_event_to_event(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, motion="reduce")
    page.evaluate("window.v.seek('2024-12-25T05:25:40Z'); window.v.play()")
    expect(_root(page)).to_have_attribute("data-time", DECISION)
    expect(_root(page)).to_have_attribute("data-time", "2024-12-25T06:02:00Z")


def test_the_address_holds_the_moment(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, options="{hash: true}", at="#theme=dark&t=2024-12-25T04:00:00Z")
    expect(_root(page)).to_have_attribute("data-time", "2024-12-25T04:00:00Z")
    _row(page, _event(scene, "2")).click()
    page.wait_for_function("location.hash.includes('event=')")
    expected = f"#theme=dark&t=2024-12-25T04:25:00Z&event={_event(scene, '2')['id']}"
    assert page.evaluate("location.hash") == expected
    other = viewer(scene, options="{hash: true}", at=f"#event={_event(scene, '5')['id']}")
    expect(_row(other, _event(scene, "5"))).to_have_attribute("aria-expanded", "true")


def test_a_broken_address_opens_as_usual(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, options="{hash: true}", at="#t=%E0%A4%A&event=<img>")
    expect(_root(page)).to_have_attribute("data-time", DECISION)


def test_update_keeps_time_selection_and_map(viewer: Show, scene: Scene) -> None:
    page, event = viewer(scene), _event(scene, "2")
    _row(page, event).click()
    page.evaluate("document.querySelector('.leaflet-container').kept = true")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(400)
    place = page.locator(f".fc-marker[data-event='{event['id']}']").bounding_box()
    german = copy.deepcopy(scene)
    german["language"] = "de"
    german["title"] = "Anderer Titel"
    german["words"]["play"] = "Abspielen"
    page.evaluate("scene => window.v.update(scene)", german)
    expect(page.get_by_role("heading", level=1)).to_have_text("Anderer Titel")
    expect(page.get_by_role("button", name="Abspielen")).to_be_visible()
    expect(_root(page)).to_have_attribute("lang", "de")
    expect(_root(page)).to_have_attribute("data-time", "2024-12-25T04:25:00Z")
    expect(_row(page, event)).to_have_attribute("aria-expanded", "true")
    assert page.evaluate("document.querySelector('.leaflet-container').kept")
    assert page.locator(f".fc-marker[data-event='{event['id']}']").bounding_box() == place


def test_update_to_an_unknown_form_is_an_error(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate("scene => window.v.update(scene)", {**scene, "scene": 2})
    assert page.evaluate("window.heard.at(-1)[0]") == "error"
    expect(page.get_by_role("heading", level=1)).to_have_text(scene["title"])


def _poison(value: Any, key: str = "") -> Any:
    kept = {
        "style",
        "evidence",
        "basis",
        "grade",
        "kind",
        "id",
        "event",
        "zone",
        "language",
        "direction",
        "ring",
        "datetime",
    }
    if isinstance(value, dict):
        return {name: _poison(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [_poison(each, key) for each in value]
    if isinstance(value, str) and key not in kept:
        return "javascript:alert(4)" if key == "url" else value + HOSTILE
    return value


def test_text_is_never_markup(viewer: Show, scene: Scene) -> None:
    page = viewer(_poison(scene))
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    for event in scene["events"]:
        page.evaluate("id => window.v.select(id)", event["id"])
    page.get_by_text("Show as table").first.click()
    page.wait_for_timeout(100)
    assert page.locator("#v img, #v script, #v a[href^='javascript']").count() == 0
    assert asked == []
    expect(page.get_by_role("heading", level=1)).to_have_text(scene["title"] + HOSTILE)


def test_words_in_another_language_say_so(viewer: Show, scene: Scene) -> None:
    scene["title"] = {"text": "Ein Titel", "lang": "de"}
    page = viewer(scene)
    expect(page.get_by_role("heading", level=1)).to_have_attribute("lang", "de")


def test_two_viewers_live_apart(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate(
        """() => {
          const other = document.createElement('div');
          other.id = 'w';
          document.body.append(other);
          window.w = mount(other, scene, { basemap });
          window.w.seek('2024-12-25T04:00:00Z');
        }"""
    )
    expect(_root(page)).to_have_attribute("data-time", DECISION)
    expect(page.locator("#w")).to_have_attribute("data-time", "2024-12-25T04:00:00Z")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))
    page.evaluate("window.w.destroy()")
    assert page.locator("#w").evaluate(
        "node => [node.childNodes.length, node.className, Object.keys(node.dataset).length]"
    ) == [0, "", 0]
    _row(page, _event(scene, "2")).click()
    expect(_root(page)).to_have_attribute("data-event", _event(scene, "2")["id"])


def test_lives_in_a_shadow_root(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate(
        """() => {
          window.v.destroy();
          const shadow = document.getElementById('v').attachShadow({ mode: 'open' });
          for (const link of document.querySelectorAll('link[rel=stylesheet]')) shadow.append(link.cloneNode());
          const root = document.createElement('div');
          root.id = 'inner';
          root.style.height = '720px';
          shadow.append(root);
          window.v = mount(root, scene, { basemap });
        }"""
    )
    event = _event(scene, "5")
    _sign(page, event).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#inner")).to_have_attribute("data-event", event["id"])
    assert page.evaluate("document.getElementById('v').shadowRoot.activeElement.className") == "fc-row"
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.locator("#inner .fc-marker.fc-on")).to_have_count(1)


def test_adopts_a_map_of_the_host(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate(
        """() => {
          window.v.destroy();
          const home = document.createElement('div');
          document.body.append(home);
          home.style.height = '300px';
          const map = L.map(home).setView([0, 0], 2);
          L.circleMarker([41, 49]).addTo(map);
          window.hosted = map;
          window.v = mount(document.getElementById('v'), scene, { basemap, map });
        }"""
    )
    assert page.evaluate("document.querySelector('.fc-slot').contains(hosted.getContainer())")
    assert page.evaluate("hosted.getBounds().contains([40.47, 50.05])")
    assert page.locator(".leaflet-control-zoom").count() == 0
    expect(_sign(page, _event(scene, "2"))).to_be_visible()
    page.evaluate("window.v.destroy()")
    assert page.evaluate("Boolean(hosted.getContainer())")


@pytest.mark.parametrize("width", WIDTHS)
def test_no_width_scrolls_sideways(viewer: Show, scene: Scene, width: int) -> None:
    page = viewer(scene, viewport=(width, 720))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("id => window.v.select(id)", _event(scene, "5")["id"])
    page.wait_for_timeout(350)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    harness.screenshot(page, f"viewer-{width}")


@pytest.mark.parametrize("width", WIDTHS)
def test_labels_of_the_map_do_not_overlap(viewer: Show, scene: Scene, width: int) -> None:
    page = viewer(scene, viewport=(width, 720))
    page.wait_for_timeout(100)
    clashes = page.evaluate(
        """() => {
          const boxes = [...document.querySelectorAll(
            '.fc-label, .fc-marker:not([hidden]), .fc-zoom, .fc-legend, .fc-stamp, .fc-scale')]
            .map((node) => [node, node.getBoundingClientRect()]).filter(([, box]) => box.width);
          const found = [];
          boxes.forEach(([a, p], i) => boxes.slice(i + 1).forEach(([b, q]) => {
            const x = Math.min(p.right, q.right) - Math.max(p.left, q.left);
            const y = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
            if (x > 3 && y > 3) found.push([a.textContent, b.textContent, x, y]);
          }));
          return found;
        }"""
    )
    assert clashes == []


def test_the_phone_layout_is_one_column(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, viewport=harness.PHONE, touch=True)
    expect(page.get_by_role("button", name="Zoom in")).to_be_hidden()
    expect(page.locator(".fc-legend")).to_be_hidden()
    assert _box(page.locator(".fc-map"))["height"] == 276
    bar = _box(page.locator(".fc-scrub"))
    assert bar["y"] + bar["height"] == 812
    assert page.locator(".leaflet-container").evaluate("node => getComputedStyle(node).touchAction") == "pan-y"


def test_dark_follows_the_reader_and_the_host(viewer: Show, scene: Scene) -> None:
    ground = "getComputedStyle(document.getElementById('v')).backgroundColor"
    assert viewer(scene, scheme="dark").evaluate(ground) == "rgb(17, 23, 29)"
    assert viewer(scene, scheme="dark", options="{scheme: 'light'}").evaluate(ground) == "rgb(255, 255, 255)"
    assert viewer(scene, scheme="light", options="{scheme: 'dark'}").evaluate(ground) == "rgb(17, 23, 29)"


@pytest.mark.parametrize(
    "look", [{}, {"scheme": "dark"}, {"viewport": (375, 812)}, {"viewport": (720, 900), "scheme": "dark"}]
)
@pytest.mark.parametrize("number", [None, "5"])
def test_axe_finds_nothing(viewer: Show, scene: Scene, look: dict[str, Any], number: str | None) -> None:
    page = viewer(scene, **look)
    if number:
        page.evaluate("id => window.v.select(id)", _event(scene, number)["id"])
        page.wait_for_timeout(500)
    assert [str(each) for each in harness.axe(page)] == []


def test_axe_finds_nothing_in_the_table(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.get_by_role("button", name="Show as table").click()
    assert [str(each) for each in harness.axe(page)] == []


def test_minor_events_appear_on_demand(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    minor = next(event for event in scene["events"] if not event["main"])
    expect(_row(page, minor)).to_be_hidden()
    page.get_by_role("button", name=scene["list"]["more"]).click()
    expect(_row(page, minor)).to_be_visible()
    page.get_by_role("button", name=scene["list"]["fewer"]).click()
    expect(_row(page, minor)).to_be_hidden()
