"""Say what is wrong in a case file, where, and what to write instead."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from geo.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]

_LAST: Final = 1_000_000


class Locator:
    """Names places of a document as ``event[3].time (line 42)``; tables of a list are counted from 1."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._known: dict[str, int] = {}

    def named(self, place: Place) -> str:
        """The name of a place, with the line where it stands, when it is found."""
        name = ""
        for part in place:
            name += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if name else part
        line = self._line(place)
        if line is None:
            return name
        named = f"{name} (line {line})" if name else f"line {line}"
        self._known[named] = line
        return named

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at a place."""
        return Problem(self.named(place), message, place)

    def order(self, where: str) -> int:
        """A number that sorts named places in the order of the file."""
        return self._known.get(where, _LAST)

    def _line(self, place: Place) -> int | None:
        """The number of the line of the deepest part of a place that can be found."""
        start, end = 0, len(self._lines)
        found: int | None = None
        table: list[str] = []
        for depth, part in enumerate(place):
            if isinstance(part, int):
                continue
            table.append(part)
            nth = place[depth + 1] if depth + 1 < len(place) else None
            header = self._header(table, nth if isinstance(nth, int) else None, start, end)
            if header is not None:
                start, end = header + 1, self._end(table, header, end)
                found = header
                continue
            key = self._key(part, start, end)
            if key is None:
                break
            found = key
        return None if found is None else found + 1

    def _header(self, table: Sequence[str], nth: int | None, start: int, end: int) -> int | None:
        name = r"\s*\.\s*".join(f"[\"']?{re.escape(part)}[\"']?" for part in table)
        pattern = re.compile(rf"\s*\[\[\s*{name}\s*\]\]" if nth is not None else rf"\s*\[\s*{name}\s*\]")
        matches = [number for number in range(start, end) if pattern.match(self._lines[number])]
        wanted = nth or 0
        return matches[wanted] if wanted < len(matches) else None

    def _end(self, table: Sequence[str], header: int, end: int) -> int:
        inner = re.compile(r"\s*\[\[?\s*" + r"\s*\.\s*".join(map(re.escape, table)) + r"\s*\.")
        for number in range(header + 1, end):
            line = self._lines[number]
            if re.match(r"\s*\[\[?\s*[\w\"'.-]+\s*\]\]?\s*(#.*)?$", line) and not inner.match(line):
                return number
        return end

    def _key(self, key: str, start: int, end: int) -> int | None:
        pattern = re.compile(rf"\s*(\w+\s*\.\s*)*[\"']?{re.escape(key)}[\"']?\s*(\.\s*[\w-]+\s*)?=")
        return next((number for number in range(start, end) if pattern.match(self._lines[number])), None)


def problems_of(wrong: ValidationError, locate: Locator) -> Iterator[Problem]:
    """The problems that a failed validation found, in words for the author."""
    for error in wrong.errors(include_url=False):
        place = _as_written(error["loc"])
        yield locate.problem(place, _said(error, place))


def _as_written(place: Place) -> Place:
    """The place without the steps that only the model has (``event[3].place.place``)."""
    kept: list[str | int] = []
    for part in place:
        if part == "place" and kept and (kept[-1] == "place" or isinstance(kept[-1], int)) and "path" in (*kept, part):
            continue
        if part == "place" and kept and kept[-1] == "place":
            continue
        kept.append(part)
    return tuple(kept)


#: What is said of the errors that pydantic names itself, by its name; ours bring their own words.
_WORDS: Final = {
    "missing": "{key} is missing",
    "literal_error": "found {found}; write {expected}",
    "enum": "found {found}; write {expected}",
    "string_type": "found {found}; write a text in quotes",
    "string_pattern_mismatch": "found {found}; it does not have the form {pattern}",
    "float_type": "found {found}; write a number",
    "float_parsing": "found {found}; write a number",
    "int_type": "found {found}; write a whole number",
    "int_parsing": "found {found}; write a whole number",
    "int_from_float": "found {found}; write a whole number",
    "model_type": "found {found}; this is a table of keys, not a single value",
    "dict_type": "found {found}; this is a table of keys, not a single value",
    "mapping_type": "found {found}; this is a table of keys, not a single value",
    "tuple_type": "found {found}; this is a list: write [ … ], or [[{key}]] for each entry",
    "greater_than": "found {found}; write a number greater than {gt:g}",
    "greater_than_equal": "found {found}; write a number of at least {ge:g}",
    "less_than_equal": "found {found}; write a number of at most {le:g}",
    "too_short": "needs at least {min_length} entries; found {actual_length}",
}


def _said(error: ErrorDetails, place: Place) -> str:
    key = str(place[-1]) if place else ""
    if error["type"] == "extra_forbidden":
        return f"unknown key {key!r}{_suggestion(key, place)}"
    if error["type"] == "string_pattern_mismatch" and key == "id":
        return f"found {_shown(error['input'])}; an id is letters, digits, '-', '_' and '.', at most 64"
    words = _WORDS.get(error["type"])
    if words is None:
        return error["msg"].removeprefix("Value error, ")
    return words.format(**{"key": key, "found": _shown(error.get("input")), **error.get("ctx", {})})


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:59] + "…"  # noqa: PLR2004  a line has room for it


def _suggestion(key: str, place: Place) -> str:
    known = _keys_at(place[:-1])
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known here: {', '.join(known)}" if known else ""


def _keys_at(place: Place) -> list[str]:
    """The keys that the model knows at a place, as a case file writes them."""
    from geo.casefile.json_schema import schema  # only a wrong key needs it

    whole = schema()
    here: dict[str, Any] = whole
    for part in place:
        here = _resolved(here, whole)
        if isinstance(part, int):
            here = here.get("items", {})
        else:
            here = here.get("properties", {}).get(part) or here.get("additionalProperties") or {}
        if not isinstance(here, dict):
            return []
    return sorted(_resolved(here, whole).get("properties", {}))


def _resolved(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = whole["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    for choice in schema.get("anyOf", ()):
        resolved = _resolved(choice, whole)
        if "properties" in resolved or "items" in resolved:
            return resolved
    return schema
