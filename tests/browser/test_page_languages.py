"""A page in several languages: the reader chooses, the address holds the choice, and nothing is asked of anyone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from playwright.sync_api import expect
from shipped_cases import shipped

from geo.render import render
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page


def written(folder: Path, *also: str) -> str:
    case = shipped("j2-8243")
    route = trace(case)
    scene, *others = (compose(case, route, language) for language in ("en", *also))
    file = folder / "page.html"
    file.write_bytes(render(scene, ".html", others))
    return file.as_uri()


def test_a_reader_chooses_a_language_and_stays_where_they_are(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(offline=True)
    page.goto(written(tmp_path, "de", "ar") + "#t=2024-12-25T05:10:00Z")
    page.get_by_role("link", name="Deutsch").click()
    expect(page.get_by_role("region", name="Karte")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("link", name="Deutsch")).to_have_attribute("aria-current", "true")
    expect(page).to_have_url(re.compile("#t=2024-12-25T05:10:00Z&lang=de$"))
    case = shipped("j2-8243")
    german = compose(case, trace(case), "de")
    assert page.title() == german["title"]
    row = next(event for event in german["events"] if event["number"] == "5")
    page.locator(".fc-row").and_(page.get_by_role("button", name=row["name"])).click()
    expect(page.locator(".fc-card:visible")).to_contain_text(row["card"]["groups"][0]["claims"][0]["says"])
    page.get_by_role("link", name="العربية").click()
    expect(page.locator("#flightcase")).to_have_attribute("dir", "rtl")
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("region", name="Map")).to_be_visible()
    expect(page).to_have_url(re.compile(r"#(?!.*lang=)"))


def test_a_link_opens_in_its_language(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(offline=True)
    page.goto(written(tmp_path, "de") + "#lang=de&step=bangs")
    expect(page.get_by_role("region", name="Karte")).to_be_visible()
    expect(page.locator("[aria-current=step]")).to_have_count(1)


#: Does something when the viewer has taken its place and nothing of it is drawn yet.
EARLY = """new MutationObserver((_, watch) => {{
  if (!document.getElementById("flightcase")?.classList.contains("fc")) return;
  watch.disconnect();
  {act}
}}).observe(document, {{ subtree: true, childList: true, attributes: true }});"""


def test_another_language_may_be_asked_for_before_the_page_stands(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page(offline=True)
    page.add_init_script(EARLY.format(act="location.hash = '#lang=de'"))
    page.goto(written(tmp_path, "de"))
    expect(page.get_by_role("region", name="Karte")).to_be_visible()
    case = shipped("j2-8243")
    expect(page.get_by_role("heading", level=1)).to_have_text(str(compose(case, trace(case), "de")["title"]))


def test_a_viewer_may_be_taken_away_before_it_stands(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(offline=True)
    page.add_init_script(EARLY.format(act="Promise.resolve().then(() => flight_layer_2.then((it) => it.destroy()))"))
    page.goto(written(tmp_path))
    expect(page.locator("#flightcase")).to_be_empty()


def test_a_page_in_one_language_offers_none(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(offline=True)
    page.goto(written(tmp_path) + "#lang=de")
    expect(page.get_by_role("region", name="Map")).to_be_visible()
    expect(page.locator(".fc-languages")).to_be_hidden()
