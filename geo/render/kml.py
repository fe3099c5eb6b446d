"""The scene as KML 2.2 with Google's extensions, and as KMZ with the pictures of its markers.

Folders are the evidence states, in the words of the legend; then other aircraft, events, places, areas within reach and
what was received when. Each placemark says in ``ExtendedData`` what GeoJSON says in its properties, and the description
says it in words. A line on which the aircraft may be drawn is a ``gx:Track``, one for each time without a gap; others
have no time at their positions. What was not received is drawn in dashes, made of geometry, because KML has none.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from geo.render import kml_shapes as shapes
from geo.render.features import features, header
from geo.render.kml_styles import DASHES, ID, styles
from geo.render.markup import is_linked, plain
from geo.render.wording import Wording, cited, span
from geo.render.xml import DECLARATION, around, content, element, unparsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Scene = Mapping[str, Any]
    Feature = Mapping[str, Any]

_OPEN: Final = (
    '<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2">\n<Document id="case">\n'
)
_FOLDER: Final = "icons/"
_SCHEMA: Final = "doubt"
#: The evidence states by their styles, in the order of their folders.
_STYLES: Final = ("received", "inferred", "partial", "rejected", "silent", "intended")
#: On these bases a moment has a place on the line (docs/scene.md: an aircraft may be drawn).
_PLACED: Final = frozenset({"measured", "reconstructed", "schematic"})
#: Properties that are written in another way than as one value.
_APART: Final = frozenset({"coordTimes", "sources", "claims"})
_KM_PER_DEGREE: Final = 111.2
_DASH_WIDTH: Final = 500.0


def kml(scene: Scene) -> str:
    """Everything in the scene that has a place or a time, as KML. It asks nobody for anything.

    Args:
        scene: what ``compose`` made.

    Returns:
        XML, the same for equal scenes; positions are lon, lat in WGS 84 degrees to 1e-6, times UTC.
    """
    return _Document(scene, "").text()


def kmz(scene: Scene) -> bytes:
    """The same with pictures of its own for markers: a ZIP of ``doc.kml`` and ``icons/``."""
    from geo.casefile.folder import zipped
    from geo.render.icons import icons

    pictures = {f"{_FOLDER}{name}.png": data for name, data in icons().items()}
    return zipped({"doc.kml": _Document(scene, _FOLDER).text().encode(), **pictures})


class _Document:
    """One document as it is written."""

    def __init__(self, scene: Scene, icons: str) -> None:
        self._scene, self._icons = scene, icons
        self._words = Wording(scene)
        self._features = features(scene)
        self._lines = {line["id"]: line for line in scene["map"]["lines"]}
        west, south, east, north = scene["map"]["fit"]
        self._pixel = max(east - west, north - south) / _DASH_WIDTH

    def text(self) -> str:
        """The whole file."""
        return "".join([DECLARATION, _OPEN, *self._head(), *self._folders(), "</Document>\n</kml>\n"])

    def _head(self) -> Iterator[str]:
        scene, told = self._scene, header(self._scene)
        yield element("name", plain(scene["title"])) + "<open>1</open>\n"
        yield element("Snippet", plain(scene["standfirst"]), maxLines="2") + "\n"
        paragraphs = list(self._words.head())
        yield unparsed("description", self._html(paragraphs, [], told["sources"])) + "\n"
        yield self._look()
        yield from styles(self._icons)
        said = {name: told.get(name) for name in ("format", "case", "flight", "language", "updated")}
        facts = [" · ".join(filter(None, fact.values())) for fact in told["facts"]]
        corrections = [f"{one['date']}: {one['text']}" for one in told["corrections"]]
        said |= {"notes": "\n".join(told["notes"]), "facts": "\n".join(facts), "corrections": "\n".join(corrections)}
        yield _extended({**said, "sources": "\n".join(map(cited, told["sources"]))})
        field = '<gx:SimpleArrayField name="doubt_m" type="float"/>'
        yield f'<Schema name="{_SCHEMA}" id="{_SCHEMA}">{field}</Schema>\n'

    def _look(self) -> str:
        west, south, east, north = self._scene["map"]["fit"]
        middle = ((west + east) / 2 + 180) % 360 - 180
        far = max(east - west, north - south) * _KM_PER_DEGREE * 1000 * 1.3
        return (
            f"<LookAt><longitude>{middle:.4f}</longitude><latitude>{(south + north) / 2:.4f}</latitude>"
            f"<altitude>0</altitude><range>{far:.0f}</range></LookAt>\n"
        )

    def _folders(self) -> Iterator[str]:
        words = self._scene["words"]
        for style in _STYLES:
            of_style = [one for one in self._features if _kind(one) in {"line", "crosses", "band"}]
            chosen = [one for one in of_style if one["properties"].get("style") == style]
            yield _folder(self._words.style({"style": style}), map(self._placemark, chosen))
        others = self._scene["map"].get("others", {})
        yield self._group(others.get("text", ""), {"other aircraft"})
        table = self._scene["table"]["caption"]
        yield self._group(table, {"event", "ring", "claimed place", "claimed distance", "claimed direction"})
        yield self._group(words.get("places", "Places"), {"place", "runway"})
        reach = words.get("reach", "Area within reach")
        yield self._group(reach, {"reach"})
        yield self._group(f"{reach} · {words['time']}", {"reach at a moment"})
        received = (self._scene.get("state_table") or {}).get("caption") or words["timeline"]
        yield self._group(received, {"state"})

    def _group(self, name: str, kinds: set[str]) -> str:
        return _folder(name, (self._placemark(one) for one in self._features if _kind(one) in kinds))

    def _placemark(self, feature: Feature) -> str:
        """One feature, and of a line that was not received its dashes beside it."""
        said, words = feature["properties"], self._words
        kind, line = said["kind"], self._lines.get(feature["id"])
        name = words.name(said)
        if kind in {"reach", "reach at a moment"}:
            name = self._scene["words"].get("reach", "Area within reach")
            name += f", {said['time'][11:19]} UTC" if "time" in said else ""
        moving = _moves(line)
        style = self._style(feature)
        parts = [
            element("name", name),
            "" if self._seen(feature) else "<visibility>0</visibility>",
            element("Snippet", words.short(said), maxLines="1"),
            unparsed("description", self._html(words.paragraphs(said), words.claims(said), said.get("sources", []))),
            "" if moving or kind == "other aircraft" else self._time(feature),
            element("styleUrl", f"#{ID}{style}") if style else "",
            _extended({**_data(feature), "claims": "\n".join(words.claims(said))}),
            self._shape(feature, line, moving=moving),
        ]
        placemark = around("Placemark", [part for part in parts if part], id=feature["id"])
        return placemark + (self._dashes(feature, line, name) if line is not None else "")

    def _event(self, feature: Feature) -> Mapping[str, Any]:
        return self._words.events[feature["id"].removeprefix("event-")]

    def _seen(self, feature: Feature) -> bool:
        """Whether it is switched on: as on the map of the page, which shows the main events and no claims."""
        kind = _kind(feature)
        if kind == "event":
            return bool(self._event(feature)["main"])
        return kind != "reach at a moment" and not kind.startswith("claimed")

    def _style(self, feature: Feature) -> str:
        said = feature["properties"]
        kind, style = said["kind"], said.get("style", "")
        named = {"band": f"band-{style}", "crosses": "cross", "reach at a moment": "moment", "state": ""}
        named |= {"event": f"event-{said.get('grade')}", "claimed place": "place"}
        named |= dict.fromkeys(("claimed distance", "claimed direction"), "ring")
        if kind in named:
            return named[kind]
        if kind == "place":  # a marker beside it says what it is called
            place = self._scene["map"]["places"][int(feature["id"].removeprefix("place-")) - 1]
            return "place" if place["name"] else "place-quiet"
        return f"{style}-way" if style in DASHES else style or kind

    def _shape(self, feature: Feature, line: Mapping[str, Any] | None, *, moving: bool) -> str:
        if line is not None:
            return shapes.tracks([line["path"]], f"#{_SCHEMA}") if moving else shapes.way(line["path"])
        if _kind(feature) == "other aircraft":
            number = int(feature["id"].removeprefix("other-")) - 1
            return shapes.tracks(self._scene["map"]["others"]["aircraft"][number]["paths"], f"#{_SCHEMA}")
        return shapes.drawn(feature["geometry"])

    def _dashes(self, feature: Feature, line: Mapping[str, Any], name: str) -> str:
        style = line["style"]
        if style not in DASHES:
            return ""
        on, off = (length * self._pixel for length in DASHES[style])
        said = {name: line.get(name) for name in ("style", "evidence", "basis")}
        shape = shapes.dashed(line["path"], on, off)
        parts = [
            element("name", name),
            self._time(feature),
            element("styleUrl", f"#{ID}{style}"),
            _extended({"kind": "dashes", **said, "line": line["id"]}),
            shape,
        ]
        return around("Placemark", parts, id=f"{feature['id']}-dashes") if shape else ""

    def _time(self, feature: Feature) -> str:
        """When it was, for the time slider of a globe; the aftermath has none there, or it would span years."""
        said = feature["properties"]
        if said["kind"] == "event":
            event = self._event(feature)
            start, end = span(event)
            if event["aftermath"]:
                return ""
            return _span(start, end) if end else around("TimeStamp", [element("when", start)])
        if said["kind"] == "reach at a moment":
            return _span(said["time"], self._next_moment(feature))
        return _span(said["from"], said.get("to")) if "from" in said else ""

    def _next_moment(self, feature: Feature) -> str | None:
        """When the next moment of the same reach is: until then this one stands."""
        of_same = [one["properties"]["time"] for one in self._features if one["properties"].get("reach")
                   == feature["properties"]["reach"]]  # fmt: skip
        return next((time for time in of_same if time > feature["properties"]["time"]), None)

    def _html(self, paragraphs: Iterable[str], claims: Iterable[str], sources: Iterable[Mapping[str, Any]]) -> str:
        """A description: KML takes HTML there. ``$[`` would begin the name of a datum, so it is never left whole."""
        told = "".join(f"<p>{_safe(text)}</p>" for text in paragraphs)
        told += around("ul", (f"<li>{_safe(claim)}</li>" for claim in claims))
        listed = "".join(f"<li>{_source(source)}</li>" for source in sources)
        if listed:
            told += f"<p>{_safe(self._scene['words']['sources'])}</p><ul>{listed}</ul>"
        language, direction = escape(self._scene["language"]), escape(self._scene["direction"])
        return f'<div lang="{language}" dir="{direction}">{told}</div>' if told else ""


def _kind(feature: Feature) -> str:
    return str(feature["properties"]["kind"])


def _moves(line: Mapping[str, Any] | None) -> bool:
    return line is not None and "time" in line["path"] and line["basis"] in _PLACED


def _folder(name: str, placemarks: Iterable[str]) -> str:
    inner = "".join(placemarks)
    return around("Folder", [element("name", name), "\n", inner]) if inner else ""


def _span(start: str, end: str | None) -> str:
    return around("TimeSpan", [element("begin", start), element("end", end)])


def _data(feature: Feature) -> dict[str, Any]:
    """The properties of a feature: lists as lines of text, its sources by their ids as well."""
    said = feature["properties"]
    data = {"id": feature["id"], **{name: value for name, value in said.items() if name not in _APART}}
    if "sources" in said:
        data["source_ids"] = " ".join(source["id"] for source in said["sources"])
        data["sources"] = "\n".join(map(cited, said["sources"]))
    return data


def _extended(said: Mapping[str, Any]) -> str:
    return around("ExtendedData", [_datum(name, value) for name, value in said.items() if value not in (None, "")])


def _datum(name: str, value: object) -> str:
    text = " ".join(map(str, value)) if isinstance(value, list) else str(value)
    return f'<Data name="{name}"><value>{content(text)}</value></Data>'


def _safe(text: str) -> str:
    return escape(text).replace("$[", "$&#91;").replace("\r", "&#13;")


def _source(source: Mapping[str, Any]) -> str:
    told = _safe(f"[{source['id']}] {source['text']}")
    for address in filter(is_linked, (source.get("url"), source.get("archived"))):
        told += f' <a href="{_safe(str(address))}">{_safe(str(address))}</a>'
    return told
