"""What a page says of itself to those who do not read it: search engines, and programs that show a link to it.

Everything is taken from the scene. What needs an address of the page is said only where the page has one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any, Final

from geo.errors import RenderError
from geo.render.layer import sources_of
from geo.render.markup import SOURCES, is_linked, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.render.published import Published

Json = dict[str, Any]

# Open Graph wants a country with the language; English dates here are written the British way.
_LOCALES: Final = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU", "az": "az_AZ", "kk": "kk_KZ", "ar": "ar_AR"}
#: Px of the poster that ``Published`` names.
_POSTER: Final = (1200, 630)
_ABSOLUTE: Final = re.compile(r"https?://[^/\s]+(/\S*)?", re.IGNORECASE)
#: The article as its data set names it.
_ARTICLE: Final = "#flightcase"


def head(scene: Mapping[str, Any], published: Published | None = None, languages: Iterable[str] = ()) -> str:
    """Elements for the head of a page: description, Open Graph, the card for posts, links where there are addresses.

    Args:
        scene: what ``compose`` made.
        published: the addresses of the page and of what belongs to it.
        languages: others than the scene's that the page itself carries.

    Raises:
        RenderError: for an address that is not absolute.
    """
    _check(published)
    title, standfirst = plain(scene["title"]), plain(scene["standfirst"])
    others = [*languages, *(published.languages if published else ())]
    graph = [
        ("og:type", "article"),
        ("og:title", title),
        ("og:description", standfirst),
        ("og:locale", _LOCALES.get(scene["language"])),
        *(("og:locale:alternate", _LOCALES.get(each)) for each in dict.fromkeys(others) if each != scene["language"]),
        ("article:modified_time", scene["updated"]),
        *(_addressed(scene, published) if published else ()),
    ]
    poster = bool(published and published.poster)
    return "\n".join(
        [
            f'<meta name="description" content="{escape(standfirst)}">',
            '<meta name="robots" content="max-image-preview:large">',
            *(f'<meta property="{key}" content="{escape(value)}">' for key, value in graph if value),
            f'<meta name="twitter:card" content="summary{"_large_image" if poster else ""}">',
            *(_links(title, published) if published else ()),
        ]
    )


def _check(published: Published | None) -> None:
    if published is None:
        return
    named = {
        "page": published.page,
        "poster": published.poster,
        "oembed": published.oembed,
        **{f"languages[{key}]": value for key, value in published.languages.items()},
        **{f"data[{key}]": value for key, value in published.data.items()},
    }
    for name, address in named.items():
        if (address or name == "page") and not _ABSOLUTE.fullmatch(address):
            raise RenderError(
                f"{name} is {address!r}, and not an address; write it whole, as https://example.org/page/"
            )


def _addressed(scene: Mapping[str, Any], published: Published) -> list[tuple[str, str | None]]:
    told: list[tuple[str, str | None]] = [("og:url", published.page), ("og:site_name", published.publisher)]
    if published.poster:
        width, height = _POSTER
        told += [
            ("og:image", published.poster),
            ("og:image:type", "image/png"),
            ("og:image:width", str(width)),
            ("og:image:height", str(height)),
            ("og:image:alt", scene["description"]),
        ]
    return told


def _links(title: str, published: Published) -> list[str]:
    links = [f'<link rel="canonical" href="{escape(published.page)}">']
    links += [
        f'<link rel="alternate" hreflang="{escape(language)}" href="{escape(address)}">'
        for language, address in published.languages.items()
    ]
    if published.oembed:
        kind = "application/json+oembed"
        links.append(f'<link rel="alternate" type="{kind}" href="{escape(published.oembed)}" title="{escape(title)}">')
    return links


def linked_data(scene: Mapping[str, Any], published: Published | None = None) -> Json:
    """The page in the vocabulary of schema.org, as JSON-LD: the article, and the data set that is part of it.

    Args:
        scene: what ``compose`` made.
        published: the addresses of the page and of what belongs to it.
    """
    return {"@context": "https://schema.org", "@graph": [_article(scene, published), _dataset(scene, published)]}


def _filled(entries: Json) -> Json:
    return {key: value for key, value in entries.items() if value}


def _article(scene: Mapping[str, Any], published: Published | None) -> Json:
    addresses: Json = {}
    if published:
        maker = {"@type": "Organization", "name": published.publisher} if published.publisher else None
        addresses = {
            "url": published.page,
            "mainEntityOfPage": published.page,
            "image": published.poster,
            "publisher": maker,
        }
    return _filled(
        {
            "@type": "NewsArticle",
            "@id": _ARTICLE,
            "headline": plain(scene["title"]),
            "description": plain(scene["standfirst"]),
            "inLanguage": scene["language"],
            "dateModified": scene["updated"],
            "version": scene.get("version"),
            "about": _filled({"@type": "Flight", "flightNumber": scene["flight"]}) if scene.get("flight") else None,
            **addresses,
            "correction": [_correction(each) for each in scene["corrections"]],
            "citation": _citations(scene, published),
        }
    )


def _correction(correction: Mapping[str, Any]) -> Json:
    return _filled(
        {
            "@type": "CorrectionComment",
            "text": plain(correction["text"]),
            "datePublished": correction.get("datetime"),
        }
    )


def _citations(scene: Mapping[str, Any], published: Published | None) -> list[Json]:
    """The sources, each by its entry in the list of the page; without addresses, where no one follows it, the list."""
    sources = sources_of(scene)
    if sources and not published:
        return [{"@type": "CreativeWork", "@id": f"#{SOURCES}", "name": scene["words"]["sources"]}]
    return [_citation(source) for source in sources.values()]


def _citation(source: Mapping[str, Any]) -> Json:
    entry = {"@id": f"#s-{source['id']}"}
    # "title, publisher": the publisher is what is linked, or the title where nothing stands before it.
    title = source["before"].rstrip(", ")
    publisher = {"@type": "Organization", "name": source["link"]} if title else None
    url = source["url"] if is_linked(source.get("url")) else None
    named = {"name": title or source["link"], "publisher": publisher, "url": url, "inLanguage": source.get("language")}
    return {"@type": "CreativeWork", **entry, **_filled(named)}


def _dataset(scene: Mapping[str, Any], published: Published | None) -> Json:
    measured = [quantity["caption"] for quantity in (scene.get("profile"), *scene.get("profiles", ())) if quantity]
    files = published.data.items() if published else ()
    return _filled(
        {
            "@type": "Dataset",
            "name": plain(scene["title"]),
            "description": scene["description"],
            "isPartOf": {"@id": _ARTICLE},
            "temporalCoverage": "/".join(_iso(scene["time"][end]) for end in ("start", "end")),
            "spatialCoverage": {"@type": "Place", "geo": {"@type": "GeoShape", "box": _box(scene["map"]["fit"])}},
            "variableMeasured": measured,
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": media, "contentUrl": address} for media, address in files
            ],
        }
    )


def _iso(seconds: float) -> str:
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%dT%H:%M:%SZ}"


def _box(fit: Iterable[float]) -> str:
    """``south west north east`` in degrees, as GeoShape has it; over the antimeridian west is the greater."""
    west, south, east, north = fit
    if east - west >= 360:  # noqa: PLR2004  degrees of a whole circle
        west, east = -180.0, 180.0
    return " ".join(f"{degrees:.5g}" for degrees in (south, _turned(west), north, _turned(east)))


def _turned(lon: float) -> float:
    return lon if -180 <= lon <= 180 else (lon + 180) % 360 - 180  # noqa: PLR2004  degrees
