"""The story as a reader meets it: offered, read by scrolling or by buttons, left and gone back to, in a frame too."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.test_viewer import HOSTILE, PAGE, SITE, _answer, _poison, _written, scene, viewer
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Frame, Locator, Page

__all__ = ["scene", "viewer"]

HOST = "http://127.0.0.1:8"  # another origin than SITE; nobody listens there either
WIDE, PHONE = (1120, 720), (375, 812)
MOUNT = """async ([scene, basemap]) => {
  const { mount } = await import("/viewer/mount.js");
  window.v = mount(document.getElementById("v"), scene, { basemap });
}"""
#: The title of the current step.
NOW = "document.querySelector('.fc-story [aria-current=step] h3')?.textContent"


def _story(page: Page | Frame) -> Locator:
    return page.get_by_role("region", name="Story")


def _open(page: Page | Frame) -> Locator:
    page.get_by_role("button", name="Read as a story").click()
    expect(_story(page)).to_be_visible()
    return _story(page)


def _now(page: Page | Frame) -> Locator:
    return _story(page).locator("[aria-current=step]")


def _at(page: Page | Frame, scene: Scene, index: int) -> None:
    """The step is the current one, and time and event are its own."""
    step = scene["story"]["steps"][index]
    expect(_now(page)).to_have_count(1)
    expect(_now(page).get_by_role("heading")).to_have_text(step["title"])
    time = page.evaluate("Date.parse(document.getElementById('v').dataset.time) / 1000")
    assert time == int(step["time"])
    expect(page.locator("#v")).to_have_attribute("data-event", step["event"])


def _button(page: Page, name: str) -> Locator:
    return _story(page).get_by_role("button", name=name, exact=True)


def _settled(page: Page) -> None:
    """The text has come to rest after it was brought to a step."""
    page.wait_for_timeout(900)


def test_the_story_is_offered_and_changes_nothing_until_it_is_taken(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    expect(page.get_by_role("button", name="Read as a story")).to_be_visible()
    expect(_story(page)).to_have_count(0)
    expect(page.get_by_role("list", name="Timeline")).to_be_visible()
    scene["story"] = None
    without = viewer(scene)
    expect(without.get_by_role("button", name="Read as a story")).to_have_count(0)
    without.locator(".fc-row").first.focus()
    without.keyboard.press("]")
    without.evaluate("v.step('bangs')")
    expect(_story(without)).to_have_count(0)


def test_it_opens_at_its_first_step_and_says_so(viewer: Show, scene: Scene) -> None:
    page, steps = viewer(scene), scene["story"]["steps"]
    story = _open(page)
    expect(page.get_by_role("list", name="Timeline")).to_be_hidden()
    expect(story.get_by_role("heading", name="Story")).to_be_focused()
    assert story.get_by_role("listitem").filter(has=page.get_by_role("heading")).count() == len(steps)
    assert story.get_by_role("heading", level=3).all_text_contents() == [step["title"] for step in steps]
    _at(page, scene, 0)
    expect(story.get_by_text(steps[0]["count"])).to_be_visible()
    expect(page.locator("[aria-live=polite]").filter(has_text=steps[0]["count"])).to_have_text(
        f"{steps[0]['count']}. {steps[0]['title']}"
    )


def test_buttons_and_keys_go_on_and_back(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, options="{hash: true}")
    page.evaluate(
        "document.getElementById('v').addEventListener('step', (event) => heard.push(['step', event.detail]))"
    )
    _open(page)
    expect(_button(page, "Previous step")).to_have_attribute("aria-disabled", "true")
    _button(page, "Next step").click()
    _at(page, scene, 1)
    expect(_button(page, "Next step")).to_be_focused()
    page.keyboard.press("]")
    _at(page, scene, 2)
    page.keyboard.press("[")
    _at(page, scene, 1)
    _button(page, "Previous step").click()
    _at(page, scene, 0)
    page.keyboard.press("Enter")
    _at(page, scene, 0)
    gone = page.evaluate("heard.filter(([type]) => type === 'step').map(([, detail]) => detail.step)")
    assert gone == ["departure", "last-position", "false-position", "last-position", "departure"]
    page.wait_for_function("location.hash.includes('step=departure')")
    _story(page).get_by_role("button", name=scene["story"]["steps"][4]["title"]).click()
    _at(page, scene, 4)
    assert _button(page, "Next step").get_attribute("aria-keyshortcuts") == "]"


def test_a_key_opens_it_too(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.keyboard.press("]")
    expect(_story(page)).to_have_count(0)
    page.get_by_role("slider", name="Time").focus()
    page.keyboard.press("]")
    _at(page, scene, 0)


def test_the_map_shows_what_the_step_asks_for(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    scale = page.locator(".fc-scale")
    whole = scale.text_content() or ""
    page.evaluate("v.step('last-position')")
    expect(scale).not_to_have_text(whole)
    page.evaluate("v.step('bangs')")
    expect(page.locator(".fc-map.fc-close")).to_be_visible()
    page.evaluate("v.step('inferred-path')")
    expect(page.locator(".fc-map.fc-close")).to_have_count(0)
    expect(scale).to_have_text(whole)
    # The box is shown although the event has a frame of its own.
    scene["story"]["steps"][4]["view"] = None
    other = viewer(scene)
    other.evaluate("v.step('bangs')")
    _at(other, scene, 4)
    expect(other.locator(".fc-map.fc-close")).to_have_count(0)
    expect(other.locator(".fc-scale")).to_have_text(whole)


def _leave(page: Page, how: str) -> None:
    if how == "scrub":
        page.evaluate("v.seek('2024-12-25T04:00:00Z')")
    elif how == "play":
        page.get_by_role("button", name="Play", exact=True).click()
    elif how == "zoom":
        page.get_by_role("button", name="Zoom in").click()
    elif how == "pan":
        box: Any = page.locator(".fc-map").bounding_box()
        page.mouse.move(box["x"] + 300, box["y"] + 60)
        page.mouse.down()
        page.mouse.move(box["x"] + 220, box["y"] + 90, steps=4)
        page.mouse.up()


@pytest.mark.parametrize("how", ["scrub", "play", "zoom", "pan"])
def test_who_goes_elsewhere_stays_there_and_may_come_back(viewer: Show, scene: Scene, how: str) -> None:
    page = viewer(scene)
    page.evaluate("v.step('received-again')")
    _at(page, scene, 7)
    _settled(page)
    place = page.locator(".fc-marker[data-event='impact']")
    before = place.bounding_box()
    _leave(page, how)
    expect(_now(page)).to_have_count(0)
    expect(_story(page)).to_be_visible()
    if how in ("scrub", "play"):
        page.wait_for_timeout(400)
        assert place.bounding_box() == before
    back = _button(page, "Back to the story")
    back.click()
    _at(page, scene, 7)
    expect(back).to_be_hidden()
    expect(_button(page, "Next step")).to_be_focused()
    page.wait_for_function("box => Math.abs(document.querySelector(\".fc-marker[data-event='impact']\")"
                           ".getBoundingClientRect().x - box.x) < 2", arg=before)  # fmt: skip


def test_an_event_of_a_step_opens_in_the_list_with_its_sources(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate("v.step('false-position')")
    _settled(page)
    _now(page).get_by_role("button", name="This event with its sources").click()
    expect(_story(page)).to_have_count(0)
    event = next(event for event in scene["events"] if event["id"] == "signal-back-position-false")
    row = page.get_by_role("list", name="Timeline").get_by_role("button", name=event["name"], exact=True)
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-expanded", "true")


def test_the_timeline_comes_back_where_the_reader_is(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    _open(page)
    page.evaluate("v.step('no such step')")
    _at(page, scene, 0)
    _button(page, "Timeline").click()
    expect(_story(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Read as a story")).to_be_focused()
    expect(page.locator("#v")).to_have_attribute("data-event", "take-off")
    page.evaluate("v.step('impact')")
    _at(page, scene, 8)
    page.evaluate("v.step(null)")
    expect(page.get_by_role("list", name="Timeline")).to_be_visible()


def test_other_words_keep_the_step(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.evaluate("v.step('decision')")
    german = json.loads(json.dumps(scene))
    german["story"]["heading"] = "Schritt für Schritt"
    german["story"]["steps"][6]["title"] = "Über das Meer"
    page.evaluate("scene => v.update(scene)", german)
    region = page.get_by_role("region", name="Schritt für Schritt")
    expect(region.locator("[aria-current=step]").get_by_role("heading")).to_have_text("Über das Meer")
    german["story"] = None
    page.evaluate("scene => v.update(scene)", german)
    expect(region).to_have_count(0)
    expect(page.get_by_role("list", name="Timeline")).to_be_visible()


def _scroll(page: Page, frame: Page | Frame, by: int) -> list[str]:
    """The steps that are gone to while the wheel turns, each once where it follows another."""
    seen: list[str] = []
    for _ in range(60):
        page.mouse.wheel(0, by)
        page.wait_for_timeout(30)
        title = frame.evaluate(NOW)
        if title and seen[-1:] != [title]:
            seen.append(title)
    return seen


def _reads_all(seen: list[str], scene: Scene, *, backwards: bool = False) -> None:
    """In order, from near one end to the other; a slow machine may miss one, and none comes twice."""
    titles = [step["title"] for step in scene["story"]["steps"]][:: -1 if backwards else 1]
    places = [titles.index(title) for title in seen]
    assert places == sorted(set(places))
    assert len(places) >= len(titles) - 2
    assert places[-1] == len(titles) - 1


@pytest.mark.parametrize("viewport", [WIDE, PHONE])
def test_scrolling_goes_from_step_to_step(viewer: Show, scene: Scene, viewport: tuple[int, int]) -> None:
    page = viewer(scene, viewport=viewport)
    _open(page)
    _settled(page)
    page.mouse.move(900 if viewport == WIDE else 150, 330)
    _reads_all(_scroll(page, page, 60), scene)
    _at(page, scene, 8)
    _reads_all(_scroll(page, page, -60), scene, backwards=True)


@pytest.mark.parametrize("viewport", [(720, 900), (320, 568)])
def test_the_map_stays_in_view_above_the_text(viewer: Show, scene: Scene, viewport: tuple[int, int]) -> None:
    page = viewer(scene, viewport=viewport, motion="reduce")
    for index, step in enumerate(scene["story"]["steps"]):
        page.evaluate("id => v.step(id)", step["id"])
        _at(page, scene, index)
        chart: Any = page.locator(".fc-map").bounding_box()
        head: Any = _story(page).locator(".fc-listhead").bounding_box()
        bar: Any = page.locator(".fc-scrub").bounding_box()
        title: Any = _now(page).get_by_role("heading").bounding_box()
        assert chart["y"] == 0
        assert chart["height"] <= 0.45 * viewport[1]
        assert head["y"] == pytest.approx(chart["height"], abs=1)
        assert head["y"] + head["height"] <= title["y"] + 1
        assert title["y"] + title["height"] <= bar["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport[0]


def _framed(page: Page, scene: Scene, size: tuple[int, int]) -> Frame:
    """The viewer in a frame of another origin, in a page that is longer than its window."""
    host = f"""<!doctype html><html lang="en"><title>Article</title><link rel="icon" href="data:,">
        <p style="height: 300px">Before.</p><iframe title="Flight" src="{SITE}/" width="{size[0]}" height="{size[1]}"
        style="border: 0"></iframe><p style="height: 900px">After.</p></html>"""
    page.route(f"{SITE}/**", _answer)
    page.route(f"{HOST}/**", lambda route: route.fulfill(body=host, content_type="text/html"))
    page.goto(f"{HOST}/")
    frame = page.frames[1]
    frame.wait_for_load_state()
    frame.evaluate(MOUNT, [scene, json.loads(_written()[1])])
    return frame


def test_in_a_frame_that_scrolls_the_text_is_read(open_page: Show, scene: Scene) -> None:
    page = open_page(viewport=(800, 800))
    frame = _framed(page, scene, (375, 700))
    _open(frame)
    _settled(page)
    page.mouse.move(150, 600)
    seen = _scroll(page, frame, 60)
    titles = [step["title"] for step in scene["story"]["steps"]]
    assert [titles.index(title) for title in seen] == sorted({titles.index(title) for title in seen})
    assert len(seen) >= len(titles) - 3


def test_in_a_frame_as_high_as_its_content_the_page_around_it_scrolls(open_page: Show, scene: Scene) -> None:
    page = open_page(viewport=(800, 800))
    frame = _framed(page, scene, (375, 700))
    _open(frame)
    tall = frame.evaluate("document.querySelector('.fc-page').scrollHeight")
    page.evaluate("height => { document.querySelector('iframe').height = height; }", tall)
    _settled(page)
    page.evaluate("scrollTo(0, 0)")
    _settled(page)
    page.mouse.move(600, 400)
    _reads_all(_scroll(page, frame, 60), scene)


def test_without_motion_the_text_is_there_at_once(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, motion="reduce")
    _open(page)
    scrolled = page.evaluate(
        """() => {
          v.step('impact');
          const { scrollTop, scrollHeight, clientHeight } = document.querySelector('.fc-story .fc-scroll');
          return [scrollTop, scrollHeight - clientHeight];
        }"""
    )
    assert scrolled[0] == pytest.approx(scrolled[1], abs=2)


@pytest.mark.parametrize("look", [{"scheme": "dark"}, {"viewport": PHONE}])
def test_axe_finds_nothing_in_the_story(viewer: Show, scene: Scene, look: dict[str, Any]) -> None:
    page = viewer(scene, **look)
    page.evaluate("v.step('bangs')")
    _settled(page)
    assert [str(each) for each in harness.axe(page)] == []


def test_the_story_fits_every_width(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, viewport=(1400, 720), motion="reduce")
    head = _story(page).locator(".fc-listhead")
    lines = "node => [...node.children].every((each) => each.getBoundingClientRect().height < 36)"
    for width in (1400, 1120, 1040, 900, 720, 600, 375, 320):
        page.set_viewport_size({"width": width, "height": 720})
        page.evaluate("v.step('impact')")
        _at(page, scene, 8)
        assert head.evaluate(lines), width
        page.evaluate("v.seek('2024-12-25T04:00:00Z')")
        expect(_button(page, "Back to the story")).to_be_visible()
        assert head.evaluate(lines), width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_the_steps_stand_beside_the_list(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    _open(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.get_by_role("list", name="Timeline")).to_be_visible()
    expect(_story(page)).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.get_by_role("list", name="Timeline")).to_be_hidden()


def test_text_of_a_story_is_never_markup(viewer: Show, scene: Scene) -> None:
    page = viewer(_poison(scene))
    page.get_by_role("button", name="Read as a story").click()
    assert page.locator("#v img, #v script, #v a[href^='javascript']").count() == 0
    title = scene["story"]["steps"][0]["title"]
    expect(page.locator(".fc-story h3").first).to_have_text(title + HOSTILE)


def test_a_second_viewer_has_a_story_of_its_own(viewer: Show, scene: Scene) -> None:
    assert PAGE.count('id="v"') == 1
    page = viewer(scene)
    _open(page)
    page.evaluate(
        """() => {
          const other = document.createElement('div');
          document.body.append(other);
          window.w = mount(other, scene, { basemap });
          window.w.step('bangs');
        }"""
    )
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))
    page.evaluate("window.w.destroy()")
    _at(page, scene, 0)
