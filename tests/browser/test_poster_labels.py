"""Poster and page show the same labels and signs in the same places: Python's placement beside the viewer's."""

from __future__ import annotations

from functools import cache
from math import inf
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from browser.harness import until
from shipped_cases import CASES, shipped

from geo.render.markup import plain
from geo.render.page import page
from geo.render.poster import page_poster
from geo.render.poster.placing import arrange
from geo.render.poster.text import width as own_width
from geo.render.poster.view import View
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from geo.render.poster.placing import Arrangement, Label
    from geo.route import Route

    Open = Callable[..., Page]

# What the page shows of its map, in px of the map.
LOOK = """async () => {
  const frame = () => new Promise((go) => requestAnimationFrame(go));
  for (let i = 0; i < 4; i += 1) await frame();
  const map = window[Object.keys(window).find((name) => window[name]?.getPixelOrigin)];
  const node = document.querySelector(".fc-map");
  const shift = map.containerPointToLayerPoint([0, 0]);
  const corner = map.getPixelOrigin().add(shift);
  const edge = node.getBoundingClientRect();
  const origin = map.getContainer().getBoundingClientRect();
  const size = map.getSize();
  const furniture = node.querySelectorAll(".fc-zoom, .fc-pill, .fc-scale, .fc-stamp, .fc-legend, .fc-tiling > *");
  const boxes = [...furniture].map((part) => part.getBoundingClientRect()).filter((box) => box.width);
  const text = (line) => [
    line.textContent, +line.getAttribute("x") - shift.x, +line.getAttribute("y") - shift.y,
    line.getAttribute("text-anchor"), +line.getAttribute("font-size"), line.getAttribute("class"),
    line.getAttribute("lang"),
  ];
  return {
    view: [size.x, size.y, 256 * 2 ** map.getZoom(), corner.x, corner.y],
    boxes: boxes.map((b) => [b.left - edge.left - 3, b.top - edge.top - 3, b.right - edge.left + 3,
      b.bottom - edge.top + 3]),
    labels: [...node.querySelectorAll(".fc-labels > g")].map((label) => [...label.children].map(text)),
    numbers: [...node.querySelectorAll(".fc-labels > text")].map(text),
    signs: [...node.querySelectorAll(".fc-marker:not([hidden])")].map((sign) => {
      const { left, top, right, bottom } = sign.querySelector(".fc-mark").getBoundingClientRect();
      return [sign.dataset.event, (left + right) / 2 - origin.left, (top + bottom) / 2 - origin.top];
    }),
  };
}"""
MEASURE = """([text, size, weight]) => {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px ${getComputedStyle(document.querySelector(".fc-map")).fontFamily}`;
  return pen.measureText(text).width;
}"""
SIZES = [(1120, 720), (720, 700), (375, 812)]


@cache
def _traced(slug: str) -> Route:
    return trace(shipped(slug))


@cache
def _scene(slug: str, language: str) -> dict[str, Any]:
    return compose(shipped(slug), _traced(slug), language)


@pytest.fixture
def opened(open_page: Open, tmp_path: Path) -> Open:
    """The exported page of a scene, opened from disk with its map drawn."""

    def shown(scene: dict[str, Any], size: tuple[int, int]) -> Page:
        file = tmp_path / "page.html"
        file.write_text(page(scene), encoding="utf-8")
        shown = open_page(viewport=size, motion="reduce", offline=True)
        shown.goto(file.as_uri())
        return shown

    return shown


def _line(label: Label) -> list[list[Any]]:
    return [
        [line.text, label.x, y, label.align, line.size, line.kind, line.language]
        for line, y in zip(label.lines, label.baselines, strict=True)
    ]


def _differences(arranged: Arrangement, seen: dict[str, Any], most: float) -> list[str]:
    """What differs between an arrangement and a page by more than so many px."""

    def compared(ours: list[list[Any]], theirs: list[list[Any]]) -> list[str]:
        left, found = list(theirs), []
        for a in ours:
            same = [
                b for b in left if a[:1] + a[3:] == b[:1] + b[3:] and max(abs(a[1] - b[1]), abs(a[2] - b[2])) <= most
            ]
            if same:
                left.remove(same[0])
            else:
                found.append(f"only on paper: {a}")
        return found + [f"only on the page: {b}" for b in left]

    lines = [line for label in arranged.labels for line in _line(label)]
    numbers = [line[:3] for label in arranged.numbers for line in _line(label)]
    signs = [[sign.event, sign.x, sign.y] for sign in arranged.signs]
    return [
        *compared(lines, [line for label in seen["labels"] for line in label]),
        *compared(numbers, [number[:3] for number in seen["numbers"]]),
        *compared(signs, seen["signs"]),
    ]


