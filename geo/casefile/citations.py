"""Citations as people paste them, taken apart into sources: addresses, sentences, BibTeX, RIS, wiki templates.

Nothing is fetched and nothing is guessed: what a citation does not say stays empty, to be asked for. What it says and
a source has no field for, an author's name for instance, goes into its note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from geo.casefile.addresses import WEB, doi_address, host_of, original, trimmed
from geo.casefile.bibliographies import entries
from geo.casefile.typed import typed_when

if TYPE_CHECKING:
    from datetime import date

    from geo.casefile.bibliographies import Fields

_MOST: Final = 200_000
#: A line of more letters than this is no citation.
_LONGEST: Final = 4000
_FEW_WORDS: Final = 5
_SHORTEST_TITLE: Final = 2
_DAY: Final = (
    r"\d{4}-\d\d-\d\d|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d{1,2}\.?\s+[^\W\d_]{3,}\.?,?\s+\d{4}|"
    r"[^\W\d_]{3,}\.?\s+\d{1,2},?\s+\d{4}|\d{4},?\s+[^\W\d_]{3,}\.?\s+\d{1,2}|[^\W\d_]{3,}\.?\s+\d{4}|(?:19|20)\d\d"
)
_DATED: Final = re.compile(rf"(?<![\w/.-])(?P<day>{_DAY})(?![\w/-])")
_RETRIEVED: Final = re.compile(
    r"[\[(]?\b(?:last\s+)?(?:retrieved|accessed|access\s+date|viewed|abgerufen|zugriff|abruf|consulté|consultado|"
    r"дата\s+обращения|проверено|qaralan\s+tarix|qaralıb|жүгінген\s+күні|اطلع\s+عليه)"  # noqa: RUF001  letters and marks of other languages
    rf"(?:\s+(?:on|am|le|el|в|vom))?\s*:?\s*(?P<day>{_DAY})[\])]?",
    re.IGNORECASE,
)
_ARCHIVED: Final = re.compile(
    rf"\b(?:archived|archiviert)(?:\s+(?:from\s+the\s+original|copy|vom\s+original))?(?:\s+(?:on|am)\s+(?:{_DAY}))?(?:\s+(?:at|under|unter|here))?",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(
    r"\b(?:available\s+(?:at|from|online(?:\s+at)?)|retrieved\s+from|online(?:\s+at|\s+unter)?|verfügbar\s+unter|url|link|"
    r"доступно(?:\s+по\s+ссылке)?|режим\s+доступа|электронный\s+ресурс|doi)\s*:?\s*(?=$|[,.;])",  # noqa: RUF001  letters and marks of other languages
    re.IGNORECASE,
)
_QUOTED: Final = (
    re.compile(r"“([^“”]{2,})”"),
    re.compile(r"„([^„“”]{2,})[“”]"),
    re.compile(r"«([^«»]{2,})»"),
    re.compile(r"»([^«»]{2,})«"),
    re.compile(r"‘(.{2,}?)’(?=$|[\s,.;:)])"),  # noqa: RUF001  letters and marks of other languages
    re.compile(r"‚(.{2,}?)[‘’](?=$|[\s,.;:)])"),  # noqa: RUF001  letters and marks of other languages
    re.compile(r"\"([^\"]{2,})\""),
    re.compile(r"(?<!\w)'(.{2,}?)'(?!\w)"),
)
_MARKDOWN: Final = re.compile(r"\[([^\[\]]{2,})\]\((https?://[^\s()]*(?:\([^\s()]*\)[^\s()]*)*)\)")
_LANGUAGES: Final = {
    "english": "en", "british": "en", "american": "en", "german": "de", "ngerman": "de", "deutsch": "de",
    "russian": "ru", "русский": "ru", "french": "fr", "francais": "fr", "spanish": "es", "turkish": "tr",
    "azerbaijani": "az", "kazakh": "kk", "arabic": "ar", "japanese": "ja", "korean": "ko", "ukrainian": "uk",
    "belarusian": "be", "polish": "pl", "lithuanian": "lt", "dutch": "nl", "italian": "it", "chinese": "zh",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Citation:
    """What a citation says of its source; what it does not say is empty or ``None``.

    ``published`` and ``retrieved`` are a day, or ``"2024-12"`` and ``"2024"`` where no more is said.
    """

    publisher: str = ""
    title: str = ""
    url: str | None = None
    published: date | str | None = None
    retrieved: date | str | None = None
    archived: str | None = None
    language: str | None = None
    note: str = ""

    @property
    def entry(self) -> dict[str, Any]:
        """The source as ``[sources.<id>]`` has it; publisher and title stand there also where they are unsaid."""
        values = {
            "publisher": self.publisher,
            "title": self.title,
            "url": self.url,
            "published": self.published,
            "retrieved": self.retrieved,
            "archived": self.archived,
            "language": self.language,
            "note": self.note or None,
        }
        return {key: value for key, value in values.items() if value is not None}


def read_citations(text: str) -> tuple[Citation, ...]:
    """All citations of a text: every entry of a bibliography, else one for each line with an address of its own.

    Raises:
        ValueError: when there is none in it, with what to paste instead.
    """
    if len(text) > _MOST:
        raise ValueError(f"this text has {len(text):,} letters; paste at most {_MOST:,} at a time")
    found = tuple(_of_fields(fields) for fields in entries(text))
    if not found:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(WEB.search(line) or doi_address(line) for line in lines):
            parts = lines
        else:
            groups = groupby(text.splitlines(), key=lambda line: bool(line.strip()))
            parts = [" ".join(group) for is_said, group in groups if is_said]
        found = tuple(_of_sentence(part) for part in parts)
    if not found:
        raise ValueError("nothing was pasted; paste a web address, a citation with its title, BibTeX, RIS or a DOI")
    return found


def read_citation(text: str) -> Citation:
    """The one citation that a text is; raises what ``read_citations`` raises, and for several."""
    found = read_citations(text)
    if len(found) > 1:
        raise ValueError(f"these are {len(found)} citations; paste one here")
    return found[0]


# --- entries of a bibliography ---------------------------------------------------------------------------------------


def _of_fields(fields: Fields) -> Citation:
    address = WEB.search(fields.get("url", ""))
    url, archived = original(trimmed(address[0])) if address else (None, None)
    if WEB.fullmatch(fields.get("archived", "")):
        archived = fields["archived"]
    doi = doi_address(fields.get("doi", ""))
    author, publisher = fields.get("author", ""), fields.get("publisher", "")
    return Citation(
        publisher=publisher or author,
        title=fields.get("title", ""),
        url=url or doi,
        published=_day(fields.get("published", "")),
        retrieved=_day(fields.get("retrieved", "")),
        archived=archived,
        language=_language(fields.get("language", "")),
        note=author.replace(" and ", "; ") if publisher else "",
    )


def _language(name: str) -> str | None:
    name = name.strip().casefold()
    if name in _LANGUAGES:
        return _LANGUAGES[name]
    tag = re.fullmatch(r"([a-z]{2})(?:[-_][a-z]{2})?", name)
    return tag[1] if tag else None


def _day(text: str) -> date | str | None:
    """A day, a month or a year; ``None`` for what is none, or has a time of day."""
    turned = re.fullmatch(r"(\d{4}),?\s+([^\W\d_]{3,}\.?)\s+(\d{1,2})", text.strip())
    try:
        value = typed_when(f"{turned[3]} {turned[2]} {turned[1]}" if turned else text, None, {}).value
    except ValueError:
        return None
    return None if isinstance(value, dict) or hasattr(value, "hour") else value


# --- sentences -------------------------------------------------------------------------------------------------------


def _of_sentence(text: str) -> Citation:
    """What a sentence says: its address, its dates, its title in quotation marks, and who published it."""
    if len(text) > _LONGEST:
        raise ValueError(f"this line has {len(text):,} letters; a citation has at most {_LONGEST:,}")
    rest = " ".join(text.split())
    title = ""
    if linked := _MARKDOWN.search(rest):
        title = linked[1].strip("*_ ")
        rest = f"{rest[: linked.start()]} {linked[2]} {rest[linked.end() :]}"
    url, archived, rest = _addresses(rest)
    retrieved, rest = _found_day(_RETRIEVED, rest)
    rest = _LABEL.sub(" ", _ARCHIVED.sub(" ", rest))
    if not title:
        title, rest = _title(rest)
    published, before, after = _published(rest)
    if not title and before.endswith("(") and before.strip(" ("):
        # Author (2024, December 25). Title. Publisher.
        title, _, after = after.lstrip(" ).").partition(". ")
        title = title.strip(" .,")
    title, publisher, left = _names(title, before, after, url or archived or "")
    if not (url or archived or (title and (publisher or published))):
        raise ValueError(
            f"no web address and no title with its publisher was found in {text.strip()[:60]!r}; write for example "
            "Reuters, “Title”, 25 December 2024, https://…"
        )
    return Citation(publisher, title, url, published, retrieved, archived, note=", ".join(left))


def _addresses(text: str) -> tuple[str | None, str | None, str]:
    """The address of the page, that of its archived copy, and the text without them."""
    own: str | None = None
    wrapped: str | None = None
    archived: str | None = None
    text = re.sub(r"(?<![\w/.@-])www\.(?=[\w-]+\.\w)", "https://www.", text)
    for found in WEB.findall(text):
        address = trimmed(found)
        page, copy = original(address)
        own, wrapped = (own or page, wrapped) if copy is None else (own, wrapped or page)
        archived = archived or copy
        text = text.replace(address, "\x00", 1)
    # The address of the page itself comes before the one that its archived copy names.
    url = own or wrapped
    if url is None and (doi := doi_address(text)):
        url = doi
        text = re.sub(
            r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+", "\x00", text, count=1, flags=re.IGNORECASE
        )
    return url, archived, re.sub(r"[<(\[]?\x00[>)\]]?", " ", text)


def _found_day(pattern: re.Pattern[str], text: str) -> tuple[date | str | None, str]:
    for found in pattern.finditer(text):
        day = _day(found["day"])
        if day is not None:
            return day, f"{text[: found.start()]} {text[found.end() :]}"
    return None, text


def _title(text: str) -> tuple[str, str]:
    """The title in quotation marks, and the text with a mark where it stood."""
    for pattern in _QUOTED:
        if found := pattern.search(text):
            return found[1].strip(" ,.") or found[1], f"{text[: found.start()]}\x01{text[found.end() :]}"
    return "", text


def _published(text: str) -> tuple[date | str | None, str, str]:
    """The day of publication, and the text before and after the title, else before and after the day."""
    day: date | str | None = None
    for found in _DATED.finditer(text):
        day = _day(found["day"])
        if day is not None:
            text = f"{text[: found.start()]}\x02{text[found.end() :]}"
            break
    if "\x01" in text:
        before, _, after = text.replace("\x02", ",").partition("\x01")
        return day, before, after
    before, _, after = text.partition("\x02")
    return day, before, after


def _names(title: str, before: str, after: str, address: str) -> tuple[str, str, list[str]]:
    """Title, publisher and what is left of what stands before and after the title or the day."""
    first, last = _parts(before), _parts(after)
    if title:
        publisher = (last or first or [""])[0]
        left = [part for part in (*first, *last) if part != publisher]
        return title, publisher, left
    parts = first + last
    host = re.sub(r"[\W_]", "", host_of(address).casefold())
    known = [part for part in parts if (word := re.sub(r"[\W_]", "", part.casefold())) and word in host]
    if len(parts) < 2:  # noqa: PLR2004  a title and a publisher
        return ("", known[0], []) if known else ((parts or [""])[0], "", [])
    ends = [part for part in (parts[0], parts[-1]) if len(part.split()) <= _FEW_WORDS]
    publisher = (known or sorted(ends, key=len) or [parts[-1]])[0]
    rest = [part for part in parts if part != publisher]
    return ", ".join(rest), publisher, []


def _parts(text: str) -> list[str]:
    """The parts of a text between commas, full stops and dashes; those without a letter are none."""
    parts = re.split(r"[,;|•\x02]|\s[-–—]\s|(?<=\w\w)\.(?=\s|$)|:\s|(?<=[)\]])\.", text)
    cleaned = [
        re.sub(r"^(?:in|by|von|via)\s*:?\s+", "", part.strip(' .*_()[]{}<>"“”„'), flags=re.IGNORECASE) for part in parts
    ]
    return [part for part in cleaned if re.search(r"\w", part) and len(part) >= _SHORTEST_TITLE]
