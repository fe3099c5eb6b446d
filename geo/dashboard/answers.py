"""Answers that others keep: they name their bytes by a tag, and are not sent again to those who have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

#: A minute without asking, ten more while asking: a correction reaches every article soon, a crowd is served by caches.
CACHE: Final = "public, max-age=60, stale-while-revalidate=600"


def kept(
    request: Request,
    media: str,
    tag: str,
    body: bytes,
    packed: bytes | None = None,
    more: Mapping[str, str] | None = None,
) -> Response:
    """An answer that browsers keep, and ask after by its tag.

    Args:
        request: that is answered.
        media: type of what is given.
        tag: of its bytes, which another one never has.
        body: its bytes.
        packed: the same by gzip, for those who take it.
        more: headers besides.
    """
    zipped = packed is not None and _takes_gzip(request.headers.get("accept-encoding", ""))
    # A strong tag names these very bytes, so the packed ones have another.
    tags = {f'"{tag}"', f'"{tag}-gzip"'}
    headers = {"ETag": f'"{tag}-gzip"' if zipped else f'"{tag}"', "Cache-Control": CACHE, **(more or {})}
    if packed is not None:
        headers["Vary"] = "Accept-Encoding"
    asked = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if asked & (tags | {"*"}):
        return Response(status_code=304, headers=headers)
    # Said also where the bytes are plain: nothing may pack them again under a tag that is not theirs.
    headers["Content-Encoding"] = "gzip" if zipped else "identity"
    return Response(packed if zipped else body, media_type=media, headers=headers)


def _takes_gzip(said: str) -> bool:
    for each in said.lower().split(","):
        name, _, weight = each.replace(" ", "").partition(";q=")
        if name in ("gzip", "*"):
            return not re.fullmatch(r"0(\.0*)?", weight)
    return False
