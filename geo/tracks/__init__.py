"""Tracks: a file of any known format, read, judged and accounted for row by row.

``read`` picks the format by content. A format is a module with ``NAME``, ``TITLE``, ``sniff`` and ``read``; to add
one, write it and name it in ``_FORMATS``, before those that would take its files too. What readers share lies in
``tables`` (text and Arrow), ``objects`` (JSON) and ``markup`` (XML); ``legs`` tells flights apart, ``quality`` judges
them by the rules in ``judging``, ``reading`` is what comes of it, ``write`` puts a track into a file.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geo.errors import TrackEmpty, TrackUnreadable
from geo.tracks import (
    czml,
    fr24_csv,
    fr24_granular,
    fr24_json,
    fr24_kml,
    garmin_g1000,
    geojson,
    gpx,
    gx_track,
    igc,
    kml,
    opensky_states,
    opensky_states_json,
    opensky_tracks,
    parquet,
    plain_csv,
    readsb_aircraft,
    readsb_trace,
    sbs,
    traffic_json,
)
from geo.tracks.judging import units
from geo.tracks.opening import HEAD, MAX_BYTES, Given, described, name_of, opened
from geo.tracks.progress import heard_by
from geo.tracks.quality import RULES, Rule, judge
from geo.tracks.reading import Leg, Reading, Report, flown_m, judged, report_json, select
from geo.tracks.rows import Format, Rejection, Rows, Unreadable, Withheld
from geo.tracks.states import GAP_S, State, states
from geo.tracks.write import SUFFIXES, to_csv, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "GAP_S",
    "MAX_BYTES",
    "RULES",
    "SUFFIXES",
    "Leg",
    "Reading",
    "Rejection",
    "Report",
    "Rule",
    "State",
    "Unreadable",
    "Withheld",
    "flown_m",
    "formats",
    "judge",
    "judged",
    "read",
    "report_json",
    "select",
    "states",
    "to_csv",
    "write",
]

#: In the order in which they are asked; the most general last.
_FORMATS: Final[tuple[Format, ...]] = (
    fr24_csv,
    fr24_granular,
    fr24_json,
    fr24_kml,
    gx_track,
    kml,
    gpx,
    readsb_trace,
    readsb_aircraft,
    opensky_states,
    opensky_states_json,
    opensky_tracks,
    parquet,
    czml,
    geojson,
    traffic_json,
    sbs,
    igc,
    garmin_g1000,
    plain_csv,
)
#: Legs whose units are looked at, the longest: a unit is one of the whole file.
_ASKED: Final = 20


def formats() -> dict[str, str]:
    """The known formats: name, and title for people."""
    return {module.NAME: module.TITLE for module in _FORMATS}


def read(
    path_or_file: Given,
    *,
    name: str | None = None,
    max_bytes: int = MAX_BYTES,
    member: str | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> Reading:
    """Read and judge a track, from a path, bytes or a file opened as bytes; what is compressed is inflated.

    Args:
        path_or_file: the file, told by its content and not by its name.
        name: what messages call it; else the name of the path.
        max_bytes: the most that is read, also after inflating.
        member: which file of an archive, where it holds several tracks.
        progress: called now and then with the share done, 0 to 1, of what the words beside it say.

    Raises:
        TrackUnreadable: when it is of no known format, is too large or damaged, or none of its rows can be read.
        TrackEmpty: when it has the form of a track and no row.
    """
    source = name_of(path_or_file, name)
    with heard_by(progress):
        data = opened(path_or_file, source, max_bytes, lambda head: _sniffed(head) is not None, member=member)
        module = _known(data[:HEAD], source)
        rows = module.read(data, source)
        del data  # judging takes memory of its own
        if not len(rows):
            raise _nothing(rows, module, source)
        reading = judged(rows, module.NAME, source)
        notes = (*reading.report.notes, *_doubts(reading.legs))
        return replace(reading, report=replace(reading.report, notes=notes))


def _sniffed(head: bytes) -> Format | None:
    return next((module for module in _FORMATS if module.sniff(head) is not None), None)


def _known(head: bytes, source: str) -> Format:
    """The format of a file that begins so.

    Raises:
        TrackUnreadable: when there is none.
    """
    module = _sniffed(head)
    if module is not None:
        return module
    raise TrackUnreadable(
        source, f"it is no track of a known format ({', '.join(formats().values())}); it looks like {described(head)}"
    )


def _nothing(rows: Rows, module: Format, source: str) -> TrackEmpty | TrackUnreadable:
    if not rows.unreadable:
        return TrackEmpty(source, f"it has the form of {module.TITLE} and holds no fix")
    some = [f"  row {one.row}: {one.detail}" for one in rows.unreadable[:3]]
    more = [f"  and {len(rows.unreadable) - len(some):,} more"] if len(rows.unreadable) > len(some) else []
    head = f"it has the form of {module.TITLE} and none of its {len(rows.unreadable):,} rows can be read:"
    return TrackUnreadable(source, "\n".join([head, *some, *more]))


def _doubts(legs: Sequence[Leg]) -> list[str]:
    """What looks wrong as a whole, each with the first leg where it does and how many more there are."""
    where: dict[str, list[str]] = {}
    for leg in sorted(legs, key=lambda leg: -len(leg.track))[:_ASKED]:
        for sentence in units.doubts(leg.track):
            where.setdefault(sentence, []).append(leg.name)
    return [
        f"{names[0]}: {sentence}" + (f" (and {len(names) - 1} more)" if len(names) > 1 else "")
        for sentence, names in where.items()
    ]
