"""Articles of others: every kind of host gives a page its height, and directs it, and none is led by it."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from browser.harness import screenshot, until
from micawber import Provider
from playwright.sync_api import expect

from geo import casefile
from geo.render import embed
from geo.render.page import page as render_page
from geo.resources import asset_text, data
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Frame, Page

    Open = Callable[..., Page]

ROOT = Path(__file__).resolve().parents[2]
PYM = ROOT / "node_modules" / "pym.js" / "dist" / "pym.v1.min.js"
START = "2024-12-25T05:42:40Z"
OTHER = "2024-12-25T04:25:00Z"
EVENT = "first-bang"

# What their own code does with messages, read in amp-iframe.js 0.1 and wp-embed.js 6.1.
AMP = """
const frame = document.querySelector("iframe");
addEventListener("message", ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  let height = 0;
  if (data?.sentinel === "amp" && data.type === "embed-size") height = parseInt(data.height, 10);
  if (height >= 100) frame.style.height = height + "px";
});
"""
MEDIUM = """
addEventListener("message", ({ data }) => {
  if (typeof data !== "string") return;
  let said;
  try { said = JSON.parse(data); } catch { return; }
  if (said.context !== "iframe.resize") return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.src === said.src) frame.style.height = said.height + "px";
  }
});
"""
WORDPRESS = """
addEventListener("message", ({ source, data }) => {
  if (!data?.secret || /[^a-zA-Z0-9]/.test(data.secret)) return;
  for (const frame of document.querySelectorAll(`iframe[data-secret="${data.secret}"]`)) {
    if (source !== frame.contentWindow) continue;
    frame.removeAttribute("style");
    if (data.message === "height") frame.height = Math.max(200, Math.min(1000, parseInt(data.value, 10)));
  }
});
addEventListener("load", () => {
  for (const frame of document.querySelectorAll("iframe.wp-embedded-content")) {
    const secret = Math.random().toString(36).slice(2, 12);
    frame.src += "#?secret=" + secret;
    frame.dataset.secret = secret;
    frame.contentWindow.postMessage({ message: "ready", secret }, "*");
  }
});
"""
COUNT = "window.heard = []; addEventListener('message', ({ data, source }) => heard.push({ data, source }));"
ASKED = "heard.filter(({ data }) => data?.type === 'flightcase:height').length"


class Web(NamedTuple):
    """Two origins: the pages of the newsroom, and an article of somebody else, whose parts a test puts in."""

    pages: str
    host: str
    files: dict[str, tuple[str, str, str]]

    def article(self, body: str, script: str = COUNT, policy: str = "") -> str:
        """The address of an article; its script is a file of its own, so that strict policies let it run."""
        lead = "<!doctype html><html lang=en><meta charset=utf-8><link rel=icon href=data:,><title>Article</title>"
        look = "" if policy else "<style>body{margin:0}p{margin:8px}</style>"
        self.files["/article.js"] = ("text/javascript", script, "")
        main = f"<main><h1>Article</h1><p>Text.</p>{body}<p>End.</p></main>"
        whole = f"{lead}{look}<script src=article.js></script>{main}"
        self.files["/article"] = ("text/html", whole, policy)
        return f"{self.host}/article"


@contextmanager
def serving(files: dict[str, tuple[str, str, str]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            media, text, policy = files.get(self.path.split("?")[0], ("text/plain", "", ""))
            self.send_response(200 if text else 404)
            self.send_header("Content-Type", f"{media}; charset=utf-8")
            if policy:
                self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            with suppress(ConnectionError):  # a page that was left
                self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    case = casefile.read(data("cases", "j2-8243"))
    route = trace(case)
    first, *also = (compose(case, route, language, "nautical") for language in ("en", "de"))
    pages = {"/page": ("text/html", render_page(first, also=also), "")}
    articles = {
        "/embed.js": ("text/javascript", asset_text("embed.js"), ""),
        "/pym.js": ("text/javascript", PYM.read_text(encoding="utf-8") if PYM.exists() else "", ""),
    }
    with ExitStack() as stack:
        yield Web(stack.enter_context(serving(pages)), stack.enter_context(serving(articles)), articles)


def inner(opened: Page, index: int = 0) -> Frame:
    """The frame of a page of ours, once it stands."""
    for _ in range(1000):
        # Those in shadow trees are not among the frames of a window.
        found = [each for each in opened.frames if "/page" in each.url]
        if len(found) > index:
            break
        opened.wait_for_timeout(20)
    frame = found[index]
    expect(frame.locator(".fc-page:not(.fc-away)")).to_be_attached(timeout=60_000)
    return frame


def needs(frame: Frame) -> int:
    """The height of what a page shows at a narrow width, by the place of its foot."""
    found: int = frame.evaluate(
        "() => Math.ceil(document.querySelector('.fc-foot').getBoundingClientRect().bottom"
        " - document.querySelector('.fc-page').getBoundingClientRect().top)"
    )
    return found


def height(frame: Frame) -> int:
    found: int = frame.evaluate("innerHeight")
    return found


def settled(opened: Page, frame: Frame, wanted: Callable[[], int]) -> None:
    """Wait for a height, and see that it stays."""
    frame.wait_for_timeout(0)
    for _ in range(500):
        if abs(height(frame) - wanted()) <= 1:
            break
        opened.wait_for_timeout(20)
    rest = (
        "() => new Promise((done) => { let n = 20; (function on() { n-- ? requestAnimationFrame(on) : done(); })(); })"
    )
    opened.evaluate(rest)
    told = opened.evaluate(ASKED)
    opened.evaluate(rest)
    assert abs(height(frame) - wanted()) <= 1
    assert opened.evaluate(ASKED) == told, "a page that got its height goes on asking"
    assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def bodies(web: Web) -> dict[str, tuple[str, str, str]]:
    """Kinds of hosts: what is pasted, their script, their policy."""
    page, title = f"{web.pages}/page", "Flight 8243: map and timeline"
    look = "width:100%;height:300px;border:0"
    amp = f'<iframe src="{page}" title="{title}" sandbox="allow-scripts" style="{look}"></iframe>'
    medium = f'<iframe src="{page}?x=1" title="{title}" style="{look}"></iframe>'
    pym = f'<div id=pym></div><script src=pym.js></script><script>new pym.Parent("pym", "{page}")</script>'
    pasted = embed.element("https://x.example/embed.js", page, title).split("<script")[0].replace("style=", "data-x=")
    return {
        "plain": (f"<script src=embed.js></script>{embed.iframe(page, title)}", COUNT, ""),
        "late": (f"{embed.iframe(page, title)}<script src=embed.js async></script>", COUNT, ""),
        "element": (
            f"{pasted}<script src=embed.js></script>",
            COUNT,
            f"default-src 'none'; script-src 'self'; frame-src {web.pages}; img-src data:; style-src 'none'",
        ),
        "amp": (f"{amp}<script>{AMP}</script>", COUNT, ""),
        "medium": (f"{medium}<script>{MEDIUM}</script>", COUNT, ""),
        "pym": (pym, COUNT, ""),
        "wordpress": (f"{embed.wordpress(page, title)}<script>{WORDPRESS}</script>", COUNT, ""),
    }


@pytest.mark.parametrize("kind", ["plain", "late", "element", "amp", "medium", "pym", "wordpress"])
def test_a_host_gives_the_height_that_is_asked_for(web: Web, open_page: Open, kind: str) -> None:
    if kind == "pym" and not PYM.exists():
        pytest.skip("node_modules lacks pym.js: npm ci")
    body, script, policy = bodies(web)[kind]
    address = web.article(body, script, policy)
    most = 1000 if kind == "wordpress" else 20_000
    opened = open_page(viewport=(1120, 800))
    opened.goto(address)
    frame = inner(opened)
    width = frame.evaluate("innerWidth")
    wide = 720 if width >= 1040 else None
    settled(opened, frame, lambda: wide or min(most, needs(frame)))
    screenshot(opened, f"embed-{kind}-wide", full=True)
    # A card in the wide layout scrolls in its list: nothing moves in the article.
    frame.get_by_role("button", name=re.compile("First bang")).first.click()
    settled(opened, frame, lambda: wide or min(most, needs(frame)))
    opened.set_viewport_size({"width": 375, "height": 800})
    settled(opened, frame, lambda: min(most, needs(frame)))
    before = needs(frame)
    row = frame.locator(".fc-list .fc-row[aria-expanded=true]").first
    if row.count():
        row.click()
        expect(frame.locator(".fc-list .fc-row[aria-expanded=true]")).to_have_count(0)
        settled(opened, frame, lambda: min(most, needs(frame)))
        assert needs(frame) < before
    frame.evaluate("location.hash = '#lang=de'")
    expect(frame.locator("html")).to_have_attribute("lang", "de")
    settled(opened, frame, lambda: min(most, needs(frame)))
    screenshot(opened, f"embed-{kind}-phone", full=True)
    opened.set_viewport_size({"width": 1120, "height": 800})
    settled(opened, frame, lambda: wide or min(most, needs(frame)))
    assert opened.url == address


def test_a_secret_that_comes_late_is_told_the_height(web: Web, open_page: Open) -> None:
    """WordPress says ``ready`` once, which a page that is half there misses; what is left is the address."""
    opened = open_page(viewport=(1120, 800))
    opened.goto(web.article(embed.wordpress(f"{web.pages}/page", "Flight 8243")))
    frame = inner(opened)
    opened.evaluate("document.querySelector('iframe').src += '#?secret=late123'")
    until(opened, "heard.some(({ data }) => data.message === 'height' && data.secret === 'late123')")
    expect(frame.locator("#flightcase")).to_have_attribute("data-time", START)


def test_a_story_and_the_table_are_read_in_a_frame_of_one_screen(web: Web, open_page: Open) -> None:
    body, script, policy = bodies(web)["plain"]
    opened = open_page(viewport=(375, 800))
    opened.goto(web.article(body, script, policy))
    frame = inner(opened)
    settled(opened, frame, lambda: needs(frame))
    frame.get_by_role("button", name="Read as a story").click()
    settled(opened, frame, lambda: 720)
    frame.get_by_role("button", name="Timeline", exact=True).click()
    settled(opened, frame, lambda: needs(frame))
    frame.get_by_role("button", name="Show as table").click()
    settled(opened, frame, lambda: 720)


def test_frames_of_one_case_are_kept_apart_and_a_hostile_neighbour_is_not_heard(web: Web, open_page: Open) -> None:
    page = f"{web.pages}/page"
    hostile = """<script>
      const targets = [parent, ...Array.from(parent.frames)];
      const say = (message) => targets.forEach((target) => target.postMessage(message, '*'));
      say({ type: 'flightcase:height', id: 'j2-8243', height: 7000 });
      say({ sentinel: 'amp', type: 'embed-size', height: 7000 });
      say({ type: 'flightcase:command', command: 'seek', value: 'OTHER' });
      say({ type: 'flightcase:command', command: 'setTheme', value: 'dark' });
      say({ type: 'flightcase', hash: '#t=OTHER' });
      say({ message: 'ready', secret: 'stolen' });
      say('pymxPYMxstolenxPYMxwidthxPYMx100');
      parent.postMessage('done', '*');
    </script>""".replace("OTHER", OTHER)
    web.files["/hostile"] = ("text/html", f"<!doctype html><title>x</title>{hostile}", "")
    body = (
        f'<div style="width:360px">{embed.iframe(page, "One")}</div><div>{embed.iframe(page, "Two")}</div>'
        "<iframe id=bad title=bad data-flightcase width=300 height=100></iframe><script src=embed.js></script>"
    )
    opened = open_page(viewport=(1120, 2200))
    opened.goto(web.article(body))
    # The second first: while only one of them is there, it is the first, whichever it is.
    two, one = inner(opened, 1), inner(opened, 0)
    if one.evaluate("innerWidth") > two.evaluate("innerWidth"):
        one, two = two, one
    settled(opened, one, lambda: needs(one))
    settled(opened, two, lambda: 720)
    opened.evaluate("document.querySelector('#bad').src = '/hostile'")
    until(opened, "heard.some(({ data }) => data === 'done')")
    settled(opened, one, lambda: needs(one))
    settled(opened, two, lambda: 720)
    for each in (one, two):
        expect(each.locator("#flightcase")).to_have_attribute("data-time", START)
        assert each.evaluate("document.querySelector('#flightcase').dataset.scheme") is None
    assert not opened.evaluate("heard.some(({ data }) => JSON.stringify(data).includes('stolen') && data.height)")
    # What the article itself says goes to the frame that it means.
    command = {"type": "flightcase:command", "command": "seek", "value": OTHER}
    opened.evaluate("([index, command]) => frames[index].postMessage(command, '*')", [0, command])
    expect(one.locator("#flightcase")).to_have_attribute("data-time", OTHER)
    expect(two.locator("#flightcase")).to_have_attribute("data-time", START)


DIRECT = """
window.heard = []; window.told = []; window.shift = 0;
addEventListener("message", ({ data, source }) => heard.push({ data, source }));
for (const name of ["ready", "select", "timechange", "step", "error"]) {
  addEventListener("flightcase-" + name, ({ target, detail }) => told.push({ name, id: target.id, detail }));
}
new PerformanceObserver((list) => list.getEntries().forEach((entry) => (shift += entry.value)))
  .observe({ type: "layout-shift", buffered: true });
