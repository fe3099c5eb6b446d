"""Everything that can go wrong for a reason the user can act on.

::

    FlightcaseError
    ├── CaseError            a case file has problems (all of them, with their places)
    │   └── SettingsError    the file of settings of the server has, told in the same way
    ├── PlaceError           a name or code leads to no single place
    │   ├── PlaceNotFound    to none
    │   └── PlaceAmbiguous   to several: the choices are listed
    ├── TrackError           a file cannot be read as a track at all
    │   ├── TrackUnreadable  it is no track, is broken, or too large
    │   └── TrackEmpty       it is a track, and holds no fix
    ├── GeodesyError         a position, distance or tolerance that does not exist
    ├── SaveConflict         a case file was changed by somebody else since the draft of it began
    ├── CorrectionNeeded     a published page would change without a word to its readers
    ├── RenderError          a scene cannot be drawn as asked
    ├── SiteError            a site cannot be published as asked, or into that folder
    ├── ArchiveError         an archive cannot be built, opened or asked so
    └── ResourceError        a shipped file is missing or does not fit this version

Every leaf is also the builtin that a caller without this tree would catch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class FlightcaseError(Exception):
    """Any error of this package; its text is written for the person who made the input."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a document: ``where`` (``event[3].time``), and what it is and how to write it right.

    ``place`` is the same place as the keys that lead there, lists counted from 0: ``("event", 2, "time")``.
    """

    where: str
    message: str
    place: tuple[str | int, ...] = ()

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class CaseError(FlightcaseError, ValueError):
    """A case file has problems; ``problems`` holds all of them in the order of the file."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        count = len(self.problems)
        head = f"{source}: {count} problem{'s' if count != 1 else ''}"
        super().__init__("\n".join([head, *(f"  {problem}" for problem in self.problems)]))


class SettingsError(CaseError):
    """The settings of the server have problems; ``problems`` holds all of them."""


class PlaceError(FlightcaseError, LookupError):
    """A name or code leads to no single place; ``query`` is what was asked."""

    def __init__(self, query: str, message: str) -> None:
        self.query = query
        super().__init__(message)


class PlaceNotFound(PlaceError):  # noqa: N818  the base says Error, the leaf says which
    """No place answers to the name."""


class PlaceAmbiguous(PlaceError):  # noqa: N818  the base says Error, the leaf says which
    """Several places answer to the name and none stands out; ``choices`` names them, one a line."""

    def __init__(self, query: str, message: str, choices: Sequence[str]) -> None:
        self.choices = tuple(choices)
        super().__init__(query, "\n".join([message, *(f"  {choice}" for choice in self.choices)]))


class TrackError(FlightcaseError, ValueError):
    """A file cannot be read as a track; ``source`` is its name."""

    def __init__(self, source: str, message: str) -> None:
        self.source = source
        super().__init__(f"{source}: {message}")


class TrackUnreadable(TrackError):  # noqa: N818  the base says Error, the leaf says which
    """The file is no track of a known format, is broken, or is larger than may be opened."""


class TrackEmpty(TrackError):  # noqa: N818  the base says Error, the leaf says which
    """The file has the form of a track and holds no fix."""


class GeodesyError(FlightcaseError, ValueError):
    """A position, distance or tolerance outside what exists on the Earth."""


class SaveConflict(FlightcaseError, RuntimeError):  # noqa: N818  it says what happened
    """The case file is another one than the draft began with: nothing was saved.

    ``ours`` is the text of the draft, ``theirs`` the one that is there now, empty when somebody took the file away.
    """

    def __init__(self, source: str, ours: str, theirs: str) -> None:
        self.source = source
        self.ours = ours
        self.theirs = theirs
        super().__init__(
            f"{source} was changed on disk since this draft began, so nothing was saved; look at both versions, then "
            "keep yours, take the other one, or save yours as another case"
        )

    @property
    def diff(self) -> str:
        """What differs, from theirs to ours, as a unified diff."""
        import difflib  # only who asks for it needs it

        lines = (self.theirs.splitlines(), self.ours.splitlines())
        return "\n".join(difflib.unified_diff(*lines, "on disk", "this draft", lineterm=""))


class CorrectionNeeded(FlightcaseError, ValueError):  # noqa: N818  it says what is needed
    """A page that was published would change, and its readers are not told; ``languages`` lack the reason."""

    def __init__(self, source: str, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        super().__init__(
            f"{source}: the published page would change; say why in {', '.join(self.languages)}: it stands on the page "
            "as a dated correction"
        )


class RenderError(FlightcaseError, ValueError):
    """A scene cannot be drawn in the form that was asked for."""


class SiteError(FlightcaseError, ValueError):
    """A site cannot be published as asked, or into that folder."""


class ArchiveError(FlightcaseError, ValueError):
    """An archive of positions cannot be built from these files, opened there, or asked that question."""


class ResourceError(FlightcaseError, FileNotFoundError):
    """A file that ships with the package is missing or is of another version."""
