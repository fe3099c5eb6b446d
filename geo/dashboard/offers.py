"""The files that a case can be taken away as: what each is called, what it holds, what it weighs, and its bytes.

A file is made once for all sessions. Files of long tracks are made when they are asked for and not kept.
"""

from __future__ import annotations

import mimetypes
import re
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from geo import casefile, tracks
from geo.casefile.folder import files, packed
from geo.dashboard import library
from geo.dashboard.weights import gzipped
from geo.errors import FlightcaseError
from geo.render import RENDERINGS, render

if TYPE_CHECKING:
    from geo.dashboard.library import Entry
    from geo.scene import Units
    from geo.scene.words import Words

EMBED: Final = "embed"
_TABLES: Final = (".csv", ".parquet")
#: Files that take seconds: made when they are asked for.
_LARGE: Final = frozenset({"@2x.png"})
_CASE: Final = "case"
#: Files that are compressed already: their weight says it all.
_PACKED: Final = frozenset({".zip", ".parquet"})
_MEDIA: Final = {".parquet": "application/vnd.apache.parquet"}
#: Tracks of more fixes, and folders of more bytes, are neither weighed beforehand nor kept.
_FEW: Final = 50_000
_SMALL: Final = 4_000_000
_KEPT: Final = 48
#: The head of a page stands within so many bytes.
_HEAD: Final = 20_000


@dataclass(frozen=True, slots=True)
class Offer:
    """One file: ``kept`` says whether it is light enough to be made before it is asked for, and kept."""

    id: str
    name: str
    file: str
    about: str
    kept: bool = True

    @property
    def suffix(self) -> str:
        """Of the file, with its dot."""
        return Path(self.file).suffix

    @property
    def media(self) -> str:
        """Its media type."""
        if self.id in RENDERINGS:
            return RENDERINGS[self.id].media
        return _MEDIA.get(self.suffix) or mimetypes.guess_type(self.file)[0] or "application/octet-stream"

    @property
    def packed(self) -> bool:
        """Whether compressing it again would be for nothing."""
        return RENDERINGS[self.id].packed if self.id in RENDERINGS else self.suffix in _PACKED


@dataclass(frozen=True, slots=True)
class Made:
    """The bytes of a file, and how many are left when a server compresses them."""

    data: bytes
    gzip: int


def offers(entry: Entry, language: str, words: Words) -> list[Offer]:
    """The files of a case, in the order in which they are listed; the embed snippet comes after the page.

    Args:
        entry: a case that can be read.
        language: of the files.
        words: of the interface.
    """
    slug = entry.slug
    recorded = entry.case.recorded if entry.case else ()
    few = sum(map(len, recorded)) <= _FEW
    offered = [suffix for suffix, made in RENDERINGS.items() if made.is_ready and not made.slow]
    found = [_rendering(suffix, f"{slug}.{language}{suffix}", words, kept=few) for suffix in offered]
    snippet = Offer(
        EMBED, words.say("Embed snippet"), f"{slug}.{language}.embed.html", words.say("iframe: one line, no script")
    )
    found[1:1] = [snippet]
    for number, track in enumerate(recorded, 1):
        name = f"{slug}-track{f'-{number}' if len(recorded) > 1 else ''}"
        for suffix in _TABLES:
            about = words.say("{count} fixes with state, reason, row", count=words.number(len(track)))
            label = words.say("Track as {format}", format=_FORMATS[suffix])
            found.append(Offer(f"{number}{suffix}", label, f"{name}{suffix}", about, len(track) <= _FEW))
    size = sum(file.stat().st_size for file in files(entry.folder))
    about = words.say("case file, tracks, sources")
    return [*found, Offer(_CASE, words.say("Case folder"), f"{slug}.zip", about, size <= _SMALL)]


