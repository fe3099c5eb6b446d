"""What was typed and drawn so far, kept over pages and in the address; and read into a question."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, get_args

import streamlit as st

from geo.archive.outlines import outline
from geo.casefile.positions import looks_like_position, read_position, write_position
from geo.casefile.typed import typed_when
from geo.dashboard.archive.question import Circle, Kind, Polygon, Question
from geo.errors import ArchiveError, PlaceAmbiguous, PlaceError
from geo.gazetteer import open_gazetteer
from geo.model import Place, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.scene.words import Words

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
#: Where a question is about: the choices of each kind that has one.
WHERE: Final[dict[str, tuple[str, ...]]] = {"near": ("place", "drawn"), "jumps": ("anywhere", "place", "drawn")}
#: Fields of each kind, as the address of the page names them.
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "aircraft": ("aircraft",),
    "near": ("where", "place", "km", "corners"),
    "jumps": ("where", "place", "km", "corners", "by"),
    "strayed": ("origin", "destination", "off", "callsigns", "lost"),
}
_TIMES: Final = ("from", "to")
_KM: Final = {"km": 50.0, "off": 50.0}
_PLACES: Final = ("place", "origin", "destination")
MOST_CORNERS: Final = 200
_ADDRESS: Final = re.compile(r"~?[0-9a-fA-F]{6}")
_CALLSIGN: Final = re.compile(r"[A-Za-z0-9]{2,8}")
_SESSION: Final = "archive-given"
_LONGEST: Final = 4_000
_NO_BOX: Final = "a box has four sides: south, west, north, east"

Wrong = dict[str, str]


def given() -> dict[str, Any]:
    """What was given in this session; to begin with, what the address of the page says."""
    held: dict[str, Any] | None = st.session_state.get(_SESSION)
    if held is None:
        held = st.session_state[_SESSION] = _of_address({name: st.query_params[name] for name in st.query_params})
    return held


def _of_address(said: dict[str, str]) -> dict[str, Any]:
    kind = said.get("ask", KINDS[0])
    held: dict[str, Any] = {"kind": kind if kind in KINDS else KINDS[0], **_KM}
    for name in (*_FIELDS[held["kind"]], *_TIMES):
        text = said.get(name, "")[:_LONGEST]
        if not text:
            continue
        if name in _PLACES:
            held[name] = {"text": text, "write": text}
        elif name in _KM:
            held[name] = float(text) if re.fullmatch(r"\d{1,5}(\.\d{1,3})?", text) else _KM[name]
        elif name == "corners":
            held[name] = corners_of(text)
        else:
            held[name] = text
    return held


def address(held: dict[str, Any]) -> dict[str, str]:
    """What the address of the page says of a question that was asked: who opens it finds the fields filled."""
    said = {"ask": held["kind"]}
    for name in (*_FIELDS[held["kind"]], *_TIMES):
        value = held.get(name)
        if name in _PLACES:
            write = (value or {}).get("write", "")
            value = write if isinstance(write, str) else write_position(write["lat"], write["lon"])
        elif name == "corners":
            value = ";".join(f"{lat:g},{lon:g}" for lat, lon in value or ())
        elif isinstance(value, float):
            value = f"{value:g}"
        elif isinstance(value, bool):
            value = "yes" if value else ""
        if value:
            said[name] = str(value)
    return said


def corners_of(text: str) -> list[tuple[float, float]]:
    """The corners in an address, ``42.1,44;43,45``; none where they are none."""
    try:
        pairs = [tuple(map(float, pair.split(","))) for pair in text.split(";")[:MOST_CORNERS]]
    except ValueError:
        return []
    return [(lat, lon) for lat, lon in pairs if abs(lat) <= 90 and abs(lon) <= 180]  # noqa: PLR2004  degrees


def box_of(text: str) -> list[tuple[float, float]]:
    """The corners of a box that was typed as south, west, north and east.

    Raises:
        ValueError: when it is none.
    """
    numbers = [float(word) for word in re.split(r"[\s,;]+", text.strip()) if re.fullmatch(r"[+-]?\d+(\.\d+)?", word)]
    if len(numbers) != 4 or len(re.split(r"[\s,;]+", text.strip())) != 4:  # noqa: PLR2004  sides of a box
        raise ValueError(_NO_BOX)
    south, west, north, east = numbers
    if not (-90 <= south < north <= 90 and abs(west) <= 180 and abs(east) <= 180 and west != east):  # noqa: PLR2004  degrees
        raise ValueError(_NO_BOX)
    width = (east - west) % 360
    if width <= 170:  # noqa: PLR2004  a side goes the short way round
        return [(south, west), (south, east), (north, east), (north, west)]
    # A point in between, or the sides would go the other way round the Earth.
    steps = [((west + width * part / 3 + 180) % 360) - 180 for part in range(4)]
    return [(south, lon) for lon in steps] + [(north, lon) for lon in reversed(steps)]


# --- reading ---------------------------------------------------------------------------------------------------------


def read(held: dict[str, Any], words: Words, days: Sequence[date]) -> Question | Wrong:
    """The question, or what is wrong with it by field.

    Args:
        held: what was given.
        words: of the page.
        days: that the archive holds.
    """
    wrong: Wrong = {}
    between = times(held, words, days, wrong)
    kind: Kind = held["kind"]
    more: dict[str, Any] = {}
    if kind == "aircraft":
        more = _aircraft(str(held.get("aircraft") or ""), words, wrong)
    elif kind == "strayed":
        places = {end: place_of(held, end, words, wrong) for end in ("origin", "destination")}
        more = {end: place and place[0] for end, place in places.items()}
        more["names"] = tuple(place[1] if place else "" for place in places.values())
        more["km"] = float(held.get("off") or _KM["off"])
        more["callsigns"] = _callsigns(str(held.get("callsigns") or ""), words, wrong)
        more["also_lost"] = bool(held.get("lost"))
    else:
        more = {"area": _area(held, words, wrong), "by": held.get("by") or "jump"}
    if wrong or between is None:
        return wrong
    return Question(kind, *between, **more)


def times(
    held: dict[str, Any], words: Words, days: Sequence[date], wrong: Wrong | None = None
) -> tuple[datetime, datetime] | None:
    """From and to in UTC; a day alone is all of it."""
    said = {} if wrong is None else wrong
    last_day = days[-1] if days else None
    start = _moment(held, "from", last_day, words, said)
    end = _moment(held, "to", start[0].date() if start else last_day, words, said)
    if start is None or end is None:
        return None
    last = end[0] + timedelta(days=1) if end[1] else end[0]
    if last <= start[0]:
        said["to"] = words.say("This is not after the beginning.")
        return None
    return start[0], last


def _moment(
    held: dict[str, Any], name: str, day: date | None, words: Words, wrong: Wrong
) -> tuple[datetime, bool] | None:
    """A time that was typed, in UTC, and whether it is a day alone."""
    text = str(held.get(name) or "").strip()
    if not text:
        example = words.day(day or date(2024, 12, 25))
        wrong[name] = words.say("Write a day, such as {day}, or a time with its zone, such as 05:13 UTC.", day=example)
        return None
    try:
        value = typed_when(text, day, {}, find=open_gazetteer().find).value
    except (ValueError, PlaceError) as failed:
        wrong[name] = str(failed)
        return None
    if isinstance(value, str) and "T" in value:
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC), False
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC), True
    wrong[name] = words.say("One moment is needed here, not a range, a month or an approximate time.")
    return None


def _aircraft(text: str, words: Words, wrong: Wrong) -> dict[str, str]:
    """The address, or the callsign, that was typed: six hexadecimal digits are an address."""
    name = "".join(text.split())
    if _ADDRESS.fullmatch(name):
        return {"icao24": name.lower()}
    if _CALLSIGN.fullmatch(name):
        return {"callsign": name.upper()}
    wrong["aircraft"] = words.say(
        "Write the ICAO 24-bit address, six hexadecimal digits such as 4006c1, or the callsign, such as AHY8243."
    )
    return {}


def _callsigns(text: str, words: Words, wrong: Wrong) -> tuple[str, ...]:
    names = tuple(name.upper() for name in re.split(r"[\s,;]+", text) if name)
    if not all(_CALLSIGN.fullmatch(name) for name in names):
        wrong["callsigns"] = words.say("Write callsigns with commas between them, such as AHY8243, AHY8244.")
    return names


def _area(held: dict[str, Any], words: Words, wrong: Wrong) -> Circle | Polygon | None:
    where = where_of(held)
    if where == "anywhere":
        return None
    if where == "place":
        found = place_of(held, "place", words, wrong)
        return Circle(found[0], found[1], float(held.get("km") or _KM["km"])) if found else None
    corners = tuple((float(lat), float(lon)) for lat, lon in held.get("corners") or ())
    if len(corners) < 3:  # noqa: PLR2004  an area
        wrong["corners"] = words.say("An area needs three corners or more; draw them on the map, or type four sides.")
        return None
    try:
        outline(corners)
    except ArchiveError as failed:
        wrong["corners"] = str(failed)
        return None
    return Polygon(corners)


def where_of(held: dict[str, Any]) -> str:
    """Where a question is about, of the choices that its kind has."""
    choices = WHERE[held["kind"]]
    wish = held.get("where")
    return wish if wish in choices else choices[0]


def place_of(held: dict[str, Any], name: str, words: Words, wrong: Wrong) -> tuple[Place, str] | None:
    """A place that was chosen or typed, and its name."""
    # Who leaves the field by pressing the button has both told in one run, in no certain order.
    left = st.session_state.get(f"archive-{name}", {}).get("typed")
    if isinstance(left, str):
        held[name] = {"text": left, "write": left}
    found = held.get(name) or {}
    write = found.get("write", "")
    if isinstance(write, dict):
        return Place(name=Text({words.language: found["name"]}), **write), str(found["name"])
    if not str(write).strip():
        wrong[name] = words.say("Write a place: a city, an airport or its code, or a position.")
        return None
    known = _looked_up(str(write), name, words, wrong)
    if known:
        at = {"lat": known[0].lat, "lon": known[0].lon, "name": known[1]}
        held[name] = {"text": str(found.get("text") or write), "write": write, **at}
    return known


def _looked_up(write: str, name: str, words: Words, wrong: Wrong) -> tuple[Place, str] | None:
    try:
        if looks_like_position(write):
            point = read_position(write)
            said = write_position(point.lat, point.lon)
            return Place(name=Text({words.language: said}), lat=point.lat, lon=point.lon), said
        place = open_gazetteer().find(write)
    except PlaceAmbiguous:
        wrong[name] = words.say("Several places may be meant; choose one.")
    except PlaceError:
        wrong[name] = words.say("No place is called so. Try another spelling, an ICAO code or a position.")
    except ValueError as failed:
        wrong[name] = str(failed)
    else:
        said = place.name.said(words.language) or write
        return place, said
    return None


def point_of(held: dict[str, Any], name: str) -> tuple[float, float, str] | None:
    """Latitude, longitude and name of a place that was chosen, for the map; ``None`` while none is."""
    found = held.get(name) or {}
    if isinstance(found.get("lat"), float) and isinstance(found.get("lon"), float):
        return found["lat"], found["lon"], str(found.get("name", ""))
    return None
