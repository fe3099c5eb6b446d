"""Change single values of a case file in its own text: what is not changed keeps its spelling, order and comments."""

from __future__ import annotations

import copy
import re
import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.container import Container
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array, InlineTable, Table

from geo.casefile.blocks import cut, put_in, put_line
from geo.casefile.items import LISTS, are_tables, as_it_was, inline, is_small, is_table, item
from geo.errors import CaseError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The keys that lead to a value; lists are counted from 0: ``("event", 2, "title", "en")``.
Place = tuple[str | int, ...]

_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_NOTHING: Final = object()


class Document:
    """The text of a case file under change.

    The text may be incomplete or wrong as a case; it is always TOML. Every change is made twice, in the text and in
    plain values, and the two are held against each other when the text is asked for. ``values`` are those of the
    text, where they are known already; they are not changed.

    Raises:
        CaseError: from the constructor, when the text is no TOML.
    """

    def __init__(self, text: str, values: dict[str, Any] | None = None) -> None:
        try:
            self._values: dict[str, Any] = tomllib.loads(text) if values is None else copy.deepcopy(values)
            self._open(text)
        except (tomllib.TOMLDecodeError, TOMLKitError, RecursionError) as wrong:
            raise CaseError("case.toml", [Problem("", f"this is not TOML: {wrong}")]) from wrong

    def _open(self, text: str) -> None:
        self._began = text
        self._document: tomlkit.TOMLDocument | None = None
        self._parsed = ""

    def _written(self) -> tomlkit.TOMLDocument:
        """The text as tomlkit has it; parsed when it is first needed, which takes its time."""
        if self._document is None:
            self._document = tomlkit.parse(self._began)
            self._parsed = tomlkit.dumps(self._document)
        return self._document

    @property
    def text(self) -> str:
        """The text with all changes.

        Raises:
            CaseError: when the text could not be changed as asked; nothing is lost, the draft stays as it was.
        """
        text = self._now()
        if self._document is not None and tomllib.loads(text) != self._values:
            told = "this change cannot be made in the text as it is written; make it in case.toml by hand"
            raise CaseError("case.toml", [Problem("", told)])
        return text

    def _now(self) -> str:
        if self._document is None:
            return self._began
        return _spaced(self._began, as_it_was(self._began, self._parsed, tomlkit.dumps(self._document)))

    def get(self, place: Place, default: Any = None) -> Any:  # noqa: ANN401  a TOML value
        """The value at a place as plain Python (dict, list, str, datetime …), or ``default`` where there is none.

        It is not a copy; change it by ``put``.
        """
        here: Any = self._values
        for part in place:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return default
        return here

    def size(self, place: Place) -> int:
        """How many entries the list at a place has; 0 where there is none."""
        found = self.get(place)
        return len(found) if isinstance(found, list) else 0

    def said(self, place: Place, language: str) -> str:
        """The text at a place in one language, or the bare one; empty where there is none."""
        found = self.get(place, "")
        return str(found.get(language, "") if isinstance(found, dict) else found)

    def put(self, place: Place, value: Any) -> None:  # noqa: ANN401  a TOML value
        """Write a value; tables on the way are made. ``None`` takes the key away.

        Raises:
            LookupError: when the place leads to an entry that a list has not.
            TypeError: when it leads through a value that is no table.
        """
        if value is None:
            self.remove(place)
            return
        if self.get(place, _NOTHING) == value and type(self.get(place)) is type(value):
            return
        *way, last = place
        parent: Any = self.get(tuple(way))
        if isinstance(parent, list) and last == len(parent):
            raise LookupError(f"{place} is past the end of the list; insert it")
        if parent is not None:
            new = isinstance(parent, dict) and last not in parent
            parent[last] = copy.deepcopy(value)
            if self._put_line(place, value, new=new):
                return
        parent, here = self._way(way)
        parent[last] = copy.deepcopy(value)
        _write(here, last, value, in_line=_stands_in_line(place))

    def put_text(self, place: Place, language: str, text: str) -> None:
        """Write a text in one language; a bare text that fits all stays bare, an empty one is taken away."""
        found = self.get(place)
        if isinstance(found, str):
            self.put(place, text or None)
            return
        if found:
            self.put((*place, language), text or None)
        elif text:
            self.put(place, {language: text})
        if self.get(place) == {}:
            self.remove(place)

    def insert(self, place: Place, entry: Any, index: int | None = None) -> int:  # noqa: ANN401  a TOML value
        """Put an entry into the list at a place, at the end or before ``index``, and give its index.

        The list is made where there is none: of tables (``[[event]]``) for an entry that is a table, else in line.
        """
        *way, last = place
        parent = self.get(tuple(way))
        if parent is None:
            parent, _ = self._way(way)
        entries = parent.setdefault(last, [])
        at = len(entries) if index is None else index
        entries.insert(at, copy.deepcopy(entry))
        if last in LISTS and self._put_block(place, at, _block(place, entry)):
            return at
        _, here = self._way(way)
        if last not in here:
            here[last] = item(str(last), [])
        here[last].insert(at, _filled(entry) if isinstance(here[last], AoT) else inline(entry))
        return at

    def remove(self, place: Place) -> None:
        """Take a key or an entry of a list away; nothing happens where there is none.

        A list of tables that has no entry left goes too.
        """
        if self.get(place, _NOTHING) is _NOTHING:
            return
        *way, last = place
        parent = self.get(tuple(way))
        in_list = bool(way) and way[-1] in LISTS
        taken = cut(self._now(), place) if in_list else None
        if in_list and len(parent) == 1:
            del self.get(tuple(way[:-1]))[way[-1]]
        else:
            del parent[last]
        text = taken[0] if taken else put_line(self._now(), place, None) if isinstance(last, str) else None
        if text is None or not self._takes(text):
            self._delete(way, last, whole=in_list and not parent)

    def move(self, place: Place, to: int) -> None:
        """Give an entry of a list another index among the others; its comments go with it."""
        *way, last = place
        entries = self.get(tuple(way))
        if not isinstance(last, int) or not isinstance(entries, list):
            raise TypeError(f"{place} is no entry of a list")
        if last == to:
            return
        entry = entries[last]
        taken = cut(self._now(), place) if len(entries) > 1 else None
        self.remove(place)
        if taken is None:
            self.insert(tuple(way), entry, to)
            return
        self.get(tuple(way)).insert(to, entry)
        if not self._put_block(tuple(way), to, taken[1]):
            self.get(tuple(way)).pop(to)
            self.insert(tuple(way), entry, to)

    def rename(self, place: Place, key: str) -> None:
        """Give a table another key; it moves to the end of those beside it."""
        *way, _ = place
        entry = copy.deepcopy(self.get(place))
        self.remove(place)
        self.put((*way, key), entry)

    def _way(self, way: list[str | int]) -> tuple[Any, Any]:
        """The plain value and the written one that a way leads to; tables are made where there are none."""
        plain: Any = self._values
        here: Any = self._written()
        for part in way:
            if isinstance(plain, dict) and part not in plain:
                plain[part] = {}
                _write(here, part, {}, in_line=False)
            plain, here = plain[part], here[part]
        return plain, here

    def _delete(self, way: list[str | int], last: str | int, *, whole: bool) -> None:
        """Delete in the written document alone; ``whole`` takes the list, not the entry."""
        here: Any = self._written()
        for part in way[:-1] if whole else way:
            here = here[part]
        del here[way[-1] if whole else last]

    def _put_line(self, place: Place, value: Any, *, new: bool) -> bool:  # noqa: ANN401  a TOML value
        """Write a value on a line of its own, where it has one; whether it was. Quicker than to parse the text."""
        if new and is_text(value) and len(value) == 1:
            ((language, said),) = value.items()
            return self._put_line((*place, language), said, new=True)
        if isinstance(value, dict) and (is_text(value) or not (_stands_in_line(place) and is_small(value))):
            return False
        if are_tables(str(place[-1]), value):
            return False
        written = inline(value) if isinstance(value, dict) else item(str(place[-1]), value)
        text = put_line(self._now(), place, tomlkit.item(written).as_string())
        return text is not None and self._takes(text)

    def _put_block(self, place: Place, at: int, block: str) -> bool:
        """Put a block in, where the list is written in blocks; whether it was."""
        text = put_in(self._now(), place, at, block)
        return text is not None and self._takes(text)

    def _takes(self, text: str) -> bool:
        """Go on with another text, if it holds what it should."""
        try:
            holds = tomllib.loads(text) == self._values
        except tomllib.TOMLDecodeError:
            holds = False
        if holds:
            self._open(text)
        return holds


