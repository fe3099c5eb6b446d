"""One function per format, from a scene to what is published.

``RENDERINGS`` has them by what the names of their files end in; a rendering's own module is loaded when it is called.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from geo.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Scenes: TypeAlias = Sequence[Mapping[str, Any]]
    Rendering: TypeAlias = Callable[[Mapping[str, Any], Scenes], str | bytes]

__all__ = ["RENDERINGS", "Format", "ending", "render"]


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


def _page(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.page import page

    return page(scene, also=also)


def _geojson(scene: Mapping[str, Any], also: Scenes) -> str:
    from geo.render.geojson import geojson

    del also
    return geojson(scene)


RENDERINGS: Final[Mapping[str, Format]] = MappingProxyType(
    {
        ".html": Format(_page, "text/html"),
        ".geojson": Format(_geojson, "application/geo+json"),
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
