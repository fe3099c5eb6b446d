"""The pages of real cases, and of one that is all hostile text, opened from disk with the network off."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect
from shipped_cases import CASES, LANGUAGES, shipped

from geo import casefile
from geo.render.page import page
from geo.route import trace
from geo.scene import compose

HOSTILE = Path(__file__).parents[1] / "bad" / "hostile"


@pytest.fixture
def opened(tmp_path, open_page):
    def show(case, language="en", **look):
        scene = compose(case, trace(case), language)
        file = tmp_path / "page.html"
        file.write_text(page(scene), encoding="utf-8")
        view = open_page(offline=True, **look)
        view.goto(file.as_uri())
        return view, scene

    return show


@pytest.mark.parametrize("slug", CASES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_shipped_page_shows_everything_from_disk_and_logs_nothing(opened, slug, language):
    view, scene = opened(shipped(slug), language)
    expect(view.get_by_role("heading", level=1)).to_have_text(scene["title"])
    main = [event for event in scene["events"] if event["main"]]
    rows = view.get_by_role("list", name=scene["words"]["timeline"]).get_by_role("button")
    expect(rows.filter(visible=True)).to_have_count(len(main))
    view.get_by_role("button", name=scene["list"]["more"]).click()
    expect(rows.filter(visible=True)).to_have_count(len(scene["events"]))
    drawn = [line for line in scene["map"]["lines"] if len(line["path"]["lat"]["deltas"]) > 1]
    assert view.locator("path.fc-line").count() >= len(drawn)
    assert [str(violation) for violation in axe(view)] == []
    screenshot(view, f"page-{slug}-{language}")


@pytest.mark.parametrize("slug", CASES)
def test_a_shipped_page_fits_a_phone(opened, slug):
    view, _ = opened(shipped(slug), viewport=PHONE, touch=True)
    expect(view.get_by_role("slider", name="Time")).to_be_visible()
    assert view.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [str(violation) for violation in axe(view)] == []
    screenshot(view, f"page-{slug}-phone")


def test_hostile_text_in_every_field_is_only_text(opened, gazetteer):
    case = casefile.read(HOSTILE, find=gazetteer.find)
    view, scene = opened(case)
    expect(view.get_by_role("heading", level=1)).to_have_text(scene["title"])
    view.get_by_role("list", name="Timeline").get_by_role("button").first.click()
    expect(view.get_by_text(scene["events"][0]["card"]["text"], exact=True).first).to_be_visible()
    view.get_by_role("button", name="Show as table").click()
    assert view.evaluate(
        "[window.harmed ?? null, document.images.length, document.querySelectorAll('svg[onload]').length]"
    ) == [
        None,
        0,
        0,
    ]
