"""What crawlers ask a site for: ``sitemap.xml`` with the languages of each page, and ``robots.txt``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.site.addresses import INDEX, SITEMAP, Addresses
from geo.site.feed import attribute, changed, plain_xml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geo.site.card import Card


def sitemap(cards: Sequence[Card], languages: Sequence[str], addresses: Addresses) -> str:
    """The sitemap of a site that has an address.

    Args:
        cards: all cases.
        languages: of the index, the first one first.
        addresses: where everything stands.
    """
    index = {language: addresses.absolute(addresses.index_folder(language) + INDEX) for language in languages}
    urls = _urls(index, changed(cards))
    for one in cards:
        pages = {
            language: addresses.absolute(addresses.folder_of(one.slug, language, one.languages[0]) + INDEX)
            for language in one.languages
        }
        urls += _urls(pages, one.updated)
    return "\n".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
            *urls,
            "</urlset>",
            "",
        ]
    )


def _urls(pages: Mapping[str, str], changed_on: str) -> list[str]:
    """One page in its languages: each names all of them, itself too, as search engines want it."""
    others = []
    if len(pages) > 1:
        others = [*pages.items(), ("x-default", next(iter(pages.values())))]
    links = [
        f'<xhtml:link rel="alternate" hreflang={attribute(language)} href={attribute(address)}/>'
        for language, address in others
    ]
    last = [f"<lastmod>{changed_on}</lastmod>"] if changed_on else []
    return [
        "\n".join(["<url>", f"<loc>{plain_xml(address)}</loc>", *last, *links, "</url>"]) for address in pages.values()
    ]


def robots(addresses: Addresses) -> str:
    """Everything may be read; where the sitemap is, if there is one."""
    said = "User-agent: *\nAllow: /\n"
    return f"{said}\nSitemap: {addresses.absolute(SITEMAP)}\n" if addresses.base else said
