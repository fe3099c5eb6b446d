"""The JSON Schema of ``case.toml``, for editors: completion, and a mark under what is wrong."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from geo.model import Case

ADDRESS: Final = "https://example.invalid/flightcase/case-1.json"

_MOMENT: Final = {
    "description": 'a time with its zone, "2024-12-25T05:13Z" for a minute, a date, a month or a year',
    "anyOf": [
        {"type": "string", "pattern": r"^\d{4}(-\d\d(-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|z|[+-]\d\d:\d\d))?)?)?$"}
    ],
}
_SPAN: Final = {
    "anyOf": [{"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(s|sec|min|h)"}, {"type": "number", "minimum": 0}]
}
_KM: Final = {"type": "number", "exclusiveMinimum": 0, "maximum": 20000}
_ANGLE: Final = {"type": "number", "minimum": 0, "maximum": 360}


def _table(required: list[str], **properties: Any) -> dict[str, Any]:  # noqa: ANN401  schemas
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _when() -> dict[str, Any]:
    return {
        "description": "when: a time, an interval, or about a time",
        "anyOf": [
            _MOMENT,
            _table(["from", "to"], **{"from": _MOMENT, "to": _MOMENT, "about": {"type": "boolean"}, "within": _SPAN}),
            _table(["about"], about=_MOMENT, within=_SPAN),
        ],
    }


def _where() -> dict[str, Any]:
    place = {"$ref": "#/$defs/Place"}
    return {
        "description": "where: a place, a position, a ring, a distance or direction from a place, or the track",
        "anyOf": [
            place,
            _table(["place"], place=place, within_km=_KM),
            _table(["ring", "km"], ring=place, km=_KM, within_km=_KM),
            _table(
                ["from", "bearing"],
                **{"from": place, "km": _KM, "bearing": _ANGLE, "half_angle": _ANGLE, "within_km": _KM},
            ),
        ],
    }


def _view() -> dict[str, Any]:
    longitude = {"type": "number", "minimum": -180, "maximum": 180}
    latitude = {"type": "number", "minimum": -90, "maximum": 90}
    return {
        "description": "what the map shows: the whole route, the frame of the event, km around a place, or a box",
        "anyOf": [
            {"enum": ["route", "event"]},
            _table(["place", "km"], place={"$ref": "#/$defs/Place"}, km=_KM),
            _table(["west", "south", "east", "north"], west=longitude, south=latitude, east=longitude, north=latitude),
        ],
    }


def _place(table: dict[str, Any]) -> dict[str, Any]:
    properties = {key: value for key, value in table["properties"].items() if key != "asked"}
    properties["find"] = {"type": "string", "description": "a name or code that the gazetteer knows"}
    return {
        "description": "a name or code, or a table with find, or with lat and lon",
        "anyOf": [{"type": "string", "minLength": 1}, {**table, "properties": properties, "required": []}],
    }


@cache
def schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a case file; TOML times count as strings, as editors see them."""
    made = Case.model_json_schema(by_alias=True, mode="validation")
    defs: dict[str, Any] = made["$defs"]
    defs["When"], defs["Where"], defs["Place"] = _when(), _where(), _place(defs["Place"])
    defs["View"] = _view()
    zone = defs["Clock"]["properties"]["zone"]
    defs["Clock"] = {"anyOf": [zone, defs["Clock"]]}
    for table in ("Track", "Heard"):
        defs.pop(table, None)
    for recorded in ("recorded", "others_recorded"):
        made["properties"].pop(recorded, None)
    for name, table in [*defs.items(), ("Case", made)]:
        for key, value in table.get("properties", {}).items():
            if key in ("source", "sources") and name != "Case":
                table["properties"][key] = {"anyOf": [{"type": "string"}, value], "description": "ids of [sources]"}
            elif value.get("format") in ("date-time", "date"):
                table["properties"][key] = _MOMENT
    made["properties"]["gap"] = _SPAN
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "Flightcase case file",
        **made,
    }
