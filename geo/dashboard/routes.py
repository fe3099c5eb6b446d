"""What the browser fetches besides Streamlit's own: our modules, scenes and basemaps.

None of it belongs on Streamlit's socket, where it would travel again with every change. Every address names a version
of what it gives, so a browser keeps it for good.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from streamlit import config

from geo.dashboard import desk, embed, fixes, library, offers, settings
from geo.dashboard.finding_route import give_places
from geo.errors import FlightcaseError, ResourceError
from geo.render.inline import leaflet_script, leaflet_style, tiles_style, viewer_style
from geo.resources import asset, asset_text
from geo.scene.words import languages

if TYPE_CHECKING:
    from starlette.requests import Request

    from geo.dashboard.drafts import Draft

PREFIX: Final = "/flightcase"
_FOR_GOOD: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_KINDS: Final = {".js": "text/javascript", ".css": "text/css"}


@cache
def _code() -> dict[str, tuple[str, str]]:
    """What runs in the browser: media type and text by folder and name, so that modules find each other as on disk."""
    given = {
        f"{folder}/{path.name}": (_KINDS[path.suffix], asset_text(folder, path.name))
        for folder in ("viewer", "dashboard")
        for path in sorted(asset(folder).iterdir())
        if path.suffix == ".js" or (folder == "dashboard" and path.suffix == ".css")
    }
    return {
        **given,
        "viewer/viewer.css": (_KINDS[".css"], viewer_style() + tiles_style()),
        "viewer/leaflet.js": (_KINDS[".js"], leaflet_script()),
        "viewer/leaflet.css": (_KINDS[".css"], leaflet_style()),
    }


@cache
def version() -> str:
    """Changes with any file that runs in the browser."""
    return hashlib.sha256(repr(sorted(_code().items())).encode()).hexdigest()[:12]


def _address(path: str) -> str:
    return f"{_base()}{PREFIX}/{path}"


def _base() -> str:
    """The path that the server stands under, with a slash before it; empty where it stands under none."""
    said = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{said}" if said else ""


def code_address(folder: str, name: str) -> str:
    """Address of a module or style of ``assets/viewer`` or ``assets/dashboard``."""
    return _address(f"code/{version()}/{folder}/{name}")


def scene_address(entry: library.Entry, language: str, units: str) -> str:
    """Address of a scene."""
    return _address(f"scene/{version()}/{entry.stamp}/{quote(entry.slug)}/{quote(language)}/{units}.json")


def draft_scene_address(draft: Draft, language: str, units: str) -> str:
    """Address of the scene of a draft as it stands."""
    return _address(f"draft/{version()}/{draft.id}/{_text_version(draft)}/{language}/{units}.json")


def draft_basemap_address(draft: Draft) -> str:
    """Address of the basemap of a draft as it stands."""
    return _address(f"draft/{draft.id}/{_text_version(draft)}/basemap.json")


def _text_version(draft: Draft) -> str:
    """Changes with the text: the number of a step comes to mean another one after an undo."""
    return hashlib.sha256(draft.text.encode()).hexdigest()[:12]


def basemap_address(entry: library.Entry) -> str:
    """Address of the basemap of a case."""
    return _address(f"basemap/{entry.stamp}/{quote(entry.slug)}.json")


def preview_address(entry: library.Entry, language: str, units: str) -> str:
    """Address of the page of a case as it would be published."""
    return _address(f"preview/{entry.stamp}/{quote(entry.slug)}/{quote(language)}/{units}.html")


def find_address() -> str:
    """Address of the finder of places."""
    return _address("find")


def fixes_address(stamp: str, slug: str, draft: Draft | None = None) -> str:
    """What the addresses of the fixes of a case begin with; the number of the track follows."""
    return _address(f"draft/{draft.id}/{_text_version(draft)}/fixes" if draft else f"fixes/{stamp}/{quote(slug)}")


def file_address(stamp: str, slug: str, draft: Draft | None = None) -> str:
    """What the addresses of files of a case to download begin with; the name of the file follows."""
    return _address(f"draft/{draft.id}/{_text_version(draft)}/file" if draft else f"file/{stamp}/{quote(slug)}")


def archive_address(path: str) -> str:
    """Address of an answer of the archive, of a file of one, or of the land under its map."""
    return _address(f"archive/{path}")


async def _give_code(request: Request) -> Response:
    wanted = request.path_params
    kind, text = _code().get(f"{wanted['folder']}/{wanted['name']}", ("", ""))
    if not kind:
        return PlainTextResponse("there is no such file", status_code=404)
    return Response(text, media_type=kind, headers=_FOR_GOOD)


def _load(request: Request) -> bytes:
    wanted = request.path_params
    entry = library.entry(wanted["slug"])
    if entry is None or entry.case is None:
        raise ResourceError(f"there is no case {wanted['slug']} that can be shown")
    if "language" not in wanted:
        return library.basemap_json(entry.folder, entry.stamp)
    if wanted["language"] not in languages() or wanted["units"] not in library.UNITS:
        raise ResourceError(f"the dashboard does not tell cases in {wanted['language']} with {wanted['units']} units")
    return library.scene_json(entry.folder, entry.stamp, wanted["language"], wanted["units"])


def _load_draft(request: Request) -> bytes:
    wanted = request.path_params
    draft = library.drafts().get(wanted["draft"])
    if draft is None:
        raise ResourceError("this draft is no longer there")
    if "language" not in wanted:
        return desk.basemap_json(draft)
    if wanted["language"] not in languages() or wanted["units"] not in library.UNITS:
        raise ResourceError(f"the dashboard does not tell cases in {wanted['language']} with {wanted['units']} units")
    return desk.serve_scene(draft, wanted["language"], wanted["units"])


async def _give_draft(request: Request) -> Response:
    try:
        found = await run_in_threadpool(_load_draft, request)
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404)
    return Response(found, media_type="application/json", headers={"Cache-Control": "private, no-store"})


async def _give_data(request: Request) -> Response:
    try:
        found = await run_in_threadpool(_load, request)
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404)
    return Response(found, media_type="application/json", headers=_FOR_GOOD)


def _load_page(request: Request) -> bytes:
    wanted = request.path_params
    entry = library.entry(wanted["slug"])
    if entry is None or entry.case is None or entry.stamp != wanted["stamp"]:
        raise ResourceError("this preview is of a case that has changed since; reload the dashboard")
    if wanted["language"] not in entry.languages or wanted["units"] not in library.UNITS:
        raise ResourceError(f"the case is not told in {wanted['language']} with {wanted['units']} units")
    return offers.page(entry, wanted["language"], wanted["units"]).data


async def _give_page(request: Request) -> Response:
    try:
        found = await run_in_threadpool(_load_page, request)
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404)
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": offers.policy(found)}
    return Response(found, media_type="text/html", headers=headers)


def routes() -> list[Route]:
    """The addresses, for ``streamlit.App``."""
    given = [
        *embed.routes(),
        Route(f"{PREFIX}/code/{{version}}/{{folder}}/{{name}}", _give_code),
        Route(f"{PREFIX}/scene/{{version}}/{{stamp}}/{{slug}}/{{language}}/{{units}}.json", _give_data),
        Route(f"{PREFIX}/draft/{{version}}/{{draft}}/{{step}}/{{language}}/{{units}}.json", _give_draft),
        Route(f"{PREFIX}/draft/{{draft}}/{{step}}/basemap.json", _give_draft),
        Route(f"{PREFIX}/basemap/{{stamp}}/{{slug}}.json", _give_data),
        Route(f"{PREFIX}/preview/{{stamp}}/{{slug}}/{{language}}/{{units}}.html", _give_page),
        Route(f"{PREFIX}/find", give_places),
        Route(f"{PREFIX}/fixes/{{stamp}}/{{slug}}/{{track}}", fixes.give_block),
        Route(f"{PREFIX}/file/{{stamp}}/{{slug}}/{{name}}", fixes.give_file),
        Route(f"{PREFIX}/draft/{{draft}}/{{step}}/fixes/{{track}}", fixes.give_block),
        Route(f"{PREFIX}/draft/{{draft}}/{{step}}/file/{{name}}", fixes.give_file),
    ]
    if settings.current().archive is not None:
        from geo.dashboard.archive.giving import give, give_ground  # only who has an archive needs it

        given += [
            Route(f"{PREFIX}/archive/answer/{{id}}/{{language}}/{{units}}.json", give),
            Route(f"{PREFIX}/archive/file/{{id}}/{{name}}", give),
            Route(f"{PREFIX}/archive/ground/{{language}}/{{box}}.json", give_ground),
        ]
    return [Route(f"{_base()}{each.path}", each.endpoint) for each in given]
