"""Finds a Chromium for the browser tests, and fetches one where there is none.

As a program it does both and says in one line what it found, or what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The headless build draws no windows around its pages: the tests take a third less time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
)
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
ADVICE = (
    "no Chromium runs here and none could be fetched: install Chromium or Google Chrome "
    "(Debian: apt-get install chromium), or set CHROMIUM to the path of one"
)


class NoChromium(RuntimeError):  # noqa: N818  the name is the whole message
    """There is no browser; the text says what to install."""


def runs(path: str) -> bool:
    """Whether the program starts; a stub of a package manager or a build without its libraries does not."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find() -> str | None:
    """Path of a Chromium that is there: ``CHROMIUM``, the usual names, Playwright's own; else None.

    Raises:
        NoChromium: when ``CHROMIUM`` names something that does not run.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None or not runs(path):
            raise NoChromium(f"CHROMIUM={chosen} does not run: set it to the path of a Chromium, or unset it")
        return path
    on_path = (path for name in NAMES if (path := shutil.which(name)))
    on_mac = (path for path in MAC if Path(path).exists())
    for path in (*on_path, *on_mac):
        if runs(path):
            return path
    return _playwrights()


def ensure() -> str:
    """Path of a Chromium: one that is there, else Playwright's download, else the distribution's package.

    Raises:
        NoChromium: when none of these gives one.
    """
    path = find()
    for fetch in (_download, _install):
        if path is None:
            fetch()
            path = find()
    if path is None:
        raise NoChromium(ADVICE)
    return path


def _playwrights() -> str | None:
    """Path of the Chromium that Playwright keeps in its own cache; it names the path without starting a browser."""
    from playwright.sync_api import sync_playwright  # seldom needed

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() and runs(path) else None


def _download() -> None:
    _say("No Chromium here; asking Playwright for its own (some 170 MB, once) ...")
    waits = {"PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000", **os.environ}
    _try([sys.executable, "-m", "playwright", "install", "chromium"], waits)


def _install() -> None:
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    _say("Playwright's does not run here; installing the distribution's package ...")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _try(["apt-get", "update", "-qq"], quiet)
    for package in NAMES[:2]:
        if not any(map(shutil.which, NAMES)):
            _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", package], quiet)


def _try(command: list[str], environment: dict[str, str]) -> None:
    """Run to the end whatever comes of it: whether a Chromium is there now is asked afterwards."""
    try:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=900, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as failure:
        _say(f"  {failure}")
        return
    if done.returncode != 0:
        lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if "rror" in line]
        _say(f"  {lines[0].removesuffix(', caused by') if lines else f'it ended with {done.returncode}'}")


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201  this module is a program too


if __name__ == "__main__":
    try:
        _say(f"Chromium: {ensure()}")
    except NoChromium as missing:
        sys.exit(f"Flightcase's browser tests need a browser: {missing}")
