"""Who may read and who may change cases: asked by the pages, and once more by the server for every request."""

from __future__ import annotations

import json
import os
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

from geo.dashboard import library, settings
from geo.dashboard.checks import is_loopback
from geo.dashboard.headers import below
from geo.errors import Problem, SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Receive, Scope, Send

    from geo.dashboard.settings import Settings
    from geo.scene.words import Words

#: The addresses that stand for every one of a machine.
EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  named to tell that such a server answers to every name
_OWN_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OPEN: Final = (
    "whoever reaches this server could change its cases; set read_only = true, or [sign_in], or, where the network "
    "lets nobody else in, open_editing = true"
)
_EMBEDDED: Final = re.compile(r"/embed/(?!\.)[^/\\:\x00-\x1f]+(/poster\.png)?")
_NO_CASE: Final = "There is no case of this name here.\n"


# --- what the pages ask ----------------------------------------------------------------------------------------------


def may_read() -> bool:
    """Whether the person at work may see cases at all."""
    return settings.current().required != settings.REQUIRED[-1] or _is_allowed()


def may_edit() -> bool:
    """Whether the person at work may change cases."""
    said = settings.current()
    if said.read_only or not _is_writable():
        return False
    return said.required == settings.REQUIRED[0] or _is_allowed()


def may_ask() -> bool:
    """Whether the person at work may ask the archive, where there is one.

    Questions take the machine's time. Where people sign in to change cases, only those who may do that ask. A server
    that changes none has nobody else to ask, so whoever may read it may: who gave it an archive meant that.
    """
    said = settings.current()
    if said.archive is None or not may_read():
        return False
    return said.read_only or said.required == settings.REQUIRED[0] or _is_allowed()


def why_not(words: Words) -> str | None:
    """Why the person at work may not change cases; ``None`` when they may."""
    if may_edit():
        return None
    if settings.current().read_only:
        return words.say("This server shows cases and changes none.")
    if not _is_writable():
        return words.say("The folder of cases cannot be written to.")
    if not _user().get("is_logged_in"):
        return words.say("Sign in to change cases.")
    return _not_allowed(words)


def gate(words: Words) -> None:
    """Draw what stands in the place of a page that may not be seen or worked on: the reason, and the way in."""
    reason = why_not(words) or ""
    if not may_read():
        reason = _not_allowed(words) if _user().get("is_logged_in") else words.say("Sign in to see the cases.")
    with st.container(key="gate"):
        st.text(reason)
        if settings.current().sign_in and not settings.current().read_only:
            _way(words, "gate")


def corner(words: Words) -> None:
    """Draw who is signed in, and the way in or out; nothing where nobody has to sign in."""
    said = settings.current()
    if said.sign_in is None or said.required == settings.REQUIRED[0] or said.read_only:
        return
    with st.container(key="corner"):
        if _user().get("is_logged_in"):
            st.text(words.say("Signed in as {name}", name=_name()))  # Markdown would make a link of an address
        _way(words, "corner")


def _way(words: Words, where: str) -> None:
    if _user().get("is_logged_in"):
        st.button(words.say("Sign out"), key=f"sign-out-{where}", on_click=st.logout)
    else:
        st.button(words.say("Sign in"), key=f"sign-in-{where}", on_click=st.login, type="primary")


def _not_allowed(words: Words) -> str:
    return words.say("{name} is signed in, and is not among those who may work here.", name=_name())


def _name() -> str:
    user = _user()
    return str(user.get("email") or user.get("name") or user.get("sub") or "?")


def _user() -> Mapping[str, Any]:
    """The person at work as the provider of the sign-in describes them."""
    return st.user.to_dict()


def _is_allowed() -> bool:
    sign_in = settings.current().sign_in
    return bool(sign_in and sign_in.allows(_user()))


def _is_writable() -> bool:
    return os.access(library.drafts().library, os.W_OK | os.X_OK)


# --- what the server asks --------------------------------------------------------------------------------------------


