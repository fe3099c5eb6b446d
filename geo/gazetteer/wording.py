"""The words of an error that lists choices: what each is, and what to write for it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from geo.gazetteer.match import Found

    #: The place that a text clearly means, if any.
    Means = Callable[[str], Found | None]
    #: The English name of a country (code) or of a region (code.code).
    Named = Callable[[str], str]

#: How much of a query an error repeats, in characters.
_REPEATED: Final = 60
#: How many choices an error lists.
LISTED: Final = 10


def shown(name: str) -> str:
    """A query as an error may repeat it: short, and without signs that would move the cursor or turn the text."""
    visible = (
        sign if unicodedata.category(sign)[0] != "C" else "\N{REPLACEMENT CHARACTER}" for sign in name[:_REPEATED]
    )
    return "".join(visible) + ("…" if len(name) > _REPEATED else "")


def choices(asked: str, rivals: Sequence[Found], means: Means, named: Named) -> list[str]:
    """One line for each of the first ``LISTED`` rivals: what it is, where, how large, and what to write for it."""
    lines = [f"{description(one, named)}; write {_ways(asked, one, means, named)}" for one in rivals[:LISTED]]
    return [*lines, f"and {len(rivals) - LISTED} more"] if len(rivals) > LISTED else lines


def description(one: Found, named: Named) -> str:
    """What a place is: "Victoria, British Columbia, Canada: city, 289,625 inhabitants"."""
    region = named(f"{one.country}.{one.region}") if one.kind == "city" and one.region else ""
    country = named(one.country) if one.kind != "country" else ""
    codes = [one.icao, one.iata]
    if one.population:
        codes.insert(0, f"{one.population:,} inhabitants")
    return ", ".join(filter(None, (one.name, region, country))) + ": " + ", ".join(filter(None, (one.kind, *codes)))


def _ways(asked: str, one: Found, means: Means, named: Named) -> str:
    """The shortest text that is tried and leads there, and the code that always does."""
    tries: list[str] = []
    if one.kind == "city" and one.how != "fuzzy":
        region = named(f"{one.country}.{one.region}")
        tries = [one.name, f"{asked}, {one.country}", f"{asked}, {region}" if region else ""]
    way = next((text for text in tries if text and (meant := means(text)) and meant.id == one.id), None)
    return " or ".join(f'"{text}"' for text in (way, one.code) if text)
