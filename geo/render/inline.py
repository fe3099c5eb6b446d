"""What a page carries inside itself: scripts, styles and data made ready to stand in HTML.

The viewer is a handful of ES modules. A page from disk or in a sandbox cannot load modules, so they are flattened
into one script: read in the order in which they need each other, without their ``import`` and ``export`` words. That is
right only for modules that share one scope without harm; anything else is refused, never guessed at.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from functools import cache
from typing import TYPE_CHECKING

from geo.errors import RenderError
from geo.resources import asset_text

if TYPE_CHECKING:
    from collections.abc import Callable

_ENTRY = "page.js"
_LEAFLET = ("vendor", "leaflet-1.9.4")

_IMPORT = re.compile(r"^import\s*\{([^}]*)\}\s*from\s*([\"'])([^\"']+)\2[ \t]*;?[ \t]*$", re.MULTILINE)
_EXPORT = re.compile(r"^export\s+(?=(?:async\s+)?function\b|const\b|let\b|class\b)", re.MULTILINE)
_EXPORT_LIST = re.compile(r"^export\s*\{([^}]*)\}[ \t]*;?[ \t]*$", re.MULTILINE)
_DECLARED = re.compile(
    r"^(export\s+)?(?:async\s+function|function|const|let|class|var)\b\s*\*?\s*([\w$]+|\S)", re.MULTILINE
)
_LEFT_OVER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
_DYNAMIC = re.compile(r"\bimport\s*[(.].*")
_COMMENT_OR_STRING = re.compile(r"(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|/\*.*?\*/|(\s+)", re.DOTALL)
# Rules of Leaflet's for what the viewer has no use for: pop-ups, controls, and browsers of another age.
_UNUSED = re.compile(r"popup|tooltip|control|leaflet-bar|oldie|vml|ruler|zoom-box|image-layer|tile|crosshair|print")
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_OUTSIDE_RULE = re.compile(r"[^;{}]*url\([^;{}]*;?")


def _names(listed: str, where: str) -> list[str]:
    names = [name.strip() for name in listed.split(",") if name.strip()]
    for name in names:
        if not re.fullmatch(r"[\w$]+", name):
            raise RenderError(f"{where}: {name!r} renames; import and export a name as it is")
    return names


class _Flat:
    """Modules in the order in which they must stand, each once."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read
        self._open: list[str] = []
        self._exports: dict[str, set[str]] = {}
        self._owner: dict[str, str] = {}
        self.parts: list[str] = []

    def add(self, path: str) -> set[str]:
        """Take in a module and what it imports; returns the names it exports."""
        if path in self._exports:
            return self._exports[path]
        if path in self._open:
            raise RenderError(f"the modules {' -> '.join([*self._open, path])} import each other")
        self._open.append(path)
        text = self._read(path)
        for names, _, source in _IMPORT.findall(text):
            self._resolve(path, names, source)
        self._exports[path] = self._declare(path, text)
        body = _EXPORT_LIST.sub("", _EXPORT.sub("", _IMPORT.sub("", text)))
        self.parts.append(body)
        self._open.pop()
        return self._exports[path]

    def _resolve(self, path: str, names: str, source: str) -> None:
        if not source.startswith("."):
            raise RenderError(f"{path}: {source!r} is not a file beside it")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), source))
        missing = set(_names(names, path)) - self.add(target)
        if missing:
            raise RenderError(f"{path}: {target} exports no {', '.join(sorted(missing))}")

    def _declare(self, path: str, text: str) -> set[str]:
        exported: set[str] = set()
        for export, name in _DECLARED.findall(text):
            if not re.fullmatch(r"[\w$]+", name):
                raise RenderError(f"{path}: one name for each declaration at the top level, no pattern")
            if self._owner.setdefault(name, path) != path:
                raise RenderError(f"{path} and {self._owner[name]} both declare {name}; the page has one scope for all")
            if export:
                exported.add(name)
        for listed in _EXPORT_LIST.findall(text):
            exported.update(_names(listed, path))
        return exported


def flatten(entry: str, read: Callable[[str], str]) -> str:
    """One classic script of a module and all it imports.

    Args:
        entry: name of the first module, as ``read`` takes it.
        read: text of a module by its name.

    Returns:
        A script that makes ``flightcase`` a global object with what the first module exports.

    Raises:
        RenderError: when a module has default, star or renamed imports or exports, a name that another module
            declares too, or when modules import each other.
    """
    import rjsmin

    flat = _Flat(read)
    exported = flat.add(entry)
    whole = "\n".join(flat.parts)
    body: str = rjsmin.jsmin(whole)
    # Comments may name types by import(...); they are gone from the shorter text.
    left = _LEFT_OVER.search(whole) or _DYNAMIC.search(body)
    if left:
        raise RenderError(f"cannot flatten {left.group().strip()[:80]!r}; use named imports and exports only")
    return f'globalThis.flightcase=(()=>{{"use strict";\n{body}\nreturn{{{",".join(sorted(exported))}}}}})();'


def script_text(script: str) -> str:
    """A script that cannot end its own element: ``</`` and ``<!--`` mean the same in strings with a backslash."""
    return script.replace("</", "<\\/").replace("<!--", "<\\!--")


def shrink_css(css: str) -> str:
    """Styles without comments and with single spaces; strings stay as they are."""

    def shorter(found: re.Match[str]) -> str:
        return found.group(1) or (" " if found.group(2) else "")

    spaced = _COMMENT_OR_STRING.sub(shorter, css)
    # Around these three a space means nothing, whatever the rule.
    return re.sub(r"\s*([{};])\s*", r"\1", spaced).strip()


@cache
def viewer_script() -> str:
    """The viewer as one classic script; ``flightcase.show`` draws."""
    return script_text(flatten(_ENTRY, lambda path: asset_text("viewer", path)))


@cache
def viewer_style() -> str:
    """Styles of the viewer."""
    return shrink_css(asset_text("viewer", "viewer.css"))


@cache
def leaflet_script(*, whole: bool = True) -> str:
    """Leaflet, without the pointer to its source map; not whole, only the parts that the viewer uses."""
    text = asset_text(*_LEAFLET, "leaflet.js" if whole else "leaflet-core.js")
    return script_text(re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE).strip())


@cache
def leaflet_style(*, whole: bool = True) -> str:
    """Leaflet's styles without those that would fetch pictures; not whole, only those that the viewer uses."""
    css = _OUTSIDE_RULE.sub("", shrink_css(asset_text(*_LEAFLET, "leaflet.css")))
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
