"""The Story page of the real dashboard."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from browser import harness
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect
from shipped_cases import CASES

from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
CASE = "j2-8243"


def story(opened: Page, address: str, query: str = f"?case={CASE}") -> Page:
    """The Story page, once the viewer stands in it."""
    opened.goto(f"{address}/{query}")
    expect(opened.get_by_role("slider", name=re.compile("Time|Zeit"))).to_be_visible(timeout=PATIENCE)
    return opened


def viewer_of(opened: Page, case: str) -> Any:
    """The viewer of one case: while another is chosen, Streamlit keeps the former one for a moment."""
    return opened.locator(f".st-key-viewer-{case} [data-time]")


def root(opened: Page) -> Any:
    return opened.locator("[data-time]")


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("wide", {}),
        ("dark", {"scheme": "dark"}),
        ("1024", {"viewport": (1024, 800)}),
        ("phone", {"viewport": PHONE, "touch": True}),
    ],
)
def test_it_shows_map_and_timeline(dashboard: str, open_page: Open, name: str, look: dict[str, Any]) -> None:
    opened = story(open_page(**look), dashboard)
    expect(opened.get_by_role("region", name="Map")).to_be_visible()
    expect(opened.get_by_role("list", name="Timeline")).to_be_visible()
    assert opened.locator(".leaflet-fc-line-pane path").count() > 0
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(opened, f"dashboard-{name}")


def test_what_is_ours_breaks_no_rule_of_axe(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    opened.wait_for_load_state("networkidle")
    assert [str(violation) for violation in axe(opened)] == []


def test_the_whole_story_fits_a_usual_screen(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(viewport=(1440, 900)), dashboard)
    expect(opened.get_by_role("button", name="Download page")).to_be_in_viewport(ratio=1)
    assert (
        opened.evaluate(
            "(() => { const m = document.querySelector('.stMain'); return m.scrollHeight - m.clientHeight })()"
        )
        <= 0
    )
    frame = opened.locator(".st-key-frame").bounding_box()
    assert frame
    assert frame["height"] >= 640


def test_the_page_carries_no_furniture_of_streamlit(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    expect(opened).to_have_title("J2-8243, Baku to Grozny · Flightcase")
    for each in ("stAppDeployButton", "stMainMenu", "stDecoration", "stStatusWidget"):
        expect(opened.get_by_test_id(each)).to_be_hidden()


def test_the_focus_is_seen(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    opened.get_by_role("textbox", name="Find a case").focus()
    opened.keyboard.press("Tab")
    card = opened.get_by_role("button", name=re.compile("J2-8243"))
    expect(card).to_be_focused()
    assert card.evaluate("node => getComputedStyle(node).outlineStyle") == "solid"


def test_a_row_moves_the_map_at_once_and_reruns_no_script(dashboard: str, open_page: Open) -> None:
    opened = open_page()
    frames: list[bytes] = []
    opened.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived", lambda frame: frames.append(frame.encode() if isinstance(frame, str) else frame)
        ),
    )
    story(opened, dashboard)
    whole_run = b"Sourced flight maps"
    assert any(whole_run in frame for frame in frames), "the sidebar travels with every run of the whole script"
    frames.clear()
    moved = opened.evaluate(
        """() => {
            const holder = [...document.querySelectorAll(".st-key-frame *")].find((each) => each.shadowRoot).shadowRoot;
            const viewer = holder.querySelector("[data-time]");
            const row = [...holder.querySelectorAll(".fc-row")].find((each) => each.ariaExpanded === "false");
            const before = [viewer.dataset.time, holder.querySelectorAll(".fc-marker.fc-on").length];
            const began = performance.now();
            row.click();
            return { before, after: [viewer.dataset.time, viewer.dataset.event], took: performance.now() - began };
        }"""
    )
    assert moved["after"][1]
    assert moved["after"][0] != moved["before"][0]
    # The moment reaches the server, and only what depends on it is drawn again.
    expect(opened).to_have_url(re.compile(f"event={moved['after'][1]}"), timeout=PATIENCE)
    expect(opened.locator(".st-key-below code")).to_contain_text(f"event={moved['after'][1]}")
    assert frames
    assert not any(whole_run in frame for frame in frames)
    assert sum(map(len, frames)) < 20_000


def test_another_language_keeps_the_moment_and_renames_the_page(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    opened.get_by_role("list", name="Timeline").locator(".fc-row:visible").nth(1).click()
    moment = [root(opened).get_attribute(name) for name in ("data-time", "data-event")]
    opened.get_by_role("combobox", name="Language").click()
    opened.get_by_role("option", name="Deutsch").click()
    expect(opened.locator(".fc h1")).to_contain_text("Minuten", timeout=PATIENCE)
    assert [root(opened).get_attribute(name) for name in ("data-time", "data-event")] == moment
    expect(opened).to_have_url(re.compile(r"language=de.*event=last-valid-position"))
    expect(opened.get_by_role("heading", level=2, name="J2-8243, Baku nach Grosny")).to_be_visible()
    expect(opened.get_by_role("textbox", name="Fall suchen")).to_be_visible()
    expect(
        opened.get_by_role("button", name=re.compile("bei Aktau abgestürzt.*25. Dezember 2024", re.DOTALL))
    ).to_be_visible()
    expect(opened.get_by_role("combobox", name="Einheiten")).to_have_value("Fuß, Knoten")
    expect(opened.get_by_role("button", name="Seite herunterladen")).to_be_visible()
    assert opened.evaluate("document.documentElement.lang") == "de"


def test_units_keep_the_moment_too(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    opened.get_by_role("list", name="Timeline").locator(".fc-row:visible").nth(4).click()
    moment = [root(opened).get_attribute(name) for name in ("data-time", "data-event")]
    opened.get_by_role("combobox", name="Units").click()
    opened.get_by_role("option", name="Metres, km/h").click()
    expect(opened.locator(".fc-scrub").get_by_text(re.compile(r"^9,14\d m$"))).to_be_visible(timeout=PATIENCE)
    assert [root(opened).get_attribute(name) for name in ("data-time", "data-event")] == moment
    expect(opened).to_have_url(re.compile("units=metric"))


def test_other_units_reach_the_viewer(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard, f"?case={CASE}&units=metric")
    expect(opened.locator(".fc-scrub").get_by_text(re.compile(r"^9,14\d m$"))).to_be_visible()


def test_a_link_restores_all_that_was_chosen(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard, f"?case={CASE}&language=de&units=metric")
    opened.get_by_role("list", name="Zeitleiste").locator(".fc-row:visible").nth(2).click()
    below = opened.locator(".st-key-below")
    expect(below.locator("code")).to_contain_text("event=gps-lost", timeout=PATIENCE)
    expect(below).to_contain_text(re.compile("Link zu 04:37:04 UTC, ."))
    moment = [root(opened).get_attribute(name) for name in ("data-time", "data-event")]
    link = below.locator("code").inner_text()
    asked = {"case": [CASE], "language": ["de"], "units": ["metric"], "t": [moment[0]], "event": [moment[1]]}
    assert parse_qs(urlsplit(link).query) == asked
    assert parse_qs(urlsplit(opened.url).query) == asked
    again = open_page()
    again.goto(link)
    expect(root(again)).to_have_attribute("data-event", moment[1] or "", timeout=PATIENCE)
    expect(root(again)).to_have_attribute("data-time", moment[0] or "")
    expect(again.locator(".fc h1")).to_contain_text("Minuten")
    expect(again.get_by_role("combobox", name="Einheiten")).to_have_value("Meter, km/h")


def test_a_wrong_moment_in_a_link_counts_as_none(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard, f"?case={CASE}&t=noon&event=nothing&language=xx&units=yards")
    expect(opened.locator(".st-key-below")).to_contain_text("Link to 05:42:40 UTC, Crew decides for Aktau")
    expect(root(opened)).to_have_attribute("data-time", "2024-12-25T05:42:40Z")


def test_back_leads_to_the_case_before_and_its_moment(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    rows = opened.get_by_role("list", name="Timeline").locator(".fc-row:visible")
    rows.nth(1).click()
    expect(opened).to_have_url(re.compile("event=last-valid-position"), timeout=PATIENCE)
    rows.nth(2).click()
    expect(opened).to_have_url(re.compile("event=gps-lost"), timeout=PATIENCE)
    # The other case is chosen before this moment has settled: the address must become that one's.
    rows.nth(3).click()
    opened.locator(".st-key-case-jl516 button").click()
    expect(opened.get_by_role("heading", level=2, name=re.compile("JL516"))).to_be_visible(timeout=PATIENCE)
    expect(viewer_of(opened, "jl516")).to_have_attribute("data-time", re.compile("^2024-01-02"), timeout=PATIENCE)
    expect(opened).to_have_url(re.compile("case=jl516$"))
    opened.go_back()
    expect(viewer_of(opened, CASE)).to_have_attribute(
        "data-time", re.compile("^2024-12-25T04:(37|50)"), timeout=PATIENCE
    )
    expect(root(opened)).to_have_count(1, timeout=PATIENCE)
    expect(opened).to_have_url(re.compile(f"case={CASE}&t=2024-12-25T04"))


def test_the_preview_changes_the_scheme_of_the_viewer_alone(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    assert root(opened).get_attribute("data-scheme") is None
    look = "node => getComputedStyle(node).backgroundColor"
    before = opened.locator(".stApp").evaluate(look)
    opened.get_by_role("radio", name="Dark").click(force=True)
    expect(root(opened)).to_have_attribute("data-scheme", "dark", timeout=PATIENCE)
    assert root(opened).evaluate(look) == "rgb(17, 23, 29)"
    assert opened.locator(".stApp").evaluate(look) == before
    opened.get_by_role("radio", name="System").click(force=True)
    expect(root(opened)).not_to_have_attribute("data-scheme", "dark", timeout=PATIENCE)


def test_the_page_can_be_downloaded(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    with opened.expect_download(timeout=PATIENCE) as expected:
        opened.get_by_role("button", name="Download page").click()
    assert expected.value.suggested_filename == f"{CASE}.en.html"
    html = Path(expected.value.path()).read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "Content-Security-Policy" in html


def test_a_search_finds_by_place_and_date(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    cards = opened.locator("[class*='st-key-case-']")
    expect(cards.first).to_contain_text("Baku to Grozny, crashed near Aktau")
    expect(cards).to_have_count(len(CASES))
    for query in ("grozny", "Aktau 2024", "25 december", "25. Dezember", "AHY8243"):
        opened.get_by_role("textbox", name="Find a case").fill(query)
        opened.get_by_role("textbox", name="Find a case").press("Enter")
        expect(cards).to_have_count(1, timeout=PATIENCE)
        expect(cards).to_contain_text("J2-8243")
        opened.get_by_role("textbox", name="Find a case").fill("")
        opened.get_by_role("textbox", name="Find a case").press("Enter")
        expect(cards).to_have_count(len(CASES), timeout=PATIENCE)


def test_a_card_opens_its_case(dashboard: str, open_page: Open) -> None:
    opened = story(open_page(), dashboard)
    opened.locator(".st-key-case-jl516 button").click()
    expect(opened.get_by_role("heading", level=2, name=re.compile("JL516"))).to_be_visible(timeout=PATIENCE)
    expect(root(opened)).to_have_count(1)
    expect(opened).to_have_url(re.compile("case=jl516"))
    expect(opened.locator(".st-key-case-jl516 button")).to_be_focused()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard on a sound case, a broken one and one that holds hostile text."""
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(data("cases", "jl516"), folder / "sound")
    shutil.copytree(data("cases", "jl516"), folder / "hostile")
    file = folder / "hostile" / "case.toml"
    text = re.sub(
        r'(?m)^number = ".*"$', "number = '<img src=x onerror=alert(1)>[a](javascript:alert(2)) $x$'", file.read_text()
    )
    file.write_text(text, encoding="utf-8")
    (folder / "broken").mkdir()
    (folder / "broken" / "case.toml").write_text('format = 1\nid = "<b>broken</b>"\n', encoding="utf-8")
    (folder / "empty").mkdir()
    with harness.dashboard(str(folder)) as address:
        yield address


