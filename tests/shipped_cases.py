"""The shipped cases for the tests that look at them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from geo import casefile
from geo.resources import data

if TYPE_CHECKING:
    from geo.model import Case, Event

CASES = ("j2-8243", "jl516", "fr4978", "kal007", "af1-2001")
LANGUAGES = ("en", "de")


@cache
def shipped(slug: str) -> Case:
    """The case in ``data/cases``, read once."""
    return casefile.read(data("cases", slug))


def event(slug: str, name: str) -> Event:
    """The event with that id."""
    return next(event for event in shipped(slug).events if event.id == name)


def cited(event: Event) -> set[str]:
    """All sources that an event and its claims name."""
    return {*event.sources, *(source for claim in event.claims for source in claim.sources)}
