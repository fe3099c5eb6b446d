"""The Data page of the real dashboard: a table that leads the map and follows it, and files to download."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.harness import PHONE, axe, screenshot
from made_flights import HOSTILE, KINDS, mixed
from playwright.sync_api import expect

from geo import tracks
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
#: Rows that can be in view at once, and one at each edge.
IN_VIEW = 20


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on a case with rows of every kind and one without a track."""
    folder = tmp_path_factory.mktemp("cases")
    mixed(folder)
    shutil.copytree(data("cases", "j2-8243"), folder / "j2-8243")
    with harness.dashboard(str(folder)) as address:
        yield address


def opened_at(page: Page, address: str, query: str = "?case=mixed&page=data") -> Page:
    page.goto(f"{address}/{query}")
    expect(page.get_by_role("region", name="Map")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("table", name="Downloads")).to_be_visible(timeout=PATIENCE)
    return page


def grid_of(page: Page) -> Locator:
    grid = page.get_by_role("grid", name="Fixes")
    expect(grid.get_by_role("row").nth(1)).not_to_contain_text("…", timeout=PATIENCE)
    return grid


def moment(page: Page) -> Locator:
    """What carries the moment of the viewer."""
    return page.locator(".st-key-data-map [data-time]")


def chosen(grid: Locator) -> Locator:
    return grid.locator("[aria-selected=true]")


def test_a_row_leads_the_map_and_the_map_leads_to_a_row(shelf: str, open_page: Open) -> None:
    page = opened_at(open_page(), shelf)
    grid = grid_of(page)
    assert grid.get_attribute("aria-rowcount") == str(sum(KINDS.values()) + 1)
    assert grid.get_by_role("row").count() <= IN_VIEW

    # A rejected position is shown where it claimed to be, as a cross.
    page.get_by_role("button", name=re.compile(r"^Position rejected")).click()
    expect(grid).to_have_attribute("aria-rowcount", str(KINDS["rejected"] + 1))
    row = grid.get_by_role("row").filter(has_text="Stale position").first
    row.click()
    clock = row.get_by_role("gridcell").nth(1).inner_text()
    expect(moment(page)).to_have_attribute("data-time", re.compile(f"T{clock}"))
    expect(page.locator(".fc-fix [data-rejected=true]")).to_be_visible()
    expect(page).to_have_url(re.compile(f"page=data.*t=2024-01-02T{clock}Z"), timeout=PATIENCE)
    expect(page.locator(".fc-why")).to_contain_text("further by ground speed")
    screenshot(page, "dashboard-data-rejected")

    # Where the viewer goes, the table follows, and the cross is gone.
    page.get_by_role("button", name=re.compile(r"^All \d+$")).click()
    slider = page.locator(".st-key-data-map").get_by_role("slider", name="Time")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator(".fc-fix")).to_have_count(0)
    current = grid.locator("[data-current]")
    expect(current).to_be_visible(timeout=PATIENCE)
    assert current.get_attribute("data-index") == "0"

    # A profile, and a row of what can be known, lead to theirs.
    profile = page.get_by_role("slider", name=re.compile("^Pressure altitude"))
    profile.focus()
    page.keyboard.press("End")
    expect(moment(page)).to_have_attribute("data-time", re.compile("T08:47:"))
    expect(grid.locator("[data-current]")).to_have_attribute("data-index", re.compile(r"3\d\d"), timeout=PATIENCE)
    page.get_by_role("button", name=re.compile("^Farthest from the intended route")).click()
    expect(moment(page)).to_have_attribute("data-time", re.compile("T08:39:"))
    expect(page.locator(".fc-fix [data-rejected=false]")).to_be_visible()


