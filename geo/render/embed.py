"""What others paste to show a page in an article: a frame, the element of ``embed.js``, oEmbed, forms of two systems.

Pure functions from addresses and words to text. ``docs/embedding.md`` says what each is for, and what hosts allow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

from geo.errors import RenderError
from geo.render.xml import allowed

if TYPE_CHECKING:
    from collections.abc import Mapping

#: The width at which map and timeline stand side by side with room, px.
WIDTH: Final = 1060
#: From these widths on a frame of fixed height shows the layout well at these heights, px: design/TOKENS.md, 9.
HEIGHTS: Final = ((1040, 720), (600, 860), (0, 720))
#: The height of a frame whose width is not known, px.
HEIGHT: Final = HEIGHTS[0][1]
_CACHE_AGE: Final = 3600
# What a page needs and no more: it runs its script, and its sources open in windows of their own.
_SANDBOX: Final = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
_ALLOW: Final = "fullscreen; clipboard-write"
_ABSOLUTE: Final = re.compile(r"https?://[^/\s]+(/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands for a page: its absolute address, what it shows in words, and its size in px."""

    address: str
    alt: str
    width: int = 1200
    height: int = 630


def height_for(width: int) -> int:
    """The height that suits a frame of fixed height, px.

    Args:
        width: of the frame, px.
    """
    return next(height for least, height in HEIGHTS if width >= least)


def iframe(address: str, title: str, *, height: int = HEIGHT, width: int | str = "100%") -> str:
    """A frame for any article. Where the article has ``embed.js``, it gets the height that the page asks for.

    Args:
        address: of the page.
        title: what a screen reader calls the frame.
        height: px.
        width: px, or a part of what there is, as ``100%``.

    Raises:
        RenderError: for an address that is not absolute.
    """
    return _frame(address, title, width, height, {"data-flightcase": "", "style": "border:0;max-width:100%"})


def element(
    script: str, address: str, title: str, poster: Picture | None = None, *, height: int = HEIGHT, **asked: str
) -> str:
    """The element of ``embed.js``, with the script: its height follows the page, and the article may direct it.

    Without the script it is a link, without any script at all the picture.

    Args:
        script: address of ``embed.js``.
        address: of the page.
        title: what a screen reader calls the frame; the text of the link.
        poster: shown where scripts are off.
        height: kept free until the page says what it wants, px.
        asked: ``t``, ``event``, ``lang``, ``units``, ``theme``, ``plain``, ``static``, ``transparent`` and ``fit``, as
            the element knows them.

    Raises:
        RenderError: for an address that is not absolute.
    """
    _check(script, address)
    said = {"src": address, "title": title, **asked, "style": f"display:block;min-height:{height}px"}
    if height != HEIGHT:
        said["height"] = str(height)
    picture = f'<noscript><a href="{_text(address)}">{_image(poster)}</a></noscript>' if poster else ""
    link = f'<a href="{_text(address)}">{_text(title)}</a>'
    return (
        f'<flight-case{_attributes(said)}>{link}{picture}</flight-case>\n<script src="{_text(script)}" async></script>'
    )


def wordpress(address: str, title: str, *, height: int = HEIGHT) -> str:
    """A frame that WordPress' own ``wp-embed.js`` knows and gives its height, of 1,000 px at most.

    It takes what ``iframe`` takes.
    """
    # WordPress takes the style away when it sets the height; its filters leave `frameborder`.
    more = {"class": "wp-embedded-content", "sandbox": _SANDBOX, "frameborder": "0"}
    return _frame(address, title, "100%", height, more)