def test_a_broken_case_says_what_is_wrong_and_the_others_work(mixed: str, open_page: Open) -> None:
    opened = story(open_page(), mixed, "?case=sound")
    opened.get_by_role("button", name=re.compile("broken")).click()
    expect(opened.get_by_text(re.compile("This case cannot be shown yet.*not affected"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(opened.locator(".st-key-problems").get_by_text("flight", exact=True)).to_be_visible()
    expect(opened.get_by_text(re.compile("flightcase check .*broken"))).to_be_visible()
    screenshot(opened, "dashboard-broken")
    assert [str(violation) for violation in axe(opened)] == []
    opened.locator(".st-key-case-sound button").click()
    expect(root(opened)).to_have_count(1, timeout=PATIENCE)


def test_hostile_text_in_a_card_is_only_text(mixed: str, open_page: Open) -> None:
    opened = story(open_page(), mixed, "?case=hostile")
    card = opened.locator(".st-key-case-hostile")
    expect(card).to_contain_text("<img src=x onerror=alert(1)>[a](javascript:alert(2)) $x$")
    assert opened.locator("img[src=x], a[href^=javascript]").count() == 0


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[str]:
    """A dashboard on a folder without a case."""
    with harness.dashboard(str(tmp_path)) as address:
        yield address


def test_an_empty_folder_says_what_to_do(empty: str, open_page: Open) -> None:
    opened = open_page()
    opened.goto(empty)
    expect(opened.get_by_role("heading", name="No case yet")).to_be_visible(timeout=PATIENCE)
    expect(opened.get_by_text(re.compile("flightcase new --from"))).to_be_visible()
    screenshot(opened, "dashboard-empty")


def test_an_unknown_case_is_said_to_be_unknown(mixed: str, open_page: Open) -> None:
    opened = open_page()
    opened.goto(f"{mixed}/?case=../../etc")
    expect(opened.get_by_text("There is no case of this name here.")).to_be_visible(timeout=PATIENCE)


def test_addresses_give_only_what_is_there(mixed: str, browser: Browser) -> None:
    context = browser.new_context()
    paths = [
        "code/0/viewer/nothing.js",
        "code/0/viewer/..%2f..%2fapp.py",
        "scene/0/0/none/en/nautical.json",
        "scene/0/0/sound/xx/nautical.json",
        "scene/0/0/broken/en/nautical.json",
        "basemap/0/none.json",
    ]
    for path in paths:
        assert context.request.get(f"{mixed}/flightcase/{path}").status in {400, 404}, path
    context.close()
