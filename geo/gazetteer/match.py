"""What a search finds: matches, how they are weighed against each other, and how a choice among them is worded."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

from geo.gazetteer.near import near

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.model import Place
    from geo.model.place import PlaceKind

How = Literal["code", "exact", "folded", "fuzzy", "begun"]

#: How many times the inhabitants of the next a place must have to be meant by a name that both bear.
CLEARLY_LARGER: Final = 10
# Two records of one main name this close together are one city.
_ONE_PLACE_KM: Final = 10.0
# A country no larger than this is its city (Singapore, Monaco).
_CITY_STATE_KM: Final = 30.0
# A bare name is the city's, not that of the airport beside it (Domodedovo).
_BESIDE_KM: Final = 60.0
#: How many columns a row of the index has; they are the first fields of ``Found``.
COLUMN_COUNT: Final = 16

#: How a name belongs to its place. A short name is what is left of an airport's when the words that every airport has
#: are gone; a city served is no name of the airport, and leads to it in a search only.
NAME, ALTERNATE, SHORT, SERVES = range(4)


class Found(NamedTuple):
    """One row of the index and how it was found."""

    id: int
    kind: str
    name: str
    lat: float
    lon: float
    country: str
    region: str
    population: int
    weight: int
    timezone: str
    icao: str
    iata: str
    within_km: float | None
    city: int | None
    wording: str | None
    elevation_ft: float | None
    role: int
    matched: str
    how: How = "exact"
    score: float = 100.0
    typos: int = 0

    @property
    def value(self) -> float:
        """How likely it is meant, in powers of ten of inhabitants; a typo weighs as much as a hundredfold town."""
        return math.log10(max(self.weight, 1)) - 2 * self.typos

    @property
    def code(self) -> str:
        """What leads to this place and no other."""
        if self.kind == "country":
            return self.country
        if self.kind == "region":
            return f"{self.country}{'-' if self.country == 'US' else '.'}{self.region}"
        return self.icao or self.iata or f"geonames:{self.id}"


@dataclass(frozen=True, slots=True)
class Match:
    """One place that a search found.

    ``name`` is the place's English or main name, ``matched`` the name or code that matched, ``score`` 0 to 100 (for a
    misspelt name ``rapidfuzz.fuzz.ratio`` of the folded forms), ``how`` the step that found it. ``clear`` says that the
    search has one answer, and this is it. ``population`` is ``None`` where unknown.
    """

    place: Place
    name: str
    kind: str
    matched: str
    score: float
    how: How
    code: str
    clear: bool = False
    #: What ``Gazetteer.area_name`` names; empty where the place lies in no region that is known.
    region: str = ""


def is_clear(matches: Sequence[Match]) -> bool:
    """Whether the first match is the one clear answer of its search."""
    return bool(matches) and matches[0].clear


def place_of(found: Found, asked: str) -> Place:
    """The place as the model has it, with its names by language where the index has them."""
    from geo.model import Place, Text

    wording = json.loads(found.wording) if found.wording else None
    return Place(
        name=Text(wording or found.name),
        lat=found.lat,
        lon=found.lon,
        kind=cast("PlaceKind", found.kind),
        icao=found.icao or None,
        iata=found.iata or None,
        country=found.country or None,
        population=found.population or None,
        timezone=found.timezone or None,
        within_km=found.within_km,
        elevation_ft=found.elevation_ft,
        asked=asked,
    )


def match_of(found: Found, asked: str, *, clear: bool) -> Match:
    """The match as callers see it."""
    return Match(
        place=place_of(found, asked),
        name=found.name,
        kind=found.kind,
        matched=found.matched,
        score=round(found.score, 1),
        how=found.how,
        code=found.code,
        clear=clear,
        region=f"{found.country}.{found.region}" if found.region and found.kind != "region" else "",
    )


def clear_answer(rivals: Sequence[Found]) -> Found | None:
    """The one of these contenders that is meant, or none.

    It is the only one, or has ``CLEARLY_LARGER`` times the inhabitants of every other. Among countries and among states
    size says nothing, and an airport has none: there only fewer typos decide.
    """
    if not rivals:
        return None
    first = rivals[0]
    margin = math.log10(CLEARLY_LARGER)
    for other in rivals[1:]:
        sizeless = first.kind == "airport" or other.kind == first.kind != "city"
        if (sizeless and other.typos <= first.typos) or first.value < other.value + margin:
            return None
    return first


def contenders(found: Sequence[Found], typos: int = 0) -> list[Found]:
    """The places that the name may mean, likeliest first, each once.

    Those of the first step that found any, but not a city's airports, and none with more than ``typos`` typos.
    """
    if not found:
        return []
    step = found[0].how
    rivals = [one for one in found if one.how == step and one.role != SERVES and one.typos <= typos]
    cities = [one for one in rivals if one.kind == "city"]
    return _one_record_each([one for one in rivals if not _yields(one, cities)])


def _yields(one: Found, cities: Iterable[Found]) -> bool:
    """Whether a bare name is a city's rather than that of the airport beside it, its region or its city state."""
    if one.kind == "airport" and one.role == SHORT:
        return any(near(city.lat, city.lon, one.lat, one.lon, _BESIDE_KM) for city in cities)
    if one.kind == "region":
        return any(city.id == one.city for city in cities)
    if one.kind == "country" and (one.within_km or _CITY_STATE_KM + 1) <= _CITY_STATE_KM:
        return any(city.name == one.name and city.country == one.country for city in cities)
    return False


def _one_record_each(rivals: Iterable[Found]) -> list[Found]:
    """Rivals, likeliest first, without the lesser of two records of one city."""
    kept: list[Found] = []
    cities: dict[tuple[str, str], list[Found]] = {}
    for one in sorted(rivals, key=lambda each: -each.value):
        twins = cities.setdefault((one.name, one.country), []) if one.kind == "city" else []
        if not any(near(twin.lat, twin.lon, one.lat, one.lon, _ONE_PLACE_KM) for twin in twins):
            kept.append(one)
            twins.append(one)
    return kept
