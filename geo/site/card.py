"""What the index, the feed and the sitemap say of a case; kept in the manifest, so that nobody reads the case again."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from geo.scene.words import Words
from geo.scene.words import languages as spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from geo.model import Case, Text
    from geo.scene import Scene

#: Points of one line on the map of all cases, which is some hundred px wide.
_POINTS: Final = 48
_DIGITS: Final = 3
#: What stands around words and is none of them.
_MARKS: Final = "“”„«»\u2018\u2019'\"(),;:!?،؛"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line on the map of all cases: its style, and its longitudes and latitudes, degrees, unwrapped."""

    style: str
    lon: tuple[float, ...]
    lat: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A correction: its day, and its text by language."""

    on: str
    text: str | dict[str, str]


@dataclass(frozen=True, slots=True)
class Card:
    """A case in a list of cases.

    ``languages`` has those that are published, the first one first. Texts are written as a case file has them: bare, or
    by language. ``described`` has by language what those are told who do not see the map. ``search`` is what a reader
    may look for, folded. ``lines`` are those of its map in few points, the intended route first; ``mark`` (lon, lat) is
    the end of the last one.
    """

    slug: str
    languages: tuple[str, ...]
    title: str | dict[str, str]
    standfirst: str | dict[str, str]
    flight: str
    aircraft: str
    began: str
    updated: str
    described: dict[str, str]
    search: str
    lines: tuple[Drawn, ...]
    mark: tuple[float, float] | None
    corrections: tuple[Change, ...]

    def written(self) -> dict[str, Any]:
        """The card as JSON."""
        return asdict(self)

    @classmethod
    def read(cls, written: Mapping[str, Any]) -> Card:
        """The card that ``written`` gave.

        Raises:
            LookupError, TypeError, ValueError: when it is none.
        """
        mark = written["mark"]
        return cls(
            languages=tuple(map(str, written["languages"])),
            lines=tuple(
                Drawn(str(line["style"]), tuple(map(float, line["lon"])), tuple(map(float, line["lat"])))
                for line in written["lines"]
            ),
            mark=None if mark is None else (float(mark[0]), float(mark[1])),
            corrections=tuple(Change(str(each["on"]), _text(each["text"])) for each in written["corrections"]),
            described={str(language): str(text) for language, text in written["described"].items()},
            title=_text(written["title"]),
            standfirst=_text(written["standfirst"]),
            **{name: str(written[name]) for name in ("slug", "flight", "aircraft", "began", "updated", "search")},
        )


def card(case: Case, scenes: Mapping[str, Scene]) -> Card:
    """The card of a case.

    Args:
        case: what is published.
        scenes: of the case, by the languages in which it is published, the first one first.
    """
    scene = next(iter(scenes.values()))
    lines = tuple(_drawn(line) for line in _in_order(scene["map"]["lines"]))
    end = lines[-1] if lines else None
    day = _began(case)
    return Card(
        slug=case.id,
        languages=tuple(scenes),
        title=case.title.written(),
        standfirst=case.standfirst.written() if case.standfirst else "",
        flight=case.flight.number or case.flight.callsign,
        aircraft=case.flight.aircraft or "",
        began=day.isoformat() if day else "",
        updated=case.updated.isoformat() if case.updated else "",
        described={language: each["description"] for language, each in scenes.items()},
        search=_search(case, day),
        lines=lines,
        mark=(end.lon[-1], end.lat[-1]) if end else None,
        corrections=tuple(Change(each.on.isoformat(), each.text.written()) for each in case.corrections),
    )


def fold(text: str) -> str:
    """A text as it is compared: without accents, in small letters; ``assets/site/search.js`` does the same."""
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", text) if not unicodedata.category(each).startswith("M")
    )
    return bare.lower()


def _text(written: object) -> str | dict[str, str]:
    if isinstance(written, dict):
        return {str(language): str(text) for language, text in written.items()}
    return str(written)


def _in_order(lines: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The intended route first, then the lines by their time."""
    return sorted(lines, key=lambda line: (line["style"] != "intended", line.get("from") or 0))


def _drawn(line: Mapping[str, Any]) -> Drawn:
    lon, lat = (_values(line["path"][name]) for name in ("lon", "lat"))
    step = max(-(-len(lon) // _POINTS), 1)
    kept = sorted({*range(0, len(lon), step), len(lon) - 1})
    return Drawn(line["style"], tuple(lon[index] for index in kept), tuple(lat[index] for index in kept))


def _values(column: Mapping[str, Any]) -> list[float]:
    return [round(total * column["quantum"], _DIGITS) for total in accumulate(column["deltas"])]


def _began(case: Case) -> date | None:
    starts = [event.time.start for event in case.events] + [stretch.from_ for stretch in case.stretches]
    return min(starts).date() if starts else None


def _search(case: Case, day: date | None) -> str:
    """Words of the texts, the flight, the aircraft, places and dates: each once, and in every language."""
    flight, places = case.flight, [*case.intended.route, *case.places.values()]
    said = [case.id, flight.number, flight.callsign, flight.registration, flight.icao24, flight.aircraft, flight.type]
    said += [code for place in places for code in (place.icao, place.iata)]
    texts = [case.title, case.standfirst, case.outcome, flight.operator, *(place.name for place in places)]
    said += [text for each in texts for text in _variants(each)]
    if day is not None:
        said += [day.isoformat(), f"{day.day}.{day.month}.{day.year}"]
        said += [Words(language).day(day) for language in dict.fromkeys((*case.languages, *spoken()))]
    words = fold(" ".join(text for text in said if text)).split()
    return " ".join(dict.fromkeys(word.strip(_MARKS) for word in words))


def _variants(text: Text) -> list[str]:
    written = text.written() if text else ""
    return list(written.values()) if isinstance(written, dict) else [written]
