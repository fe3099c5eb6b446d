"""Where events stand on the map, and the close-up of an event whose accounts place it differently."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo.geodesy import destination, ring, wedge
from geo.model import Position
from geo.route.lines import position_of
from geo.scene.columns import path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.model import Event, Where
    from geo.route import Route
    from geo.scene.words import Said, Words

Json = dict[str, Any]
#: West, south, east, north in degrees; west may be below -180 and east above 180.
Bounds = tuple[float, float, float, float]

#: A direction without a distance is drawn this many times as long as the longest distance that another account gives.
_WEDGE_REACH: Final = 1.35
_WEDGE_KM: Final = 20.0
#: About five kilometres from south to north.
_LEAST_FRAME_DEG: Final = 0.05
#: Where the mark of a direction stands on it.
_WEDGE_MARK: Final = 0.62


def spot(event: Event, route: Route) -> Position | None:
    """The position of an event's marker: its place, the centre of its ring, where the aircraft was, or ``None``."""
    where = event.place
    if where is None or where.kind == "direction":
        return None
    if where.kind == "track":
        return route.position_at(event.time.start.timestamp())
    if where.kind == "ring":
        return where.place.position if where.place else None
    return position_of(where)


def ring_text(event: Event, words: Words) -> Said:
    """What an event's ring says: who is meant to have been how near to what."""
    where = event.place
    if where is None or where.place is None or where.km is None:
        return ""
    return words.put(
        words.say("{label}: within {distance} of {place}"),
        label=words.of(event.label) or words.of(event.title),
        distance=words.distance(where.km),
        place=words.of(where.place.name),
    )


def beside(lon: float, reference: float) -> float:
    """``lon`` plus the whole turns that bring it within half a turn of ``reference``."""
    return lon + 360.0 * round((reference - lon) / 360.0)


def around(lats: Any, lons: Any) -> Bounds:  # noqa: ANN401  array-likes
    """The box around points whose longitudes are unwrapped, rounded outwards to a hundred-thousandth of a degree."""
    low, high = (
        np.floor(np.array([np.min(lons), np.min(lats)]) * 1e5),
        np.ceil(np.array([np.max(lons), np.max(lats)]) * 1e5),
    )
    west, south, east, north = (round(float(edge) / 1e5, 5) for edge in (*low, *high))
    return west, south, east, north


def closeup(event: Event, letters: Mapping[int, str], words: Words) -> Json | None:
    """The event's own frame with what each account says of its place; ``None`` when fewer than two say anything."""
    if not event.has_frame:
        return None
    placed = [(index, claim, claim.place) for index, claim in enumerate(event.claims) if claim.place is not None]
    reach_km = max([where.km or 0.0 for _, _, where in placed], default=0.0) or _WEDGE_KM
    marks: list[Json] = []
    rings: list[Json] = []
    wedges: list[Json] = []
    lats: list[float] = []
    lons: list[float] = []
    for index, claim, where in placed:
        drawn = _drawn(where, reach_km)
        if drawn is None:
            continue
        marks.append(
            {
                "letter": letters[index],
                "at": [round(drawn["at"].lon, 5), round(drawn["at"].lat, 5)],
                "from": drawn["from"],
                "label": words.of(claim.says),
                "note": words.of(claim.by),
            }
        )
        if drawn["ring"] is not None:
            outline = {
                "ring": path(drawn["ring"]),
                "style": "claim-minor",
                "letter": letters[index],
                "label": words.of(claim.says),
            }
            (wedges if where.kind == "direction" else rings).append(outline)
            lats += drawn["ring"].lat.tolist()
            lons += drawn["ring"].lon.tolist()
        lats.append(drawn["at"].lat)
        lons.append(drawn["at"].lon)
    own = event.place
    if own is not None and own.kind == "ring" and own.place is not None and own.km is not None:
        edge = ring(own.place.lat, own.place.lon, own.km * 1000)
        text = words.say("within {distance}", distance=words.distance(own.km))
        rings.insert(0, {"ring": path(edge), "style": "ring", "letter": None, "label": text})
        lats += edge.lat.tolist()
        lons += edge.lon.tolist()
    legend = [{"style": "ring", "text": ring_text(event, words)}] if own is not None and own.kind == "ring" else []
    if any(drawn["letter"] for drawn in rings):
        legend.append({"style": "claim", "text": words.say("Distance only, direction not stated")})
    legend += [{"style": "wedge", "text": words.say("Direction only, distance not stated")}] if wedges else []
    return {
        "fit": list(_with_room(around(lats, lons))),
        "marks": marks,
        "rings": rings,
        "wedges": wedges,
        "legend": legend,
    }


def _with_room(box: Bounds) -> Bounds:
    """The box, and around it at least what makes a frame of a few kilometres: two accounts may be very near."""
    west, south, east, north = box
    shrink = max(float(np.cos(np.radians((south + north) / 2))), 0.05)
    room = max(_LEAST_FRAME_DEG - (north - south), 0.0) / 2
    room_lon = max(_LEAST_FRAME_DEG / shrink - (east - west), 0.0) / 2
    return around([south - room, north + room], [west - room_lon, east + room_lon])


def _drawn(where: Where, reach_km: float) -> Json | None:
    """How one account's place is drawn: its mark, where its leader starts, and its ring or wedge."""
    centre = None if where.place is None else where.place.position
    if centre is None:
        return None
    start = [round(centre.lon, 5), round(centre.lat, 5)]
    if where.kind == "ring":
        edge = ring(centre.lat, centre.lon, (where.km or 1.0) * 1000)
        east = len(edge.lat) // 4
        return {"at": Position(lat=float(edge.lat[east]), lon=float(edge.lon[east])), "from": None, "ring": edge}
    if where.kind == "direction":
        bearing, half = where.bearing_deg or 0.0, where.half_angle_deg or 22.5
        length_m = reach_km * _WEDGE_REACH * 1000
        mark = destination(centre.lat, centre.lon, bearing, length_m * _WEDGE_MARK)
        sector = wedge(centre.lat, centre.lon, bearing, half, length_m)
        return {"at": Position(lat=float(mark.lat), lon=float(mark.lon)), "from": None, "ring": sector}
    return {"at": position_of(where), "from": start if where.kind == "offset" else None, "ring": None}
