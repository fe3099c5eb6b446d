"""The flight, its places and its route in the real Edit page: found by keyboard in any script, corrected, reordered."""

from __future__ import annotations

import re
import shutil
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect

from geo.casefile.mentions import mentions
from geo.dashboard.drafts import Drafts
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
#: A name with everything that may be taken for markup.
HOSTILE = "<img src=x onerror=alert(1)> **b** [x](javascript:1) \"'`"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A dashboard on a case for each test, so that none finds the draft of another, and their folder."""
    folder = tmp_path_factory.mktemp("places")
    for slug, of in (
        ("one", "j2-8243"),
        ("two", "j2-8243"),
        ("several", "jl516"),
        ("route", "jl516"),
        ("phone", "jl516"),
    ):
        shutil.copytree(data("cases", of), folder / slug)
    with harness.dashboard(str(folder)) as address:
        yield address, folder


def edit(page: Page, address: str, slug: str, query: str = "") -> Locator:
    """The panel of places of a case, once it is there."""
    page.goto(f"{address}/?case={slug}&page=edit{query}")
    panel = page.locator(".st-key-places")
    expect(panel.get_by_role("combobox").first).to_be_visible(timeout=PATIENCE)
    return panel


def saved(folder: Path, slug: str) -> dict[str, Any]:
    """The values of the draft of a case as it stands on disk."""
    return tomllib.loads(Drafts(folder).of(slug)[0].text)


def focused(page: Page) -> str:
    """The role of what has the focus, also inside a component."""
    role: str = page.evaluate(
        """() => {
          let at = document.activeElement;
          while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
          return at?.getAttribute("role") || at?.tagName || "";
        }"""
    )
    return role


def field(panel: Page | Locator, name: str) -> Locator:
    return panel.get_by_role("textbox", name=name, exact=True)


def test_a_place_is_found_by_keyboard(open_page: Open, served: tuple[str, Path]) -> None:
    address, folder = served
    page = open_page()
    panel = edit(page, address, "one")
    finder = panel.get_by_role("combobox", name="Find a place, any spelling")
    rows = panel.get_by_role("table", name="Places of the case")
    expect(rows.get_by_role("row")).to_have_count(7, timeout=PATIENCE)
    finder.press_sequentially("Грозны")
    options = panel.get_by_role("option")
    expect(options.first).to_have_attribute("aria-label", re.compile("^Grozny, City, Chechnya, Russia"))
    expect(finder).to_have_attribute("aria-expanded", "true")
    expect(panel.get_by_role("status").first).to_contain_text("match")
    screenshot(page, "places-found")
    # Escape closes the list and keeps the text; the arrows open it again and go through it and back to the field.
    page.keyboard.press("Escape")
    expect(finder).to_have_attribute("aria-expanded", "false")
    expect(finder).to_have_value("Грозны")
    page.keyboard.press("ArrowDown")
    expect(finder).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(finder).to_have_attribute("aria-activedescendant", re.compile("-0$"))
    page.keyboard.press("ArrowUp")
    expect(options.first).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(rows.get_by_role("row")).to_have_count(8, timeout=PATIENCE)
    expect(finder).to_have_value("", timeout=PATIENCE)
    assert focused(page) == "combobox"
    assert saved(folder, "one")["places"]["grozny_2"] == {"find": "Grozny"}


def test_a_place_is_renamed_moved_and_called_otherwise(open_page: Open, served: tuple[str, Path]) -> None:
    address, folder = served
    page = open_page()
    panel = edit(page, address, "two")
    finder = panel.get_by_role("combobox", name="Find a place, any spelling")
    rows = panel.get_by_role("table", name="Places of the case")
    # An airport that the case has already is not put in twice: its row is chosen.
    finder.press_sequentially("URML")
    page.keyboard.press("Enter")
    form = panel.locator(".st-key-place-form")
    expect(field(form, "Short name")).to_have_value("makhachkala", timeout=PATIENCE)
    expect(rows.get_by_role("row")).to_have_count(7)

    name = field(form, "Name · English")
    name.fill(HOSTILE)
    name.press("Enter")
    expect(rows.get_by_role("button", name=HOSTILE)).to_be_visible(timeout=PATIENCE)
    position = field(form, "Position")
    position.fill("47.6523, 142.8")
    position.press("Enter")
    expect(rows).to_contain_text("47.6523, 142.8000", timeout=PATIENCE)
    expect(form).to_contain_text("from where the gazetteer has URML")
    position.fill("142.8, 47.6")
    position.press("Enter")
    expect(form).to_contain_text("are the two swapped? write 47.6, 142.8", timeout=PATIENCE)
    expect(position).to_have_value("142.8, 47.6")
    position.fill("42°49'N 47°39'08\"E")
    position.press("Enter")
    expect(rows).to_contain_text("42.8167, 47.6522", timeout=PATIENCE)
    expect(form).not_to_contain_text("swapped")
    key = field(form, "Short name")
    key.fill("caspian")
    key.press("Enter")
    # The field is that of the place, which is called otherwise now.
    expect(form.locator("[class*=places-caspian]").first).to_be_visible(timeout=PATIENCE)
    expect(key).to_have_value("caspian")
    after = saved(folder, "two")
    place = after["places"]["caspian"]
    assert (place["name"]["en"], place["lat"], place["lon"]) == (HOSTILE, 42.816667, 47.652222)
    assert "makhachkala" not in mentions(after)
    assert len(mentions(after)["caspian"]) == 1
    assert axe(page, "[class*=st-key-panel-places]") == []
    screenshot(page, "places-form", full=True)


def test_several_places_are_told_and_positions_are_found_too(open_page: Open, served: tuple[str, Path]) -> None:
    address, folder = served
    page = open_page(scheme="dark")
    panel = edit(page, address, "several")
    finder = panel.get_by_role("combobox", name="Find a place, any spelling")
    finder.press_sequentially("Springfield")
    # Enter before the answer is there waits for it.
    page.keyboard.press("Enter")
    expect(panel.get_by_text("Several places may be meant; choose one.").first).to_be_visible(timeout=PATIENCE)
    expect(panel.get_by_role("option").first).to_contain_text("from every place of the flight")
    assert axe(page, "[class*=st-key-panel-places]") == []
    screenshot(page, "places-several-dark")
    finder.fill("xyzzyq")
    expect(panel.get_by_text(re.compile("No place is called so")).first).to_be_visible(timeout=PATIENCE)
    expect(panel.get_by_role("option")).to_have_count(0)
    assert finder.get_attribute("aria-invalid") == "true"
    finder.fill("35°33'N 139°47'E")
    page.keyboard.press("Enter")
    rows = panel.get_by_role("table", name="Places of the case")
    expect(rows).to_contain_text("35.5500, 139.7833", timeout=PATIENCE)
    # By a click, with what was chosen before still there to be seen.
    finder.fill("Narita")
    panel.get_by_role("option", name=re.compile("RJAA")).click()
    expect(rows.get_by_role("button", name=re.compile("Narita"))).to_be_visible(timeout=PATIENCE)
    places = saved(folder, "several")["places"]
    assert places["place"] == {"lat": 35.55, "lon": 139.783333}
    assert {"find": "RJAA"} in places.values()


def test_the_route_gets_waypoints_and_another_order(open_page: Open, served: tuple[str, Path]) -> None:
    address, folder = served
    page = open_page()
    edit(page, address, "route")
    panel = page.locator(".st-key-route")
    rows = panel.get_by_role("table", name="Places of the intended route")
    expect(rows.get_by_role("row")).to_have_count(3, timeout=PATIENCE)
    finder = panel.get_by_role("combobox", name="Add a place to the route")
    finder.press_sequentially("Sendai")
    page.keyboard.press("Enter")
    expect(rows.get_by_role("row")).to_have_count(4, timeout=PATIENCE)
    assert saved(folder, "route")["intended"]["route"] == ["new_chitose", "Sendai", "haneda"]
    expect(rows.get_by_role("row").nth(2)).to_contain_text("Waypoint")
    panel.get_by_role("button", name="Later", exact=True).click()
    expect(rows.get_by_role("row").nth(3)).to_contain_text("Sendai", timeout=PATIENCE)
    assert saved(folder, "route")["intended"]["route"] == ["new_chitose", "haneda", "Sendai"]
    panel.get_by_role("button", name="Take out of the route").click()
    expect(rows.get_by_role("row")).to_have_count(3, timeout=PATIENCE)
    departs = field(panel, "Departs")
    departs.fill("16:00 Tokyo")
    departs.press("Enter")
    expect(panel).to_contain_text("16:00 Tokyo = 07:00 UTC", timeout=PATIENCE)
    basis = field(panel, "What the route is based on · English")
    basis.fill("published schedule")
    basis.press("Enter")
    corridor = field(panel, "Corridor, km")
    corridor.fill("wide")
    corridor.press("Enter")
    expect(panel).to_contain_text("found 'wide'; write a number", timeout=PATIENCE)
    intended = saved(folder, "route")["intended"]
    assert (intended["departs"], intended["basis"]["en"], intended["corridor_km"]) == (
        "2024-01-02T07:00Z",
        "published schedule",
        "wide",
    )
    assert axe(page, "[class*=st-key-panel-route]") == []


def test_the_flight_is_told_in_several_languages_also_on_a_phone(open_page: Open, served: tuple[str, Path]) -> None:
    address, folder = served
    page = open_page(viewport=PHONE)
    edit(page, address, "phone", "&language=de")
    panel = page.locator(".st-key-basics")
    # Folded where it is filled; one line says what is in it.
    expect(panel.locator("summary")).to_contain_text("JL516 · Japan Airlines")
    headline = field(panel, "Überschrift · Deutsch")
    expect(headline).not_to_be_visible()
    panel.locator("summary").click()
    expect(headline).to_be_visible(timeout=PATIENCE)
    language = panel.get_by_role("combobox", name="Sprache der Texte")
    language.fill("fr")
    page.get_by_role("option", name=re.compile("Français")).click()
    french = field(panel, "Überschrift · Français")
    expect(french).to_be_visible(timeout=PATIENCE)
    assert french.get_attribute("placeholder") == saved(folder, "phone")["title"]["en"]
    french.fill("Le vol JL516")
    french.press("Enter")
    expect(panel.locator("summary")).to_be_visible()
    clocks = panel.get_by_role("combobox", name="Uhren neben UTC")
    clocks.fill("Sapporo")
    clocks.press("Enter")
    people = field(panel, "Menschen an Bord")
    people.fill("viele")
    people.press("Enter")
    expect(panel).to_contain_text("write a whole number", timeout=PATIENCE)
    expect(panel.locator("summary")).to_contain_text("1 zu berichtigen")
    draft = saved(folder, "phone")
    assert draft["title"]["fr"] == "Le vol JL516"
    assert draft["flight"]["aboard"] == "viele"
    # Sapporo keeps the time of Tokyo, which is there already.
    assert [clock["zone"] for clock in draft["clocks"]] == ["Asia/Tokyo"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert axe(page, "[class*=st-key-panel-basics]") == []
    screenshot(page, "flight-phone", full=True)
