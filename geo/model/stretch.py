"""What the author knows where no track covers: stretches, known places, limits of the reach."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from geo.model.evidence import Evidence, PathBasis
from geo.model.kinds import Cited
from geo.model.place import Where
from geo.model.value import Text, Value
from geo.model.when import When


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
    ``overrides`` is the reason why it stands in place of what a track received; without one it does not.
    """

    from_: Annotated[datetime, Field(alias="from")]
    to: datetime
    evidence: Evidence
    basis: PathBasis = PathBasis.NONE
    path: tuple[Where, ...] = ()
    within_km: Annotated[float | None, Field(gt=0)] = None
    band: Band | None = None
    overrides: Annotated[Text, Field(description="why this stands in place of what a track received")] = Field(
        default_factory=Text
    )
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


class Known(Value):
    """A place where the aircraft is established to have been without a received position: it bounds the reach.

    With an interval it was there at some moment of it; an approximate time without ``within`` bounds nothing and is
    refused. ``basis`` says why it is established.
    """

    time: When
    place: Where
    basis: Text
    sources: Annotated[Cited, Field(min_length=1)]

    @model_validator(mode="after")
    def _bounding(self) -> Self:
        if self.place.kind not in ("point", "offset", "ring"):
            raise PydanticCustomError(
                "known", "a known place is a point, an offset or a ring; a direction bounds nothing", {}
            )
        if self.time.dated_only or (self.time.about and self.time.within_s is None):
            raise PydanticCustomError(
                "known", 'the time of a known place is exact, an interval, or { about = …, within = "2 min" }', {}
            )
        return self


class ReachLimit(Value):
    """A speed limit of the author's for the reach, in place of that of the aircraft type, and what it rests on.

    ``speed_kt`` is true airspeed, ``wind_kt`` the wind allowed for.
    """

    speed_kt: Annotated[float | None, Field(gt=0, le=3000)] = None
    wind_kt: Annotated[float | None, Field(ge=0, le=300)] = None
    basis: Text
    sources: Cited = ()
