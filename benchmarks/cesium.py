"""The exported CZML of every case in Cesium.

`flightcase render data/cases/CASE -o CASE.czml`, loaded by the ``CzmlDataSource`` of the npm package ``cesium`` (its
version stands in ``npm.txt``; ``python -m benchmarks.cdn`` fetches it) in a headless Chromium that draws WebGL in
software. Nothing is asked of any host elsewhere: no token, no imagery but what the package carries. Compared are the
numbers of packets and entities; the position of the aircraft at every sample and halfway between two, with the scene;
and, at 21 moments of every time without an aircraft, that no entity which is available then has a position in time.
``CESIUM_SHOTS`` names a folder for a picture of each case, in the middle of its longest gap.
"""

from __future__ import annotations

import json
import mimetypes
import os
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from browser import chromium, harness
from playwright.sync_api import sync_playwright

from benchmarks import cdn
from geo import casefile
from geo.render import render
from geo.render.antimeridian import column
from geo.route import trace
from geo.scene import compose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
CASES: Final = ("j2-8243", "jl516", "fr4978", "kal007", "af1-2001")
#: WebGL without a graphics card; the harness's flags turn the card off.
DRAWING: Final = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
#: What Chromium says of drawing in software, and of a slow read of a picture from it.
SLOW: Final = (r"swiftshader|GPU stall|GL Driver Message|Automatic fallback to software WebGL",)
MOMENTS: Final = 21
#: Half of the last digit that is written, in degrees.
NEAR: Final = 1.5e-6

PAGE: Final = b"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Cesium</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/cesium/Widgets/widgets.css">
<style>html,body,#map{margin:0;width:100%;height:100%}</style><div id="map"></div>
<script>var CESIUM_BASE_URL = "/cesium/";</script><script src="/cesium/Cesium.js"></script></html>"""
LOAD: Final = """async (name) => {
  Cesium.Ion.defaultAccessToken = undefined;
  const none = Object.fromEntries(["baseLayerPicker", "geocoder", "homeButton", "sceneModePicker", "infoBox",
    "navigationHelpButton", "selectionIndicator", "fullscreenButton"].map((widget) => [widget, false]));
  const viewer = new Cesium.Viewer("map", { ...none, baseLayer: false, skyBox: false, skyAtmosphere: false });
  const carried = await Cesium.TileMapServiceImageryProvider.fromUrl("/cesium/Assets/Textures/NaturalEarthII");
  viewer.imageryLayers.addImageryProvider(carried);
  window.viewer = viewer;
  window.data = await Cesium.CzmlDataSource.load(`/${name}.czml`);
  await viewer.dataSources.add(window.data);
  return window.data.entities.values.length;
}"""
PLACED: Final = """(asked) => asked.map(([id, time]) => {
  const entity = window.data.entities.getById(id);
  const at = Cesium.JulianDate.fromDate(new Date(time * 1000));
  const found = entity && entity.isAvailable(at) && entity.position.getValue(at);
  if (!found) return null;
  const map = Cesium.Cartographic.fromCartesian(found);
  return [Cesium.Math.toDegrees(map.longitude), Cesium.Math.toDegrees(map.latitude)];
})"""
FLYING: Final = """(times) => times.map((time) => {
  const at = Cesium.JulianDate.fromDate(new Date(time * 1000));
  return window.data.entities.values.filter((entity) => entity.position && !entity.position.isConstant
    && entity.properties.kind.getValue(at) === "line" && (entity.isAvailable(at) && entity.position.getValue(at)))
    .map((entity) => entity.id);
})"""
LOOK: Final = """async ([time, [west, south, east, north]]) => {
  viewer.clock.shouldAnimate = false;
  viewer.clock.currentTime = Cesium.JulianDate.fromDate(new Date(time * 1000));
  const edges = [west, south, east, north].map(Cesium.Math.toRadians);
  const box = new Cesium.Rectangle(...edges.map((edge) => Cesium.Math.negativePiToPi(edge)));
  const sphere = Cesium.BoundingSphere.fromRectangle3D(box);
  const above = new Cesium.HeadingPitchRange(0, -Math.PI / 2, sphere.radius * 2.4);
  viewer.camera.flyToBoundingSphere(sphere, { duration: 0, offset: above });
  let calm = 0;
  for (let turn = 0; turn < 1600 && calm < 20; turn += 1) {
    await new Promise((done) => setTimeout(done, 50));
    calm = viewer.scene.globe.tilesLoaded && viewer.dataSourceDisplay.ready ? calm + 1 : 0;
  }
  return calm >= 20;
}"""


@contextmanager
def served(files: Mapping[str, bytes]) -> Iterator[str]:
    """Address of a server that has these files and the built Cesium under ``/cesium/``, while the block runs."""
    spec = next(spec for spec in cdn.pins() if spec.startswith("cesium@"))
    built = cdn.STORE / spec / "Build" / "Cesium"
    if not built.exists():
        cdn.fetch()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            file = built / path.removeprefix("/cesium/")
            body = files.get(path)
            if body is None and path.startswith("/cesium/") and file.is_file() and file.resolve().is_relative_to(built):
                body = file.read_bytes()
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", mimetypes.guess_type(path)[0] or "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
            """Say nothing of each request."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def _expected(scene: Mapping[str, Any], packets: list[dict[str, Any]]) -> list[tuple[str, float, float, float]]:
    """Packet, time, lon and lat of the aircraft at its samples and halfway between, as the scene has them."""
    paths = {line["id"]: line["path"] for line in scene["map"]["lines"] if "time" in line["path"]}
    found = []
    for packet in packets:
        if "-aircraft-" not in packet["id"]:
            continue
        path = paths[packet["properties"]["line"]]
        samples = list(zip(column(path["time"]), column(path["lon"]), column(path["lat"]), strict=True))
        first = packet["position"]["cartographicDegrees"][0]
        found += [(packet["id"], *sample) for sample in samples if sample[0] >= first]
    return found


