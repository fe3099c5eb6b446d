"""Where a page stands once it is published: the addresses that it may name in its head, and others may follow.

A page needs none of them. One that knows its addresses says them to search engines and to those who share it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Published:
    """Absolute addresses of one page and of what belongs to it; an empty one is not told.

    ``page`` is the canonical address, ``poster`` a PNG of 1200 by 630 px, ``oembed`` the JSON that oEmbed asks for,
    ``languages`` the pages of the same case by language, ``data`` files of the same case by media type. ``publisher``
    is the name of who publishes.
    """

    page: str
    poster: str = ""
    oembed: str = ""
    languages: Mapping[str, str] = field(default_factory=lambda: _NONE)
    data: Mapping[str, str] = field(default_factory=lambda: _NONE)
    publisher: str = ""
