"""A tile layer that a reader may ask for: whose it is and where it is had."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from geo.model.value import Text, Value

#: One host without a name or a password, which the policy of a page can admit; then a path with the three numbers.
_ADDRESS: Final = re.compile(
    r"(https://[A-Za-z0-9.-]+|http://(127\.0\.0\.1|localhost))(:\d{1,5})?/[^\s<>\"'`\\{}]*(\{[xyz]\}[^\s<>\"'`\\{}]*){3}"
)


def _tile_address(url: str) -> str:
    if not _ADDRESS.fullmatch(url) or not all(url.count(f"{{{axis}}}") == 1 for axis in "xyz"):
        raise PydanticCustomError(
            "tile_address",
            "{found} is no address of map tiles; write https://, one host, and {z}, {x} and {y} once each after it: "
            "https://tile.example.org/{z}/{x}/{y}.png",
            {"found": url[:80], "z": "{z}", "x": "{x}", "y": "{y}"},
        )
    return url


def _given(text: Text) -> Text:
    if not text:
        raise PydanticCustomError("attribution", "say whom the tiles are to be credited to, in the provider’s words")
    return text


class Tiles(Value):
    """Map tiles of a provider. They load only when a reader presses the button that names the provider."""

    url: Annotated[
        str,
        AfterValidator(_tile_address),
        Field(description="https, with {z}, {x} and {y}; square Web Mercator tiles of 256 px"),
    ]
    provider: Annotated[str, Field(min_length=1, max_length=60, description="stands on the button")]
    attribution: Annotated[
        Text, AfterValidator(_given), Field(description="shown on the map with the tiles; plain text")
    ]
    max_zoom: Annotated[int, Field(ge=1, le=22, description="the closest zoom that there are tiles for")] = 19
