"""Archives: find the flights in billions of received positions, on a laptop or on a cluster.

``build`` lays files of receivers down in an order in which questions read little; ``Archive.open`` asks them. The
extra ``archive`` has what it needs: ``pip install 'flightcase[archive]'``; ``spark`` and ``trino`` are for engines of
others. What an archive is made of: ``tables`` (columns), ``block`` (rows in memory), ``catalogue`` (which days are
there), ``layout`` (how a day lies on disk), ``sources`` (what is read), ``kernel`` (legs and jumps), ``building``.
What asks it: ``archive`` (the questions, a module each), ``question``, ``answer``, ``store`` (files) and ``given``
(tables).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from geo.errors import ArchiveError

if TYPE_CHECKING:
    from geo.archive.account import Built as Built
    from geo.archive.answer import Answer as Answer
    from geo.archive.archive import Archive as Archive
    from geo.archive.building import build as build
    from geo.archive.given import Tables as Tables

_HOMES: Final = {"Answer": "answer", "Archive": "archive", "Built": "account", "Tables": "given", "build": "building"}
#: What the extra ``archive`` brings.
_EXTRA: Final = ("duckdb", "fastavro", "ibis", "isal", "pyarrow", "sqlglot")

__all__ = ["Answer", "Archive", "Built", "Tables", "build"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever the name stands for
    if name not in _HOMES:
        raise AttributeError(f"module 'geo.archive' has no attribute {name!r}")
    try:
        return getattr(import_module(f"geo.archive.{_HOMES[name]}"), name)
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] not in _EXTRA:
            raise
        raise ArchiveError(
            f"an archive needs {missing.name}, which is not installed: pip install 'flightcase[archive]'"
        ) from missing


def __dir__() -> list[str]:
    return sorted(__all__)
