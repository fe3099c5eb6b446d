"""Where: positions, places with names and codes, and the ways in which an event is located."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, ValidationInfo, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from geo.model.value import Text, Value

#: Finds the one place that a name or code means, or raises ``geo.errors.PlaceError``.
Finder = Callable[[str], "Place"]

PlaceKind = Literal["airport", "city", "region", "country", "fix", "point"]

_POLE: Final = 90.0


class Position(Value):
    """A point on the WGS 84 ellipsoid, degrees: latitude −90 to 90 (north positive), longitude −180 to 180."""

    lat: float
    lon: float

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if not -_POLE <= self.lat <= _POLE:
            hint = (
                f"; lat = {self.lon:g}, lon = {self.lat:g} would be possible: are they swapped?"
                if abs(self.lon) <= _POLE and abs(self.lat) <= 2 * _POLE
                else "; write degrees, north positive"
            )
            raise PydanticCustomError(
                "latitude", "latitude {lat} is not between -90 and 90{hint}", {"lat": self.lat, "hint": hint}
            )
        if not -2 * _POLE <= self.lon <= 2 * _POLE:
            raise PydanticCustomError(
                "longitude",
                "longitude {lon} is not between -180 and 180; write degrees, east positive",
                {"lon": self.lon},
            )
        return self


class Place(Value):
    """A named place: an airport, a city, a country, a fix, or a point that the author named.

    A string is looked up by the function ``find`` of the validation context and kept in ``asked``; a table may name it
    with ``find`` and override what the gazetteer says.
    """

    name: Text = Field(default_factory=Text)
    lat: Annotated[float, Field(description="degrees, north positive")]
    lon: Annotated[float, Field(description="degrees, east positive")]
    kind: PlaceKind = "point"
    icao: str | None = None
    iata: str | None = None
    country: Annotated[str | None, Field(description="ISO 3166-1 alpha-2")] = None
    population: int | None = None
    timezone: str | None = None
    elevation_ft: Annotated[float | None, Field(description="of an aerodrome, feet above mean sea level")] = None
    within_km: Annotated[float | None, Field(gt=0, description="how far off the position may be")] = None
    sources: tuple[str, ...] = ()
    asked: Annotated[
        str | None, Field(exclude=True, description="the name or code that led here; set by the reader")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _find(cls, value: Any, info: ValidationInfo) -> Any:  # noqa: ANN401  whatever a case file holds there
        if isinstance(value, str):
            return dict(_finder(value, info)(value))
        if isinstance(value, dict) and "find" in value:
            rest = {key: entry for key, entry in value.items() if key != "find"}
            found = _finder(value["find"], info)(value["find"])
            names = {**_variants(found.name), **_variants(rest.pop("name", None))}
            known = {key: getattr(found, key) for key in cls.model_fields if key != "name"}
            return {**known, **rest, "name": names, "asked": value["find"]}
        if isinstance(value, dict) and not {"lat", "lon"} <= value.keys():
            raise PydanticCustomError(
                "place",
                'a place is a name or code ("URMG"), { find = "URMG" }, or { lat = 43.39, lon = 45.70 }; found {found}',
                {"found": ", ".join(map(str, value)) or "an empty table"},
            )
        return value

    @model_validator(mode="after")
    def _possible(self) -> Self:
        Position(lat=self.lat, lon=self.lon)
        return self

    @property
    def position(self) -> Position:
        """Where it is."""
        return Position(lat=self.lat, lon=self.lon)

    @model_serializer(mode="wrap")
    def _written(self, as_table: Callable[[Place], dict[str, Any]]) -> Any:  # noqa: ANN401  a TOML value
        return self.asked if self.asked is not None else as_table(self)


def _variants(name: object) -> dict[str, str]:
    written = name.written() if isinstance(name, Text) else name
    if isinstance(written, str):
        return {"und": written}
    return dict(written) if isinstance(written, dict) else {}


def _finder(name: object, info: ValidationInfo) -> Finder:
    if not isinstance(name, str) or not name.strip():
        raise PydanticCustomError(
            "place", "write the name or the code of a place in quotes; found {found}", {"found": repr(name)[:60]}
        )
    finder = (info.context or {}).get("find")
    if finder is None:
        raise PydanticCustomError(
            "place", "{name} has no position, and no gazetteer is at hand to find it", {"name": name}
        )
    return finder  # type: ignore[no-any-return]  # the context is untyped


class Where(Value):
    """Where an event or a claim places something, as far as anyone says.

    kind
        ``point``: at a place or position, perhaps ``within_km``; ``ring``: at a distance ``km`` of ``place``, direction
        not stated; ``offset``: ``km`` from ``place`` towards ``bearing_deg``; ``direction``: from ``place`` towards
        ``bearing_deg`` ± ``half_angle_deg``, distance not stated; ``track``: where the aircraft is at that time.

    Bearings are degrees clockwise from true north. In a case file: ``"URMG"``, ``{ lat, lon }``, ``"track"``,
    ``{ ring, km }``, ``{ from, km, bearing }``, ``{ from, bearing, half_angle }``; each may carry ``within_km``.
    """

    kind: Literal["point", "ring", "offset", "direction", "track"]
    place: Place | None = None
    km: Annotated[float | None, Field(gt=0, le=20_000)] = None
    bearing_deg: Annotated[float | None, Field(ge=0, le=360)] = None
    half_angle_deg: Annotated[float | None, Field(gt=0, le=180)] = None
    within_km: Annotated[float | None, Field(gt=0, le=20_000)] = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, value: Any) -> Any:  # noqa: ANN401  whatever a case file holds there
        if isinstance(value, cls) or (isinstance(value, dict) and "kind" in value and "place" in value):
            return value
        if value == "track":
            return {"kind": "track"}
        if isinstance(value, str):
            return {"kind": "point", "place": value}
        if not isinstance(value, dict):
            raise PydanticCustomError(
                "where", "write a place, a position, a ring or track; found {found}", {"found": repr(value)[:60]}
            )
        keys = {"bearing": "bearing_deg", "half_angle": "half_angle_deg"}
        told = {keys.get(key, key): entry for key, entry in value.items()}
        if "ring" in told:
            return {"kind": "ring", "place": told.pop("ring"), **_needs(told, "km", "ring")}
        if "from" in told:
            kind = "offset" if "km" in told else "direction"
            return {"kind": kind, "place": told.pop("from"), **_needs(told, "bearing_deg", "from")}
        within = {key: told.pop(key) for key in ("within_km",) if key in told}
        return {"kind": "point", "place": told.get("place", told), **within}

    @model_serializer
    def _written(self) -> Any:  # noqa: ANN401  a TOML value
        place = None if self.place is None else self.place.model_dump(exclude_defaults=True)
        within = {} if self.within_km is None else {"within_km": self.within_km}
        match self.kind:
            case "track":
                return "track"
            case "ring":
                return {"ring": place, "km": self.km, **within}
            case "offset":
                return {"from": place, "km": self.km, "bearing": self.bearing_deg, **within}
            case "direction":
                return {"from": place, "bearing": self.bearing_deg, "half_angle": self.half_angle_deg, **within}
            case "point":
                if not within:
                    return place
                return {**place, **within} if isinstance(place, dict) else {"place": place, **within}


def _needs(told: dict[Any, Any], key: str, beside: str) -> dict[Any, Any]:
    if key not in told:
        raise PydanticCustomError(
            "where",
            '{beside} needs {key} beside it, for example { ring = "URMG", km = 18 } '
            'or { from = "URMG", km = 18, bearing = 337 }',
            {"beside": beside, "key": key.removesuffix("_deg")},
        )
    return told
