"""Text as XML 1.0: escaped, and without the characters that XML forbids.

What XML cannot hold (section 2.2: control characters, halves of surrogates, U+FFFE and U+FFFF) becomes U+FFFD, which
shows that something stood there. A carriage return is written as a reference, or a parser would make a line feed of it.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_REPLACED: Final = "\N{REPLACEMENT CHARACTER}"


def allowed(text: str) -> str:
    """The text with what XML forbids replaced."""
    return _FORBIDDEN.sub(_REPLACED, text)


def content(text: str) -> str:
    """Text as the content of an element."""
    return escape(allowed(text), quote=False).replace("\r", "&#13;")


def quoted(text: str) -> str:
    """Text as the value of an attribute, its line ends and tabs kept."""
    return escape(allowed(text)).replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")


def attributes(**values: str | None) -> str:
    """Attributes by their names; those without a value are left out, and so is a ``_`` behind a name."""
    return "".join(f' {name.rstrip("_")}="{quoted(value)}"' for name, value in values.items() if value)


def element(name: str, text: str | None, **values: str | None) -> str:
    """An element that holds this text; no text, no element."""
    return f"<{name}{attributes(**values)}>{content(text)}</{name}>" if text else ""


def around(name: str, parts: Iterable[str], **values: str | None) -> str:
    """An element around elements that are written already; nothing in it, no element."""
    inner = "".join(parts)
    return f"<{name}{attributes(**values)}>{inner}</{name}>\n" if inner else ""


def unparsed(name: str, markup: str) -> str:
    """An element that holds markup of another language as a text of its own (CDATA); nothing in it, no element."""
    safe = allowed(markup).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>" if markup else ""
