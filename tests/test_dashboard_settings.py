from __future__ import annotations

import re
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import pytest

from geo.dashboard import library, settings
from geo.dashboard.checks import is_loopback
from geo.dashboard.settings import Settings, SignIn, read
from geo.errors import SettingsError

DOCS = Path(__file__).parents[1] / "docs" / "server"
SIGN_IN = """
[server]
public_url = "https://cases.example.org/flights"
[sign_in]
allowed = ["@Example.org", "anna@example.com"]
server_metadata_url = "https://id.example.org/.well-known/openid-configuration"
client_id = "flightcase"
client_secret = "not a secret"
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    for name in ("FLIGHTCASE_CONFIG", "FLIGHTCASE_CLIENT_SECRET", "FLIGHTCASE_COOKIE_SECRET"):
        monkeypatch.delenv(name, raising=False)


def written(folder, text):
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def wrong(folder, text):
    with pytest.raises(SettingsError) as caught:
        read(written(folder, text))
    return {problem.where: problem.message for problem in caught.value.problems}


def test_without_a_file_the_server_is_for_this_machine():
    said = read(None)
    assert said == Settings()
    assert is_loopback(said.address)
    assert said.is_open
    assert (said.embed_in, said.frame_ancestors, said.origin) == (("*",), (), "")


def test_the_documented_file_shows_every_setting_with_its_default(tmp_path):
    text = (DOCS / "config.toml").read_text(encoding="utf-8")
    assert read(written(tmp_path, text)) == Settings()
    on = re.sub(r"(?m)^# (?=\[\w+\]$|\w+ = )", "", text)
    for secret in ("client-secret", "cookie-secret"):
        (tmp_path / secret).write_text("x" * 32, encoding="utf-8")
    said = read(written(tmp_path, on))
    assert replace(said, sign_in=None) == Settings()
    assert said.sign_in is not None
    assert said.required == "editing"
    found = tomllib.loads(on)
    assert set(found["archive"]) == {"root"}
    assert {*found["server"], "embed_in", "archive", "sign_in"} == {each.name for each in fields(Settings)}
    secret = {"client_secret": "client_secret_file", "cookie_secret": "cookie_secret_file"}
    assert set(found["sign_in"]) == {secret.get(each.name, each.name) for each in fields(SignIn)}


def test_every_setting_is_read(tmp_path):
    text = """
