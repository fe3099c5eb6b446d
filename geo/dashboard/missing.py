"""Which texts of a case lack one of its languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from geo.model.place import Place
from geo.model.value import Text, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.model import Case


def missing(case: Case) -> dict[str, list[str]]:
    """The places of the texts that are not there, by language: ``{"de": ["event[3].title", …]}``.

    A text that was given without its language fits all. Names that only the gazetteer gave are not the author's and do
    not count.

    Args:
        case: whose title says which languages it is told in.
    """
    texts = list(_texts(case, ""))
    return {
        language: [name for name, text in texts if text and text.worded(language).language not in _answers(language)]
        for language in case.languages
    }


def _answers(language: str) -> tuple[str, str]:
    return language, language.split("-", 1)[0]


def _texts(value: object, name: str) -> Iterator[tuple[str, Text]]:
    """Every text below a value, with its place as a case file names it; lists are counted from 1."""
    if isinstance(value, Text):
        yield name, value
    elif isinstance(value, Place) and not name.startswith("places."):
        return
    elif isinstance(value, Value):
        for key, field in type(value).model_fields.items():
            if not field.exclude:
                yield from _texts(getattr(value, key), f"{name}.{field.alias or key}" if name else field.alias or key)
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _texts(entry, f"{name}.{key}")
    elif isinstance(value, tuple):
        for number, entry in enumerate(value, 1):
            yield from _texts(entry, f"{name}[{number}]")
