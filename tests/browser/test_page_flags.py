"""What the address of a page asks for: each flag acts, alone and with others, and nonsense changes nothing."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from browser.harness import PHONE, axe, screenshot, until
from playwright.sync_api import expect
from shipped_cases import shipped
from small_scene import small_scene

from geo.render.page import page
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    Show = Callable[..., Page]

GROUND = "[...document.querySelectorAll('body, .fc, .fc-page')].map((part) => getComputedStyle(part).backgroundColor)"
CLEAR = "rgba(0, 0, 0, 0)"


@pytest.fixture(scope="module")
def html() -> str:
    case = shipped("j2-8243")
    route = trace(case)
    scene, *others = (compose(case, route, *key) for key in (("en",), ("de",), ("en", "metric"), ("de", "metric")))
    return page(scene, also=others)


@pytest.fixture
def show(tmp_path: Path, open_page: Callable[..., Page], html: str) -> Show:
    """Open the page from disk at an address that ends so."""

    def shown(end: str, text: str = html, **look: Any) -> Page:
        (tmp_path / "page.html").write_text(text, encoding="utf-8")
        opened = open_page(offline=True, **look)
        opened.goto((tmp_path / "page.html").as_uri() + end)
        expect(opened.locator(".fc-page")).not_to_have_class("fc-page fc-away")
        expect(opened.locator(".fc-marker").first).to_be_attached()
        return opened

    return shown


def focusable(opened: Page) -> list[str]:
    """What the tab key reaches, in order."""
    found: list[str] = []
    for _ in range(60):
        opened.keyboard.press("Tab")
        name: str = opened.evaluate(
            "(document.activeElement === document.body) ? '' : document.activeElement.textContent.trim()"
            " || document.activeElement.ariaLabel || document.activeElement.className"
        )
        if not name or (found and name == found[0]):
            break
        found.append(name)
    return found


def test_a_place_in_the_query_opens_there_and_the_hash_is_newer(show: Show) -> None:
    opened = show("?t=2024-12-25T04:30:00Z&event=take-off")
    expect(opened.locator("#flightcase")).to_have_attribute("data-time", "2024-12-25T04:30:00Z")
    expect(opened.locator("#flightcase")).to_have_attribute("data-event", "take-off")
    opened = show("?t=2024-12-25T04:30:00Z&event=take-off#t=2024-12-25T05:00:00Z")
    expect(opened.locator("#flightcase")).to_have_attribute("data-time", "2024-12-25T05:00:00Z")
    expect(opened.locator("#flightcase")).not_to_have_attribute("data-event", "take-off")
    opened = show("?step=bangs")
    expect(opened.locator("[aria-current=step]")).to_have_count(1)


def test_language_and_units_are_chosen_together_and_one_by_one(show: Show) -> None:
    opened = show("?lang=de&units=metric")
    expect(opened.get_by_role("region", name="Karte")).to_be_visible()
    expect(opened.get_by_role("link", name="Metrisch")).to_have_attribute("aria-current", "true")
    expect(opened.locator(".fc-scrub")).to_contain_text("9.144 m")
    opened.get_by_role("link", name="English").click()
    expect(opened.locator(".fc-scrub")).to_contain_text("9,144 m")
    opened.get_by_role("link", name="Nautical").click()
    expect(opened.locator(".fc-scrub")).to_contain_text("30,000 ft")
    # The query still asks for others: the hash has to say what was chosen since.
    until(opened, "location.hash.includes('lang=en') && location.hash.includes('units=nautical')")
    opened.reload()
    expect(opened.locator(".fc-scrub")).to_contain_text("30,000 ft")
    expect(opened.get_by_role("link", name="English")).to_have_attribute("aria-current", "true")
    assert [str(violation) for violation in axe(opened)] == []
    opened = show("?lang=xx&units=metric")
    expect(opened.locator(".fc-scrub")).to_contain_text("9,144 m")
    opened = show("?lang=de&units=furlongs")
    expect(opened.locator(".fc-scrub")).to_contain_text("30.000 ft")


def test_dark_is_a_choice_of_the_address(show: Show) -> None:
    def ground(opened: Page) -> str:
        return str(opened.evaluate(GROUND)[0])

    white, night = ground(show("")), ground(show("", scheme="dark"))
    assert white != night
    assert ground(show("?dark=true")) == ground(show("#dark=true")) == night
    assert ground(show("?dark=false", scheme="dark")) == white
    assert ground(show("?dark=auto", scheme="dark")) == ground(show("?dark=yes", scheme="dark")) == night
    opened = show("?dark=false#dark=true")
    assert ground(opened) == night
    assert set(opened.evaluate(GROUND)) == {night}
    assert [str(violation) for violation in axe(opened)] == []


@pytest.mark.parametrize("look", [{"viewport": (1120, 720)}, {"viewport": PHONE, "touch": True}])
def test_plain_leaves_the_map_the_timeline_and_the_words_of_the_states(show: Show, look: dict[str, Any]) -> None:
    opened = show("?plain=true", **look)
    for gone in (".fc-languages", ".fc-standfirst", ".fc-foot"):
        expect(opened.locator(gone)).to_be_hidden()
    for kept in ("region", "slider"):
        expect(opened.get_by_role(kept).first).to_be_visible()
    expect(opened.locator(".fc-clock")).to_contain_text("Position inferred only")
    if look["viewport"][0] > PHONE[0]:
        expect(opened.locator("text.fc-head", has_text="No position received")).to_have_css("clip-path", "none")
    head = opened.locator("div.fc-head").bounding_box()
    assert head
    assert head["height"] <= 1
    expect(opened.get_by_role("heading", level=1)).to_have_count(1)  # for those who listen
    assert [str(violation) for violation in axe(opened)] == []
    screenshot(opened, f"page-plain-{look['viewport'][0]}")


def test_plain_keeps_corrections(show: Show) -> None:
    opened = show("?plain=true", page({**small_scene(), "corrected": "Corrections (1)"}))
    expect(opened.get_by_text("The turn was given a minute late.")).to_be_visible()
    expect(opened.locator(".fc-foot > p").first).to_be_hidden()


@pytest.mark.parametrize("look", [{"viewport": (1120, 720)}, {"viewport": PHONE, "touch": True}])
def test_static_is_a_picture_that_takes_no_focus(show: Show, look: dict[str, Any]) -> None:
    opened = show("?static=true#event=first-bang", **look)
    expect(opened.locator("#flightcase")).to_have_attribute("data-event", "first-bang")
    expect(opened.locator(".fc-card:visible")).to_contain_text("Cockpit voice recorder")
    for control in (".fc-play", ".fc-zoom", ".fc-step", ".fc-pace", ".fc-funnel", "summary"):
        assert opened.locator(control).filter(visible=True).count() == 0, control
    assert focusable(opened) == ["Show as table"]
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("End")
    opened.locator(".fc-map").click(force=True)
    expect(opened.locator("#flightcase")).to_have_attribute("data-time", "2024-12-25T05:13:31Z")
    assert [str(violation) for violation in axe(opened)] == []
    screenshot(opened, f"page-static-{look['viewport'][0]}")
    opened.get_by_role("button", name="Show as table").click()
    expect(opened.get_by_role("table", name="All events")).to_be_visible()


def test_transparent_lets_the_ground_of_the_host_through(show: Show) -> None:
    assert CLEAR not in show("").evaluate(GROUND)
    opened = show("?transparent=true&plain=true")
    assert set(opened.evaluate(GROUND)) == {CLEAR}


@pytest.mark.parametrize("size", [(1280, 600), (800, 640), PHONE])
def test_fit_fills_the_given_height(show: Show, size: tuple[int, int]) -> None:
    opened = show("?fit=true&plain=true", viewport=size)
    heights = "[document.documentElement.scrollHeight, document.querySelector('.fc-page').offsetHeight]"
    assert opened.evaluate(heights) == [size[1], size[1]]
    for part in (".fc-map", ".fc-list", ".fc-scrub"):
        box = opened.locator(part).first.bounding_box()
        assert box
        assert box["height"] >= 100
        assert box["y"] + box["height"] <= size[1] + 1, part
    assert [str(violation) for violation in axe(opened)] == []
    screenshot(opened, f"page-fit-{size[0]}")


def test_what_is_no_flag_changes_nothing(show: Show) -> None:
    opened = show("?plain=1&static=yes&dark=constructor&fit=TRUE&transparent&t=noon&event=none&view=1,2&lang=&units=")
    assert opened.evaluate("document.documentElement.className") == "js"
    expect(opened.locator("#flightcase")).not_to_have_attribute("data-scheme", re.compile("."))
    expect(opened.locator(".fc-foot")).to_be_visible()
    expect(opened.locator("#flightcase")).to_have_attribute("data-time", "2024-12-25T05:42:40Z")


def test_flags_together_also_change_while_the_page_is_open(show: Show) -> None:
    opened = show("#plain=true&dark=true&lang=de")
    expect(opened.locator(".fc-foot")).to_be_hidden()
    opened.get_by_role("button", name="Nächstes Ereignis").click()
    until(opened, "location.hash.includes('event=') && location.hash.includes('plain=true')")
    opened.evaluate("location.hash = '#static=true&dark=false'")
    expect(opened.locator(".fc-foot")).to_be_visible()
    expect(opened.locator(".fc-play")).to_be_hidden()
    expect(opened.locator("#flightcase")).to_have_attribute("data-scheme", "light")


def test_a_frame_without_an_address_of_its_own_has_all_but_flags(
    open_page: Callable[..., Page], tmp_path: Path, html: str
) -> None:
    frames = "".join(
        f'<iframe title="{box or "Map"}" {box} width="1100" height="700" srcdoc="{escape(html)}"></iframe>'
        for box in ("", 'sandbox="allow-scripts"')
    )
    (tmp_path / "host.html").write_text(f'<!doctype html><html lang="en"><title>Host</title>{frames}', encoding="utf-8")
    opened = open_page(offline=True, viewport=(1200, 1500))
    opened.goto((tmp_path / "host.html").as_uri() + "?dark=true")
    for number in range(2):
        inside = opened.frame_locator("iframe").nth(number)
        inside.get_by_role("link", name="Deutsch").click()
        expect(inside.get_by_role("region", name="Karte")).to_be_visible()
        inside.get_by_role("link", name="Metrisch").click()
        expect(inside.locator(".fc-scrub")).to_contain_text("9.144 m")
        expect(inside.locator("#flightcase")).not_to_have_attribute("data-scheme", "dark")
