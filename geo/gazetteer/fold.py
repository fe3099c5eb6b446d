"""The three forms of a name: cleaned, exact (case set aside) and folded (accents, script, spaces set aside too)."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from anyascii import anyascii

_SPACES: Final = re.compile(r"\s+")
_NOT_KEY: Final = re.compile(r"[^a-z0-9]+")
_PALOCHKA: Final = "\u04c0\u04cf"
# Chechen and its neighbours write the letter palochka, keyboards seldom have it: people type 1, I or l in its stead.
_PALOCHKA_TYPED: Final = re.compile(r"(?<=[\u0400-\u04ff])[1Il|](?=[\u0400-\u04ff]|$)")
_PREPARED: Final = str.maketrans(dict.fromkeys(_PALOCHKA) | {"ё": "е", "Ё": "Е"})  # noqa: RUF001  Cyrillic is meant


def clean(name: str) -> str:
    """The name in Unicode NFC, without invisible marks, with single spaces."""
    if name.isascii():
        return _SPACES.sub(" ", name).strip()
    seen = "".join(sign for sign in unicodedata.normalize("NFC", name) if unicodedata.category(sign) != "Cf")
    return _SPACES.sub(" ", seen).strip()


def exact(name: str) -> str:
    """The form in which two names are the same in the same script: cleaned, case set aside."""
    return unicodedata.normalize("NFC", clean(name).casefold())


def fold(name: str) -> str:
    """The form in which a name is found: ASCII letters and digits only, in lower case.

    Accents, case (the dotted and dotless i of Turkish too), spaces, hyphens and apostrophes are set aside, other
    scripts transliterated; the dots of the Cyrillic yo and the palochka are left out. Folding a folded name changes
    nothing. A name of signs without transliteration is spelt by their code points: only an empty name folds to nothing.
    """
    if name.isascii():
        return _NOT_KEY.sub("", name.lower()) or _spelt(clean(name))
    prepared = _PALOCHKA_TYPED.sub("", unicodedata.normalize("NFKC", clean(name)).translate(_PREPARED))
    return _NOT_KEY.sub("", anyascii(prepared).lower()) or _spelt(clean(name))


def _spelt(name: str) -> str:
    return "".join(f"u{ord(sign):x}" for sign in name)
