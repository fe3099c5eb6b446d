from __future__ import annotations

import re
import shutil

import pytest
from asgi import ask
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from geo.dashboard import library
from geo.dashboard.headers import Headers, below, policy, tile_origins
from geo.dashboard.settings import Settings, SignIn
from geo.resources import data


@pytest.fixture(autouse=True)
def cases(monkeypatch, tmp_path):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))


def served(said):
    async def page(_):
        return HTMLResponse("<p>page</p>", headers={"Content-Security-Policy": "default-src 'none'; img-src data:"})

    async def bare(_):
        return HTMLResponse("<p>its policy is in a meta element</p>")

    async def text(_):
        answer = PlainTextResponse("text")
        answer.set_cookie("one", "1")
        answer.set_cookie("two", "2", secure=True)
        return answer

    async def kept(_):
        return PlainTextResponse("kept", headers={"Cache-Control": "public, max-age=60"})

    async def missing(_):
        return Response(status_code=404)

    paths = {"/": text, "/embed/x": page, "/flightcase/preview/x": bare, "/flightcase/scene/x": text, "/else": missing}
    paths |= {"/flightcase/basemap/x": kept, "/flightcase/code/x": kept}
    base = f"/{said.base_path}" if said.base_path else ""
    return Headers(Starlette(routes=[Route(base + path, give) for path, give in paths.items()]), said)


def rules(answer):
    said = answer.headers["content-security-policy"]
    return dict(rule.partition(" ")[::2] for rule in said.split("; "))


@pytest.mark.parametrize("path", ["/", "/embed/x", "/flightcase/preview/x", "/flightcase/scene/x", "/else", "/nothing"])
def test_every_answer_has_them(path):
    headers = ask(served(Settings()), path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "geolocation=()" in headers["permissions-policy"]
    assert "strict-transport-security" not in headers


def test_the_dashboard_loads_only_itself_and_stands_in_no_frame():
    answer = ask(served(Settings()), "/")
    said = rules(answer)
    assert said["default-src"] == said["object-src"] == said["base-uri"] == said["frame-ancestors"] == "'none'"
    assert not re.search("unsafe|https?:|\\*|data:", said["script-src"])
    assert not any("unsafe-eval" in rule or "*" in rule or "http" in rule for rule in said.values())
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_the_script_of_streamlits_page_is_let_in_by_its_hash():
    assert re.search(r"script-src 'self' blob:( 'sha256-[A-Za-z0-9+/]{43}=')+;", policy())


def test_sites_of_the_settings_may_show_the_dashboard():
    answer = ask(served(Settings(frame_ancestors=("https://cms.example.org",))), "/")
    assert rules(answer)["frame-ancestors"] == "'self' https://cms.example.org"
    assert "x-frame-options" not in answer.headers


@pytest.mark.parametrize(
    ("sites", "said"),
    [
        (("*",), None),
        ((), "'self'"),
        (("https://www.example.org",), "'self' https://www.example.org"),
    ],
)
def test_a_page_keeps_its_own_policy_and_says_who_may_show_it(sites, said):
    answer = ask(served(Settings(embed_in=sites)), "/embed/x")
    found = rules(answer)
    assert found.pop("frame-ancestors", None) == said
    assert found == {"default-src": "'none'", "img-src": "data:"}
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "x-frame-options" not in answer.headers


def test_a_preview_is_shown_by_the_dashboard_alone():
    answer = ask(served(Settings()), "/flightcase/preview/x")
    assert rules(answer) == {"frame-ancestors": "'self'"}
    assert rules(ask(served(Settings()), "/flightcase/scene/x"))["default-src"] == "'none'"


def test_a_server_with_https_says_so_and_keeps_cookies_to_it():
    answer = ask(served(Settings(public_url="https://cases.example.org")), "/")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert len(answer.cookies) == 2
    assert all(cookie.lower().count("; secure") == 1 for cookie in answer.cookies)


def test_what_only_some_may_see_is_kept_by_their_browsers_alone():
    sign_in = SignIn("everything", ("*",), "https://id.example.org/x", "id", "https://a.example.org/o", "s", "c")
    for said, kept in ((Settings(), "public"), (Settings(sign_in=sign_in), "private")):
        answer = ask(served(said), "/flightcase/basemap/x")
        assert answer.headers["cache-control"] == f"{kept}, max-age=60"
        assert ask(served(said), "/flightcase/code/x").headers["cache-control"] == "public, max-age=60"


def test_the_path_that_the_server_stands_under_is_left_out():
    said = Settings(base_path="newsroom/flights")
    assert rules(ask(served(said), "/newsroom/flights/embed/x"))["img-src"] == "data:"
    assert below("/newsroom/flights", "newsroom/flights") == "/"
    assert below("/newsroom/flightsx/embed/x", "newsroom/flights") == "/newsroom/flightsx/embed/x"


def test_only_the_tile_servers_that_cases_name_are_let_in(tmp_path):
    assert tile_origins() == ()
    for slug in ("one", "two"):
        shutil.copytree(data("cases", "jl516"), tmp_path / slug)
    file = tmp_path / "one" / "case.toml"
    tiles = '[tiles]\nurl = "https://tile.example.org:8443/{z}/{x}/{y}.png"\nprovider = "P"\nattribution.en = "P"\n'
    tiles += 'attribution.de = "P"\n'
    file.write_text(file.read_text(encoding="utf-8") + "\n" + tiles, encoding="utf-8")
    assert library.entry("one").problems == ()
    assert tile_origins() == ("https://tile.example.org:8443",)
    assert "img-src 'self' data: blob: https://tile.example.org:8443;" in policy(tile_origins())
    assert rules(ask(served(Settings()), "/"))["img-src"].endswith("https://tile.example.org:8443")
