"""A case and its parts: flight, intended route, stretches, events, claims, sources, corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from geo.model.evidence import Evidence, Grade, PathBasis
from geo.model.place import Place, Where
from geo.model.track import Track
from geo.model.value import Identifier, Text, Value
from geo.model.when import When, span_s

_ICAO24 = re.compile(r"[0-9a-fA-F]{6}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise PydanticCustomError(
            "zone", "{name} is no time zone; write an IANA name such as Asia/Baku", {"name": name}
        ) from wrong
    return name


def _icao24(address: str) -> str:
    if not _ICAO24.fullmatch(address):
        raise PydanticCustomError(
            "icao24", "{found} is no ICAO 24-bit address; write six hexadecimal digits", {"found": address}
        )
    return address.lower()


def _web(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"'`\\]+", url):
        raise PydanticCustomError("url", "{found} is no web address; write https://…", {"found": url[:80]})
    return url


def _listed(value: Any) -> Any:  # noqa: ANN401  whatever a case file holds there
    return [value] if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_web)]
Span = Annotated[float, BeforeValidator(span_s)]
#: Identifiers of sources; a case file may write a single one as a string.
Cited = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Clock(Value):
    """A named clock: an IANA zone and the word that stands for it (else the city in the name of the zone)."""

    zone: Zone
    name: Text = Field(default_factory=Text)

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:  # noqa: ANN401  whatever a case file holds there
        return {"zone": value} if isinstance(value, str) else value


class Flight(Value):
    """The flight: identifiers, aircraft, operator, and how many were aboard and were killed."""

    callsign: str
    number: str | None = None
    operator: Text = Field(default_factory=Text)
    aircraft: str | None = None
    registration: str | None = None
    icao24: Annotated[str | None, AfterValidator(lambda address: address and _icao24(address))] = None
    aboard: Annotated[int | None, Field(ge=0)] = None
    killed: Annotated[int | None, Field(ge=0)] = None
    sources: Cited = ()

    @model_validator(mode="after")
    def _counted(self) -> Self:
        if self.aboard is not None and self.killed is not None and self.killed > self.aboard:
            raise PydanticCustomError(
                "killed", "{killed} killed of {aboard} aboard", {"killed": self.killed, "aboard": self.aboard}
            )
        return self


class Intended(Value):
    """Where the flight was meant to go: two or more places in order, and what that is based on."""

    route: Annotated[tuple[Place, ...], Field(min_length=2)]
    basis: Text
    sources: Cited = ()


class TrackFile(Value):
    """A track of the case: a file in its folder, and which aircraft, callsign and times of it are meant."""

    file: str
    icao24: str | None = None
    callsign: str | None = None
    leg: Annotated[int | str | None, Field(union_mode="left_to_right")] = None
    member: str | None = None
    from_: Annotated[datetime | None, Field(alias="from")] = None
    to: datetime | None = None
    credit: Text = Field(default_factory=Text)
    sources: Cited = ()

    @field_validator("file")
    @classmethod
    def _stays_inside(cls, name: str) -> str:
        if re.match(r"[/\\~]|[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name) or "\0" in name:
            raise PydanticCustomError(
                "track_file", "{found} leads out of the case folder; put the file beside case.toml", {"found": name}
            )
        return name


class Band(Value):
    """A stated rule for the doubt about a drawn path.

    The half-width is ``share`` of the distance to the nearest known end, and at least ``least_km``.
    """

    share: Annotated[float, Field(ge=0, le=1)]
    least_km: Annotated[float, Field(ge=0)] = 0.0


class Stretch(Value):
    """What the author knows about a time that no track covers.

    ``path`` holds what is known of the line: for ``bridged`` only its known ends (a run of adjacent bridged stretches
    is one bridge), else its points in order. ``within_km`` is the author's tolerance for a schematic path.
    """

    from_: Annotated[datetime, Field(alias="from")]
    to: datetime
    evidence: Evidence
    basis: PathBasis = PathBasis.NONE
    path: tuple[Where, ...] = ()
    within_km: Annotated[float | None, Field(gt=0)] = None
    band: Band | None = None
    label: Text = Field(default_factory=Text)
    note: Text = Field(default_factory=Text)
    sources: Cited = ()

    @field_validator("from_", "to", mode="before")
    @classmethod
    def _zoned(cls, value: Any) -> datetime:  # noqa: ANN401  whatever a case file holds there
        return When.model_validate(value).start

    @model_validator(mode="after")
    def _runs_forward(self) -> Self:
        if self.to <= self.from_:
            raise PydanticCustomError(
                "stretch",
                "a stretch ends after it starts; from is {a}, to is {b}",
                {"a": str(self.from_), "b": str(self.to)},
            )
        if self.basis in (PathBasis.SCHEMATIC, PathBasis.RECONSTRUCTED) and len(self.path) < 2:  # noqa: PLR2004  a line
            raise PydanticCustomError(
                "stretch", "a {basis} stretch needs a path of two or more points", {"basis": self.basis.value}
            )
        if self.basis is PathBasis.NONE and self.path:
            raise PydanticCustomError("stretch", "a path needs its basis: schematic, reconstructed or bridged", {})
        if self.basis is PathBasis.MEASURED:
            raise PydanticCustomError(
                "stretch", "only a track is measured; write schematic, reconstructed or bridged", {}
            )
        if any(point.kind not in ("point", "offset") for point in self.path):
            raise PydanticCustomError(
                "stretch", "each point of a path is a place, a position, or { from, km, bearing }", {}
            )
        return self


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


class Case(Value):
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
    gap: Annotated[Span, Field(gt=0, description="a longer time between two fixes is a gap")] = 60.0
    flight: Flight
    places: Mapping[str, Place] = Field(default_factory=dict)
    intended: Intended
    tracks: Annotated[tuple[TrackFile, ...], Field(alias="track")] = ()
    stretches: Annotated[tuple[Stretch, ...], Field(alias="stretch")] = ()
    events: Annotated[tuple[Event, ...], Field(alias="event")] = ()
    sources: Mapping[str, Source] = Field(default_factory=dict)
    corrections: Annotated[tuple[Correction, ...], Field(alias="correction")] = ()
    #: The tracks that ``track`` names, read and judged, in the same order; a case file does not hold them.
    recorded: Annotated[tuple[Track, ...], Field(exclude=True)] = ()

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
