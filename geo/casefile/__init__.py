"""A case file is read into a ``Case`` and written from one.

::

    read(path) -> Case          all problems at once, each with its place
    check(path) -> problems     the same, as a list instead of an error
    write(case, path)           changes no byte that it need not
    schema() -> dict            JSON Schema of case.toml

Writing and the schema load what they need when they are first used: a page is made without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.reading import NAME, check, read

if TYPE_CHECKING:
    from geo.casefile.json_schema import schema as schema
    from geo.casefile.writing import write as write

_HOMES: Final = {"schema": "geo.casefile.json_schema", "write": "geo.casefile.writing"}

__all__ = ["NAME", "check", "read", "schema", "write"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever the name stands for
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'geo.casefile' has no attribute {name!r}")
