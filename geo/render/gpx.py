"""The scene as GPX 1.1: waypoints, routes and tracks, with all that GPX has no words for in extensions of our own.

A line on which the aircraft may be drawn is a track (``trk``), one for each time without a gap; its ``type`` is the
style, and where it was not received its name says so. The intended route and lines that claim no place at a time are
routes (``rte``) without times. Events with a place, and places, are waypoints; events without one stand in the
description of the file. GPX knows no areas: they stand in the extensions, as does everything once more that only words
say, in elements of the namespace ``urn:flightcase:scene:1`` (docs/exports.md).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.render.antimeridian import DIGITS, bounding_box, column, cut_line, points, wrap
from geo.render.features import extent, features, header, iso
from geo.render.markup import is_linked, plain
from geo.render.wording import Wording, cited, span
from geo.render.xml import DECLARATION, around, attributes, content, element
from geo.tracks.exported import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Scene = Mapping[str, Any]
    Feature = Mapping[str, Any]
    Properties = Mapping[str, Any]

_OPEN: Final = (
    f'<gpx version="1.1" creator="flightcase" xmlns="http://www.topografix.com/GPX/1/1" xmlns:fc="{NAMESPACE}">\n'
)
#: On these bases a moment has a place on the line (docs/scene.md: an aircraft may be drawn).
_PLACED: Final = frozenset({"measured", "reconstructed", "schematic"})
#: Kinds that are waypoints where they have a place; crosses are none, for nobody was there.
_WAYPOINTS: Final = frozenset({"event", "place", "claimed place"})
_LINES: Final = frozenset({"line", "other aircraft"})
#: Properties that are elements, or that stand at the points.
_APART: Final = frozenset({"coordTimes", "doubt_m", "sources", "claims", "centre"})
#: GPX takes longitudes from -180 up to but not including 180: the end of a piece at the antimeridian stops short of it.
_LAST: Final = 179.999999
_HALF: Final = 180.0


def gpx(scene: Scene) -> str:
    """Everything in the scene that has a place or a time, as GPX.

    Args:
        scene: what ``compose`` made.

    Returns:
        XML, the same for equal scenes; positions are lat and lon in WGS 84 degrees to 1e-6, times UTC.
    """
    words, listed = Wording(scene), features(scene)
    lines = {line["id"]: line for line in scene["map"]["lines"]}
    waypoints: list[str] = []
    routes: list[str] = []
    tracks: list[str] = []
    rest: list[str] = []
    for feature in listed:
        kind, line = feature["properties"]["kind"], lines.get(feature["id"])
        if kind == "other aircraft":
            number = int(feature["id"].removeprefix("other-")) - 1
            tracks.append(_track(feature, scene["map"]["others"]["aircraft"][number]["paths"], words))
        elif line is not None and "time" in line["path"] and line["basis"] in _PLACED:
            tracks.append(_track(feature, [line["path"]], words))
        elif line is not None:
            routes += _routes(feature, line["path"], words)
        elif kind in _WAYPOINTS and feature["geometry"] is not None:
            waypoints.append(_waypoint(feature, words))
        else:
            rest.append(around("fc:feature", [_drawn(feature, _rings(feature["geometry"]))]))
    return "".join(
        [
            DECLARATION,
            _OPEN,
            around("metadata", _metadata(scene, words, listed)),
            *waypoints,
            *routes,
            *tracks,
            around("extensions", rest),
            "</gpx>\n",
        ]
    )


def _metadata(scene: Scene, words: Wording, listed: Iterable[Feature]) -> Iterator[str]:
    told = header(scene)
    yield element("name", plain(scene["title"])) + "\n"
    said = (feature["properties"] for feature in listed if feature["geometry"] is None)
    unplaced = ["\n".join([f"{words.name(one)} · {words.short(one)}", *words.claims(one)])
                for one in said if one["kind"] == "event"]  # fmt: skip
    yield element("desc", "\n\n".join([*words.head(), *unplaced, *map(cited, told["sources"])])) + "\n"
    yield from _links(told["sources"])
    if scene["updated"]:
        yield element("time", f"{scene['updated']}T00:00:00Z") + "\n"
    west, south, east, north = bounding_box(*extent(scene))
    if west <= east:  # over the antimeridian there is no least longitude
        bounds = {"minlat": south, "minlon": _lon(west, edge=True), "maxlat": north, "maxlon": _lon(east, edge=True)}
        yield f"<bounds{attributes(**{name: str(value) for name, value in bounds.items()})}/>\n"
    yield around("extensions", _whole(told))


def _whole(told: Mapping[str, Any]) -> Iterator[str]:
    names = ("format", "case", "flight", "language", "updated")
    yield f"<fc:case{attributes(**{name: told.get(name) for name in names})}/>\n"
    yield from (element("fc:note", note) + "\n" for note in told["notes"])
    yield from (element("fc:correction", one["text"], date=one["date"]) + "\n" for one in told["corrections"])
    for fact in told["facts"]:
        rest = {name: fact.get(name) for name in ("what", "when", "rests_on")}
        yield element("fc:fact", fact.get("finding"), **rest) + "\n"
    yield from map(_source, told["sources"])


def _waypoint(feature: Feature, words: Wording) -> str:
    said = feature["properties"]
    lon, lat = feature["geometry"]["coordinates"]
    event = words.events.get(feature["id"].removeprefix("event-")) if said["kind"] == "event" else None
    time = span(event)[0] if event else ""
    parts = [element("time", time) if "T" in time else "", *_told(feature, words, "sym", _drawn(feature))]
    return f'<wpt lat="{lat}" lon="{_lon(lon)}">{"".join(parts)}</wpt>\n'


def _told(feature: Feature, words: Wording, sign: str, drawn: str) -> Iterator[str]:
    """What waypoints, routes and tracks alike say, in the order of the schema."""
    said = feature["properties"]
    sources = said.get("sources", [])
    yield element("name", words.name(said))
    yield element("cmt", words.short(said))
    yield element("desc", "\n".join([*words.paragraphs(said), *words.claims(said)]))
    yield element("src", "; ".join(map(cited, sources)))
    yield from _links(sources)
    if sign:
        yield element(sign, str(said.get("grade") or said["kind"]))
    yield element("type", str(said.get("style") or said["kind"]))
    yield around("extensions", [drawn])


def _routes(feature: Feature, path: Mapping[str, Any], words: Wording) -> Iterator[str]:
    """A line without times, cut at the antimeridian into routes of one name."""
    for piece in cut_line(points(path))[0]:
        placed = "".join(f'<rtept lat="{lat}" lon="{_lon(lon, edge=True)}"/>' for lon, lat in piece)
        yield around("rte", [*_told(feature, words, "", _drawn(feature)), "\n", placed, "\n"])


def _track(feature: Feature, paths: Iterable[Mapping[str, Any]], words: Wording) -> str:
    """Where an aircraft was and when: a segment for each time without a gap, cut at the antimeridian, nothing added."""
    segments = [around("trkseg", ["\n", *part]) for path in paths for part in _parts(path)]
    return around("trk", [*_told(feature, words, "", _drawn(feature)), "\n", *segments])


def _parts(path: Mapping[str, Any]) -> Iterator[list[str]]:
    lons, lats = ([round(value, DIGITS) for value in column(path[name])] for name in ("lon", "lat"))
    doubts = [f"{value:.1f}" for value in column(path["doubt_m"])] if "doubt_m" in path else [""] * len(lons)
    lons = [_lon(round(wrap(lon), DIGITS)) for lon in lons]
    made = [
        f'<trkpt lat="{lat}" lon="{lon}"><time>{iso(time)}</time>'
        + around("extensions", [element("fc:doubt_m", doubt)]).removesuffix("\n")
        + "</trkpt>\n"
        for lon, lat, time, doubt in zip(lons, lats, column(path["time"]), doubts, strict=True)
    ]
    cuts = [at for at, (before, lon) in enumerate(pairwise(lons), 1) if abs(lon - before) > _HALF]
    yield from (made[start:end] for start, end in pairwise([0, *cuts, len(made)]))


def _drawn(feature: Feature, inner: str = "") -> str:
    """All that is said of a feature, an element of ours for each datum: programs show these as fields."""
    said = feature["properties"]
    values = {"id": feature["id"], **{name: _text(value) for name, value in said.items() if name not in _APART}}
    values["source_ids"] = " ".join(source["id"] for source in said.get("sources", ()))
    claims = (
        f"<fc:claim{attributes(**{name: _text(value) for name, value in claim.items()})}/>"
        for claim in said.get("claims", ())
    )
    return "".join(
        [
            *(element(f"fc:{name}", value) for name, value in values.items()),
            inner,
            *claims,
            *map(_source, said.get("sources", ())),
        ]
    )


def _rings(geometry: Mapping[str, Any] | None) -> str:
    """Positions of what GPX has no element for: of areas their rings, of others their lines or points."""
    if geometry is None:
        return ""
    found: list[Sequence[Sequence[float]]] = []

    def walk(given: Any) -> None:  # noqa: ANN401  nested as deeply as GeoJSON nests it
        if isinstance(given[0], int | float):
            found.append([given])
        elif isinstance(given[0][0], int | float):
            found.append(given)
        else:
            for inner in given:
                walk(inner)

    walk(geometry["coordinates"])
    name = geometry["type"].removeprefix("Multi").lower()
    return "".join(f'<fc:positions of="{name}">{" ".join(f"{lon},{lat}" for lon, lat in one)}</fc:positions>'
                   for one in found)  # fmt: skip


def _source(source: Mapping[str, Any]) -> str:
    said = attributes(**{name: source.get(name) for name in ("id", "url", "archived", "language")})
    return f"<fc:source{said}>{content(source.get('text', ''))}</fc:source>"


def _links(sources: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for source in sources:
        if is_linked(source.get("url")):
            yield around("link", [element("text", f"[{source['id']}] {source['text']}")], href=source["url"])


def _lon(lon: float, *, edge: bool = False) -> float:
    """A longitude as GPX has it; the antimeridian is -180, or just short of 180 for the ``edge`` of a piece."""
    return lon if lon < _HALF else _LAST if edge else -_HALF


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value).lower() if value is True else str(value)
