"""What a page carries inside itself: scripts, styles and data made ready to stand in HTML.

A page from disk or in a sandbox cannot load modules: ``assets/built`` holds the viewer, and the parts of Leaflet that
it uses, as one classic script each, made by ``assets/build.mjs``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from typing import Final

from geo.resources import asset_text

_LEAFLET = ("vendor", "leaflet-1.9.4")
#: The styles of the viewer in the order of their cascade.
STYLES: Final = ("look", "layout", "timeline", "scrubber", "map", "legend", "wide", "media")

_COMMENT_OR_STRING = re.compile(r"(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|/\*.*?\*/|(\s+)", re.DOTALL)
# What says nothing in a rule: spaces around a brace or semicolon and after a comma or colon, the last semicolon, and
# a nought before a point.
_IDLE = re.compile(
    r"(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|\s*;?\s*(\})\s*|\s*([{;])\s*|(?<=[,:]) |(?<![\w.])0(?=\.\d)"
)
# Rules of Leaflet's for what the viewer has no use for: pictures, pop-ups, controls, and browsers of another age.
_UNUSED = re.compile(
    r"popup|tooltip|control|leaflet-(bar|top|bottom|left|right|layer|div)|shadow|canvas|\bimg\b|oldie|vml|ruler|zoom-box"
    r"|image-layer|tile|crosshair|print"
)
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_OUTSIDE_RULE = re.compile(r"[^;{}]*url\([^;{}]*;?")


def script_text(script: str) -> str:
    """A script that cannot end its own element: ``</`` and ``<!--`` mean the same in strings with a backslash."""
    return script.replace("</", "<\\/").replace("<!--", "<\\!--")


def shrink_css(css: str) -> str:
    """Styles without comments and with single spaces; strings stay as they are."""

    def shorter(found: re.Match[str]) -> str:
        return found.group(1) or (" " if found.group(2) else "")

    spaced = _COMMENT_OR_STRING.sub(shorter, css)
    return _IDLE.sub(lambda found: found.group(1) or found.group(2) or found.group(3) or "", spaced).strip()


@cache
def viewer_script() -> str:
    """The viewer as one classic script; ``flightcase.show`` draws."""
    return script_text(asset_text("built", "viewer.js").strip())


@cache
def viewer_style() -> str:
    """Styles of the viewer, as one sheet."""
    return "".join(shrink_css(asset_text("viewer", f"{name}.css")) for name in STYLES)


@cache
def tiles_script() -> str:
    """The tile layer as one classic script, for pages whose scene has one."""
    return script_text(asset_text("built", "tiles.js").strip())


@cache
def tiles_style() -> str:
    """Styles of the tile layer."""
    return shrink_css(asset_text("viewer", "tiles.css"))


@cache
def leaflet_script(*, whole: bool = True) -> str:
    """Leaflet, without the pointer to its source map; not whole, only the parts that the viewer uses."""
    text = asset_text(*_LEAFLET, "leaflet.js") if whole else asset_text("built", "leaflet.js")
    return script_text(re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE).strip())


@cache
def leaflet_style(*, whole: bool = True) -> str:
    """Leaflet's styles without those that would fetch pictures; not whole, only those that the viewer uses."""
    css = _OUTSIDE_RULE.sub("", shrink_css(asset_text(*_LEAFLET, "leaflet.css")))
    # Names from before these rules were a standard: every browser that runs the viewer knows those of today.
    css = re.sub(r"(?<=[{;])-(moz|ms)-[^;}]*(;|(?=\}))", "", css)
    if whole:
        return css
    kept = []
    for selectors, rules in _RULE.findall(css):
        used = [selector for selector in selectors.split(",") if not _UNUSED.search(selector)]
        if used and rules:
            kept.append(f"{','.join(used)}{{{rules}}}")
    return "".join(kept)


def json_text(value: object) -> str:
    """JSON that may stand in an HTML element or a script, whatever its strings hold."""
    import orjson

    text = orjson.dumps(value).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def csp_hash(text: str) -> str:
    """The source expression by which a policy admits exactly this inline script or style."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def data_url(kind: str, text: str) -> str:
    """A file inside its own address."""
    return f"data:{kind};charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"
