"""The pages that articles embed: ``/embed/<slug>``, what ``/oembed`` says of them, and ``/healthz``."""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape, unescape
from importlib.metadata import PackageNotFoundError, version
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit
from xml.etree import ElementTree as ET

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from geo.dashboard import library, publications, settings
from geo.errors import FlightcaseError, ResourceError
from geo.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from starlette.requests import Request

#: The size of a frame that shows map and timeline side by side.
WIDTH: Final = 1060
HEIGHT: Final = 760
_CACHE: Final = "public, max-age=60, stale-while-revalidate=600"
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


def embed_code(base: str, slug: str, title: str, language: str | None = None, *, height: int = HEIGHT) -> str:
    """The HTML that shows the page of a case in an article.

    Args:
        base: what the function of that name gives.
        slug: of the case.
        title: what a screen reader calls the frame.
        language: one that the page is published in; without it, the case's first.
        height: of the frame, px.
    """
    return _frame(embed_address(base, slug, language), title, "100%", height)


def _frame(address: str, title: str, width: int | str, height: int) -> str:
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}" height="{height}" loading="lazy" '
        'style="border:0;max-width:100%" allow="fullscreen; clipboard-write"></iframe>'
    )


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


def _one(make: Callable[[Path, str, str], Page], folder: Path, stamp: str, language: str) -> Page:
    """Make a page, and let whoever asks for the same one meanwhile wait for it."""
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


# --- what is answered ------------------------------------------------------------------------------------------------


async def _give_page(request: Request) -> Response:
    slug, language = request.path_params["slug"], request.query_params.get("lang") or None
    try:
        page = await run_in_threadpool(page_of, slug, language)
    except (FlightcaseError, OSError) as wrong:
        return _none(wrong)
    packed = _takes_gzip(request.headers.get("accept-encoding", ""))
    # A strong tag names these very bytes, so the packed ones have another.
    tags = {f'"{page.tag}"', f'"{page.tag}-gzip"'}
    address = oembed_address(base(str(request.url)), slug, language)
    headers = {
        "ETag": f'"{page.tag}-gzip"' if packed else f'"{page.tag}"',
        "Cache-Control": _CACHE,
        "Vary": "Accept-Encoding",
        "Content-Security-Policy": page.policy,
        "Link": f'<{address}>; rel="alternate"; type="application/json+oembed"',
    }
    asked = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if asked & (tags | {"*"}):
        return Response(status_code=304, headers=headers)
    # Said also where the bytes are plain: nothing may pack them again under a tag that is not theirs.
    headers["Content-Encoding"] = "gzip" if packed else "identity"
    return Response(page.packed if packed else page.body, media_type="text/html", headers=headers)


def _takes_gzip(said: str) -> bool:
    for each in said.lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";q=")
        if name in ("gzip", "*"):
            return not re.fullmatch(r"0(\.0*)?", weight)
    return False


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
        sizes = {name: _size(asked.get(name), most) for name, most in (("maxwidth", WIDTH), ("maxheight", HEIGHT))}
    except ValueError as wrong:
        return PlainTextResponse(str(wrong), status_code=400)
    try:
        said = await run_in_threadpool(_oembed, asked.get("url", ""), str(request.url), **sizes)
    except (FlightcaseError, OSError) as wrong:
        return _none(wrong)
    headers = {"Cache-Control": _CACHE, "Access-Control-Allow-Origin": "*"}
    if kind == "json":
        return JSONResponse(said, headers=headers)
    root = ET.Element("oembed")
    for name, value in said.items():
        ET.SubElement(root, name).text = str(value)
    return Response(ET.tostring(root, "utf-8", xml_declaration=True), media_type="text/xml", headers=headers)


def _size(said: str | None, most: int) -> int:
    if said is None:
        return most
    if not re.fullmatch(r"[0-9]{1,9}", said) or int(said) == 0:
        raise ValueError("maxwidth and maxheight are whole numbers of pixels")
    return min(int(said), most)


def _oembed(url: str, here: str, *, maxwidth: int, maxheight: int) -> Mapping[str, Any]:
    """What oEmbed 1.0 says of an address of this server, of the page or of the dashboard.

    Raises:
        ResourceError: when the address is not of this server or leads to no page.
    """
    root = base(here)
    slug, language = _meant(url, root, here)
    page = page_of(slug, language)
    return {
        "version": "1.0",
        "type": "rich",
        "title": page.title,
        "provider_name": "Flightcase",
        "provider_url": f"{root}/",
        "cache_age": 3600,
        "width": maxwidth,
        "height": maxheight,
        "html": _frame(embed_address(root, slug, language), page.title, maxwidth, maxheight),
    }


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
        Route("/embed/{slug:path}", _give_page),
        Route("/oembed", _give_oembed),
        Route("/healthz", _give_health),
    ]