def _gaps(scene: Mapping[str, Any]) -> list[tuple[float, float]]:
    return [(state["from"], state["to"]) for state in scene["states"] if not state["aircraft"]]


def _moments(scene: Mapping[str, Any]) -> list[float]:
    """Moments within each time without an aircraft, its ends left out."""
    return [start + (end - start) * (step + 0.5) / MOMENTS for start, end in _gaps(scene) for step in range(MOMENTS)]


def _near(found: list[float] | None, lon: float, lat: float) -> bool:
    return found is not None and abs((found[0] - lon + 180) % 360 - 180) < NEAR and abs(found[1] - lat) < NEAR


def _row(browser: Browser, name: str, address: str, scene: Mapping[str, Any], text: bytes) -> dict[str, Any]:
    packets = json.loads(text)
    with harness.watched(browser, allow=SLOW, viewport=(1200, 800)) as page:
        page.goto(f"{address}/")
        count = page.evaluate(LOAD, name)
        expected = _expected(scene, packets)
        placed = page.evaluate(PLACED, [[ident, time] for ident, time, _, _ in expected])
        near = sum(_near(at, lon, lat) for at, (_, _, lon, lat) in zip(placed, expected, strict=True))
        between = [
            (one[0], (one[1] + two[1]) / 2) for one, two in pairwise(expected) if one[0] == two[0] and one[1] < two[1]
        ]
        inside = sum(at is not None for at in page.evaluate(PLACED, between))
        moments = _moments(scene)
        flying = [ids for ids in page.evaluate(FLYING, moments) if ids]
        start, end = max(_gaps(scene), key=lambda gap: gap[1] - gap[0], default=(scene["time"]["opens"],) * 2)
        drawn = page.evaluate(LOOK, [(start + end) / 2, list(scene["map"]["fit"])])
        if folder := os.environ.get("CESIUM_SHOTS"):
            page.screenshot(path=Path(folder) / f"{name}.png")
    agrees = count == len(packets) - 1 and near == len(expected) and inside == len(between) and not flying and drawn
    return {
        "case": name,
        "packets": len(packets),
        "entities": count,
        "samples where the scene has them": f"{near:,} of {len(expected):,}",
        "placed between samples": f"{inside:,} of {len(between):,}",
        "moments without an aircraft": len(moments),
        "of these with one": len(flying),
        "agrees": "yes" if agrees else "no",
    }


def measure() -> list[dict[str, Any]]:
    """A row for each case."""
    scenes, files = {}, {"/": PAGE}
    for name in CASES:
        case = casefile.read(ROOT / "data" / "cases" / name)
        scenes[name] = compose(case, trace(case), "en", "nautical")
        files[f"/{name}.czml"] = render(scenes[name], ".czml")
    flags = [flag for flag in harness.FLAGS if flag != "--disable-gpu"]
    with served(files) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.ensure(), args=[*flags, *DRAWING])
        try:
            return [_row(browser, name, address, scenes[name], files[f"/{name}.czml"]) for name in CASES]
        finally:
            browser.close()
