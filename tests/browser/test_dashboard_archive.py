"""The Archive page of the real dashboard on a small archive: asked, cancelled, drawn on, taken into cases."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from browser import harness
from browser.harness import PHONE, axe, idle, screenshot
from made_archive import block, lay
from playwright.sync_api import TimeoutError, expect  # noqa: A004  its own, of a step that took too long

from geo.archive.catalogue import changing
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

DAY = datetime(2024, 12, 25, tzinfo=UTC)
HOURS = "from=25+December+2024+04:00+UTC&to=06:00+UTC"
WHOLE = "from=25+December+2024&to=25+December+2024"
BAKU, GROZNY = (40.4675, 50.0467), (43.388, 45.699)
#: A day whose every hour names one file, so that a question about it reads that file 24 times and takes long.
SLOW = DAY + timedelta(days=6)


def made(root: Path) -> Path:
    """A day around Grozny, with a flight beside its line, jumps, and one over the antimeridian; and a slow day."""
    blocks, flights, jumps = [], [], []

    def fly(icao24: str, callsign: str, start: datetime, way: Any, minutes: int, bend: float = 0, **ends: str) -> None:
        count = minutes * 6
        share = np.linspace(0, 1, count)
        (lat0, lon0), (lat1, lon1) = way
        lat = lat0 + (lat1 - lat0) * share + bend * np.sin(np.pi * share)
        lon = (lon0 + (lon1 - lon0) * share + 180) % 360 - 180
        height = np.minimum(34000, np.minimum(share, 1 - share) * minutes * 2000 + 500)
        blocks.append(block(icao24, start, lat, lon, callsign=callsign, altitude_ft=np.rint(height)))
        points = {"first_lat": lat0, "first_lon": lon0, "last_lat": lat1, "last_lon": lon1}
        placed = {key: Decimal(str(round(float(value), 6))) for key, value in points.items()}
        times = {"first_time": start, "last_time": start + timedelta(seconds=10 * (count - 1))}
        told = {"fixes": count, "distance_km": 480.0, "silent_s": 10, "highest_ft": 34000}
        flights.append({"icao24": icao24, "callsign": callsign, **times, **placed, **told, **ends})

    route = {"origin": "UBBB", "destination": "URMG"}
    fly("600841", "AHY8243", DAY + timedelta(hours=4), (BAKU, GROZNY), 65, **route)
    fly("600842", "AHY8245", DAY + timedelta(hours=5), (BAKU, GROZNY), 65, 1.2, **route)
    rng = np.random.default_rng(3)
    for number in range(24):
        turn, off = rng.uniform(0, 2 * np.pi), rng.uniform(-1.2, 1.2)
        middle = np.array([43.4 - off * np.sin(turn), 45.7 + 1.3 * off * np.cos(turn)])
        by = np.array([2.5 * np.cos(turn), 3.2 * np.sin(turn)])
        name, start = f"TST{number + 1}", DAY + timedelta(minutes=250 + number)
        fly(f"{0x400100 + number:06x}", name, start, (middle + by, middle - by), 40)
    fly("71be01", "KAL1", DAY + timedelta(hours=1), ((52, 172), (50, 190)), 120)
    for number in range(6):
        at = DAY + timedelta(hours=4, minutes=20 * number)
        ends = {"lat_before": 43 + number / 5, "lon_before": 45 + number / 10, "lat": 42.1, "lon": 47.4}
        said = {key: Decimal(str(round(value, 6))) for key, value in ends.items()}
        times = {"time_before": at - timedelta(seconds=10), "time": at}
        more = {"callsign": f"TST{number + 1}", "altitude_ft": 34000, "distance_km": 190.0, "implied_kt": 36900.0}
        jumps.append({"icao24": f"{0x400100 + number:06x}", **times, **said, **more})
    n = 6000
    blocks += [
        block(f"{0x500000 + number:06x}", SLOW, np.linspace(30, 50, n), np.linspace(40, 50, n), step_s=0.5)
        for number in range(40)
    ]
    lay(root, blocks, flights, jumps)
    with changing(root) as days:
        slow = days[SLOW.date()]
        days[SLOW.date()] = replace(slow, area=dict.fromkeys(range(24), slow.area[0]))
    return root


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on a copy of one case, with an archive."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(data("cases", "j2-8243"), folder / "j2-8243")
    root = made(tmp_path_factory.mktemp("archive"))
    with harness.dashboard(str(folder), "--archive", str(root)) as address:
        yield address


def page(opened: Page, address: str, query: str = "") -> Page:
    opened.goto(f"{address}/?page=archive&{query}")
    expect(opened.locator(".fca[data-shown]")).to_be_attached()
    idle(opened)
    return opened


def asked(opened: Page, address: str, query: str) -> Locator:
    """The table of the answer to a question, once the map shows it too."""
    page(opened, address, query)
    opened.get_by_role("button", name="Ask the archive").click()
    table = opened.get_by_role("table", name="Answer of the archive")
    expect(table).to_be_visible()
    expect(opened.locator(".fca[data-shown*='/answer/']")).to_be_attached()
    return table


def choose(opened: Page, field: str, option: str) -> None:
    """Choose of a list; one that opens while the page still scrolls to it closes again."""
    box = opened.get_by_role("combobox", name=field, exact=True)
    box.scroll_into_view_if_needed()
    wanted = opened.get_by_role("option", name=option)
    for _ in range(20):
        box.press("ArrowDown")
        try:
            wanted.click(timeout=3000)
        except TimeoutError:
            continue
        return
    pytest.fail(f"{field} never offered {option}")


def test_a_place_is_found_asked_about_and_its_passes_shown(running: str, open_page: Open) -> None:
    opened = open_page()
    opened.goto(running)
    opened.get_by_role("button", name="Archive", exact=True).click()
    expect(opened.get_by_text("The archive holds 2 days: 25 December 2024 and 31 December 2024 (UTC).")).to_be_visible()
    opened.get_by_role("radio", name="Who was near").click(force=True)
    place = opened.get_by_role("combobox", name="Place", exact=True)
    place.fill("Grosny")
    place.press("Enter")
    expect(opened.locator(".fca .fca-place")).to_have_text("Grozny")
    # What is missing is said beside its field, and nothing is asked.
    opened.get_by_role("button", name="Ask the archive").click()
    expect(opened.get_by_text("Write a day, such as 31 December 2024")).to_have_count(2)
    opened.get_by_role("textbox", name="From").fill("25 December 2024 08:00 Baku")
    opened.get_by_role("textbox", name="To").fill("06:00 UTC")
    opened.get_by_role("textbox", name="To").press("Enter")
    expect(opened.get_by_text("25 December 2024, 04:00 to 06:00 UTC").first).to_be_visible()
    opened.get_by_role("button", name="Ask the archive").click()
    table = opened.get_by_role("table", name="Answer of the archive")
    rows = table.get_by_role("row")
    expect(opened.get_by_role("heading", name="Who was within 50 km of Grozny")).to_be_visible()
    expect(rows.filter(has_text="AHY8243")).to_have_count(1)
    expect(table.locator("th[aria-sort=ascending]")).to_have_text("Nearest")
    # Sorted in the browser, whichever way.
    highest = table.get_by_role("button", name="Highest")
    highest.click()
    highest.click()
    expect(table.locator("th[aria-sort=descending]")).to_have_text("Highest")
    # A row is a line on the map, by mouse and by keyboard.
    lines = opened.locator(".fca path.fca-line:not(.fca-on)")
    expect(lines).to_have_count(rows.count() - 1)
    table.get_by_role("button", name=re.compile("^AHY8243")).click()
    expect(opened.locator(".fca path.fca-on")).to_have_count(1)
    opened.keyboard.press("Home")
    opened.keyboard.press("Enter")
    expect(table.locator("tr[data-chosen] .fc-open")).to_be_focused()
    expect(table.locator("tr[data-chosen]")).to_have_count(1)
    with opened.expect_download() as download:
        opened.get_by_role("link", name="Download archive-passes.csv").click()
    assert download.value.path().read_text(encoding="utf-8").count("\n") == rows.count()
    assert "ask=near" in opened.url
    expect(table.get_by_role("cell", name="34,000 ft").first).to_be_visible()
    screenshot(opened, "dashboard-archive")
    assert [str(violation) for violation in axe(opened)] == []
    choose(opened, "Units", "Metres, km/h")
    expect(table.get_by_role("cell", name="10,363 m").first).to_be_visible()


def test_an_area_is_drawn_by_mouse_and_by_keyboard_or_typed(running: str, open_page: Open) -> None:
    opened = page(open_page(), running, f"ask=near&where=drawn&corners=42,44;42,47;44.5,47;44.5,44&{HOURS}")
    shown = opened.locator(".fca")
    expect(shown).to_have_attribute("data-shown", re.compile('"corners":4'))
    opened.get_by_role("button", name="Clear the area").click()
    expect(shown).to_have_attribute("data-shown", re.compile('"corners":0'))
    opened.get_by_role("button", name="Draw on the map").click()
    expect(opened.locator(".fcp-sentence")).to_contain_text("Click the map to add corners")
    box = opened.locator(".fca-home").bounding_box()
    assert box
    for number, (x, y) in enumerate(((0.3, 0.3), (0.7, 0.3), (0.7, 0.7)), 1):
        opened.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        expect(opened.locator(".fca .fcp-vertex")).to_have_count(number)
    # A corner is moved by hand, and by the keys; the last one is taken back.
    first = opened.get_by_role("button", name=re.compile("^Corner 1 of 3"))
    before = first.bounding_box()
    assert before
    first.hover()
    opened.mouse.down()
    opened.mouse.move(before["x"] - 40, before["y"] - 40, steps=4)
    opened.mouse.up()
    idle(opened)
    assert first.evaluate("node => node.getBoundingClientRect().x") < before["x"] - 20
    last = opened.get_by_role("button", name=re.compile("^Corner 3 of 3"))
    last.focus()
    last.press("Delete")
    expect(opened.locator(".fca .fcp-vertex")).to_have_count(2)
    cross = opened.get_by_role("application")
    cross.focus()
    for _ in range(6):
        cross.press("Shift+ArrowDown")
    cross.press("Enter")
    expect(opened.locator(".fca .fcp-vertex")).to_have_count(3)
    screenshot(opened, "dashboard-archive-drawing")
    assert [str(violation) for violation in axe(opened)] == []
    opened.get_by_role("button", name="Take back the last corner").click()
    expect(opened.locator(".fca .fcp-vertex")).to_have_count(2)
    cross.press("Escape")
    expect(opened.locator(".fcp-sentence")).to_be_hidden()


def test_an_area_is_typed_without_drawing_over_the_antimeridian(running: str, open_page: Open) -> None:
    opened = page(open_page(), running, "ask=near&where=drawn")
    shown = opened.locator(".fca")
    sides = opened.get_by_role("textbox", name=re.compile("type its sides"))
    sides.fill("91, 0, 92, 1")
    sides.press("Enter")
    expect(opened.get_by_text("over the antimeridian west is greater than east")).to_be_visible()
    sides.fill("49, 175, 53, -172")
    sides.press("Enter")
    expect(shown).to_have_attribute("data-shown", re.compile('"corners":4'))
    for name, text in (("From", "25 December 2024"), ("To", "27 December 2024")):
        opened.get_by_role("textbox", name=name).fill(text)
    opened.get_by_role("button", name="Ask the archive").click()
    table = opened.get_by_role("table", name="Answer of the archive")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_contain_text("KAL1")
    missing = "The archive does not hold 26–27 Dec 2024: nothing is known of those 2 days."
    expect(opened.get_by_text(missing)).to_be_visible()


def test_the_other_questions_are_answered(running: str, open_page: Open) -> None:
    opened = open_page()
    table = asked(opened, running, f"ask=aircraft&aircraft=AHY8245&{WHOLE}")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_contain_text("UBBB")
    expect(opened.get_by_role("link", name="Download archive-positions.csv")).to_be_visible()
    table = asked(opened, running, f"ask=jumps&{WHOLE}")
    expect(table.get_by_role("row")).to_have_count(7)
    expect(opened.locator(".fca path.fca-hop")).to_have_count(6)
    expect(opened.locator(".fca-key")).to_contain_text("a jump, not flown")
    screenshot(opened, "dashboard-archive-jumps")
    opened.get_by_role("radio", name="counted by hour").click(force=True)
    opened.get_by_role("button", name="Ask the archive").click()
    expect(opened.locator(".fca path.fca-cell").first).to_be_attached()
    expect(table.get_by_role("columnheader").first).to_have_text("Hour (UTC)")
    table = asked(opened, running, f"ask=strayed&origin=UBBB&destination=URMG&off=40&callsigns=AHY8243&{WHOLE}")
    expect(table.get_by_role("row")).to_have_count(2)
    expect(table.get_by_role("row").nth(1)).to_contain_text("AHY8245")
    screenshot(opened, "dashboard-archive-strayed")
    # Nothing is said plainly, with what was asked.
    page(opened, running, "ask=near&place=KJFK&km=20&from=25+December+2024+04:00+UTC&to=06:00+UTC")
    opened.get_by_role("button", name="Ask the archive").click()
    expect(opened.get_by_text("Nothing was found in the days that are there.")).to_be_visible()
    expect(opened.get_by_role("heading", name=re.compile("^Who was within 20 km of"))).to_be_visible()


def test_a_question_is_cancelled_and_another_one_answered(running: str, open_page: Open) -> None:
    opened = page(open_page(), running, "ask=near&place=Grozny&km=2000&from=31+December+2024&to=31+December+2024")
    opened.get_by_role("button", name="Ask the archive").click()
    expect(opened.get_by_role("status").get_by_text("Reading the archive")).to_be_visible()
    # Somebody else is answered meanwhile.
    other = open_page()
    expect(asked(other, running, f"ask=near&place=Grozny&km=50&{HOURS}")).to_be_visible()
    expect(opened.get_by_role("status").get_by_text("Reading the archive")).to_be_visible()
    screenshot(opened, "dashboard-archive-waiting")
    assert [str(violation) for violation in axe(opened)] == []
    opened.get_by_role("button", name="Cancel").click()
    expect(opened.get_by_text("The question was stopped. Nothing of it goes on.")).to_be_visible()
    expect(opened.get_by_role("button", name="Cancel")).to_have_count(0)
    # The page is there at once for another question.
    opened.get_by_role("radio", name="Where was this aircraft").click(force=True)
    expect(opened.get_by_role("textbox", name="From")).to_have_count(1)
    opened.get_by_role("textbox", name="ICAO address or callsign").fill("71be01")
    for name in ("From", "To"):
        opened.get_by_role("textbox", name=name).fill("25 December 2024")
    opened.get_by_role("button", name="Ask the archive").click()
    expect(opened.get_by_role("table", name="Answer of the archive").get_by_role("row").nth(1)).to_contain_text("KAL1")


def test_a_flight_becomes_a_track_and_the_others_traffic(running: str, open_page: Open) -> None:
    opened = open_page()
    table = asked(opened, running, f"ask=near&place=Grozny&km=120&{HOURS}")
    use = opened.get_by_role("button", name="Use as track in a case")
    expect(use).to_be_disabled()
    table.get_by_role("button", name=re.compile("^AHY8245")).click()
    expect(opened.get_by_text("Chosen: AHY8245, 25 December 2024 05:00–06:04 UTC, UBBB – URMG")).to_be_visible()
    expect(opened.get_by_role("combobox", name="Meant to go to")).to_have_value("URMG")
    opened.locator(".st-key-archive-taking").scroll_into_view_if_needed()
    screenshot(opened, "dashboard-archive-taking")
    use.click()
    expect(opened).to_have_url(re.compile("page=edit"))
    expect(opened.locator(".fcp[data-shown*='/draft/']")).to_be_attached()
    tracks = opened.locator(".st-key-panel-tracks")
    expect(tracks.get_by_text("AHY8245-2024-12-25.csv").first).to_be_visible()
    expect(opened.get_by_text("Draft, 1 open finding")).to_be_visible()
    expect(opened.get_by_role("textbox", name="Callsign")).to_have_value("AHY8245")
    # The same answer behind a case that is there.
    asked(opened, running, f"ask=near&place=Grozny&km=120&{HOURS}")
    traffic = opened.get_by_role("button", name=re.compile("as context traffic$"))
    expect(traffic).to_be_disabled()
    idle(opened)
    choose(opened, "Case", "J2-8243, Baku to Grozny")
    expect(traffic).to_be_enabled()
    traffic.click()
    expect(opened).to_have_url(re.compile("case=j2-8243.*page=edit"))
    form = opened.locator(".st-key-track-form")
    expect(form.get_by_text(re.compile(r"traffic-2024-12-25-04\d\d\.csv\.gz")).first).to_be_visible()
    expect(form.get_by_role("checkbox", name="For context only")).to_be_checked()
    expect(form.get_by_role("checkbox", name="Every aircraft of the file")).to_be_checked()
    names = opened.locator(".fcp-viewer ul[aria-label='Other aircraft'] li")
    expect(names.filter(has_text="TST1").first).to_be_attached()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), ((1440, 900), "dark")], ids=["phone", "dark"])
def test_the_page_on_a_phone_and_in_the_dark(running: str, open_page: Open, viewport: Any, scheme: Any) -> None:
    opened = open_page(viewport=viewport, scheme=scheme, touch=viewport == PHONE)
    table = asked(opened, running, f"ask=near&place=Grozny&km=120&{HOURS}")
    table.get_by_role("button", name=re.compile("^AHY8243")).click()
    expect(opened.locator(".fca path.fca-on")).to_have_count(1)
    name = "phone" if viewport == PHONE else "dark"
    screenshot(opened, f"dashboard-archive-{name}", full=True)
    assert [str(violation) for violation in axe(opened)] == []
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    least = 44 if viewport == PHONE else 24
    for button in [*opened.locator(".fca .fc-zoom button").all(), table.locator(".fc-open").first]:
        size = button.bounding_box()
        assert size
        assert size["height"] >= least
    if viewport == PHONE:
        opened.locator(".fca").scroll_into_view_if_needed()
        screenshot(opened, "dashboard-archive-phone-map")
