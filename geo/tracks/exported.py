"""What a rendering wrote: which of its lines hold received positions, and why all else in it is no fix.

A rendering draws a case, and says of all that it draws its kind, and of each line the evidence state and the path
basis. Only what was received and measured is a track. A line that was inferred, bridged, rejected, intended or placed
by an author has positions too, often with times, and reading them as fixes would make received positions of them.
One rule for every format: such a line is left out, and a note of the report says how many positions of which kind
were. The words stand at the line itself, so that the rule holds as well where another program has written the file
again and kept them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from geo.errors import TrackUnreadable
from geo.model import Evidence, PathBasis

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a file of a rendering says of itself, where its format has room for it.
FORMAT: Final = "flightcase scene 1"
#: The namespace of our elements in the XML of a rendering; nothing is fetched from there.
NAMESPACE: Final = "urn:flightcase:scene:1"
#: What is said of each thing that is drawn, by these names in every format.
SAID: Final = ("kind", "style", "evidence", "basis")
#: The kinds of things that are lines of an aircraft.
LINES: Final = ("line", "other aircraft")
#: The styles of lines that nobody received; each names what such a line is.
DRAWN: Final = frozenset({"intended", "silent", "rejected", "partial", "inferred"})
_EVIDENCE: Final = frozenset(Evidence)
_BASES: Final = frozenset(PathBasis)


def why_not(said: Mapping[str, object], *, ours: bool) -> str:
    """Why the positions of something in a file are no fixes: a few words that tell what it is; "" where they are.

    Args:
        said: what the file says of it, by the names of ``SAID``; names that are missing say nothing.
        ours: whether the file says that it is a rendering. In another's file only something that has an evidence
            state together with a path basis, both in our words, counts as drawn by us.
    """
    kind, style, evidence, basis = (said.get(name) or "" for name in SAID)
    if not ours and not (evidence in _EVIDENCE and basis in _BASES):
        return ""
    if kind and kind not in LINES:
        return f"{kind}" if isinstance(kind, str) else "no line"
    if evidence == Evidence.RECEIVED:
        return "" if basis == PathBasis.MEASURED else f"received, but {basis or 'of no stated basis'}"
    if evidence in _EVIDENCE:
        return f"{evidence}, {basis}" if basis in _BASES else f"{evidence}"
    return f"{style}" if style in DRAWN else "of no stated evidence"


class LeftOut:
    """What was left out of a file: how many positions for each reason of ``why_not``."""

    def __init__(self) -> None:
        self._positions: Counter[str] = Counter()
        self._things: Counter[str] = Counter()

    def __bool__(self) -> bool:
        return bool(self._things)

    def add(self, why: str, positions: int) -> None:
        """One thing with so many positions is left out."""
        self._things[why] += 1
        self._positions[why] += positions

    def notes(self) -> tuple[str, ...]:
        """A sentence for the report, if anything was left out."""
        if not self._things:
            return ()
        return (f"left out, for these positions were drawn and not received: {self._told()}",)

    def nothing(self, source: str) -> TrackUnreadable:
        """The error where nothing but what was left out is in the file."""
        return TrackUnreadable(
            source,
            "it is a picture of a case, and none of its lines was received and measured "
            f"({self._told()}); read the track that it was made from",
        )

    def _told(self) -> str:
        return "; ".join(
            f"{why}: {count:,} ({_counted(self._positions[why])})" for why, count in sorted(self._things.items())
        )


def _counted(positions: int) -> str:
    return f"{positions:,} position{'' if positions == 1 else 's'}"
