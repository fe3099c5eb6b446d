"""Start a case: a folder with a case file to fill in, and its track."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from anyascii import anyascii

from geo.casefile import NAME
from geo.errors import CaseError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from geo.model import Finder, Place
    from geo.tracks import Leg

_TEMPLATE: Final = """\
#:schema https://example.invalid/flightcase/case-1.json
# A case of Flightcase. docs/case-format.md describes every key; `flightcase check` says what is missing.
format = 1
id = {id}
title.en = {title}
standfirst.en = ""
# clocks beside UTC, by IANA name
clocks = [{clocks}]
{updated}
[flight]
callsign = {callsign}
{icao24}
[places.origin]
find = {origin}

[places.destination]
find = {destination}

[intended]
route = ["origin", "destination"]
basis.en = "great circle; the filed route is not known"
{track}
# What happened, one [[event]] each. Times carry their zone; a place is a name, a code, a position, a ring, or the
# track. [[event]]
# id = "take-off"
# time = "2024-12-25T03:55Z"
# title.en = "Take-off"
# grade = "confirmed"
# place = "origin"
# sources = ["S01"]
#
# [sources.S01]
# publisher = ""
# title = ""
# url = "https://"
"""


def start(folder: Path, origin: str, destination: str, track: Path | None, *, find: Finder | None = None) -> Path:
    """Make the folder of a new case between two places, with its track when there is one, and give the folder.

    Raises:
        CaseError: when the folder holds a case already.
        PlaceError: when a place is not found or not clear.
        TrackError: when the track cannot be read or holds several flights.
    """
    if (folder / NAME).exists():
        raise CaseError(str(folder), [Problem("", f"there is a {NAME} here already; name another folder")])
    ends = [_found(origin, find), _found(destination, find)]
    leg = None if track is None else _only_leg(track)
    text = _filled(folder, ends, leg, None if track is None else track.name)
    folder.mkdir(parents=True, exist_ok=True)
    if track is not None:
        shutil.copyfile(track, folder / track.name)
    (folder / NAME).write_text(text, encoding="utf-8")
    return folder


def _found(name: str, find: Finder | None) -> Place:
    if find is None:
        from geo.gazetteer import open_gazetteer  # builds its index when it is first used

        find = open_gazetteer().find
    return find(name)


def _only_leg(track: Path) -> Leg:
    from geo import tracks  # a case without a track needs no reader

    reading = tracks.read(track)
    tracks.select(reading)
    return reading.legs[0]


def _filled(folder: Path, ends: list[Place], leg: Leg | None, track: str | None) -> str:
    names = [place.name.said("en") for place in ends]
    zones = dict.fromkeys(place.timezone for place in ends if place.timezone)
    callsign = (leg.callsign if leg else None) or ""
    slug = re.sub(r"[^a-z0-9]+", "-", anyascii(folder.resolve().name).lower()).strip("-") or "case"
    return _TEMPLATE.format(
        id=_quoted(slug[:64]),
        title=_quoted(f"{callsign or 'A flight'}, {names[0]} to {names[1]}"),
        clocks=", ".join(map(_quoted, zones)),
        updated=f"updated = {datetime.now(UTC):%Y-%m-%d}\n",
        callsign=_quoted(callsign),
        icao24=f"icao24 = {_quoted(leg.icao24)}\n" if leg and leg.icao24 else "",
        origin=_quoted(ends[0].asked or names[0]),
        destination=_quoted(ends[1].asked or names[1]),
        track=f"\n[[track]]\nfile = {_quoted(track)}\n" if track else "",
    )


def _quoted(text: str) -> str:
    """A TOML basic string."""
    import tomlkit  # its writer knows every escape

    return tomlkit.item(text).as_string()
