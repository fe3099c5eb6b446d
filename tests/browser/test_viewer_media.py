"""What readers ask of every page: paper, colours of their own, larger text, more space between letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.test_viewer import scene, viewer
from playwright.sync_api import expect

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show

__all__ = ["scene", "viewer"]

#: What A4 leaves with margins of 10 mm, in px of CSS.
SHEET = (718, 1046)
#: WCAG 2.2, success criterion 1.4.12.
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"


def test_the_story_is_printed_on_one_sheet_and_everything_else_after_it(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, viewport=(1120, 720))
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    root, foot = page.locator("#v").bounding_box(), page.locator(".fc-foot").bounding_box()
    assert root
    assert foot
    assert root["width"] <= SHEET[0]
    assert foot["y"] + foot["height"] - root["y"] <= SHEET[1]
    for part in (".fc-head", ".fc-map", ".fc-bar", ".fc-item:visible"):
        box = page.locator(part).last.bounding_box()
        assert box
        assert box["y"] + box["height"] <= foot["y"] + 1, part
    expect(page.get_by_role("button", name="Play")).to_be_hidden()
    table = page.get_by_role("table", name="All events")
    expect(table.get_by_role("row")).to_have_count(len(scene["events"]) + 1)
    every = {source["id"] for event in scene["events"] for source in event["card"]["sources"]}
    listed = page.locator(".fc-table .fc-sources").inner_text()
    assert all(f"[{ident}]" in listed for ident in every)
    # The map was drawn for the sheet: each sign that is shown lies in it.
    at = page.locator(".fc-map").bounding_box()
    assert at
    for sign in page.locator(".fc-marker:visible").all():
        box = sign.bounding_box()
        assert box
        assert at["x"] <= box["x"] < at["x"] + at["width"]
        assert at["y"] <= box["y"] < at["y"] + at["height"]


def test_after_printing_the_page_is_as_it_was(viewer: Show, scene: Scene) -> None:
    page = viewer(scene, viewport=(1120, 720))
    before = page.locator(".fc-marker:visible").first.bounding_box()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator(".fc-marker:visible").first.bounding_box() == before
    expect(page.locator("#v")).not_to_have_class("fc-paper")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_with_colours_of_the_reader_nothing_is_lost(viewer: Show, scene: Scene, scheme: str) -> None:
    page = viewer(scene, viewport=(1120, 720), scheme=scheme)
    page.emulate_media(forced_colors="active", color_scheme=scheme)
    colours = page.evaluate(
        """() => {
          const root = document.querySelector(".fc");
          const of = (which, what) => getComputedStyle(root.querySelector(which))[what];
          const probe = document.createElement("i");
          probe.style.cssText = "color: CanvasText; background-color: Canvas";
          root.append(probe);
          const { color: ink, backgroundColor: ground } = getComputedStyle(probe);
          const lines = ["received", "inferred", "silent"];
          const [received, inferred, silent] = lines.map((state) => of(`.fc-l-${state}`, "stroke"));
          const [bar, label, number, land, band] = [
            ".fc-s-received", ".fc-labels text", ".fc-marker .fc-numfull", ".fc-land", ".fc-b-inferred",
          ].map((which) => of(which, "fill"));
          return { ink, ground, received, inferred, silent, bar, label, number, land, band };
        }"""
    )
    assert colours["ink"] != colours["ground"]
    for part in ("received", "inferred", "silent", "bar", "label"):
        assert colours[part] == colours["ink"], part
    for part in ("number", "land"):
        assert colours[part] == colours["ground"], part
    assert colours["band"].startswith("url(")  # hatched


@pytest.mark.parametrize("language", ["en", "de"])
def test_text_at_twice_the_size_needs_no_scrolling_sideways(viewer: Show, scene: Scene, language: str) -> None:
    # A window of 1280 px at 200 % is one of 640.
    page = viewer({**scene, "language": language}, viewport=(640, 512))
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


@pytest.mark.parametrize("width", [320, 375, 1120])
def test_with_more_space_between_letters_nothing_is_cut_off(viewer: Show, scene: Scene, width: int) -> None:
    page = viewer(scene, viewport=(width, 812))
    page.add_style_tag(content=SPACED)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = page.evaluate(
        "[...document.querySelectorAll('.fc-row, .fc-head h1, .fc-standfirst, .fc-foot p')]"
        ".filter((node) => node.checkVisibility() && node.scrollWidth > node.clientWidth + 1)"
        ".map((node) => node.textContent)"
    )
    assert cut == []
