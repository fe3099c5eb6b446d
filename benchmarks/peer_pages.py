"""The page that another tool makes of a track. Run by the Python of ``.venv/peers``.

``python benchmarks/peer_pages.py FILE TOOL PAGE`` reads points (``time_s``, ``lat``, ``lon``, lists of one length) and
the ``colour`` of the line from a JSON file, writes the page, and prints the version as JSON. Each is made as the tool's
documentation shows: the whole track as a line from the start, and the time in the tool's own way with its own defaults.
pydeck's pages have none: it animates from Python only.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import math
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

WIDTH_PX = 4
#: What the playback of folium adds in a step; its own default is a day.
PERIOD = "PT10S"


def main(path: str, tool: str, target: str) -> None:
    """Write the page of one tool."""
    warnings.simplefilter("ignore")
    track = json.loads(Path(path).read_text(encoding="utf-8"))
    make = {"folium": by_folium, "keplergl": by_kepler, "plotly": by_plotly, "pydeck": by_pydeck}[tool]
    make(track, target)
    print(json.dumps({"version": importlib.metadata.version(tool)}))


def by_folium(track: Any, target: str) -> None:  # noqa: ANN401  JSON
    """A PolyLine, and TimestampedGeoJson with its defaults but for the period."""
    folium: Any = importlib.import_module("folium")
    plugins: Any = importlib.import_module("folium.plugins")
    style = {"color": track["colour"], "weight": WIDTH_PX, "opacity": 1}
    places = list(zip(track["lat"], track["lon"], strict=True))
    flight = {
        "type": "Feature",
        "geometry": {"type": "LineString", "coordinates": [[lon, lat] for lat, lon in places]},
        "properties": {"times": [1000 * round(time) for time in track["time_s"]], "style": style},
    }
    chart = folium.Map()
    folium.PolyLine(places, **style).add_to(chart)
    plugins.TimestampedGeoJson({"type": "FeatureCollection", "features": [flight]}, period=PERIOD).add_to(chart)
    chart.fit_bounds(_bounds(track))
    chart.save(target)


def by_kepler(track: Any, target: str) -> None:  # noqa: ANN401  JSON
    """A layer of GeoJSON, which is the line, and a trip layer, which plays."""
    keplergl: Any = importlib.import_module("keplergl")
    points = zip(track["lon"], track["lat"], track["time_s"], strict=True)
    flight = {
        "type": "Feature",
        "properties": {"name": "track"},
        "geometry": {"type": "LineString", "coordinates": [[lon, lat, 0, round(time)] for lon, lat, time in points]},
    }
    shared = {"dataId": "track", "color": _rgb(track), "columns": {"geojson": "_geojson"}, "isVisible": True}
    line: dict[str, object] = {"opacity": 1, "thickness": 2, "stroked": True, "filled": False}
    line |= {"strokeColor": _rgb(track), "strokeOpacity": 1}
    layers = [
        {"id": "trip", "type": "trip", "config": {**shared, "label": "trip", "visConfig": {"thickness": 2}}},
        {"id": "line", "type": "geojson", "config": {**shared, "label": "line", "visConfig": line}},
    ]
    # In a slow browser the map was not always centred on the data, so the view is given, as to the others.
    latitude, longitude = _middle(track)
    state = {"latitude": latitude, "longitude": longitude, "zoom": _zoom(track)}
    config = {"version": "v1", "config": {"visState": {"layers": layers}, "mapState": state}}
    chart = keplergl.KeplerGl(data={"track": {"type": "FeatureCollection", "features": [flight]}}, config=config)
    chart.save_to_html(file_name=target, center_map=False)


def by_plotly(track: Any, target: str) -> None:  # noqa: ANN401  JSON
    """A line and a point of ``Scattermap``, the point with a frame a fix, and a button that plays them."""
    go: Any = importlib.import_module("plotly.graph_objects")
    latitude, longitude = _middle(track)
    line = go.Scattermap(
        lat=track["lat"], lon=track["lon"], mode="lines", line={"color": track["colour"], "width": WIDTH_PX}
    )
    frames = [
        go.Frame(
            name=f"{datetime.fromtimestamp(time, UTC):%H:%M:%S}",
            data=[go.Scattermap(lat=[lat], lon=[lon])],
            traces=[1],
        )
        for time, lat, lon in zip(track["time_s"], track["lat"], track["lon"], strict=True)
    ]
    point = go.Scattermap(lat=track["lat"][:1], lon=track["lon"][:1], mode="markers", marker={"size": 12})
    chart = go.Figure(data=[line, point], frames=frames)
    chart.update_layout(
        map={"center": {"lat": latitude, "lon": longitude}, "zoom": _zoom(track)},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        updatemenus=[{"type": "buttons", "buttons": [{"label": "Play", "method": "animate", "args": [None]}]}],
    )
    chart.write_html(target, include_plotlyjs="cdn")


def by_pydeck(track: Any, target: str) -> None:  # noqa: ANN401  JSON
    """A PathLayer and a TripsLayer; the page has no clock, so the trip stands at its end."""
    pydeck: Any = importlib.import_module("pydeck")
    start = track["time_s"][0]
    path = list(map(list, zip(track["lon"], track["lat"], strict=True)))
    flight = [{"path": path, "timestamps": [time - start for time in track["time_s"]]}]
    shared = {"data": flight, "get_path": "path", "get_color": _rgb(track), "width_min_pixels": WIDTH_PX}
    trip = {"get_timestamps": "timestamps", "trail_length": 600, "current_time": track["time_s"][-1] - start}
    latitude, longitude = _middle(track)
    view = pydeck.ViewState(latitude=latitude, longitude=longitude, zoom=_zoom(track))
    layers = [pydeck.Layer("PathLayer", **shared), pydeck.Layer("TripsLayer", **shared, **trip)]
    pydeck.Deck(layers=layers, initial_view_state=view).to_html(target)


def _bounds(track: Any) -> list[list[float]]:  # noqa: ANN401  JSON
    """South-west and north-east corner."""
    return [[min(track["lat"]), min(track["lon"])], [max(track["lat"]), max(track["lon"])]]


def _middle(track: Any) -> tuple[float, float]:  # noqa: ANN401  JSON
    (south, west), (north, east) = _bounds(track)
    return (south + north) / 2, (west + east) / 2


def _zoom(track: Any) -> float:  # noqa: ANN401  JSON
    """The zoom at which the track fills most of a window of 700 px; the tools that ask for one do not work it out."""
    (south, west), (north, east) = _bounds(track)
    across = max((north - south) / math.cos(math.radians((north + south) / 2)), east - west)
    zoom: float = math.log2(360 / across * 600 / 512)
    return zoom


def _rgb(track: Any) -> list[int]:  # noqa: ANN401  JSON
    return list(bytes.fromhex(track["colour"][1:]))


if __name__ == "__main__":
    main(*sys.argv[1:4])