def amp(address: str, title: str, poster: Picture, more: str, *, height: int = HEIGHT) -> str:
    """An ``amp-iframe`` that grows to the height of the page.

    Args:
        address: of the page; AMP wants ``https``.
        title: what a screen reader calls the frame.
        poster: shown until the page is there, which lets the frame stand at the top of an article.
        more: on the button that lets the frame grow where AMP does not let it grow by itself.
        height: before it grows, px.

    Raises:
        RenderError: for an address that is not absolute.
    """
    _check(address, poster.address)
    frame = {"src": address, "title": title, "width": "auto", "height": str(height), "layout": "fixed-height"}
    frame |= {"sandbox": _SANDBOX, "resizable": "", "frameborder": "0", "allowfullscreen": ""}
    picture = {"src": poster.address, "alt": poster.alt, "layout": "fill"}
    return (
        f"<amp-iframe{_attributes(frame)}>"
        f"<amp-img placeholder{_attributes(picture)}></amp-img>"
        f'<div overflow tabindex="0" role="button" aria-label="{_text(more)}">{_text(more)}</div>'
        "</amp-iframe>"
    )


def oembed(
    address: str,
    title: str,
    *,
    maxwidth: int | None = None,
    maxheight: int | None = None,
    poster: Picture | None = None,
    provider: str = "Flightcase",
    provider_url: str = "",
) -> dict[str, Any]:
    """What oEmbed 1.0 says of a page: a ``rich`` one, whose HTML is a frame.

    Args:
        address: of the page.
        title: plain text.
        maxwidth: what the one who asks has room for, px.
        maxheight: the same.
        poster: the picture for a preview; left out where it is larger than what there is room for.
        provider: who publishes.
        provider_url: their address.

    Returns:
        Its members in the order of the specification (https://oembed.com), ready for JSON or ``oembed_xml``.

    Raises:
        RenderError: for an address that is not absolute.
    """
    width = min(WIDTH, maxwidth or WIDTH)
    height = min(height_for(width), maxheight or HEIGHTS[1][1])
    said: dict[str, Any] = {
        "type": "rich",
        "version": "1.0",
        "title": allowed(title),
        "provider_name": allowed(provider),
        **({"provider_url": provider_url} if provider_url else {}),
        "cache_age": _CACHE_AGE,
    }
    if poster and poster.width <= (maxwidth or poster.width) and poster.height <= (maxheight or poster.height):
        _check(poster.address)
        said |= {"thumbnail_url": poster.address, "thumbnail_width": poster.width, "thumbnail_height": poster.height}
    # Those who filter HTML take styles away and leave `frameborder`.
    html = _frame(address, title, width, height, {"frameborder": "0", "data-flightcase": ""})
    return {**said, "html": html, "width": width, "height": height}


def oembed_xml(said: Mapping[str, Any]) -> bytes:
    """What ``oembed`` gives, in the XML that oEmbed 1.0 knows too."""
    root = ET.Element("oembed")
    for name, value in said.items():
        ET.SubElement(root, name).text = allowed(str(value))
    written: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return written


def discovery(address: str, title: str, kind: str = "json") -> str:
    """The link in the head of a page by which others find what oEmbed says of it.

    Args:
        address: of that.
        title: of the page.
        kind: ``json`` or ``xml``.

    Raises:
        RenderError: for an address that is not absolute.
    """
    _check(address)
    media = {"json": "application/json+oembed", "xml": "text/xml+oembed"}[kind]
    return f"<link{_attributes({'rel': 'alternate', 'type': media, 'href': address, 'title': title})}>"


def _frame(address: str, title: str, width: int | str, height: int, more: Mapping[str, str]) -> str:
    _check(address)
    said = {"src": address, "title": title, "width": str(width), "height": str(height), "loading": "lazy"}
    return f"<iframe{_attributes({**said, 'allow': _ALLOW, **more})}></iframe>"


def _image(picture: Picture) -> str:
    _check(picture.address)
    said = {"src": picture.address, "alt": picture.alt, "width": str(picture.width), "height": str(picture.height)}
    return f"<img{_attributes({**said, 'style': 'max-width:100%;height:auto'})}>"


def _attributes(said: Mapping[str, str]) -> str:
    return "".join(f' {name}="{_text(value)}"' if value else f" {name}" for name, value in said.items())


def _text(words: str) -> str:
    return escape(allowed(words))


def _check(*addresses: str) -> None:
    for address in addresses:
        if not _ABSOLUTE.fullmatch(address):
            told = f"{address[:80]!r} is no address that others reach; write it whole, as https://example.org/page/"
            raise RenderError(told)
