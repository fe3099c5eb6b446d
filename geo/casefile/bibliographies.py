"""Citations as reference managers and encyclopedias write them: BibTeX, RIS, templates of a wiki.

Each reader gives the fields of every entry by names of our own: title, publisher, author, url, archived, published,
retrieved, language, doi. What a field holds is text as it stood there.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Fields = dict[str, str]

_BIBTEX: Final = {
    "title": ("title",),
    "publisher": (
        "journal", "journaltitle", "newspaper", "booktitle", "maintitle", "publisher", "organization", "institution",
        "school", "website",
    ),
    "author": ("author", "editor"),
    "url": ("url", "howpublished", "note"),
    "archived": ("archiveurl", "archive-url"),
    "published": ("date", "year"),
    "retrieved": ("urldate", "lastchecked", "accessed"),
    "language": ("langid", "language"),
    "doi": ("doi",),
}  # fmt: skip
_RIS: Final = {
    "title": ("TI", "T1", "CT", "BT"),
    "publisher": ("T2", "JO", "JF", "JA", "PB"),
    "author": ("AU", "A1"),
    "url": ("UR", "L1", "L2", "LK"),
    "published": ("DA", "PY", "Y1"),
    "retrieved": ("Y2",),
    "language": ("LA",),
    "doi": ("DO",),
}
_WIKI: Final = {
    "title": ("title", "titel", "заглавие", "başlıq", "script-title"),  # noqa: RUF001  letters and marks of other languages
    "publisher": (
        "website", "work", "newspaper", "magazine", "journal", "werk", "sammelwerk", "zeitung", "издание", "agency",
        "publisher", "hrsg", "издательство", "nəşriyyat",
    ),
    "author": ("author", "last", "autor", "автор"),
    "url": ("url", "ссылка"),
    "archived": ("archive-url", "archiveurl", "archiv-url", "archiveurl"),
    "published": ("date", "datum", "дата", "tarix", "year"),
    "retrieved": ("access-date", "accessdate", "abruf", "zugriff", "дата обращения"),
    "language": ("language", "lang", "sprache", "язык"),
    "doi": ("doi",),
}  # fmt: skip
_ENTRY: Final = re.compile(r"@(?P<kind>[A-Za-z]+)\s*\{\s*(?P<key>[^\s,{}=]*)\s*,")
_FIELD: Final = re.compile(r"\s*,?\s*(?P<name>[A-Za-z][\w-]*)\s*=\s*")
_RIS_LINE: Final = re.compile(r"^\s*(?P<tag>[A-Z][A-Z0-9])  ?- ?(?P<value>.*)$")
_TEMPLATE: Final = re.compile(
    r"\{\{\s*(?:cite|citation|internetquelle|literatur|cytuj|статья|cite web|публикация)\b[^|{}]*\|", re.IGNORECASE
)
_ACCENTS: Final = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "c": "\u0327", "k": "\u0328",
}  # fmt: skip
_LETTERS: Final = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ",  # noqa: RUF001  letters and marks of other languages
}  # fmt: skip


def entries(text: str) -> list[Fields]:
    """The entries of a text in one of the three forms; none where it is in none of them."""
    if _ENTRY.search(text):
        return list(_bibtex(text))
    if re.search(r"^\s*TY  ?- ?", text, re.MULTILINE):
        return list(_ris(text))
    if _TEMPLATE.search(text):
        return list(_wiki(text))
    return []


def _named(raw: dict[str, str], names: dict[str, tuple[str, ...]]) -> Fields:
    found = {ours: next((raw[name] for name in theirs if raw.get(name)), "") for ours, theirs in names.items()}
    return {name: value for name, value in found.items() if value}


# --- BibTeX ----------------------------------------------------------------------------------------------------------


def _bibtex(text: str) -> Iterator[Fields]:
    for entry in _ENTRY.finditer(text):
        if entry["kind"].lower() in ("comment", "string", "preamble"):
            continue
        raw: dict[str, str] = {}
        at = entry.end()
        while field := _FIELD.match(text, at):
            value, at = _value(text, field.end())
            raw.setdefault(field["name"].lower(), _unlatexed(value))
        month, year = raw.get("month", ""), raw.get("year", "")
        if year and month and "date" not in raw:
            # "25 dec" and "dec 25" stand in the month where a day is known.
            raw["date"] = f"{month} {year}" if not month.isdigit() else f"{year}-{int(month):02}"
        if "url" in (fields := _named(raw, _BIBTEX)) and "://" not in fields["url"]:
            del fields["url"]
        if fields:
            yield fields


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins there, in braces, in quotes or bare, and where it ends."""
    if text[at : at + 1] not in ("{", '"'):
        bare = re.compile(r"[^,}\s]*").match(text, at)
        return (bare[0], bare.end()) if bare else ("", at)
    quoted, depth, begin = text[at] == '"', 0, at + 1
    for end in range(begin, len(text)):
        letter = text[end]
        if letter == "{" and text[end - 1] != "\\":
            depth += 1
        elif letter == "}" and text[end - 1] != "\\":
            if not quoted and depth == 0:
                return text[begin:end], end + 1
            depth -= 1
        elif letter == '"' and quoted and depth == 0 and text[end - 1] != "\\":
            return text[begin:end], end + 1
    return text[begin:], len(text)


