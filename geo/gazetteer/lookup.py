"""Look names up in the index: by code, by name, by name with typos, everywhere or in a country."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from geo.gazetteer.match import ALTERNATE, COLUMN_COUNT, NAME, SERVES, Found, clear_answer, contenders
from geo.gazetteer.wording import shown

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from geo.gazetteer.match import How
    from geo.gazetteer.pairs import Vocabulary

#: The longest text that is looked up, in characters; the longest name that the index holds is shorter.
LONGEST: Final = 200

_CODE: Final = re.compile(r"[A-Za-z0-9]{3,4}|[A-Z]{2}|[A-Za-z]{2}-[A-Za-z]{2}|[A-Z]{2}\.[A-Z0-9]{1,3}")
_GEONAMES: Final = re.compile(r"geonames:(\d{1,9})", re.IGNORECASE)
# Spelt like the code of an airport or a country. Such a text is not taken for a name with typos.
_LIKE_A_CODE: Final = re.compile(r"[A-Z0-9]{2,4}")
# Words that airports have beside their names, and queries beside a city's name, in some languages.
_GENERIC: Final = re.compile(
    r"(?<!\w)(?:international|intl\.?|regional|municipal|airport|airfield|aerodrome|a[eé]roport|aeropuerto|aeroporto|"
    r"flughafen|havaliman[i\u0131]|аэропорт|аеропорт|әуежай[ыі]?)(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
#: How many misspelt names are looked at, everywhere and in a country; how many airports the first cities bring along.
_NEAR_NAMES: Final = 60
_NEAR_NAMES_WITHIN: Final = 400
_WITH_AIRPORTS: Final = (6, 2, 2)
#: A name means a place although its letters are a code if the place outweighs a tenth of the airport.
_OUTWEIGHS: Final = 10
_BY_ID: Final = "SELECT * FROM place WHERE id = ?"
_BY_CODE: Final = "SELECT * FROM place WHERE id IN (SELECT place FROM code WHERE code = ?)"
_BY_KEY: Final = "SELECT place.*, role, text FROM name JOIN place ON place.id = name.place WHERE key = ?"
_AIRPORTS: Final = (
    "SELECT * FROM place WHERE city = ? AND kind = 'airport'"
    " ORDER BY weight DESC, name LIKE '%International%' DESC, id LIMIT ?"
)


class Scope(NamedTuple):
    """Where to look: in countries or regions (either will do), for airports only. Empty is everywhere."""

    countries: frozenset[str] = frozenset()
    regions: frozenset[tuple[str, str]] = frozenset()
    airports_only: bool = False

    def holds(self, found: Found) -> bool:
        """Whether a place is in the scope."""
        return (found.kind == "airport" or not self.airports_only) and self.covers(found)

    def covers(self, found: Found) -> bool:
        """Whether a place is in the countries or regions of the scope."""
        everywhere = not self.countries and not self.regions
        return everywhere or found.country in self.countries or (found.country, found.region) in self.regions


def fault(name: str) -> str:
    """Why a text cannot be looked up, or nothing."""
    if not name.strip():
        return "the name of the place is empty; write a name (Grozny) or a code (URMG)"
    if len(name) > LONGEST:
        return f'the name "{shown(name)}" has {len(name):,} characters; at most {LONGEST} are looked up'
    for position, sign in enumerate(name.strip(), 1):
        if unicodedata.category(sign) in {"Cc", "Cs"}:
            code = f"U+{ord(sign):04X}, sign {position}"
            return f'the name "{shown(name.strip())}" holds a control character ({code}); write it without'
    return ""


def without_generic(name: str) -> str:
    """A name without the words that every airport has: "Heydar Aliyev International Airport" → "Heydar Aliyev"."""
    return re.sub(r"\s+", " ", _GENERIC.sub(" ", name)).strip(" ,-/")


def _found(
    row: tuple[Any, ...], how: How, *, role: int = NAME, matched: str = "", score: float = 100.0, typos: int = 0
) -> Found:
    """A row of the columns of a place, and perhaps the role and the text of a name."""
    found: tuple[Any, ...] = (
        (*row, how, score, typos) if len(row) > COLUMN_COUNT else (*row, role, matched, how, score, typos)
    )
    return Found._make(found)


class Lookup:
    """The steps of a search, one method each; what they find is in no order."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._vocabulary: Vocabulary | None = None

    def readings(self, name: str, scope: Scope) -> list[tuple[str, Scope]]:
        """The ways to read a query: as it stands; "name, country"; "name Airport"."""
        readings = [(name, scope)]
        head, comma, tail = name.rpartition(",")
        if comma and head.strip() and tail.strip() and scope == Scope() and (where := self.scope(tail)):
            readings.append((head.strip(), where))
        for text, where in tuple(readings):
            bare = without_generic(text)
            if bare and bare != text:
                readings.append((bare, where._replace(airports_only=True)))
        return readings

    def scope(self, text: str) -> Scope | None:
        """Countries and regions of a code or name; "CA" is Canada and California: either that has the place will do."""
        upper = text.strip().upper()
        codes = [upper, f"US-{upper}"] if re.fullmatch(r"[A-Z]{2}", upper) else [upper]
        areas = [found for code in codes for found in self._coded(code) if found.kind in {"country", "region"}]
        if not areas and not fault(text):
            areas = [found for found in self._named(text) if found.kind in {"country", "region"}]
        countries = frozenset(area.country for area in areas if area.kind == "country")
        regions = frozenset((area.country, area.region) for area in areas if area.kind == "region")
        return Scope(countries, regions) if areas else None

    def by_code(self, text: str, scope: Scope) -> list[Found]:
        """The place of a code; beside it, larger places that have the code for a name."""
        if geonames := _GEONAMES.fullmatch(text):
            rows = self._base.execute(_BY_ID, (int(geonames[1]),))
            return [found for row in rows if scope.holds(found := _found(row, "code", matched=text))]
        coded = [found for found in self._coded(text.upper()) if scope.holds(found)] if _CODE.fullmatch(text) else []
        if not coded:
            return []
        # "Goa" and "USA" are codes of airports far from what they make one think of: the choice is the asker's.
        least = max(one.weight for one in coded) / _OUTWEIGHS
        same = [
            found
            for found in self._named(text)
            if found.how == "exact" and found.role <= ALTERNATE and scope.holds(found)
        ]
        large = [found for found in same if found.weight >= least and (found.matched == text or not text.isupper())]
        known = {found.id for found in coded}
        return coded + [found._replace(how="code", role=ALTERNATE) for found in large if found.id not in known]

    def by_name(self, name: str, scope: Scope) -> list[Found]:
        """The places of a name, exact or folded; for airports only, also the airports of cities of that name."""
        named = self._named(name)
        found = [one for one in named if scope.holds(one)]
        if scope.airports_only:
            return self._add(found, [airport for city in self._meant(named, scope) for airport in self._airports(city)])
        bare = without_generic(name)
        if found and bare != name and all(one.kind == "airport" for one in found):
            # "London Airport" is in Ontario. Where the bare name means another city, that one's airports are meant too.
            meant = [
                city for city in self._meant(self._named(bare), scope) if city.id not in {one.city for one in found}
            ]
            return self._add(found, [airport for city in meant for airport in self._airports(city)])
        return found

    def by_typos(self, name: str, scope: Scope) -> list[Found]:
        """The places of names, or the airports of codes, that have a few letters wrong."""
        if _LIKE_A_CODE.fullmatch(name):
            return [found for found in self._near_codes(name) if scope.holds(found)]
        from geo.gazetteer.fold import fold
        from geo.gazetteer.pairs import Vocabulary, typos_measured

        self._vocabulary = self._vocabulary or Vocabulary(self._base)
        key = fold(name)
        best: dict[int, Found] = {}
        for near in self._vocabulary.near(
            key, typos_measured(len(key)), _NEAR_NAMES if scope == Scope() else _NEAR_NAMES_WITHIN
        ):
            for row in self._base.execute(_BY_KEY, (near.key,)):
                found = _found(row, "fuzzy", score=near.ratio, typos=near.typos)
                other = best.get(found.id)
                if scope.holds(found) and (other is None or (found.typos, found.role) < (other.typos, other.role)):
                    best[found.id] = found
        return list(best.values())

    def typos_allowed(self, name: str) -> int:
        """With how many typos a name may still be answered for; none for what looks like a code."""
        from geo.gazetteer.fold import fold
        from geo.gazetteer.pairs import typos_allowed

        return 0 if _LIKE_A_CODE.fullmatch(name) else typos_allowed(len(fold(name)))

    def with_airports(self, ranked: Iterable[Found]) -> list[Found]:
        """What was found, with their airports behind the first cities."""
        ranked = list(ranked)
        known = {one.id for one in ranked}
        several: list[Found] = []
        for place, one in enumerate(ranked):
            several.append(one)
            if one.kind == "city" and place < len(_WITH_AIRPORTS):
                several += [
                    airport for airport in self._airports(one, _WITH_AIRPORTS[place]) if airport.id not in known
                ]
        return several

    def _coded(self, code: str) -> list[Found]:
        return [_found(row, "code", matched=code) for row in self._base.execute(_BY_CODE, (code,))]

    def _near_codes(self, code: str) -> list[Found]:
        patterns = [f"{code[:place]}?{code[place + 1 :]}" for place in range(len(code))] if len(code) > 2 else []  # noqa: PLR2004  a country's
        rows = [
            row
            for glob in patterns
            for row in self._base.execute("SELECT code, place FROM code WHERE code GLOB ?", (glob,))
        ]
        typo = 1
        score = 100.0 * (len(code) - typo) / len(code)
        return [
            _found(place, "fuzzy", matched=near, score=score, typos=typo)
            for near, number in rows
            for place in self._base.execute(_BY_ID, (number,))
        ]

    def _named(self, name: str) -> list[Found]:
        """The places of a name, each once: exact before folded, its own name before that of the city it serves."""
        from geo.gazetteer.fold import exact, fold

        wanted, letters = exact(name), set(name)
        best: dict[int, tuple[tuple[str, bool, int, int], Found]] = {}
        for row in self._base.execute(_BY_KEY, (fold(name),)):
            # Regions are named in one language only, so that in another script folding is all that can find them.
            same = row[-1] == name or row[1] == "region" or exact(row[-1]) == wanted
            found = _found(row, "exact" if same else "folded")
            # Of several spellings of one place the one in the asker's letters is said to have matched.
            rank = (
                found.how,
                found.role == SERVES,
                0 if same else -len(letters.intersection(found.matched)),
                found.role,
            )
            if found.id not in best or rank < best[found.id][0]:
                best[found.id] = (rank, found)
        return [found for _, found in best.values()]

    @staticmethod
    def _meant(named: Iterable[Found], scope: Scope) -> list[Found]:
        """The one city of a name, or all of them."""
        cities = sorted(
            (one for one in named if one.kind == "city" and scope.covers(one)),
            key=lambda one: (one.how, -one.value, one.id),
        )
        rivals = contenders(cities)
        clear = clear_answer(rivals)
        return [clear] if clear else rivals

    def _airports(self, city: Found, limit: int = 20) -> list[Found]:
        rows = self._base.execute(_AIRPORTS, (city.id, limit))
        return [
            _found(row, city.how, role=SERVES, matched=city.matched, score=city.score, typos=city.typos) for row in rows
        ]

    @staticmethod
    def _add(found: list[Found], airports: Iterable[Found]) -> list[Found]:
        """Airports asked for by their city's name: there they are what is meant."""
        known = {one.id for one in found}
        return found + [airport._replace(role=ALTERNATE) for airport in airports if airport.id not in known]
