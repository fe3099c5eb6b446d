"""Very many fixes, and many aircraft: what they weigh in a page, and how the page moves.

Made-up flights with the wander of satellite positions: an aircraft that stays up for eleven days and circles for two
thirds of them, 1,000,000 fixes at 1 Hz; one at an airliner's speed for five and a half hours, 20,000 fixes, of which a
page keeps every one; the same with a hundred others around it, a fix every ten seconds. From the command line to the
written page in a new process; fixes a second over all of it. In Chromium, offline, from disk: the time from the start
of loading to the frame that has the line on it, and the longest of the frames while the page plays, while the map is
dragged in a circle, and while it is zoomed in step by step and out again; the best of three windows, for other work on
the machine makes single frames late.
"""

from __future__ import annotations

import gzip
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

ROOT: Final = Path(__file__).resolve().parents[1]
WINDOWS: Final = 3
#: Longest frames: of playback (DESIGN 9), and while the map moves.
PLAYING_MS, MOVING_MS, PICTURE_MS = 50, 100, 1500
PLAY_MS: Final = 6000
START_S: Final = 1_735_103_611
CASE: Final = """format = 1
id = "large"
title.en = "{fixes:,} fixes"
opens = 2024-12-25T06:40:00Z
[flight]
callsign = "TEST1"
[places.westby]
name.en = "Westby"
lat = 45.0
lon = 10.0
[places.eastby]
name.en = "Eastby"
lat = 42.0
lon = 14.0
[intended]
route = ["westby", "eastby"]
basis.en = "made up"
[[track]]
file = "track.csv"
"""
#: Tells when a line is on the map, and keeps the times of all frames.
WATCH: Final = """
window.frames_ms = [];
let last = performance.now();
(function look(now) {
  window.frames_ms.push(now - last);
  last = now;
  const path = document.querySelector("path.fc-l-received");
  const seen = path && getComputedStyle(path).visibility === "visible" && path.getAttribute("d")?.length > 9;
  if (seen) requestAnimationFrame(() => (window.drawn_ms ??= performance.now()));
  requestAnimationFrame(look);
})(last);
"""


class Flight(NamedTuple):
    """A made-up flight: fixes at 1 Hz, how fast, the smallest circle, seconds of each leg, others; and its bars."""

    fixes: int
    speed_m_s: float
    circle_m: float
    leg_s: float
    others: int = 0
    weight_kb: float | None = None


FLIGHTS: Final = {
    "1,000,000 fixes": Flight(1_000_000, 30, 300, 7200, weight_kb=1500),
    "20,000 fixes, all kept": Flight(20_000, 200, 4000, 1500, weight_kb=170),
    "and 100 other aircraft": Flight(20_000, 200, 4000, 1500, others=100),
}


