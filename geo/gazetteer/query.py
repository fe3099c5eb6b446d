"""The gazetteer: a name or code in any script to places, and to exactly one where the name means one."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, NamedTuple

from geo.errors import PlaceAmbiguous, PlaceNotFound
from geo.gazetteer import wording
from geo.gazetteer.lookup import Lookup, Scope, fault
from geo.gazetteer.match import ALTERNATE, NAME, SERVES, Found, clear_answer, contenders, match_of, place_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from geo.gazetteer.match import Match
    from geo.gazetteer.nearest import Spots
    from geo.model import Place

_SUGGESTED = 5
_STEPS = {"code": 0, "exact": 1, "folded": 2, "fuzzy": 3, "begun": 4}


class _Answer(NamedTuple):
    """What a query found, likeliest first; the clear answer, else its rivals; the name as read; a complaint."""

    found: tuple[Found, ...] = ()
    clear: Found | None = None
    rivals: tuple[Found, ...] = ()
    name: str = ""
    fault: str = ""


class Gazetteer:
    """Places by name or code, read from an index on disk. Safe to use from several threads.

    Codes come first (ICAO, IATA, ``geonames:558418``, ISO 3166 of countries), then names that are the same in their
    script, then names that are the same when accents and scripts are folded, then misspelt ones.
    """

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._lock = threading.RLock()
        self._lookup = Lookup(base)
        self._area_names: dict[str, dict[str, str]] = {}
        self._spots: dict[str, Spots] = {}

    def find(self, name: str, *, country: str | None = None) -> Place:
        """The one place that ``name`` means; ``country`` (a code or a name) narrows it, as does "Victoria, CA".

        Raises:
            PlaceNotFound: nothing is called so; the nearest names are listed.
            PlaceAmbiguous: several places are meant as likely; they are listed with what to write for each.
        """
        answer = self._answer(name, country)
        if answer.clear is not None:
            return place_of(answer.clear, name)
        shown = wording.shown(name)
        if answer.rivals:
            how = "is spelt like" if answer.rivals[0].how == "fuzzy" else "may mean"
            message = f'"{shown}" {how} {len(answer.rivals)} place{"s" if len(answer.rivals) > 1 else ""}; say which:'
            lines = wording.choices(answer.name, answer.rivals, self._means, self.area_name)
            raise PlaceAmbiguous(name, message, lines)
        raise PlaceNotFound(name, answer.fault or self._nothing(shown, answer))

    def search(self, name: str, *, country: str | None = None, limit: int = 10) -> tuple[Match, ...]:
        """Up to ``limit`` places that ``name`` may mean, likeliest first, a city's airports behind it.

        Any text at all may be asked; what is no name finds nothing.
        """
        answer = self._answer(name, country)
        return tuple(match_of(found, name, clear=found is answer.clear) for found in answer.found[: max(0, limit)])

    def suggest(self, name: str, *, limit: int = 8) -> tuple[Match, ...]:
        """Places for a name that is still being typed: what it means as it stands, then what it may become.

        Misspelt names are looked for only where it may become none. A code in small letters that may become a name is
        no clear answer.
        """
        from geo.gazetteer.completing import begun

        answer = self._answer(name, None, misspelt=False)
        if answer.fault:
            return ()
        known = {found.id for found in answer.found}
        with self._lock:
            more = [found for found in begun(self._base, answer.name or name, limit) if found.id not in known]
        if not answer.found and not more:
            return self.search(name, limit=limit)
        clear = answer.clear
        if clear is not None and clear.how == "code" and more and not name.isupper():
            clear = None
        # What begins so is shown beside a long list of what is called so, in which most airfields only lie near by.
        called = answer.found
        if len(called) + len(more) > limit:
            called = tuple(found for found in called if found.role != SERVES or found.iata)
        kept = called[: limit - min(len(more), limit // 2)]
        return tuple(match_of(found, name, clear=found is clear) for found in (*kept, *more)[:limit])

    def spellings(self, matches: Sequence[Match]) -> tuple[tuple[str, ...], ...]:
        """How the place of each match is written in the other scripts that name it most."""
        from geo.gazetteer.completing import spellings

        with self._lock:
            numbers = [self._number(match) for match in matches]
            found = spellings(
                self._base, [(at, match.name) for at, match in zip(numbers, matches, strict=True) if at is not None]
            )
        return tuple(tuple(found.get(at, ())) if at is not None else () for at in numbers)

    def _number(self, match: Match) -> int | None:
        coded = self._lookup.by_code(match.code, Scope())
        return next((found.id for found in coded if found.code == match.code), None)

    def countries(self, language: str = "en") -> dict[str, str]:
        """The countries' CLDR names in ``language`` (English where CLDR has none) by ISO 3166-1 alpha-2 code."""
        short = language.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0]
        return {code: names.get(short) or names["en"] for code, names in self._areas().items() if "." not in code}

    def nearest(
        self, lat: float, lon: float, count: int = 3, kind: str = "airport", *, coded: bool = False
    ) -> tuple[tuple[Place, float], ...]:
        """The ``count`` places of a kind ("airport" or "city") nearest to a point, each with its distance in metres.

        Distances are geodesic and in a straight line; ``coded`` leaves out airports without an IATA code, most of which
        no airliner can use.

        Raises:
            GeodesyError: the point does not exist.
            ValueError: for another kind.
        """
        from geo.gazetteer.nearest import Spots

        with self._lock:
            if kind not in self._spots:
                self._spots[kind] = Spots.read(self._base, kind)
            near = self._spots[kind].nearest(lat, lon, count, coded=coded)
            rows = [self._base.execute("SELECT * FROM place WHERE id = ?", (number,)).fetchone() for number, _ in near]
        found = [Found._make((*row, NAME, row[2], "code", 100.0, 0)) for row in rows]
        return tuple((place_of(one, one.code), metres) for one, (_, metres) in zip(found, near, strict=True))

    def count(self, kind: str) -> int:
        """How many places of a kind ("city", "airport", "country", "region") the gazetteer has."""
        with self._lock:
            row = self._base.execute("SELECT value FROM meta WHERE what = ?", (kind,)).fetchone()
        return int(row[0]) if row else 0

    def _answer(self, asked: str, country: str | None, *, misspelt: bool = True) -> _Answer:
        from geo.gazetteer.fold import clean

        complaint = fault(asked)
        if complaint:
            return _Answer(fault=complaint)
        name = clean(asked)
        look = self._lookup
        with self._lock:
            scope = look.scope(country) if country else Scope()
            if scope is None:
                shown = wording.shown(country or "")
                return _Answer(fault=f'"{shown}" is no country; write a code (AZ) or a name (Azerbaijan)', name=name)
            readings = look.readings(name, scope)
            for text, where in readings:
                found = look.by_code(text, where) or look.by_name(text, where)
                if found:
                    return self._judged(found, text, 0)
            return self._misspelt(readings) if misspelt else _Answer(name=name)

    def _misspelt(self, readings: list[tuple[str, Scope]]) -> _Answer:
        """The answer of the narrowest reading that has one; suggestions only, where the name exists elsewhere."""
        look = self._lookup
        answers: list[_Answer] = []
        for text, where in reversed(readings):
            elsewhere = look.by_name(text, Scope()) if where != Scope() else []
            near = [*elsewhere, *look.by_typos(text, where)]
            if near:
                answer = self._judged(near, text, look.typos_allowed(text))
                answers.append(answer._replace(clear=None, rivals=()) if elsewhere else answer)
        clear = (answer for answer in answers if answer.clear)
        unclear = (answer for answer in answers if answer.rivals)
        return next(clear, None) or next(unclear, None) or next(iter(answers), None) or _Answer(name=readings[0][0])

    def _judged(self, found: list[Found], name: str, typos: int) -> _Answer:
        """Order what was found, decide whether one answer is clear, and put a city's airports behind it."""
        ranked = sorted(found, key=_likeliest_first)
        if ranked[0].how == "code":
            rivals, clear = ranked, ranked[0] if len(ranked) == 1 else None
        else:
            rivals = contenders(ranked, typos)
            clear = clear_answer(rivals)
        if clear is not None:
            ranked = [clear, *(one for one in ranked if one is not clear)]
        return _Answer(tuple(self._lookup.with_airports(ranked)), clear, () if clear else tuple(rivals), name)

    def _means(self, text: str) -> Found | None:
        return self._answer(text, None, misspelt=False).clear

    def _nothing(self, shown: str, answer: _Answer) -> str:
        near = [one for one in answer.found if one.role != SERVES][:_SUGGESTED]
        if not near:
            ways = "write its ICAO code, its name in another spelling, or { lat = …, lon = … }"
            return f'no place is called "{shown}"; {ways}'
        lines = [f'  {wording.description(one, self.area_name)}; write "{one.code}"' for one in near]
        return "\n".join([f'no place is called "{shown}"; the nearest are:', *lines])

    def area_name(self, code: str) -> str:
        """The English name of a country (``AZ``) or a region (``US.MO``), empty where there is none."""
        return self._areas().get(code, {}).get("en", "")

    def _areas(self) -> dict[str, dict[str, str]]:
        """The names by language of countries (by code) and regions (by "code.code"; English only)."""
        with self._lock:
            if not self._area_names:
                rows = self._base.execute(
                    "SELECT kind, country, region, name, wording FROM place"
                    " WHERE kind IN ('country', 'region') ORDER BY country, region"
                )
                self._area_names = {
                    country if kind == "country" else f"{country}.{region}": {"en": name} | json.loads(words or "{}")
                    for kind, country, region, name, words in rows
                }
        return self._area_names


def _likeliest_first(one: Found) -> tuple[int, bool, bool, float, int]:
    """By step; what bears the name before what serves a city of it; a code before a name like it; by size."""
    named_like_a_code = one.how == "code" and one.role == ALTERNATE
    return _STEPS[one.how], one.role == SERVES, named_like_a_code, -one.value, one.id
