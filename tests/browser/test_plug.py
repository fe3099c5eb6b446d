"""Pull the plug on the real dashboard: what was typed is there again, and the case folder is whole."""

from __future__ import annotations

import random
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import pytest
from browser import harness
from playwright.sync_api import expect

from geo import casefile
from geo.dashboard.drafts import Drafts
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
TIMES = 3
#: What the browser and Streamlit say of a server that is gone.
GONE = (
    r"WebSocket connection to .* failed",
    r"WebSocket onclose",
    r"net::ERR_",
    r"No response received when attempting to reach",
    r"Streamlit server is not responding",
    r"when disconnected from server",
)


class Server:
    """The dashboard on one port; it can be killed and started again."""

    def __init__(self, library: Path) -> None:
        self.port = harness.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = library.parent / "server.log"
        self._command = [sys.executable, "-m", "geo.cli", "serve", str(library), "--port", str(self.port)]

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen([*self._command, "--no-browser"], cwd=harness.ROOT, stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < end:
            assert self._process.poll() is None, "the server ended by itself"
            try:
                with urlopen(f"{self.address}/_stcore/health", timeout=5) as answer:  # noqa: S310  an address of this machine
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()


@pytest.fixture
def library(tmp_path: Path) -> Path:
    shutil.copytree(data("cases", "j2-8243"), tmp_path / "cases" / "j2-8243")
    return tmp_path / "cases"


@pytest.fixture
def server(library: Path) -> Iterator[Server]:
    one = Server(library)
    one.start()
    yield one
    one.kill()
    assert "Traceback" not in one.log.read_text(encoding="utf-8")


def headline(page: Page) -> Locator:
    """The field of the headline, once it can be typed into: a page that has come back is drawn again first."""
    harness.idle(page)
    field = page.get_by_role("textbox", name=re.compile("^Headline"))
    expect(page.get_by_text("Language of the texts", exact=True)).to_be_visible(timeout=PATIENCE)
    if not field.is_visible():
        page.locator("summary").first.click()
    expect(field).to_be_visible(timeout=PATIENCE)
    return field


def kept(page: Page, library: Path) -> str:
    """The headline in the draft that the address of the page names, as it lies on the disk."""
    (id_,) = parse_qs(urlsplit(page.url).query)["draft"]
    return str(re.search(r'^title\.en = "(.*)"', Drafts(library).sure(id_).text, re.MULTILINE)[1])


def saved(library: Path) -> str:
    """The headline of the case folder, which has no problem."""
    return casefile.read(library / "j2-8243").title.said("en")


def until(page: Page, reached: Callable[[], bool]) -> None:
    """Wait for a state on the disk."""
    end = time.monotonic() + PATIENCE / 1000
    while not reached():
        assert time.monotonic() < end, "it never came to that"
        page.wait_for_timeout(20)


def test_what_was_typed_is_there_after_the_server_was_killed(library: Path, server: Server, open_page: Open) -> None:
    chance = random.Random(8243)  # noqa: S311  repeatable, no secret
    page = open_page(allow=GONE)
    page.goto(f"{server.address}/?case=j2-8243&page=edit")
    for number in range(TIMES):
        field = headline(page)
        field.fill(f"Known {number}")
        field.press("Tab")
        until(page, lambda: kept(page, library) == f"Known {number}")  # noqa: B023  it is called in this round
        field.fill(f"Typed {number}")
        field.press("Tab")
        page.wait_for_timeout(chance.uniform(0, 400))  # an instant like any other
        server.kill()
        expect(page.locator('[data-test-connection-state="CONNECTED"]')).to_have_count(0, timeout=PATIENCE)
        assert kept(page, library) in {f"Known {number}", f"Typed {number}"}
        server.start()
        if number % 2:
            page.reload()
        expect(headline(page)).to_have_value(re.compile(f"^(Known|Typed) {number}$"), timeout=PATIENCE)
        until(page, lambda: headline(page).input_value() == kept(page, library))
    assert saved(library).startswith("For 102 of 153 minutes"), "nothing was saved, so the case folder is as it was"


def test_the_case_is_whole_after_the_server_was_killed_while_saving(
    library: Path, server: Server, open_page: Open
) -> None:
    chance = random.Random(516)  # noqa: S311  repeatable, no secret
    page = open_page(allow=GONE)
    page.goto(f"{server.address}/?case=j2-8243&page=edit")
    before = saved(library)
    for number in range(TIMES):
        field = headline(page)
        field.fill(f"Saved {number}")
        field.press("Tab")
        until(page, lambda: kept(page, library) == f"Saved {number}")  # noqa: B023  it is called in this round
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_timeout(chance.uniform(0, 1200))  # an instant like any other
        server.kill()
        assert saved(library) in {before, f"Saved {number}"}
        assert kept(page, library) == f"Saved {number}"
        server.start()
        page.reload()
        expect(headline(page)).to_have_value(f"Saved {number}", timeout=PATIENCE)
        expect(page.get_by_text(re.compile("after this draft began"))).to_have_count(0)
        before = saved(library)
    save = page.get_by_role("button", name="Save", exact=True)
    if save.is_enabled():
        save.click()
    until(page, lambda: saved(library) == f"Saved {TIMES - 1}")
    assert [path.name for path in (library / "j2-8243").glob(".*")] == []
