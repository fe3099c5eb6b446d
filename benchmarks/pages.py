"""The page beside pages of other tools with the same track: what it weighs, asks for, and takes to draw and to play.

Every page has the same points: the 305 accepted fixes of JL516, and for J2-8243, of which no fix is published, the
points that ours draws by hand or reconstructs, with times spread evenly over their stretches, since the peers need a
time for each point. Ours has in addition what the case says: events, claims, sources, evidence, basemap, tables. Each
peer draws the whole track as a line from the start and shows the time as its documentation does, with its own defaults:
folium 5 steps of 10 s a second, plotly 2 fixes a second, kepler.gl in every frame; pydeck's file has no playback, so
its map is dragged, and ours beside it. kepler.gl gets the view, since its own centring failed in some loads here.

*File* is the page under gzip -9; *assets* what it asks of others, compressed alike; *requests* and *hosts* are theirs.
Assets come by a server of this machine, without delay or limit, which favours pages that ask for much: from npm
packages, the scripts of plotly and pydeck from the Python packages, which carry them. Answered empty, and counted as
requests only: map tiles and styles of maps, so that peers are measured without their basemap, and what npm does not
have (jQuery UI 1.10.2, two style sheets of folium, two and a list of icons of kepler.gl). Two stand in for versions
that npm does not have: kepler.gl 3.3.0-alpha.11 for the alpha.18 that keplergl's page names, and a font of Bootstrap
3.2.0 for that of 3.0.0.

Chromium, 1120 × 720, a new browser for each load, medians of three. *Drawn* is the first frame in which a Leaflet path
of 100 px (ours, folium) or 100 pixels of a canvas (kepler.gl, plotly, pydeck) have the colour of the line; to look at
canvases takes up to a fifth of the time. *Frames* are those of 5 s of playback or dragging, in another load, in which
nothing looks; *task* is the longest from the start of that load on. There is no graphics card: WebGL is drawn by
SwiftShader on the processor, to the disadvantage of kepler.gl, plotly and pydeck.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import numpy as np
from browser import chromium, harness
from playwright.sync_api import Error, sync_playwright

from benchmarks import cdn
from geo import casefile
from geo.resources import data
from geo.route import trace
from geo.route.route import PLACED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request, Route, ViewportSize

    from geo.model import Case

PEERS: Final = cdn.ROOT / ".venv" / "peers" / "bin" / "python"
CASES: Final = ("jl516", "j2-8243")
RUNS: Final = 3
VIEW: Final[ViewportSize] = {"width": 1120, "height": 720}
PATIENCE_S: Final = 60
PLAYED_S: Final = 5
SETTLE_MS: Final = 2000
#: A long task is longer than this, says its definition.
TASK_MS: Final = 50
#: The line of a measured track in ours, and the colour that every other page gets.
COLOUR: Final = "#0b4f86"
ELSEWHERE: Final = re.compile(r"^https?://(?!127\.0\.0\.1)")
#: Of a playback that nobody has to start.
BY_ITSELF: Final = ""
COLUMNS: Final = (
    "file, kB",
    "assets, kB",
    "requests",
    "hosts",
    "drawn, ms",
    "median frame, ms",
    "longest frame, ms",
    "longest task, ms",
)


@dataclass(frozen=True)
class Subject:
    """A page that is measured: a tool, what starts its playback (without it, the map is dragged), its name."""

    tool: str
    play: str | None
    title: str


SUBJECTS: Final = (
    Subject("flightcase", 'role=button[name="Play"]', "Flightcase"),
    Subject("flightcase", None, "Flightcase, dragged"),
    Subject("folium", BY_ITSELF, "folium {}, TimestampedGeoJson"),
    Subject("keplergl", ".playback-control-button:has(.data-ex-icons-play)", "keplergl {}"),
    Subject("plotly", ".updatemenu-button", "plotly {}, Scattermap"),
    Subject("pydeck", None, "pydeck {}, TripsLayer, dragged"),
)

#: Notes long tasks; with a colour, notes when a line or a canvas first has it.
WATCH: Final = """([red, green, blue, looks]) => {
  const bench = (window.bench = { drawn: null, tasks: [], frames: [] });
  new PerformanceObserver((list) => bench.tasks.push(...list.getEntries().map((task) => task.duration)))
    .observe({ type: "longtask", buffered: true });
  if (!looks) return;
  const getContext = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, how) {
    return getContext.call(this, kind, kind.startsWith("webgl") ? { ...how, preserveDrawingBuffer: true } : how);
  };
  const probe = document.createElement("canvas");
  const sheet = getContext.call(probe, "2d", { willReadFrequently: true });
  const near = (canvas) => {
    probe.width = canvas.width;
    probe.height = canvas.height;
    sheet.drawImage(canvas, 0, 0);
    const { data } = sheet.getImageData(0, 0, probe.width, probe.height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const off = Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue);
      if (off < 24 && data[i + 3] > 200) found += 1;
    }
    return found >= 100;
  };
  const shown = ({ visibility, stroke }) => visibility === "visible" && stroke === `rgb(${red}, ${green}, ${blue})`;
  const line = (path) => shown(getComputedStyle(path))
    && Math.hypot(path.getBoundingClientRect().width, path.getBoundingClientRect().height) > 100;
  let rest = 0;
  const drawn = () => {
    if ([...document.querySelectorAll(".leaflet-container path")].some(line)) return true;
    const now = performance.now();
    if (now < rest) return false;
    const canvases = [...document.querySelectorAll("canvas")].filter(({ width, height }) => width * height > 10_000);
    const found = canvases.some(near);
    rest = performance.now() + 4 * (performance.now() - now);
    return found;
  };
  const look = () => {
    if (drawn()) bench.drawn = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
START: Final = """() => {
  let last = performance.now();
  const next = (now) => { bench.frames.push(now - last); last = now; bench.next = requestAnimationFrame(next); };
  bench.next = requestAnimationFrame((now) => { last = now; next(now); });
}"""
STOP: Final = "() => { cancelAnimationFrame(bench.next); return bench.frames.slice(1); }"


@dataclass(frozen=True)
class Run:
    """What one run gave, in milliseconds: until drawn, frames, long tasks; and whether anything moved."""

    drawn: float | None
    frames: list[float]
    tasks: list[float]
    moved: bool


def points(case: Case) -> dict[str, list[float]]:
    """The points of the drawn lines that have a place in time; times spread evenly where the case has none."""
    lines = [stretch for stretch in trace(case).stretches if stretch.line is not None and stretch.basis in PLACED]
    columns: dict[str, list[float]] = {"time_s": [], "lat": [], "lon": []}
    for stretch in lines:
        line = stretch.line
        assert line is not None  # noqa: S101  chosen above
        evenly = np.linspace(stretch.start_s, stretch.end_s, len(line))
        columns["time_s"] += (evenly if line.time_s is None else line.time_s).tolist()
        columns["lat"] += np.round(line.lat, 6).tolist()
        columns["lon"] += np.round(line.lon, 6).tolist()
    return columns


def made(tool: str, case: str, folder: Path) -> tuple[str, Path]:
    """The version and the page of a tool."""
    page = folder / f"{tool}-{case}.html"
    if tool == "flightcase":
        command = [sys.executable, "-m", "geo.cli", "render", str(data("cases", case)), "-o", str(page)]
        subprocess.run(command, cwd=cdn.ROOT, check=True, capture_output=True, text=True)
        return "", page
    track = folder / f"{case}.json"
    track.write_text(json.dumps({**points(casefile.read(data("cases", case))), "colour": COLOUR}), encoding="utf-8")
    command = [str(PEERS), str(Path(__file__).with_name("peer_pages.py")), str(track), tool, str(page)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    version: str = json.loads(done.stdout.splitlines()[-1])["version"]
    return version, page


@contextmanager
def opened(browser: Browser, store: cdn.Store, origin: str, *, looks: bool) -> Iterator[tuple[Page, list[str]]]:
    """A fresh page that nobody but this machine answers, and the addresses that it asks of others."""
    asked: list[str] = []

    def note(request: Request) -> None:
        address = cdn.elsewhere(request.url.removeprefix(origin)) or request.url
        if ELSEWHERE.match(address) and request.redirected_from is None:
            asked.append(address)

    def answer(route: Route) -> None:
        url = route.request.url
        free = {"Access-Control-Allow-Origin": "*"}
        if store.answer(url):
            route.fulfill(status=307, headers={**free, "Location": cdn.here(origin, url)})
        else:
            body, kind = cdn.nothing(url)
            route.fulfill(body=body, content_type=kind, headers=free)

    context = browser.new_context(viewport=VIEW, service_workers="block", bypass_csp=True)
    context.on("request", note)
    context.route(ELSEWHERE, answer)
    page = context.new_page()
    page.add_init_script(f"({WATCH})({json.dumps([*bytes.fromhex(COLOUR[1:]), looks])})")
    yield page, asked
    context.close()


def drawn(page: Page, url: str) -> float | None:
    """Milliseconds from the start of the navigation to the first frame that has the line."""
    page.goto(url)
    try:
        page.wait_for_function("bench.drawn !== null", timeout=1000 * PATIENCE_S)
    except Error:
        return None
    return float(page.evaluate("bench.drawn"))


def played(page: Page, url: str, subject: Subject, settle_ms: float) -> tuple[list[float], list[float], bool]:
    """Frames while it plays or is dragged, long tasks from the start of the navigation, whether anything moved."""
    page.goto(url)
    page.wait_for_timeout(settle_ms)
    before = page.screenshot()
    page.evaluate(START)
    try:
        if subject.play:
            page.locator(subject.play).first.click()
    except Error as failure:
        print(f"{subject.tool}: {failure}", file=sys.stderr)
    if subject.play is None:
        _drag(page)
    else:
        page.wait_for_timeout(1000 * PLAYED_S)
    frames = page.evaluate(STOP)
    return frames, page.evaluate("bench.tasks"), page.screenshot() != before


def _drag(page: Page) -> None:
    """Move the map to and fro for as long as others play."""
    left, top = VIEW["width"] // 3, VIEW["height"] // 2
    page.mouse.move(left, top)
    page.mouse.down()
    end = time.monotonic() + PLAYED_S
    step = 0
    while time.monotonic() < end:
        step += 1
        page.mouse.move(left + abs(step % 100 - 50) * 4, top + abs(step % 60 - 30) * 2)
        time.sleep(0.01)
    page.mouse.up()


def loads(store: cdn.Store, url: str) -> tuple[list[str], float | None]:
    """Load it in a new browser, watched until it is drawn and SETTLE_MS longer: addresses asked, milliseconds."""
    with browsing() as browser, opened(browser, store, url.rpartition("/")[0], looks=True) as (page, asked):
        took = drawn(page, url)
        page.wait_for_timeout(SETTLE_MS)
    return asked, took


def once(store: cdn.Store, url: str, subject: Subject) -> Run:
    """Load it in two new browsers: watched until it is drawn, and left alone until it is played."""
    took = loads(store, url)[1]
    with browsing() as browser, opened(browser, store, url.rpartition("/")[0], looks=False) as (page, _):
        return Run(took, *played(page, url, subject, SETTLE_MS + (took or 1000 * PATIENCE_S)))


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser that has seen nothing yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=list(harness.FLAGS))
        yield browser
        browser.close()


def row(subject: Subject, case: str, store: cdn.Store, folder: Path) -> dict[str, object]:
    """The median of each figure of three runs, after one that only fills the store and counts what is asked."""
    try:
        version, page = made(subject.tool, case, folder)
    except subprocess.CalledProcessError as failure:
        why = failure.stderr.splitlines()[-1] if failure.stderr else failure
        return {"what": f"{case}: {subject.tool} makes no page: {why}", **dict.fromkeys(COLUMNS)}
    body = page.read_bytes()
    with cdn.serving(store, {page.name: body}) as origin:
        url = f"{origin}/{page.name}"
        asked, _ = loads(store, url)
        runs = [once(store, url, subject) for _ in range(RUNS)]
    weights = [len(found.sent) for address in asked if (found := store.answer(address))]
    times = [run.drawn for run in runs if run.drawn is not None]
    task = statistics.median(max(run.tasks, default=0) for run in runs)
    moved = all(run.moved for run in runs)
    frames = [run.frames or [1000.0 * PLAYED_S] for run in runs]
    frame = statistics.median(statistics.median(run) for run in frames)
    longest = statistics.median(max(run) for run in frames)
    figures = [
        round(len(gzip.compress(body, 9)) / 1000, 1),
        round(sum(weights) / 1000, 1),
        len(asked),
        len({urlsplit(address).hostname for address in asked}),
        f"{statistics.median(times):,.0f}" if len(times) == RUNS else f"not in {PATIENCE_S} s",
        f"{frame:.1f}" if moved else "does not play",
        f"{longest:,.0f}" if moved else "does not play",
        f"{task:,.0f}" if task else f"< {TASK_MS}",
    ]
    return {"what": f"{case}: {subject.title.format(version)}", **dict(zip(COLUMNS, figures, strict=True))}


def measure() -> list[dict[str, object]]:
    """One row a page."""
    if not PEERS.exists():
        return [{"what": "the other tools are not installed, see make bench", **dict.fromkeys(COLUMNS)}]
    cdn.fetch()
    store = cdn.Store()
    with tempfile.TemporaryDirectory() as name:
        return [row(subject, case, store, Path(name)) for case in CASES for subject in SUBJECTS]
