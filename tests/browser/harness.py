"""What the browser tests stand on: a page that is watched, an audit, a running dashboard.

A watched page fails its test when it asks anyone but this machine for anything, logs a warning or an error, or
throws. That is the promise of DESIGN §6, so no test has to remember to ask for it.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict, Unpack
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, WebError, WebSocket

ROOT = Path(__file__).resolve().parents[2]
WIDE = (1440, 900)
PHONE = (375, 812)
PATIENCE_MS = 60_000
FLAGS = (
    "--no-sandbox",  # tests run as root in containers
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name resolves: what a page asks of others is seen, and does not get out.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
_OWN_SCHEMES = frozenset({"file", "data", "blob", "about"})


class Look(TypedDict):
    """How a page is looked at; what is left out is a wide, light screen that is on line."""

    viewport: NotRequired[tuple[int, int]]
    scheme: NotRequired[Literal["light", "dark"]]
    motion: NotRequired[Literal["reduce", "no-preference"]]
    locale: NotRequired[str]
    zone: NotRequired[str]
    touch: NotRequired[bool]
    scripts: NotRequired[bool]
    offline: NotRequired[bool]


@dataclass
class Recorder:
    """What pages did that no page of ours may do; ``allow`` excuses console lines that another program writes."""

    allow: tuple[re.Pattern[str], ...] = ()
    problems: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Listen to everything that the pages of a context do, frames and pop-ups included."""
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("page", lambda page: page.on("websocket", self._socket))

    def verdict(self) -> None:
        """Raise AssertionError that lists the problems, if there are any."""
        if self.problems:
            raise AssertionError("\n".join(["the page did what no page of ours may do:", *self.problems]))

    def _request(self, request: Request) -> None:
        if is_outside(request.url):
            self.problems.append(f"  request to {request.url[:200]} ({request.resource_type})")

    def _socket(self, socket: WebSocket) -> None:
        if is_outside(socket.url):
            self.problems.append(f"  socket to {socket.url[:200]}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(rule.search(message.text) for rule in self.allow):
            where = message.location.get("url", "")
            self.problems.append(f"  console {message.type}: {message.text} ({where})")

    def _error(self, error: WebError) -> None:
        self.problems.append(f"  uncaught: {error.error}")


def is_outside(url: str) -> bool:
    """Whether a request to this address leaves the machine."""
    parts = urlsplit(url)
    return parts.scheme not in _OWN_SCHEMES and parts.hostname != "127.0.0.1"


@contextmanager
def watched(browser: Browser, allow: Sequence[str] = (), **look: Unpack[Look]) -> Iterator[Page]:
    """Give a fresh page, and raise AssertionError in the end if it did what it may not.

    Args:
        browser: where it opens, in a context of its own.
        allow: regular expressions of console lines that are not ours to mend; say why where you pass one.
        look: window, scheme and so on.
    """
    recorder = Recorder(tuple(re.compile(rule) for rule in allow))
    with recorded(browser, recorder, **look) as page:
        yield page
    recorder.verdict()


@contextmanager
def recorded(browser: Browser, recorder: Recorder, **look: Unpack[Look]) -> Iterator[Page]:
    """Give a fresh page, in a context of its own, whose doings go into ``recorder``."""
    width, height = look.get("viewport", WIDE)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=look.get("scheme", "light"),
        reduced_motion=look.get("motion", "no-preference"),
        locale=look.get("locale", "en-GB"),
        timezone_id=look.get("zone", "UTC"),
        has_touch=look.get("touch", False),
        java_script_enabled=look.get("scripts", True),
        offline=look.get("offline", False),
        service_workers="block",
    )
    context.set_default_timeout(PATIENCE_MS)
    recorder.watch(context)
    try:
        yield context.new_page()
    finally:
        context.close()


def until(page: Page, expression: str, patience: float = 30) -> None:
    """Wait until an expression is true in a page; Playwright's own waiting is forbidden by the policy of our pages.

    Raises:
        AssertionError: when it is not after ``patience`` seconds.
    """
    end = time.monotonic() + patience
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise AssertionError(f"not so within {patience:.0f} s: {expression}")
        page.wait_for_timeout(20)


@dataclass(frozen=True)
class Violation:
    """One rule of axe that a page breaks, with the elements that break it."""

    rule: str
    impact: str
    help: str
    targets: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.rule} ({self.impact}): {self.help}: {', '.join(self.targets)}"


@cache
def _axe_source() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def axe(page: Page, within: str = "html") -> list[Violation]:
    """Violations that axe-core finds in a page, or within one selector of it; best practices count.

    The source goes in by the debugger, so that the page's own Content-Security-Policy stays in force.
    """
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(_axe_source() + ";0")
    found: list[dict[str, Any]] = page.evaluate(
        "within => axe.run(within, {resultTypes: ['violations']}).then(result => result.violations)", within
    )
    return [
        Violation(
            rule=one["id"],
            impact=one["impact"] or "",
            help=one["help"],
            targets=tuple(str(node["target"]) for node in one["nodes"]),
        )
        for one in found
    ]


def screenshot(page: Page, name: str, *, full: bool = False) -> Path | None:
    """Write ``name``.png into the folder that ``FLIGHTCASE_SCREENSHOTS`` names; without it do nothing."""
    folder = os.environ.get("FLIGHTCASE_SCREENSHOTS")
    if not folder:
        return None
    path = Path(folder) / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=full)
    return path


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    command: Sequence[str],
    health: str,
    environment: Mapping[str, str] | None = None,
    patience: float = 120,
    says: str = "",
) -> Iterator[None]:
    """Run a server until the block ends, entering once ``health`` answers and its log has ``says``.

    Raises:
        RuntimeError: when it ends or stays silent for ``patience`` seconds, when it ends before the block does, and
            when its log shows a traceback.
    """
    with tempfile.TemporaryFile("a+", encoding="utf-8") as log:
        process = subprocess.Popen(
            list(command),
            cwd=ROOT,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

        def said() -> str:
            log.seek(0)
            return log.read()[-4000:]

        try:
            _await(process, health, patience, says, said)
            yield
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode} while it was used:\n{said()}")
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if "Traceback (most recent call last)" in said():
            raise RuntimeError(f"the server logged a traceback:\n{said()}")


def _await(process: subprocess.Popen[bytes], health: str, patience: float, says: str, said: Any) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}:\n{said()}")
        try:
            with urlopen(health, timeout=5) as answer:  # noqa: S310  an address of this machine, made above
                # Another server may answer at a port that ours could not have: ours has to say that it listens.
                if answer.status == 200 and says in said():
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    raise RuntimeError(f"{health} did not answer within {patience:.0f} s:\n{said()}")


def idle(page: Page) -> None:
    """Wait until the dashboard's server has answered all that a page asked of it.

    What is pressed before, while the page is drawn anew, may come to nothing.
    """
    page.locator(".stApp[data-test-connection-state='CONNECTED'][data-test-script-state='notRunning']").wait_for(
        timeout=PATIENCE_MS
    )


def listener(address: str) -> int:
    """Number of the process that serves an address, on Linux."""
    port = urlsplit(address).port
    needle = f"--port\0{port}\0".encode()
    return next(int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if needle in path.read_bytes())


@contextmanager
def dashboard(*arguments: str) -> Iterator[str]:
    """The real dashboard as a process of its own; gives its address, without a slash at the end."""
    port = free_port()
    command = [sys.executable, "-m", "geo.cli", "serve", *arguments, "--port", str(port), "--no-browser"]
    address = f"http://127.0.0.1:{port}"
    with serving(command, f"{address}/_stcore/health", says=f"at {address} "):
        yield address
