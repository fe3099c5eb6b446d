"""Events, claims and sources of the Edit page, in the real dashboard."""

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
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:b) $x$ :red[c] |"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cases")
    for slug in ("jl516", "j2-8243"):
        shutil.copytree(data("cases", slug), made / slug)
    return made


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    with harness.dashboard(str(folder)) as started:
        yield started


def edit(opened: Page, address: str, folder: Path, case: str) -> Page:
    """The Edit page, on the draft that an earlier test began where there is one."""
    drafts = Drafts(folder).of(case)
    opened.goto(f"{address}/?case={case}&page=edit" + (f"&draft={drafts[0].id}" if drafts else ""))
    expect(opened.get_by_role("table", name="Events", exact=True)).to_be_visible(timeout=PATIENCE)
    return opened


def row(opened: Page, name: str, table: str = "Events") -> Locator:
    return opened.get_by_role("table", name=table, exact=True).get_by_role("button", name=re.compile(name))


def form(opened: Page) -> Locator:
    return opened.locator(".st-key-event-form")


def typed(field: Locator, text: str) -> None:
    # While a run of Streamlit goes on, a field that moved is there twice: where it was and where it is.
    expect(field).to_have_count(1, timeout=PATIENCE)
    field.fill(text)
    field.press("Tab")


def chosen(opened: Page, within: Locator, label: str, option: str) -> None:
    """Choose an option of a select box by keyboard."""
    box = within.get_by_role("combobox", name=re.compile(rf"{label}$"))
    box.first.click()
    opened.get_by_role("option", name=option, exact=True).click()


def drafted(folder: Path, slug: str) -> dict[str, Any]:
    """The values of the draft as they are on disk."""
    return tomllib.loads(Drafts(folder).of(slug)[0].text)


def timed(opened: Page) -> None:
    """A time without its zone is told and stays; one with it says what it is in UTC."""
    time = form(opened).get_by_role("textbox", name="Time", exact=True)
    typed(time, "17:46")
    expect(form(opened).get_by_text("needs its zone")).to_be_visible(timeout=PATIENCE)
    expect(time).to_have_value("17:46")
    typed(time, "about 17:46 Tokyo ± 2 min")
    expect(form(opened).get_by_text("17:46 Tokyo = 08:46 UTC ± 2 min")).to_be_visible(timeout=PATIENCE)


def disputed(opened: Page) -> None:
    """A dispute asks for its two accounts until it has them."""
    form(opened).get_by_text("Disputed", exact=True).click()
    expect(form(opened).get_by_text("Disputed needs two accounts; this event has none.")).to_be_visible(
        timeout=PATIENCE
    )
    expect(row(opened, "Tower sees the runway clear, .*Disputed, accounts missing")).to_be_visible()
    for number in (1, 2):
        opened.get_by_role("button", name="Add conflicting claim").click()
        expect(opened.get_by_role("textbox", name="By whom")).to_have_count(number, timeout=PATIENCE)
    for number, (by, says) in enumerate([("Tower", "No other aircraft seen"), ("Crew", "A light was seen")]):
        typed(opened.get_by_role("textbox", name="By whom").nth(number), by)
        typed(opened.get_by_role("textbox", name="What they say").nth(number), says)
    expect(form(opened).get_by_text("2 accounts")).to_be_visible(timeout=PATIENCE)
    expect(form(opened).get_by_text("says is missing")).to_have_count(0, timeout=PATIENCE)


def sourced(opened: Page) -> None:
    """A pasted address becomes a source, which the claims choose."""
    sources = form(opened).get_by_role("combobox", name=re.compile("Sources of the event"))
    sources.fill("https://www.example.org/report?utm_source=feed")
    expect(opened.get_by_role("option", name=re.compile("example.org"))).to_be_visible(timeout=PATIENCE)
    sources.press("Enter")
    sources.press("Escape")
    publisher = form(opened).get_by_role("textbox", name="Publisher")
    expect(publisher).to_be_visible(timeout=PATIENCE)
    typed(publisher, "Example News")
    typed(form(opened).get_by_role("textbox", name="Title"), "The report")
    expect(publisher).to_have_count(0, timeout=PATIENCE)
    for number in (0, 1):
        field = form(opened).get_by_role("combobox", name=re.compile(r"Source$")).nth(number)
        field.fill("Example News")
        opened.get_by_role("option", name=re.compile("Example News, The report")).click()
        opened.keyboard.press("Escape")
        expect(form(opened).get_by_text("Example News, The report")).to_have_count(number + 2, timeout=PATIENCE)


def placed(opened: Page) -> None:
    """A ring around a place that the case does not name yet."""
    chosen(opened, form(opened), "Where", "At a distance, direction not stated")
    chosen(opened, form(opened), "Place", "Another place or position …")
    typed(form(opened).get_by_role("textbox", name="Distance, km").first, "2")
    finder = form(opened).get_by_role("combobox", name="Find a place, any spelling").first
    finder.fill("RJTT")
    finder.press("Enter")
    expect(row(opened, "2 km ring, RJTT")).to_be_visible(timeout=PATIENCE)


