"""What stands on the map: lines, bands, rings, places, markers, names, and the box that holds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.basemap import country_labels, water_labels
from geo.geodesy import band, distance_m, ring
from geo.measures import MILE_KM
from geo.model import Evidence, PathBasis
from geo.scene import others, reaches, runways, thinning, tiles
from geo.scene.columns import path
from geo.scene.places import Bounds, around, beside, ring_text, spot
from geo.scene.resting import heard, of, resting
from geo.scene.styles import band_style, style_of
from geo.scene.timebar import whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.basemap import CountryLabel, WaterLabel
    from geo.model import Case, Place, Position
    from geo.route import Line, Route, RouteStretch
    from geo.route.agreement import Disagreement
    from geo.scene.events import Numbered
    from geo.scene.words import Words

Json = dict[str, Any]

#: A place this near to a labelled marker leaves the label to it.
_SAME_PLACE_KM: Final = 25.0
#: A flight that ends farther than this from where it was meant to go did not get there.
_ARRIVED_KM: Final = 15.0
#: The basemap reaches this many times the larger side of the data box beyond its middle, each way.
_LIMIT_EAST: Final = 1.6
_LIMIT_NORTH: Final = 1.05
#: Country names are placed within the data box and this share of it around.
_NAMES_ROOM: Final = 0.3
_HIGHEST_LAT: Final = 85.0
_CROSSES: Final = 3
_SCALE_STEPS: Final = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def draw(case: Case, route: Route, events: Sequence[Numbered], words: Words) -> Json:
    """Everything on the map, in one frame of longitudes: those of the intended route, run on."""
    frame = float(np.mean(route.intended.lon))
    within_m = thinning.within_m(route)
    lines = [
        _intended(case, route, words),
        *(_line(case, i, s, words, frame, within_m) for i, s in enumerate(route.stretches) if s.line is not None),
        *(_contradicted(case, i, one, words, frame, within_m) for i, one in enumerate(route.disagreements)),
    ]
    markers = [_marker(row, route, words, frame) for row in events if not row.aftermath]
    rings = [_ring(row, words, frame) for row in events if not row.aftermath]
    kept = [marker for marker in markers if marker is not None]
    fit = _fit(route, kept, frame)
    return {
        "fit": list(fit),
        "limits": list(_limits(fit)),
        "stamp": _stamp(route, words),
        "pill": words.say("No position received"),
        "lines": lines,
        "bands": [
            {
                "style": band_style(stretch),
                "line": f"stretch-{index + 1}",
                "ring": path(band(line.lat, line.lon + _turn(line, frame), line.doubt_m)),
            }
            for index, stretch in enumerate(route.stretches)
            if (line := stretch.line) is not None and line.doubt_m is not None
        ],
        **others.draw(case, route, words, frame),
        "reaches": reaches.draw(route, frame),
        "rings": [drawn for drawn in rings if drawn is not None],
        "places": _places(case, route, kept, words, frame),
        "markers": kept,
        "names": _names(fit, words),
        "runways": runways.draw(case, route, frame, words),
        "scale_bar": _scale_bar(words),
        "credit": "Natural Earth",
        **tiles.draw(case, words),
    }


def _scale_bar(words: Words) -> list[Json]:
    """The lengths that a scale bar may have, round in the unit of the reader."""
    unit_km = MILE_KM if words.units == "imperial" else 1.0
    return [{"m": round(step * unit_km * 1000), "text": words.distance(step * unit_km)} for step in _SCALE_STEPS]


def _turn(line: Line, frame: float) -> float:
    return beside(float(line.lon[0]), frame) - float(line.lon[0])


def _at(position: Position, frame: float) -> list[float]:
    return [round(beside(position.lon, frame), 5), round(position.lat, 5)]


def _intended(case: Case, route: Route, words: Words) -> Json:
    label = words.say("intended")
    return {
        "id": "intended",
        "style": "intended",
        "evidence": None,
        "basis": None,
        "sources": list(of(case, *case.intended.sources)),
        "path": path(route.intended),
        "label": label,
        "short_label": None,
        "crosses": [],
    }


def _line(case: Case, index: int, stretch: RouteStretch, words: Words, frame: float, within_m: float) -> Json:
    line = stretch.line
    assert line is not None  # noqa: S101  the caller chose those with a line
    turn = _turn(line, frame)
    return {
        "id": f"stretch-{index + 1}",
        "from": whole(stretch.start_s),
        "to": whole(stretch.end_s),
        "style": style_of(stretch),
        "evidence": stretch.evidence.value,
        "basis": stretch.basis.value,
        "sources": resting(case, stretch),
        **thinning.drawn(line, turn, within_m if stretch.basis is PathBasis.MEASURED else 0.0),
        "label": words.of(stretch.label),
        "short_label": words.say("inferred, not received") if style_of(stretch) == "inferred" else None,
        "crosses": _crosses(line, turn) if stretch.evidence is Evidence.REJECTED else [],
    }


def _contradicted(case: Case, index: int, one: Disagreement, words: Words, frame: float, within_m: float) -> Json:
    """What the second of two tracks says where it contradicts the first: a received line of its own."""
    return {
        "id": f"disagreement-{index + 1}",
        "from": whole(one.start_s),
        "to": whole(one.end_s),
        "style": "received",
        "evidence": Evidence.RECEIVED.value,
        "basis": PathBasis.MEASURED.value,
        "sources": heard(case, one.second),
        **thinning.drawn(one.line, _turn(one.line, frame), within_m),
        "label": words.say(
            "track {number}: up to {distance} off", number=one.second + 1, distance=words.distance(one.most_m / 1000)
        ),
        "short_label": None,
        "crosses": [],
    }


def _crosses(line: Line, turn: float) -> list[list[float]]:
    share = np.linspace(0, 1, len(line))
    at = (np.arange(_CROSSES) + 0.5) / _CROSSES
    lats, lons = np.interp(at, share, line.lat), np.interp(at, share, line.lon) + turn
    return [[round(float(lon), 5), round(float(lat), 5)] for lat, lon in zip(lats, lons, strict=True)]


def _marker(row: Numbered, route: Route, words: Words, frame: float) -> Json | None:
    position = spot(row.event, route)
    if position is None:
        return None
    is_ring = row.event.place is not None and row.event.place.kind == "ring"
    return {
        "event": row.event.id,
        "at": _at(position, frame),
        "ring": f"ring-{row.event.id}" if is_ring else None,
        "label": words.of(row.event.label),
        "label_note": words.of(row.event.label_note),
        "main": row.event.main,
    }


def _ring(row: Numbered, words: Words, frame: float) -> Json | None:
    where = row.event.place
    if where is None or where.kind != "ring" or where.place is None or where.km is None:
        return None
    centre = _at(where.place.position, frame)
    edge = ring(where.place.lat, centre[0], where.km * 1000)
    return {
        "id": f"ring-{row.event.id}",
        "event": row.event.id,
        "main": row.event.main,
        "at": centre,
        "ring": path(edge),
        "text": ring_text(row.event, words),
        "short": words.distance(where.km),
    }


def _fit(route: Route, markers: Sequence[Json], frame: float) -> Bounds:
    lines = [route.intended, *(stretch.line for stretch in route.stretches if stretch.line is not None)]
    lats = np.concatenate([*(line.lat for line in lines), [marker["at"][1] for marker in markers if marker["main"]]])
    lons = np.concatenate(
        [*(line.lon + _turn(line, frame) for line in lines), [marker["at"][0] for marker in markers if marker["main"]]]
    )
    return around(lats, lons)


def _limits(fit: Bounds) -> Bounds:
    """A box wide enough for a screen of any shape, in degrees; its sides are measured where the box is widest."""
    west, south, east, north = fit
    cosine = float(np.cos(np.radians(min(abs((south + north) / 2), _HIGHEST_LAT))))
    side = max((east - west) * cosine, north - south, 0.05)
    middle_lat, middle_lon = (south + north) / 2, (west + east) / 2
    half_lon, half_lat = min(_LIMIT_EAST * side / cosine, 180.0), _LIMIT_NORTH * side
    return (
        round(middle_lon - half_lon, 4),
        round(max(middle_lat - half_lat, -_HIGHEST_LAT), 4),
        round(middle_lon + half_lon, 4),
        round(min(middle_lat + half_lat, _HIGHEST_LAT), 4),
    )


def _stamp(route: Route, words: Words) -> str | None:
    drawn = [stretch for stretch in route.stretches if stretch.line is not None]
    if any(stretch.basis is PathBasis.SCHEMATIC for stretch in drawn):
        return words.say("Schematic: lines show order, not surveyed positions")
    return None


def _places(case: Case, route: Route, markers: Sequence[Json], words: Words, frame: float) -> list[Json]:
    """The places of the intended route and those that events stand at; a label stands only once."""
    last = len(route.intended_places) - 1
    chosen: dict[tuple[float, float], tuple[Place, str | None, int]] = {}
    for index, place in enumerate(route.intended_places):
        role = words.say("intended destination") if index == last and not _arrived(route, place) else None
        chosen[place.lat, place.lon] = (place, role, 1 if index in (0, last) else 2)
    for event in case.events:
        where = event.place
        if (
            where is not None
            and where.place is not None
            and where.place.asked is not None
            and not event.time.dated_only
            and event.main
        ):
            chosen.setdefault((where.place.lat, where.place.lon), (where.place, None, 3))
    return [_place(place, role, rank, markers, words, frame) for place, role, rank in chosen.values()]


def _place(place: Place, role: str | None, rank: int, markers: Sequence[Json], words: Words, frame: float) -> Json:
    at = _at(place.position, frame)
    labelled = any(
        marker["label"] is not None
        and marker["ring"] is None
        and float(distance_m(place.lat, place.lon, marker["at"][1], marker["at"][0])) < _SAME_PLACE_KM * 1000
        for marker in markers
    )
    return {
        "name": None if labelled else words.of(place.name),
        "title": words.of(place.name),
        "note": role,
        "short_note": None,
        "at": at,
        "kind": "airport" if place.kind == "airport" or place.icao else place.kind,
        "rank": rank,
    }


def _arrived(route: Route, destination: Place) -> bool:
    """Whether the drawn path ends where the flight was meant to go."""
    ends = [stretch.line for stretch in route.stretches if stretch.line is not None]
    if not ends:
        return True
    away_m = float(distance_m(destination.lat, destination.lon, ends[-1].lat[-1], ends[-1].lon[-1]))
    return away_m < _ARRIVED_KM * 1000


def _names(fit: Bounds, words: Words) -> list[Json]:
    west, south, east, north = fit
    side = max((east - west), north - south)
    room = side * _NAMES_ROOM
    view = (west - room * 1.3, max(south - room, -_HIGHEST_LAT), east + room * 1.3, min(north + room, _HIGHEST_LAT))
    named: tuple[tuple[str, Sequence[CountryLabel | WaterLabel]], ...] = (
        ("water", water_labels(view, words.language)),
        ("country", country_labels(view, words.language)),
    )
    return [
        {
            "text": label.name,
            "short": None,
            "at": [round(label.lon, 3), round(label.lat, 3)],
            "kind": kind,
            "rank": rank,
        }
        for kind, labels in named
        for rank, label in enumerate(labels, start=1)
    ]
