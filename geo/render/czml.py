"""The scene as CZML, the scenes of Cesium: where the aircraft is, when it is known, and nothing where it is not.

What the map draws is drawn on the ground. The aircraft is a packet for each time in which one may be drawn: it is
available in that time alone, has its positions as samples, and none is continued beyond the first or the last. In a
gap there is no aircraft; its reach is there instead. A scene knows no heights, so that none is told.

Each packet says in its properties what it is (``kind``), its style, evidence state, path basis, grade and the ids of
its sources; the packet ``case`` has the sources themselves, corrections and facts.
"""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.render.antimeridian import column, points, wrap
from geo.render.czml_look import degrees, label, point, polygon, polyline
from geo.render.features import header, iso, moments, source
from geo.render.layer import sources_of
from geo.render.markup import is_linked, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Scene = Mapping[str, Any]
    Packet = dict[str, Any]

_NONE: Final[Mapping[str, list[Any]]] = {"aircraft": []}
_SAID: Final = ("style", "evidence", "basis", "within_m")


def czml(scene: Scene) -> str:
    """Everything in the scene that has a place or a time, as packets of CZML 1.0.

    Args:
        scene: what ``compose`` made.

    Returns:
        JSON text, a packet a line, the same for equal scenes; positions are lon, lat in WGS 84 degrees.
    """
    import orjson

    packets = [
        *_head(scene),
        *_lines(scene),
        *_aircraft(scene),
        *_others(scene),
        *_areas(scene),
        *_reaches(scene),
        *_places(scene),
        *_events(scene),
        *_states(scene),
    ]
    return "[\n" + ",\n".join(orjson.dumps(packet).decode() for packet in packets) + "\n]\n"


def _between(start: float, end: float) -> str:
    return f"{iso(start)}/{iso(end)}"


def _packet(ident: str, name: str, properties: Mapping[str, Any], **drawn: object) -> Packet:
    """A packet. A list among its properties is wrapped, for Cesium takes a bare one for values over time."""
    kept = {key: value for key, value in properties.items() if value not in (None, "", [])}
    wrapped = {key: {"array": value} if isinstance(value, list) else value for key, value in kept.items()}
    graphics = {key: value for key, value in drawn.items() if value is not None}
    return {"id": ident, "name": name, **graphics, "properties": wrapped}


def _said(drawn: Mapping[str, Any], kind: str) -> dict[str, Any]:
    found = {name: drawn.get(name) for name in _SAID}
    return {"kind": kind, **found, "sources": list(drawn.get("sources", ()))}


def _head(scene: Scene) -> Iterator[Packet]:
    time = scene["time"]
    title = plain(scene["title"])
    clock = {
        "interval": _between(time["start"], time["end"]),
        "currentTime": iso(time["opens"]),
        "multiplier": time["pace"],
        "range": "CLAMPED",
        "step": "SYSTEM_CLOCK_MULTIPLIER",
    }
    yield {"id": "document", "name": title, "version": "1.0", "clock": clock}
    told = header(scene)
    parts = [
        plain(scene["standfirst"]),
        *told["notes"],
        *(f"{one['date']}: {one['text']}" for one in told["corrections"]),
    ]
    description = "".join(f"<p>{escape(part)}</p>" for part in parts) + _cited(sources_of(scene).values())
    yield _packet("case", title, {"kind": "case", **told}, description=description)


def _cited(sources: Iterable[Mapping[str, Any]]) -> str:
    """Sources as a list of HTML; an address of the web is a link."""
    items = []
    for one in map(source, sources):
        text = f"[{escape(one['id'])}] {escape(one['text'])}"
        url = one.get("url", "")
        linked = f' <a href="{escape(url)}" target="_blank" rel="noopener">{escape(url)}</a>' if is_linked(url) else ""
        items.append(f"<li>{text}{linked}</li>")
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _legend(scene: Scene) -> dict[str, str]:
    return {entry["style"]: plain(entry["text"]) for entry in scene["legend"]["lines"]}


def _lines(scene: Scene) -> Iterator[Packet]:
    """The lines of the map, there at all times as they are on it; a position alone is a dot."""
    legend, every = _legend(scene), sources_of(scene)
    for line in scene["map"]["lines"]:
        at, style = points(line["path"]), line["style"]
        said = _said(line, "line")
        span = {name: iso(line[name]) for name in ("from", "to") if name in line}
        words = legend.get(style, style)
        title = plain(line.get("label"))
        cited = _cited(every[ident] for ident in line.get("sources", ()) if ident in every)
        description = f"<p>{escape(words)}</p>" + (f"<p>{escape(title)}</p>" if title else "") + cited
        shape: Packet = {"polyline": polyline(style, at)}
        if len(at) == 1:
            shape = {"position": {"cartographicDegrees": degrees(at)}, "point": point(style)}
        yield _packet(line["id"], title or words, said | span, description=description, **shape)
        for number, (lon, lat) in enumerate(line.get("crosses") or (), 1):
            yield _packet(
                f"{line['id']}-cross-{number}",
                words,
                {**said, "kind": "crosses", "line": line["id"]},
                position={"cartographicDegrees": degrees([(lon, lat)])},
                label=label("×", style=style, beside=False),
            )


