from __future__ import annotations

import json
import runpy
from dataclasses import replace
from pathlib import Path

import pytest
from asgi import ask
from starlette.responses import PlainTextResponse
from streamlit.web.server.app_discovery import discover_asgi_app
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from geo.dashboard import access, library, settings
from geo.dashboard.access import Guard, refuse
from geo.dashboard.headers import Headers
from geo.dashboard.settings import Settings, SignIn
from geo.errors import SettingsError
from geo.scene.words import Words

SIGN_IN = SignIn("editing", ("@example.org",), "https://id.example.org/x", "id", "https://a.example.org/o", "s", "c")
UPLOAD = "/_stcore/upload_file/session/file"
DRAFT = "/flightcase/draft/0/abc/1/en/nautical.json"
SCENE = "/flightcase/scene/0/0/jl516/en/nautical.json"
CODE = "/flightcase/code/0/viewer/map.js"


async def let_in(scope, receive, send):
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
    else:
        await PlainTextResponse("in")(scope, receive, send)


def status(said, path="/", headers=None, **given):
    return ask(Guard(let_in, said), path, headers, **given).status


def signed(**person):
    value = json.dumps({"is_logged_in": True, "origin": "https://a.example.org", **person})
    cookie = create_signed_value(get_cookie_secret(), USER_COOKIE_NAME, value).decode()
    return {"cookie": f"x=1; {USER_COOKIE_NAME}={cookie}"}


# --- starting --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_on_this_machine_alone_anybody_may_edit(address):
    refuse(Settings(address=address), "config.toml")


@pytest.mark.parametrize("address", ["192.0.2.1", "::", "example.org"])
def test_a_server_that_others_reach_says_how_it_is_meant(address):
    said = Settings(address=address)
    with pytest.raises(SettingsError, match=r"config.toml.*\n.*read_only = true, or \[sign_in\], or.*open_editing"):
        refuse(said, "config.toml")
    with pytest.raises(SettingsError):
        refuse(replace(said, sign_in=replace(SIGN_IN, required="nothing")), "config.toml")
    for meant in ({"read_only": True}, {"open_editing": True}, {"sign_in": SIGN_IN}):
        refuse(replace(said, **meant), "config.toml")


def test_sign_in_without_its_package_is_said_at_the_start(monkeypatch):
    monkeypatch.setattr(access, "find_spec", lambda _: None)
    with pytest.raises(SettingsError, match=r"pip install 'flightcase\[sign-in\]'"):
        refuse(Settings(sign_in=SIGN_IN), "config.toml")


def test_streamlit_finds_the_application_with_its_guard(monkeypatch, tmp_path):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    monkeypatch.setattr(settings, "_in_force", [])
    script = Path(__file__).parents[1] / "app.py"
    assert discover_asgi_app(script).import_string == "app:app"
    app = runpy.run_path(str(script))["app"]
    assert [each.cls for each in app._user_middleware] == [Headers, Guard]  # noqa: SLF001  it has no other way to ask
    assert settings.current() == Settings()


# --- every request ---------------------------------------------------------------------------------------------------


def test_others_are_not_let_in_where_anybody_may_edit():
    assert status(Settings()) == 200
    for path in ("/", SCENE, UPLOAD, "/embed/jl516"):
        assert status(Settings(), path, client="192.0.2.7") == 403
    assert status(Settings(), "/healthz", client="192.0.2.7") == 200
    for meant in ({"read_only": True}, {"open_editing": True}, {"sign_in": SIGN_IN}):
        assert status(Settings(**meant), client="192.0.2.7") == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8501", "", "[", "a@b"]
)
def test_a_name_that_is_not_the_servers_is_not_answered(host):
    """A page of others whose name was turned to this machine could work with the dashboard otherwise."""
    assert status(Settings(), headers={"host": host}) == 421
    assert status(Settings(public_url="https://cases.example.org"), headers={"host": host}) == 421
    assert status(Settings(), "/healthz", headers={"host": host}) == 200


def test_the_servers_own_names_are_answered():
    for host in ("127.0.0.1:8501", "localhost", "LOCALHOST:80", "[::1]:8501"):
        assert status(Settings(), headers={"host": host}) == 200
    said = Settings(address="192.0.2.1", public_url="https://cases.example.org:8443/x", read_only=True)
    for host in ("192.0.2.1:8501", "cases.example.org", "cases.example.org:8443", "127.0.0.1"):
        assert status(said, headers={"host": host}) == 200
    assert status(Settings(address="::", read_only=True), headers={"host": "any.example"}) == 200


def test_the_socket_is_for_pages_of_this_server():
    def closed(said, origin):
        headers = {"origin": origin} if origin else {}
        return ask(Guard(let_in, said), "/_stcore/stream", headers, kind="websocket").closed

    assert closed(Settings(), "http://127.0.0.1:8501") is None
    assert closed(Settings(), None) is None
    for origin in ("http://127.0.0.1:9999", "https://evil.example", "null", "http://localhost:8501"):
        assert closed(Settings(), origin) == 1008
    assert closed(Settings(public_url="https://cases.example.org/x"), "https://cases.example.org") is None


