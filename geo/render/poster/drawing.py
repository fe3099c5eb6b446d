"""SVG as text: elements, numbers, paths and lines of writing, in presentation attributes alone.

Nothing here needs a style sheet, so that a drawing may stand in any page, whatever its Content-Security-Policy.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from geo.render.poster.text import width

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray

    Value = str | float | None

__all__ = ["Pen", "Type", "clean", "element", "group", "number", "reads_left", "writing"]

#: What XML 1.0 forbids.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: What a text may not bring itself: marks that turn the direction of what follows.
_TURNS: Final = re.compile("[\u202a-\u202e\u2066\u2067]")
_REGULAR: Final = 400
_RTL_ISOLATE: Final = "\u2067"
_END_ISOLATE: Final = "\u2069"


def clean(text: str) -> str:
    """Text that may stand in XML: escaped, and what XML 1.0 forbids replaced by U+FFFD."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def number(value: float) -> str:
    """A number rounded to 0.1, as short as it can be written."""
    tenths = round(float(value) * 10)
    whole, tenth = divmod(abs(tenths), 10)
    return ("-" if tenths < 0 else "") + (f"{whole}.{tenth}" if tenth else str(whole))


def element(name: str, content: str = "", /, **attributes: Value) -> str:
    """An element; ``stroke_width`` is written stroke-width, ``xml__lang`` xml:lang; an attribute of None is left out.

    Args:
        name: of the element.
        content: SVG.
        attributes: texts are escaped, numbers rounded to 0.1.
    """
    written = ""
    for key, value in attributes.items():
        if value is not None:
            said = clean(value) if isinstance(value, str) else number(value)
            written += f' {key.rstrip("_").replace("__", ":").replace("_", "-")}="{said}"'
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def group(content: str, /, **attributes: Value) -> str:
    """A group; nothing, if there is nothing in it."""
    return element("g", content, **attributes) if content else ""


def reads_left(text: str, direction: str) -> bool:
    """Whether a text is read from right to left.

    Args:
        text: of one paragraph.
        direction: of the language around it; with ``rtl`` any letter of such a script decides, else the first letter.
    """
    kinds = [kind for kind in map(unicodedata.bidirectional, text) if kind in ("L", "R", "AL")]
    return any(kind != "L" for kind in (kinds if direction == "rtl" else kinds[:1]))


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: px, weight, colour, and px between letters."""

    size: float
    fill: str
    weight: int = 400
    italic: bool = False
    spacing: float = 0.0

    def width(self, text: str) -> float:
        """Px that a text takes."""
        return width(text, self.size, self.weight, self.italic, self.spacing)

    @property
    def attributes(self) -> dict[str, Value]:
        """What an element says of it; what goes without saying is None."""
        return {
            "font_size": self.size,
            "fill": self.fill,
            "font_weight": f"{self.weight}" if self.weight != _REGULAR else None,
            "font_style": "italic" if self.italic else None,
            "letter_spacing": f"{self.spacing:.2f}".rstrip("0") if self.spacing else None,
        }


def writing(
    text: str,
    at: tuple[float, float],
    style: Type | None = None,
    *,
    anchor: str = "start",
    lang: str | None = None,
    leftward: bool | None = None,
    more: str = "",
    **attributes: Value,
) -> str:
    """One line of text, placed by its left end, its middle or its right end, whatever its direction.

    What is written from the right stands between isolates: those who draw SVG do not agree on its ``direction``.

    Args:
        text: plain.
        at: x and y of the baseline.
        style: None where a group around it says how it is set.
        anchor: ``start`` its left end, ``middle``, ``end`` its right end.
        lang: of the text, where it is not the drawing's.
        leftward: whether the paragraph is written from the right, where this line alone does not say it.
        more: SVG that follows within the text.
        attributes: of the element.
    """
    said = _TURNS.sub("", text)
    if reads_left(text, "rtl") if leftward is None else leftward:
        said = f"{_RTL_ISOLATE}{said}{_END_ISOLATE}"
    set_as = style.attributes if style else {}
    ends = None if anchor == "start" else anchor
    return element(
        "text", clean(said) + more, x=at[0], y=at[1], text_anchor=ends, lang=lang or None, **set_as, **attributes
    )


@dataclass(frozen=True, slots=True)
class Pen:
    """How exactly paths are written: to ``grid`` px, and simplified by at most ``tolerance`` px."""

    grid: float = 0.1
    tolerance: float = 0.2

    def simplified(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """The points (n, 2) that are needed for a line within the tolerance, its ends among them."""
        if len(points) <= 2 or not self.tolerance:  # noqa: PLR2004  two points are a line
            return points
        import shapely  # only lines of more than two points need it

        line = shapely.simplify(shapely.linestrings(points), self.tolerance)
        kept: NDArray[np.float64] = shapely.get_coordinates(line)
        return kept

    def path(self, points: ArrayLike, *, closed: bool = False) -> str:
        """Path data of a line through points (n, 2), as steps on the grid, so that rounding does not add up."""
        corners = self.simplified(np.asarray(points, dtype=np.float64).reshape(-1, 2))
        steps = np.rint(corners / self.grid).astype(np.int64)
        if not len(steps):
            return ""
        moves = np.diff(steps, axis=0)
        moves = moves[moves.any(axis=1)]
        written = [self._pair(*steps[0].tolist())]
        written += [self._pair(x, y) for x, y in moves.tolist()] or ["0 0"]
        tail = ""
        for each in written[1:]:
            tail += each if not tail or each[0] == "-" else f" {each}"
        return f"M{written[0]}l{tail}" + ("z" if closed else "")

    def paths(self, lines: Iterable[ArrayLike], *, closed: bool = False) -> str:
        """Path data of several lines."""
        return "".join(self.path(line, closed=closed) for line in lines)

    def _pair(self, x: int, y: int) -> str:
        first, second = number(x * self.grid), number(y * self.grid)
        return first + ("" if second[0] == "-" else " ") + second
