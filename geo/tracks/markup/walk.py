"""A walk over the elements of an XML file: once, in bounded memory, whatever the file holds.

Built on expat of the standard library. A document type is refused, so there are no entities but the five of XML.
Namespaces are not resolved, so that a prefix that was never declared (``gx:`` in many KML files) is no fault; a
reader says by the tag, prefix included, which elements it wants. Where a file breaks off or is no XML any more the
walk ends and tells the place: what stood before it counts.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol
from xml.parsers import expat

from geo.errors import TrackUnreadable
from geo.tracks.text import as_utf8

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

#: Bytes that are parsed together: enough to be quick; text is bounded only from one piece to the next.
PIECE: Final = 1 << 18
#: No tag and no comment of a track is as long, in bytes. expat begins an unfinished one anew with every piece.
LONGEST_TAG: Final = 1 << 20
#: No text of an element that is read whole (a name, a number, a description) is as long, in characters.
LONGEST_TEXT: Final = 1 << 16
#: No track is nested as deeply; folders in folders of KML reach about 10.
DEEPEST: Final = 100
#: No track has as many different names of elements and attributes; expat keeps each for as long as it runs.
MOST_NAMES: Final = 10_000

_ENDED: Final = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
#: What XML forbids in any text becomes a question mark, so that it spoils the value it stands in and no other.
_CONTROL: Final = bytes(ord("?") if code < ord(" ") and code not in b"\t\n\r" else code for code in range(256))
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([A-Za-z0-9_.-]{1,30})")
#: Encodings that files declare and that hold ASCII as it is or are decoded whole; any other is taken as UTF-8.
_CODECS: Final = re.compile(
    r"iso[-_]?8859[-_]?\d{1,2}|latin[-_]?\d|windows-\d{3,4}|cp125\d|koi8-[ru]|macintosh|"
    r"gb2312|gbk|gb18030|big5|shift[-_]jis|euc-(jp|kr)"
)
_SPACE: Final = re.compile(rb"\s*")
_NAME: Final = re.compile(rb"[^\s<>/=\"'!?\[]{1,100}")


class Visitor(Protocol):
    """What is told of the elements that are wanted, by the name under which they are."""

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """The start of an element; ``Walk.stack`` ends with its parent."""

    def closed(self, name: str, text: str) -> None:
        """Its end, and the text in it behind the last wanted element in it; ``Walk.stack`` ends with its parent."""

    def more(self, name: str, text: str) -> None:
        """Text of a long element, some of it ahead of its end; what is told then is not told again."""


class Break(NamedTuple):
    """Where a walk ended before the file: the line, the byte in the text, and a sentence."""

    line: int
    offset: int
    detail: str


class _Stopped(Exception):  # noqa: N818  it is told as a Break
    """The walk goes no further, for the reason given."""


class Walk:
    """One walk over a text; ``stack`` holds the names of the open elements, "" for one that is not wanted.

    ``wanted`` says for a tag under which name it is wanted, or ""; the start is told of those named in ``starts``. The
    text of an element named in ``long`` is told in parts, and that of any other is cut to ``LONGEST_TEXT``.
    """

    def __init__(self, wanted: Callable[[str], str], starts: Collection[str], long: Collection[str] = ()) -> None:
        self.stack: list[str] = []
        self._wanted = wanted
        self._starts = frozenset(starts)
        self._long = frozenset(long)
        self._parts: list[str] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True

    @property
    def line(self) -> int:
        """The line of what is told now, as an editor counts lines."""
        return self._parser.CurrentLineNumber

    def over(self, text: bytes, source: str, visitor: Visitor) -> Break | None:
        """Tell ``visitor`` the wanted elements of a text in UTF-8; where it ended early, if it did.

        Raises:
            TrackUnreadable: when it declares a document type.
        """
        self._listen(source, visitor)
        parser = self._parser
        start = 0
        try:
            for start in range(0, len(text), PIECE):
                end = min(start + PIECE, len(text))
                parser.Parse(text[start:end].translate(_CONTROL), False)  # noqa: FBT003  expat takes it by place
                if end - parser.CurrentByteIndex > LONGEST_TAG:
                    raise _Stopped(f"a tag or comment has more than {LONGEST_TAG:,} bytes")  # noqa: TRY301  told below
                self._bounded(visitor)
            parser.Parse(b"", True)  # noqa: FBT003  expat takes it by place
        except expat.ExpatError as wrong:
            ended = wrong.code in _ENDED
            detail = "the file breaks off here" if ended else _no_xml(expat.ErrorString(wrong.code) or "damaged")
            return Break(wrong.lineno, max(parser.ErrorByteIndex, 0), detail)
        except _Stopped as wrong:
            return Break(parser.CurrentLineNumber, max(parser.CurrentByteIndex, 0), _no_xml(str(wrong)))
        finally:
            self._deaf()
        return None

    def _listen(self, source: str, visitor: Visitor) -> None:
        names: dict[str, str] = {}
        stack, parts, wanted = self.stack, self._parts, self._wanted
        starts, opened, closed = self._starts, visitor.opened, visitor.closed

        def begin(tag: str, attributes: dict[str, str]) -> None:
            name = names.get(tag)
            if name is None:
                name = names[tag] = wanted(tag)
            if name:
                parts.clear()
                if name in starts:
                    opened(name, attributes)
            stack.append(name)
            if len(stack) > DEEPEST:
                raise _Stopped(f"elements are nested more than {DEEPEST} deep")

        def finish(_tag: str) -> None:
            name = stack.pop()
            if name:
                closed(name, "".join(parts))
                parts.clear()

        def declares(*_: object) -> None:
            raise TrackUnreadable(
                source,
                f"line {self.line}: it declares a document type, and with it an XML file can pull in other files or "
                "swell without end; remove the declaration, from <!DOCTYPE to its >",
            )

        parser = self._parser
        parser.StartElementHandler = begin
        parser.EndElementHandler = finish
        parser.CharacterDataHandler = parts.append
        parser.StartDoctypeDeclHandler = declares

    def _deaf(self) -> None:
        """Let go of the visitor, which may hold this walk."""
        parser = self._parser
        parser.StartElementHandler = parser.EndElementHandler = None
        parser.CharacterDataHandler = parser.StartDoctypeDeclHandler = None

    def _bounded(self, visitor: Visitor) -> None:
        """Keep no more text than an element may have, and no more names than a track has."""
        if len(self._parser.intern) > MOST_NAMES:
            raise _Stopped(f"it has more than {MOST_NAMES:,} different names of elements and attributes")
        parts = self._parts
        name = next((name for name in reversed(self.stack) if name), "")
        if name in self._long:
            visitor.more(name, "".join(parts))
            parts.clear()
        elif sum(map(len, parts)) > LONGEST_TEXT:
            parts[:] = ["".join(parts)[:LONGEST_TEXT]]


def _no_xml(why: str) -> str:
    return f"from here on the file is no XML that can be read: {why}"


def utf8(data: bytes) -> bytes:
    """The text of a file as UTF-8, from the encoding that it declares; what is no text in it is replaced.

    An XML declaration behind blank space, which is none by the rules, is made a processing instruction.
    """
    text = _in_utf8(data)
    start = _behind_space(text, 0)
    if start and text.startswith(b"<?xml", start):
        return b"".join([text[:start], b"<?_ml", memoryview(text)[start + len(b"<?_ml") :]])
    return text


def _in_utf8(data: bytes) -> bytes:
    text = as_utf8(data)
    if text.isascii():
        return text
    declared = _DECLARED.match(text[:400].lstrip()) if text is data else None  # a byte order mark says more
    encoding = "utf-8" if declared is None else declared[1].decode().lower()
    if not _CODECS.fullmatch(encoding):
        encoding = "utf-8"
    try:
        decoder = codecs.getincrementaldecoder(encoding)("replace")
    except LookupError:
        encoding, decoder = "utf-8", codecs.getincrementaldecoder("utf-8")("replace")
    if encoding == "utf-8" and _is_utf8(text):
        return text
    parts = [decoder.decode(text[at : at + PIECE]).encode() for at in range(0, len(text), PIECE)]
    return b"".join([*parts, decoder.decode(b"", final=True).encode()])


def _is_utf8(text: bytes) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(text), PIECE):
            decoder.decode(text[at : at + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def local(tag: str) -> str:
    """A tag without its prefix."""
    return tag.rpartition(":")[2]


def root_of(head: bytes) -> str:
    """The name of the root element of a file that begins so, without prefix; "" if it begins like no XML.

    Of a file with a document type it is the name in that, for the root may stand far below it.
    """
    text = as_utf8(head)
    at = 0
    while True:
        at = _behind_space(text, at)
        if text.startswith(b"<?", at):
            end, size = text.find(b"?>", at), 2
        elif text.startswith(b"<!--", at):
            end, size = text.find(b"-->", at), 3
        else:
            break
        if end < 0:
            return ""
        at = end + size
    if text.startswith(b"<!DOCTYPE", at):
        at = _behind_space(text, at + len(b"<!DOCTYPE")) - 1
    elif not text.startswith(b"<", at):
        return ""
    name = _NAME.match(text, at + 1)
    return "" if name is None else local(name[0].decode("utf-8", errors="replace"))


def _behind_space(text: bytes, at: int) -> int:
    found = _SPACE.match(text, at)
    return at if found is None else found.end()


def behind(text: bytes, cut: Break, name: str) -> Iterator[int]:
    """The lines of the tags that open an element ``name``, whatever its prefix, behind the tag where a walk ended."""
    tag = re.compile(rb"<(?:[\w.-]{1,50}:)?" + re.escape(name.encode()) + rb"[\s/>]")
    line, at = cut.line, cut.offset
    for found in tag.finditer(text, cut.offset + 1):
        line += _line_ends(text, at, found.start())
        at = found.start()
        yield line


def _line_ends(text: bytes, start: int, end: int) -> int:
    """How many lines end between these bytes: with LF, CRLF or CR."""
    returns = text.count(b"\r", start, end)
    return text.count(b"\n", start, end) + (returns - text.count(b"\r\n", start, end) if returns else 0)
