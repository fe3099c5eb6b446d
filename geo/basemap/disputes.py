"""The disputed areas by name: who holds them, who claims them, since when, and what says so."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geo import resources
from geo.errors import ResourceError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class DisputedArea:
    """An area whose sovereignty is disputed, or which the United Nations place otherwise than it is held.

    ``names`` are by language. ``held_by`` and ``claimed_by`` are codes of states (ISO 3166-1 alpha-2), "" for
    authorities that no member of the United Nations is. ``since_s`` and ``until_s`` bound the dispute in this form,
    POSIX seconds, the second not in it; ``None`` where it is older than flying, or open. ``why`` is the ground of the
    statement, in English.
    """

    key: str
    names: Mapping[str, str]
    held_by: tuple[str, ...]
    claimed_by: tuple[str, ...]
    since_s: float | None
    until_s: float | None
    why: str

    def name(self, language: str) -> str:
        """Its name in a language, in English where there is none."""
        return self.names.get(language) or self.names.get(language.split("-", 1)[0]) or self.names["en"]

    def holds_at(self, time_s: float) -> bool:
        """Whether it was disputed at a time."""
        return (self.since_s is None or time_s >= self.since_s) and (self.until_s is None or time_s < self.until_s)


@cache
def disputed_areas() -> Mapping[str, DisputedArea]:
    """All of them by key, read once.

    Raises:
        ResourceError: the file is missing.
    """
    try:
        rules = tomllib.loads(resources.data("basemap", "disputed.toml").read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise ResourceError("data/basemap/disputed.toml is missing; install flightcase again") from missing
    return MappingProxyType({key: _area(key, rule) for key, rule in rules.items()})


def _area(key: str, rule: dict[str, Any]) -> DisputedArea:
    return DisputedArea(
        key=key,
        names=MappingProxyType(rule["name"]),
        held_by=tuple(rule["held_by"]),
        claimed_by=tuple(rule["claimed_by"]),
        since_s=_start(rule["since"]) if "since" in rule else None,
        until_s=_end(rule["until"]) if "until" in rule else None,
        why=rule["why"],
    )


def _start(day: int | date) -> float:
    """The first second of a year or a day, UTC."""
    first = date(day, 1, 1) if isinstance(day, int) else day
    return datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()


def _end(day: int | date) -> float:
    """The second after a year or a day, UTC."""
    return _start(day + 1) if isinstance(day, int) else _start(day + timedelta(days=1))