def test_the_table_is_worked_by_keys_alone(shelf: str, open_page: Open) -> None:
    page = opened_at(open_page(), shelf, "?case=mixed&page=data&t=2024-01-02T07:40:00Z")
    grid = grid_of(page)
    expect(grid.locator("[data-current]")).to_be_visible(timeout=PATIENCE)
    grid.focus()
    page.keyboard.press("Home")
    expect(chosen(grid)).to_have_attribute("aria-rowindex", "2")
    page.keyboard.press("ArrowDown")
    expect(chosen(grid)).to_have_attribute("aria-rowindex", "3")
    page.keyboard.press("PageDown")
    expect(chosen(grid)).to_have_attribute("aria-rowindex", re.compile(r"^1\d$"))
    page.keyboard.press("End")
    expect(chosen(grid)).to_have_attribute("aria-rowindex", str(sum(KINDS.values()) + 1))
    # The last rows of the order of time could not be read: text of the file is shown as text.
    expect(chosen(grid)).to_contain_text("Unreadable")
    expect(page.locator(".fc-why")).to_contain_text(HOSTILE)
    assert page.locator("img[src=x]").count() == 0
    assert grid.get_attribute("aria-activedescendant") == chosen(grid).get_attribute("id")

    page.get_by_label("Go to (UTC)").fill("08:00")
    page.keyboard.press("Enter")
    expect(moment(page)).to_have_attribute("data-time", re.compile(r"T(07:59|08:00):"))
    expect(chosen(grid)).to_be_visible()
    page.get_by_label("Go to (UTC)").fill("noon")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No such time; write it like 08:45:11.")).to_be_visible()

    page.get_by_label("Order", exact=True).select_option("row")
    expect(grid.get_by_role("row").nth(1)).to_have_attribute("aria-rowindex", "2")
    expect(grid.get_by_role("row").nth(1).get_by_role("gridcell").first).to_have_text("2")


def test_files_are_downloaded_by_their_names(shelf: str, open_page: Open, tmp_path: Any) -> None:
    page = opened_at(open_page(), shelf)
    table = page.get_by_role("table", name="Downloads")
    for name in (
        "mixed-track.csv",
        "mixed-track.parquet",
        "mixed-track.geojson",
        "mixed-track.json",
        "mixed-lines.geojson",
    ):
        with page.expect_download() as given:
            table.get_by_role("link", name=f"Download {name}").click()
        assert given.value.suggested_filename == name
        given.value.save_as(tmp_path / name)
    reading = tracks.read(tmp_path / "mixed-track.csv")
    assert reading.report.read == sum(KINDS.values()) - KINDS["unreadable"]


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("wide", {}),
        ("dark", {"scheme": "dark"}),
        ("1024", {"viewport": (1024, 768)}),
        ("phone", {"viewport": PHONE, "touch": True}),
    ],
)
def test_it_reads_at_every_width_and_breaks_no_rule_of_axe(
    shelf: str, open_page: Open, name: str, look: dict[str, Any]
) -> None:
    page = opened_at(open_page(**look), shelf)
    grid_of(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [str(violation) for violation in axe(page)] == []
    screenshot(page, f"dashboard-data-{name}")
    if name in ("1024", "phone"):
        # The map stays in sight of the rows that lead it.
        page.get_by_role("table", name="Downloads").scroll_into_view_if_needed()
        expect(page.get_by_role("region", name="Map")).to_be_in_viewport()


def test_a_case_without_a_track_and_a_draft_say_what_they_are(shelf: str, open_page: Open) -> None:
    page = open_page()
    page.goto(f"{shelf}/?case=j2-8243")
    expect(page.locator(".fc-head h1")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("radio", name="Data").click()
    expect(page.get_by_text("This case has no track.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("table", name="Downloads")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".fc-head h1")).to_be_hidden()
    assert page.get_by_role("grid").count() == 0
    stretches = page.get_by_role("table", name="Stretches")
    expect(stretches.get_by_role("row")).to_have_count(8)
    stretches.get_by_role("button", name=re.compile("^3,")).click()
    expect(moment(page)).to_have_attribute("data-time", "2024-12-25T04:37:00Z")
    expect(page.get_by_text("These are the numbers of the saved case.")).to_be_visible()
    page.get_by_text("Show as table").first.click()
    expect(page.get_by_role("table", name="Altitude where known")).to_contain_text("30,000 ft")
    assert [str(violation) for violation in axe(page)] == []

    page.get_by_role("radio", name="Edit").click()
    expect(page).to_have_url(re.compile("draft="), timeout=PATIENCE)
    expect(page.get_by_text("Live preview").or_(page.get_by_role("radio", name="Data")).first).to_be_visible()
    page.get_by_role("radio", name="Data").click()
    expect(page.get_by_text("These are the numbers of the draft as it stands")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("region", name="Map")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("table", name="Stretches").get_by_role("row")).to_have_count(8, timeout=PATIENCE)
