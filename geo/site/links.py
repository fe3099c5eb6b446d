"""A check of a written site: every address in it that leads to the site itself leads to something."""

from __future__ import annotations

import json
import posixpath
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

from geo.site.addresses import INDEX, MANIFEST, ROBOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Where a site without an address is taken to stand while it is checked.
_NOWHERE: Final = "https://flightcase.invalid/site/"
#: Attributes that hold an address, or the address of a picture.
_ADDRESSES: Final = frozenset({"href", "src", "poster", "action", "data", "xlink:href", "cite"})
#: Metadata of a page that are addresses.
_META: Final = re.compile(r"og:(url|image|image:url|image:secure_url)|twitter:(image|player)", re.IGNORECASE)
#: What the viewer of a page reads from its address is no name of an element.
_STATE: Final = re.compile(r"(t|event|e|step|lang|view|units|dark|plain|static|transparent|fit)=")
_SCHEMES: Final = ("http", "https")


@dataclass(slots=True)
class _Found:
    """What a page names: elements by their ids, and addresses."""

    ids: set[str] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Reads the ids and the addresses of a page, those in its JSON-LD too."""

    def __init__(self) -> None:
        super().__init__()
        self.found = _Found()
        self._linked: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take what a tag names."""
        named = {name: value or "" for name, value in attrs}
        self._linked = [] if tag == "script" and named.get("type") == "application/ld+json" else None
        self.found.ids |= {named[name] for name in ("id", "name") if named.get(name) and (name == "id" or tag == "a")}
        self.found.addresses += [value for name, value in named.items() if name in _ADDRESSES and tag != "base"]
        for each in named.get("srcset", "").split(","):
            self.found.addresses += each.split()[:1]
        if tag == "meta" and _META.fullmatch(named.get("property") or named.get("name") or ""):
            self.found.addresses.append(named.get("content", ""))

    def handle_data(self, data: str) -> None:
        """Take the addresses of JSON-LD."""
        if self._linked is not None:
            self._linked.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End JSON-LD."""
        if tag == "script" and self._linked:
            self.found.addresses += _strings(json.loads("".join(self._linked)))
            self._linked = None


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401  JSON
    """The strings of JSON that are addresses of the web."""
    if isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, str) and value.startswith(("http://", "https://")):
        yield value


class Checker:
    """Checks the files of a site; pages are read once."""

    def __init__(self, folder: Path, base: str = "") -> None:
        self._folder = folder
        self._base = base or _NOWHERE
        self._pages: dict[str, _Found] = {}

    def problems(self, paths: Iterable[str]) -> list[str]:
        """What leads nowhere: ``path: address: what is wrong``, each once, in the order of the paths."""
        found = []
        for path in paths:
            try:
                told = ((address, self._wrong(path, address)) for address in self._named(path))
                found += [f"{path}: {address[:200]}: {wrong}" for address, wrong in told if wrong]
            except (OSError, ValueError, ET.ParseError) as wrong:
                found.append(f"{path}: cannot be read: {wrong}")
        return list(dict.fromkeys(found))

    def _named(self, path: str) -> Iterator[str]:
        """The addresses in a file, each as from the file itself."""
        name = posixpath.basename(path)
        if path.endswith(".html"):
            yield from self._page(path).addresses
        elif name == ROBOTS:
            text = self._text(path)
            yield from re.findall(r"^Sitemap:\s*(\S+)", text, re.MULTILINE)
        elif name == MANIFEST:
            yield from (urljoin(self._base, each) for each in json.loads(self._text(path))["files"])
        elif path.endswith((".xml", ".svg")):
            yield from self._of_xml(path)
        elif name == "oembed.json":
            told = json.loads(self._text(path))
            yield from _strings({key: value for key, value in told.items() if key != "html"})
            reader = _Reader()
            reader.feed(told["html"])
            yield from reader.found.addresses

    def _of_xml(self, path: str) -> Iterator[str]:
        for element in ET.fromstring(self._text(path)).iter():  # noqa: S314  we wrote it
            if element.tag.endswith("}loc") and element.text:
                yield element.text
            for name, value in element.attrib.items():
                if name.rpartition("}")[2] == "href":
                    yield value

    def _text(self, path: str) -> str:
        return (self._folder / path).read_text(encoding="utf-8")

    def _page(self, path: str) -> _Found:
        if path not in self._pages:
            reader = _Reader()
            reader.feed(self._text(path))
            self._pages[path] = reader.found
        return self._pages[path]

    def _wrong(self, path: str, address: str) -> str | None:
        """Why an address leads nowhere; ``None`` where it does, or leads to others."""
        whole = urljoin(urljoin(self._base, path), address.strip())
        parts = urlsplit(whole)
        if parts.scheme not in _SCHEMES or not whole.startswith((self._base, self._base.rstrip("/"))):
            root = urlsplit(self._base)
            # A relative way out of the folder of the site is no link to others.
            astray = (parts.scheme, parts.netloc) == (root.scheme, root.netloc) and "://" not in address
            return "it leads out of the site" if astray else None
        target = unquote(whole.partition("#")[0].partition("?")[0][len(self._base) :])
        if target == "" or target.endswith("/"):
            target += INDEX
        file = self._folder / target
        if not file.is_file():
            return "there is no such file" if not file.is_dir() else "a folder is named without a slash at its end"
        name = unquote(parts.fragment)
        if name and target.endswith(".html") and not _STATE.match(name) and name not in self._page(target).ids:
            return f"nothing there is called {name}"
        return None


def check(folder: Path, base: str = "", paths: Iterable[str] | None = None) -> list[str]:
    """What in a written site leads nowhere, one sentence each; links to other sites are not followed.

    Args:
        folder: of the site.
        base: its address; empty where it has none.
        paths: the files to read; all when not given.
    """
    if paths is None:
        paths = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    return Checker(folder, base).problems(paths)
