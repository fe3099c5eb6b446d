"""Which state of a case a scene was made from: a short mark that changes with whatever the case says."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from geo.model import Case

#: Digits of the mark: two states of one case have the same once in four thousand million times.
_DIGITS: Final = 8


def version(case: Case) -> str:
    """Eight hexadecimal digits, the same for all languages and units.

    They are of the SHA-256 of what the case file says, without what is as by default, and of every column of its
    tracks. No order follows from them: the date of the last change and the corrections tell which state is newer.
    """
    digest = hashlib.sha256(case.model_dump_json(exclude_defaults=True, by_alias=True).encode())
    for track in (*case.recorded, *(track for heard in case.others_recorded for track in heard.tracks)):
        for name, column in track.columns().items():
            digest.update(name.encode())
            digest.update(column.astype(column.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()[:_DIGITS]
