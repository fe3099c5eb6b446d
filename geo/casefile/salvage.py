"""Read what can be read of a case file that is being written: what is wrong is left out, and said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.problems import Locator, Place
from geo.casefile.reading import parse, read_document

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.casefile.reading import ReadTrack
    from geo.errors import Problem
    from geo.model import Case, Finder

_NOTHING: Final = object()
#: Rounds of leaving out: what is left may show what a wrong value hid.
_ROUNDS: Final = 8
#: What stands for a part that no case can be without: nothing that says anything.
STAND_INS: Final[Mapping[Place, Any]] = {
    ("format",): 1,
    ("id",): "draft",
    ("title",): "",
    ("flight",): {"callsign": ""},
    ("flight", "callsign"): "",
    ("intended", "basis"): "",
}


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What could be read: ``case`` without the parts that are wrong, ``None`` when nothing can be shown.

    ``problems`` are those of the whole text, each with its place. ``left_out`` are the places that ``case`` lacks for
    them; what rests on these may be missing too.
    """

    case: Case | None
    problems: tuple[Problem, ...]
    left_out: tuple[Place, ...] = ()


def salvage(
    text: str, read_track: ReadTrack, *, find: Finder | None = None, document: dict[str, Any] | None = None
) -> Salvaged:
    """The case of a text as far as it can be shown.

    Args:
        text: of a ``case.toml``, possibly incomplete.
        read_track: reads and judges the file of a track; raises ``TrackError``.
        find: as in ``read``.
        document: the values of the text, where they are known already; they are not changed.

    Raises:
        CaseError: when the text is no TOML.
    """
    document = parse(text, "case.toml") if document is None else document
    locate = Locator(text)
    case, problems = read_document(document, locate, read_track, find=find)
    found = tuple(problems)
    gone: set[Place] = set()
    for _ in range(_ROUNDS):
        wrong = [_placed(document, gone, problem.place) for problem in problems if problem.place]
        parts = {_part(document, gone, place) for place in wrong} - gone
        if not parts:
            break
        gone |= parts
        case, problems = read_document(_without(document, gone), locate, read_track, find=find)
    whole = [place for place in gone if not any(place[:end] in gone for end in range(1, len(place)))]
    return Salvaged(case, found, tuple(sorted(whole, key=_order)))


def _placed(document: Any, gone: set[Place], place: Place) -> Place:  # noqa: ANN401  a TOML value
    """A place in what is left, as the whole document has it."""
    here: Place = ()
    for part in place:
        listed = _get(document, here)
        if isinstance(part, int) and isinstance(listed, list):
            left = [index for index in range(len(listed)) if (*here, index) not in gone]
            here = (*here, left[part] if part < len(left) else part)
        else:
            here = (*here, part)
    return here


def _part(document: Any, gone: set[Place], place: Place) -> Place:  # noqa: ANN401  a TOML value
    """The smallest part to leave out for a problem: the value itself, else the table that needs it."""
    if place in STAND_INS or (place not in gone and _get(document, place) is not _NOTHING):
        return place
    return _part(document, gone, place[:-1]) if len(place) > 1 else place


def _without(value: Any, gone: set[Place], here: Place = ()) -> Any:  # noqa: ANN401  TOML values
    """A copy of the document without the parts that are gone; stand-ins are put where it needs something."""
    if isinstance(value, dict):
        kept = {key: _without(entry, gone, (*here, key)) for key, entry in value.items() if (*here, key) not in gone}
        return kept | {place[-1]: STAND_INS[place] for place in gone & STAND_INS.keys() if place[:-1] == here}
    if isinstance(value, list):
        return [_without(entry, gone, (*here, at)) for at, entry in enumerate(value) if (*here, at) not in gone]
    return value


def _get(value: Any, place: Place) -> Any:  # noqa: ANN401  TOML values
    for part in place:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return _NOTHING
    return value


def _order(place: Place) -> tuple[tuple[int, str], ...]:
    return tuple((part, "") if isinstance(part, int) else (0, part) for part in place)