def _aircraft(scene: Scene) -> Iterator[Packet]:
    """Where the aircraft is: for each line with times a packet for each time in which an aircraft may be drawn.

    What another track received where it contradicts the first has its samples and no dot.
    """
    legend = _legend(scene)
    for line in scene["map"]["lines"]:
        if "time" not in line["path"]:
            continue
        style = line["style"]
        dot = None if line["id"].startswith("disagreement") else point(style if style == "inferred" else "received", 10)
        for number, samples in enumerate(_shown(scene, line), 1):
            yield _packet(
                f"{line['id']}-aircraft-{number}",
                f"{scene.get('flight') or plain(scene['title'])}: {legend.get(style, style)}",
                {**_said(line, "line"), "line": line["id"]},
                availability=_between(samples[0][0], samples[-1][0]),
                position=_sampled(samples),
                point=dot,
            )


def _shown(scene: Scene, line: Mapping[str, Any]) -> Iterator[list[tuple[float, float, float]]]:
    """The time, lon and lat of a line's points in each span with an aircraft; a point alone where it was received."""
    path = line["path"]
    samples = list(zip(column(path["time"]), column(path["lon"]), column(path["lat"]), strict=True))
    if len(samples) == 1:
        if line["evidence"] == "received":
            yield samples
        return
    for start, end in _spans(scene):
        inside = [sample for sample in samples if start <= sample[0] <= end]
        if len(inside) > 1:
            yield inside


def _spans(scene: Scene) -> list[tuple[float, float]]:
    """The times in which an aircraft may be drawn; neighbours are one."""
    spans: list[tuple[float, float]] = []
    for state in scene["states"]:
        if not state["aircraft"]:
            continue
        if spans and spans[-1][1] == state["from"]:
            spans[-1] = (spans[-1][0], state["to"])
        else:
            spans.append((state["from"], state["to"]))
    return spans


def _sampled(samples: Sequence[tuple[float, float, float]]) -> Packet:
    """Positions in time: seconds from the epoch, lon, lat, height; none before the first and after the last."""
    first = samples[0][0]
    flat = [
        value for time, lon, lat in samples for value in (round(time - first, 3), round(wrap(lon), 6), round(lat, 6), 0)
    ]
    return {
        "epoch": iso(first),
        "interpolationAlgorithm": "LINEAR",
        "interpolationDegree": 1,
        "forwardExtrapolationType": "NONE",
        "backwardExtrapolationType": "NONE",
        "cartographicDegrees": flat,
    }


def _others(scene: Scene) -> Iterator[Packet]:
    for number, one in enumerate(scene["map"].get("others", _NONE)["aircraft"], 1):
        said = {**_said(one, "other aircraft"), "evidence": "received", "basis": "measured"}
        for part, path in enumerate(one["paths"], 1):
            times = column(path["time"])
            samples = list(zip(times, column(path["lon"]), column(path["lat"]), strict=True))
            ident, span = f"other-{number}-{part}", _between(times[0], times[-1])
            yield _packet(ident, plain(one["name"]), said, polyline=polyline(one["style"], points(path)))
            moving = {"position": _sampled(samples), "point": point(one["style"], 6)}
            yield _packet(f"{ident}-aircraft", plain(one["name"]), said, availability=span, **moving)


def _areas(scene: Scene) -> Iterator[Packet]:
    """Bands of doubt while their line lasts, and rings with their edge."""
    legend = _legend(scene)
    lines = {line["id"]: line for line in scene["map"]["lines"]}
    for number, band in enumerate(scene["map"]["bands"], 1):
        line = lines.get(band.get("line"), {})
        shape = polygon(band["style"], {"cartographicDegrees": degrees(points(band["ring"]))})
        said = {**_said(line, "band"), "style": band["style"], "line": line.get("id")}
        span = _between(line["from"], line["to"]) if "from" in line else None
        name = legend.get(band["style"], band["style"])
        yield _packet(f"band-{number}", name, said, availability=span, polygon=shape)
    events = {event["id"]: event for event in scene["events"]}
    for ring in scene["map"]["rings"]:
        event, edge = events[ring["event"]], points(ring["ring"])
        name = ring.get("text") or plain(event["title"])
        yield _packet(
            ring["id"],
            name,
            {**_of(event, "ring"), "style": "ring"},
            polygon=polygon("ring", {"cartographicDegrees": degrees(edge)}),
            polyline=polyline("ring", [*edge, edge[0]]),
        )


