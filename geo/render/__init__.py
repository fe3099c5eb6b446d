"""One function per format, from a scene to what is published.

``RENDERINGS`` has them by what the names of their files end in; a rendering's own module is loaded when it is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from geo.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Scenes: TypeAlias = Sequence[Mapping[str, Any]]
    Rendering: TypeAlias = Callable[[Mapping[str, Any], Scenes], str | bytes]

__all__ = ["RENDERINGS", "Format", "ending", "render"]

#: The package that each optional dependency brings.
_NEEDS: Final = {"pdf": "typst", "video": "av"}


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file that a scene can become.

    ``make`` gives its content from a scene and the scenes in other languages that it may carry, ``media`` is its media
    type, ``packed`` whether it is compressed already. ``extra`` names the optional dependency that it needs, ``slow``
    says that it takes minutes, so that nobody makes it unasked.
    """

    make: Rendering
    media: str
    packed: bool = False
    extra: str | None = None
    slow: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether what it needs is installed."""
        return self.extra is None or find_spec(_NEEDS[self.extra]) is not None


def _page(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.page import page

    return page(scene, also=also)


def _geojson(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.geojson import geojson

    del also
    return geojson(scene)


def _czml(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.czml import czml

    del also
    return czml(scene)


def _kml(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.kml import kml

    del also
    return kml(scene)


def _kmz(scene: Mapping[str, Any], also: Scenes) -> bytes:
    from geo.render.kml import kmz

    del also
    return kmz(scene)


def _gpx(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.gpx import gpx

    del also
    return gpx(scene)


def _svg(form: str) -> Rendering:
    def make(scene: Mapping[str, Any], also: Scenes) -> str:
        from geo.render.poster import poster

        del also
        return poster(scene, form)

    return make


def _png(form: str, width: int | None = None) -> Rendering:
    def make(scene: Mapping[str, Any], also: Scenes) -> bytes:
        from geo.render.poster import poster
        from geo.render.poster.raster import png

        del also
        return png(poster(scene, form), width)

    return make


def _pdf(scene: Mapping[str, Any], also: Scenes) -> bytes:
    from geo.render.poster import poster
    from geo.render.poster.pdf import pdf

    del also
    return pdf(scene, poster(scene))


def _vtt(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.video.captions import vtt

    del also
    return vtt(scene)


def _film(form: str, kind: str) -> Format:
    def make(scene: Mapping[str, Any], also: Scenes) -> bytes:
        from geo.render.video import video

        del also
        return video(scene, form, kind)

    return Format(make, f"video/{kind}", packed=True, extra="video", slow=True)


def _table(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.table import table

    del also
    return table(scene)


def _parquet(scene: Mapping[str, Any], also: Scenes) -> bytes:
    from geo.render.parquet import parquet

    del also
    return parquet(scene)


RENDERINGS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        ".html": Format(_page, "text/html"),
        ".geojson": Format(_geojson, "application/geo+json"),
        ".czml": Format(_czml, "application/json"),
        ".csv": Format(_table, "text/csv"),
        ".parquet": Format(_parquet, "application/vnd.apache.parquet", packed=True),
        ".kml": Format(_kml, "application/vnd.google-earth.kml+xml"),
        ".kmz": Format(_kmz, "application/vnd.google-earth.kmz", packed=True),
        ".gpx": Format(_gpx, "application/gpx+xml"),
        ".svg": Format(_svg("landscape"), "image/svg+xml"),
        ".portrait.svg": Format(_svg("portrait"), "image/svg+xml"),
        ".png": Format(_png("landscape"), "image/png", packed=True),
        "@2x.png": Format(_png("landscape", 2400), "image/png", packed=True),
        ".portrait.png": Format(_png("portrait"), "image/png", packed=True),
        ".pdf": Format(_pdf, "application/pdf", packed=True, extra="pdf"),
        ".vtt": Format(_vtt, "text/vtt"),
        ".mp4": _film("landscape", "mp4"),
        ".webm": _film("landscape", "webm"),
        ".landscape.mp4": _film("landscape", "mp4"),
        ".landscape.webm": _film("landscape", "webm"),
        ".square.mp4": _film("square", "mp4"),
        ".square.webm": _film("square", "webm"),
        ".portrait.mp4": _film("portrait", "mp4"),
        ".portrait.webm": _film("portrait", "webm"),
    }
)


def ending(name: str) -> str:
    """What the name of a file ends in, as ``RENDERINGS`` has it: the longest that fits, case does not matter.

    Raises:
        RenderError: when no rendering makes such a file.
    """
    fitting = [each for each in RENDERINGS if name.lower().endswith(each)]
    if not fitting:
        raise RenderError(f"no rendering makes {name or 'a file without a name'}; names end in {', '.join(RENDERINGS)}")
    return max(fitting, key=len)


def render(scene: Mapping[str, Any], name: str, also: Scenes = ()) -> bytes:
    """The bytes of a file.

    Args:
        scene: what ``compose`` made.
        name: of the file, or what it ends in.
        also: scenes of the same case in other languages, for a page that offers them; other files have one.

    Raises:
        RenderError: when no rendering makes such a file, or when the scene cannot be drawn.
    """
    made = RENDERINGS[ending(name)].make(scene, also)
    return made.encode() if isinstance(made, str) else made
