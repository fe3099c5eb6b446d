"""What the finder of places shows while one types: candidates of the gazetteer, in the words of the page."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse

from geo.basemap.aerodromes import runways_of
from geo.casefile.positions import looks_like_position, read_position, write_position
from geo.gazetteer import is_clear, open_gazetteer
from geo.geodesy import distance_m
from geo.scene.words import Words, languages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from geo.gazetteer import Match
    from geo.model import Place
    from geo.scene import Units

#: The longest text that is looked up, in characters, and how many candidates are shown.
LONGEST: Final = 120
LIMIT: Final = 8
#: How many positions of the flight a request may name.
_MOST_NEAR: Final = 60
#: Farther than this from every place of the flight a candidate is told to be far away, km.
_FAR_KM: Final = 2000.0
#: Two sources that place an aerodrome farther apart than this do not mean one field, km.
_APART_KM: Final = 5.0
#: A candidate that is a position and no place: ``@43.388, 45.699``.
POINT: Final = "@"

Near = tuple[tuple[float, float], ...]


def answer(query: str, words: Words, near: Near = ()) -> dict[str, Any]:
    """What is found for a text, as the finder shows it.

    Args:
        query: what was typed so far.
        words: of the page.
        near: latitude and longitude of the places of the flight so far.
    """
    text = query.strip()
    if not text:
        return {"asked": query, "clear": False, "told": "", "count": "", "candidates": []}
    if len(text) > LONGEST:
        told = words.say("A name has at most {count} characters here.", count=LONGEST)
        return {"asked": query, "clear": False, "told": told, "count": "", "candidates": []}
    if looks_like_position(text):
        return _position(query, words, near)
    gazetteer = open_gazetteer()
    found = gazetteer.suggest(text, limit=LIMIT)
    clear = is_clear(found) or (len(found) == 1 and found[0].how == "begun")
    shown = []
    for match, spelt in zip(found, gazetteer.spellings(found), strict=True):
        place = match.place
        notes = [_runways(place, words), _namesakes(match, found, words), _away(place.lat, place.lon, near, words)]
        shown.append(_candidate(match, text, spelt, words) | {"notes": [note for note in notes if note]})
    told = "" if found else words.say("No place is called so. Try another spelling, an ICAO code or a position.")
    if found and not clear:
        told = words.say("Several places may be meant; choose one.") if len(found) > 1 else words.say("Is this it?")
    count = len(found)
    counted = words.say("1 match" if count == 1 else "{count} matches", count=words.number(count))
    return {"asked": query, "clear": clear, "told": told, "count": counted, "candidates": shown}


def candidate(code: str) -> dict[str, Any] | None:
    """The candidate of a code that the finder was given, or ``None``.

    Holds ``write`` (what a case file writes: a name, a code, or a table with ``lat`` and ``lon``), ``name``, ``kind``,
    ``lat``, ``lon``, ``icao``, ``iata``, ``country``, ``timezone``.
    """
    if code.startswith(POINT):
        try:
            point = read_position(code.removeprefix(POINT))
        except ValueError:
            return None
        at = {"lat": round(point.lat, 6), "lon": round(point.lon, 6)}
        said = write_position(**at)
        return {
            "write": at,
            "name": said,
            "kind": "point",
            **at,
            **dict.fromkeys(("icao", "iata", "country", "timezone")),
        }
    gazetteer = open_gazetteer()
    found = next((match for match in gazetteer.search(code[:LONGEST]) if match.code == code), None)
    if found is None:
        return None
    place = found.place
    return {
        "write": _written(found),
        "name": found.name,
        "kind": found.kind,
        "lat": place.lat,
        "lon": place.lon,
        "icao": place.icao,
        "iata": place.iata,
        "country": place.country,
        "timezone": place.timezone,
    }


def _written(match: Match) -> str:
    """The text that leads to a place and to no other: its name where that is clear, for aerodromes the code."""
    if match.kind == "airport":
        return match.code
    named = open_gazetteer().search(match.name, limit=1)
    return match.name if is_clear(named) and named[0].code == match.code else match.code


def _position(query: str, words: Words, near: Near) -> dict[str, Any]:
    try:
        point = read_position(query)
    except ValueError as wrong:
        return {"asked": query, "clear": False, "told": str(wrong), "count": "", "candidates": []}
    said = write_position(round(point.lat, 6), round(point.lon, 6))
    shown: dict[str, Any] = {
        "code": f"{POINT}{said}",
        "name": words.say("A position"),
        "detail": words.say("as typed"),
        "position": said,
        "names": "",
        "notes": [note for note in [_away(point.lat, point.lon, near, words)] if note],
    }
    shown["spoken"] = words.comma.join([shown["name"], said])
    one = words.say("1 match")
    return {"asked": query, "clear": True, "told": "", "count": one, "candidates": [shown]}


def _candidate(match: Match, asked: str, spelt: Sequence[str], words: Words) -> dict[str, Any]:
    """One line: what it is, where, how it is spelt elsewhere."""
    place = match.place
    name = place.name.said(words.language) if match.kind == "country" else match.name
    kinds = {
        "city": words.say("City"),
        "airport": words.say("Airport"),
        "region": words.say("Region"),
        "country": words.say("Country"),
    }
    country = _country(match, words) if match.kind != "country" else ""
    region = open_gazetteer().area_name(match.region) if match.kind == "city" else ""
    people = _people(place.population, words) if place.population else ""
    codes = " ".join(filter(None, [place.icao, place.iata]))
    detail = words.comma.join(
        filter(None, [kinds.get(match.kind), codes, region if region != name else "", country, people])
    )
    alike = [match.matched, *spelt] if match.matched not in (asked, place.icao, place.iata) else [*spelt]
    return {
        "code": match.code,
        "name": name,
        "detail": detail,
        "position": f"{place.lat:.4f}, {place.lon:.4f}",
        "names": " · ".join(dict.fromkeys(text for text in (*alike, *spelt) if text != name)),
        "spoken": words.comma.join([name, detail]),
    }


def _country(match: Match, words: Words) -> str:
    return open_gazetteer().countries(words.language).get(match.place.country or "", "")


def _people(count: int, words: Words) -> str:
    return words.say("1 inhabitant" if count == 1 else "{count} inhabitants", count=words.number(count))


def _note(text: str, *, warn: bool) -> dict[str, Any]:
    return {"text": text, "warn": warn}


def _away(lat: float, lon: float, near: Near, words: Words) -> dict[str, Any] | None:
    """How far from the nearest of the places of the flight; a warning where that is very far."""
    if not near:
        return None
    km = min(float(distance_m(lat, lon, *other)) for other in near) / 1000
    if km > _FAR_KM:
        return _note(words.say("{distance} from every place of the flight", distance=words.distance(km)), warn=True)
    if km < 1:
        return _note(words.say("already a place of the flight"), warn=False)
    return _note(words.say("{distance} from the nearest place of the flight", distance=words.distance(km)), warn=False)


def _runways(place: Place, words: Words) -> dict[str, Any] | None:
    """A warning where OurAirports has the runways of an aerodrome elsewhere than the gazetteer has its position."""
    ends = [end for runway in runways_of(place.icao) for end in runway.ends] if place.icao else []
    if not ends:
        return None
    km = min(float(distance_m(place.lat, place.lon, end.lat, end.lon)) for end in ends) / 1000
    if km <= _APART_KM:
        return None
    return _note(words.say("OurAirports has its runways {distance} away", distance=words.distance(km)), warn=True)


def _namesakes(match: Match, found: Sequence[Match], words: Words) -> dict[str, Any] | None:
    """A warning where other candidates of the kind have the very name, at the first of them."""
    alike = [other for other in found if (other.name, other.kind) == (match.name, match.kind)]
    if match.kind == "country" or len(alike) == 1 or alike[0] is not match:
        return None
    others = [_where(other, match, words) for other in alike[1:]]
    return _note(words.say("Same name also in: {places}", places=words.listed(dict.fromkeys(others))), warn=True)


def _where(other: Match, match: Match, words: Words) -> str:
    """What tells a place from its namesake: the country, or the region in the same country."""
    same = other.place.country == match.place.country
    return (open_gazetteer().area_name(other.region) if same else "") or _country(other, words)


def _near(said: str) -> Near:
    """The positions of a query, ``43.4,45.7;40.5,50``; what is none is left out."""
    found: list[tuple[float, float]] = []
    for pair in said.split(";")[:_MOST_NEAR]:
        try:
            lat, lon = map(float, pair.split(","))
        except ValueError:
            continue
        if math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180:  # noqa: PLR2004  degrees
            found.append((lat, lon))
    return tuple(found)


async def give_places(request: Request) -> JSONResponse:
    """Answer ``?q=&language=&units=&near=``."""
    asked = request.query_params
    units: Units = next((each for each in ("metric", "imperial") if each == asked.get("units")), "nautical")
    language = asked.get("language", "en")
    words = Words(language if language in languages() else "en", units)
    found = await run_in_threadpool(answer, asked.get("q", ""), words, _near(asked.get("near", "")))
    return JSONResponse(found, headers={"Cache-Control": "private, no-store"})
