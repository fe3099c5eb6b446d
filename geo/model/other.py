"""Another aircraft than the one of the flight: in the story, or for context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from geo.model.flight import TrackFile
from geo.model.track import Track  # noqa: TC001  pydantic looks it up when the model is made
from geo.model.value import Text


class Other(TrackFile):
    """The track of another aircraft; with ``each`` those of all aircraft in a file, named by their callsigns.

    ``context`` aircraft are drawn more quietly than those of the story. Nothing of what can be known of the flight
    rests on either.
    """

    name: Text = Field(default_factory=Text)
    context: Annotated[bool, Field(description="whether it is there for context only, drawn more quietly")] = False
    each: Annotated[bool, Field(description="whether every aircraft of the file is meant, not one of them")] = False

    @model_validator(mode="after")
    def _named_or_each(self) -> Self:
        if not self.each and not self.name:
            raise PydanticCustomError(
                "other_name",
                "another aircraft without a name; write name.en, or each = true for all aircraft of the file",
            )
        chosen = [key for key in ("name", "icao24", "callsign", "leg") if getattr(self, key)]
        if self.each and chosen:
            raise PydanticCustomError(
                "other_each",
                "each = true means every aircraft of the file, by its callsign; leave out {keys}",
                {"keys": ", ".join(chosen)},
            )
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What came of the file of an ``other``: the tracks that are meant, and the account of all rows of the file."""

    tracks: tuple[Track, ...]
    read: int
    accepted: int
    rejected: int
    unreadable: int
