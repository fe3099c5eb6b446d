"""Hostile text in every field and hostile files in every upload: they get no further than the door."""

from __future__ import annotations

import gzip
import io
import re
import shutil
import tomllib
import zipfile
from typing import TYPE_CHECKING

import pytest
from browser import harness
from playwright.sync_api import TimeoutError, expect  # noqa: A004  Playwright's own

from geo.dashboard.drafts import Drafts
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    Open = Callable[..., Page]

PATIENCE = 60_000
TEXT = (
    "<img src=x onerror=window.hit=1><script>window.hit=1</script>[a](javascript:window.hit=1) $x$ :red[y] "
    "'\"`\\ {{7*7}} ../../etc/passwd \u202egnp"
)
#: Fields of a page by which it can be written to; of the shadow roots too.
FIELDS = "input:not([type=file]):not([type=checkbox]):not([type=radio]):visible, textarea:visible"
HARM = "() => window.hit === undefined && !document.querySelector('img[src=x], a[href^=javascript]')"


def bomb() -> bytes:
    """A ZIP that is small and holds 200 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("track.csv", b"0" * 200_000_000)
    return made.getvalue()


def climbing() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("../../case.toml", "format = 1\n")
    return made.getvalue()


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<gpx xmlns="http://www.topografix.com/GPX/1/1"><trk><name>&d;</name></trk></gpx>"""
FILES = {
    "entities.gpx": ENTITIES,
    "bomb.zip": bomb(),
    "bomb.csv.gz": gzip.compress(b"0" * 100_000_000),
    "climbing.zip": climbing(),
    "page.csv": b"<html><script>window.hit=1</script></html>",
    "empty.csv": b"",
    "<img src=x onerror=window.hit=1>.csv": b"time,lat\n",
    f"{'long' * 50}.csv": b"\x00" * 1000,
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    folder = tmp_path_factory.mktemp("cases")
    shutil.copytree(data("cases", "jl516"), folder / "jl516")
    with harness.dashboard(str(folder)) as address:
        yield address, folder


def write_everywhere(page: Page) -> int:
    """Put the text into every field that there is; gives how many took it."""
    written = 0
    for number in range(200):
        field = page.locator(FIELDS).nth(number)
        if field.count() == 0:
            break
        try:
            if not field.is_editable(timeout=5000):
                continue
            field.fill(TEXT, timeout=5000)
        except TimeoutError:
            continue  # it went when the one before was written
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        harness.idle(page)
        assert page.evaluate(HARM)
        written += 1
    return written


def unfold(page: Page) -> None:
    """Open what is folded, so that its fields are there."""
    for _ in range(page.locator("details:not([open]) > summary:visible").count()):
        page.locator("details:not([open]) > summary:visible").first.click()
        harness.idle(page)


def test_hostile_text_in_every_field_is_only_text(served: tuple[str, Path], open_page: Open) -> None:
    address, folder = served
    page = open_page()
    page.goto(f"{address}/?page=new")
    expect(page.get_by_role("button", name="Begin", exact=True)).to_be_visible(timeout=PATIENCE)
    assert write_everywhere(page) >= 5
    page.get_by_role("button", name="Begin", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible(timeout=PATIENCE)

    page.goto(f"{address}/?case=jl516&page=edit")
    rows = page.get_by_role("table", name="Events", exact=True).get_by_role("button")
    expect(rows.first).to_be_visible(timeout=PATIENCE)
    rows.first.click()
    expect(page.locator(".st-key-event-form")).to_be_visible(timeout=PATIENCE)
    unfold(page)
    assert write_everywhere(page) >= 40
    draft = Drafts(folder).of("jl516")[0]
    values = tomllib.loads(draft.text)
    assert values["title"]["en"] == TEXT
    assert TEXT in values["event"][0]["title"]["en"]
    for query in (f"?case=jl516&page=edit&draft={draft.id}", "?case=jl516&page=data", "?case=jl516&page=publish"):
        page.goto(f"{address}/{query}")
        expect(page.get_by_role("radio", name="Publish")).to_have_count(1, timeout=PATIENCE)
        harness.idle(page)
        assert page.evaluate(HARM)
    # Nothing of it is in the case folder, and every step can be taken back.
    assert TEXT not in (folder / "jl516" / "case.toml").read_text(encoding="utf-8")
    drafts = Drafts(folder)
    for _ in range(draft.last):
        drafts.undo(draft.id)
    first = drafts.get(draft.id)
    assert first
    assert first.text == (folder / "jl516" / "case.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("query", ["?page=new", "?page=open", "?case=jl516&page=edit"])
def test_hostile_files_are_refused_in_words_and_not_kept(served: tuple[str, Path], open_page: Open, query: str) -> None:
    address, folder = served
    # A file that another one takes the place of while it goes up is cancelled, and Streamlit says so.
    page = open_page(allow=[r"File uploader error on file upload - CanceledError"])
    page.goto(f"{address}/{query}")
    chooser = page.locator("input[type=file]")
    start = page.get_by_role("button", name="Start from the saved case")
    expect(start.or_(chooser).first).to_be_attached(timeout=PATIENCE)
    if start.count():
        start.click()
    expect(chooser.first).to_be_attached(timeout=PATIENCE)
    before = sorted(folder.rglob("*.csv"))
    for name, content in FILES.items():
        chooser.first.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        said = page.locator("[role=alert]:visible, [class*=st-key-problem-]:visible").filter(has_text=re.compile(r"\w"))
        expect(said.first).to_be_visible(timeout=PATIENCE)
        harness.idle(page)
        assert page.evaluate(HARM), name
    kept = [path for path in sorted(folder.rglob("*")) if path.is_file() and ".flightcase/files" in path.as_posix()]
    assert kept == []
    assert sorted(folder.rglob("*.csv")) == before
    assert not (folder / "case.toml").exists()
