"""What articles embed: ``/embed/<slug>``, its poster, ``/embed.js``; what ``/oembed`` says of it; and ``/healthz``."""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from geo.dashboard import library, publications, settings
from geo.dashboard.answers import CACHE, kept
from geo.errors import FlightcaseError, ResourceError
from geo.render import embed, render
from geo.render.embed import HEIGHT, Picture
from geo.resources import asset_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request

_Made = TypeVar("_Made")
_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is given out; ``tag`` is its SHA-256, ``policy`` what it says of itself."""

    body: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    tag: str
    policy: str
    title: str


# --- addresses -------------------------------------------------------------------------------------------------------


def base(url: str) -> str:
    """The address of this server as readers reach it, without a slash at the end.

    Args:
        url: of the request or page at hand, for a server whose settings name no public address.
    """
    said = settings.current()
    if said.public_url:
        return said.public_url
    here = urlsplit(url)
    return f"{here.scheme}://{here.netloc}{'/' if said.base_path else ''}{said.base_path}"


def embed_address(base: str, slug: str, language: str | None = None) -> str:
    """Address of the page of a case; ``base`` is what the function of that name gives."""
    return f"{base}/embed/{quote(slug, safe='')}" + (f"?{urlencode({'lang': language})}" if language else "")


def oembed_address(base: str, slug: str, language: str | None = None) -> str:
    """Address of what oEmbed says of a page; takes what ``embed_address`` takes."""
    return f"{base}/oembed?{urlencode({'url': embed_address(base, slug, language)})}"


def poster_address(base: str, slug: str, language: str | None = None) -> str:
    """Address of the picture of a page, 1200 by 630 px; takes what ``embed_address`` takes."""
    return f"{base}/embed/{quote(slug, safe='')}/poster.png" + (f"?{urlencode({'lang': language})}" if language else "")


def embed_code(base: str, slug: str, title: str, language: str | None = None, *, height: int = HEIGHT) -> str:
    """The HTML that shows the page of a case in an article.

    Args:
        base: what the function of that name gives.
        slug: of the case.
        title: what a screen reader calls the frame.
        language: one that the page is published in; without it, the case's first.
        height: of the frame, px.
    """
    return embed.iframe(embed_address(base, slug, language), title, height=height)


# --- pages -----------------------------------------------------------------------------------------------------------


def page_of(slug: str, language: str | None = None) -> Page:
    """The page of a case: as it was published last, or as it stands where the dashboard never wrote it.

    Raises:
        ResourceError: when there is none.
        FlightcaseError: when it cannot be shown.
    """
    folder = library.find(slug)
    if folder is None:
        raise ResourceError("There is no case of this name here.")
    entry = library.entry(slug)
    published = publications.publications(folder)
    if published:
        pages = published[-1].pages
        first = [language for language in (entry.languages if entry else ()) if language in pages]
        chosen = _among((*first, *pages), language)
        return _one(_published, folder, pages[chosen].sha256, chosen)
    if publications.is_kept(folder) or settings.current().required == settings.REQUIRED[-1]:
        raise ResourceError("This case has not been published yet.")
    if entry is None or entry.case is None:
        raise ResourceError("This case cannot be shown yet: its file has problems.")
    return _one(_standing, folder, entry.stamp, _among(entry.languages, language))


def _among(languages: tuple[str, ...], language: str | None) -> str:
    """The language that is asked for, or the first.

    Raises:
        ResourceError: when the page is not in that language.
    """
    if language and language not in languages:
        raise ResourceError(f"This page is not there in that language; it is in {', '.join(dict.fromkeys(languages))}.")
    return language or languages[0]


def _one(make: Callable[[Path, str, str], _Made], folder: Path, stamp: str, language: str) -> _Made:
    """Make a page or poster, and let whoever asks for the same one meanwhile wait for it."""
    with _lock(folder, stamp, language):
        return make(folder, stamp, language)


@lru_cache(maxsize=_KEPT * 4)
def _lock(folder: Path, stamp: str, language: str) -> Lock:  # noqa: ARG001  the key
    return Lock()


@lru_cache(maxsize=_KEPT)
def _published(folder: Path, stamp: str, language: str) -> Page:  # noqa: ARG001  the stamp is a part of the key
    body = publications.page(folder, language)
    if body is None:
        raise ResourceError("This page is not there in that language.")
    return _page(body)


@lru_cache(maxsize=_KEPT)
def _standing(folder: Path, stamp: str, language: str) -> Page:
    return _page(render(library.scene(folder, stamp, language, library.UNITS[0]), ".html"))


def _page(body: bytes) -> Page:
    head = body[:20_000].decode("utf-8", "replace")
    policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', head)
    title = re.search(r"<title>([^<]*)</title>", head)
    return Page(
        body,
        gzip.compress(body, 9, mtime=0),
        hashlib.sha256(body).hexdigest(),
        unescape(policy.group(1)) if policy else "default-src 'none'",
        unescape(title.group(1)) if title else "Flightcase",
    )


def poster_of(slug: str, language: str | None = None) -> tuple[bytes, str]:
    """The poster of the page that readers get, as PNG, and its SHA-256; takes and raises what ``pictured`` does."""
    return _one(_drawn, *pictured(slug, language))


def pictured(slug: str, language: str | None = None) -> tuple[Path, str, str]:
    """The folder, stamp and language of that which a poster is drawn from.

    Raises:
        ResourceError: when there is no page, or when the case has changed since its page was published: the poster
            would tell what is not published.
        FlightcaseError: when the page cannot be shown.
    """
    page_of(slug, language)
    folder, entry = library.find(slug), library.entry(slug)
    if folder is None or entry is None or entry.case is None:
        raise ResourceError("This case has no poster.")
    if publications.publications(folder) and publications.is_stale(folder):
        raise ResourceError("This case has changed since it was published; there is no poster until it is again.")
    return folder, entry.stamp, _among(entry.languages, language)


@lru_cache(maxsize=_KEPT // 4)
def _drawn(folder: Path, stamp: str, language: str) -> tuple[bytes, str]:
    body = render(library.scene(folder, stamp, language, library.UNITS[0]), ".png")
    return body, hashlib.sha256(body).hexdigest()


# --- what is answered ------------------------------------------------------------------------------------------------


async def _give_page(request: Request) -> Response:
    slug, language = request.path_params["slug"], request.query_params.get("lang") or None
    try:
        page = await run_in_threadpool(page_of, slug, language)
    except (FlightcaseError, OSError) as wrong:
        return _none(wrong)
    address = oembed_address(base(str(request.url)), slug, language)
    more = {
        "Content-Security-Policy": page.policy,
        "Link": f'<{address}>; rel="alternate"; type="application/json+oembed"',
    }
    return kept(request, "text/html", page.tag, page.body, page.packed, more)


async def _give_poster(request: Request) -> Response:
    slug, language = request.path_params["slug"], request.query_params.get("lang") or None
    try:
        body, tag = await run_in_threadpool(poster_of, slug, language)
    except (FlightcaseError, OSError) as wrong:
        return _none(wrong)
    return kept(request, "image/png", tag, body)


async def _give_script(request: Request) -> Response:
    body, packed, tag = _script()
    return kept(request, "text/javascript", tag, body, packed)


@lru_cache(maxsize=1)
def _script() -> tuple[bytes, bytes, str]:
    body = asset_text("embed.js").encode()
    return body, gzip.compress(body, 9, mtime=0), hashlib.sha256(body).hexdigest()


def _none(wrong: FlightcaseError | OSError) -> Response:
    """A plain sentence: what is missing is not found, what is broken is for the newsroom to mend."""
    headers = {"Cache-Control": "no-store"}
    if isinstance(wrong, ResourceError):
        return PlainTextResponse(str(wrong), status_code=404, headers=headers)
    sys.stderr.write(f"a page could not be given: {wrong}\n")
    told = "This page cannot be shown at the moment. The newsroom's log says why."
    return PlainTextResponse(told, status_code=503, headers=headers)


async def _give_oembed(request: Request) -> Response:
    asked = request.query_params
    kind = asked.get("format", "json")
    if kind not in ("json", "xml"):
        return PlainTextResponse("format is json or xml", status_code=501)
    try:
        sizes = {name: _size(asked.get(name)) for name in ("maxwidth", "maxheight")}
    except ValueError as wrong:
        return PlainTextResponse(str(wrong), status_code=400)
    try:
        said = await run_in_threadpool(_oembed, asked.get("url", ""), str(request.url), **sizes)
    except (FlightcaseError, OSError) as wrong:
        return _none(wrong)
    headers = {"Cache-Control": CACHE, "Access-Control-Allow-Origin": "*"}
    if kind == "json":
        return JSONResponse(said, headers=headers)
    return Response(embed.oembed_xml(said), media_type="text/xml", headers=headers)


def _size(said: str | None) -> int | None:
    if said is None:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) == 0:
        raise ValueError("maxwidth and maxheight are whole numbers of pixels")
    return int(said)


def _oembed(url: str, here: str, *, maxwidth: int | None, maxheight: int | None) -> Mapping[str, Any]:
    """What oEmbed 1.0 says of an address of this server, of the page or of the dashboard.

    Raises:
        ResourceError: when the address is not of this server or leads to no page.
    """
    root = base(here)
    slug, language = _meant(url, root, here)
    page = page_of(slug, language)
    picture = None  # a page without a picture is a page
    with suppress(FlightcaseError):
        pictured(slug, language)
        picture = Picture(poster_address(root, slug, language), page.title)
    return embed.oembed(
        embed_address(root, slug, language),
        page.title,
        maxwidth=maxwidth,
        maxheight=maxheight,
        poster=picture,
        provider_url=f"{root}/",
    )


def _meant(url: str, root: str, here: str) -> tuple[str, str | None]:
    """The case and the language that an address of this server means."""
    told = "This is no address of a case on this server."
    try:
        parts, ours = urlsplit(url), urlsplit(root)
        hosts = {ours.netloc, urlsplit(here).netloc}
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    except ValueError as wrong:
        raise ResourceError(told) from wrong
    path = parts.path.removeprefix(ours.path)
    if parts.scheme not in ("http", "https") or parts.netloc not in hosts or not parts.path.startswith(ours.path):
        raise ResourceError(told)
    if path in ("", "/") and "case" in query:
        return query["case"], query.get("language")
    if not re.fullmatch(r"/embed/[^/]+", path):
        raise ResourceError(told)
    return unquote(path.removeprefix("/embed/")), query.get("lang")


async def _give_health(_: Request) -> Response:
    reason = await run_in_threadpool(_ailment)
    said = {"status": "unavailable", "reason": reason} if reason else {"status": "ok", "version": _version()}
    return JSONResponse(said, status_code=503 if reason else 200, headers={"Cache-Control": "no-store"})


def _ailment() -> str | None:
    """Why the server cannot do its work; ``None`` when it can."""
    try:
        next(library.folder().iterdir(), None)
    except FileNotFoundError:
        return "the folder of cases is not there"
    except OSError as wrong:
        return f"the folder of cases cannot be read: {wrong.strerror}"
    return None


@lru_cache(maxsize=1)
def _version() -> str:
    try:
        return version("flightcase")
    except PackageNotFoundError:  # a checkout that is not installed
        return "unknown"


def routes() -> list[Route]:
    """The addresses, without the path that the server stands under."""
    return [
        Route("/embed/{slug}/poster.png", _give_poster),
        Route("/embed/{slug:path}", _give_page),
        Route("/embed.js", _give_script),
        Route("/oembed", _give_oembed),
        Route("/healthz", _give_health),
    ]
