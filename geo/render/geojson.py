"""The scene as GeoJSON (RFC 7946), with the evidence state and the path basis of every line.

Longitudes are cut at the antimeridian as section 3.1.9 asks, rings run as section 3.1.6 asks, and what has a time and
no place is a feature without geometry: nothing of the scene is lost on the way.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

from geo.render.markup import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Point = tuple[float, float]

DIGITS = 6  # a tenth of a metre
_WORLD = 360.0
_NONE: Mapping[str, list[Any]] = {"aircraft": []}


def column(packed: Mapping[str, Any]) -> list[float]:
    """Values of a delta-coded column of a scene."""
    quantum = packed["quantum"]
    return [total * quantum for total in accumulate(packed["deltas"])]


def geojson(scene: Mapping[str, Any]) -> str:
    """Everything in the scene that has a place or a time, as one feature collection.

    Args:
        scene: what ``compose`` made.

    Returns:
        JSON text, the same for equal scenes; positions are lon, lat in WGS 84 degrees, rounded to 1e-6.
    """
    import orjson

    features = [
        *_lines(scene),
        *_others(scene),
        *_areas(scene),
        *_reaches(scene),
        *_places(scene),
        *_events(scene),
        *_states(scene),
    ]
    longitudes, latitudes = _extent(scene)
    collection = {
        "type": "FeatureCollection",
        "bbox": bounding_box(longitudes, latitudes),
        "features": features,
        "facts": _facts(scene),
    }
    return orjson.dumps(collection, option=orjson.OPT_INDENT_2).decode() + "\n"


def _iso(seconds: float) -> str:
    """``2024-12-25T05:13:31Z``; decimals only where there are any."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return text.removesuffix(".000") + "Z"


def _feature(ident: str, geometry: dict[str, Any] | None, **properties: object) -> dict[str, Any]:
    kept = {name.rstrip("_"): value for name, value in properties.items() if value not in (None, "", [])}
    return {"type": "Feature", "id": ident, "geometry": geometry, "properties": kept}


def _points(path: Mapping[str, Any]) -> list[Point]:
    return list(zip(column(path["lon"]), column(path["lat"]), strict=True))


