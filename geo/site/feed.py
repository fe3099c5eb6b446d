"""The feed of corrections: Atom (RFC 4287), one entry for each, the latest first."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

from geo.model import Text
from geo.scene.words import Words
from geo.site.addresses import FEED, INDEX, Addresses

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from geo.site.card import Card

#: What XML 1.0 has no place for.
_FORBIDDEN: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain_xml(text: str) -> str:
    """A text as XML may hold it."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def attribute(text: str) -> str:
    """The same as the value of an attribute, with its quotes."""
    return quoteattr(_FORBIDDEN.sub("\ufffd", text))


def changed(cards: Iterable[Card]) -> str:
    """The day of the last change of all cases, as ISO 8601 has it; empty where none says."""
    return max((day for one in cards for day in (one.updated, *(each.on for each in one.corrections))), default="")


def feed(cards: Sequence[Card], language: str, title: str, name: str, origin: str, addresses: Addresses) -> str:
    """The feed in a language; empty where no case says when it changed, as a feed has to.

    An id is made of the case, the day and the place among the corrections of that day: mending the words of a
    correction leaves it as it is. Days have no time; the feed says midnight UTC.

    Args:
        cards: all cases.
        language: of the feed.
        title: of the site.
        name: of who publishes, or the title once more.
        origin: what ids begin with.
        addresses: of a site that has an address.
    """
    last = changed(cards)
    if not last:
        return ""
    words, folder = Words(language), addresses.index_folder(language)
    entries = sorted(
        ((change.on, one.slug, number, change, one) for one in cards for number, change in enumerate(one.corrections)),
        key=lambda entry: entry[:3],
        reverse=True,
    )
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={attribute(language)}>',
            f"<title>{plain_xml(words.say('Corrections'))} – {plain_xml(title)}</title>",
            f"<id>{_id(origin, 'feed', language)}</id>",
            f"<updated>{last}T00:00:00Z</updated>",
            f"<author><name>{plain_xml(name)}</name></author>",
            f'<link rel="self" type="application/atom+xml" href={attribute(addresses.absolute(folder + FEED))}/>',
            f'<link rel="alternate" type="text/html" href={attribute(addresses.absolute(folder + INDEX))}/>',
            "<generator>Flightcase</generator>",
            *(_entry(one, number, language, origin, addresses) for _, _, number, _, one in entries),
            "</feed>",
            "",
        ]
    )


def _entry(one: Card, number: int, language: str, origin: str, addresses: Addresses) -> str:
    change = one.corrections[number]
    same_day = sum(each.on == change.on for each in one.corrections[:number])
    shown = language if language in one.languages else one.languages[0]
    page = addresses.absolute(addresses.folder_of(one.slug, shown, one.languages[0]) + INDEX)
    title, text = Text(one.title).worded(language), Text(change.text).worded(language)
    return "\n".join(
        [
            f"<entry xml:lang={attribute(text.language)}>",
            f"<title xml:lang={attribute(title.language)}>{plain_xml(title.text)}</title>",
            f"<id>{_id(origin, one.slug, change.on, str(same_day))}</id>",
            f"<published>{change.on}T00:00:00Z</published>",
            f"<updated>{change.on}T00:00:00Z</updated>",
            f'<link rel="alternate" type="text/html" hreflang={attribute(shown)} href={attribute(page)}/>',
            f'<content type="text">{plain_xml(text.text)}</content>',
            "</entry>",
        ]
    )


def _id(*parts: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(("flightcase", *parts))).urn
