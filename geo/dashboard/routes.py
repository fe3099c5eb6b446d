"""What the browser fetches besides Streamlit's own: the viewer's modules, scenes and basemaps.

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

from geo.dashboard import library
from geo.errors import FlightcaseError, ResourceError
from geo.render.inline import leaflet_script, leaflet_style, tiles_style, viewer_style
from geo.resources import asset, asset_text

if TYPE_CHECKING:
    from starlette.requests import Request

PREFIX: Final = "/flightcase"
_FOR_GOOD: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_KINDS: Final = {".js": "text/javascript", ".css": "text/css"}


@cache
def _viewer() -> dict[str, tuple[str, str]]:
    """The files of the viewer and of Leaflet: media type and text by name."""
    modules = (path.name for path in sorted(asset("viewer").iterdir()) if path.suffix == ".js")
    return {
        **{name: (_KINDS[".js"], asset_text("viewer", name)) for name in modules},
        "viewer.css": (_KINDS[".css"], viewer_style() + tiles_style()),
        "leaflet.js": (_KINDS[".js"], leaflet_script()),
        "leaflet.css": (_KINDS[".css"], leaflet_style()),
    }


@cache
def version() -> str:
    """Changes with any file of the viewer."""
    return hashlib.sha256(repr(sorted(_viewer().items())).encode()).hexdigest()[:12]


def _address(path: str) -> str:
    base = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"{'/' + base if base else ''}{PREFIX}/{path}"


def viewer_address(name: str) -> str:
    """Address of a file of the viewer."""
    return _address(f"viewer/{version()}/{name}")


def scene_address(entry: library.Entry, language: str, units: str) -> str:
    """Address of a scene."""
    return _address(f"scene/{version()}/{entry.stamp}/{quote(entry.slug)}/{quote(language)}/{units}.json")


def basemap_address(entry: library.Entry) -> str:
    """Address of the basemap of a case."""
    return _address(f"basemap/{entry.stamp}/{quote(entry.slug)}.json")


async def _give_viewer(request: Request) -> Response:
    kind, text = _viewer().get(request.path_params["name"], ("", ""))
    if not kind:
        return PlainTextResponse("there is no such file of the viewer", status_code=404)
    return Response(text, media_type=kind, headers=_FOR_GOOD)


def _load(request: Request) -> bytes:
    wanted = request.path_params
    entry = library.entry(wanted["slug"])
    if entry is None or entry.case is None:
        raise ResourceError(f"there is no case {wanted['slug']} that can be shown")
    if "language" not in wanted:
        return library.basemap_json(entry.folder, entry.stamp)
    if wanted["language"] not in entry.languages or wanted["units"] not in library.UNITS:
        raise ResourceError(f"the case {entry.slug} is not told in {wanted['language']} with {wanted['units']} units")
    return library.scene_json(entry.folder, entry.stamp, wanted["language"], wanted["units"])


async def _give_data(request: Request) -> Response:
    try:
        found = await run_in_threadpool(_load, request)
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404)
    return Response(found, media_type="application/json", headers=_FOR_GOOD)


def routes() -> list[Route]:
    """The addresses, for ``streamlit.App``."""
    return [
        Route(f"{PREFIX}/viewer/{{version}}/{{name}}", _give_viewer),
        Route(f"{PREFIX}/scene/{{version}}/{{stamp}}/{{slug}}/{{language}}/{{units}}.json", _give_data),
        Route(f"{PREFIX}/basemap/{{stamp}}/{{slug}}.json", _give_data),
    ]