def test_a_server_that_only_shows_takes_no_file_and_gives_no_draft():
    said = Settings(read_only=True)
    assert status(said, UPLOAD, method="PUT") == 403
    assert status(said, DRAFT) == 404
    assert status(said, SCENE) == 200
    assert status(replace(said, sign_in=SIGN_IN), UPLOAD, signed(email="anna@example.org"), method="PUT") == 403
    assert status(Settings(), UPLOAD, method="PUT") == status(Settings(), DRAFT) == 200


@pytest.mark.parametrize(
    ("headers", "known"),
    [
        (signed(email="anna@example.org"), True),
        (signed(email="ben@example.com"), False),
        (signed(email="anna@example.org", is_logged_in=False), False),
        ({"cookie": f"{USER_COOKIE_NAME}=e30.forged"}, False),
        ({"cookie": f'{USER_COOKIE_NAME}={{"is_logged_in": true, "email": "anna@example.org"}}'}, False),
        ({"cookie": ";;=;" * 100}, False),
        ({}, False),
    ],
)
def test_who_is_signed_in_is_asked_of_the_cookie_that_streamlit_signed(headers, known):
    said = Settings(sign_in=SIGN_IN)
    assert status(said, UPLOAD, headers, method="PUT") == (200 if known else 403)
    assert status(said, DRAFT, headers) == (200 if known else 404)
    assert status(said, SCENE, headers) == 200
    said = Settings(sign_in=replace(SIGN_IN, required="everything"))
    assert status(said, SCENE, headers) == (200 if known else 404)
    assert status(said, CODE, headers) == status(said, "/", headers) == status(said, "/embed/jl516", headers) == 200


def test_the_path_that_the_server_stands_under_opens_nothing():
    said = Settings(read_only=True, base_path="a/b")
    assert status(said, f"/a/b{DRAFT}") == 404
    assert status(said, f"/a/b{UPLOAD}", method="PUT") == 403


@pytest.mark.parametrize(
    "path", ["/embed", "/embed/", "/embed/../x", "/embed/..", "/embed/a/b", "/embed/%0a%0d", "/embed/.x"]
)
def test_an_address_that_no_page_has_is_not_taken_for_the_dashboard(path):
    assert status(Settings(), path) == 404


# --- the pages -------------------------------------------------------------------------------------------------------


def test_a_server_that_only_shows_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    monkeypatch.setattr(settings, "_in_force", [Settings(read_only=True)])
    assert access.may_read()
    assert not access.may_edit()
    assert access.why_not(Words("en")) == "This server shows cases and changes none."
    monkeypatch.setattr(settings, "_in_force", [Settings()])
    assert access.may_edit()
    assert access.why_not(Words("en")) is None


def test_a_folder_that_cannot_be_written_is_only_read(monkeypatch, tmp_path):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    monkeypatch.setattr(settings, "_in_force", [Settings()])
    monkeypatch.setattr(access.os, "access", lambda *_: False)  # root may write everywhere
    assert not access.may_edit()
    assert access.why_not(Words("de")) == "In den Ordner der Fälle kann nicht geschrieben werden."


# --- the archive -----------------------------------------------------------------------------------------------------

ANSWER = "/flightcase/archive/answer/abc/en/nautical.json"


def test_answers_of_an_archive_are_for_those_who_may_ask():
    here = Settings(archive=Path("archive"))
    assert status(Settings(), ANSWER) == 404
    assert status(here, ANSWER) == 200
    # Nobody changes anything there: whoever may read may ask.
    assert status(replace(here, read_only=True), ANSWER) == 200
    for required in ("editing", "everything"):
        signing = replace(here, sign_in=replace(SIGN_IN, required=required))
        assert status(signing, ANSWER) == 404
        assert status(signing, ANSWER, signed(email="anna@example.org", email_verified=True)) == 200
        assert status(signing, ANSWER, signed(email="anna@example.com", email_verified=True)) == 404
    closed = replace(here, read_only=True, sign_in=replace(SIGN_IN, required="everything"))
    assert status(closed, ANSWER) == 404


def test_the_page_asks_the_same(monkeypatch):
    here = Settings(archive=Path("archive"))
    anna = {"is_logged_in": True, "email": "anna@example.org", "email_verified": True}
    for said, user, may in [
        (Settings(), {}, False),
        (here, {}, True),
        (replace(here, read_only=True), {}, True),
        (replace(here, sign_in=SIGN_IN), {}, False),
        (replace(here, sign_in=SIGN_IN), anna, True),
        (replace(here, read_only=True, sign_in=replace(SIGN_IN, required="everything")), {}, False),
    ]:
        monkeypatch.setattr(settings, "current", lambda said=said: said)
        monkeypatch.setattr(access, "_user", lambda user=user: user)
        assert access.may_ask() is may
