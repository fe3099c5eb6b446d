"""Web addresses as people copy them: without what follows a reader about, apart from the archive that holds the copy.

Nothing is fetched. An address is taken apart by what it says itself.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

WEB: Final = re.compile(r"https?://[^\s<>\"'`\\]+", re.IGNORECASE)
_LONGEST: Final = 4000
#: Parts of a query that say who shared a page, and nothing of the page.
_TRACKERS: Final = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|ysclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid|mkt_tok|"
    r"_ga|_gl|at_\w+|ns_\w+|wt_?mc|xtor|cmpid|ocid|smid|smtyp|guccounter|guce_\w+|ref_src|ref_url|oref|openstat|"
    r"__twitter_impression|spm|trk|_hs\w+|hsa_\w+|pk_\w+|piwik_\w+|matomo_\w+|s_cid|ncid|icid|traffic_source|feature",
    re.IGNORECASE,
)
#: Archives whose addresses hold the address of the original: in the Wayback Machine and its like, and archive.today.
_WRAPPED: Final = re.compile(
    r"https?://(?:web\.archive\.org|archive\.org|www\.webarchive\.org\.uk|webarchive\.nationalarchives\.gov\.uk|"
    r"arquivo\.pt|web-beta\.archive\.org|archive\.(?:today|ph|is|li|vn|fo|md))/"
    r"(?:web/|wayback/|en/archive/|o/\w+/)*(?:\d{4,14}(?:[a-z]{2}_)?|\d{4}\.\d\d\.\d\d-\d{6})?/?(?P<url>https?:/{1,2}.+)",
    re.IGNORECASE,
)
#: A short address of an archive, which does not say what it holds.
_SHORT: Final = re.compile(
    r"https?://(?:archive\.(?:today|ph|is|li|vn|fo|md)/[A-Za-z0-9]{4,8}|perma\.cc/\w{4}-\w{4}|ghostarchive\.org/archive/\w+|"
    r"megalodon\.jp/.+|webcitation\.org/\w+)/?(?:[?#].*)?",
    re.IGNORECASE,
)
#: Addresses that only pass on to another: the host, and the part of the query that holds it.
_PASSING: Final = {
    "l.facebook.com/l.php": "u",
    "lm.facebook.com/l.php": "u",
    "google.com/url": "url",
    "google.com/url?q": "q",
    "youtube.com/redirect": "q",
    "out.reddit.com/": "url",
    "vk.com/away.php": "to",
}
_AMP: Final = re.compile(r"https?://(?:www\.)?google\.[a-z.]+/amp/s/(?P<url>.+)", re.IGNORECASE)
_DOI: Final = re.compile(
    r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(?P<doi>10\.\d{4,9}/[^\s<>\"'`\\]+)", re.IGNORECASE
)


def original(address: str) -> tuple[str | None, str | None]:
    """The address of a page and that of its archived copy; either may be unknown.

    ``https://web.archive.org/web/20241226/https://example.org/`` has both, a short address of archive.today the copy
    alone, any other the page alone.
    """
    address = address.strip()[:_LONGEST]
    wrapped = _WRAPPED.fullmatch(address)
    if wrapped:
        inner = re.sub(r"^(https?):/+", r"\1://", unquoted(wrapped["url"]), flags=re.IGNORECASE)
        return cleaned(inner), address
    if _SHORT.fullmatch(address):
        return None, address
    return cleaned(address), None


def unquoted(address: str) -> str:
    """An address that was put whole into another one."""
    return unquote(address) if re.match(r"https?%3a", address, re.IGNORECASE) else address


def cleaned(address: str) -> str:
    """An address without what follows a reader about, and without the site that only passes on to it."""
    for _ in range(3):
        inner = _inner(address)
        if inner is None:
            break
        address = inner
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return address
    if not host:
        return address
    query = "&".join(part for part in parts.query.split("&") if not _TRACKERS.fullmatch(part.split("=", 1)[0]))
    # Text fragments are of the browser that copied them, a name and a password are of nobody else.
    fragment = parts.fragment.split(":~:", 1)[0]
    netloc = parts.netloc.rpartition("@")[2]
    netloc = netloc.replace(netloc.split(":", 1)[0], netloc.split(":", 1)[0].lower(), 1)
    return urlunsplit((parts.scheme.lower(), netloc, parts.path, query, fragment))


def _inner(address: str) -> str | None:
    """The address that this one passes on to."""
    amp = _AMP.fullmatch(address)
    if amp:
        return f"https://{amp['url']}"
    try:
        parts = urlsplit(address)
        asked = dict(parse_qsl(parts.query))
    except ValueError:
        return None
    here = f"{(parts.hostname or '').removeprefix('www.')}{parts.path or '/'}"
    for passing, name in _PASSING.items():
        inner = asked.get(name, "")
        if here == passing.partition("?")[0] and WEB.fullmatch(inner):
            return inner
    return None


def compared(address: str) -> str:
    """What two addresses of one page have in common: no scheme, no ``www``, no tracking, no slash at the end."""
    url, archived = original(address)
    if url is None:
        return (archived or "").partition("://")[2].rstrip("/")
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return url
    host = re.sub(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.)", "", host)
    path = re.sub(r"/(?:amp|index\.(?:html?|php))$", "", quote(unquote(parts.path), safe="/@:+,;=!$&'()*~").rstrip("/"))
    query = urlencode(sorted((name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True)))
    # What stands after "#!" or "#/" is the page itself on some sites, anything else a place in it.
    fragment = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    shown_port = f":{port}" if port and port not in (80, 443) else ""
    return f"{host}{shown_port}{path}{'?' if query else ''}{query}{fragment}"


def host_of(address: str) -> str:
    """``reuters.com``: where an address leads, in short; empty where it cannot be told."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def doi_address(text: str) -> str | None:
    """The web address of the first DOI in a text."""
    found = _DOI.search(text)
    if not found:
        return None
    return f"https://doi.org/{trimmed(found['doi'])}"


def trimmed(address: str) -> str:
    """An address found in a sentence, without the marks that belong to the sentence."""
    while address:
        last = address[-1]
        opening = {")": "(", "]": "[", "}": "{"}.get(last)
        if last in ".,;:!?»”’“*_|>" or (opening and address.count(last) > address.count(opening)):
            address = address[:-1]
            continue
        break
    return address
