"""What folium and the page write alike: the options of the map, the data block and the call that draws.

In a document a scene is packed: a source that many events cite stands once. Without that, a third of a page would be
repetition, further apart than the compression of the web looks back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.basemap import basemap
from geo.render.inline import json_text

if TYPE_CHECKING:
    from collections.abc import Mapping

# What folium writes into L.map(...) for the map that folium_map makes; the viewer fits the view itself.
MAP_OPTIONS: Final[Mapping[str, bool | int | float]] = {
    "zoom": 1,
    "zoomControl": False,
    "preferCanvas": False,
    "attributionControl": False,
}

LAYER_HTML: Final = '<script type="application/json" id="{name}_data">{data}</script>'
LAYER_SCRIPT: Final = 'var {name} = flightcase.drawLayer("{name}", {map});'
GRIDS: Final = ("state_table", "facts_table")
EVENT_HTML: Final = '<script type="application/json" class="fc-event">{data}</script>'


def _packed(scene: Mapping[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    events = []
    for event in scene["events"]:
        # The name is put together again from its parts; page.js knows how.
        kept = {name: value for name, value in event.items() if name != "name" or value != _name(event)}
        events.append(
            {**kept, "card": {**event["card"], "sources": [source["id"] for source in event["card"]["sources"]]}}
        )
    rest = {name: value for name, value in scene.items() if name not in ("events", "other_sources")}
    rest["other_sources"] = [source["id"] for source in scene["other_sources"]]
    return {"sources": sources_of(scene), "scene": rest, "basemap": basemap(scene["map"]["limits"])}, events


def _name(event: Mapping[str, Any]) -> str:
    time = event["long_time"] if event["aftermath"] else f"{event['time_text']} UTC"
    title = event["title"] if isinstance(event["title"], str) else event["title"]["text"]
    return f"{time}, {title}, {event['grade_text']}"


def sources_of(scene: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Every source, once, in the order in which events cite them; then those that only other parts rest on."""
    cited = {source["id"]: source for event in scene["events"] for source in event["card"]["sources"]}
    return cited | {source["id"]: source for source in scene["other_sources"]}


def layer_data(scene: Mapping[str, Any]) -> str:
    """The scene and the part of the basemap that it needs, packed, as JSON that may stand in HTML."""
    rest, events = _packed(scene)
    return json_text({**rest, "events": events})


def split_data(scene: Mapping[str, Any]) -> tuple[str, list[str]]:
    """``layer_data`` without the events, and each of them: a page puts them beside the same words in its text.

    The sources and the tables of states and facts stand in that text alone; page.js reads them from there.
    """
    rest, events = _packed(scene)
    kept = {name: value for name, value in rest["scene"].items() if name not in GRIDS}
    return json_text({"scene": kept, "basemap": rest["basemap"]}), [json_text(event) for event in events]
