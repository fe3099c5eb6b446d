"""A published site as readers have it: from a plain web server, under a path, with and without script."""

from __future__ import annotations

import json
from contextlib import contextmanager
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from browser.harness import PHONE, axe, free_port, screenshot
from playwright.sync_api import expect

from geo.resources import data
from geo.site import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    Open = Callable[..., Page]

CASES = ("j2-8243", "jl516", "kal007")


class Quiet(SimpleHTTPRequestHandler):
    """A plain web server that keeps no log."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path, port: int = 0) -> Iterator[str]:
    """Serve a folder from this machine while the block runs; gives its address."""
    with ThreadingHTTPServer(("127.0.0.1", port), partial(Quiet, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a site of three cases under a path of its server."""
    root, port = tmp_path_factory.mktemp("site"), free_port()
    url = f"http://127.0.0.1:{port}/maps/flights/"
    told = publish([data("cases", slug) for slug in CASES], root / "maps/flights", url=url, name="The Example Times")
    assert told.broken == ()
    with served(root, port):
        yield url


@pytest.mark.parametrize("look", [{}, {"viewport": PHONE, "touch": True}, {"scheme": "dark"}])
def test_the_index_leads_to_every_case(site: str, open_page: Open, look: dict[str, Any]) -> None:
    page = open_page(**look)
    page.goto(site)
    expect(page.get_by_role("heading", level=2)).to_have_count(len(CASES))
    marks = page.locator(".mark")
    boxes = [box for box in (marks.nth(index).bounding_box() for index in range(len(CASES))) if box]
    frame = page.locator(".map").bounding_box()
    assert frame is not None
    assert len(boxes) == len(CASES)
    for box in boxes:
        assert min(box["width"], box["height"]) >= 24
        assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [str(violation) for violation in axe(page)] == []
    screenshot(page, f"site-{look.get('scheme', 'phone' if look else 'wide')}", full=True)


def test_typing_finds_cases_and_the_map_follows(site: str, open_page: Open) -> None:
    page = open_page()
    page.goto(site)
    box, titles = page.get_by_role("searchbox"), page.get_by_role("heading", level=2)
    for sought, count in (("haneda a350", 1), ("Grosny", 1), ("dezember 2024", 1), ("KE007", 1), ("1983-08-31", 1)):
        box.fill(sought)
        expect(titles).to_have_count(count)
        expect(page.locator(".mark:visible")).to_have_count(count)
        expect(page.get_by_role("status")).to_have_text(f"1 of {len(CASES)} flights")
    box.fill("zeppelin")
    expect(titles).to_have_count(0)
    expect(page.get_by_role("status")).to_have_text("No flight matches.")
    box.fill("sapporo")
    box.press("Enter")
    assert page.url.endswith("?q=sapporo")
    page.reload()
    expect(titles).to_have_count(1)
    box.fill("")
    expect(titles).to_have_count(len(CASES))
    expect(page.get_by_role("status")).to_have_text("")


def test_the_keyboard_reaches_a_case_from_the_map(site: str, open_page: Open) -> None:
    page = open_page()
    page.goto(f"{site}de/")
    mark = page.get_by_role("link", name="1: ")
    while not mark.evaluate("mark => mark === document.activeElement"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement !== document.body"), "the mark is not reached"
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}j2-8243/de/")
    expect(page.get_by_role("region", name="Karte")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "de"


def test_files_are_taken_away_and_the_index_changes_its_language(site: str, open_page: Open) -> None:
    page = open_page()
    page.goto(site)
    page.locator("summary").first.click()
    names = page.locator("details[open] a").all_inner_texts()
    assert {"j2-8243.geojson", "j2-8243.zip"} <= set(names)
    for name in ("j2-8243.geojson", "j2-8243.zip"):
        with page.expect_download() as started:
            page.get_by_role("link", name=name).click()
        content = started.value.path().read_bytes()
        assert json.loads(content)["type"] == "FeatureCollection" if name.endswith("json") else content[:2] == b"PK"
    page.get_by_role("navigation", name="Language", exact=True).get_by_role("link", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Flüge, soweit bekannt")


def test_it_is_whole_without_script(site: str, open_page: Open) -> None:
    page = open_page(scripts=False)
    page.goto(site)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.locator(".mark")).to_have_count(len(CASES))
    page.get_by_role("heading", level=2).first.get_by_role("link").click()
    page.wait_for_url(f"{site}j2-8243/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


class _Codes(HTMLParser):
    """The texts of the embed snippets of an index."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, _: object) -> None:
        """Begin a snippet."""
        if tag == "code":
            self._inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        """End a snippet."""
        self._inside = self._inside and tag != "code"

    def handle_data(self, text: str) -> None:
        """Add to a snippet."""
        if self._inside:
            self.found[-1] += text


def test_its_snippets_show_the_page_in_an_article_elsewhere(site: str, open_page: Open, tmp_path: Path) -> None:
    page = open_page()
    page.goto(site)
    codes = _Codes()
    codes.feed(page.content())
    frame, element = codes.found[:2]
    for name, snippet in (("frame", frame), ("element", element)):
        head = '<meta charset="utf-8"><title>An article</title><link rel="icon" href="data:,">'
        article = f'<!doctype html><html lang="en">{head}<p>Text</p>{snippet}'
        (tmp_path / f"{name}.html").write_text(article, encoding="utf-8")
    with served(tmp_path) as elsewhere:
        for name in ("frame", "element"):
            page.goto(f"{elsewhere}{name}.html")
            inside = page.frame_locator("iframe")
            expect(inside.get_by_role("region", name="Map")).to_be_visible()
            expect(inside.get_by_role("heading", level=1)).to_contain_text("102 of 153 minutes")
