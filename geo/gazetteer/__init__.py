"""A name or code in any script to exactly one place, or an error that names the choices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from geo.gazetteer.index import open_gazetteer
from geo.gazetteer.match import Match, is_clear
from geo.gazetteer.query import Gazetteer

if TYPE_CHECKING:
    from geo.gazetteer.online import look_up_online

__all__ = ["Gazetteer", "Match", "is_clear", "look_up_online", "open_gazetteer"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  a module's attribute
    # The online look-up is off unless asked for, its imports too.
    if name == "look_up_online":
        from geo.gazetteer import online

        return online.look_up_online
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
