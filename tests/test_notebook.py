"""What shows itself in a notebook, the tables and trajectories of others, and the notebook of the docs, run whole."""

from __future__ import annotations

import builtins
import html
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from small_scene import small_scene

import geo
from geo import casefile, notebook, tracks
from geo.errors import RenderError, TrackError
from geo.model import Track
from geo.render.page import page
from geo.resources import data
from geo.route import trace
from geo.scene import compose

ROOT = Path(__file__).resolve().parents[1]
# movingpandas asks pandas for what pandas 4 will no longer do.
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword in GeoDataFrame:DeprecationWarning")


@pytest.fixture(scope="module")
def case():
    return casefile.read(data("cases", "jl516"))


def framed(text: str) -> str:
    """The page in a frame."""
    assert text.startswith("<iframe srcdoc=")
    assert 'sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"' in text
    return html.unescape(text.split('"', 2)[1])


def test_case_route_and_scene_show_themselves_as_the_page(case):
    route = trace(case)
    scene = compose(case, route)
    assert framed(case._repr_html_()) == framed(route._repr_html_()) == framed(scene._repr_html_()) == page(scene)


def test_language_units_and_height_are_the_readers(case):
    text = notebook.html(case, "de", "metric", height=500)
    assert framed(text) == page(compose(case, trace(case), "de", "metric"))
    assert "height:500px" in text


def test_what_cannot_be_shown_says_why(case):
    text = notebook.html(case, "tlh")
    assert text.startswith("<p>")
    assert "tlh" in text


def test_a_title_cannot_leave_its_attribute():
    scene = {**small_scene(), "title": '"><script>alert(1)</script>'}
    text = notebook.html(scene)
    assert "<script" not in text
    assert text.count('"') == 8  # four attributes, nothing more


def test_the_values_load_nothing_heavy_to_be_shown():
    code = "import sys, geo.showing; print(sorted(set(sys.modules) & {'numpy', 'pydantic', 'folium', 'pandas'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_a_scene_becomes_a_table_of_all_its_features(case):
    scene = compose(case, trace(case))
    table = notebook.to_geodataframe(scene)
    events = table[table["kind"] == "event"]
    assert table.crs == "EPSG:4326"
    assert list(events["id"]) == [f"event-{event['id']}" for event in scene["events"]]
    assert [len(json.loads(said)) for said in events["sources"].dropna()] == [
        len(event["card"]["sources"]) for event in scene["events"] if event["card"]["sources"]
    ]
    lines = table[table["kind"] == "line"]
    assert set(lines["evidence"].dropna()) == {line["evidence"] for line in scene["map"]["lines"] if line["evidence"]}


def track(times, lats, **columns) -> Track:
    return tracks.judge(Track.of(times, lats, np.full(len(lats), 46.0), callsign="TEST1", **columns)).track


def test_a_track_becomes_a_table_of_its_fixes():
    made = track([0.0, 10.0, 20.0], [43.0, np.nan, 43.02], altitude_ft=[30000.0, 30100.0, np.nan])
    table = notebook.to_geodataframe(made)
    assert list(table["time"]) == [pd.Timestamp(second, unit="s", tz="UTC") for second in (0, 10, 20)]
    assert list(table["reason"]) == ["accepted", "no position", "accepted"]
    assert list(table["row"]) == [1, 2, 3]
    assert table.geometry.isna().tolist() == [False, True, False]
    assert (table.geometry.iloc[0].x, table.geometry.iloc[0].y) == (46.0, 43.0)
    assert table["altitude_ft"].isna().tolist() == [False, False, True]
    assert "nic" not in table


def test_a_gap_stays_a_gap_between_trajectories():
    made = track([0.0, 10.0, 20.0, 1000.0, 1010.0, 5000.0], [43.0, 43.01, 43.02, 43.5, 43.51, 44.0])
    found = notebook.to_trajectory(made, gap_s=60)
    assert [str(each.id) for each in found] == ["TEST1 1", "TEST1 2"]
    assert [len(each.df) for each in found] == [3, 2]
    assert [each.get_start_time() for each in found] == [datetime(1970, 1, 1), datetime(1970, 1, 1, 0, 16, 40)]  # noqa: DTZ001  movingpandas has no zones


def test_a_rejected_fix_is_part_of_no_trajectory():
    made = track([0.0, 10.0, 20.0, 30.0], [43.0, 43.01, 49.0, 43.03])
    assert [fix.reason for fix in made][2] != "accepted"
    (found,) = notebook.to_trajectory(made, gap_s=60)
    assert found.df.geometry.y.max() < 44


def test_lone_fixes_are_joined_by_nothing():
    with pytest.raises(RenderError, match="none can be joined"):
        notebook.to_trajectory(track([0.0, 1000.0], [43.0, 43.5]), gap_s=60)


@pytest.mark.parametrize(
    ("name", "function"), [("geopandas", notebook.to_geodataframe), ("movingpandas", notebook.to_trajectory)]
)
def test_what_is_not_installed_is_named(monkeypatch, name, function):
    found = builtins.__import__

    def without(wanted, *rest, **more):
        if wanted == name:
            raise ImportError(wanted)
        return found(wanted, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RenderError, match=f"pip install {name}"):
        function(track([0.0, 10.0], [43.0, 43.01]))


def frame(**columns) -> pd.DataFrame:
    """A table as traffic has it."""
    return pd.DataFrame(
        {
            "timestamp": pd.date_range("2024-12-25T05:00Z", periods=4, freq="10s"),
            "latitude": [43.00, 43.01, 49.00, 43.03],
            "longitude": [46.00, 46.01, 46.02, 46.03],
            "altitude": [30000.0, 30000.0, 30000.0, np.nan],
            "groundspeed": 450.0,
            "callsign": "AHY8243",
            "icao24": "600841",
            **columns,
        }
    )


class Flight:
    """As traffic has it: the table is its ``data``."""

    def __init__(self, table: pd.DataFrame) -> None:
        self.data = table


@pytest.mark.parametrize("given", [frame, lambda: Flight(frame())])
def test_a_flight_of_traffic_is_judged_fix_by_fix(given):
    made = notebook.from_traffic(given())
    assert (made.icao24, made.callsign) == ("600841", "AHY8243")
    assert made.time_s.tolist() == [datetime(2024, 12, 25, 5, 0, 10 * n, tzinfo=UTC).timestamp() for n in range(4)]
    assert made.accepted.tolist() == [True, True, False, True]
    assert made.ground_speed_kt.tolist() == [450.0] * 4
    assert np.isnan(made.altitude_ft[3])


def test_times_without_a_zone_are_not_guessed():
    with pytest.raises(TrackError, match="zone"):
        notebook.from_traffic(frame(timestamp=pd.date_range("2024-12-25T05:00", periods=4, freq="10s")))


def test_two_aircraft_are_not_one_track():
    with pytest.raises(TrackError):
        notebook.from_traffic(frame(icao24=["600841", "600841", "3c6444", "3c6444"], latitude=[43, 43.01, 48, 48.01]))


def test_something_else_is_refused():
    with pytest.raises(TypeError, match="found list"):
        notebook.from_traffic([1, 2, 3])


def test_the_notebook_of_the_docs_runs():
    read = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in read.cells)
    done = NotebookClient(read, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    outputs = [output for cell in done.cells for output in cell.get("outputs", [])]
    shown = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert [text.startswith("<iframe srcdoc=") for text in shown] == [True, True, False]
    texts = [output["data"].get("text/plain", "") for output in outputs if "data" in output]
    assert "implausible speed" in texts[-1]


def test_geo_names_the_notebook():
    assert geo.notebook is notebook
