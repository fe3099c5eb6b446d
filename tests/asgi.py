"""Ask an ASGI application without a server: one request, its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1:8501"


@dataclass(frozen=True)
class Answer:
    """What came back; ``closed`` is the code of a socket that was refused, ``cookies`` the headers that set one."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    closed: int | None
    cookies: tuple[str, ...]


def ask(
    app: Any,
    address: str,
    headers: Mapping[str, str] | None = None,
    *,
    client: str = "127.0.0.1",
    kind: str = "http",
    method: str = "GET",
) -> Answer:
    """Ask an application for an address, which may be one that no browser would send."""
    parts = urlsplit(address)
    given = {"host": HOST, **(headers or {})}
    scope = {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http" if kind == "http" else "ws",
        "path": unquote_to_bytes(parts.path).decode("utf-8", "replace"),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
        "client": (client, 5000),
        "server": ("127.0.0.1", 8501),
        "subprotocols": [],
        "state": {},
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start = next((each for each in sent if each["type"] == "http.response.start"), {"status": 0, "headers": []})
    closed = next((each["code"] for each in sent if each["type"] == "websocket.close"), None)
    body = b"".join(each.get("body", b"") for each in sent if each["type"] == "http.response.body")
    pairs = [(name.decode(), value.decode()) for name, value in start["headers"]]
    cookies = tuple(value for name, value in pairs if name == "set-cookie")
    return Answer(start["status"], dict(pairs), body, closed, cookies)
