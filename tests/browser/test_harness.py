"""The harness itself: a page that misbehaves fails, a page that behaves passes, and each by what it did."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Literal
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from browser import chromium, harness

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from playwright.sync_api import Browser, Page

QUIET = '<!doctype html><html lang="en"><title>Quiet</title><main><h1>Quiet</h1><p>Nothing happens.</p></main></html>'


def write(folder: Path, body: str) -> str:
    path = folder / "page.html"
    path.write_text(body, encoding="utf-8")
    return path.as_uri()


def visit(browser: Browser, url: str, click: Literal["link"] | None = None, allow: Sequence[str] = ()) -> None:
    with harness.watched(browser, allow) as page:
        page.goto(url)
        if click:
            page.get_by_role(click).click()
        page.wait_for_timeout(300)  # what a page does wrong may come a moment after it has loaded


def with_script(script: str) -> str:
    return QUIET.replace("</main>", f"</main><script>{script}</script>")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            QUIET.replace("</main>", '<img alt="" src="https://example.org/a.png"></main>'),
            "request to https://example.org/a.png",
        ),
        (
            QUIET.replace("</main>", '<img alt="" src="http://192.0.2.1/a.png"></main>'),
            "request to http://192.0.2.1/a.png",
        ),
        (QUIET.replace("<title>", '<link rel="stylesheet" href="https://example.org/a.css"><title>'), "a.css"),
        (
            with_script("fetch('https://example.org/x', {mode: 'no-cors'}).catch(() => 0)"),
            "request to https://example.org/x",
        ),
        (with_script("new WebSocket('wss://example.org/s')"), "socket to wss://example.org/s"),
        (with_script("console.error('broken')"), "console error: broken"),
        (with_script("console.warn('careful')"), "console warning: careful"),
        (with_script("throw new TypeError('thrown')"), "uncaught: thrown"),
        (with_script("Promise.reject(new Error('rejected'))"), "uncaught: rejected"),
        (
            QUIET.replace("</main>", '<iframe title="x" srcdoc="<script>console.error(1+1)</script>"></iframe></main>'),
            "error: 2",
        ),
        (
            QUIET.replace(
                "<title>", "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'\"><title>"
            ).replace("</main>", "<script>1</script></main>"),
            "Content Security Policy",
        ),
    ],
    ids=["image", "address", "style", "fetch", "socket", "error", "warning", "throw", "reject", "frame", "csp"],
)
def test_a_page_that_misbehaves_fails(browser: Browser, tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(said)):
        visit(browser, write(tmp_path, body))


def test_a_pop_up_is_watched_too(browser: Browser, tmp_path: Path) -> None:
    body = QUIET.replace("</main>", '<a target="_blank" href="https://example.org/next">on</a></main>')
    with pytest.raises(AssertionError, match=r"example\.org/next"):
        visit(browser, write(tmp_path, body), click="link")


def test_a_page_that_behaves_passes(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(offline=True)
    page.goto(write(tmp_path, with_script("console.log('fine'); fetch('data:,ok')")))
    assert page.title() == "Quiet"
    assert harness.axe(page) == []


def test_only_the_excused_line_is_excused(browser: Browser, tmp_path: Path) -> None:
    body = with_script("console.warn('theirs: known'); console.warn('ours')")
    with pytest.raises(AssertionError) as failure:
        visit(browser, write(tmp_path, body), allow=["^theirs: "])
    assert "ours" in str(failure.value)
    assert "theirs" not in str(failure.value)


def test_the_looks_arrive_in_the_page(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(viewport=harness.PHONE, scheme="dark", motion="reduce", locale="de-DE", zone="Asia/Aqtau")
    page.goto(write(tmp_path, QUIET))
    seen = page.evaluate(
        "() => [innerWidth, matchMedia('(prefers-color-scheme: dark)').matches, navigator.language,"
        " matchMedia('(prefers-reduced-motion: reduce)').matches, Intl.DateTimeFormat().resolvedOptions().timeZone]"
    )
    assert seen == [375, True, "de-DE", True, "Asia/Aqtau"]


def test_without_scripts_none_runs(open_page: Callable[..., Page], tmp_path: Path) -> None:
    page = open_page(scripts=False)
    page.goto(write(tmp_path, with_script("document.title = 'ran'")))
    assert page.title() == "Quiet"


def test_axe_finds_what_is_wrong_under_a_strict_policy(open_page: Callable[..., Page], tmp_path: Path) -> None:
    policy = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; img-src data:\">"
    body = QUIET.replace("<title>", f"{policy}<title>").replace("</main>", '<img src="data:,"><button></button></main>')
    page = open_page()
    page.goto(write(tmp_path, body))
    rules = {violation.rule for violation in harness.axe(page)}
    assert {"image-alt", "button-name"} <= rules
    assert harness.axe(page, within="h1") == []


def test_a_screenshot_is_written_where_it_was_asked_for(
    open_page: Callable[..., Page], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    page.goto(write(tmp_path, QUIET))
    monkeypatch.delenv("FLIGHTCASE_SCREENSHOTS", raising=False)
    assert harness.screenshot(page, "quiet") is None
    monkeypatch.setenv("FLIGHTCASE_SCREENSHOTS", str(tmp_path / "seen"))
    path = harness.screenshot(page, "story/quiet")
    assert path is not None
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("url", "outside"),
    [
        ("file:///a/b.html", False),
        ("data:text/plain,x", False),
        ("blob:null/1", False),
        ("http://127.0.0.1:8501/x", False),
        ("http://127.0.0.1.example.org/", True),
        ("https://user@example.org/127.0.0.1", True),
        ("wss://example.org", True),
        ("http://localhost:8501", True),
    ],
)
def test_what_is_outside(url: str, outside: bool) -> None:
    assert harness.is_outside(url) is outside


def test_a_server_runs_while_it_is_needed_and_no_longer(open_page: Callable[..., Page], tmp_path: Path) -> None:
    icon = QUIET.replace("<title>", '<link rel="icon" href="data:,"><title>')  # or Chromium asks for /favicon.ico
    (tmp_path / "index.html").write_text(icon, encoding="utf-8")
    port = harness.free_port()
    address = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(tmp_path)]
    with harness.serving(command, address):
        page = open_page()
        page.goto(address)
        assert page.title() == "Quiet"
    with pytest.raises(URLError):
        urlopen(address, timeout=5)


def test_a_server_that_ends_says_what_it_said() -> None:
    command = [sys.executable, "-c", "raise SystemExit('no cases there')"]
    with (
        pytest.raises(RuntimeError, match="ended with 1:\nno cases there"),
        harness.serving(command, "http://127.0.0.1:9/"),
    ):
        pass


def test_a_server_that_logs_a_traceback_fails() -> None:
    port = harness.free_port()
    code = (
        "import http.server, traceback\n"
        "try: 1 / 0\n"
        "except ZeroDivisionError: traceback.print_exc()\n"
        f"http.server.test(http.server.SimpleHTTPRequestHandler, port={port}, bind='127.0.0.1')"
    )
    with (
        pytest.raises(RuntimeError, match="ZeroDivisionError"),
        harness.serving([sys.executable, "-u", "-c", code], f"http://127.0.0.1:{port}/LICENSE"),
    ):
        pass


def test_a_browser_that_does_not_run_is_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "chromium"
    stub.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    stub.chmod(0o755)
    assert not chromium.runs(str(stub))
    monkeypatch.setenv("CHROMIUM", str(stub))
    with pytest.raises(chromium.NoChromium, match="does not run"):
        chromium.find()


def test_waiting_for_an_expression_works_under_a_policy_and_ends(browser: Browser) -> None:
    with harness.watched(browser) as page:
        page.set_content(
            "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\"><title>Policy</title><p>one</p>"
        )
        harness.until(page, "document.querySelectorAll('p').length === 1")
        with pytest.raises(AssertionError, match="not so within 0 s"):
            harness.until(page, "document.querySelectorAll('p').length === 2", patience=0.1)
