"""A track of a million fixes dropped into a case, while others are at work.

The made-up flight of ``large``, 1,000,000 fixes as CSV, given to the Edit page of its case in Chromium; from the choice
of the file to the account of its rows. Until half a minute later, while the preview is made, another session chooses a
moment of the flagship case five times a second, by the socket and without a browser: its longest answer. The server's
memory is the resident set before, at its highest, and a minute after the page was left.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Final

from browser import chromium, harness
from playwright.sync_api import sync_playwright

from benchmarks.clients import Session
from benchmarks.crowd import resident_kb
from benchmarks.large import FLIGHTS, write_case

OTHERS_MS: Final = 1000
FIXES: Final = "1,000,000 fixes"


class Other(threading.Thread):
    """Another session, with an interaction every fifth of a second until it is told to stop."""

    def __init__(self, address: str, process: int) -> None:
        super().__init__(daemon=True)
        self.took: list[float] = []
        self.most_kb = 0
        self.done = threading.Event()
        self._address, self._process = address, process

    def run(self) -> None:
        """Visit until it is told to stop."""
        asyncio.run(self._visit())

    async def _visit(self) -> None:
        async with Session(self._address, "case=j2-8243") as session:
            second = 0
            while not self.done.is_set():
                second += 1
                moment = f"2024-12-25T05:{second // 60 % 60:02}:{second % 60:02}Z"
                self.took.append(await session.run("viewer", {"moment": {"t": moment}}))
                self.most_kb = max(self.most_kb, resident_kb(self._process))
                await asyncio.sleep(0.2)


def measure() -> list[dict[str, object]]:
    """Seconds, milliseconds and megabytes, with the bar."""
    with tempfile.TemporaryDirectory() as made, sync_playwright() as playwright:
        cases = Path(made, "cases")
        shutil.copytree(harness.ROOT / "data" / "cases", cases)
        track = write_case(Path(made, "large"), FLIGHTS[FIXES]) / "track.csv"
        shutil.copytree(track.parent, cases / "large", ignore=shutil.ignore_patterns("*.csv"))
        file = cases / "large" / "case.toml"
        text = file.read_text(encoding="utf-8").replace('[[track]]\nfile = "track.csv"\n', "")
        file.write_text(text, encoding="utf-8")
        megabytes = round(track.stat().st_size / 1e6)
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(harness.FLAGS))
        with harness.dashboard(str(cases)) as address:
            process = harness.listener(address)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/?case=large&page=edit")
            chooser = page.locator(".st-key-panel-tracks input[type=file]")
            chooser.wait_for(state="attached", timeout=120_000)
            before = resident_kb(process)
            other = Other(address, process)
            other.start()
            time.sleep(3)
            other.took.clear()
            began = time.perf_counter()
            chooser.set_input_files(track)
            figures = page.locator(".st-key-panel-tracks [class*='st-key-track-figures']")
            figures.filter(has_text="1,000,000").first.wait_for(timeout=240_000)
            spent = time.perf_counter() - began
            time.sleep(30)
            other.done.set()
            other.join()
            page.close()
            time.sleep(70)
            after = resident_kb(process)
        browser.close()
    longest = max(other.took) * 1000
    return [
        _row("file, MB", megabytes, ""),
        _row("from the choice of the file to its account, s", round(spent, 1), ""),
        _row("longest answer to another session, ms", round(longest), f"≤ {OTHERS_MS:,}", holds=longest <= OTHERS_MS),
        _row("answers to it meanwhile", len(other.took), ""),
        _row("memory before, at its highest, a minute after, MB", _mb(before, other.most_kb, after), ""),
    ]


def _mb(*figures_kb: int) -> str:
    return " / ".join(f"{each / 1000:,.0f}" for each in figures_kb)


def _row(what: str, measured: object, bar: str, *, holds: bool | None = None) -> dict[str, object]:
    return {"what": what, "measured": str(measured), "bar": bar, "holds": holds}
