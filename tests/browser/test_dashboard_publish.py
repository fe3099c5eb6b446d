"""The Publish page of the real dashboard."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.harness import PHONE, axe, screenshot
from playwright.sync_api import expect

from geo.dashboard.drafts import Drafts
from geo.dashboard.saving import save
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
CASE = "jl516"
BESIDE = "j2-8243"
HOSTILE = "<img src=x onerror=alert(1)>[a](javascript:alert(2)) $x$"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    for name in (CASE, BESIDE):
        shutil.copytree(data("cases", name), folder / name)
    return folder


@pytest.fixture(scope="module")
def served(library: Path) -> Iterator[str]:
    """A dashboard on cases of our own: publishing writes into their folders."""
    with harness.dashboard(str(library)) as address:
        yield address


def publish_page(opened: Page, address: str, query: str = f"?case={CASE}&page=publish") -> Page:
    """The Publish page, once all of its parts stand."""
    opened.goto(f"{address}/{query}")
    for part in (".fc-formats", ".fc-checks", ".fc-bar", ".fc-frames iframe"):
        expect(opened.locator(part).first).to_be_visible(timeout=PATIENCE)
    return opened


def check(opened: Page, name: str) -> Locator:
    return opened.locator(f".fc-checks [data-check='{name}']")


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("wide", {}),
        ("dark", {"scheme": "dark"}),
        ("1024", {"viewport": (1024, 768)}),
        ("phone", {"viewport": PHONE, "touch": True}),
    ],
)
def test_it_stands_at_every_width_and_breaks_no_rule(
    served: str, open_page: Open, name: str, look: dict[str, Any]
) -> None:
    # axe looks for a copy of itself in the sandboxed previews, which hear nobody.
    asked = r"Failed to execute 'postMessage' on 'DOMWindow': The target origin provided"
    opened = publish_page(open_page(allow=[asked], **look), served, f"?case={BESIDE}&page=publish")
    frames = opened.locator(".fc-frames iframe")
    frames.last.scroll_into_view_if_needed()
    for number, px in enumerate((360, 720, 1060)):
        inside = opened.frame_locator(".fc-frames iframe").nth(number)
        expect(inside.get_by_role("heading", level=1)).to_be_visible(timeout=PATIENCE)
        assert frames.nth(number).get_attribute("width") == str(px)
        box, glass = frames.nth(number).bounding_box(), opened.locator(".fc-glass").nth(number).bounding_box()
        assert box
        assert glass
        assert abs(box["width"] - glass["width"]) <= 4  # the page is made small enough to be seen whole
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [str(violation) for violation in axe(opened)] == []
    screenshot(opened, f"publish-{name}", full=True)


def test_files_are_chosen_weighed_and_taken_away(served: str, open_page: Open) -> None:
    opened = publish_page(open_page(), served)
    table = opened.get_by_role("table", name="Formats")
    expect(table.get_by_role("row", name=re.compile(r"HTML page .*\d kB, gzip \d+ kB one file"))).to_be_visible()
    button = opened.get_by_role("button", name=re.compile("^Download .* file"))
    expect(button).to_have_text("Download 5 files")
    table.get_by_role("checkbox", name="Track as CSV").check()
    expect(button).to_have_text("Download 6 files", timeout=PATIENCE)
    expect(table.get_by_role("checkbox", name="Track as CSV")).to_be_focused()
    table.get_by_role("checkbox", name="Case folder").press("Space")
    expect(button).to_have_text("Download 7 files", timeout=PATIENCE)
    with opened.expect_download(timeout=PATIENCE) as expected:
        button.click()
    assert expected.value.suggested_filename == f"{CASE}-files.zip"
    taken = zipfile.ZipFile(io.BytesIO(Path(expected.value.path()).read_bytes()))
    ends = [".en.html", ".en.embed.html", ".en.geojson", ".en.svg", ".en.png", "-track.csv", ".zip"]
    names = [f"{CASE}{end}" for end in ends]
    assert taken.namelist() == names
    assert taken.read(names[0]).startswith(b"<!doctype html>")
    assert taken.read(names[1]).startswith(b"<iframe src=")
    assert json.loads(taken.read(names[2]))["type"] == "FeatureCollection"
    for name in ("HTML page", "Embed snippet", "GeoJSON", "Poster as SVG", "Poster as PNG", "Case folder"):
        table.get_by_role("checkbox", name=name).uncheck()
    expect(button).to_have_text("Download 1 file", timeout=PATIENCE)
    with opened.expect_download(timeout=PATIENCE) as expected:
        button.click()
    assert expected.value.suggested_filename == f"{CASE}-track.csv"
    table.get_by_role("checkbox", name="Track as CSV").uncheck()
    expect(button).to_be_disabled(timeout=PATIENCE)


def test_the_language_of_the_files_is_chosen(served: str, open_page: Open) -> None:
    opened = publish_page(open_page(), served, f"?case={BESIDE}&page=publish")
    opened.get_by_role("radio", name="Deutsch").click(force=True)
    expect(opened.locator(".fc-formats")).to_contain_text(f"{BESIDE}.de.html", timeout=PATIENCE)
    inside = opened.frame_locator(".fc-frames iframe").first
    expect(inside.get_by_role("heading", level=1)).to_contain_text("Minuten", timeout=PATIENCE)
    expect(opened.locator(".stCode")).to_contain_text(f"/embed/{BESIDE}?lang=de")
    expect(opened.locator(".stCode")).to_contain_text("Baku nach Grosny: Karte und Zeitleiste")


def test_the_embed_code_is_copied(served: str, open_page: Open) -> None:
    opened = publish_page(open_page(), served)
    opened.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.get_by_role("button", name="Copy embed code").click()
    expect(opened.get_by_role("status").filter(has_text="Copied")).to_be_attached()
    assert opened.evaluate("navigator.clipboard.readText()") == opened.locator(".stCode code").inner_text().strip()


def test_sources_are_links_and_nobody_is_asked(served: str, open_page: Open) -> None:
    opened = publish_page(open_page(), served)
    opened.get_by_text("Links of sources: 31, 0 with an archived copy").click()
    links = opened.locator(".fc-links > li")
    expect(links).to_have_count(31)
    link = links.first.get_by_role("link")
    assert (link.get_attribute("target"), link.get_attribute("rel")) == ("_blank", "noopener noreferrer")
    # The Archive's address is text, not a link: whoever wants a copy asks for it themselves.
    expect(links.first.locator("code")).to_have_text(f"https://web.archive.org/save/{link.get_attribute('href')}")


def change(library: Path, case: str) -> None:
    """Write another title into a case file, as an editor beside the dashboard would."""
    file = library / case / "case.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('title.en = "', 'title.en = "Once more: ', 1), encoding="utf-8")


def test_a_person_signs_and_takes_it_back(library: Path, served: str, open_page: Open) -> None:
    opened = publish_page(open_page(), served, f"?case={BESIDE}&page=publish")
    dialog = opened.get_by_role("dialog")
    reader = check(opened, "second-reader")
    expect(reader).to_have_attribute("data-state", "open")

    # A name is needed; the button that asked has the focus again when nobody signs.
    sign = opened.get_by_role("button", name="Sign: Second person has read the sources")
    sign.press("Enter")
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("a signature needs one", timeout=PATIENCE)
    opened.keyboard.press("Escape")
    expect(dialog).to_have_count(0, timeout=PATIENCE)
    expect(sign).to_be_focused()

    sign.press("Enter")
    dialog.get_by_role("textbox", name="Your name").fill(HOSTILE)
    dialog.get_by_role("textbox", name=re.compile("^Note")).fill(HOSTILE)
    dialog.get_by_role("button", name="Sign", exact=True).click()
    expect(reader).to_have_attribute("data-state", "ok", timeout=PATIENCE)
    expect(reader).to_contain_text(f"Signed by {HOSTILE}")
    take_back = opened.get_by_role("button", name="Take back: Second person has read the sources")
    expect(take_back).to_be_focused()
    assert opened.locator("img[src=x], a[href^=javascript]").count() == 0

    # The case is changed: the signature is told as one for what was.
    change(library, BESIDE)
    publish_page(opened, served, f"?case={BESIDE}&page=publish")
    expect(reader).to_have_attribute("data-state", "open")
    expect(reader).to_contain_text("for an earlier version")
    take_back.press("Enter")
    dialog.get_by_role("textbox", name="Your name").fill("Ada Example")
    dialog.get_by_role("button", name="Take back", exact=True).click()
    expect(reader).not_to_contain_text("Signed by", timeout=PATIENCE)
    kept = json.loads((library / BESIDE / "published" / "signatures.json").read_text(encoding="utf-8"))["signatures"]
    assert [(entry["by"], entry["withdrawn"]) for entry in kept] == [(HOSTILE, False), ("Ada Example", True)]


def test_what_is_not_saved_is_told_and_who_saved_is_no_second_reader(
    library: Path, served: str, open_page: Open
) -> None:
    drafts = Drafts(library)
    draft = drafts.begin(BESIDE, "Ada Example")
    draft = drafts.change(draft.id, draft.text.replace('title.en = "', 'title.en = "Draft: ', 1), "Headline")
    opened = publish_page(open_page(), served, f"?case={BESIDE}&page=publish")
    expect(opened.get_by_text("Ada Example has changes that are not saved.")).to_be_visible()
    inside = opened.frame_locator(".fc-frames iframe").first
    opened.locator(".fc-frames").scroll_into_view_if_needed()
    expect(inside.get_by_role("heading", level=1)).not_to_contain_text("Draft: ", timeout=PATIENCE)
    opened.get_by_role("button", name="Go to Edit").click()
    expect(opened).to_have_url(
        re.compile(f"page=edit.*draft={re.escape(draft.id)}|draft=.*page=edit"), timeout=PATIENCE
    )

    save(drafts, draft, "Ada Example")
    publish_page(opened, served, f"?case={BESIDE}&page=publish")
    expect(opened.get_by_text("has changes that are not saved")).to_have_count(0)
    dialog = opened.get_by_role("dialog")
    opened.get_by_role("button", name="Sign: Second person has read the sources").press("Enter")
    dialog.get_by_role("textbox", name="Your name").fill(" ada example")
    dialog.get_by_role("textbox", name="Your name").press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("saved this case last", timeout=PATIENCE)


def test_a_case_is_published_and_corrected(library: Path, served: str, open_page: Open) -> None:
    opened = publish_page(open_page(), served)
    dialog = opened.get_by_role("dialog")
    state = opened.locator(".st-key-state")
    opened.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog).to_contain_text(re.compile(r"\d checks open"), timeout=PATIENCE)
    dialog.get_by_role("textbox", name="Your name").fill("Ada Example")
    dialog.get_by_role("textbox", name="Your name").press("Enter")
    expect(state).to_contain_text(re.compile(r"Published .* UTC by Ada Example"), timeout=PATIENCE)
    expect(state.get_by_role("button", name="Publish")).to_be_disabled()
    address = str(opened.locator(".fc-addresses").get_by_role("link").get_attribute("href"))
    before = opened.request.get(address).body()
    assert before.startswith(b"<!doctype html>")

    # The case is changed on disk: the page that readers have stays.
    change(library, CASE)
    publish_page(opened, served)
    expect(state).to_contain_text("Saved changes are not published yet.")
    assert opened.request.get(address).body() == before

    opened.get_by_role("button", name="Publish again").click()
    dialog.get_by_role("textbox", name="Your name").fill("Ben Example")
    dialog.get_by_role("textbox", name="What changed, in English").fill(HOSTILE)
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say what changed in German too.", timeout=PATIENCE)
    dialog.get_by_role("textbox", name="What changed, in German").fill("Der Titel war falsch.")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(state).to_contain_text(re.compile(r"Published .* UTC by Ben Example"), timeout=PATIENCE)
    expect(opened.locator(".fc-log")).to_contain_text(HOSTILE)
    assert opened.locator("img[src=x], a[href^=javascript]").count() == 0
    after = opened.request.get(address).text()
    assert "Once more: " in after
    assert "<img" not in after
