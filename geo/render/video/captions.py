"""The words of the film with their moments, as WebVTT: for players, search, translation, and those who do not see it.

The film has them burnt in; the file stands beside it and needs nothing that draws.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from geo.render.video.film import Cue, film

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["vtt"]

#: A state is named for so long, s, when it begins; the caption of an event stands below it.
_STATE_S: Final = 3.0
#: Lines of a card that are read at once.
_AT_ONCE: Final = 2
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")


def _stamp(at: float) -> str:
    minutes, ms = divmod(round(at * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{ms // 1000:02d}.{ms % 1000:03d}"


def _text(line: str) -> str:
    """A line as WebVTT reads it back: no markup, no end of a cue."""
    plain = _CONTROL.sub(" ", line).replace("\u2028", " ").replace("\u2029", " ").strip()
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _parts(cue: Cue) -> list[Cue]:
    """A card in parts that are read one after the other, each as long as its share of the text; others as they are."""
    if cue.kind not in {"opening", "aftermath", "closing"}:
        return [cue]
    groups = [cue.lines[i : i + _AT_ONCE] for i in range(0, len(cue.lines), _AT_ONCE)]
    if cue.kind != "aftermath":
        groups = [(line,) for line in cue.lines]
    lengths = [sum(map(len, group)) + 1 for group in groups]
    found, at = [], cue.start
    for group, length in zip(groups, lengths, strict=True):
        until = at + (cue.end - cue.start) * length / sum(lengths)
        found.append(Cue(at, until, cue.kind, cue.key, group))
        at = until
    return found


def _block(cue: Cue, number: int) -> str:
    """One cue; states and skipped times stand above, where they and the caption of an event do not hide each other."""
    above = cue.kind in {"state", "skip"}
    until = min(cue.end, cue.start + _STATE_S) if cue.kind == "state" else cue.end
    lines = [_text(line) for line in cue.lines]
    if above:
        lines = [f"[{' '.join(lines)}]"]
    settings = " line:0" if above else ""
    body = "\n".join(line for line in lines if line)
    return f"{number}\n{_stamp(cue.start)} --> {_stamp(until)}{settings}\n{body}\n"


def vtt(scene: Mapping[str, Any]) -> str:
    """The captions of the film of a scene, as WebVTT.

    Args:
        scene: what ``compose`` made.
    """
    cues = [part for cue in film(scene).cues for part in _parts(cue)]
    blocks = [_block(cue, number) for number, cue in enumerate(cues, 1)]
    return "\n".join([f"WEBVTT\nLanguage: {scene['language']}\n", *blocks])
