"""What is written on the map: nothing covers anything, in any shipped case, language and width, near and far."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from browser.test_viewer import WIDTHS, viewer
from shipped_cases import CASES, shipped

from geo.route import trace
from geo.scene import compose, languages

if TYPE_CHECKING:
    from browser.test_viewer import Scene, Show
    from playwright.sync_api import Page

    from geo.route import Route

__all__ = ["viewer"]

# What is drawn, as boxes; a pixel may be shared, since boxes are of whole pixels and lines of text of fractions.
LOOK = """async () => {
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  for (let i = 0; i < 4; i += 1) await frame();
  const map = document.querySelector(".fc-map");
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const edge = box(map);
  const drawn = (node) => getComputedStyle(node).visibility !== "hidden" && node.getBoundingClientRect().width > 0;
  const all = (selector, name) =>
    [...map.querySelectorAll(selector)].filter(drawn).map((node) => [name(node), box(node)]);
  const seen = ([, b]) => b[2] > edge[0] && b[0] < edge[2] && b[3] > edge[1] && b[1] < edge[3];
  const labels = all(".fc-label", (node) => node.textContent).filter(seen);
  const signs = all(".fc-marker:not([hidden]) .fc-body", (node) => node.closest("button").dataset.event).filter(seen);
  const claims = all(".leaflet-fc-marker-pane .fc-icon > svg > .fc-body", (node) => node.parentNode.textContent);
  const ports = all(".fc-port, .fc-portdot", () => "a place").filter(seen);
  const furniture = all(".fc-zoom, .fc-pill, .fc-scale, .fc-stamp, .fc-legend", (node) => node.className);
  const meet = (a, b) => a[0] < b[2] - 1 && b[0] < a[2] - 1 && a[1] < b[3] - 1 && b[1] < a[3] - 1;
  const same = (a, b) => Math.hypot(a[0] + a[2] - b[0] - b[2], a[1] + a[3] - b[1] - b[3]) < 5;
  const faults = [];
  const apart = (some, others, but = () => false) => {
    for (const [i, [name, a]] of some.entries())
      for (const [j, [other, b]] of others.entries())
        if ((some !== others || i < j) && meet(a, b) && !but(a, b)) faults.push(`${name} on ${other}`);
  };
  for (const others of [labels, signs, claims.filter(seen), ports, furniture]) apart(labels, others);
  apart(signs, signs);
  apart(signs, ports, same); // the sign of an event at an aerodrome stands for it
  apart(signs, furniture);
  apart(claims, claims);
  apart(claims, furniture);
  // Numbers of runways run over the edge with them.
  for (const [name, b] of [...all("g.fc-label", (node) => node.textContent), ...signs])
    if (b[0] < edge[0] || b[1] < edge[1] || b[2] > edge[2] || b[3] > edge[3]) faults.push(`${name} over the edge`);
  for (const path of map.querySelectorAll(".fc-line:is(.fc-l-received, .fc-l-inferred)")) {
    const matrix = path.getScreenCTM();
    const length = path.getTotalLength();
    const under = new Set();
    for (let at = 0; at <= length; at += 4) {
      const { x, y } = path.getPointAtLength(at).matrixTransform(matrix);
      for (const [name, b] of labels) if (x > b[0] && x < b[2] && y > b[1] && y < b[3]) under.add(name);
    }
    for (const name of under) faults.push(`${name} on a heavy line`);
  }
  return { faults, labels: labels.map(([name]) => name), counts: [signs.length, ports.length, furniture.length] };
}"""


@cache
def _traced(slug: str) -> Route:
    return trace(shipped(slug))


def _looked(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(LOOK)
    return found


def _text(words: Any) -> str:
    return words["text"] if isinstance(words, dict) else words or ""


def _ends(scene: Scene) -> list[str]:
    """Names of the origin and the destination: their own, or those of the events there."""
    data = scene["map"]
    ends = [place for place in data["places"] if place["rank"] <= 1]
    there = [
        marker["label"]
        for marker in data["markers"]
        for end in ends
        if not end["name"] and max(abs(marker["at"][i] - end["at"][i]) for i in (0, 1)) < 0.01
    ]
    return [_text(name) for name in [*there, *(end["name"] for end in ends)] if name]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("slug", CASES)
def test_nothing_on_the_map_covers_anything(viewer: Show, slug: str, language: str) -> None:
    scene = compose(shipped(slug), _traced(slug), language)
    near = [event["id"] for event in scene["events"] if event["closeup"]]
    page = viewer(scene, viewport=(WIDTHS[0], 812), motion="reduce")
    faults: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 812 if width < 600 else 720})
        view = _looked(page)
        faults += [f"{width}: {fault}" for fault in view["faults"]]
        assert min(view["counts"]) > 0, "there is nothing to cover"
        faults += [
            f"{width}: no {name}" for name in _ends(scene) if not any(text.startswith(name) for text in view["labels"])
        ]
        for event in near:
            page.evaluate(f"v.select('{event}')")
            faults += [f"{width}, {event}: {fault}" for fault in _looked(page)["faults"]]
            page.evaluate("v.select(null)")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("width", [375, 1120])
def test_the_same_view_is_written_on_in_the_same_way(viewer: Show, width: int) -> None:
    scene = compose(shipped("j2-8243"), _traced("j2-8243"), "en")
    page = viewer(scene, viewport=(width, 812), motion="reduce")
    picture = "document.querySelector('.fc-labels').innerHTML.replaceAll(/ [xy]=.[^ ]+/g, '')"
    first = page.evaluate(f"({LOOK})().then(() => {picture})")
    page.set_viewport_size({"width": 899, "height": 700})
    _looked(page)
    page.set_viewport_size({"width": width, "height": 812})
    assert page.evaluate(f"({LOOK})().then(() => {picture})") == first


def test_a_claim_near_by_keeps_its_author(viewer: Show) -> None:
    scene = compose(shipped("j2-8243"), _traced("j2-8243"), "en")
    event = next(event for event in scene["events"] if event["id"] == "first-bang")
    page = viewer(scene, motion="reduce")
    page.evaluate("v.select('first-bang')")
    labels = " ".join(_looked(page)["labels"])
    for mark in event["closeup"]["marks"]:
        assert _text(mark["label"]) in labels
        assert _text(mark["note"]).split()[-1] in labels