"""


def directed(web: Web, open_page: Open) -> tuple[Page, Frame]:
    """An article under a strict policy with one element, whose page is ready."""
    policy = f"default-src 'none'; script-src 'self'; frame-src {web.pages}; img-src data:; style-src 'none'"
    element = (
        f'<flight-case id=one src="{web.pages}/page" title="Flight 8243" t="{OTHER}" lang=de theme=dark>'
        f'<a href="{web.pages}/page">Flight 8243</a></flight-case>'
    )
    opened = open_page(viewport=(1120, 800))
    opened.goto(web.article(f"{element}<script src=embed.js></script><script src=embed.js></script>", DIRECT, policy))
    frame = inner(opened)
    until(opened, "told.some(({ name }) => name === 'ready')")
    return opened, frame


def told(opened: Page, name: str) -> list[Any]:
    found: list[Any] = opened.evaluate("name => told.filter((one) => one.name === name).map((one) => one.detail)", name)
    return found


def test_an_article_directs_the_element_and_hears_it(web: Web, open_page: Open) -> None:
    opened, frame = directed(web, open_page)
    root = frame.locator("#flightcase")
    assert told(opened, "ready") == [{"id": "j2-8243"}]
    # Attributes stand in the address of the frame, behind the #, and the article's layout did not move.
    expect(root).to_have_attribute("data-time", OTHER)
    expect(root).to_have_attribute("data-scheme", "dark")
    expect(frame.locator("html")).to_have_attribute("lang", "de")
    assert opened.evaluate("shift") == 0
    assert opened.evaluate("one.shadowRoot.querySelectorAll('iframe').length") == 1
    assert opened.evaluate("getComputedStyle(one.shadowRoot.querySelector('slot')).display") == "none"
    assert opened.evaluate("one.shadowRoot.querySelector('iframe').title") == "Flight 8243"
    # Changed attributes and methods are commands: the page stays.
    frame.evaluate("window.same = true")
    opened.evaluate(f"one.setAttribute('event', '{EVENT}')")
    expect(root).to_have_attribute("data-event", EVENT)
    opened.evaluate("one.setAttribute('lang', 'en'); one.removeAttribute('theme')")
    expect(frame.locator("html")).to_have_attribute("lang", "en")
    assert root.get_attribute("data-scheme") is None
    opened.evaluate(f"one.seek({1735107760})")
    expect(root).to_have_attribute("data-time", "2024-12-25T06:22:40Z")
    opened.evaluate("one.play()")
    expect(frame.get_by_role("button", name="Pause")).to_be_visible()
    opened.evaluate("one.pause()")
    expect(frame.get_by_role("button", name="Play")).to_be_visible()
    opened.evaluate("one.select(null); one.setTheme('light')")
    expect(root).to_have_attribute("data-scheme", "light")
    assert {"event": EVENT, "time": 1735103611} in told(opened, "select")
    assert told(opened, "timechange")[-1]["iso"].startswith("2024-12-25T06:")
    assert frame.evaluate("window.same")


def test_what_cannot_be_done_is_said_and_what_is_no_page_is_not_loaded(web: Web, open_page: Open) -> None:
    opened, frame = directed(web, open_page)
    root = frame.locator("#flightcase")
    opened.evaluate(
        "one.seek('soon'); one.seek({}); one.select('nothing'); one.select({ a: 1 }); one.setLanguage('xx');"
        "one.setUnits('furlongs'); one.setTheme('red'); one.setTheme(null); one.setLanguage('\\ud800')"
    )
    until(opened, "told.filter(({ name }) => name === 'error').length === 9")
    messages = [detail["message"] for detail in told(opened, "error")]
    assert messages[0] == "No time: soon"
    assert messages[2] == "No event: nothing"
    assert messages[4:6] == ["No language: xx", "No units: furlongs"]
    expect(root).to_have_attribute("data-scheme", "dark")
    window = "one.shadowRoot.querySelector('iframe').contentWindow"
    for wrong in (
        "'x'",
        "null",
        "7",
        "[]",
        "{type: 'flightcase:command'}",
        "{type: 'flightcase:command', command: 'constructor'}",
    ):
        opened.evaluate(f"{window}.postMessage({wrong}, '*')")
    until(opened, "told.filter(({ name }) => name === 'error').length === 11")
    screenshot(opened, "embed-directed")
    # Another look is another page; an element that is moved is loaded anew and goes on.
    opened.evaluate("told.length = 0; one.setAttribute('plain', '')")
    until(opened, "told.some(({ name }) => name === 'ready')")
    assert "plain=true" in inner(opened).url
    before = opened.evaluate("history.length")
    opened.evaluate("told.length = 0; document.querySelector('main').prepend(one)")
    until(opened, "told.some(({ name }) => name === 'ready')")
    assert opened.evaluate("history.length") == before
    # No address that is not one of a page is ever loaded.
    for wrong in ("javascript:parent.hit=1", "data:text/html,x", "", "http://["):
        opened.evaluate("src => one.setAttribute('src', src)", wrong)
        assert opened.evaluate("one.shadowRoot.querySelector('iframe')") is None
    expect(opened.get_by_role("link", name="Flight 8243")).to_be_visible()


def test_without_its_script_an_element_is_a_link_and_without_any_a_picture(web: Web, open_page: Open) -> None:
    picture = embed.Picture(f"{web.host}/poster.svg", "A map of the flight")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"/>'
    web.files["/poster.svg"] = ("image/svg+xml", svg, "")
    pasted = embed.element("https://x.example/embed.js", f"{web.pages}/page", "Flight 8243", picture).split("<script")[
        0
    ]
    for scripts in (True, False):
        opened = open_page(viewport=(375, 800), scripts=scripts)
        opened.goto(web.article(pasted))
        expect(opened.get_by_role("link", name="Flight 8243")).to_be_visible()
        expect(opened.get_by_role("img", name="A map of the flight")).to_have_count(0 if scripts else 1)


def test_a_consumer_of_oembed_shows_a_page_of_the_server(web: Web, dashboard: str, open_page: Open) -> None:
    asked = f"{dashboard}/embed/jl516?lang=de"
    provider = Provider(f"{dashboard}/oembed", timeout=60.0)
    for width, tall in ((1060, 720), (700, 860), (375, 720)):
        found = provider.request(asked, maxwidth=width, maxheight=2000)
        assert (found["type"], found["width"], found["height"]) == ("rich", width, tall)
        opened = open_page(viewport=(max(width, 400), 1000))
        opened.goto(web.article(found["html"]))
        frame = opened.frame_locator("iframe")
        expect(frame.get_by_role("slider", name="Zeit")).to_be_visible(timeout=60_000)
        assert opened.evaluate("document.querySelector('iframe').clientHeight") == tall
        assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # The server's own script, in an article of another origin.
    body = embed.element(f"{dashboard}/embed.js", asked, "JL516")
    opened = open_page(viewport=(375, 1000))
    opened.goto(web.article(body))
    expect(opened.frame_locator("iframe").get_by_role("slider", name="Zeit")).to_be_visible(timeout=60_000)
    until(opened, "document.querySelector('flight-case').clientHeight > 1200")