def write_case(folder: Path, flight: Flight) -> Path:
    """A case folder with the flight as a plain CSV: two legs of three in circles, the third straight on."""
    import numpy as np
    import pyarrow as pa
    from pyarrow import compute, csv

    folder.mkdir()
    time_s = np.arange(flight.fixes, dtype=np.float64)
    leg = (time_s // flight.leg_s).astype(np.int64)
    radius = np.where(leg % 3 == 2, np.inf, flight.circle_m * (1 + leg * 7 % 11))  # noqa: PLR2004  the third
    heading = np.cumsum(flight.speed_m_s / radius * np.where(leg % 2, -1, 1)) + leg * 0.1
    dice = np.random.default_rng(8243)
    wander = [2 * np.sin(time_s / slow) + np.sin(time_s / quick) for slow, quick in ((37, 11.3), (41, 9.7))]
    north, east = (
        np.cumsum(flight.speed_m_s * way + 0.5) + astray + dice.normal(0, 0.4, flight.fixes)
        for way, astray in zip((np.cos(heading), np.sin(heading)), wander, strict=True)
    )
    stamps: Any = pa.array((START_S + time_s).astype(np.int64)).cast(pa.timestamp("s", tz="UTC"))
    columns = {
        "time": compute.strftime(stamps, format="%Y-%m-%dT%H:%M:%SZ"),
        "callsign": ["TEST1"] * flight.fixes,
        "lat": np.round(45 + north / 111_132, 6),
        "lon": np.round(10 + east / 78_847, 6),
        "altitude_ft": np.round(40_000 + 3000 * np.sin(time_s / 13_000)),
        "ground_speed_kt": np.full(flight.fixes, round(flight.speed_m_s / 0.514444, 1)),
        "track_deg": np.round(np.degrees(heading) % 360, 1),
    }
    csv.write_csv(pa.table(columns), folder / "track.csv")
    text = CASE.format(fixes=flight.fixes)
    if flight.others:
        _write_others(folder / "others.csv", flight)
        text += '[[other]]\nfile = "others.csv"\neach = true\ncontext = true\n'
    (folder / "case.toml").write_text(text, encoding="utf-8")
    return folder


def _write_others(file: Path, flight: Flight) -> None:
    """Slow bends over the same part of the world for all of its time."""
    lines = ["time,callsign,lat,lon"]
    for number in range(flight.others):
        lat, lon = 38 + number % 10, 6 + number // 10
        north, east = ((number * 7 % 11 - 5) / 1e5, (number * 5 % 13 - 6) / 1e5)
        lines += [
            f"{START_S + s},OTH{number},{lat + s * north + math.sin(s / 900 + number) / 4:.5f},{lon + s * east:.5f}"
            for s in range(0, flight.fixes, 10)
        ]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def worst_ms(page: Page, act: Callable[[Page], None]) -> float:
    """The longest frame while something is done, and half a second after."""
    page.wait_for_timeout(300)
    page.evaluate("window.frames_ms.length = 0")
    act(page)
    page.wait_for_timeout(500)
    return float(page.evaluate("Math.max(...window.frames_ms)"))


def play(page: Page) -> None:
    """Play for some seconds."""
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(PLAY_MS)
    page.get_by_role("button", name="Pause", exact=True).click()


def drag(page: Page) -> None:
    """Move the map once around, a step a frame, and let go four times."""
    box = page.locator(".fc-slot").bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    middle, reach = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), box["height"] / 3
    for quarter in range(4):
        page.mouse.move(*middle)
        page.mouse.down()
        for step in range(20):
            angle = (quarter + step / 20) * math.pi / 2
            page.mouse.move(middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle))
            page.wait_for_timeout(16)
        page.mouse.up()
        page.wait_for_timeout(250)


def zoom(page: Page) -> None:
    """In on the middle by six steps, and out to the whole."""
    for name in (*["Zoom in"] * 6, *["Zoom out"] * 6):
        page.get_by_role("button", name=name, exact=True).click()
        page.wait_for_timeout(450)


ACTS: Final = {"playing": play, "dragging": drag, "zooming": zoom}


def looked_at(browser: Browser, file: Path) -> dict[str, float]:
    """Milliseconds: until the line is drawn, and the longest frame of each act."""
    context = browser.new_context(viewport={"width": 1120, "height": 720}, offline=True, bypass_csp=True)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(file.as_uri())
    page.wait_for_function("window.drawn_ms", timeout=60_000)
    found = {"first picture": float(page.evaluate("window.drawn_ms"))}
    page.wait_for_timeout(1000)
    found |= {name: worst_ms(page, act) for name, act in ACTS.items()}
    context.close()
    return found


def rendered(case: Path) -> tuple[Path, float, float]:
    """The page of a case, how many seconds the command took, and the most memory it took, GB."""
    page = case / "page.html"
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "geo.cli", "render", str(case), "-o", str(page)], check=True, cwd=ROOT)
    taken = time.perf_counter() - start
    return page, taken, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6


def measure() -> list[dict[str, object]]:
    """Bytes, seconds and milliseconds, each with its bar."""
    from browser import chromium, harness
    from playwright.sync_api import sync_playwright

    rows: list[dict[str, object]] = []

    def row(what: str, measured: float, bar: float | None, *, least: bool = False) -> None:
        holds = None if bar is None else (measured >= bar if least else measured <= bar)
        rows.append({"what": what, "measured": measured, "bar": "" if bar is None else f"{bar:g}", "holds": holds})

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(harness.FLAGS))
        for number, (name, flight) in enumerate(FLIGHTS.items()):
            page, taken, memory = rendered(write_case(Path(folder) / str(number), flight))
            row(
                f"{name}: page, gzip -9, kB",
                round(len(gzip.compress(page.read_bytes(), 9)) / 1000, 1),
                flight.weight_kb,
            )
            if number == 0:
                row(f"{name}: CSV to page, fixes/s", round(flight.fixes / taken), 500_000, least=True)
                row(f"{name}: memory, GB", round(memory, 2), 1.5)
            windows = [looked_at(browser, page) for _ in range(WINDOWS)]
            for what in windows[0]:
                bar = {"first picture": PICTURE_MS, "playing": PLAYING_MS}.get(what, MOVING_MS)
                unit = "ms" if what == "first picture" else "longest frame, ms"
                row(f"{name}: {what}, {unit}", round(min(window[what] for window in windows)), bar)
        browser.close()
    return rows
