"""The server of the dashboard in a real browser: its policy, frames, limits, the public and those who sign in."""

from __future__ import annotations

import json
import re
import shutil
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest
from browser import harness
from browser.harness import PHONE, axe, screenshot, until
from browser.provider import CLIENT, SECRET, providing
from playwright.sync_api import expect

from geo.dashboard.embed import embed_code
from geo.resources import data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from browser.provider import Provider
    from playwright.sync_api import Browser, Page

    Open = Callable[..., Page]

PATIENCE = 60_000
HOSTILE = "<script>window.hit = 1</script><img src=x onerror=window.hit=1>"
READ = ("?case=jl516", "?case=jl516&page=data")
WRITE = ("?case=jl516&page=edit", "?case=jl516&page=publish", "?page=new", "?page=open")


def library_in(folder: Path) -> Path:
    """A library of two cases; the title of one is hostile."""
    shutil.copytree(data("cases", "jl516"), folder / "jl516")
    shutil.copytree(data("cases", "jl516"), folder / "hostile")
    file = folder / "hostile" / "case.toml"
    text = re.sub(r"(?m)^number = .*$", lambda _: f'number = "{HOSTILE}"', file.read_text(encoding="utf-8"), count=1)
    file.write_text(re.sub(r"(?m)^title\.en = .*$", lambda _: f'title.en = "{HOSTILE}"', text), encoding="utf-8")
    return folder


