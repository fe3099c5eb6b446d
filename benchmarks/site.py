"""A published site: how long it takes, and its index and a page of it under Lighthouse and axe.

`flightcase publish` of the shipped cases, then again with nothing changed; the site served compressed from this
machine under the address that it was published for, Lighthouse and axe as in the audit of a page.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from browser import chromium, harness
from playwright.sync_api import sync_playwright

from benchmarks.audit import BAR, lighthouse

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
CASES = ("j2-8243", "jl516", "fr4978", "kal007", "af1-2001")
PAGES = {"index": "", "page of j2-8243": "j2-8243/"}
RUNS = 3


class _Compressed(SimpleHTTPRequestHandler):
    """Serves a folder, text compressed as every public server does it."""

    root = Path()

    def do_GET(self) -> None:
        """Answer with a file, or 404."""
        path = self.path.partition("?")[0].lstrip("/")
        file = self.root / (f"{path}index.html" if not path or path.endswith("/") else path)
        found = file.is_file()
        body = gzip.compress(file.read_bytes(), 9) if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip" if found else "identity")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(root: Path) -> Iterator[str]:
    """Serve a folder while the block runs; gives its address."""
    handler = type("Handler", (_Compressed,), {"root": root})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


def publish(root: Path, url: str) -> tuple[float, dict[str, Any]]:
    """Seconds of a cold process, and what it says."""
    command = [sys.executable, "-m", "geo.cli", "publish", *(f"data/cases/{slug}" for slug in CASES)]
    command += ["-o", str(root), "--url", url, "--name", "The Example Times", "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, json.loads(done.stdout)


def violations(url: str) -> int:
    """What axe finds in a light and a dark window, and what the page did that it may not."""
    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=list(harness.FLAGS))
        for scheme in ("light", "dark"):
            recorder = harness.Recorder()
            with harness.recorded(browser, recorder, scheme=scheme) as page:
                page.goto(url)
                page.wait_for_selector("h1")
                count += len(harness.axe(page))
            count += len(recorder.problems)
        browser.close()
    return count


def measure() -> list[dict[str, Any]]:
    """Rows of time and size, then for each page one a category of Lighthouse and one for axe."""
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with served(folder / "site") as url:
            first, told = publish(folder / "site", url)
            again, same = publish(folder / "site", url)
            size = sum(file["bytes"] for file in told["files"])
            rows += [
                {"what": f"{len(CASES)} cases, {len(told['files'])} files, first run, s", "measured": f"{first:.1f}"},
                {"what": "nothing changed, s", "measured": f"{again:.1f}"},
                {"what": "files written then", "measured": f"{len(same['written'])}", "bar": "0"},
                {"what": "size, MB", "measured": f"{size / 1e6:.1f}"},
                {"what": "links that lead nowhere", "measured": f"{len(told['broken'])}", "bar": "0"},
            ]
            for each, way in PAGES.items():
                runs = [lighthouse(url + way, folder)[0] for _ in range(RUNS)]
                for title in runs[0]:
                    best = max(run[title] for run in runs)
                    rows.append({"what": f"{each}: Lighthouse, {title}", "measured": f"{best:.0f}", "bar": f"≥ {BAR}"})
                rows.append(
                    {"what": f"{each}: axe, requests, errors", "measured": f"{violations(url + way)}", "bar": "0"}
                )
    for row in rows:
        bar = row.setdefault("bar", "")
        most, least = float(row["measured"]), BAR if bar.startswith("≥") else 0
        row["holds"] = "" if not bar else most >= least if least else most == 0
    return rows