def _reaches(scene: Scene) -> Iterator[Packet]:
    """Where the aircraft can have been in a gap; of its moments each holds halfway to those beside it."""
    for number, reach in enumerate(scene["map"]["reaches"], 1):
        start, end, ident = reach["from"], reach["to"], f"reach-{number}"
        span, name = _between(start, end), plain(scene["map"].get("pill")) or "reach"
        for part, ring in enumerate(reach["rings"], 1):
            whole = polygon("reach", {"cartographicDegrees": degrees(points(ring))})
            yield _packet(f"{ident}-{part}", name, {"kind": "reach"}, availability=span, polygon=whole)
        frames = reach["frames"]
        if not frames:
            continue
        halves = [(one["at"] + other["at"]) / 2 for one, other in pairwise(frames)]
        intervals = pairwise([start, *halves, end])
        positions = [
            {"interval": _between(*interval), "cartographicDegrees": degrees(points(frame["ring"]))}
            for interval, frame in zip(intervals, frames, strict=True)
        ]
        moments_ = {"kind": "reach at a moment", "reach": ident, "times": [iso(frame["at"]) for frame in frames]}
        shape = polygon("moment", positions)
        yield _packet(f"{ident}-moments", name, moments_, availability=span, polygon=shape)


def _places(scene: Scene) -> Iterator[Packet]:
    for number, place in enumerate(scene["map"]["places"], 1):
        title = plain(place.get("title") or place["name"])
        said = {"kind": "place", "place": place["kind"], "note": plain(place.get("note"))}
        shown = label(plain(place["name"])) if place["name"] else None
        at = {"cartographicDegrees": degrees([tuple(place["at"])])}
        yield _packet(f"place-{number}", title, said, position=at, point=point("ring"), label=shown)


def _of(event: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """What an event says of itself and of its ring."""
    sources = [one["id"] for one in event["card"]["sources"]]
    return {"kind": kind, "event": event["id"], "grade": event["grade"], "sources": sources}


def _events(scene: Scene) -> Iterator[Packet]:
    """Events: on the map from their time on, those without a place with their text alone."""
    marked = {marker["event"]: marker for marker in scene["map"]["markers"]}
    end = scene["time"]["end"]
    for event in scene["events"]:
        marker, when = marked.get(event["id"]), moments(scene, event)
        said = {**_of(event, "event"), "number": event["number"], "time": event["long_time"], "date": event["datetime"]}
        graphics: Packet = {}
        if marker:
            graphics = {"position": {"cartographicDegrees": degrees([tuple(marker["at"])])}, "point": point("ring", 8)}
            if marker.get("label"):
                graphics["label"] = label(plain(marker["label"]))
        if when:
            said |= {"from": iso(when[0]), "to": iso(when[1])}
            if marker and when[0] <= end:
                graphics["availability"] = _between(when[0], end)
        claims = [claim for group in event["card"]["groups"] for claim in group["claims"]]
        said["claims"] = [
            {name: plain(claim[name]) for name in ("by", "says", "detail", "cites") if claim.get(name)}
            for claim in claims
        ]
        title = f"{event['long_time']}: {plain(event['title'])}"
        yield _packet(f"event-{event['id']}", title, said, description=_description(event, claims), **graphics)


def _description(event: Mapping[str, Any], claims: Sequence[Mapping[str, Any]]) -> str:
    """What a card says, as HTML: every text of the case escaped."""
    card = event["card"]
    graded = " · ".join(filter(None, [event["grade_text"], plain(event.get("note"))]))
    parts = [graded, plain(card.get("text")), plain(card.get("unknown")), card.get("times") or ""]
    told = [
        f"<li>{escape(plain(claim['by']))}: {escape(' '.join(filter(None, [plain(claim[n]) for n in _TOLD])))}</li>"
        for claim in claims
    ]
    listed = f"<ul>{''.join(told)}</ul>" if told else ""
    return "".join(f"<p>{escape(part)}</p>" for part in parts if part) + listed + _cited(card["sources"])


_TOLD: Final = ("says", "detail", "time_text", "cites")


def _states(scene: Scene) -> Iterator[Packet]:
    """What was received when: packets that draw nothing and are available in their time."""
    for number, state in enumerate(scene["states"], 1):
        span = _between(state["from"], state["to"])
        said = {**_said(state, "state"), "aircraft": state["aircraft"]}
        yield _packet(f"state-{number}", state["text"], said, availability=span)
