"""The steps of a story: what the author shows one after the other, and what the map shows with each."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, field_validator, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from geo.model.kinds import Cited
from geo.model.place import Place
from geo.model.value import Identifier, Text, Value
from geo.model.when import When

_EDGES = ("west", "south", "east", "north")

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]


class View(Value):
    """What the map shows.

    kind
        ``route``: the whole route; ``event``: the frame of the step's event, with what each account says of its place;
        ``place``: ``km`` around ``place``; ``box``: between ``west``, ``south``, ``east`` and ``north``, degrees, with
        ``west`` greater than ``east`` over the antimeridian.

    In a case file: ``"route"``, ``"event"``, ``{ place, km }``, ``{ west, south, east, north }``.
    """

    kind: Literal["route", "event", "place", "box"]
    place: Place | None = None
    km: Annotated[float | None, Field(gt=0, le=20_000)] = None
    west: Longitude | None = None
    south: Latitude | None = None
    east: Longitude | None = None
    north: Latitude | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:  # noqa: ANN401  whatever a case file holds there
        if isinstance(value, cls) or (isinstance(value, dict) and "kind" in value):
            return value
        if value in ("route", "event"):
            return {"kind": value}
        keys = set(value) if isinstance(value, dict) else set()
        if keys == {"place", "km"}:
            return {"kind": "place", **value}
        if keys == set(_EDGES):
            return {"kind": "box", **value}
        raise PydanticCustomError(
            "view",
            'a view is "route", "event", { place = "URMG", km = 60 } or { west = 44, south = 43, east = 47, '
            "north = 44 }, one of them; found {found}",
            {"found": ", ".join(map(str, value)) if keys else repr(value)[:60]},
        )

    @model_validator(mode="after")
    def _has_an_area(self) -> Self:
        if self.south is not None and self.north is not None and self.south >= self.north:
            raise PydanticCustomError(
                "view",
                "south {south} is not south of north {north}; swap them",
                {"south": self.south, "north": self.north},
            )
        if self.west is not None and self.west == self.east:
            raise PydanticCustomError(
                "view", "west and east are both {west}; nothing lies between", {"west": self.west}
            )
        return self

    @model_serializer
    def _written(self) -> Any:  # noqa: ANN401  a TOML value
        if self.kind == "place" and self.place is not None:
            return {"place": self.place.model_dump(exclude_defaults=True), "km": self.km}
        return {edge: getattr(self, edge) for edge in _EDGES} if self.kind == "box" else self.kind


class Step(Value):
    """One step: a moment of the flight, what the map shows of it, and what is told.

    ``event`` names the event that is told of: it is marked on the map, and gives the time where ``time`` gives none. A
    step rests on the sources of its event, and on ``sources`` besides. Those without ``id`` are called step-1, step-2,
    and so on.
    """

    id: Identifier | None = None
    event: Annotated[str | None, Field(description="id of an event of the case")] = None
    time: Annotated[When | None, Field(description="an instant of the flight; that of the event without it")] = None
    view: View = View(kind="route")
    title: Text
    text: Text
    sources: Cited = ()

    @field_validator("time")
    @classmethod
    def _instant(cls, time: When | None) -> When | None:
        if time is not None and (time.interval or time.about or time.dated_only):
            raise PydanticCustomError("time", "a step stands at an instant: write a time such as 2024-12-25T05:13:31Z")
        return time

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if self.time is None and self.event is None:
            raise PydanticCustomError(
                "step", 'a step needs its moment: event = "…" with the id of an event, or time = 2024-12-25T05:13:31Z'
            )
        if self.view.kind == "event" and self.event is None:
            raise PydanticCustomError("step", 'view = "event" needs the event beside it: event = "…" with its id')
        return self
