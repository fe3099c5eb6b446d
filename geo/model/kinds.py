"""Kinds of values that several parts of a case share: zones, web addresses, lengths of time, citations."""

from __future__ import annotations

import re
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

from geo.model.when import span_s


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise PydanticCustomError(
            "zone", "{name} is no time zone; write an IANA name such as Asia/Baku", {"name": name}
        ) from wrong
    return name


def _web(url: str) -> str:
    if not re.fullmatch(r"https?://[^\s<>\"'`\\]+", url):
        raise PydanticCustomError("url", "{found} is no web address; write https://…", {"found": url[:80]})
    return url


def _listed(value: Any) -> Any:  # noqa: ANN401  whatever a case file holds there
    return [value] if isinstance(value, str) else value


Zone = Annotated[str, AfterValidator(_zone)]
WebAddress = Annotated[str, AfterValidator(_web)]
Span = Annotated[float, BeforeValidator(span_s)]
#: Identifiers of sources; a case file may write a single one as a string.
Cited = Annotated[tuple[str, ...], BeforeValidator(_listed)]
