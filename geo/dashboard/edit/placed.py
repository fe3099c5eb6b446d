"""Places of a draft as the panels list them: what each is called, where it is, what led there, what names it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from geo.casefile.mentions import mentions
from geo.errors import FlightcaseError
from geo.gazetteer import open_gazetteer

if TYPE_CHECKING:
    from geo.casefile.editing import Place as Way
    from geo.dashboard.desk import Desk
    from geo.model import Place


@dataclass(frozen=True, slots=True)
class Placed:
    """One place: an entry of ``[places]`` by its key, or a name that the gazetteer answers for (``own`` is false).

    ``asked`` is what the gazetteer was asked, ``found`` its answer; ``at`` is where the place is, as the author has it
    or as it was found; ``wrong`` says why it is nowhere. ``uses`` lead to everything that names it.
    """

    key: str
    name: str
    asked: str
    found: Place | None
    at: tuple[float, float] | None
    wrong: str
    uses: tuple[Way, ...]
    own: bool = True


@lru_cache(maxsize=1024)
def look_up(name: str) -> Place | str:
    """The place that a name means, or why it means none."""
    try:
        return open_gazetteer().find(name)
    except FlightcaseError as wrong:
        return str(wrong)


def placed(desk: Desk) -> list[Placed]:
    """The places of the draft: those with an entry in the order of the file, then those that are only named."""
    entries = desk.get(("places",), {})
    entries = entries if isinstance(entries, dict) else {}
    named = mentions(desk.values)
    own = [_own(desk, key, _table(entry), tuple(named.get(key, ()))) for key, entry in entries.items()]
    return own + [_named(desk, name, tuple(uses)) for name, uses in named.items() if name not in entries]


def positions(listed: list[Placed]) -> list[tuple[float, float]]:
    """Where the places are, those that are somewhere."""
    return [place.at for place in listed if place.at]


def where(desk: Desk, value: Any) -> tuple[str, tuple[float, float] | None]:  # noqa: ANN401  a TOML value
    """Name and position of a place as a route holds it: a key, a name, or a table."""
    if isinstance(value, str):
        entry = desk.get(("places", value))
        one = _named(desk, value, ()) if entry is None else _own(desk, value, _table(entry), ())
        return one.name, one.at
    if isinstance(value, dict):
        one = _own(desk, "", value, ())
        return one.name or (f"{one.at[0]:g}, {one.at[1]:g}" if one.at else "?"), one.at
    return str(value), None


def _table(entry: Any) -> dict[str, Any]:  # noqa: ANN401  a TOML value
    """An entry of ``[places]`` as a table; it may be a name alone."""
    if isinstance(entry, str):
        return {"find": entry}
    return entry if isinstance(entry, dict) else {}


def _own(desk: Desk, key: str, entry: dict[str, Any], uses: tuple[Way, ...]) -> Placed:
    asked = entry.get("find")
    asked = asked if isinstance(asked, str) else ""
    found = look_up(asked) if asked else None
    wrong = found if isinstance(found, str) else ""
    answer = None if isinstance(found, str) else found
    lat, lon = entry.get("lat"), entry.get("lon")
    at = _point(lat, lon) or ((answer.lat, answer.lon) if answer and lat is None and lon is None else None)
    return Placed(key, _said(desk, entry, answer) or key, asked, answer, at, wrong, uses)


def _named(desk: Desk, name: str, uses: tuple[Way, ...]) -> Placed:
    found = look_up(name)
    if isinstance(found, str):
        return Placed(name, name, name, None, None, found, uses, own=False)
    return Placed(
        name, found.name.said(desk.language) or name, name, found, (found.lat, found.lon), "", uses, own=False
    )


def _said(desk: Desk, entry: dict[str, Any], found: Place | None) -> str:
    """What a place is called in the language of the texts, else in another."""
    name = entry.get("name")
    if isinstance(name, str) and name:
        return name
    variants = name if isinstance(name, dict) else {}
    own = variants.get(desk.language) or next((text for text in variants.values() if isinstance(text, str)), "")
    return str(own or (found.name.said(desk.language) if found else ""))


def _point(lat: Any, lon: Any) -> tuple[float, float] | None:  # noqa: ANN401  TOML values
    if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in (lat, lon)):
        return None
    return (float(lat), float(lon)) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004  degrees
