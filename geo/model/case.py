"""A case and its parts: events, claims, sources, corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from geo.model.evidence import Grade
from geo.model.flight import Clock, Flight, Intended, TrackFile
from geo.model.kinds import Cited, Span, WebAddress, Zone
from geo.model.other import Heard, Other
from geo.model.place import Place, Where
from geo.model.steps import Step
from geo.model.stretch import Known, ReachLimit, Stretch
from geo.model.tiles import Tiles
from geo.model.track import Track
from geo.model.value import Identifier, Text, Value
from geo.model.when import When
from geo.showing import Shown

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Altitude(Value):
    """A published altitude, feet: ``note`` says what it is above or who says so; a false value stays, marked."""

    ft: float
    note: Text = Field(default_factory=Text)
    grade: Grade | None = None
    false: bool = False


class Claim(Value):
    """What one party says of an event, with its own time, place and source; two claims may contradict each other."""

    by: Text
    says: Text
    detail: Text = Field(default_factory=Text)
    about: Literal["place", "time", "altitude", "distance", "cause", "account"] = "account"
    time: When | None = None
    place: Where | None = None
    leak: bool = False
    sources: Annotated[Cited, Field(alias="source", min_length=1)]


class Event(Value):
    """Something that happened: when, where as far as known, what, how well established, and who says so.

    ``title`` is short (two lines in the list); ``note`` ends the grade line; ``text`` is the account; ``label`` and
    ``label_note`` stand on the map. ``main`` events are numbered, the others stand between them in full lists. ``at``
    names the clock whose local time is shown.
    """

    id: Identifier
    time: When
    title: Text
    grade: Grade
    place: Where | None = None
    note: Text = Field(default_factory=Text)
    text: Text = Field(default_factory=Text)
    unknown: Annotated[Text, Field(description="what is not known or was not found, said as a statement")] = Field(
        default_factory=Text
    )
    label: Text = Field(default_factory=Text)
    label_note: Text = Field(default_factory=Text)
    at: Zone | None = None
    main: bool = True
    altitude: Altitude | None = None
    claims: Annotated[tuple[Claim, ...], Field(alias="claim")] = ()
    sources: Cited = ()

    @property
    def has_frame(self) -> bool:
        """Whether the map has a frame of its own for it: two accounts or more say where it was."""
        return sum(claim.place is not None for claim in self.claims) > 1


class Source(Value):
    """Where a statement comes from. ``published`` and ``retrieved`` may be a date, a month or a year."""

    publisher: str
    title: str
    url: WebAddress | None = None
    published: When | None = None
    retrieved: When | None = None
    archived: WebAddress | None = None
    sha256: Annotated[str | None, Field(pattern=_SHA256.pattern)] = None
    language: Annotated[str | None, Field(pattern=f"^{_LANGUAGE.pattern}$")] = None
    note: Text = Field(default_factory=Text)


class Correction(Value):
    """A change after publication, dated and visible to the reader."""

    on: date
    text: Text


class Case(Shown, Value):
    """One flight occurrence: the intended route, the evidence of the actual one, events, sources.

    The order of the fields is the order in which they are validated: ``places`` come first, because the others name
    them.
    """

    format: Literal[1]
    id: Identifier
    title: Text
    standfirst: Text = Field(default_factory=Text)
    outcome: Annotated[Text, Field(description="how the flight ended, in a few words; stands in lists of cases")] = (
        Field(default_factory=Text)
    )
    clocks: tuple[Clock, ...] = ()
    not_depicted: Text = Field(default_factory=Text)
    received_by: Annotated[Text, Field(description="whose receivers “received” refers to")] = Field(
        default_factory=Text
    )
    remarks: Text = Field(default_factory=Text)
    not_found: Annotated[Text, Field(description="what is still not known or not published; ends the list")] = Field(
        default_factory=Text
    )
    credit: Text = Field(default_factory=Text)
    opens: When | None = None
    updated: date | None = None
    apart_km: Annotated[
        float, Field(gt=0, description="two tracks farther apart than this at one time disagree, and the page says so")
    ] = 5.0
    gap: Annotated[Span, Field(gt=0, description="a longer time between two fixes is a gap")] = 60.0
    flight: Flight
    places: Mapping[str, Place] = Field(default_factory=dict)
    intended: Intended
    tiles: Tiles | None = None
    tracks: Annotated[tuple[TrackFile, ...], Field(alias="track")] = ()
    others: Annotated[tuple[Other, ...], Field(alias="other")] = ()
    stretches: Annotated[tuple[Stretch, ...], Field(alias="stretch")] = ()
    known: tuple[Known, ...] = ()
    reach: ReachLimit | None = None
    events: Annotated[tuple[Event, ...], Field(alias="event")] = ()
    steps: Annotated[tuple[Step, ...], Field(alias="step")] = ()
    sources: Mapping[str, Source] = Field(default_factory=dict)
    corrections: Annotated[tuple[Correction, ...], Field(alias="correction")] = ()
    #: The tracks that ``track`` names, read and judged, in the same order; a case file does not hold them.
    recorded: Annotated[tuple[Track, ...], Field(exclude=True)] = ()
    #: The same of ``other``, with the account of each file.
    others_recorded: Annotated[tuple[Heard, ...], Field(exclude=True)] = ()

    @field_validator("places", mode="after")
    @classmethod
    def _known_from_here(cls, places: Mapping[str, Place], info: ValidationInfo) -> Mapping[str, Place]:
        """Let the fields that follow name a place by its key."""
        if info.context is not None:
            info.context.setdefault("places", {}).update(places)
        return places

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the title is given in."""
        return self.title.languages or ("en",)