def made(entry: Entry, offer: Offer, language: str, units: Units, snippet: str = "") -> Made:
    """A file of ``offers``.

    Args:
        entry: of the case.
        offer: which file.
        language: of the file.
        units: of the file.
        snippet: the text of the embed snippet.

    Raises:
        FlightcaseError: when it cannot be made.
    """
    if offer.id == EMBED:
        data = f"{snippet}\n".encode()
        return Made(data, gzipped(data))
    if not offer.kept:
        return Made(_bytes(entry.folder, entry.stamp, offer.id, language, units), 0)
    # What does not say anything in a language is the same in all of them.
    told = (language, units) if offer.id in RENDERINGS else ("", "nautical")
    with _turn(entry.folder, entry.stamp, offer.id, *told):
        return _made(entry.folder, entry.stamp, offer.id, *told)


def page(entry: Entry, language: str, units: Units) -> Made:
    """The page of a case, as ``made`` gives it."""
    return made(entry, Offer(".html", "", f"{entry.slug}.html", ""), language, units)


def policy(html: bytes) -> str:
    """The Content-Security-Policy that a page of ours states of itself; without one, nothing may run or load."""
    found = re.search(
        r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', html[:_HEAD].decode(errors="replace")
    )
    return unescape(found[1]) if found else "default-src 'none'"


#: What the tables of tracks are called.
_FORMATS: Final = {".csv": "CSV", ".parquet": "Parquet"}


def _rendering(suffix: str, file: str, words: Words, *, kept: bool) -> Offer:
    if suffix == ".html":  # always kept: it is weighed and shown
        return Offer(suffix, words.say("HTML page"), file, words.say("one file, no network calls"))
    name, about = _named(suffix, words)
    return Offer(suffix, name, file, about, kept and suffix not in _LARGE)


def _named(suffix: str, words: Words) -> tuple[str, str]:
    """What a rendering is called, and what it holds."""
    plain = suffix.rpartition(".")[2].upper()
    known, rows = words.say("evidence state of each line"), words.say("all that has a place or a time, row by row")
    poster = words.say("Poster as {format}", format=plain)
    upright, large = (
        words.say("Poster, upright, as {format}", format=plain),
        words.say("Poster, large, as {format}", format=plain),
    )
    named = {
        ".geojson": ("GeoJSON", known),
        ".kml": (plain, known),
        ".kmz": (plain, known),
        ".czml": (plain, words.say("for Cesium; gaps stay gaps")),
        ".gpx": (plain, words.say("received lines as tracks, the intended one as a route")),
        ".csv": (words.say("Table as {format}", format=plain), rows),
        ".parquet": ("GeoParquet", rows),
        ".svg": (poster, "1200 × 630"),
        ".png": (poster, "1200 × 630"),
        "@2x.png": (large, "2400 × 1260"),
        ".portrait.svg": (upright, "1080 × 1350"),
        ".portrait.png": (upright, "1080 × 1350"),
        ".pdf": (poster, words.say("A4, with events, sources and corrections")),
        ".vtt": (words.say("Captions of the video"), "WebVTT"),
    }
    return named.get(suffix, (plain, ""))


@lru_cache(maxsize=256)
def _turn(*_: object) -> Lock:
    """The lock of one file: who asks while it is made waits for it instead of making it again."""
    return Lock()


@lru_cache(maxsize=_KEPT)
def _made(folder: Path, stamp: str, id_: str, language: str, units: Units) -> Made:
    data = _bytes(folder, stamp, id_, language, units)
    return Made(data, gzipped(data))


def _bytes(folder: Path, stamp: str, id_: str, language: str, units: Units) -> bytes:
    if id_ in RENDERINGS:
        return render(library.scene(folder, stamp, language, units), id_)
    if id_ == _CASE:
        return packed(folder, folder.name)
    number, suffix = id_[: id_.index(".")], id_[id_.index(".") :]
    recorded = casefile.read(folder).recorded
    if not number.isdecimal() or suffix not in tracks.SUFFIXES or not 0 < int(number) <= len(recorded):
        raise FlightcaseError(f"the case has no file {id_}")
    with tempfile.TemporaryDirectory() as beside:
        file = Path(beside) / f"track{suffix}"
        tracks.write(recorded[int(number) - 1], file)
        return file.read_bytes()
