"""The pages of all shipped cases where they have it hard: no network, storage, script or trust, strict hosts, paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from html import escape
from typing import TYPE_CHECKING, Any

import pytest
from browser.harness import axe, screenshot
from playwright.sync_api import expect
from shipped_cases import CASES, shipped

from geo.render.page import page
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import FrameLocator, Page

    from geo.scene import Scene

    Open = Callable[..., Page]

NEWS, MAPS = "http://127.0.0.1:9", "http://127.0.0.1:7"  # nobody listens there: two origins that a route answers for
STRICT = f"default-src 'none'; frame-src {MAPS}"
WATCH = "addEventListener('securitypolicyviolation', e => (window.violations ||= []).push(e.violatedDirective))"
PDFTOTEXT = shutil.which("pdftotext") or ""
#: A browser that blocks cookies throws at whoever so much as looks for a place to keep something.
NO_STORAGE = """for (const [owner, name] of [[window, "localStorage"], [window, "sessionStorage"],
  [window, "indexedDB"], [window, "caches"], [Document.prototype, "cookie"]]) {
  const refuse = () => { throw new DOMException("Access is denied for this document.", "SecurityError"); };
  Object.defineProperty(owner, name, { get: refuse, set: refuse, configurable: true });
}"""


@pytest.fixture(scope="module")
def scenes() -> dict[str, Scene]:
    return {slug: compose(shipped(slug), trace(shipped(slug))) for slug in CASES}


@pytest.fixture(scope="module")
def files(scenes: dict[str, Scene], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    for slug, scene in scenes.items():
        (folder / f"{slug}.html").write_text(page(scene), encoding="utf-8")
    return {slug: folder / f"{slug}.html" for slug in scenes}


def works(shown: Page | FrameLocator, scene: Scene) -> None:
    """The viewer stands and answers."""
    expect(shown.get_by_role("heading", level=1)).to_have_text(str(scene["title"]))
    expect(shown.get_by_role("region", name="Map")).to_be_visible()
    first = next(event for event in scene["events"] if event["main"])
    shown.locator(".fc-row").and_(shown.get_by_role("button", name=first["name"])).click()
    expect(shown.locator("#flightcase")).to_have_attribute("data-event", first["id"])
    expect(shown.locator(".leaflet-fc-line-pane path").first).to_be_attached()


def test_from_disk_with_the_network_and_all_storage_blocked(
    open_page: Open, scenes: dict[str, Scene], files: dict[str, Path]
) -> None:
    opened = open_page(offline=True)
    opened.add_init_script(WATCH)
    opened.add_init_script(NO_STORAGE)
    for slug, scene in scenes.items():
        opened.goto(files[slug].as_uri())
        works(opened, scene)
        assert opened.evaluate("window.violations") is None
        refused = "() => { try { return localStorage.length; } catch (error) { return error.name; } }"
        assert opened.evaluate(refused) == "SecurityError"
        assert opened.context.cookies() == []


def test_in_an_article_of_another_origin_under_a_policy_that_allows_nothing_else(
    open_page: Open, scenes: dict[str, Scene], files: dict[str, Path]
) -> None:
    opened = open_page(viewport=(1200, 900))
    opened.add_init_script(WATCH)
    asked: list[str] = []

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        if route.request.url.startswith(MAPS):
            slug = route.request.url.removeprefix(f"{MAPS}/").partition("?")[0]
            route.fulfill(body=files[slug].read_bytes(), content_type="text/html")
            return
        frames = "".join(
            f'<iframe title="{slug}{box}" {box} src="{MAPS}/{slug}" width="1120" height="720" loading="eager"></iframe>'
            for slug in CASES
            for box in ("", 'sandbox="allow-scripts"')
        )
        body = f'<!doctype html><html lang="en"><title>An article</title>{frames}'
        route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": STRICT})

    opened.route(re.compile(rf"{NEWS}/|{MAPS}/"), answer)
    opened.goto(NEWS)
    for number, slug in enumerate(slug for slug in CASES for _ in range(2)):
        works(opened.frame_locator("iframe").nth(number), scenes[slug])
    # One request for the article, one for each frame, and none of the frames'.
    assert sorted(asked) == sorted([f"{NEWS}/", *(f"{MAPS}/{slug}" for slug in CASES for _ in range(2))])
    for frame in opened.frames[1:]:
        assert frame.evaluate("window.violations") is None


def test_without_script_a_page_is_map_timeline_and_tables(
    open_page: Open, scenes: dict[str, Scene], files: dict[str, Path]
) -> None:
    opened = open_page(scripts=False, offline=True, viewport=(1000, 900))
    for slug, scene in scenes.items():
        opened.goto(files[slug].as_uri())
        picture = opened.get_by_role("img", name=str(scene["title"]))
        expect(picture).to_be_visible()
        box = picture.bounding_box()
        assert box
        assert box["width"] >= 600
        table = opened.get_by_role("table", name=scene["table"]["caption"])
        expect(table.locator("h3")).to_have_count(len(scene["events"]))
        for grid in ("state_table", "facts_table"):
            rows = opened.get_by_role("table", name=scene[grid]["caption"]).get_by_role("row")
            expect(rows).to_have_count(len(scene[grid]["rows"]) + 1)
        expect(opened.get_by_text(f"Version {scene['version']}.")).to_be_visible()
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
        screenshot(opened, f"page-{slug}-text")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_text_has_no_violation(open_page: Open, files: dict[str, Path], tmp_path: Path, scheme: str) -> None:
    opened = open_page(offline=True, scheme=scheme)
    for slug, file in files.items():
        # The audit is a script itself: here those of the page are taken out, and not switched off.
        text = re.sub(r"<script(?! type)[^>]*>.*?</script>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        (tmp_path / "text.html").write_text(text, encoding="utf-8")
        opened.goto((tmp_path / "text.html").as_uri())
        expect(opened.get_by_role("table", name="All events")).to_be_visible()
        assert [str(violation) for violation in axe(opened)] == [], slug


@pytest.mark.skipif(not PDFTOTEXT, reason="what a PDF says is read by pdftotext, of poppler-utils")
@pytest.mark.parametrize("scripts", [True, False])
def test_on_paper_there_are_map_timeline_and_table(
    open_page: Open, scenes: dict[str, Scene], files: dict[str, Path], tmp_path: Path, scripts: bool
) -> None:
    opened = open_page(scripts=scripts, offline=True)
    for slug, scene in scenes.items():
        opened.goto(files[slug].as_uri())
        if scripts:
            works(opened, scene)
        printed = tmp_path / f"{slug}.pdf"
        opened.pdf(path=printed, format="A4", print_background=True)
        text = words_of(printed)
        assert squeezed(scene["title"]) in text
        for event in scene["events"]:
            assert squeezed(event["title"]) in text, event["id"]
        for grid in ("state_table", "facts_table"):
            assert squeezed(scene[grid]["caption"]) in text
        # The names on the map are text, too, those of countries in capitals.
        names = [squeezed(name["text"]) for name in scene["map"]["names"]]
        assert any(name.upper() in text for name in names), names
        assert scene["version"] in text
        opened.emulate_media(media="print")
        expect(opened.locator(".fc-map" if scripts else "figure > svg")).to_be_visible()
        opened.emulate_media(media="screen")


def words_of(printed: Path) -> str:
    done = subprocess.run([PDFTOTEXT, "-raw", printed, "-"], capture_output=True, text=True, check=True)
    return squeezed(done.stdout)


def squeezed(text: Any) -> str:
    """Text without its spaces, for lines are broken anywhere."""
    return re.sub(r"\s+", "", text["text"] if isinstance(text, dict) else text)


def test_a_page_within_an_attribute_of_a_strict_sandbox(
    open_page: Open, scenes: dict[str, Scene], tmp_path: Path
) -> None:
    frames = "".join(
        f'<iframe title="{slug}" sandbox="allow-scripts" width="1100" height="700" srcdoc="{escape(page(scene))}">'
        "</iframe>"
        for slug, scene in scenes.items()
    )
    (tmp_path / "host.html").write_text(f'<!doctype html><html lang="en"><title>Host</title>{frames}', encoding="utf-8")
    opened = open_page(offline=True)
    opened.goto((tmp_path / "host.html").as_uri())
    for number, scene in enumerate(scenes.values()):
        works(opened.frame_locator("iframe").nth(number), scene)
