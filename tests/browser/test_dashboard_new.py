"""From nothing to a saved case in the real dashboard: by keyboard, by two people, with files that people bring."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from typing import TYPE_CHECKING

import pytest
from browser import harness
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect

from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
#: The drop zone of Streamlit's uploader is presentational and has a name; that is not ours to mend.
STREAMLITS = ("presentation-role-conflict",)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard on a folder without a case, and the folder."""
    with harness.dashboard(str(tmp_path)) as address:
        yield address, tmp_path


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A dashboard on a folder with one case, and the folder."""
    shutil.copytree(data("cases", "jl516"), tmp_path / "jl516")
    with harness.dashboard(str(tmp_path)) as address:
        yield address, tmp_path


def bar(page: Page, text: str) -> Locator:
    """The bar of Edit, once it says so."""
    found = page.locator(".st-key-history").get_by_role("status")
    expect(found).to_have_text(re.compile(text), timeout=PATIENCE)
    return found


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the control of that name has the focus."""
    seen: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        said = page.evaluate(
            """() => {
              let at = document.activeElement;
              while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
              const named = at?.getAttribute("aria-label") || at?.labels?.[0]?.textContent;
              return named || (at?.textContent || "").slice(0, 40);
            }"""
        )
        seen.append(said.strip())
        if seen[-1].startswith(name):
            return
    raise AssertionError(f"Tab never came to {name}: {seen}")


def outcome(page: Page) -> Locator:
    """The field of the outcome; its panel is folded where it is filled."""
    field = page.get_by_role("textbox", name=re.compile("^Outcome")).first
    panel = page.locator(".st-key-panel-basics")
    expect(panel.locator("summary").first).to_be_visible(timeout=PATIENCE)
    harness.idle(page)
    if not field.is_visible():
        panel.locator("summary").first.click()
    expect(field).to_be_visible(timeout=PATIENCE)
    return field


def write(page: Page, text: str, says: str) -> None:
    field = outcome(page)
    field.fill(text)
    field.press("Enter")
    bar(page, says)


def check(page: Page) -> None:
    """Hold the page against axe, once nothing of the page before is left in it."""
    expect(page.locator("[data-stale=true]")).to_have_count(0, timeout=PATIENCE)
    page.wait_for_load_state("networkidle")
    assert [str(violation) for violation in axe(page) if violation.rule not in STREAMLITS] == []


def begin_too_early(page: Page) -> None:
    """Press Begin with a place that may be several and nothing else: each field says what to write there."""
    tab_to(page, "From")
    page.keyboard.type("Springfield")
    tab_to(page, "Begin")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Not begun: 3 fields need something else.", timeout=PATIENCE)
    expect(page.get_by_text("Several places may be meant; choose one.").first).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Write the day of the flight, such as 25 December 2024.")).to_be_visible(timeout=PATIENCE)
    screenshot(page, "new-wrong")
    check(page)


def begin(page: Page) -> None:
    """Fill the fields, one place in another script and one by its code, and press Enter in the last one."""
    origin = page.get_by_role("combobox", name="From")
    origin.focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("саппоро")
    expect(page.get_by_role("option").first).to_contain_text("Sapporo", timeout=PATIENCE)
    page.keyboard.press("Enter")
    expect(origin).to_have_value("Sapporo", timeout=PATIENCE)
    tab_to(page, "To")
    page.keyboard.type("RJTT")
    expect(page.get_by_role("option").first).to_contain_text("RJTT", timeout=PATIENCE)
    # What the track says of the flight is offered, and is not asked again.
    page.locator("input[type=file]").set_input_files(data("cases", "jl516") / "track.csv")
    day = page.get_by_role("textbox", name="Day of the flight")
    expect(day).to_have_value("2 January 2024", timeout=PATIENCE)
    day.focus()
    tab_to(page, "Flight number")
    page.keyboard.type("JL516")
    page.keyboard.press("Enter")


