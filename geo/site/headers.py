"""``_headers``: what servers are to say of the files, as Netlify and Cloudflare Pages read it."""

from __future__ import annotations

from geo.site.addresses import FEED
from geo.site.making import formats

#: A page is asked for again after a minute; a CDN may show the old one for ten more while it fetches the new one.
CACHE = "public, max-age=60, stale-while-revalidate=600"
_MORE = {".js": "text/javascript; charset=utf-8", ".zip": "application/zip"}
_FEED = "application/atom+xml; charset=utf-8"


def headers() -> str:
    """The file: one rule for all, as Cloudflare joins what several rules say, and the media types that servers lack."""
    said = [
        "/*",
        f"  Cache-Control: {CACHE}",
        "  X-Content-Type-Options: nosniff",
        "  Referrer-Policy: strict-origin-when-cross-origin",
        "  Access-Control-Allow-Origin: *",
    ]
    media = {f".{ending.rsplit('.', 1)[-1]}": each.media for ending, each in formats()}
    for ending, kind in {**media, **_MORE}.items():
        if ending == ".html":
            continue
        text = kind.startswith("text/") and "charset" not in kind
        path = f"/*{ending}"
        said += [path, f"  Content-Type: {kind}{'; charset=utf-8' if text else ''}"]
    for folder in ("", "/*"):
        said += [f"{folder}/{FEED}", f"  Content-Type: {_FEED}"]
    return "\n".join([*said, ""])
