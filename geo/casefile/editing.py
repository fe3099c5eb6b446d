"""Change single values of a case file in its own text: what is not changed keeps its spelling, order and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import tomlkit
from tomlkit.items import AoT

from geo.casefile.writing import _LISTS, _as_it_was, _item

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The keys that lead to a value; lists are counted from 0: ``("event", 2, "title", "en")``.
Place = tuple[str | int, ...]

_NOTHING: Final = object()


class Document:
    """The text of a case file under change.

    The text may be incomplete or wrong as a case; it is always TOML.

    Raises:
        ValueError: from the constructor, when the text is no TOML.
    """

    def __init__(self, text: str) -> None:
        self._began = text
        self._document = tomlkit.parse(text)
        self._parsed = tomlkit.dumps(self._document)

    @property
    def text(self) -> str:
        """The text with all changes."""
        return _as_it_was(self._began, self._parsed, tomlkit.dumps(self._document))

    def get(self, place: Place, default: Any = None) -> Any:  # noqa: ANN401  a TOML value
        """The value at a place as plain Python (dict, list, str, datetime …), or ``default`` where there is none."""
        here: Any = self._document
        for part in place:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return default
        return here.unwrap() if hasattr(here, "unwrap") else here

    def size(self, place: Place) -> int:
        """How many entries the list at a place has; 0 where there is none."""
        found = self.get(place)
        return len(found) if isinstance(found, list) else 0

    def put(self, place: Place, value: Any) -> None:  # noqa: ANN401  a TOML value
        """Write a value; tables on the way are made. ``None`` takes the key away.

        Raises:
            LookupError: when the place leads through a value that is no table, or to an entry that a list has not.
        """
        if value is None:
            self.remove(place)
            return
        *way, last = place
        here: Any = self._document
        for index, part in enumerate(way):
            if isinstance(part, str) and part not in here:
                after = place[index + 1]
                here[part] = tomlkit.aot() if isinstance(after, int) else tomlkit.table()
            here = here[part]
        if self.get(place, _NOTHING) != value:
            here[last] = _item(str(last), value)

    def put_text(self, place: Place, language: str, text: str) -> None:
        """Write a text in one language; a bare text that fits all stays bare, an empty one is taken away."""
        found = self.get(place)
        self.put(place if isinstance(found, str) else (*place, language), text or None)

    def said(self, place: Place, language: str) -> str:
        """The text at a place in one language, or the bare one; empty where there is none."""
        found = self.get(place, "")
        return str(found.get(language, "") if isinstance(found, dict) else found)

    def insert(self, place: Place, entry: Mapping[str, Any], index: int | None = None) -> int:
        """Put a table into the list of tables at a place, at the end or before ``index``, and give its index."""
        tables = self.get(place)
        if tables is None:
            self.put(place, [])
        here: Any = self._document
        for part in place:
            here = here[part]
        made = _item(str(place[-1]), [dict(entry)])[0] if place[-1] in _LISTS else _item("", dict(entry))
        at = len(here) if index is None else index
        if isinstance(here, AoT) and at < len(here):
            here.insert(at, made)
        else:
            here.append(made)
        return at

    def remove(self, place: Place) -> None:
        """Take a key or an entry of a list away; nothing happens where there is none."""
        if self.get(place, _NOTHING) is _NOTHING:
            return
        *way, last = place
        here: Any = self._document
        for part in way:
            here = here[part]
        del here[last]
