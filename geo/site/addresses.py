"""Where everything of a site stands: paths inside its folder, and addresses from one page to another."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit

from geo.errors import SiteError

if TYPE_CHECKING:
    from collections.abc import Iterable

INDEX: Final = "index.html"
FEED: Final = "corrections.xml"
SITEMAP: Final = "sitemap.xml"
ROBOTS: Final = "robots.txt"
MISSING: Final = "404.html"
HEADERS: Final = "_headers"
EMBED: Final = "embed.js"
MANIFEST: Final = "site.json"
#: What oEmbed says of a page, beside the page.
OEMBED: Final = "oembed.json"
OEMBED_XML: Final = "oembed.xml"
_TAKEN: Final = frozenset({INDEX, FEED, SITEMAP, ROBOTS, MISSING, HEADERS, EMBED, MANIFEST})
#: As ``geo.model`` has it of a case's id.
_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
#: Names that a case must leave to the languages of the index.
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
#: Names that Windows keeps for itself, with any ending.
_DEVICES: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def base_of(url: str | None) -> str:
    """The address of a site with a slash at its end; empty where there is none.

    Raises:
        SiteError: when it is no address that a site can stand at.
    """
    if not url:
        return ""
    told = f"{url!r} is no address of a site; write it whole, as https://maps.example.org/flights/"
    try:
        parts = urlsplit(url)
        host = parts.hostname  # a port that is none is found when it is asked for
        _ = parts.port
    except ValueError as wrong:
        raise SiteError(told) from wrong
    bare = not (parts.query or parts.fragment or parts.username or parts.password)
    if parts.scheme not in ("http", "https") or not host or not bare or re.search(r"[\s<>\"'\\{}|^`]", url):
        raise SiteError(told)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/"


def check_slugs(slugs: Iterable[str], languages: Iterable[str]) -> list[str]:
    """What is wrong with the names of cases as folders of a site, one sentence each.

    Args:
        slugs: the ids of the cases, in their order.
        languages: those of the index, which has folders of their names.
    """
    wrong, seen = [], dict[str, str]()
    folders = {language.casefold() for language in languages}
    for slug in slugs:
        low = slug.casefold()
        if low in seen:
            same = "the same id" if seen[low] == slug else f"ids that some disks take for one ({seen[low]})"
            wrong.append(f"{slug}: two cases have {same}; give one of them another")
        seen.setdefault(low, slug)
        if not _SLUG.fullmatch(slug) or slug.endswith(".") or _DEVICES.fullmatch(slug):
            wrong.append(f"{slug}: no folder may be called so on every system; write letters, digits, . _ and -")
        elif low in _TAKEN:
            wrong.append(f"{slug}: the site has a file of that name; give the case another id")
        elif low in folders:
            wrong.append(f"{slug}: the index in that language stands there; give the case another id")
    return wrong


def is_safe(path: str) -> bool:
    """Whether a path of a manifest is one that a site can have: within its folder, in the one way of writing it."""
    parts = path.split("/")
    fine = all(part not in ("", ".", "..") and not re.search(r"[\\:\x00-\x1f]", part) for part in parts)
    return fine and not parts[0].startswith(".")


@dataclass(frozen=True, slots=True)
class Addresses:
    """``base`` is the address of the site, empty where it is not told: then all addresses are relative.

    ``language`` is the one of the index at the root.
    """

    base: str
    language: str

    def folder_of(self, slug: str, language: str, first: str) -> str:
        """The folder of a page: that of the case for its first language, one inside it for another."""
        return f"{slug}/" if language == first else f"{slug}/{language}/"

    def index_folder(self, language: str) -> str:
        """The folder of the index in a language; empty for the first."""
        return "" if language == self.language else f"{language}/"

    def absolute(self, path: str) -> str:
        """The whole address of a path of the site, an index by its folder; empty where the site has no address."""
        if not self.base:
            return ""
        return self.base + quote(path.removesuffix(INDEX) if path.endswith((f"/{INDEX}", INDEX)) else path, "/@")

    def relative(self, path: str, from_: str) -> str:
        """The way from a page in the folder ``from_`` to a path of the site.

        Where the site has no address it may be opened from a disk, which knows no index of a folder: it is named then.
        """
        way = posixpath.relpath(path or ".", from_ or ".")
        if self.base and posixpath.basename(path) == INDEX:
            way = f"{posixpath.dirname(way)}/" if "/" in way else "./"
        return quote(way, "/@")