@contextmanager
def served(folder: Path, text: str, port: int, base: str = "") -> Iterator[str]:
    """The real dashboard on a folder, with these settings; gives its address."""
    (folder / "config.toml").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "geo.cli", "serve", str(folder), "--port", str(port), "--no-browser"]
    address = f"http://127.0.0.1:{port}{base}"
    with harness.serving(command, f"{address}/healthz", says=f"at {address} "):
        yield address


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard that takes files of up to 1 MB."""
    folder = library_in(tmp_path_factory.mktemp("newsroom"))
    with served(folder, "[server]\nmax_upload_mb = 1\n", harness.free_port()) as address:
        yield address


def ready(opened: Page) -> None:
    """Wait until Streamlit has drawn a page and has nothing more to do."""
    expect(opened.get_by_role("heading", level=1, name="Flightcase")).to_be_attached(timeout=PATIENCE)
    until(opened, "document.querySelector('.stApp')?.dataset.testScriptState === 'notRunning'", 60)


def test_no_page_breaks_its_policy(newsroom: str, open_page: Open) -> None:
    opened = open_page()
    for query in (*READ, *WRITE, "?case=hostile", "?case=hostile&page=edit", "?case=hostile&page=publish"):
        answer = opened.goto(f"{newsroom}/{query}")
        assert answer
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        ready(opened)
        assert opened.evaluate("window.hit === undefined"), query
    assert "server" not in answer.headers


def test_a_script_that_gets_into_a_page_is_refused(newsroom: str, open_page: Open) -> None:
    opened = open_page(allow=["Content Security Policy"])
    opened.goto(f"{newsroom}/?case=hostile")
    ready(opened)
    opened.evaluate(
        """html => {
            window.refused = [];
            document.addEventListener("securitypolicyviolation", (each) => refused.push(each.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.hit = 1";
            document.body.append(script);
            const holder = document.createElement("div");
            holder.innerHTML = html;
            document.body.append(holder);
            const other = document.createElement("script");
            other.src = "http://127.0.0.1:9/x.js";
            document.body.append(other);
            fetch("http://127.0.0.1:9/?stolen").catch(() => {});
            const base = document.createElement("base");
            base.href = "http://127.0.0.1:9/";
            document.head.append(base);
            // Later, for what a debugger runs may evaluate.
            setTimeout(() => { try { (0, eval)("window.hit = 1"); } catch { refused.push("eval"); } });
        }""",
        HOSTILE,
    )
    wanted = ["base-uri", "connect-src", "eval", "script-src-attr", "script-src-elem"]
    until(opened, f"{json.dumps(wanted)}.every((each) => window.refused.includes(each))")
    assert opened.evaluate("window.hit === undefined")


def test_a_file_that_is_too_large_is_refused_with_words(newsroom: str, open_page: Open, tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    file.write_bytes(b"# " + b"x" * 1_500_000)
    opened = open_page()
    opened.goto(f"{newsroom}/?page=open")
    opened.locator("input[type=file]").first.set_input_files(file, timeout=PATIENCE)
    expect(opened.get_by_text(re.compile("must be 1.*MB or smaller"))).to_be_visible(timeout=PATIENCE)


# --- frames ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def article(newsroom: str, tmp_path: Path) -> Iterator[str]:
    """The site of a newspaper, on another port: an article with an embedded page, and one that frames the dashboard."""
    lead = "<!doctype html><html lang=en><link rel=icon href=data:,><title>Article</title><main><h1>Article</h1>"
    code = embed_code(newsroom, "jl516", "How JL516 landed", "de", height=900)
    (tmp_path / "article.html").write_text(f"{lead}<p>Text.</p>{code}<p>More text.</p></main>", encoding="utf-8")
    (tmp_path / "trap.html").write_text(
        f'{lead}<iframe src="{newsroom}/?case=jl516" title="trap"></iframe></main>', encoding="utf-8"
    )

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("name", "look"), [("wide", {}), ("phone", {"viewport": PHONE, "touch": True})])
def test_an_article_shows_the_page(article: str, open_page: Open, name: str, look: dict[str, Any]) -> None:
    opened = open_page(allow=["postMessage"], **look)  # by axe, which looks into frames
    opened.goto(f"{article}/article.html")
    frame = opened.frame_locator("iframe[title='How JL516 landed']")
    expect(frame.get_by_role("slider", name="Zeit")).to_be_visible(timeout=PATIENCE)
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [str(violation) for violation in axe(opened)] == []
    screenshot(opened, f"server-article-{name}")


def test_no_site_shows_the_dashboard_in_a_frame(article: str, newsroom: str, open_page: Open) -> None:
    opened = open_page(allow=["frame-ancestors", "X-Frame-Options", "chrome-error"])
    with opened.expect_console_message(lambda message: "frame-ancestors" in message.text, timeout=PATIENCE):
        opened.goto(f"{article}/trap.html")
    assert not any(frame.url.startswith(newsroom) and frame.content().count("stApp") for frame in opened.frames[1:])


# --- the public ------------------------------------------------------------------------------------------------------


def test_the_public_reads_and_changes_nothing(browser: Browser, tmp_path: Path) -> None:
    folder = library_in(tmp_path)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with (
        served(folder, "[server]\nread_only = true\n", harness.free_port()) as address,
        harness.watched(browser) as opened,
    ):
        for query in READ:
            opened.goto(f"{address}/{query}")
            ready(opened)
            expect(opened.get_by_role("radio", name="Data")).to_be_attached(timeout=PATIENCE)
            for name in ("Edit", "Publish"):
                expect(opened.get_by_role("radio", name=name)).to_have_count(0)
            expect(opened.get_by_role("button", name=re.compile("New case|Open case file|Sign"))).to_have_count(0)
        for query in WRITE:
            opened.goto(f"{address}/{query}")
            expect(opened.get_by_text("This server shows cases and changes none.")).to_be_visible(timeout=PATIENCE)
            expect(opened.locator("input[type=file]")).to_have_count(0)
        screenshot(opened, "server-read-only")
        ready(opened)
        assert [str(violation) for violation in axe(opened)] == []
        context = browser.new_context()
        assert context.request.put(f"{address}/_stcore/upload_file/a/b", data=b"x").status == 403
        assert context.request.get(f"{address}/flightcase/draft/0/a/0/en/nautical.json").status == 404
        context.close()
        after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        after.pop(folder / "config.toml")
        assert after == before


# --- sign-in ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """Whom people sign in with."""
    with providing() as one:
        yield one


@contextmanager
def signing_in(folder: Path, provider: Provider, required: str) -> Iterator[str]:
    port = harness.free_port()
    text = f"""
[server]
base_path = "newsroom/flights"
public_url = "http://127.0.0.1:{port}/newsroom/flights"
[sign_in]
required = "{required}"
allowed = ["@example.org"]
server_metadata_url = "{provider.metadata}"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
"""
    with served(library_in(folder), text, port, "/newsroom/flights") as address:
        yield address


def test_whoever_changes_cases_signs_in(provider: Provider, browser: Browser, tmp_path: Path) -> None:
    with signing_in(tmp_path, provider, "editing") as address, harness.watched(browser) as opened:
        opened.goto(f"{address}/?case=jl516")
        expect(opened.get_by_role("slider", name="Time")).to_be_visible(timeout=PATIENCE)
        expect(opened.get_by_role("radio", name="Edit")).to_have_count(0)
        expect(opened.get_by_role("button", name="New case")).to_have_count(0)
        screenshot(opened, "server-signed-out")
        opened.goto(f"{address}/?case=jl516&page=edit")
        expect(opened.get_by_text("Sign in to change cases.")).to_be_visible(timeout=PATIENCE)
        ready(opened)
        assert [str(violation) for violation in axe(opened)] == []

        provider.person = {"sub": "1", "name": "Ben", "email": "ben@example.com"}
        opened.locator(".st-key-gate").get_by_role("button", name="Sign in").click()
        expect(opened.get_by_text("Signed in as ben@example.com")).to_be_visible(timeout=PATIENCE)
        expect(opened.get_by_role("radio", name="Edit")).to_have_count(0)
        opened.goto(f"{address}/?case=jl516&page=edit")
        refused = "ben@example.com is signed in, and is not among those who may work here."
        expect(opened.get_by_text(refused)).to_be_visible(timeout=PATIENCE)
        opened.locator(".st-key-corner").get_by_role("button", name="Sign out").click()
        expect(opened.get_by_text("Signed in as")).to_have_count(0, timeout=PATIENCE)

        provider.person = {"sub": "2", "name": "Anna", "email": "anna@example.org", "email_verified": True}
        opened.goto(f"{address}/?case=jl516")
        opened.locator(".st-key-corner").get_by_role("button", name="Sign in").click()
        expect(opened.get_by_text("Signed in as anna@example.org")).to_be_visible(timeout=PATIENCE)
        expect(opened.get_by_role("radio", name="Edit")).to_be_attached(timeout=PATIENCE)
        expect(opened.get_by_role("button", name="New case")).to_be_visible()
        screenshot(opened, "server-signed-in")
        cookies = {cookie["name"]: cookie for cookie in opened.context.cookies()}
        user = cookies["_streamlit_user"]
        assert (user["httpOnly"], user["sameSite"], user["path"]) == (True, "Lax", "/newsroom/flights")
        assert {"/authorize", "/token", "/jwks"} <= set(provider.seen)


def test_where_all_sign_in_nothing_is_shown_before(provider: Provider, browser: Browser, tmp_path: Path) -> None:
    with (
        signing_in(tmp_path, provider, "everything") as address,
        harness.watched(browser, scheme="dark") as opened,
    ):
        opened.goto(f"{address}/?case=jl516")
        expect(opened.get_by_text("Sign in to see the cases.")).to_be_visible(timeout=PATIENCE)
        expect(opened.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE)
        expect(opened).to_have_title("Flightcase")
        assert "JL516" not in opened.content()
        screenshot(opened, "server-closed")
        assert [str(violation) for violation in axe(opened)] == []
        context = browser.new_context()
        for path in ("flightcase/scene/0/0/jl516/en/nautical.json", "flightcase/basemap/0/jl516.json", "embed/jl516"):
            assert context.request.get(f"{address}/{path}").status == 404, path
        context.close()
        provider.person = {"sub": "2", "email": "anna@example.org"}
        opened.get_by_role("button", name="Sign in").press("Enter")
        expect(opened.get_by_text("Signed in as anna@example.org")).to_be_visible(timeout=PATIENCE)
        opened.goto(f"{address}/?case=jl516")
        expect(opened.get_by_role("slider", name="Time")).to_be_visible(timeout=PATIENCE)
