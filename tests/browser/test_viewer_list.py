"""The list as a reader uses it: filter, citations, tables, corrections, and texts that fall back."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.test_viewer import PAGE, ROOT, SITE, _answer, _event, _row, _sign, scene, viewer
from playwright.sync_api import expect

from geo.casefile import read
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Locator, Page, Route

__all__ = ["scene", "viewer"]

PHONE = (375, 812)


def _rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Timeline").locator(".fc-row:visible")


def _filter(page: Page, *names: str) -> None:
    page.get_by_role("button", name="Filter").click()
    for name in names:
        page.get_by_role("checkbox", name=name).click()


# --- filter ----------------------------------------------------------------------------------------------------


def test_a_grade_put_away_leaves_list_and_map(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    _filter(page, "Stated by a party", "Inferred")
    main = [event for event in scene["events"] if event["main"]]
    left = [event["name"] for event in main if event["grade"] in ("confirmed", "disputed")]
    assert _rows(page).evaluate_all("all => all.map((row) => row.getAttribute('aria-label'))") == left
    expect(page.get_by_role("status")).to_have_text(f"Showing {len(left)} of {len(main)}")
    assert _event(scene, "7")["grade"] == "inferred"
    expect(_sign(page, _event(scene, "7"))).to_be_hidden()
    expect(_sign(page, _event(scene, "8"))).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    expect(_rows(page)).to_have_count(len(main))
    expect(_sign(page, _event(scene, "7"))).to_be_visible()
    expect(page.get_by_role("status")).to_be_empty()
    expect(page.get_by_role("button", name="Filter")).to_be_focused()
    expect(page.get_by_role("checkbox", name="Inferred")).to_be_checked()


def test_the_filter_is_worked_by_keys_and_named_by_groups(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    button = page.get_by_role("button", name="Filter")
    button.focus()
    expect(button).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("group", name="Grade").get_by_role("checkbox")).to_have_count(4)
    expect(page.get_by_role("group", name="Kind").get_by_role("checkbox")).to_have_count(3)
    page.keyboard.press("Tab")
    expect(page.get_by_role("checkbox", name="Confirmed")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Confirmed")).not_to_be_checked()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(_row(page, _event(scene, "1"))).to_be_hidden()


def test_without_the_aftermath_the_axis_does_not_break(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    _filter(page, "Aftermath")
    expect(page.locator(".fc-break")).to_be_hidden()
    expect(page.get_by_role("button", name=scene["aftermath"]["link"])).to_be_hidden()
    last = [event for event in scene["events"] if event["main"] and not event["aftermath"]][-1]
    expect(_rows(page).last).to_have_accessible_name(last["name"])


def test_only_what_several_parties_speak_of(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.get_by_role("button", name=scene["list"]["more"]).click()
    _filter(page, "Only with several accounts")
    told = [event for event in scene["events"] if any(len(group["claims"]) > 1 for group in event["card"]["groups"])]
    assert 0 < len(told) < len(scene["events"])
    expect(_rows(page)).to_have_count(len(told))
    expect(page.get_by_role("status")).to_have_text(f"Showing {len(told)} of {len(scene['events'])}")


def test_next_and_previous_pass_over_what_is_put_away(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    _row(page, _event(scene, "6")).click()
    _filter(page, "Inferred")
    page.get_by_role("button", name="Next event").click()
    expect(_row(page, _event(scene, "8"))).to_have_attribute("aria-expanded", "true")


def test_what_is_open_stays_until_it_is_closed(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    _row(page, _event(scene, "7")).click()
    _filter(page, "Inferred")
    expect(_row(page, _event(scene, "7"))).to_be_visible()
    _row(page, _event(scene, "7")).click()
    expect(_row(page, _event(scene, "7"))).to_be_hidden()


def test_another_language_keeps_the_filter(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    _filter(page, "Inferred")
    case = read(ROOT / "data/cases/j2-8243")
    german = compose(case, trace(case), "de")
    page.evaluate("scene => window.v.update(scene)", german)
    expect(page.get_by_role("checkbox", name="Erschlossen")).not_to_be_checked()
    expect(page.locator(f".fc-item[data-event={_event(scene, '7')['id']}]")).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("18 von 19 gezeigt")


# --- citations -------------------------------------------------------------------------------------------------


def _copied(page: Page) -> str:
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def test_an_event_and_its_source_are_copied_as_citations(viewer: Show, scene: Scene) -> None:
    page, event = viewer(scene), _event(scene, "1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    _row(page, event).click()
    button = page.get_by_role("button", name="Copy citation", exact=True)
    button.click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.locator("[aria-live]")).to_have_text("Copied")
    lines = _copied(page).splitlines()
    assert lines[0].startswith(f"{event['title']}. {event['long_time']}. {event['grade_text']}. {scene['flight']}. ")
    assert len(lines) == 1 + len(event["card"]["sources"])
    expect(button).to_be_visible()
    source = event["card"]["sources"][0]
    page.get_by_role("button", name=f"Copy citation [{source['id']}]").click()
    expect(page.locator(".fc-sources").get_by_text("Copied")).to_be_visible()
    assert _copied(page).startswith(source["before"] + source["link"] + source["after"])
    assert _copied(page).endswith(source["url"])


REFUSED = """<script type="module">
import { mount } from "/viewer/mount.js";
window.v = mount(document.getElementById("v"), SCENE, {});
window.v.select("take-off");
const button = document.querySelector(".fc-card > .fc-cite");
if (location.search) button.click();
</script></body>"""


def _refusing(page: Page, scene: Scene, at: str) -> None:
    """Open the viewer where the page's own policy keeps scripts from the clipboard, as frames of newsrooms do."""

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        if path == "/":
            headers = {"Permissions-Policy": "clipboard-write=()", "Content-Type": "text/html"}
            # All before the load event: what Playwright asks later counts as a reader's press.
            script = REFUSED.replace("SCENE", json.dumps(scene).replace("</", "<\\/"))
            route.fulfill(body=PAGE.replace("</body>", script), headers=headers)
        else:
            _answer(route)

    page.route(f"{SITE}/**", answer)
    page.goto(f"{SITE}/{at}")


