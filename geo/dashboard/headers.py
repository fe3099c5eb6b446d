"""The headers of every answer: what a page may load, who may show it in a frame, what it tells others.

``docs/server.md`` lists them with their reasons.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import streamlit
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders

from geo.dashboard import library
from geo.dashboard.settings import REQUIRED

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from geo.dashboard.settings import Settings

_PERMISSIONS: Final = ", ".join(
    [
        *(
            f"{name}=()"
            for name in (
                "accelerometer",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "publickey-credentials-get",
                "usb",
            )
        ),
        "clipboard-write=(self)",
        "fullscreen=(self)",
    ]
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": _PERMISSIONS,
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: What articles and programs of others fetch; all else is for pages of this server.
_FOR_OTHERS: Final = re.compile(r"/(embed/.*|embed\.js|oembed|healthz)", re.DOTALL)
_SECURE_SECONDS: Final = 31_536_000


class Headers:
    """Adds the headers to every answer of an application."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = below(scope["path"], self._settings.base_path)
        # Read once for each page and not for what it loads: only documents are held to what they may load.
        tiles = await run_in_threadpool(tile_origins) if path == "/" else ()

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), path, tiles)
            await send(message)

        await self._app(scope, receive, told)

    def _add(self, headers: MutableHeaders, path: str, tiles: tuple[str, ...]) -> None:
        for name, value in _ALWAYS.items():
            headers[name] = value
        if self._settings.origin.startswith("https:"):
            headers["Strict-Transport-Security"] = f"max-age={_SECURE_SECONDS}"
            cookies = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", cookie if "; secure" in cookie.lower() else f"{cookie}; Secure")
        if self._settings.required == REQUIRED[-1] and re.match("/flightcase/(?!code/)", path):
            # What only some may see is kept by their own browsers, and by nobody between.
            headers["Cache-Control"] = headers.get("Cache-Control", "no-store").replace("public", "private")
        others = bool(_FOR_OTHERS.fullmatch(path))
        headers["Cross-Origin-Resource-Policy"] = "cross-origin" if others else "same-origin"
        if others or path.startswith("/flightcase/"):
            # A page of ours says itself what it may load; the dashboard shows such in frames of its own.
            page = headers.get("Content-Type", "").startswith("text/html")
            own = headers.get("Content-Security-Policy", "" if page else "default-src 'none'")
            frames = _frames("'self'", self._settings.embed_in if others else ())
            headers["Content-Security-Policy"] = "; ".join(filter(None, [own, *frames]))
            return
        frames = _frames("'none'" if not self._settings.frame_ancestors else "'self'", self._settings.frame_ancestors)
        headers["Content-Security-Policy"] = "; ".join([policy(tiles), *frames])
        if not self._settings.frame_ancestors:
            headers["X-Frame-Options"] = "DENY"  # for browsers that know no frame-ancestors


def below(path: str, base: str) -> str:
    """A path without the one that the server stands under."""
    prefix = f"/{base}" if base else ""
    if path == prefix:
        return "/"
    return path[len(prefix) :] if path.startswith(f"{prefix}/") else path


def policy(tiles: tuple[str, ...] = ()) -> str:
    """What the dashboard may load: itself, and pictures of the tile servers that its cases name.

    ``blob:`` is how Streamlit loads a component and hands over a picture or a download; it sets styles by script.
    """
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", "blob:", *_own_scripts()]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": " ".join(["'self'", "data:", "blob:", *tiles]),
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "frame-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())


@cache
def _own_scripts() -> tuple[str, ...]:
    """The hashes of the scripts that stand in Streamlit's own page."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text(encoding="utf-8"), re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    return tuple(f"'sha256-{digest}'" for digest in digests)


def tile_origins() -> tuple[str, ...]:
    """The servers of map tiles that cases name; each is asked only when a reader presses the button that names it."""
    found = (urlsplit(entry.case.tiles.url) for entry in library.entries() if entry.case and entry.case.tiles)
    return tuple(sorted({f"{parts.scheme}://{parts.netloc}" for parts in found}))


def _frames(first: str, sites: tuple[str, ...]) -> list[str]:
    """Who may show a page in a frame; all may where nothing is said, also pages from disk and those of apps."""
    return [] if "*" in sites else [f"frame-ancestors {' '.join([first, *sites])}"]
