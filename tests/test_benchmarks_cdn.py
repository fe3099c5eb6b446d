"""What answers the addresses that pages of other tools ask: which file of which package."""

from __future__ import annotations

import base64
import gzip
import json
from http.client import HTTPConnection
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import pytest

from benchmarks import cdn

if TYPE_CHECKING:
    from collections.abc import Mapping


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/npm/leaflet@1.9.3/dist/leaflet.js", "leaflet@1.9.3/dist/leaflet.js"),
        ("/npm:es-module-shims@2.8.1/dist/es-module-shims.js", "es-module-shims@2.8.1/dist/es-module-shims.js"),
        ("/npm/@deck.gl/widgets@~9.3.*/dist/stylesheet.css", "@deck.gl/widgets@9.3.11/dist/stylesheet.css"),
        ("/maplibre-gl@^4/dist/maplibre-gl.css", "maplibre-gl@4.7.1/dist/maplibre-gl.css"),
        ("/kepler.gl@3.3.0-alpha.18/umd/keplergl.min.js", "kepler.gl@3.3.0-alpha.11/umd/keplergl.min.js"),
        ("/jquery-3.7.1.min.js", "jquery@3.7.1/dist/jquery.min.js"),
        ("/bootstrap/3.2.0/css/bootstrap-theme.min.css", "bootstrap@3.2.0/dist/css/bootstrap-theme.min.css"),
        ("/react@19.1.0", None),
        ("/6/56/24.png", None),
        ("/gl/voyager-gl-style/style.json", None),
    ],
)
def test_an_address_names_its_file(path: str, file: str | None) -> None:
    assert cdn.place(path) == file


def test_every_package_that_answers_is_pinned() -> None:
    pins = cdn.pins()
    assert all(len(base64.b64decode(digest.removeprefix("sha512-"), validate=True)) == 64 for digest in pins.values())
    for path in ("/jquery-3.7.1.min.js", "/maplibre-gl@^4/x.css", "/npm/@deck.gl/widgets@~9.3.*/x.css", *cdn.PLACES):
        file = cdn.place(path)
        assert file is not None
        assert any(file.startswith(f"{spec}/") for spec in pins), file


def test_what_nobody_has_is_answered_with_nothing_that_harms() -> None:
    assert json.loads(cdn.nothing("https://tiles.example/style.json")[0])["layers"] == []
    assert cdn.nothing("https://tiles.example/1/2/3.png")[0].startswith(b"GIF89a")
    assert cdn.nothing("https://fonts.example/a.css") == (b"", "text/css")


def test_an_address_elsewhere_and_back() -> None:
    url = "https://one.example/npm/a@1/b.css?external=c"
    local = cdn.here("http://127.0.0.1:9", url)
    assert cdn.elsewhere(local.removeprefix("http://127.0.0.1:9")) == url
    assert cdn.elsewhere("/page.html") is None


def test_pages_and_assets_are_served_compressed() -> None:
    script = cdn.Answer(b"let a;" * 99, "text/javascript", ".js")
    with cdn.serving(cdn.Store({"https://one.example/a.js": script}), {"page.html": b"<p>page"}) as origin:
        page = _got(f"{origin}/page.html")
        asset = _got(cdn.here(origin, "https://one.example/a.js"))
        unknown = _got(cdn.here(origin, "https://one.example/b.js"))
    assert gzip.decompress(page.body) == b"<p>page"
    assert gzip.decompress(asset.body) == script.body
    assert asset.headers["Content-Encoding"] == "gzip"
    assert asset.headers["Access-Control-Allow-Origin"] == "*"
    assert (unknown.status, unknown.body) == (404, b"")


class _Got(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


def _got(url: str) -> _Got:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    connection.request("GET", parts.path)
    answer = connection.getresponse()
    got = _Got(answer.status, answer.headers, answer.read())
    connection.close()
    return got