@pytest.mark.parametrize(
    ("slug", "language"), [*((slug, "en") for slug in CASES), ("j2-8243", "ar"), ("j2-8243", "az"), ("fr4978", "ru")]
)
def test_paper_and_page_show_the_same_in_the_same_places(opened: Open, slug: str, language: str) -> None:
    scene = _scene(slug, language)
    shown = opened(scene, SIZES[0])

    @cache
    def measured(text: str, size: float, weight: int) -> float:
        found: float = shown.evaluate(MEASURE, [text, size, weight])
        return found

    # The page has an Arabic face of the reader's machine, of other widths than ours: texts may stand elsewhere.
    most = inf if language == "ar" else 6
    faults: list[str] = []
    for wide, high in SIZES:
        shown.set_viewport_size({"width": wide, "height": high})
        shown.reload()
        until(shown, "document.querySelectorAll('.fc-labels:not(.fc-away) > g').length > 0")
        seen = shown.evaluate(LOOK)
        assert seen["labels"], "there is nothing to compare"
        assert seen["signs"], "there is nothing to compare"
        for widths, px in ((measured, 0.1), (own_width, most)):
            arranged = arrange(scene, View(*seen["view"]), [tuple(box) for box in seen["boxes"]], width=widths)
            faults += [f"{wide}, {widths.__name__}: {each}" for each in _differences(arranged, seen, px)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("slug", CASES)
def test_the_poster_of_a_page_shows_what_the_page_shows(opened: Open, slug: str) -> None:
    scene = _scene(slug, "en")
    drawing = ET.fromstring(page_poster(scene))  # noqa: S314  our own
    _, _, wide, high = map(float, drawing.attrib["viewBox"].split())
    shown = opened(scene, (720, 700))
    until(shown, "document.querySelectorAll('.fc-labels:not(.fc-away) > g').length > 0")
    # The page's map has a line above and below it.
    shown.evaluate(f"document.querySelector('.fc-map').style.height = '{high + 2}px'")
    seen = shown.evaluate(LOOK)
    assert seen["view"][:2] == [wide, high]
    texts = [text for text in drawing.iter() if text.tag.endswith("}text")]
    written = [(text.text, float(text.attrib["x"]), float(text.attrib["y"])) for text in texts]
    stamp = plain(scene["map"]["stamp"])
    # A map so narrow has its stamp below it. On paper it has one, to which names of countries and waters give way.
    heads = [y for text, _, y in written if text == stamp]

    def there(said: str, x: float, y: float) -> bool:
        return any(text == said and abs(x - left) < 2 and abs(y - line) < 2 for text, left, line in written)

    lines = [line for label in seen["labels"] for line in label]
    missing = [
        f"{said} at {x}, {y}"
        for said, x, y, _, _, kind, _ in lines
        if not there(said, x, y) and not (kind in {"fc-country", "fc-water"} and any(y < head + 30 for head in heads))
    ]
    assert not missing, "only on the page, or elsewhere on paper:\n" + "\n".join(missing)
    signs = {event: (x, y) for event, x, y in seen["signs"]}
    numbers = {event["id"]: event["number"] for event in scene["events"] if event["id"] in signs}
    # A number stands a third of its height below the middle of its sign.
    missing = [
        event for event, number in numbers.items() if number and not there(number, signs[event][0], signs[event][1] + 4)
    ]
    assert not missing, "only on the page, or elsewhere on paper:\n" + "\n".join(missing)
    known = {
        stamp,
        *(step["text"] for step in scene["map"]["scale_bar"]),
        *numbers.values(),
        *(line[0] for line in lines),
    }
    assert not [text for text, _, _ in written if text not in known], "only on paper"
