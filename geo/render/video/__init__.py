"""The playback of a scene as a film for social channels, drawn without a browser; and its captions as a file.

The extra ``video`` has what encodes it: ``pip install 'flightcase[video]'``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from geo.errors import RenderError
from geo.render.markup import plain
from geo.render.video.captions import vtt
from geo.render.video.film import film
from geo.render.video.forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from geo.render.video.film import Film
    from geo.render.video.forms import Form

    Picture = NDArray[np.uint8]

__all__ = ["video", "vtt"]

#: Pictures in a second.
RATE: Final = 25


def video(
    scene: Mapping[str, Any],
    form: str = "landscape",
    kind: str = "mp4",
    part: tuple[float, float] | None = None,
) -> bytes:
    """The film of a scene: an opening card, the flight with its captions, what came after, a closing card.

    Args:
        scene: what ``compose`` made.
        form: ``landscape`` 1920 by 1080 px, ``square`` 1080 by 1080, ``portrait`` 1080 by 1920.
        kind: ``mp4`` (H.264) or ``webm`` (VP9).
        part: the first and last moment of the film to be made, s; all of it where it is left out.

    Returns:
        The file: equal for equal scenes with the same versions of PyAV, resvg and Pillow.

    Raises:
        RenderError: for another form or kind, an empty part, or where the extra ``video`` is not installed.
    """
    from geo.render.video.encoding import KINDS, encode

    if form not in FORMS or kind not in KINDS:
        raise RenderError(
            f"no film is made as {form!r} in {kind!r}; write {', '.join(FORMS)}, and {' or '.join(KINDS)}"
        )
    told = film(scene)
    start, end = part or (0.0, told.duration_s)
    if not 0 <= start < end <= told.duration_s + 1e-6:
        raise RenderError(
            f"the film lasts {told.duration_s:.1f} s; a part of it lies within, not from {start} to {end}"
        )
    shape = FORMS[form]
    said = {"title": plain(scene["title"]), "comment": plain(scene["footer"][-1]), "language": scene["language"]}
    pictures = _pictures(scene, told, shape, (start, end))
    return encode(pictures, kind, (shape.width, shape.height), RATE, said)


def _pictures(scene: Mapping[str, Any], told: Film, shape: Form, part: tuple[float, float]) -> Iterator[Picture]:
    """The pictures of a part; nothing is drawn before the first one is asked for."""
    from geo.render.video.frames import frames, studio

    yield from frames(studio(scene, told, shape), RATE, *part)
