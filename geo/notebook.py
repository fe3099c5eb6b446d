"""Cases, routes and scenes in notebooks, and the way to and from the other tools of Python.

``Case``, ``Route`` and ``Scene`` show themselves as the page that is published, in a frame that can reach nothing of
the notebook around it. geopandas, movingpandas and traffic are used where they are installed and needed nowhere else.
"""

from __future__ import annotations

import io
import json
import warnings
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from geo import tracks
from geo.errors import FlightcaseError, RenderError
from geo.model import REASONS, Case, Track
from geo.render.geojson import geojson
from geo.render.markup import plain
from geo.render.page import page
from geo.route import Route, trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geopandas import GeoDataFrame
    from movingpandas import TrajectoryCollection

    from geo.scene import Scene, Units

#: Px of the frame: map and list side by side where the notebook is wide.
HEIGHT: Final = 720
_FRAME: Final = (
    '<iframe srcdoc="{page}" title="{title}" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" '
    'style="width:100%;height:{height}px;border:0"></iframe>'
)
_CRS: Final = "EPSG:4326"
#: What traffic documents the units of, by the names that say them.
_TRAFFIC: Final = {
    "altitude": "altitude_ft",
    "geoaltitude": "geometric_altitude_ft",
    "groundspeed": "ground_speed_kt",
    "vertical_rate": "vertical_rate_fpm",
    "TAS": "true_airspeed_kt",
    "IAS": "indicated_airspeed_kt",
}


def html(
    shown: Case | Route | Scene, language: str | None = None, units: Units = "nautical", *, height: int = HEIGHT
) -> str:
    """A frame with the page of a case, a route or a scene.

    Args:
        shown: what to show.
        language: of the page; the case's first when not given. A scene has its own.
        units: of the page. A scene has its own.
        height: of the frame, px.

    Returns:
        HTML; where nothing can be drawn, a sentence that says why.
    """
    try:
        scene = _scene(shown, language, units)
        return _FRAME.format(page=escape(page(scene)), title=escape(plain(scene["title"])), height=height)
    except FlightcaseError as wrong:
        return f"<p>{escape(str(wrong))}</p>"


def _scene(shown: Case | Route | Scene, language: str | None, units: Units) -> Mapping[str, Any]:
    if isinstance(shown, Case):
        shown = trace(shown)
    if isinstance(shown, Route):
        return compose(shown.case, shown, language or shown.case.languages[0], units)
    return shown


# --- to geopandas and movingpandas -----------------------------------------------------------------------------------


def to_geodataframe(shown: Scene | Track) -> GeoDataFrame:
    """A scene or a track as a table of geopandas, in WGS 84.

    Args:
        shown: a scene gives the features of its GeoJSON: every line, area, place and event, with evidence state, path
            basis, grade and sources; lists and mappings stand as JSON text. A track gives its fixes: one point each,
            with UTC time, ``row`` and ``reason``; a fix without a position has no geometry.

    Raises:
        RenderError: where geopandas is not installed.
    """
    try:
        import geopandas as gpd
    except ImportError as missing:
        raise RenderError("to_geodataframe needs geopandas; install it: pip install geopandas") from missing
    if isinstance(shown, Track):
        points = gpd.GeoSeries(gpd.points_from_xy(shown.lon_deg, shown.lat_deg), crs=_CRS)
        points[np.isnan(shown.lon_deg) | np.isnan(shown.lat_deg)] = None
        return gpd.GeoDataFrame(_columns(shown), geometry=points)
    features = json.loads(geojson(shown))["features"]
    for feature in features:
        flat = {name: _flat(value) for name, value in feature["properties"].items()}
        feature["properties"] = {"id": feature["id"], **flat}
    return gpd.GeoDataFrame.from_features(features, crs=_CRS)


def _flat(value: Any) -> Any:  # noqa: ANN401  any JSON
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _columns(track: Track) -> dict[str, Any]:
    """The columns of a track by name, without positions; those that hold nothing are left out."""
    names = [name for name in track.column_names() if name not in ("time_s", "lat_deg", "lon_deg", "altitude_reason")]
    held = {name: getattr(track, name) for name in names if name != "reason"}
    return {
        "time": [datetime.fromtimestamp(second, UTC) for second in track.time_s.tolist()],
        "reason": [REASONS[code] for code in track.reason.tolist()],
        **{name: column for name, column in held.items() if not np.isnan(column).all()},
    }


def to_trajectory(track: Track, gap_s: float = tracks.GAP_S) -> TrajectoryCollection:
    """The received positions of a track as trajectories of movingpandas: one for each time without a gap.

    movingpandas draws a line between any two fixes of a trajectory. One trajectory over a gap would claim a path where
    nothing was received, so none is made.

    Args:
        track: judged or not; rejected fixes are left out.
        gap_s: two fixes farther apart have a gap between them, seconds.

    Raises:
        RenderError: where movingpandas is not installed, or where no two positions follow each other without a gap.
    """
    try:
        with warnings.catch_warnings():
            # It tells of parts of its own that are not installed, and that nothing here uses.
            warnings.simplefilter("ignore", UserWarning)
            import movingpandas as mpd
    except ImportError as missing:
        raise RenderError("to_trajectory needs movingpandas; install it: pip install movingpandas") from missing
    runs = [
        state for state in tracks.states(track, gap_s) if state.evidence == "received" and state.start_s < state.end_s
    ]
    if not runs:
        raise RenderError("no two received positions of this track follow each other without a gap; none can be joined")
    name = track.callsign or track.icao24 or track.source or "track"
    parts = []
    for number, run in enumerate(runs, 1):
        within = track.accepted & (track.time_s >= run.start_s) & (track.time_s <= run.end_s)
        frame = to_geodataframe(track.take(within))
        # movingpandas reckons with times that have no zone; these are UTC.
        frame["time"] = [time.replace(tzinfo=None) for time in frame["time"]]
        parts.append(mpd.Trajectory(frame.drop(columns="reason"), f"{name} {number}", t="time"))
    return mpd.TrajectoryCollection(parts)


# --- from traffic ----------------------------------------------------------------------------------------------------


def from_traffic(flight: Any) -> Track:  # noqa: ANN401  traffic is not needed to be installed
    """The track of a ``Flight`` of traffic, judged fix by fix as a file would be.

    Args:
        flight: a ``traffic.core.Flight``, or a pandas table with its columns: ``timestamp`` with its zone,
            ``latitude``, ``longitude``, ``altitude`` (ft), ``groundspeed`` (kt), ``track``, ``vertical_rate`` (ft/min).

    Raises:
        TypeError: when it is neither.
        TrackError: when it holds no track, or several.
    """
    table = getattr(flight, "data", flight)
    if not hasattr(table, "to_parquet"):
        raise TypeError(f"from_traffic takes a Flight of traffic or its table; found {type(flight).__name__}")
    written = io.BytesIO()
    table.rename(columns=_TRAFFIC).to_parquet(written, index=False)
    written.seek(0)
    return tracks.select(tracks.read(written, name="a flight of traffic"))
