"""One function per format, from a scene to what is published.

``RENDERINGS`` has them by the suffix of the file; a rendering's own module is loaded when it is called.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from geo.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Scenes: TypeAlias = Sequence[Mapping[str, Any]]
    Rendering: TypeAlias = Callable[[Mapping[str, Any], Scenes], str | bytes]

__all__ = ["RENDERINGS", "render"]


def _page(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.page import page

    return page(scene, also=also)


def _geojson(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.geojson import geojson

    del also
    return geojson(scene)


RENDERINGS: Final[Mapping[str, Rendering]] = MappingProxyType({".html": _page, ".geojson": _geojson})


def render(scene: Mapping[str, Any], suffix: str, also: Scenes = ()) -> bytes:
    """The bytes of a file.

    Args:
        scene: what ``compose`` made.
        suffix: of the file, with its dot; case does not matter.
        also: scenes of the same case in other languages, for a page that offers them; other files have one.

    Raises:
        RenderError: when no rendering makes such a file, or when the scene cannot be drawn.
    """
    rendering = RENDERINGS.get(suffix.lower())
    if rendering is None:
        raise RenderError(f"no rendering makes {suffix or 'a file without suffix'}; there are {', '.join(RENDERINGS)}")
    made = rendering(scene, also)
    return made.encode() if isinstance(made, str) else made