def test_without_the_clipboard_a_selection_is_copied(open_page: Show, scene: Scene) -> None:
    page = open_page(viewport=(1120, 720))
    page.context.grant_permissions(["clipboard-read"])
    _refusing(page, scene, "")
    page.get_by_role("button", name="Copy citation", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_count(0)
    assert _copied(page).startswith("Take-off from Baku. ")


def test_where_nothing_may_be_copied_the_text_stands_there_selected(open_page: Show, scene: Scene) -> None:
    page = open_page(viewport=(1120, 720))
    _refusing(page, scene, "?unasked")  # a script that nobody has pressed for may not copy
    area = page.get_by_role("textbox", name="Copy this text:")
    expect(area).to_be_focused()
    first, last, text = area.evaluate("node => [node.selectionStart, node.selectionEnd, node.value]")
    assert (first, last) == (0, len(text))
    assert text.startswith("Take-off from Baku. ")
    expect(page.locator("[aria-live]")).to_have_text("Copy this text:")
    page.get_by_role("button", name="Copy citation", exact=True).focus()
    expect(area).to_have_count(0)


def test_an_archived_copy_is_linked_only_on_the_web(viewer: Show, scene: Scene) -> None:
    sources = _event(scene, "1")["card"]["sources"]
    sources[0]["archived"] = {"text": "archived copy", "url": "https://archive.example.org/1"}
    sources[1]["archived"] = {"text": "archived copy", "url": "javascript:alert(1)"}
    page = viewer(scene)
    _row(page, _event(scene, "1")).click()
    link = page.get_by_role("link", name="archived copy")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://archive.example.org/1")


# --- tables ----------------------------------------------------------------------------------------------------


def test_the_tables_take_the_focus_and_give_it_back(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    toggle = page.get_by_role("button", name="Show as table")
    toggle.focus()
    page.keyboard.press("Enter")
    tables = page.get_by_role("group", name="Show as table")
    expect(tables).to_be_focused()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.fc-table').scrollTop > 500")
    head = page.locator(".fc-table thead").nth(2).locator("th").first
    gap = head.evaluate(
        "node => node.getBoundingClientRect().top - node.closest('.fc-table').getBoundingClientRect().top"
    )
    assert gap >= -1
    page.get_by_role("button", name="Close").focus()
    page.keyboard.press("Enter")
    expect(tables).to_be_hidden()
    expect(toggle).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(toggle).to_be_focused()


def test_a_table_names_its_rows_and_columns(viewer: Show, scene: Scene) -> None:
    page = viewer(scene)
    page.get_by_role("button", name="Show as table").click()
    table = page.get_by_role("table", name="All events")
    expect(table.get_by_role("columnheader")).to_have_text(scene["table"]["columns"])
    event = _event(scene, "3")
    row = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=event["title"]))
    expect(row).to_contain_text(event["grade_text"])
    expect(row).to_contain_text("times differ")


