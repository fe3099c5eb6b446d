"""Tracks: a file of any known format, read, judged and accounted for row by row.

``read`` picks the format by content. A format is a module with ``NAME``, ``TITLE``, ``sniff`` and ``read``; to add
one, write it and name it in ``_FORMATS``, before those that would take its files too.
"""

from __future__ import annotations

from typing import Final

from geo.errors import TrackEmpty, TrackUnreadable
from geo.tracks import fr24_csv, fr24_granular, plain_csv, traffic_json
from geo.tracks.legs import split
from geo.tracks.opening import HEAD, MAX_BYTES, Given, described, name_of, opened
from geo.tracks.quality import RULES, Rule, judge
from geo.tracks.reading import Leg, Reading, Report, flown_m, report_json, select
from geo.tracks.rows import Format, Rejection, Rows, Unreadable
from geo.tracks.states import GAP_S, State, states
from geo.tracks.write import to_csv

__all__ = [
    "GAP_S",
    "MAX_BYTES",
    "RULES",
    "Leg",
    "Reading",
    "Rejection",
    "Report",
    "Rule",
    "State",
    "Unreadable",
    "flown_m",
    "formats",
    "judge",
    "read",
    "report_json",
    "select",
    "states",
    "to_csv",
]

#: In the order in which they are asked; the most general last.
_FORMATS: Final[tuple[Format, ...]] = (fr24_csv, fr24_granular, traffic_json, plain_csv)


def formats() -> dict[str, str]:
    """The known formats: name, and title for people."""
    return {module.NAME: module.TITLE for module in _FORMATS}


def read(path_or_file: Given, *, name: str | None = None, max_bytes: int = MAX_BYTES) -> Reading:
    """Read and judge a track, from a path, bytes or a file opened as bytes; gzip is inflated.

    Args:
        path_or_file: the file, told by its content and not by its name.
        name: what messages call it; else the name of the path.
        max_bytes: the most that is read, also after inflating.

    Raises:
        TrackUnreadable: when it is of no known format, is too large or damaged, or none of its rows can be read.
        TrackEmpty: when it has the form of a track and no row.
    """
    source = name_of(path_or_file, name)
    data = opened(path_or_file, source, max_bytes, lambda head: _known(head, source))
    module = _known(data[:HEAD], source)
    rows = module.read(data, source)
    if not len(rows):
        raise _nothing(rows, module, source)
    return _judged(rows, module, source)


def _known(head: bytes, source: str) -> Format:
    """The format of a file that begins so.

    Raises:
        TrackUnreadable: when there is none.
    """
    for module in _FORMATS:
        if module.sniff(head) is not None:
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


def _judged(rows: Rows, module: Format, source: str) -> Reading:
    legs: list[Leg] = []
    rejections: list[Rejection] = []
    for raw in split(rows, source):
        track, against = judge(raw.track, raw.given)
        legs.append(Leg(track.icao24, track.callsign, track))
        rejections += against
    report = Report(
        read=len(rows) + len(rows.unreadable),
        accepted=sum(len(leg.track) for leg in legs) - len(rejections),
        rejected=len(rejections),
        unreadable=len(rows.unreadable),
        rejections=tuple(sorted(rejections)),
        unreadables=rows.unreadable,
        ignored_columns=rows.ignored,
    )
    return Reading(module.NAME, tuple(legs), report)
