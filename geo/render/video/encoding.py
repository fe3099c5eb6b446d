"""Pictures into a film: H.264 in MP4, or VP9 in WebM, by PyAV; equal pictures give equal bytes."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from geo.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

__all__ = ["KINDS", "encode"]

#: BT.709, as all players take it for pictures of this size.
_BT709: Final = 1


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its container, the encoders that may write it, the best first, each with its settings."""

    container: str
    options: Mapping[str, str]
    codecs: tuple[tuple[str, Mapping[str, str]], ...]


_EXACT: Final = {"fflags": "+bitexact"}
KINDS: Final[Mapping[str, Kind]] = {
    "mp4": Kind(
        "mp4",
        # The index first, so that a player begins before the file is there.
        {**_EXACT, "movflags": "+faststart"},
        (
            ("libx264", {"preset": "veryfast", "crf": "19", "tune": "animation", "threads": "1", "profile": "high"}),
            ("libopenh264", {"threads": "1"}),
            ("mpeg4", {"q": "3", "threads": "1"}),
        ),
    ),
    "webm": Kind(
        "webm",
        _EXACT,
        (
            (
                "libvpx-vp9",
                {
                    "deadline": "realtime",
                    "cpu-used": "7",
                    "crf": "30",
                    "b": "0",
                    "threads": "1",
                    "row-mt": "0",
                    "g": "240",
                },
            ),
            ("libvpx", {"deadline": "realtime", "cpu-used": "8", "crf": "10", "b": "4M", "threads": "1"}),
        ),
    ),
}


def encode(
    pictures: Iterable[Picture],
    kind: str,
    size: tuple[int, int],
    rate: int,
    said: Mapping[str, str],
) -> bytes:
    """A film.

    Args:
        pictures: RGB, each of shape (height, width, 3), taken one at a time. Two that are the same object are equal.
        kind: key of ``KINDS``.
        size: width and height, px, both even.
        rate: pictures in a second.
        said: title, language and such, which the file carries.

    Raises:
        RenderError: when the extra ``video`` is not installed, or has no encoder for this kind.
    """
    try:
        import av
    except ImportError as missing:
        raise RenderError("a film needs PyAV, which is not installed: pip install 'flightcase[video]'") from missing

    wanted = KINDS[kind]
    chosen = next((each for each in wanted.codecs if each[0] in av.codecs_available), None)
    if chosen is None:
        names = ", ".join(name for name, _ in wanted.codecs)
        raise RenderError(f"this build of PyAV has none of {names}, so no .{kind} can be written; install that of PyPI")
    # A file, because the index of an MP4 is put first by reading what was written.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"film.{kind}"
        _write(path, wanted, chosen, pictures, size=size, rate=rate, said=said)
        return path.read_bytes()


def _write(
    path: Path,
    wanted: Kind,
    chosen: tuple[str, Mapping[str, str]],
    pictures: Iterable[Picture],
    *,
    size: tuple[int, int],
    rate: int,
    said: Mapping[str, str],
) -> None:
    import av

    with av.open(str(path), "w", format=wanted.container, options=dict(wanted.options)) as container:
        container.metadata.update(said)
        stream: Any = container.add_stream(chosen[0], rate=rate, options=dict(chosen[1]))
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        context = stream.codec_context
        context.flags |= av.codec.context.Flags.bitexact
        context.colorspace = context.color_primaries = context.color_trc = _BT709
        context.color_range = 1  # the narrow one of television
        last: Picture | None = None
        ready = av.VideoFrame(*size, "yuv420p")
        for number, picture in enumerate(pictures):
            if picture is not last:
                full = av.VideoFrame.from_ndarray(picture, format="rgb24")
                ready = full.reformat(format="yuv420p", dst_colorspace=_BT709, dst_color_range=1)
                last = picture
            ready.pts = number
            container.mux(stream.encode(ready))
        container.mux(stream.encode())
