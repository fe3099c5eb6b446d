"""The flight and what it was to be: clocks, identifiers, the intended route, the files of its tracks."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from geo.model.kinds import Cited, Zone
from geo.model.place import Place
from geo.model.value import Text, Value
from geo.model.when import When

_ICAO24 = re.compile(r"[0-9a-fA-F]{6}")
_TYPE = re.compile(r"[A-Z][A-Z0-9]{1,3}")


def _icao24(address: str) -> str:
    if not _ICAO24.fullmatch(address):
        raise PydanticCustomError(
            "icao24", "{found} is no ICAO 24-bit address; write six hexadecimal digits", {"found": address}
        )
    return address.lower()


def _type(designator: str) -> str:
    if not _TYPE.fullmatch(designator.upper()):
        raise PydanticCustomError(
            "aircraft_type",
            "{found} is no aircraft type designator; write that of ICAO Doc 8643, such as E190 or B738",
            {"found": designator[:20]},
        )
    return designator.upper()


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
    type: Annotated[
        str | None,
        AfterValidator(lambda designator: designator and _type(designator)),
        Field(description="ICAO type designator (Doc 8643), such as E190; its speed limits bound the reach"),
    ] = None
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
    """Where the flight was meant to go: two or more places in order, when, and what that is based on.

    ``departs`` and ``arrives`` are the times it was meant to leave the first place and reach the last; ``corridor_km``
    is the half-width of the corridor around the route that counts as on it.
    """

    route: Annotated[tuple[Place, ...], Field(min_length=2)]
    basis: Text
    departs: When | None = None
    arrives: When | None = None
    corridor_km: Annotated[float, Field(gt=0, le=1000)] = 18.52
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