def test_a_case_is_begun_and_saved_by_keyboard_alone(library: tuple[str, Path], open_page: Open) -> None:
    address, folder = library
    page = open_page()
    page.goto(address)
    expect(page.get_by_role("heading", name="No case yet")).to_be_visible(timeout=PATIENCE)
    tab_to(page, "New case")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Begin", exact=True)).to_be_visible(timeout=PATIENCE)
    begin_too_early(page)
    begin(page)
    bar(page, "Draft, not saved")
    expect(page).to_have_url(re.compile(r"case=jl516&page=edit&draft=[\w-]+"), timeout=PATIENCE)
    expect(page.locator(".st-key-case-jl516")).to_contain_text("Draft, changed", timeout=PATIENCE)
    assert not (folder / "jl516").exists()
    # The draft is there for whoever opens its address, also after a reload.
    page.reload()
    bar(page, "Draft, not saved")
    write(page, "landed at Haneda", "Not saved: 1 change")
    expect(outcome(page)).to_be_focused(timeout=PATIENCE)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+z")
    bar(page, "Draft, not saved")
    expect(outcome(page)).to_have_value("", timeout=PATIENCE)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Control+Shift+z")
    bar(page, "Not saved: 1 change")
    page.get_by_role("button", name="Undo").focus()
    tab_to(page, "Save")
    page.keyboard.press("Enter")
    bar(page, r"Saved \d\d:\d\d UTC")
    expect(page.get_by_role("radio", name="Story")).to_have_count(1, timeout=PATIENCE)
    card = page.locator(".st-key-case-jl516")
    expect(card).to_contain_text("landed at Haneda", timeout=PATIENCE)
    expect(card).not_to_contain_text("Draft", timeout=PATIENCE)
    assert 'outcome.en = "landed at Haneda"' in (folder / "jl516" / "case.toml").read_text(encoding="utf-8")
    assert (folder / "jl516" / "track.csv").is_file()


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(shared: tuple[str, Path], open_page: Open) -> None:
    address, folder = shared
    first, second = open_page(), open_page(viewport=(1024, 768))
    first.goto(f"{address}/?case=jl516&page=edit")
    bar(first, "As saved")
    first.get_by_role("button", name="More").click()
    first.get_by_role("textbox", name="Your name, for colleagues").fill("Aliya")
    first.get_by_role("textbox", name="Your name, for colleagues").press("Enter")
    first.keyboard.press("Escape")
    write(first, "of the first", "Not saved: 1 change")
    second.goto(f"{address}/?case=jl516&page=edit")
    expect(second.get_by_role("heading", name="This case has a draft")).to_be_visible(timeout=PATIENCE)
    expect(second.get_by_text(re.compile("open now by Aliya|open now in another window"))).to_be_visible(
        timeout=PATIENCE
    )
    screenshot(second, "edit-whose")
    check(second)
    second.get_by_role("button", name="Start from the saved case").click()
    bar(second, "As saved")
    expect(second.get_by_text("Another draft of this case is open")).to_be_visible(timeout=PATIENCE)
    write(second, "of the second", "Not saved: 1 change")
    second.get_by_role("button", name="Save", exact=True).click()
    bar(second, "Saved")
    # The first one is told at once, also without pressing anything.
    told = first.locator(".st-key-conflict")
    expect(told).to_contain_text("changed", timeout=PATIENCE)
    expect(told).to_contain_text('+ outcome.en = "of the first"', timeout=PATIENCE)
    expect(told).to_contain_text('\u2212 outcome.en = "of the second"', timeout=PATIENCE)
    screenshot(first, "edit-conflict")
    check(first)
    first.get_by_role("button", name="Go on from the saved version").click()
    expect(told).to_have_count(0, timeout=PATIENCE)
    expect(outcome(first)).to_have_value("of the second", timeout=PATIENCE)
    first.get_by_role("button", name="Undo").click()
    expect(outcome(first)).to_have_value("of the first", timeout=PATIENCE)
    assert 'outcome.en = "of the second"' in (folder / "jl516" / "case.toml").read_text(encoding="utf-8")
    first.get_by_role("button", name="Save", exact=True).click()
    bar(first, "Saved")
    assert 'outcome.en = "of the first"' in (folder / "jl516" / "case.toml").read_text(encoding="utf-8")


def test_a_case_is_carried_away_brought_back_and_discarded(
    shared: tuple[str, Path], open_page: Open, tmp_path: Path
) -> None:
    address, _ = shared
    page = open_page(viewport=PHONE)
    page.goto(f"{address}/?case=jl516&page=edit")
    bar(page, "As saved")
    page.get_by_role("button", name="More").click()
    with page.expect_download(timeout=PATIENCE) as expected:
        page.get_by_role("button", name="Download case folder").click()
    carried = tmp_path / "carried.zip"
    expected.value.save_as(carried)
    with zipfile.ZipFile(carried) as archive:
        assert archive.namelist() == ["jl516/case.toml", "jl516/SOURCES.md", "jl516/track.csv"]
    hostile = io.BytesIO()
    with zipfile.ZipFile(hostile, "w") as archive:
        archive.writestr("../case.toml", "format = 1\n")
    page.goto(f"{address}/?page=open")
    files = page.locator("input[type=file]")
    expect(files).to_have_count(1, timeout=PATIENCE)
    files.set_input_files({"name": "bad.zip", "mimeType": "application/zip", "buffer": hostile.getvalue()})
    expect(page.get_by_role("alert")).to_contain_text("outside its folder", timeout=PATIENCE)
    check(page)
    files.set_input_files(carried)
    expect(page).to_have_url(re.compile("case=jl516-2&page=edit&draft="), timeout=PATIENCE)
    bar(page, "Draft, not saved")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="More").click()
    expect(page.get_by_role("button", name="Discard draft")).to_be_disabled(timeout=PATIENCE)
    page.get_by_text("Yes, throw this draft away").click()
    page.get_by_role("button", name="Discard draft").click()
    expect(page).not_to_have_url(re.compile("jl516-2"), timeout=PATIENCE)
