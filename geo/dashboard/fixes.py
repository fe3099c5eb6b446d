"""What the browser fetches for the Data page: blocks of the table of fixes, and the files to download.

A session holds no row: the server cuts each block from the reading that it keeps, and a file is written when it is
asked for and goes when it was sent.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, PlainTextResponse, Response

from geo.dashboard import library
from geo.dashboard.judged import KINDS, MOST, ORDERS, Judged, Teller
from geo.dashboard.shown import asked
from geo.errors import FlightcaseError, ResourceError
from geo.render import render
from geo.render.inline import json_text
from geo.scene.words import Words, languages
from geo.tracks import report_json, write

if TYPE_CHECKING:
    from starlette.requests import Request

    from geo.dashboard.shown import Shown

#: What a track can be downloaded as.
SUFFIXES: Final = (".csv", ".parquet", ".geojson")
_KINDS: Final = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".geojson": "application/geo+json",
    ".json": "application/json",
}
_FOR_GOOD: Final = {"Cache-Control": "private, max-age=31536000, immutable"}
_FRESH: Final = {"Cache-Control": "no-store"}


async def give_block(request: Request) -> Response:
    """Rows of a track; the query says which (``from``, ``count``, ``kind``, ``order``), or a time (``at``)."""
    try:
        what = await run_in_threadpool(_asked, request)
        found = await run_in_threadpool(_block, what, request)
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404)
    # An address of another state of the case is answered with what there is now, and not kept.
    kept = what.draft is None and request.path_params.get("stamp") == what.stamp
    return Response(found, media_type="application/json", headers=_FOR_GOOD if kept else _FRESH)


async def give_file(request: Request) -> Response:
    """A file of the case: ``track-1.csv``, ``track-1.json`` for the account of its rows, ``lines.geojson``."""
    try:
        what = await run_in_threadpool(_asked, request)
        file, name = await run_in_threadpool(_file, what, request)
    except FlightcaseError as wrong:
        return PlainTextResponse(str(wrong), status_code=404)
    return FileResponse(
        file,
        media_type=_KINDS[file.suffix],
        filename=name,
        headers=_FRESH,
        background=BackgroundTask(file.unlink, missing_ok=True),
    )


def _asked(request: Request) -> Shown:
    return asked(request.path_params.get("slug"), request.path_params.get("draft"))


def _words(request: Request) -> Words:
    language, units = request.query_params.get("language", "en"), request.query_params.get("units", library.UNITS[0])
    if language not in languages() or units not in library.UNITS:
        raise ResourceError(f"the dashboard does not tell cases in {language} with {units} units")
    return Words(language, units)


def judged(what: Shown, number: int) -> Judged:
    """A track of a case with its reading; ``number`` is its place, from 0.

    Raises:
        ResourceError: when the case has no such track.
        TrackError: when its file is no longer there or can no longer be read.
    """
    if not 0 <= number < len(what.case.recorded):
        raise ResourceError(f"the case has no track {number + 1}")
    return Judged(what.case.recorded[number], what.reading(number))


def _block(what: Shown, request: Request) -> bytes:
    query = request.query_params
    kind, order = query.get("kind", KINDS[0]), query.get("order", ORDERS[0])
    if kind not in KINDS or order not in ORDERS:
        raise ResourceError(f"there are rows of kind {', '.join(KINDS)}, in order of {' or '.join(ORDERS)}")
    table = judged(what, _whole(request.path_params["track"], "track"))
    start, count = _whole(query.get("from", "0"), "from"), min(_whole(query.get("count", "100"), "count"), MOST)
    place: int | None = None
    if "at" in query:
        time_s = _seconds(query["at"], table)
        place = None if time_s is None else table.place_at(kind, order, time_s)
        start = 0 if place is None or not count else place // count * count
    rows = Teller(table, _words(request)).rows(kind, order, start, count)
    answer: dict[str, Any] = {"from": start, "rows": rows, "at": place}
    return json_text(answer).encode()


def _whole(text: str, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ResourceError(f"{name} is a whole number, not {text[:40]!r}")
    return int(text)


def _seconds(text: str, table: Judged) -> float | None:
    """POSIX seconds of a time as the table or its reader writes it."""
    if re.fullmatch(r"-?[0-9]{6,11}(\.[0-9]{1,6})?", text):
        return float(text)
    return table.moment(text)


def _file(what: Shown, request: Request) -> tuple[Path, str]:
    """A new file, and what it is called where it goes."""
    wanted = re.fullmatch(r"(lines|track-([0-9]{1,4}))(\.[a-z]+)", request.path_params["name"])
    suffix = wanted[3] if wanted else ""
    known = (*SUFFIXES, ".json") if wanted and wanted[2] else (".geojson",)
    if wanted is None or suffix not in known:
        raise ResourceError("there is no such file")
    name = what.named(int(wanted[2]) - 1) if wanted[2] else f"{what.slug}-lines"
    with tempfile.NamedTemporaryFile(prefix="flightcase-", suffix=suffix, delete=False) as made:
        file = Path(made.name)
    try:
        if not wanted[2]:
            words = _words(request)
            file.write_bytes(render(what.scene(words.language, words.units), suffix))
        else:
            track = judged(what, int(wanted[2]) - 1)
            if suffix == ".json":
                file.write_bytes(json_text(report_json(track.reading)).encode())
            else:
                write(track.track, file)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file, f"{name}{suffix}"
