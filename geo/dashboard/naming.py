"""Names of case folders and of the files in them, such as every file system, Git and an address can hold."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from geo.gazetteer.fold import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import date

#: Names that Windows keeps for devices, whatever their suffix.
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"}
)
_SLUG_LETTERS: Final = 40
#: A name in UTF-8 has at most 255 bytes nearly everywhere; this leaves room for a number and for temporary names.
_NAME_BYTES: Final = 120
_SUFFIX: Final = re.compile(r"(\.[A-Za-z0-9]{1,12}){1,2}$")


def slug_for(number: str, day: date | None, ends: Sequence[str], taken: Collection[str]) -> str:
    """The name of the folder of a new case: ``j2-8243``, ``j2-8243-2024-12-25``, ``baku-grozny-2024-12-25``.

    Args:
        number: of the flight, or its callsign; empty when nobody knows it.
        day: on which it began.
        ends: names of the places between which it was meant to fly, in any script.
        taken: names that other cases have; upper and lower case are one, as on many disks.
    """
    name = _slug(number) or "-".join(filter(None, map(_slug, ends))) or "case"
    name = name[:_SLUG_LETTERS].strip("-")
    name = f"case-{name}" if name in _DEVICES else name
    dated = f"{name}-{day.isoformat()}" if day else name
    return free([name, dated] if _slug(number) else [dated], taken)


def free(choices: Sequence[str], taken: Collection[str]) -> str:
    """The first of some names that is not taken, else the last one with a number."""
    known = {name.casefold() for name in taken}
    for choice in choices:
        if choice.casefold() not in known:
            return choice
    return _numbered(lambda number: f"{choices[-1]}-{number}", known)


def is_folder_name(slug: str) -> bool:
    """Whether a text can be the name of a folder of the library: one that is seen and leads nowhere else."""
    return bool(slug) and not slug.startswith(".") and not re.search(r"[/\\\x00]", slug) and len(slug.encode()) <= 255  # noqa: PLR2004  of a name


def file_name(wanted: str, taken: Collection[str]) -> str:
    """A name for a file that somebody brought: as they named it, mended, and none that is taken.

    Folders are left out, as are signs that are not seen or turn the direction of writing, and those that a file system
    or a shell takes for itself; a name that Windows keeps for a device, or that is too long, is changed.
    """
    seen = unicodedata.normalize("NFC", re.split(r"[/\\]", wanted)[-1])
    seen = "".join(sign for sign in seen if unicodedata.category(sign) not in {"Cf", "Cc", "Cs", "Co", "Cn"})
    kept = "".join(sign if unicodedata.category(sign)[0] in "LMN" or sign in "._- " else "\0" for sign in seen)
    mended = re.sub("\0+", "-", kept).strip(" ")
    only_suffix = re.fullmatch(r"\.[^.]+", mended)
    mended = f"track{mended}" if only_suffix else mended.strip(" .").lstrip("-. ") or "track"
    if mended.split(".", 1)[0].strip().casefold() in _DEVICES:
        mended = f"track-{mended}"
    found = _SUFFIX.search(mended)
    suffix = found.group() if found and found.start() else ""
    stem = mended.removesuffix(suffix)
    while len((stem + suffix).encode()) > _NAME_BYTES:
        stem = stem[:-1]
    stem = stem.rstrip(" .-") or "track"
    known = {name.casefold() for name in taken}
    if (stem + suffix).casefold() not in known:
        return stem + suffix
    return _numbered(lambda number: f"{stem}-{number}{suffix}", known)


def _numbered(name: Callable[[int], str], known: Collection[str]) -> str:
    number = 2
    while name(number).casefold() in known:
        number += 1
    return name(number)


def _slug(text: str) -> str:
    return "-".join(fold(word) for word in re.split(r"[\W_]+", text) if word)
