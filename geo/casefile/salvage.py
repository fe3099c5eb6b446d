"""Read what can be read of a case file that is being written: what is wrong is left out, and said."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.problems import Locator
from geo.casefile.reading import parse, read_document

if TYPE_CHECKING:
    from geo.casefile.reading import ReadTrack
    from geo.errors import Problem
    from geo.model import Case, Finder

#: Rounds of leaving out: what is left may show what a wrong value hid.
_ROUNDS: Final = 8


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read: ``case`` without the parts that are wrong, ``None`` when nothing can be shown.

    ``problems`` are those of the whole text, each with its place. ``left_out`` are the places that ``case`` lacks.
    """

    case: Case | None
    problems: tuple[Problem, ...]
    left_out: tuple[tuple[str | int, ...], ...] = ()


def salvage(text: str, read_track: ReadTrack, *, find: Finder | None = None) -> Salvaged:
    """The case of a text as far as it can be shown.

    Args:
        text: of a ``case.toml``, possibly incomplete.
        read_track: reads and judges the file of a track; raises ``TrackError``.
        find: as in ``read``.

    Raises:
        CaseError: when the text is no TOML.
    """
    document = parse(text, "case.toml")
    locate = Locator(text)
    case, problems = read_document(document, locate, read_track, find=find)
    found = tuple(problems)
    document = copy.deepcopy(document)
    for _ in range(_ROUNDS):
        if not problems:
            break
        for place in sorted({problem.place for problem in problems}, key=repr, reverse=True):
            _leave_out(document, place)
        case, problems = read_document(document, locate, read_track, find=find)
    return Salvaged(case, found, tuple(problem.place for problem in found))


def _leave_out(document: Any, place: tuple[str | int, ...]) -> None:  # noqa: ANN401  a TOML value
    numbers = [depth for depth, part in enumerate(place) if isinstance(part, int)]
    if numbers:
        place = place[: numbers[-1] + 1]
    for part in place[:-1]:
        document = document[part]
    if place:
        del document[place[-1]]
