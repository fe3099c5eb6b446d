"""The files of one case: in each language a page, pictures, data and what oEmbed asks for; once the case itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo import casefile
from geo.casefile.folder import packed, public
from geo.errors import SiteError
from geo.model import Text
from geo.render import RENDERINGS, Format
from geo.route import trace
from geo.scene import compose
from geo.site.addresses import EMBED, INDEX, OEMBED, OEMBED_XML, Addresses
from geo.site.card import Card, card
from geo.site.engine import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from geo.model import Case
    from geo.render.embed import Picture
    from geo.scene import Scene, Units

#: What the names of pictures begin with; data have the name of the case.
_POSTER: Final = "poster"
_PAGE: Final = ".html"
#: Who provides where nobody is named.
_NOBODY: Final = "Flightcase"


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a site is to be: see ``publish``."""

    base: str
    name: str
    languages: tuple[str, ...]
    units: Units
    case_folder: bool


def key_of(folder: Path, wanted: Wanted) -> str:
    """A hash of everything that the files of a case are made from: code, wishes, and every file of its folder."""
    whole = hashlib.sha256(f"{engine()}\n{wanted!r}\n".encode())
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if file.is_file() and not any(part.startswith((".", "~")) for part in inside.parts):
            whole.update(f"{inside.as_posix()}\n".encode())
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Composed:
    """A case that can be published: its scenes by language, the first language first, and its card."""

    folder: Path
    key: str
    case: Case
    card: Card
    scenes: Mapping[str, Scene]


def composed(folder: Path, wanted: Wanted) -> Composed:
    """Read, trace and compose a case.

    Raises:
        CaseError: when it has problems.
        SiteError: when it is told in none of the languages.
    """
    key = key_of(folder, wanted)
    case = casefile.read(folder)
    languages = [each for each in case.languages if not wanted.languages or each in wanted.languages]
    if not languages:
        raise SiteError(
            f"{folder.name} is not told in {', '.join(wanted.languages)}; it is in {', '.join(case.languages)}"
        )
    route = trace(case)
    scenes = {language: compose(case, route, language, wanted.units) for language in languages}
    return Composed(folder, key, case, card(case, scenes), scenes)


def formats() -> Iterator[tuple[str, Format]]:
    """The renderings that a site has, by what their names end in: those that need nothing more and do not take long."""
    return ((ending, each) for ending, each in RENDERINGS.items() if not each.extra and not each.slow)


def name_of(ending: str, slug: str) -> str:
    """What the file of a rendering is called in the folder of its page."""
    if ending == _PAGE:
        return INDEX
    stem = _POSTER if RENDERINGS[ending].media.startswith("image/") else slug
    return f"{stem}{ending}"


def archive_of(slug: str) -> str:
    """The path of the case itself, as a ZIP archive."""
    return f"{slug}/{slug}.zip"


def paths(told: Card, wanted: Wanted, addresses: Addresses) -> list[str]:
    """The paths of all files of a case, in the order in which they are made."""
    found = []
    for language in told.languages:
        folder = addresses.folder_of(told.slug, language, told.languages[0])
        found += [folder + name_of(ending, told.slug) for ending, _ in formats()]
        if wanted.base:
            found += [folder + OEMBED, folder + OEMBED_XML]
    return [*found, *([archive_of(told.slug)] if wanted.case_folder else [])]


def made(of: Composed, wanted: Wanted, addresses: Addresses, done: Callable[[str], None]) -> dict[str, bytes]:
    """The files of a case by their paths.

    Args:
        of: the case.
        wanted: how the site is to be.
        addresses: where everything stands.
        done: is told each path.
    """
    from geo.render.embed import oembed_xml

    found: dict[str, bytes] = {}

    def add(path: str, content: str | bytes) -> None:
        found[path] = content.encode() if isinstance(content, str) else content
        done(path)

    for language, scene in of.scenes.items():
        folder = addresses.folder_of(of.card.slug, language, of.card.languages[0])
        also = [other for each, other in of.scenes.items() if each != language]
        for ending, each in formats():
            path = folder + name_of(ending, of.card.slug)
            add(path, _page(of, language, also, wanted, addresses) if ending == _PAGE else each.make(scene, ()))
        if wanted.base:
            said = _oembed(of.card, language, wanted, addresses)
            add(folder + OEMBED, json.dumps(said, ensure_ascii=False))
            add(folder + OEMBED_XML, oembed_xml(said))
    if wanted.case_folder:
        add(archive_of(of.card.slug), packed(of.folder, of.card.slug, public(of.folder, of.case)))
    return found


def poster_of(told: Card, language: str, addresses: Addresses) -> str:
    """The path of the picture that stands for a page; empty where this program makes none."""
    png = [ending for ending, each in formats() if each.media == "image/png"]
    folder = addresses.folder_of(told.slug, language, told.languages[0])
    return folder + name_of(min(png, key=len), told.slug) if png else ""


def _page(of: Composed, language: str, also: Sequence[Scene], wanted: Wanted, addresses: Addresses) -> str:
    from geo.render.page import page
    from geo.render.published import Published

    published = None
    if wanted.base:
        slug, first = of.card.slug, of.card.languages[0]
        folder = addresses.folder_of(slug, language, first)
        pages = {each: addresses.absolute(addresses.folder_of(slug, each, first) + INDEX) for each in of.scenes}
        media = {each.media: ending for ending, each in reversed([*formats()])}
        files = {
            kind: addresses.absolute(folder + name_of(ending, slug))
            for kind, ending in sorted(media.items())
            if ending != _PAGE and not kind.startswith("image/")
        }
        poster = poster_of(of.card, language, addresses)
        published = Published(
            page=pages[language],
            poster=addresses.absolute(poster) if poster else "",
            oembed=addresses.absolute(folder + OEMBED),
            languages={**pages, "x-default": pages[first]} if len(pages) > 1 else {},
            data=files,
            publisher=wanted.name,
        )
    return page(of.scenes[language], also=also, published=published)


def snippets(told: Card, addresses: Addresses) -> dict[str, tuple[str, ...]]:
    """The HTML that shows each page of a case in an article, by the path of the page: without a script, and with it.

    Args:
        told: of the case.
        addresses: of a site that has an address.
    """
    from geo.render.embed import element, iframe

    found: dict[str, tuple[str, ...]] = {}
    for language in told.languages:
        page = addresses.folder_of(told.slug, language, told.languages[0]) + INDEX
        where, title = addresses.absolute(page), Text(told.title).said(language)
        poster = _picture(told, language, addresses)
        found[page] = (iframe(where, title), element(addresses.absolute(EMBED), where, title, poster))
    return found


def _picture(told: Card, language: str, addresses: Addresses) -> Picture | None:
    from geo.render.embed import Picture

    poster = poster_of(told, language, addresses)
    return Picture(addresses.absolute(poster), told.described[language]) if poster else None


def _oembed(told: Card, language: str, wanted: Wanted, addresses: Addresses) -> dict[str, Any]:
    from geo.render.embed import oembed

    return oembed(
        addresses.absolute(addresses.folder_of(told.slug, language, told.languages[0]) + INDEX),
        Text(told.title).said(language),
        poster=_picture(told, language, addresses),
        provider_url=addresses.base,
        provider=wanted.name or _NOBODY,
    )