def refuse(said: Settings, where: str) -> None:
    """Refuse to start a server that would let anybody change cases, or that cannot sign people in.

    Args:
        said: how it is to run.
        where: the settings come from, for the message.

    Raises:
        SettingsError: with what to write instead.
    """
    problems = []
    if said.is_open and not is_loopback(said.address):
        problems.append(Problem("server.address", f"{said.address} can be reached by others, and {_OPEN}"))
    if said.sign_in and find_spec("authlib") is None:
        problems.append(Problem("sign_in", "Authlib is not installed; install it: pip install 'flightcase[sign-in]'"))
    if problems:
        raise SettingsError(where, problems)


class Guard:
    """Lets through to an application what may pass, and answers the rest itself."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, as ASGI has it."""
        refusal = self._refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it was accepted: the browser gets a 403
        else:
            status, told = refusal
            answer = PlainTextResponse(told, status_code=status, headers={"Cache-Control": "no-store"})
            await answer(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        path = below(scope["path"], self._settings.base_path)
        if path == "/healthz":
            return None  # those who ask for it know the machine by a number, and learn nothing of the cases
        asked = HTTPConnection(scope)
        host, origin = asked.headers.get("host", ""), asked.headers.get("origin")
        others = self._settings.is_open and not is_loopback(asked.client.host if asked.client else "localhost")
        # Streamlit would look a foreign one up: it asks others for the machine's outer address.
        foreign = scope["type"] == "websocket" and origin is not None and not self._is_same(origin, host)
        brings, draft = path.startswith("/_stcore/upload_file/"), path.startswith("/flightcase/draft/")
        case, archive = re.match("/flightcase/(?!code/)", path), path.startswith("/flightcase/archive/")
        rules = (
            (others, 403, f"This dashboard answers its own machine alone: {_OPEN}.\n"),
            (not self._is_ours(_host(host)), 421, "This server does not answer to that name; its public_url does.\n"),
            (foreign, 403, "Another site may not work with this dashboard.\n"),
            (brings and not self._edits(asked), 403, "Whoever may not change cases may not bring files.\n"),
            (re.match("/embed(/|$)", path) and not _EMBEDDED.fullmatch(path), 404, _NO_CASE),
            (draft and not self._edits(asked), 404, "There is no such draft.\n"),
            (archive and not self._asks(asked), 404, "There is no such answer.\n"),
            (case and not self._reads(asked), 404, _NO_CASE),
        )
        return next(((status, told) for holds, status, told in rules if holds), None)

    def _is_ours(self, host: str) -> bool:
        """Whether a name is one of this server; a page of others whose name was turned to this machine has another."""
        said = self._settings
        named = {_host(urlsplit(said.public_url).netloc)} if said.public_url else set()
        if said.address in EVERYWHERE and not named:
            return True
        return host in _OWN_NAMES | named or host == said.address.strip("[]").lower()

    def _is_same(self, origin: str, host: str) -> bool:
        return urlsplit(origin).netloc == host or origin == self._settings.origin

    def _edits(self, asked: HTTPConnection) -> bool:
        said = self._settings
        return not said.read_only and (said.required == settings.REQUIRED[0] or self._knows(asked))

    def _asks(self, asked: HTTPConnection) -> bool:
        said = self._settings
        if said.archive is None or not self._reads(asked):
            return False
        return said.read_only or said.required == settings.REQUIRED[0] or self._knows(asked)

    def _reads(self, asked: HTTPConnection) -> bool:
        return self._settings.required != settings.REQUIRED[-1] or self._knows(asked)

    def _knows(self, asked: HTTPConnection) -> bool:
        sign_in = self._settings.sign_in
        return bool(sign_in and sign_in.allows(_signed(asked.cookies)))


def _host(said: str) -> str:
    """The name in ``Host``, without the port."""
    try:
        return (urlsplit(f"//{said}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _signed(cookies: dict[str, str]) -> Mapping[str, Any]:
    """The person whom a browser's cookies name, as Streamlit signed them at sign-in; nobody when they do not."""
    from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
    from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

    found = _get_signed_cookie_with_chunks(cookies, USER_COOKIE_NAME)
    person = json.loads(found) if found else {}
    return person if isinstance(person, dict) else {}