def is_text(value: object) -> bool:
    """Whether a value is a text in languages: ``{"en": "Baku"}``."""
    return (
        isinstance(value, dict)
        and bool(value)
        and all(_LANGUAGE.fullmatch(key) and isinstance(text, str) for key, text in value.items())
    )


def _stands_in_line(place: Place) -> bool:
    """Whether a small table there is written on one line: not those that have a head of their own by custom."""
    return len(place) > 2 or (len(place) == 2 and place[0] not in ("places", "sources"))  # noqa: PLR2004  depths


def _write(here: Any, key: Any, value: Any, *, in_line: bool) -> None:  # noqa: ANN401  TOML values
    """Write a value under a key of a table or list."""
    if is_text(value) and isinstance(here, Table | Container):
        # title.en = "…" on a line of its own, as people write it.
        if key in here:
            del here[key]
        for language, text in value.items():
            here.append(tomlkit.key([str(key), language]), tomlkit.item(text))
    elif are_tables(str(key), value) and not isinstance(here, InlineTable):
        here[key] = tomlkit.aot()
        for entry in value:
            here[key].append(_filled(entry))
    elif isinstance(value, dict):
        one_line = isinstance(here, InlineTable | Array) or (in_line and is_small(value))
        here[key] = inline(value) if one_line else _filled(value)
    else:
        here[key] = item(str(key), value)


def _filled(entry: Mapping[str, Any]) -> Table:
    """A table, values before tables, as TOML wants them."""
    table = tomlkit.table()
    for key, value in sorted(entry.items(), key=lambda each: is_table(*each) and not is_text(each[1])):
        _write(table, key, value, in_line=True)
    return table


def _block(place: Place, entry: Mapping[str, Any]) -> str:
    """The lines of an entry of a list of tables."""
    document = tomlkit.document()
    here: Any = document
    names = [part for part in place if isinstance(part, str)]
    for name in names:
        here[name] = tomlkit.aot()
        here[name].append(_filled(entry) if name is names[-1] else tomlkit.table(is_super_table=True))
        here = here[name][0]
    text = tomlkit.dumps(document)
    return _spaced("", text[text.index(f"[[{'.'.join(names)}]]") :])


def _spaced(before: str, after: str) -> str:
    """``after`` with an empty line before each new head of a table."""
    known = set(pairwise(before.splitlines(keepends=True)))
    lines = after.splitlines(keepends=True)
    made = lines[:1]
    for above, line in pairwise(lines):
        is_new_head = line.startswith("[") and above.strip() and (above, line) not in known
        made += [_newline(above), line] if is_new_head else [line]
    return "".join(made)


def _newline(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n"
