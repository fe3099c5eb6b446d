"""What the browser fetches for the Archive page: the answer as rows and lines, its files, the land under the map."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, Response

from geo.archive.jumping import CELL_DEG
from geo.basemap import basemap, country_labels, water_labels
from geo.dashboard import library
from geo.dashboard.archive import asking, telling
from geo.dashboard.archive.received import box
from geo.errors import FlightcaseError, ResourceError
from geo.render.inline import json_text
from geo.scene.words import Words, languages

if TYPE_CHECKING:
    from starlette.requests import Request

    from geo.dashboard.archive.answering import Found, Line
    from geo.dashboard.archive.asking import Asking

#: Degrees in a step of a line: 11 m.
QUANTUM: Final = 1e-4
_FOR_GOOD: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_FRESH: Final = {"Cache-Control": "no-store"}
_GONE: Final = "this answer is no longer there; ask again"
_NUMBER: Final = r"-?\d{1,3}(?:\.\d{1,12})?"
_BOX: Final = re.compile(rf"({_NUMBER}),({_NUMBER}),({_NUMBER}),({_NUMBER})")


async def give(request: Request) -> Response:
    """An answer, ``answer/<id>/<language>/<units>.json``, or one of its files, ``file/<id>/<name>``."""
    wanted = request.path_params
    try:
        if "name" in wanted:
            return await run_in_threadpool(_file, wanted["id"], wanted["name"])
        made = await run_in_threadpool(_json, wanted["id"], wanted["language"], wanted["units"])
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404, headers=_FRESH)
    return Response(made, media_type="application/json", headers=_FOR_GOOD)


async def give_ground(request: Request) -> Response:
    """The land between west, south, east and north, ``ground/<language>/<box>.json``, and the names on it."""
    sides = _BOX.fullmatch(request.path_params["box"])
    try:
        if not sides:
            raise ResourceError("a view is west, south, east and north, in degrees")
        made = await run_in_threadpool(_ground, tuple(map(float, sides.groups())), request.path_params["language"])
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404, headers=_FRESH)
    return Response(made, media_type="application/json", headers=_FOR_GOOD)


@lru_cache(maxsize=64)
def _ground(box: tuple[float, ...], language: str) -> bytes:
    west, south, east, north = box
    land = basemap(box)
    # Names stand in the middle of what is fetched, which is larger than what is seen.
    beside, over = (east - west) / 4, (north - south) / 4
    seen = (west + beside, south + over, east - beside, north - over)
    labels = (("water", water_labels(seen, language)), ("country", country_labels(seen, language)))
    names = [
        {"text": label.name, "at": [round(label.lat, 3), round(label.lon, 3)], "kind": kind}
        for kind, some in labels
        for label in some
    ]
    return json_text({**land, "names": names}).encode()


def _answered(id_: str) -> tuple[Asking, Found]:
    asked = asking.by_id(id_)
    if asked is None or asked.found is None:
        raise ResourceError(_GONE)
    return asked, asked.found


def _file(id_: str, name: str) -> Response:
    _, found = _answered(id_)
    file = found.files.get(name)
    if file is None or not file.is_file():
        raise ResourceError(_GONE)
    return FileResponse(file, media_type="text/csv", filename=f"archive-{name}", headers=_FRESH)


def _json(id_: str, language: str, units: str) -> bytes:
    if language not in languages() or units not in library.UNITS:
        raise ResourceError(f"the dashboard does not tell answers in {language} with {units} units")
    asked, found = _answered(id_)
    return json_text(told(asked, found, Words(language, units))).encode()


def told(asked: Asking, found: Found, words: Words) -> dict[str, Any]:
    """An answer as ``assets/dashboard/choosing.js`` has it."""
    question = asked.question
    columns = telling.columns(question, words)
    rows: list[dict[str, Any]] = []
    seen: list[tuple[float, float]] = []
    most = max((row.values["jumps"] for row in found.rows if "jumps" in row.values), default=1)
    for number, row in enumerate(found.rows):
        made: dict[str, Any] = {"id": str(number), "cells": telling.cells(row, columns)}
        lines = found.lines.get(number, ())
        made["paths"] = [_steps(line) for line in lines]
        made["label"] = telling.label(row, question, words)
        seen += [(float(lat), float(lon)) for line in lines for lat, lon in zip(*line, strict=True)]
        if "lat_before" in row.values:
            ends = [float(row.values[key]) for key in ("lat_before", "lon_before", "lat", "lon")]
            made["hop"] = ends
            seen += [(ends[0], ends[1]), (ends[2], ends[3])]
        if "cell_lat" in row.values:
            south, west = float(row.values["cell_lat"]), float(row.values["cell_lon"])
            made["cell"] = [south, west, CELL_DEG, row.values["jumps"] / most]
            seen += [(south, west), (south + CELL_DEG, west + CELL_DEG)]
        rows.append(made)
    return {
        "columns": [{"text": column.text, "numeric": column.numeric} for column in columns],
        "order": list(telling.order(question)),
        "rows": rows,
        "quantum": QUANTUM,
        "box": box(seen),
    }


def _steps(line: Line) -> list[int]:
    """A line as the viewer decodes it: lon, lat and then the way from each point to the next, in steps."""
    whole = np.rint(np.column_stack([line[1], line[0]]) / QUANTUM).astype(np.int64)
    return np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64)).ravel().tolist()