@pytest.mark.parametrize("width", [320, 375, 600])
def test_on_a_phone_each_row_is_a_block_and_still_a_row(viewer: Show, scene: Scene, width: int) -> None:
    page = viewer(scene, viewport=(width, 812))
    page.get_by_role("button", name="Show as table").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    table = page.get_by_role("table", name="All events")
    expect(table.get_by_role("row")).to_have_count(1 + len(scene["events"]))
    boxes: list[Any] = [cell.bounding_box() for cell in table.get_by_role("row").nth(1).get_by_role("cell").all()]
    assert len({box["x"] for box in boxes}) == 1


@pytest.mark.parametrize("width", [320, 600, 680, 1040])
def test_the_tables_of_long_words_scroll_nothing_sideways(viewer: Show, width: int) -> None:
    case = read(ROOT / "data/cases/j2-8243")
    page = viewer(compose(case, trace(case), "de"), viewport=(width, 812))
    page.get_by_role("button", name="Als Tabelle zeigen").click()
    expect(page.get_by_role("table")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


# --- corrections -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE}])
def test_corrections_are_found_from_the_head(viewer: Show, scene: Scene, look: dict[str, Any]) -> None:
    assert scene["corrected"] is None
    plain = viewer(scene, **look)
    expect(plain.get_by_text("Corrections")).to_be_hidden()
    fixed = copy.deepcopy(scene)
    fixed["corrected"] = "Corrections (2)"
    fixed["corrections"] = [
        {"date": "9 January 2025", "datetime": "2025-01-09", "text": "The second came later."},
        {"date": "3 January 2025", "datetime": "2025-01-03", "text": {"text": "Zuerst das.", "lang": "de"}},
    ]
    page = viewer(fixed, **look)
    page.get_by_role("button", name="Corrections (2)").click()
    log = page.locator(".fc-fixes")
    expect(log).to_be_focused()
    expect(log).to_be_in_viewport()
    expect(log.get_by_role("listitem")).to_have_text(
        ["9 January 2025: The second came later.", "3 January 2025: Zuerst das."]
    )
    expect(log.locator("time").first).to_have_attribute("datetime", "2025-01-09")


# --- texts that fall back --------------------------------------------------------------------------------------


def _mark(part: Locator) -> str:
    content: str = part.evaluate("node => getComputedStyle(node, '::after').content")
    return content


def test_what_is_not_translated_is_marked_and_says_so(viewer: Show, scene: Scene) -> None:
    case = read(ROOT / "data/cases/j2-8243")
    arabic = compose(case, trace(case), "ar")
    page = viewer(arabic)
    title = page.get_by_role("heading", level=1)
    assert _mark(title) != "none"
    page.evaluate("id => window.v.select(id)", _event(scene, "3")["id"])
    item = page.locator(f".fc-item[data-event={_event(scene, '3')['id']}]")
    for part in (item.locator(".fc-title"), item.locator(".fc-text span").first, item.locator(".fc-what").first):
        expect(part).to_have_attribute("lang", "en")
        assert _mark(part) != "none"
    note = item.locator(".fc-note > span")
    expect(note.locator("[lang=en]")).to_have_text(_event(scene, "3")["note"].split(" · ")[0])
    assert note.evaluate("node => node.hasAttribute('lang')") is False
    expect(page.locator(".fc-foot")).to_contain_text("EN (الإنجليزية)")
    page.evaluate("scene => window.v.update(scene)", scene)
    assert title.evaluate("node => node.hasAttribute('lang')") is False
    assert _mark(title) == "none"


# --- access ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", [{}, {"scheme": "dark"}, {"viewport": PHONE}, {"viewport": PHONE, "scheme": "dark"}])
def test_axe_finds_nothing_in_filter_card_and_tables(viewer: Show, scene: Scene, look: dict[str, Any]) -> None:
    page = viewer(scene, **look)
    _filter(page, "Inferred")
    page.evaluate("id => window.v.select(id)", _event(scene, "11")["id"])
    page.wait_for_timeout(500)
    assert [str(each) for each in harness.axe(page)] == []
    page.get_by_role("button", name="Show as table").click()
    assert [str(each) for each in harness.axe(page)] == []


@pytest.mark.parametrize("width", [320, 375, 600, 720, 1040, 1120])
def test_the_open_filter_scrolls_nothing_sideways(viewer: Show, scene: Scene, width: int) -> None:
    page = viewer(scene, viewport=(width, 720))
    _filter(page, "Inferred")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in page.locator(".fc-filter label").all():
        assert (box.bounding_box() or {})["height"] >= 24