[server]
address = "192.0.2.7"
port = 80
base_path = "/newsroom/flights/"
public_url = "https://cases.example.org:8443/newsroom/flights/"
frame_ancestors = ["https://cms.example.org"]
max_upload_mb = 50
read_only = true
open_editing = true
[embed]
frame_ancestors = ["https://*.example.org", "http://localhost:*"]
"""
    said = read(written(tmp_path, text))
    assert said == Settings(
        address="192.0.2.7",
        port=80,
        base_path="newsroom/flights",
        public_url="https://cases.example.org:8443/newsroom/flights",
        frame_ancestors=("https://cms.example.org",),
        embed_in=("https://*.example.org", "http://localhost:*"),
        max_upload_mb=50,
        read_only=True,
        open_editing=True,
    )
    assert said.origin == "https://cases.example.org:8443"
    assert not said.is_open


@pytest.mark.parametrize(
    ("line", "where", "say"),
    [
        ("prot = 80", "server.prot", "there is no such setting; [server] has address, port"),
        ('port = "80"', "server.port", "'80' is no number from 1 to 65535; write 8501"),
        ("port = true", "server.port", "True is no number"),
        ("port = 0", "server.port", "0 is no number from 1"),
        ("max_upload_mb = 4096", "server.max_upload_mb", "from 1 to 2048"),
        ('read_only = "yes"', "server.read_only", "neither true nor false"),
        ('address = "all of them"', "server.address", "write 127.0.0.1"),
        ('base_path = "../etc"', "server.base_path", "newsroom/flights"),
        ('public_url = "cases.example.org"', "server.public_url", "https://cases.example.org"),
        ('public_url = "https://user:word@example.org"', "server.public_url", "is no public address"),
        ('public_url = "javascript:alert(1)"', "server.public_url", "is no public address"),
        ('frame_ancestors = "https://a.example"', "server.frame_ancestors", "is no list of sites"),
        ('frame_ancestors = ["https://a.example; script-src *"]', "server.frame_ancestors", "scheme and host alone"),
        ('frame_ancestors = ["https://a.example/path"]', "server.frame_ancestors", "scheme and host alone"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path, line, where, say):
    found = wrong(tmp_path, f"[server]\n{line}\n")
    assert list(found) == [where]
    assert say in found[where]


def test_all_problems_are_said_at_once(tmp_path):
    found = wrong(
        tmp_path, "[server]\nport = 0\nread_only = 1\n[embed]\nheight = 3\n[serve]\n[sign_in]\nallowed = []\n"
    )
    assert list(found) == [
        "server.port",
        "server.read_only",
        "embed.height",
        "serve",
        "sign_in.allowed",
        "sign_in.server_metadata_url",
        "sign_in.client_id",
        "sign_in.client_secret",
        "sign_in.redirect_uri",
    ]


@pytest.mark.parametrize(
    ("text", "say"), [("[server", "no TOML"), ("server = 1", "write [server]"), ("sign_in = 1", "write [sign_in]")]
)
def test_a_file_of_another_form_is_refused(tmp_path, text, say):
    assert say in " ".join(wrong(tmp_path, text).values())


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path):
    with pytest.raises(SettingsError, match=r"cannot be read .*name another with --config"):
        read(tmp_path / "none.toml")


def test_the_file_is_the_named_one_else_of_the_environment_else_of_the_library(monkeypatch, tmp_path):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    assert settings.find() is None
    beside = written(tmp_path, "")
    assert settings.find() == beside
    monkeypatch.setenv(settings.FILE, str(tmp_path / "other.toml"))
    assert settings.find() == tmp_path / "other.toml"
    assert settings.find(tmp_path / "named.toml") == tmp_path / "named.toml"


def test_sign_in_needs_who_may_and_makes_the_rest_up(tmp_path):
    said = read(written(tmp_path, SIGN_IN)).sign_in
    assert said is not None
    assert said.required == "editing"
    assert said.allowed == ("@example.org", "anna@example.com")
    assert said.redirect_uri == "https://cases.example.org/flights/oauth2callback"
    assert len(said.cookie_secret) >= 32
    assert "not a secret" in said.secrets["auth"].values()
    assert "not a secret" not in repr(said)
    assert said.cookie_secret not in repr(read(written(tmp_path, SIGN_IN)))


def test_secrets_come_from_files_and_from_the_environment(tmp_path, monkeypatch):
    (tmp_path / "kept").write_text("of a file\n", encoding="utf-8")
    text = SIGN_IN.replace('client_secret = "not a secret"', 'client_secret_file = "kept"')
    said = read(written(tmp_path, text)).sign_in
    assert said is not None
    assert said.client_secret.endswith("of a file")
    monkeypatch.setenv("FLIGHTCASE_CLIENT_SECRET", "of the environment")
    said = read(written(tmp_path, text)).sign_in
    assert said is not None
    assert said.client_secret.endswith("of the environment")
    monkeypatch.delenv("FLIGHTCASE_CLIENT_SECRET")
    (tmp_path / "kept").write_text("\n", encoding="utf-8")
    assert "is empty" in wrong(tmp_path, text)["sign_in.client_secret_file"]
    (tmp_path / "kept").unlink()
    assert "cannot be read" in wrong(tmp_path, text)["sign_in.client_secret_file"]


@pytest.mark.parametrize(
    ("line", "where", "say"),
    [
        ('cookie_secret = "short"', "sign_in.cookie_secret", "at least 32"),
        ('required = "reading"', "sign_in.required", "nothing, editing, everything"),
        ('redirect_uri = "/oauth2callback"', "sign_in.redirect_uri", "is no public address"),
    ],
)
def test_what_is_wrong_in_sign_in_is_said(tmp_path, line, where, say):
    assert say in wrong(tmp_path, f"{SIGN_IN}{line}\n")[where]


@pytest.mark.parametrize(
    ("url", "say"), [("http://id.example.org/x", "write https://"), ("id.example.org", "is no address")]
)
def test_a_provider_is_asked_over_a_safe_line(tmp_path, url, say):
    text = SIGN_IN.replace("https://id.example.org/.well-known/openid-configuration", url)
    assert say in wrong(tmp_path, text)["sign_in.server_metadata_url"]


@pytest.mark.parametrize(
    ("user", "allows"),
    [
        ({"is_logged_in": True, "email": "ben@example.org"}, True),
        ({"is_logged_in": True, "email": "BEN@EXAMPLE.ORG"}, True),
        ({"is_logged_in": True, "email": "anna@example.com", "email_verified": True}, True),
        ({"is_logged_in": True, "email": "anna@example.com", "email_verified": False}, False),
        ({"is_logged_in": True, "email": "ben@example.com"}, False),
        ({"is_logged_in": True, "email": "ben@example.org.evil.example"}, False),
        ({"is_logged_in": True, "email": "ben@notexample.org"}, False),
        ({"is_logged_in": True}, False),
        ({"is_logged_in": True, "email": ["anna@example.com"]}, False),
        ({"is_logged_in": False, "email": "anna@example.com"}, False),
        ({"email": "anna@example.com"}, False),
        ({}, False),
    ],
)
def test_only_those_who_are_named_may_work(tmp_path, user, allows):
    said = read(written(tmp_path, SIGN_IN)).sign_in
    assert said is not None
    assert said.allows(user) is allows


def test_a_star_lets_in_whomever_the_provider_knows(tmp_path):
    said = read(written(tmp_path, SIGN_IN.replace('"@Example.org"', '"*"'))).sign_in
    assert said is not None
    assert said.allows({"is_logged_in": True})
    assert not said.allows({})


@pytest.mark.parametrize(
    ("address", "own"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True),
     ("::ffff:127.0.0.1", True), ("::ffff:192.0.2.7", False),
     ("192.0.2.7", False), ("::", False), ("localhost.example.org", False), ("", False)],
)  # fmt: skip
def test_what_is_this_machine_alone(address, own):
    assert is_loopback(address) is own