def test_a_disputed_event_from_nothing(address: str, folder: Path, open_page: Open) -> None:
    opened = edit(open_page(viewport=(1440, 1400)), address, folder, "jl516")
    count = len(tomllib.loads((folder / "jl516" / "case.toml").read_text(encoding="utf-8"))["event"])
    expect(opened.get_by_text(f"{count} of {count} shown; choose a row to edit it")).to_be_visible()
    opened.get_by_role("button", name="Add event", exact=True).click()
    expect(row(opened, "no title yet")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    expect(form(opened).get_by_text("time is missing")).to_be_visible()

    title = form(opened).get_by_role("textbox", name="What happened")
    typed(title, HOSTILE)
    # Text is text: the row holds it as it was typed, and nothing of it runs.
    expect(row(opened, re.escape(HOSTILE))).to_be_visible(timeout=PATIENCE)
    typed(form(opened).get_by_role("textbox", name="What happened"), "Tower sees the runway clear")
    expect(row(opened, "Tower sees the runway clear")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    expect(form(opened).get_by_text("27 of 40 letters")).to_be_visible()
    timed(opened)
    disputed(opened)
    sourced(opened)
    placed(opened)
    screenshot(opened, "dashboard-events-form")
    assert [str(violation) for violation in axe(opened, ".st-key-panel-events")] == []

    made = next(
        event for event in drafted(folder, "jl516")["event"] if event["title"].get("en", "").startswith("Tower sees")
    )
    assert made["time"] == {"about": "2024-01-02T08:46Z", "within": "2 min"}
    assert made["place"] == {"ring": "RJTT", "km": 2}
    assert made["grade"] == "disputed"
    assert [claim["by"] for claim in made["claim"]] == [{"en": "Tower"}, {"en": "Crew"}]
    (name,) = made["sources"]
    assert [claim["source"] for claim in made["claim"]] == [[name], [name]]
    expect(form(opened).locator("[class*='st-key-problem-']")).to_have_count(0)

    # The same again is a duplicate, and merging leaves one.
    form(opened).get_by_role("button", name="Duplicate", exact=True).click()
    expect(row(opened, "Tower sees the runway clear")).to_have_count(2, timeout=PATIENCE)
    opened.get_by_role("button", name="Merge duplicates").click()
    opened.get_by_role("button", name="Merge", exact=True).click()
    expect(row(opened, "Tower sees the runway clear")).to_have_count(1, timeout=PATIENCE)
    assert len(drafted(folder, "jl516")["event"]) == count + 1


def test_sources_are_pasted_named_merged_and_removed(address: str, folder: Path, open_page: Open) -> None:
    opened = edit(open_page(viewport=(1440, 1400)), address, folder, "jl516")
    before = drafted(folder, "jl516")["sources"]
    paste = opened.get_by_role("textbox", name="Paste a web address or a citation")
    add = opened.get_by_role("button", name="Add source", exact=True)
    paste.fill("nothing that is one")
    add.click()
    expect(opened.get_by_text("no web address and no title with its publisher was found")).to_be_visible(
        timeout=PATIENCE
    )
    paste.fill(
        "Reuters, “Collision at Haneda”, 2 January 2024, https://web.archive.org/web/2024/https://reuters.com/h?a=1"
    )
    add.click()
    panel = opened.locator(".st-key-source-form")
    expect(panel.get_by_role("textbox", name="Title")).to_have_value("Collision at Haneda", timeout=PATIENCE)
    expect(panel.get_by_role("textbox", name="Published")).to_have_value("2024-01-02")
    expect(panel.get_by_role("textbox", name="Web address")).to_have_value("https://reuters.com/h?a=1")
    leads = panel.get_by_role("link", name="Open").first
    expect(leads).to_have_attribute("rel", re.compile("noreferrer|noopener"))
    expect(paste).to_have_value("")
    typed(panel.get_by_role("textbox", name="Short name"), "no good")
    expect(panel.get_by_text("A short name has letters")).to_be_visible(timeout=PATIENCE)
    typed(panel.get_by_role("textbox", name="Short name"), "REU")
    expect(row(opened, "^REU, Reuters", "Sources")).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    assert "REU" in drafted(folder, "jl516")["sources"]
    expect(opened.get_by_text(re.compile(r"\d+ sources, \d+ unused"))).to_be_visible()

    paste.fill("@misc{x, title={Collision at Haneda}, publisher={Reuters}, url={https://www.reuters.com/other}}")
    add.click()
    expect(opened.get_by_text("1 pair of sources may be one")).to_be_visible(timeout=PATIENCE)
    assert [str(violation) for violation in axe(opened, ".st-key-panel-sources")] == []
    screenshot(opened, "dashboard-sources")
    opened.locator(".st-key-same-sources").get_by_role("button", name="Merge").click()
    expect(opened.get_by_text("1 pair of sources may be one")).to_have_count(0, timeout=PATIENCE)
    harness.idle(opened)
    panel.get_by_role("button", name="Remove", exact=True).click()
    expect(row(opened, "^REU, Reuters", "Sources")).to_have_count(0, timeout=PATIENCE)
    expect(panel).to_have_count(0, timeout=PATIENCE)
    assert drafted(folder, "jl516")["sources"] == before


def test_a_long_list_scrolls_in_its_place_and_fits_a_phone(address: str, folder: Path, open_page: Open) -> None:
    opened = edit(open_page(viewport=PHONE, touch=True, scheme="dark"), address, folder, "j2-8243")
    first = row(opened, "First bang recorded")
    first.focus()
    first.press("Enter")
    expect(first).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    expect(first).to_be_focused()
    expect(form(opened).get_by_role("textbox", name="Time", exact=True)).to_have_value("05:13:31 UTC", timeout=PATIENCE)
    expect(opened.get_by_text("8 accounts")).to_be_visible()
    table = opened.get_by_role("table", name="Events", exact=True).locator("..")
    seen = table.evaluate("each => [each.clientHeight, each.scrollHeight, each.scrollTop]")
    assert seen[0] < 500 < seen[1]
    assert seen[2] > 0
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [str(violation) for violation in axe(opened, ".st-key-panel-events")] == []
