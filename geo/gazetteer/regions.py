"""First-level regions, from what the other records tell of them.

GeoNames gives each place the code of its region and no name, airportsdata gives each airport the name of its region
and no code; the city that an airport serves joins the two. The point of such a region is the middle of its places, and
``within_km`` how far the farthest of them lies from there: the border itself is in neither source.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from geo.gazetteer.match import NAME
from geo.gazetteer.near import far
from geo.gazetteer.sources import UNKNOWN_WEIGHS, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    #: Country and GeoNames code of a region.
    Code = tuple[str, str]

#: Regions are numbered from here on, above the airports.
REGIONS_FROM: Final = 2_000_000_000
_ROUNDED_KM: Final = 10


def regions(records: Iterable[Record], served: Mapping[int, int]) -> tuple[list[Record], dict[int, int]]:
    """Regions to add to ``records``, and for these and the ones in it the largest city of each.

    ``served`` maps airports to the cities they serve. The states of the United States in ``records`` are given their
    weight: the inhabitants of their cities, which is not shown as a population.
    """
    records = list(records)
    within: dict[Code, list[Record]] = defaultdict(list)
    for city in records:
        if city.kind == "city" and city.region:
            within[city.country, city.region].append(city)
    known = {(region.country, region.region): region for region in records if region.kind == "region"}
    names = _names(records, served)
    added = [
        _region(number, code, name, within[code])
        for number, (code, name) in enumerate(sorted(names.items()), REGIONS_FROM)
        if code not in known
    ]
    largest: dict[int, int] = {}
    for region in [*known.values(), *added]:
        places = within.get((region.country, region.region), [])
        region.weight = max(UNKNOWN_WEIGHS, sum(place.population for place in places))
        if places:
            largest[region.id] = max(places, key=lambda place: (place.population, -place.id)).id
    return added, largest


def _names(records: Iterable[Record], served: Mapping[int, int]) -> dict[Code, str]:
    """The name that most airports of a region give it; a name goes to the region with most airports of that name."""
    by_id = {record.id: record for record in records}
    votes: Counter[tuple[Code, str]] = Counter()
    for airport, city in served.items():
        region = by_id[city].region
        if by_id[airport].division and region:
            votes[(by_id[city].country, region), by_id[airport].division] += 1
    names: dict[Code, str] = {}
    given: set[tuple[str, str]] = set()
    for (code, name), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if code not in names and (code[0], name) not in given:
            names[code] = name
            given.add((code[0], name))
    return names


def _region(number: int, code: Code, name: str, places: list[Record]) -> Record:
    lat, lon = _middle(places)
    farthest = max(far(lat, lon, place.lat, place.lon) for place in places)
    return Record(
        id=number,
        kind="region",
        lat=round(lat, 3),
        lon=round(lon, 3),
        country=code[0],
        weight=UNKNOWN_WEIGHS,
        names=[(name, NAME)],
        region=code[1],
        within_km=max(_ROUNDED_KM, math.ceil(farthest / _ROUNDED_KM) * _ROUNDED_KM),
        codes=(".".join(code),),
    )


def _middle(places: Iterable[Record]) -> tuple[float, float]:
    """The direction of the mean of the positions as unit vectors, so that the antimeridian is no edge."""
    x = y = z = 0.0
    for place in places:
        lat, lon = math.radians(place.lat), math.radians(place.lon)
        x += math.cos(lat) * math.cos(lon)
        y += math.cos(lat) * math.sin(lon)
        z += math.sin(lat)
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))
