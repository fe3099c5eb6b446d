"""What a page weighs, part by part, as it is sent and as it lies on disk."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from geo.scene.words import Words

#: The parts in the order in which they are told.
PARTS: Final = ("basemap", "code", "style", "case")
#: What a page may weigh compressed (DESIGN §9): the viewer and a case, and what each received position adds.
_AIM: Final = 90_000
_AIM_A_POSITION: Final = 4
#: So many are in the first sum already.
_FREE: Final = 1000
#: Sizes from here on are whole kB, and from there on MB: they would read 1,000 kB.
_WHOLE: Final = 10_000
_MEGA: Final = 999_500
_ELEMENT: Final = re.compile(r"<(style|script)([^>]*)>(.*?)</\1>", re.DOTALL)
_BASEMAP: Final = ',"basemap":'


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes of one part: ``gzip`` is its share of the one compressed file, so the shares add up to the whole."""

    part: str
    bytes: int
    gzip: int


def gzipped(data: bytes) -> int:
    """Bytes of data when compressed as a server does at its best."""
    return len(gzip.compress(data, 9, mtime=0))


def page_weights(page: bytes) -> list[Weight]:
    """The weight of each of ``PARTS`` in a page of ours; they add up to the page, compressed and not.

    The parts are compressed one after the other in one stream, since each is lighter for what came before it.
    """
    plain, packed = dict.fromkeys(PARTS, 0), dict.fromkeys(PARTS, 0)
    stream = zlib.compressobj(9)
    for part, text in _pieces(page.decode()):
        data = text.encode()
        plain[part] += len(data)
        packed[part] += len(stream.compress(data)) + len(stream.flush(zlib.Z_SYNC_FLUSH))
    shares = _shared(gzipped(page), packed)
    return [Weight(part, plain[part], shares[part]) for part in PARTS]


def aim(positions: int) -> int:
    """What a page that carries so many positions may weigh compressed, bytes."""
    return _AIM + _AIM_A_POSITION * max(0, positions - _FREE)


def positions(scene: Mapping[str, Any]) -> int:
    """How many positions the lines of a scene have; long tracks are simplified, and a page carries what is left."""
    return sum(len(line["path"]["lon"]["deltas"]) for line in scene["map"]["lines"])


def size(count: int, words: Words) -> str:
    """``81 kB``, ``0.4 kB``, ``1.2 MB``: bytes as people say them, a thousand to the kB."""
    if count >= _MEGA:
        return words.say("{size} MB", size=words.number(count / 1e6, 1))
    return words.say("{size} kB", size=words.number(count / 1e3, 0 if count >= _WHOLE else 1))


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """The page in order, cut where another part begins."""
    at = 0
    for found in _ELEMENT.finditer(html):
        start, end = found.span(3)
        if found[1] == "style":
            part = "style"
        elif "type=" not in found[2]:
            part = "code"
        elif (cut := html.rfind(_BASEMAP, start, end)) >= 0:
            # In JSON each quote within a text has a backslash: these characters are the key and nothing else.
            part, start, end = "basemap", cut, end - 1
        else:
            continue
        yield "case", html[at:start]
        yield part, html[start:end]
        at = end
    yield "case", html[at:]


def _shared(whole: int, shares: dict[str, int]) -> dict[str, int]:
    """A whole number shared out in proportion, to the last one."""
    total = sum(shares.values()) or 1
    given = {name: whole * share // total for name, share in shares.items()}
    heaviest = max(shares, key=lambda name: shares[name])
    given[heaviest] += whole - sum(given.values())
    return given
