"""The ground of the map: runways where it is close enough, and tiles of a provider after a click, not before."""

from __future__ import annotations

import functools
import re
import struct
import threading
import zlib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import harness
from playwright.sync_api import expect

from geo import casefile
from geo.errors import RenderError
from geo.model import Tiles
from geo.render.page import page as render
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    Opened = tuple[Page, list[str]]

CASES = Path(__file__).resolve().parents[2] / "data/cases"
#: The box of a view around the aerodrome of Aktau, as an address has it.
AKTAU = "#view=50.95,43.8,51.25,43.92"


def picture() -> bytes:
    """A grey tile."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xc8" * 256 for _ in range(256))
    head = struct.pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


@contextmanager
def serving(answer: Callable[[str], tuple[str, bytes] | None]) -> Iterator[tuple[str, list[str]]]:
    """A server of this machine: its address, and the paths that it is asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            found = answer(self.path)
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", found[0] if found else "text/plain")
            self.end_headers()
            self.wfile.write(found[1] if found else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@functools.cache
def html(name: str = "j2-8243", language: str = "en", tiles: str = "") -> str:
    """The page of a shipped case, with tiles from an address where one is given."""
    case = casefile.read(CASES / name)
    if tiles:
        named = Tiles(
            url=f"{tiles}/{{z}}/{{x}}/{{y}}.png", provider="Nearby Tiles", attribution="© <b>Nearby</b>", max_zoom=12
        )
        case = case.model_copy(update={"tiles": named})
    return render(compose(case, trace(case), language, "nautical"))


@pytest.fixture(scope="module")
def provider() -> Iterator[tuple[str, list[str]]]:
    """A provider of tiles: its address, and the paths that it is asked for."""
    with serving(lambda path: ("image/png", picture()) if re.fullmatch(r"/\d+/\d+/\d+\.png", path) else None) as made:
        yield made


@pytest.fixture(scope="module")
def site(provider: tuple[str, list[str]]) -> Iterator[str]:
    """The address under which the pages of the cases with tiles are: /<case>/<language>."""
    with serving(lambda path: ("text/html", html(*path.strip("/").split("/"), provider[0]).encode())) as (address, _):
        yield address


@pytest.fixture
def tiled(open_page: Callable[..., Page], provider: tuple[str, list[str]], site: str) -> Callable[..., Opened]:
    """Open the page of a case with tiles; gives it and what the provider was asked for."""

    def show(name: str = "j2-8243", language: str = "en", **look: object) -> Opened:
        provider[1].clear()
        page = open_page(**{"viewport": (1120, 720), **look})
        page.goto(f"{site}/{name}/{language}")
        expect(page.locator(".fc-map")).to_be_visible()
        return page, provider[1]

    return show


def test_nobody_is_asked_before_the_click_and_only_the_provider_after_it(tiled):
    page, asked = tiled()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    load = page.get_by_role("button", name="Load map tiles from Nearby Tiles")
    expect(load).to_be_visible()
    assert "learns your network address" in load.get_attribute("title")
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(400)
    assert asked == []
    load.click()
    harness.until(page, "document.querySelectorAll('.fc-sheet img').length > 3")
    harness.until(page, "[...document.querySelectorAll('.fc-sheet img')].every((each) => each.naturalWidth)")
    assert len(asked) >= 4
    assert {re.match(r"https?://[^/]+", url).group() for url in requests} == {
        page.locator(".fc-sheet img").first.evaluate("(each) => new URL(each.src).origin")
    }
    expect(page.get_by_text("© <b>Nearby</b>")).to_be_visible()


def test_the_button_takes_the_tiles_away_again_for_good(tiled):
    page, asked = tiled()
    page.get_by_role("button", name="Load map tiles from Nearby Tiles").click()
    harness.until(page, "document.querySelectorAll('.fc-sheet img').length > 3")
    page.get_by_role("button", name="Remove map tiles from Nearby Tiles").click()
    page.wait_for_timeout(300)
    before = len(asked)
    assert page.locator(".fc-sheet img").count() == 0
    expect(page.get_by_text("© <b>Nearby</b>")).to_be_hidden()
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_timeout(500)
    assert len(asked) == before


def test_tiles_cover_the_map_and_lie_where_they_belong(tiled):
    page, _ = tiled()
    page.get_by_role("button", name="Load map tiles from Nearby Tiles").click()
    for _ in range(2):
        page.wait_for_timeout(500)
        box = page.locator(".fc-map").bounding_box()
        tiles = page.evaluate(
            """[...document.querySelectorAll('.fc-sheet img')].map((each) => {
              const { left, top, right, bottom } = each.getBoundingClientRect();
              return [left, top, right, bottom, ...each.src.match(/\\d+/g).slice(-3).map(Number)];
            })"""
        )
        assert min(tile[0] for tile in tiles) <= box["x"]
        assert min(tile[1] for tile in tiles) <= box["y"]
        assert max(tile[2] for tile in tiles) >= box["x"] + box["width"]
        assert max(tile[3] for tile in tiles) >= box["y"] + box["height"]
        # The marker of an aerodrome stands where the numbers of the tiles have its longitude.
        left, _, right, _, zoom, column, _ = tiles[0]
        at = page.locator(".fc-port").first.bounding_box()
        share = (at["x"] + at["width"] / 2 - left) / (right - left)
        lon = (column + share) / 2**zoom * 360 - 180
        assert min(abs(lon - place.lon) for place in casefile.read(CASES / "j2-8243").places.values()) < 0.02
        page.get_by_role("button", name="Zoom in").click()


def test_across_the_antimeridian_every_tile_that_is_asked_for_exists(tiled):
    page, asked = tiled("kal007")
    page.get_by_role("button", name="Load map tiles from Nearby Tiles").click()
    harness.until(page, "document.querySelectorAll('.fc-sheet img').length > 3")
    page.wait_for_timeout(400)
    numbers = [tuple(map(int, re.findall(r"\d+", path))) for path in asked]
    assert all(0 <= x < 2**z and 0 <= y < 2**z for z, x, y in numbers)
    zoom = numbers[-1][0]
    assert {0, 2**zoom - 1} <= {x for z, x, _ in numbers if z == zoom}


@pytest.mark.parametrize(("language", "width"), [("en", 320), ("de", 375), ("ar", 600), ("ru", 1120)])
def test_the_button_covers_no_marker_and_no_control(tiled, language, width):
    page, _ = tiled(language=language, viewport=(width, 800))
    page.wait_for_timeout(300)
    for _ in range(2):
        button = page.locator(".fc-tiling button")
        covered = button.evaluate(
            """(button) => {
              const mine = button.getBoundingClientRect();
              const names = '.fc-zoom, .fc-pill, .fc-scale, .fc-map .fc-legend, .fc-marker:not([hidden]), .fc-label';
              return [...document.querySelectorAll(names)].filter((each) => {
                const { left, right, top, bottom, width } = each.getBoundingClientRect();
                return width && getComputedStyle(each).visibility !== 'hidden'
                  && left < mine.right && right > mine.left && top < mine.bottom && bottom > mine.top;
              }).map((each) => each.textContent || each.className);
            }"""
        )
        assert covered == []
        button.click()
        page.wait_for_timeout(500)


def test_a_page_with_tiles_has_no_fault_that_axe_finds(tiled):
    page, _ = tiled(scheme="dark")
    page.get_by_role("button", name="Load map tiles from Nearby Tiles").click()
    page.wait_for_timeout(500)
    assert harness.axe(page, ".fc-map") == []


def test_only_a_page_with_tiles_admits_pictures_and_carries_the_code():
    plain, tiled = html(), html(tiles="http://127.0.0.1:8080")
    policy = re.compile(r"img-src ([^;]*);")
    assert policy.search(plain).group(1) == "data:"
    assert policy.search(tiled).group(1) == "data: http://127.0.0.1:8080"
    assert "flightcaseTiles=" not in plain
    assert "fc-sheet" not in plain
    assert "flightcaseTiles=" in tiled


def test_runways_come_when_the_map_is_close_enough_and_go_again(open_page, tmp_path):
    file = tmp_path / "page.html"
    file.write_text(html(), encoding="utf-8")
    page = open_page(viewport=(1120, 720), offline=True)
    page.goto(file.as_uri())
    expect(page.locator(".fc-map")).to_be_visible()
    widths = "[...document.querySelectorAll('path.fc-runway')].map((each) => Number(each.getAttribute('stroke-width')))"
    assert page.evaluate(widths) == [0] * 7
    page.goto(f"{file.as_uri()}{AKTAU}")
    harness.until(page, f"{widths}.some((width) => width >= 2)")
    drawn = page.evaluate(
        "[...document.querySelectorAll('path.fc-runway')].filter((each) => Number(each.getAttribute('stroke-width')))"
        ".map((each) => each.querySelector('title').textContent)"
    )
    assert "Runway 12/30: 3,052 m long, 45 m wide; an end may be off by 0.4 km" in drawn
    assert {"12", "30"} <= set(page.locator(".fc-labels text").all_text_contents())
    page.keyboard.press("Tab")
    page.keyboard.press("0")
    harness.until(page, f"{widths}.every((width) => width === 0)")


@pytest.mark.parametrize(
    "url", ["https://a.example; script-src */{z}", "javascript:alert(1)", "https://a:b@c.example/"]
)
def test_a_scene_from_elsewhere_cannot_write_into_the_policy(url):
    case = casefile.read(CASES / "j2-8243")
    scene = compose(case, trace(case), "en", "nautical")
    scene["map"]["tiles"] = {"url": url}
    with pytest.raises(RenderError, match="no address of map tiles"):
        render(scene)
