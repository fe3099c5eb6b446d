"""Everything in a scene that has a place or a time, as features: what GeoJSON, GeoParquet and CSV write alike.

A feature is one of GeoJSON: an id, a geometry within ±180 or none, and properties. Each says its ``kind``; each line,
area and state its style, evidence state and path basis; each event its grade; and all the sources that they rest on.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from geo.render.antimeridian import area, column, cut_line, cut_ring, points, spot, wrapped
from geo.render.layer import sources_of
from geo.render.markup import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    Scene = Mapping[str, Any]
    Feature = dict[str, Any]

#: What the file of a rendering says of itself: ``geo.tracks.exported`` knows it again.
FORMAT: Final = "flightcase scene 1"
_NONE: Final[Mapping[str, list[Any]]] = {"aircraft": []}


def features(scene: Scene) -> list[Feature]:
    """The features of a scene, in the order: lines, other aircraft, areas, places, events with their claims, states.

    Args:
        scene: what ``compose`` made.

    Returns:
        Features of GeoJSON. Positions are lon, lat in WGS 84 degrees, rounded to 1e-6, cut at the antimeridian; times
        ISO 8601 in UTC; what has no place has the geometry None; properties that say nothing are left out.
    """
    cited = {ident: source(one) for ident, one in sources_of(scene).items()}
    return [
        *_lines(scene, cited),
        *_others(scene, cited),
        *_areas(scene, cited),
        *_reaches(scene),
        *_places(scene),
        *_events(scene),
        *_states(scene, cited),
    ]


def header(scene: Scene) -> dict[str, Any]:
    """What is true of the whole: the case, its texts, what is not depicted, corrections, facts and all sources."""
    names = ("what", "when", "finding", "rests_on")
    told = {
        "format": FORMAT,
        "case": scene["id"],
        "flight": scene.get("flight"),
        "title": plain(scene["title"]),
        "standfirst": plain(scene["standfirst"]),
        "language": scene["language"],
        "updated": scene["updated"],
        "notes": [plain(note) for note in (scene["map"].get("stamp"), *scene["footer"]) if note],
        "corrections": [{"date": one["datetime"], "text": plain(one["text"])} for one in scene["corrections"]],
        "facts": [dict(zip(names, map(plain, row), strict=True)) for row in scene["facts_table"]["rows"]],
        "sources": [source(one) for one in sources_of(scene).values()],
    }
    return {name: value for name, value in told.items() if value is not None}


def iso(seconds: float) -> str:
    """``2024-12-25T05:13:31Z``; decimals only where there are any."""
    text = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")
    return text.removesuffix(".000") + "Z"


def source(one: Mapping[str, Any]) -> dict[str, Any]:
    """A source of the scene: its id, the whole citation, its addresses and language."""
    told = {
        "id": one["id"],
        "text": one["before"] + plain(one["link"]) + plain(one["after"]),
        "url": one.get("url"),
        "archived": (one.get("archived") or {}).get("url"),
        "language": one.get("language"),
    }
    return {name: value for name, value in told.items() if value}


def moments(scene: Scene, event: Mapping[str, Any]) -> tuple[float, float] | None:
    """From when to when an event was, POSIX seconds; none where only its date is known.

    On the bar of a scene what was before the flight stands at its start, what came after at its end: there its own time
    is its ``datetime``, and the end of an interval its ``until``.
    """
    if "T" not in event["datetime"]:
        return None
    start, end, until = event["start"], event["end"], event.get("until") or ""
    lasts, edges = end > start, (scene["time"]["start"], scene["time"]["end"])
    if end in edges and "T" in until:
        lasts, end = True, datetime.fromisoformat(until).timestamp()
    if start in edges:
        start = datetime.fromisoformat(event["datetime"]).timestamp()
    return start, max(start, end) if lasts else start


def _feature(ident: str, geometry: dict[str, Any] | None, **properties: object) -> Feature:
    kept = {name.rstrip("_"): value for name, value in properties.items() if value not in (None, "", [])}
    return {"type": "Feature", "id": ident, "geometry": geometry, "properties": kept}


def _named(drawn: Mapping[str, Any], cited: Mapping[str, Any]) -> list[Any]:
    """The sources that a line, an aircraft or a state rests on."""
    return [cited[ident] for ident in drawn.get("sources", ()) if ident in cited]


def _written(pieces: list[list[float]], write: Callable[[float], Any]) -> list[list[Any]]:
    return [[write(value) for value in piece] for piece in pieces]


def _tenth(metres: float) -> float:
    return round(metres, 1)


def _lines(scene: Scene, cited: Mapping[str, Any]) -> Iterator[Feature]:
    for line in scene["map"]["lines"]:
        path = line["path"]
        times = column(path["time"]) if "time" in path else []
        doubts = column(path["doubt_m"]) if "doubt_m" in path else []
        pieces, cut = cut_line(points(path), [extra for extra in (times, doubts) if extra])
        kept: list[Any] = [_written(cut.pop(0), iso)] if times else []
        kept += [_written(cut.pop(0), _tenth)] if doubts else []
        geometry: dict[str, Any]
        if len(pieces) > 1:
            geometry = {"type": "MultiLineString", "coordinates": pieces}
        else:
            # A position that was received alone is no line; a set of one point keeps its time like any line.
            kind = "LineString" if len(pieces[0]) > 1 else "MultiPoint"
            geometry = {"type": kind, "coordinates": pieces[0]}
            kept = [whole for (whole,) in kept]
        yield _feature(
            line["id"],
            geometry,
            kind="line",
            style=line["style"],
            evidence=line["evidence"],
            basis=line["basis"],
            title=plain(line.get("label")),
            from_=iso(line["from"] if "from" in line else times[0]) if "from" in line or times else None,
            to=iso(line["to"] if "to" in line else times[-1]) if "to" in line or times else None,
            within_m=line.get("within_m"),
            coordTimes=kept.pop(0) if times else None,
            doubt_m=kept.pop(0) if doubts else None,
            sources=_named(line, cited),
        )
        if line.get("crosses"):
            crosses = {"type": "MultiPoint", "coordinates": [wrapped(at) for at in line["crosses"]]}
            said = {name: line[name] for name in ("style", "evidence", "basis")}
            yield _feature(f"{line['id']}-crosses", crosses, kind="crosses", **said, line=line["id"])


def _others(scene: Scene, cited: Mapping[str, Any]) -> Iterator[Feature]:
    """Other aircraft: the received lines of each as one feature."""
    for number, one in enumerate(scene["map"].get("others", _NONE)["aircraft"], 1):
        cuts = [cut_line(points(path), [column(path["time"])]) for path in one["paths"]]
        times = [piece for _, (kept,) in cuts for piece in _written(kept, iso)]
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
            sources=_named(one, cited),
        )


def _areas(scene: Scene, cited: Mapping[str, Any]) -> Iterator[Feature]:
    lines = {line["id"]: line for line in scene["map"]["lines"]}
    for number, band in enumerate(scene["map"]["bands"], 1):
        line = lines.get(band.get("line"), {})
        yield _feature(
            f"band-{number}",
            area(points(band["ring"])),
            kind="band",
            style=band["style"],
            evidence=line.get("evidence"),
            basis=line.get("basis"),
            from_=iso(line["from"]) if "from" in line else None,
            to=iso(line["to"]) if "to" in line else None,
            line=line.get("id"),
            sources=_named(line, cited),
        )
    events = {event["id"]: event for event in scene["events"]}
    for ring in scene["map"]["rings"]:
        event = events[ring["event"]]
        yield _feature(
            ring["id"],
            area(points(ring["ring"])),
            kind="ring",
            style="ring",
            grade=event["grade"],
            title=plain(ring.get("text")),
            event=ring["event"],
            centre=wrapped(ring["at"]),
            sources=[source(one) for one in event["card"]["sources"]],
        )


def _reaches(scene: Scene) -> Iterator[Feature]:
    """Where the aircraft can have been: over a whole gap, and at single moments of it."""
    for number, reach in enumerate(scene["map"]["reaches"], 1):
        ident = f"reach-{number}"
        polygons = [polygon for ring in reach["rings"] for polygon in cut_ring(points(ring))]
        whole = {"type": "MultiPolygon", "coordinates": polygons}
        yield _feature(ident, whole, kind="reach", from_=iso(reach["from"]), to=iso(reach["to"]))
        for index, moment in enumerate(reach["frames"], 1):
            frame, time = area(points(moment["ring"])), iso(moment["at"])
            yield _feature(f"{ident}-moment-{index}", frame, kind="reach at a moment", reach=ident, time=time)


def _places(scene: Scene) -> Iterator[Feature]:
    for number, place in enumerate(scene["map"]["places"], 1):
        yield _feature(
            f"place-{number}",
            spot(place["at"]),
            kind="place",
            title=plain(place.get("title") or place["name"]),
            note=plain(place.get("note")),
            place=place["kind"],
        )
    for number, runway in enumerate(scene["map"].get("runways", ()), 1):
        pieces, _ = cut_line([tuple(runway["from"]), tuple(runway["to"])])
        yield _feature(
            f"runway-{number}",
            {"type": "MultiLineString", "coordinates": pieces},
            kind="runway",
            title=runway["text"],
            place=runway["place"],
        )


def _events(scene: Scene) -> Iterator[Feature]:
    marked = {marker["event"]: marker for marker in scene["map"]["markers"]}
    for event in scene["events"]:
        marker, card = marked.get(event["id"]), event["card"]
        when = moments(scene, event)
        yield _feature(
            f"event-{event['id']}",
            spot(marker["at"]) if marker else None,
            kind="event",
            number=event["number"],
            title=plain(event["title"]),
            time=event["long_time"],
            date=event["datetime"] if when is None else None,
            from_=iso(when[0]) if when else None,
            to=iso(when[1]) if when else None,
            grade=event["grade"],
            note=plain(event.get("note")),
            text=" ".join(filter(None, [plain(card.get("text")), plain(card.get("unknown"))])),
            times=card.get("times"),
            ring=marker["ring"] if marker else None,
            claims=[_claim(claim) for group in card["groups"] for claim in group["claims"]],
            sources=[source(one) for one in card["sources"]],
        )
        yield from _claimed(event)


def _claim(claim: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: plain(claim.get(name)) for name in ("letter", "by", "says", "detail", "time_text", "cites")}
    return {name: value for name, value in {**told, "leak": claim.get("leak")}.items() if value}


def _claimed(event: Mapping[str, Any]) -> Iterator[Feature]:
    """Where parties place an event: points, rings and sectors of its close-up."""
    closeup = event.get("closeup") or {}
    shapes = [
        *(("claimed place", mark, spot(mark["at"])) for mark in closeup.get("marks", ())),
        *(("claimed distance", ring, area(points(ring["ring"]))) for ring in closeup.get("rings", ())),
        *(("claimed direction", wedge, area(points(wedge["ring"]))) for wedge in closeup.get("wedges", ())),
    ]
    for number, (kind, shape, geometry) in enumerate(shapes, 1):
        yield _feature(
            f"event-{event['id']}-claimed-{number}",
            geometry,
            kind=kind,
            title=plain(shape.get("label")),
            note=plain(shape.get("note")),
            grade=event["grade"],
            event=event["id"],
            letter=shape.get("letter"),
        )


def _states(scene: Scene, cited: Mapping[str, Any]) -> Iterator[Feature]:
    for number, state in enumerate(scene["states"], 1):
        yield _feature(
            f"state-{number}",
            None,
            kind="state",
            style=state["style"],
            evidence=state["evidence"],
            basis=state["basis"],
            title=state["text"],
            from_=iso(state["from"]),
            to=iso(state["to"]),
            aircraft=state["aircraft"],
            sources=_named(state, cited),
        )


def extent(scene: Scene) -> tuple[list[float], list[float]]:
    """Longitudes, unwrapped, and latitudes of everything drawn."""
    drawn = scene["map"]
    paths = [line["path"] for line in drawn["lines"]] + [one["ring"] for one in (*drawn["bands"], *drawn["rings"])]
    paths += [ring for reach in drawn["reaches"] for ring in reach["rings"]]
    paths += [frame["ring"] for reach in drawn["reaches"] for frame in reach["frames"]]
    paths += [path for one in drawn.get("others", _NONE)["aircraft"] for path in one["paths"]]
    closeups = [event["closeup"] for event in scene["events"] if event.get("closeup")]
    paths += [shape["ring"] for closeup in closeups for shape in (*closeup["rings"], *closeup["wedges"])]
    marks = [mark["at"] for closeup in closeups for mark in closeup["marks"]]
    ends = [runway[end] for runway in drawn.get("runways", ()) for end in ("from", "to")]
    crosses = [at for line in drawn["lines"] for at in line.get("crosses") or ()]
    spots = [*marks, *ends, *crosses, *(mark["at"] for mark in (*drawn["places"], *drawn["markers"]))]
    return _axis(paths, "lon") + [at[0] for at in spots], _axis(paths, "lat") + [at[1] for at in spots]


def _axis(paths: Iterable[Mapping[str, Any]], name: str) -> list[float]:
    return [value for path in paths for value in column(path[name])]
