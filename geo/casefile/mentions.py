"""Where the document of a case names places: by the keys of ``[places]``, or as the gazetteer knows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.casefile.editing import Document, Place

#: The keys of a table that say where something is and hold a place.
_HOLDERS: Final = ("ring", "from", "place")
#: What stands where a place could and is none.
_TRACK: Final = "track"
_KEY: Final = re.compile(r"[\w][\w.-]{0,63}")


def mentions(values: Mapping[str, Any]) -> dict[str, list[Place]]:
    """Where each place is named: the keys that lead to every text that means a place, by that text."""
    found: dict[str, list[Place]] = {}
    for place, value in _wheres(values):
        for way, name in _named(value, place):
            found.setdefault(name, []).append(way)
    return found


def rename_place(document: Document, key: str, to: str) -> int:
    """Give a place of ``[places]`` another key, everywhere, and give how many mentions followed.

    A place that is found by its key alone keeps what it is found by.

    Raises:
        ValueError: when the key cannot be one, or is taken; with what to write.
    """
    wrong = key_problem(document.get(("places",), {}), key, to)
    if wrong:
        raise ValueError(wrong)
    if key == to:
        return 0
    ways = mentions(document.get(())).get(key, [])
    document.rename(("places", key), to)
    for way in ways:
        document.put(way, to)
    return len(ways)


def key_problem(places: Mapping[str, Any], key: str, to: str) -> str | None:
    """What speaks against another key of a place; ``None`` when nothing does."""
    if not _KEY.fullmatch(to) or to == _TRACK:
        return f'"{to[:40]}" cannot name a place here; write letters, digits, "-" and "_", such as crash_site'
    if to != key and to in places:
        return f'"{to}" names another place of this case; write another'
    return None


def free_key(places: Mapping[str, Any], name: str) -> str:
    """A key for a new place of a name: ``mineralnye_vody``, or ``mineralnye_vody_2`` where that is taken."""
    from geo.gazetteer.fold import fold  # loads the tables of scripts

    key = "_".join(filter(None, (fold(word) for word in re.split(r"[\W_]+", name) if word)))[:48] or "place"
    number, free = 1, key
    while free in places or free == _TRACK:
        number += 1
        free = f"{key}_{number}"
    return free


def _wheres(values: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    """Every value that says where something is."""
    intended = values.get("intended")
    for number, value in enumerate(_list(intended, "route")):
        yield ("intended", "route", number), value
    for index, event in enumerate(_list(values, "event")):
        yield ("event", index, "place"), _get(event, "place")
        for number, claim in enumerate(_list(event, "claim")):
            yield ("event", index, "claim", number, "place"), _get(claim, "place")
    for index, stretch in enumerate(_list(values, "stretch")):
        for number, value in enumerate(_list(stretch, "path")):
            yield ("stretch", index, "path", number), value
    for index, known in enumerate(_list(values, "known")):
        yield ("known", index, "place"), _get(known, "place")
    for index, step in enumerate(_list(values, "step")):
        # The text "route" or "event" is a kind of view; a table may name a place.
        view = _get(step, "view")
        if isinstance(view, dict):
            yield ("step", index, "view"), view


def _named(value: Any, place: Place) -> Iterator[tuple[Place, str]]:  # noqa: ANN401  a TOML value
    if isinstance(value, str) and value and value != _TRACK:
        yield place, value
    if isinstance(value, dict):
        for key in _HOLDERS:
            if key in value:
                yield from _named(value[key], (*place, key))
        if isinstance(value.get("find"), str):
            yield (*place, "find"), value["find"]


def _get(table: Any, key: str) -> Any:  # noqa: ANN401  a TOML value
    return table.get(key) if isinstance(table, dict) else None


def _list(table: Any, key: str) -> list[Any]:  # noqa: ANN401  a TOML value
    found = _get(table, key)
    return found if isinstance(found, list) else []