def _lines(scene: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for line in scene["map"]["lines"]:
        path = line["path"]
        times = column(path["time"]) if "time" in path else []
        doubts = column(path["doubt_m"]) if "doubt_m" in path else []
        extras: list[list[Any]] = [[_iso(time) for time in times], [round(doubt, 1) for doubt in doubts]]
        pieces, kept = cut_line(_points(path), [extra for extra in extras if extra])
        if len(pieces) == 1:
            geometry = {"type": "LineString", "coordinates": pieces[0]}
            kept = [column_[0] for column_ in kept]
        else:
            geometry = {"type": "MultiLineString", "coordinates": pieces}
        yield _feature(
            line["id"],
            geometry,
            kind="line",
            style=line["style"],
            evidence=line["evidence"],
            basis=line["basis"],
            title=plain(line.get("label")),
            from_=_iso(line["from"] if "from" in line else times[0]) if "from" in line or times else None,
            to=_iso(line["to"] if "to" in line else times[-1]) if "to" in line or times else None,
            within_m=line.get("within_m"),
            coordTimes=kept.pop(0) if times else None,
            doubt_m=kept.pop(0) if doubts else None,
        )
        if line.get("crosses"):
            crosses = {"type": "MultiPoint", "coordinates": [_wrapped(at) for at in line["crosses"]]}
            yield _feature(f"{line['id']}-crosses", crosses, kind="crosses", style=line["style"], line=line["id"])


def _others(scene: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Other aircraft: the received lines of each as one feature."""
    for number, one in enumerate(scene["map"].get("others", _NONE)["aircraft"], 1):
        cuts = [cut_line(_points(path), [list(map(_iso, column(path["time"])))]) for path in one["paths"]]
        times = [piece for _, (kept,) in cuts for piece in kept]
        yield _feature(
            f"other-{number}",
            {"type": "MultiLineString", "coordinates": [piece for pieces, _ in cuts for piece in pieces]},
            kind="other aircraft",
            style=one["style"],
            evidence="received",
            basis="measured",
            title=plain(one["name"]),
            from_=times[0][0],
            to=times[-1][-1],
            within_m=one["within_m"],
            coordTimes=times,
        )


def _areas(scene: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for number, band in enumerate(scene["map"]["bands"], 1):
        yield _feature(f"band-{number}", _area(_points(band["ring"])), kind="band", style=band["style"])
    for ring in scene["map"]["rings"]:
        yield _feature(ring["id"], _area(_points(ring["ring"])), kind="ring", style="ring", event=ring["event"])


def _reaches(scene: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    """Where the aircraft can have been: over a whole gap, and at single moments of it."""
    for number, reach in enumerate(scene["map"]["reaches"], 1):
        ident = f"reach-{number}"
        polygons = [polygon for ring in reach["rings"] for polygon in cut_ring(_points(ring))]
        whole = {"type": "MultiPolygon", "coordinates": polygons}
        yield _feature(ident, whole, kind="reach", from_=_iso(reach["from"]), to=_iso(reach["to"]))
        for index, moment in enumerate(reach["frames"], 1):
            area, time = _area(_points(moment["ring"])), _iso(moment["at"])
            yield _feature(f"{ident}-moment-{index}", area, kind="reach at a moment", reach=ident, time=time)


def _facts(scene: Mapping[str, Any]) -> list[dict[str, str]]:
    """What can be known, in words: a member of its own, as section 6.1 allows."""
    names = ("what", "when", "finding", "rests_on")
    return [dict(zip(names, row, strict=True)) for row in scene["facts_table"]["rows"]]


def _places(scene: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for number, place in enumerate(scene["map"]["places"], 1):
        note = plain(place.get("note"))
        yield _feature(
            f"place-{number}",
            _spot(place["at"]),
            kind="place",
            title=plain(place.get("title") or place["name"]),
            note=note,
            place=place["kind"],
        )


def _events(scene: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    marked = {marker["event"]: marker for marker in scene["map"]["markers"]}
    for event in scene["events"]:
        marker = marked.get(event["id"])
        yield _feature(
            f"event-{event['id']}",
            _spot(marker["at"]) if marker else None,
            kind="event",
            number=event["number"],
            title=plain(event["title"]),
            time=event["long_time"],
            from_=_iso(event["start"]),
            to=_iso(event["end"]),
            grade=event["grade"],
            note=plain(event.get("note")),
            text=" ".join(filter(None, [plain(event["card"].get("text")), plain(event["card"].get("unknown"))])),
            ring=marker["ring"] if marker else None,
            claims=[_claim(claim) for group in event["card"]["groups"] for claim in group["claims"]],
            sources=[_source(source) for source in event["card"]["sources"]],
        )


def _claim(claim: Mapping[str, Any]) -> dict[str, Any]:
    told = {"by": plain(claim["by"]), "says": plain(claim["says"]), "detail": plain(claim.get("detail"))}
    return {
        name: value for name, value in {**told, "cites": claim.get("cites"), "leak": claim.get("leak")}.items() if value
    }


def _source(source: Mapping[str, Any]) -> dict[str, Any]:
    text = source["before"] + source["link"] + source["after"]
    return {
        name: value for name, value in {"id": source["id"], "text": text, "url": source.get("url")}.items() if value
    }


def _states(scene: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for number, state in enumerate(scene["states"], 1):
        yield _feature(
            f"state-{number}",
            None,
            kind="state",
            style=state["style"],
            evidence=state["evidence"],
            basis=state["basis"],
            title=state["text"],
            from_=_iso(state["from"]),
            to=_iso(state["to"]),
        )


def _extent(scene: Mapping[str, Any]) -> tuple[list[float], list[float]]:
    """Longitudes, unwrapped, and latitudes of everything drawn."""
    drawn = scene["map"]
    paths = [line["path"] for line in drawn["lines"]] + [area["ring"] for area in (*drawn["bands"], *drawn["rings"])]
    paths += [ring for reach in drawn["reaches"] for ring in reach["rings"]]
    paths += [path for one in drawn.get("others", _NONE)["aircraft"] for path in one["paths"]]
    spots = [mark["at"] for mark in (*drawn["places"], *drawn["markers"])]
    lon = [value for path in paths for value in column(path["lon"])] + [at[0] for at in spots]
    lat = [value for path in paths for value in column(path["lat"])] + [at[1] for at in spots]
    return lon, lat


def bounding_box(longitudes: Sequence[float], latitudes: Sequence[float]) -> list[float]:
    """West, south, east, north as section 5 has it: west is greater than east where the antimeridian lies between."""
    if not longitudes:
        return [-180.0, -90.0, 180.0, 90.0]
    west, east = min(longitudes), max(longitudes)
    if east - west >= _WORLD:
        west, east = -180.0, 180.0
    elif not (west >= -180.0 and east <= 180.0):  # noqa: PLR2004  half the way around
        west, east = _wrap(west), _wrap(east)
    return [round(value, DIGITS) for value in (west, min(latitudes), east, max(latitudes))]


def _wrap(lon: float) -> float:
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % _WORLD - 180.0  # noqa: PLR2004  half the way around


def _wrapped(at: Sequence[float]) -> list[float]:
    return [round(_wrap(at[0]), DIGITS), round(at[1], DIGITS)]


def _spot(at: Sequence[float]) -> dict[str, Any]:
    return {"type": "Point", "coordinates": _wrapped(at)}


def _turn(lon: float, towards: float) -> int:
    """How often around the Earth a longitude lies; on the antimeridian, that of the side where the line comes from."""
    turn = math.floor((lon + 180.0) / _WORLD)
    on_the_line = (lon + 180.0) % _WORLD == 0
    return turn - 1 if on_the_line and towards < lon else turn


def cut_line(
    points: Sequence[Point], extras: Sequence[Sequence[Any]] = ()
) -> tuple[list[list[list[float]]], list[list[list[Any]]]]:
    """Cut a line at the antimeridian.

    Args:
        points: lon, lat in degrees, longitude unwrapped; at least two.
        extras: further columns of the same length; a cut repeats the value before it.

    Returns:
        The pieces, each with longitudes within ±180 and with the cut on both sides of it, and each extra in the
        same pieces.
    """
    turn = _turn(points[0][0], next((lon for lon, _ in points if lon != points[0][0]), points[0][0]))
    pieces: list[list[list[float]]] = [[]]
    kept: list[list[list[Any]]] = [[[]] for _ in extras]

    def put(lon: float, lat: float, index: int) -> None:
        pieces[-1].append([round(lon - turn * _WORLD, DIGITS), round(lat, DIGITS)])
        for values, extra in zip(kept, extras, strict=True):
            values[-1].append(extra[index])

    for index, (lon, lat) in enumerate(points):
        while not turn * _WORLD - 180.0 <= lon <= turn * _WORLD + 180.0:
            edge = turn * _WORLD + math.copysign(180.0, lon - turn * _WORLD)
            before_lon, before_lat = points[index - 1]
            at = before_lat + (lat - before_lat) * (edge - before_lon) / (lon - before_lon)
            put(edge, at, index - 1)
            turn += 1 if lon > edge else -1
            pieces.append([])
            for values in kept:
                values.append([])
            put(edge, at, index - 1)
        put(lon, lat, index)
    return pieces, kept


def _area(points: Sequence[Point]) -> dict[str, Any]:
    polygons = cut_ring(points)
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}


def cut_ring(points: Sequence[Point]) -> list[list[list[list[float]]]]:
    """Polygons within ±180 that together cover what an unwrapped ring encloses.

    A ring around a pole does not close by itself: its longitude ends a whole turn from where it began. It is closed
    along the pole that is nearer.

    Args:
        points: lon, lat in degrees, longitude unwrapped; the last may repeat the first.

    Returns:
        Polygons of closed rings, the outer counter-clockwise, holes clockwise.
    """
    ring = list(points)
    turned = ring[-1][0] - ring[0][0]
    if abs(turned) > _WORLD / 2:
        pole = math.copysign(90.0, sum(lat for _, lat in ring))
        # The first point again, a turn further, in case the ring leaves it out.
        end = ring[0][0] + math.copysign(_WORLD, turned)
        ring += [(end, ring[0][1]), (end, pole), (ring[0][0], pole)]
    if all(-180.0 <= lon <= 180.0 for lon, _ in ring):  # noqa: PLR2004  half the way around
        return [[_turned(ring, counter_clockwise=True)]]
    return _clipped(ring)


def _clipped(ring: Sequence[Point]) -> list[list[list[list[float]]]]:
    from shapely import Polygon, affinity, box, get_parts, make_valid

    whole = make_valid(Polygon(ring))
    west, _, east, _ = whole.bounds
    polygons = []
    for turn in range(_turn(west, east), _turn(east, west) + 1):
        strip = whole.intersection(box(turn * _WORLD - 180.0, -90.0, turn * _WORLD + 180.0, 90.0))
        moved = affinity.translate(strip, xoff=-turn * _WORLD)
        for part in get_parts(get_parts(moved)):
            if part.geom_type == "Polygon" and part.area > 0:
                holes = [_turned(hole.coords, counter_clockwise=False) for hole in part.interiors]
                polygons.append([_turned(part.exterior.coords, counter_clockwise=True), *holes])
    return polygons


def _turned(ring: Sequence[Point], *, counter_clockwise: bool) -> list[list[float]]:
    closed = [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in ring]
    if closed[0] != closed[-1]:
        closed.append(closed[0])
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(closed))
    return closed if (twice_area >= 0) == counter_clockwise else closed[::-1]