def _unlatexed(text: str) -> str:
    """A value without what LaTeX needs: accents become letters, braces go."""
    text = re.sub(r"\\url\s*\{([^{}]*)\}", r"\1", text)
    text = re.sub(
        r"\\(?:([`'^~=.\"])\s*|([urHvck])(?![A-Za-z])\s*)\{?\\?([A-Za-z])\}?",
        lambda found: unicodedata.normalize("NFC", found[3] + _ACCENTS[found[1] or found[2]]),
        text,
    )
    text = re.sub(
        r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j)(?![A-Za-z])(?:\{\}|\s)?", lambda found: _LETTERS[found[1]], text
    )
    text = re.sub(r"\\(?:emph|textit|textbf|texttt|mbox)\s*(?=\{)", "", text)
    text = re.sub(r"\\([&%$#_{}])", r"\1", text.replace("---", "—").replace("--", "–").replace("~", " "))
    text = text.replace("``", "“").replace("''", "”")
    return " ".join(re.sub(r"(?<!\\)[{}]", "", text).split())


# --- RIS and wikis ---------------------------------------------------------------------------------------------------


def _ris(text: str) -> Iterator[Fields]:
    raw: dict[str, str] = {}
    for line in [*text.splitlines(), "ER  - "]:
        found = _RIS_LINE.match(line)
        if not found:
            continue
        tag, value = found["tag"], " ".join(found["value"].split())
        if tag in ("ER", "TY"):
            if fields := _named(raw, _RIS):
                yield _ris_dates(fields)
            raw = {}
        elif value:
            raw.setdefault(tag, value)


def _ris_dates(fields: Fields) -> Fields:
    """Dates as ISO 8601 has them: RIS writes ``2024/12/25/`` and ``2024///``."""
    for name in ("published", "retrieved"):
        parts = [part for part in fields.get(name, "").split("/")[:3] if part.strip().isdigit()]
        if parts and "/" in fields[name]:
            fields[name] = "-".join([parts[0], *(f"{int(part):02}" for part in parts[1:])])
    return fields


def _wiki(text: str) -> Iterator[Fields]:
    for template in _TEMPLATE.finditer(text):
        inside = re.compile(r"(?:\[\[[^\[\]]*\]\]|\{\{[^{}]*\}\}|[^{}])*").match(text, template.end())
        raw: dict[str, str] = {}
        for part in re.split(r"\|(?![^\[\]]*\]\])", inside[0] if inside else ""):
            name, equals, value = part.partition("=")
            if equals and value.strip():
                raw.setdefault(name.strip().casefold(), _unlinked(value))
        if fields := _named(raw, _WIKI):
            yield fields


def _unlinked(text: str) -> str:
    """A value of a template without links and marks of the wiki."""
    text = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]", r"\1", text)
    return " ".join(re.sub(r"'{2,}|<[^<>]*>", "", text).split())
