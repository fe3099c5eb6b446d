"""Build the index: one SQLite file of places, names, codes, and the letter pairs by which misspelt names are found."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections import defaultdict
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.errors import ResourceError
from geo.gazetteer import sources
from geo.gazetteer.fold import fold
from geo.gazetteer.match import SERVES
from geo.gazetteer.near import near
from geo.gazetteer.nearest import packed
from geo.gazetteer.pairs import KEY_LENGTHS, postings
from geo.gazetteer.regions import regions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from geo.gazetteer.sources import Record

    Progress = Callable[[float, str], None]
    #: Folded name, place, role, text.
    Name = tuple[str, int, int, str]

_SCHEMA: Final = """
PRAGMA page_size = 8192;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE place (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
  country TEXT NOT NULL, region TEXT NOT NULL, population INTEGER NOT NULL, weight INTEGER NOT NULL,
  timezone TEXT NOT NULL, icao TEXT NOT NULL, iata TEXT NOT NULL, within_km REAL, city INTEGER, wording TEXT,
  elevation_ft REAL
);
CREATE TABLE name (
  key TEXT, place INTEGER, role INTEGER, text TEXT, PRIMARY KEY (key, place, role, text)
) WITHOUT ROWID;
CREATE TABLE code (code TEXT, place INTEGER, PRIMARY KEY (code, place)) WITHOUT ROWID;
CREATE TABLE pair (pair INTEGER PRIMARY KEY, keys BLOB NOT NULL);
CREATE TABLE spot (kind TEXT PRIMARY KEY, number BLOB NOT NULL, at BLOB NOT NULL, coded BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE vocabulary (what TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE meta (what TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_INDICES: Final = """
CREATE INDEX place_city ON place (city, weight) WHERE city IS NOT NULL;
CREATE INDEX place_kind ON place (kind, country) WHERE kind IN ('country', 'region');
ANALYZE;
"""
#: An airport serves a city of its name no farther than this.
_SERVES_KM: Final = 100.0


def build(target: Path, version: str, progress: Progress) -> None:
    """Build the index at ``target``, whole or not at all; two processes that build at once do not disturb each other.

    Raises:
        ResourceError: where the folder cannot be written, or the disk is full.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=target.parent, prefix=f"{target.stem}-", suffix=".part")
        os.close(descriptor)
    except OSError as refused:
        raise ResourceError(_cannot_write(target, refused)) from refused
    try:
        with closing(sqlite3.connect(draft)) as base:
            _fill(base, version, progress)
        Path(draft).replace(target)
    except (OSError, sqlite3.OperationalError) as refused:
        raise ResourceError(_cannot_write(target, refused)) from refused
    finally:
        with suppress(OSError):
            Path(draft).unlink(missing_ok=True)


def _cannot_write(target: Path, why: Exception) -> str:
    return (
        f"the gazetteer's index cannot be written to {target.parent} ({why}); "
        "set FLIGHTCASE_CACHE to a folder that can be written and has 200 MB free"
    )


def _fill(base: sqlite3.Connection, version: str, progress: Progress) -> None:
    base.executescript(_SCHEMA)
    progress(0.0, "reading places")
    records = list(sources.cities())
    progress(0.25, "reading countries and airports")
    records += chain(sources.states(), sources.countries(), sources.airports())
    progress(0.35, "folding names")
    names = sorted({(fold(text), record.id, role, text) for record in records for text, role in record.names})
    cities = _served(records, names)
    added, largest = regions(records, cities)
    records += added
    names = sorted(
        chain(
            names,
            _names_of_unlinked(records, cities),
            ((fold(text), region.id, role, text) for region in added for text, role in region.names),
        )
    )
    cities |= largest
    progress(0.6, "writing places and names")
    base.executemany(
        "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (_row(record, cities.get(record.id)) for record in records),
    )
    base.executemany(
        "INSERT INTO code VALUES (?, ?)", ((code, record.id) for record in records for code in record.codes)
    )
    base.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", names)
    base.executemany("INSERT INTO spot VALUES (?, ?, ?, ?)", packed(records))
    progress(0.8, "indexing letter pairs")
    _write_pairs(base, names, {record.id: record.weight for record in records})
    base.executescript(_INDICES)
    kinds = {kind: sum(record.kind == kind for record in records) for kind in ("city", "airport", "country", "region")}
    facts = {"version": version, "names": len(names), **kinds}
    base.executemany("INSERT INTO meta VALUES (?, ?)", ((what, str(value)) for what, value in facts.items()))
    base.commit()
    progress(1.0, "gazetteer ready")


def _row(record: Record, city: int | None) -> tuple[object, ...]:
    wording = json.dumps(record.wording, ensure_ascii=False) if record.wording else None
    return (
        record.id, record.kind, record.names[0][0], record.lat, record.lon, record.country, record.region,
        record.population, record.weight, record.timezone, record.icao, record.iata, record.within_km, city, wording,
        record.elevation_ft,
    )  # fmt: skip


def _served(records: Iterable[Record], names: Iterable[Name]) -> dict[int, int]:
    """For each airport the city it serves: the largest of that name in that country within ``_SERVES_KM``."""
    airports = [record for record in records if record.kind == "airport" and record.serves]
    wanted = {fold(airport.serves) for airport in airports}
    cities = {record.id: record for record in records if record.kind == "city"}
    called: dict[tuple[str, str], set[int]] = defaultdict(set)
    for key, place, _, _ in names:
        if key in wanted and place in cities:
            called[key, cities[place].country].add(place)
    served: dict[int, int] = {}
    for airport in airports:
        named = [cities[place] for place in called.get((fold(airport.serves), airport.country), ())]
        within = [city for city in named if near(city.lat, city.lon, airport.lat, airport.lon, _SERVES_KM)]
        if within:
            served[airport.id] = max(within, key=lambda city: (city.weight, -city.id)).id
    return served


def _names_of_unlinked(records: Iterable[Record], served: dict[int, int]) -> Iterator[Name]:
    for record in records:
        if record.serves and record.id not in served:
            yield fold(record.serves), record.id, SERVES, record.serves


def _write_pairs(base: sqlite3.Connection, names: Iterable[Name], weights: dict[int, int]) -> None:
    """The folded names with the weight of the heaviest place of each, and for each pair of letters its names."""
    heaviest: dict[str, int] = {}
    for key, place, _, _ in names:
        if len(key) in KEY_LENGTHS and key.isascii():
            heaviest[key] = max(heaviest.get(key, 0), weights[place])
    keys = sorted(heaviest, key=len)
    ends = np.cumsum([len(key) for key in keys], dtype=np.uint32)
    data = {
        "keys": "".join(keys).encode("ascii"),
        "ends": ends.astype("<u4").tobytes(),
        "weights": np.array([heaviest[key] for key in keys], dtype="<u4").tobytes(),
    }
    base.executemany("INSERT INTO vocabulary VALUES (?, ?)", data.items())
    base.executemany("INSERT INTO pair VALUES (?, ?)", postings(keys))
