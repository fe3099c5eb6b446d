"""What a notebook shows: the page in a frame that can reach nothing of the notebook around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from geo import casefile, notebook
from geo.resources import data

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.browser


def test_a_case_shows_itself_and_reaches_nothing_around_it(open_page, tmp_path: Path) -> None:
    case = casefile.read(data("cases", "jl516"))
    output = tmp_path / "output.html"
    output.write_text(f"<!doctype html><title>Cell</title><div>{notebook.html(case)}</div>", encoding="utf-8")
    page = open_page(viewport=(1200, 900))
    page.goto(output.as_uri())
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("region", name="Map")).to_be_visible(timeout=30_000)
    expect(frame.get_by_role("list", name="Timeline").get_by_role("button").first).to_be_visible()
    inside = page.frames[1]
    assert inside.evaluate("self.origin") == "null"
    assert inside.evaluate("() => { try { return parent.document.title } catch { return 'closed' } }") == "closed"
    assert page.locator("iframe").bounding_box()["width"] > 1100
