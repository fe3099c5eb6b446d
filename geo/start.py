"""Start a case: a folder with a case file to fill in, and its track."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
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
title.{language} = {title}
standfirst.{language} = ""
# clocks beside UTC, by IANA name
clocks = [{clocks}]
{updated}
[flight]
callsign = {callsign}
{flight}
[places.origin]
{origin}

[places.destination]
{destination}

[intended]
route = ["origin", "destination"]
basis.{language} = {basis}
{departs}{track}
# What happened, one [[event]] each. Times carry their zone; a place is a name, a code, a position, a ring, or the
# track.
#
# [[event]]
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


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a flight when its case begins; what is empty is not known.

    ``origin`` and ``destination`` are as the gazetteer gave them, so that what was asked leads to them again, or points
    that have a name. ``day`` is the one on which the flight was meant to depart, ``title``, ``basis`` and names are in
    ``language``.
    """

    origin: Place
    destination: Place
    day: date | None = None
    number: str = ""
    callsign: str = ""
    icao24: str = ""
    aircraft: str = ""
    title: str = ""
    language: str = "en"
    basis: str = "great circle; the filed route is not known"


def start(folder: Path, origin: str, destination: str, track: Path | None, *, find: Finder | None = None) -> Path:
    """Make the folder of a new case between two places, with its track when there is one, and give the folder.

    Raises:
        CaseError: when the folder holds a case already.
        PlaceError: when a place is not found or not clear.
        TrackError: when the track cannot be read or holds several flights.
    """
    if (folder / NAME).exists():
        raise CaseError(str(folder), [Problem("", f"there is a {NAME} here already; name another folder")])
    ends = (_found(origin, find), _found(destination, find))
    leg = None if track is None else _only_leg(track)
    callsign, icao24 = (leg.callsign or "", leg.icao24 or "") if leg else ("", "")
    known = Beginning(*ends, callsign=callsign, icao24=icao24)
    text = case_text(folder.resolve().name, known, None if track is None else track.name)
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


def case_text(name: str, known: Beginning, track: str | None = None) -> str:
    """The text of a new case file.

    Args:
        name: of the case folder; the id of the case follows it.
        known: what is known of the flight.
        track: name of the file of its track, if there is one.
    """
    ends = (known.origin, known.destination)
    names = [place.name.said(known.language) or place.asked or "" for place in ends]
    zones = dict.fromkeys(place.timezone for place in ends if place.timezone)
    flight = known.number or known.callsign or "A flight"
    more = {"number": known.number, "aircraft": known.aircraft, "icao24": known.icao24}
    return _TEMPLATE.format(
        id=_quoted(folder_name(name)),
        language=known.language,
        title=_quoted(known.title or f"{flight}, {names[0]} to {names[1]}"),
        clocks=", ".join(map(_quoted, zones)),
        updated=f"updated = {datetime.now(UTC):%Y-%m-%d}\n",
        callsign=_quoted(known.callsign),
        flight="".join(f"{key} = {_quoted(value)}\n" for key, value in more.items() if value),
        origin=_place(known.origin, known.language),
        destination=_place(known.destination, known.language),
        basis=_quoted(known.basis),
        departs=f"departs = {known.day}\n" if known.day else "",
        track=f"\n[[track]]\nfile = {_quoted(track)}\n" if track else "",
    )


def _place(place: Place, language: str) -> str:
    """What a case file says of a place: what leads to it, else where it is."""
    if place.asked:
        return f"find = {_quoted(place.asked)}"
    return f"lat = {place.lat}\nlon = {place.lon}\nname.{language} = {_quoted(place.name.said(language))}"


def folder_name(text: str) -> str:
    """A text of any script as the name of a case folder: small letters, digits and hyphens, never empty."""
    return re.sub(r"[^a-z0-9]+", "-", anyascii(text).lower())[:64].strip("-") or "case"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    import tomlkit  # its writer knows every escape

    return tomlkit.item(text).as_string()
