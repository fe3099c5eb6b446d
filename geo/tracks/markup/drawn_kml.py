"""Placemarks that a rendering drew: what each says of itself, and which lines are left out for it."""

from __future__ import annotations

from geo.tracks.exported import FORMAT, LINES, SAID, LeftOut, why_not
from geo.tracks.markup.xml_rows import name_of


class Drawn:
    """What the open placemark says of itself, and what was left out so far."""

    def __init__(self) -> None:
        self.left = LeftOut()
        self.ours = False
        self.positions = 0
        self.tracks = 0
        self._said: dict[str, str] = {}
        self._within = False

    def begin(self) -> None:
        """A placemark begins."""
        self._said = {}
        self.positions = self.tracks = 0
        self._within = False

    def coordinates(self, text: str, *, last: bool) -> None:
        """Some of the positions of a line, the ``last`` of it or not; they are only counted."""
        found = len(text.split())
        self.positions += found - (self._within and found > 0 and not text[0].isspace())
        self._within = not last and (bool(text) and not text[-1].isspace())

    def said(self, name: str, text: str, *, within: bool) -> None:
        """A datum: of the open placemark if ``within`` one, else of the document."""
        if not within:
            self.ours = self.ours or (name == "format" and text == FORMAT)
        elif name in SAID:
            self._said.setdefault(name, name_of(text))

    @property
    def why(self) -> str:
        """Why the positions of the open placemark are no fixes, "" if they are."""
        return why_not(self._said, ours=self.ours) if self._said else ""

    def end(self) -> None:
        """The placemark is whole: count what is left out, if it is a line."""
        if self.why and self._said.get("kind", LINES[0]) in LINES:
            self.left.add(self.why, self.positions)
        elif self.ours and self._said.get("kind") in LINES and not self.tracks:
            self.left.add("received, but without times", self.positions)
        self.begin()
