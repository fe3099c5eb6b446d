"""What other tools do with the same CSV file: read it and clean it. Run by the Python of ``.venv/peers``.

``python benchmarks/peers.py FILE TOOL`` prints one JSON object: version, rows, seconds to read, seconds to clean, rows
kept. Each cleans as its documentation shows: pandas by the speed between neighbours, written here in numpy, since it
has no filter of its own; traffic by ``Flight.filter()``; MovingPandas by ``OutlierCleaner`` with a greatest speed.
"""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from typing import Any

FASTEST_M_S = 386.0
EARTH_M = 6_371_008.8


def main(path: str, tool: str) -> None:
    """Read and clean the file with one tool."""
    warnings.simplefilter("ignore")
    pandas: Any = importlib.import_module("pandas")
    used: Any = importlib.import_module(tool)
    start = time.perf_counter()
    frame = pandas.read_csv(path, parse_dates=["time"])
    read = time.perf_counter() - start
    start = time.perf_counter()
    kept = {"pandas": by_speed, "movingpandas": by_movingpandas, "traffic": by_traffic}[tool](frame)
    clean = time.perf_counter() - start
    answer = {"version": used.__version__, "rows": len(frame), "read_s": read, "clean_s": clean, "kept": kept}
    print(json.dumps(answer))


def by_speed(frame: Any) -> int:  # noqa: ANN401  a data frame
    """Rows whose great-circle speed from the row before can be flown."""
    numpy: Any = importlib.import_module("numpy")
    frame = frame.drop_duplicates(["time", "lat", "lon"])
    lat, lon = numpy.radians(frame["lat"]), numpy.radians(frame["lon"])
    half = (
        numpy.sin(lat.diff() / 2) ** 2 + numpy.cos(lat) * numpy.cos(lat.shift()) * numpy.sin(lon.diff() / 2) ** 2
    ).clip(0, 1)
    speed = 2 * EARTH_M * numpy.arcsin(numpy.sqrt(half)) / frame["time"].diff().dt.total_seconds()
    return int((~(speed > FASTEST_M_S)).sum())


def by_movingpandas(frame: Any) -> int:  # noqa: ANN401  a data frame
    """Rows that ``OutlierCleaner`` leaves."""
    geopandas: Any = importlib.import_module("geopandas")
    movingpandas: Any = importlib.import_module("movingpandas")
    points = geopandas.points_from_xy(frame["lon"], frame["lat"])
    flights = movingpandas.TrajectoryCollection(
        geopandas.GeoDataFrame(frame, geometry=points, crs=4326), "icao24", t="time"
    )
    cleaned = movingpandas.OutlierCleaner(flights).clean(v_max=FASTEST_M_S, units=("m", "s"))
    return sum(len(flight.df) for flight in cleaned.trajectories)


def by_traffic(frame: Any) -> int:  # noqa: ANN401  a data frame
    """Rows that still have a position after ``Flight.filter()``."""
    core: Any = importlib.import_module("traffic.core")
    names = {
        "time": "timestamp",
        "lat": "latitude",
        "lon": "longitude",
        "altitude_ft": "altitude",
        "ground_speed_kt": "groundspeed",
        "track_deg": "track",
    }
    flight = core.Flight(frame.rename(columns=names)).filter()
    return int(flight.data["latitude"].notna().sum())


if __name__ == "__main__":
    main(*sys.argv[1:3])
