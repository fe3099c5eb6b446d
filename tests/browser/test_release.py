"""What every page has to pass before it is published, in a browser: a number is the same wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.test_viewer import viewer
from shipped_cases import CASES, shipped

from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from browser.test_viewer import Show

__all__ = ["viewer"]

READ = """() => {
  const text = (node) => node?.querySelector(".fc-num")?.textContent ?? "";
  const all = (which) => [...document.querySelectorAll(which)];
  return {
    map: Object.fromEntries(all(".fc-marker").map((node) => [node.dataset.event, text(node)])),
    bar: all(".fc-bar .fc-mark").map(text).filter(Boolean),
  };
}"""


@pytest.mark.parametrize("slug", CASES)
def test_numbers_are_equal_in_map_list_and_bar(viewer: Show, slug: str) -> None:
    case = shipped(slug)
    scene = compose(case, trace(case))
    page = viewer(scene, viewport=(1120, 720))
    numbered = {event["id"]: event["number"] or "" for event in scene["events"]}
    found = page.evaluate(READ)
    assert found["map"] == {event: numbered[event] for event in found["map"]}
    assert sorted(found["bar"]) == sorted(event["number"] for event in scene["events"] if event["number"])
    rows = page.locator(".fc-item:visible")
    listed = [text for text in rows.locator(".fc-num").all_text_contents() if text]
    assert listed == [event["number"] for event in scene["events"] if event["main"] and event["number"]]
