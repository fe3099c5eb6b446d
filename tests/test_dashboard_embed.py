from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import struct
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from asgi import HOST, ask
from starlette.applications import Starlette

from geo.dashboard import embed, library, publications, settings
from geo.dashboard.embed import base, embed_address, embed_code, oembed_address, page_of
from geo.dashboard.settings import Settings, SignIn
from geo.errors import ResourceError
from geo.resources import asset_text, data

HERE = f"http://{HOST}"


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """A folder the dashboard never wrote, and beside it what no address may reach."""
    root = tmp_path_factory.mktemp("library")
    shutil.copytree(data("cases", "jl516"), root / "cases" / "jl516")
    shutil.copytree(data("cases", "jl516"), root / "outside")
    (root / "cases" / "leads-out").symlink_to(root / "outside")
    shutil.copytree(data("cases", "jl516"), root / "cases" / ".hidden")
    (root / "cases" / "broken").mkdir()
    (root / "cases" / "broken" / "case.toml").write_text("format = 1\n", encoding="utf-8")
    return root / "cases"


@pytest.fixture(autouse=True)
def here(monkeypatch, cases):
    monkeypatch.setenv(library.FOLDER, str(cases))
    monkeypatch.setattr(settings, "_in_force", [Settings()])


@pytest.fixture(scope="module")
def app():
    return Starlette(routes=embed.routes())


class Frames(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_a_folder_that_the_dashboard_never_wrote_is_shown_as_it_stands(app):
    answer = ask(app, "/embed/jl516")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.body.startswith(b"<!doctype html>")
    assert answer.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=600"
    assert answer.headers["content-encoding"] == "identity"
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    policy = answer.headers["content-security-policy"]
    assert f'content="{policy}"'.encode() in answer.body
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert b'lang="de"' in ask(app, "/embed/jl516?lang=de").body[:200]
    missing = ask(app, "/embed/jl516?lang=xx")
    assert (missing.status, missing.body.decode()) == (404, "This page is not there in that language; it is in en, de.")


def test_a_browser_that_has_the_page_is_not_sent_it_again(app):
    plain, packed = (ask(app, "/embed/jl516", {"accept-encoding": said}) for said in ("identity", "gzip, br"))
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    for tag in (plain.headers["etag"], packed.headers["etag"], f'"other", W/{plain.headers["etag"]}', "*"):
        again = ask(app, "/embed/jl516", {"if-none-match": tag})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == plain.headers["etag"]
    assert ask(app, "/embed/jl516", {"if-none-match": '"other"'}).status == 200


@pytest.mark.parametrize(
    ("said", "packed"),
    [("gzip", True), ("br, *;q=0.1", True), ("gzip;q=0", False), ("gzip; q=0.000", False), ("br", False), ("", False)],
)
def test_it_is_packed_for_those_who_take_it(app, said, packed):
    assert (ask(app, "/embed/jl516", {"accept-encoding": said}).headers["content-encoding"] == "gzip") is packed


@pytest.mark.parametrize(
    "slug",
    [
        *("nothing", "..", ".", "../outside", "..%2foutside", "%2e%2e/outside", "leads-out", ".hidden", "jl516/"),
        *("jl516/.", "jl516/case.toml", "/etc/passwd", "%00", "jl516%00", "%ff%fe", "..%5coutside", "c:jl516", "%20"),
        *("", "%F0%9F%9B%AB", "a" * 10_000),
    ],
)
def test_no_address_leaves_the_library(app, slug):
    answer = ask(app, f"/embed/{slug}")
    assert (answer.status, answer.body.decode()) == (404, "There is no case of this name here.")
    assert answer.headers["cache-control"] == "no-store"


def test_a_broken_case_and_a_damaged_page_are_not_shown(app, cases, tmp_path, monkeypatch, capsys):
    assert ask(app, "/embed/broken").status == 404
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    shutil.copytree(cases / "jl516", tmp_path / "jl516")
    publications.publish(tmp_path / "jl516", "Anna")
    page = next((tmp_path / "jl516" / "published").glob("en-*.html"))
    page.write_bytes(page.read_bytes() + b" ")
    answer = ask(app, "/embed/jl516")
    assert (answer.status, b"log says why" in answer.body) == (503, True)
    assert "not the page that was published" in capsys.readouterr().err


def test_what_was_published_stays_until_it_is_published_again(app, cases, tmp_path, monkeypatch):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    folder = shutil.copytree(cases / "jl516", tmp_path / "jl516")
    publications.start(folder)
    assert ask(app, "/embed/jl516").body == b"This case has not been published yet."
    publications.publish(folder, "Anna")
    before = ask(app, "/embed/jl516?lang=de")
    assert before.status == 200
    file = folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("JL516", "JL 516"), encoding="utf-8")
    assert ask(app, "/embed/jl516?lang=de").body == before.body
    publications.publish(folder, "Anna", reason={"en": "The number is written so.", "de": "So geschrieben."})
    after = ask(app, "/embed/jl516?lang=de", {"if-none-match": before.headers["etag"]})
    assert (after.status, after.body == before.body) == (200, False)


def test_where_reading_needs_sign_in_only_published_pages_are_public(app, monkeypatch):
    sign_in = SignIn("everything", ("*",), "https://id.example.org/x", "id", "https://a.example.org/o", "s", "c")
    monkeypatch.setattr(settings, "_in_force", [Settings(sign_in=sign_in)])
    assert ask(app, "/embed/jl516").status == 404
    assert ask(app, f"/oembed?url={HERE}/embed/jl516").status == 404


def test_a_page_is_made_once_however_many_ask(cases, tmp_path, monkeypatch):
    shutil.copytree(cases / "jl516", tmp_path / "jl516")
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    made = []
    whole = embed.render
    monkeypatch.setattr(embed, "render", lambda *given: made.append(1) or whole(*given))
    with ThreadPoolExecutor(8) as askers:
        tags = {page.tag for page in askers.map(lambda _: page_of("jl516", "en"), range(16))}
    assert (len(tags), len(made)) == (1, 1)


def test_a_page_that_is_not_there_is_an_error_with_words():
    with pytest.raises(ResourceError, match="no case of this name"):
        page_of("nothing")


# --- oEmbed ----------------------------------------------------------------------------------------------------------


def test_oembed_describes_a_page(app):
    found = ask(app, "/embed/jl516?lang=de").headers["link"]
    link = re.fullmatch(r'<(.+)>; rel="alternate"; type="application/json\+oembed"', found)
    assert link
    answer = ask(app, link.group(1).removeprefix(HERE))
    said = json.loads(answer.body)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (said["version"], said["type"], said["width"], said["height"]) == ("1.0", "rich", 1060, 720)
    assert said["provider_url"] == f"{HERE}/"
    ((tag, frame),) = Frames(said["html"]).found
    assert tag == "iframe"
    assert frame["src"] == f"{HERE}/embed/jl516?lang=de"
    assert (frame["title"], frame["loading"], frame["width"], frame["height"]) == (said["title"], "lazy", "1060", "720")
    assert ask(app, "/embed/jl516?lang=de").body.decode().count(said["title"])


def test_oembed_keeps_to_the_size_that_is_given(app):
    said = json.loads(ask(app, f"/oembed?url={HERE}/embed/jl516&maxwidth=480&maxheight=99999").body)
    assert (said["width"], said["height"]) == (480, 720)
    assert 'width="480"' in said["html"]
    middle = json.loads(ask(app, f"/oembed?url={HERE}/embed/jl516&maxwidth=720").body)
    assert (middle["width"], middle["height"]) == (720, 860)
    low = json.loads(ask(app, f"/oembed?url={HERE}/embed/jl516&maxheight=400").body)
    assert (low["width"], low["height"]) == (1060, 400)
    for wrong in ("0", "-1", "wide", "1e9", ""):
        assert ask(app, f"/oembed?url={HERE}/embed/jl516&maxwidth={wrong}").status == 400


def test_oembed_speaks_json_and_xml_and_nothing_else(app):
    answer = ask(app, f"/oembed?url={HERE}/embed/jl516&format=xml")
    assert answer.headers["content-type"].startswith("text/xml")
    root = ET.fromstring(answer.body)  # noqa: S314  made by ourselves
    assert root.tag == "oembed"
    as_json = json.loads(ask(app, f"/oembed?url={HERE}/embed/jl516").body)
    assert {each.tag: each.text for each in root} == {name: str(value) for name, value in as_json.items()}
    assert ask(app, f"/oembed?url={HERE}/embed/jl516&format=yaml").status == 501


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "https://evil.example/embed/jl516",
        f"{HERE}.evil.example/embed/jl516",
        f"{HERE}@evil.example/embed/jl516",
        f"{HERE}/embed/nothing",
        f"{HERE}/embed/..%2foutside",
        f"{HERE}/embed/",
        f"{HERE}/other/jl516",
        f"{HERE}/",
        "javascript:alert(1)",
        f"ftp://{HOST}/embed/jl516",
        "http://[/embed/jl516",
        f"{HERE}/embed/jl516?lang=xx",
    ],
)
def test_oembed_knows_only_its_own_pages(app, url):
    assert ask(app, f"/oembed?url={quote(url)}").status == 404


def test_oembed_knows_a_page_by_the_address_of_the_dashboard(app):
    said = json.loads(ask(app, f"/oembed?url={quote(f'{HERE}/?case=jl516&language=de')}").body)
    assert f'src="{HERE}/embed/jl516?lang=de"' in said["html"]


# --- poster and script ------------------------------------------------------------------------------------------------


def test_a_page_has_a_poster_and_oembed_tells_of_it_where_there_is_room(app):
    answer = ask(app, "/embed/jl516/poster.png?lang=de", {"accept-encoding": "gzip"})
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert answer.body[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.body[16:24]) == (1200, 630)
    assert answer.body != ask(app, "/embed/jl516/poster.png").body
    assert answer.headers["content-encoding"] == "identity"
    assert ask(app, "/embed/jl516/poster.png?lang=de", {"if-none-match": answer.headers["etag"]}).status == 304
    said = json.loads(ask(app, f"/oembed?url={quote(f'{HERE}/embed/jl516?lang=de')}").body)
    told = (said["thumbnail_url"], said["thumbnail_width"], said["thumbnail_height"])
    assert told == (f"{HERE}/embed/jl516/poster.png?lang=de", 1200, 630)
    small = json.loads(ask(app, f"/oembed?url={HERE}/embed/jl516&maxwidth=480").body)
    assert not [name for name in small if name.startswith("thumbnail")]
    for nothing in ("/embed/nothing/poster.png", "/embed/broken/poster.png", "/embed/jl516/poster.png?lang=xx"):
        assert ask(app, nothing).status == 404


def test_no_poster_tells_what_is_not_published(app, cases, tmp_path, monkeypatch):
    monkeypatch.setenv(library.FOLDER, str(tmp_path))
    folder = shutil.copytree(cases / "jl516", tmp_path / "jl516")
    publications.start(folder)
    assert ask(app, "/embed/jl516/poster.png").status == 404
    publications.publish(folder, "Anna")
    assert ask(app, "/embed/jl516/poster.png").status == 200
    file = folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("JL516", "JL 516"), encoding="utf-8")
    assert ask(app, "/embed/jl516/poster.png").status == 404
    said = json.loads(ask(app, f"/oembed?url={HERE}/embed/jl516").body)
    assert (said["type"], "thumbnail_url" in said) == ("rich", False)


def test_the_script_of_articles_is_given(app):
    answer = ask(app, "/embed.js", {"accept-encoding": "gzip"})
    assert answer.headers["content-type"].startswith("text/javascript")
    assert gzip.decompress(answer.body).decode() == asset_text("embed.js")
    assert len(answer.body) <= 2500
    assert ask(app, "/embed.js", {"if-none-match": answer.headers["etag"]}).status == 304


# --- addresses -------------------------------------------------------------------------------------------------------


def test_addresses_are_those_that_readers_use(monkeypatch):
    assert base("http://127.0.0.1:8501/?case=x") == "http://127.0.0.1:8501"
    monkeypatch.setattr(settings, "_in_force", [Settings(base_path="a/b")])
    assert base("http://127.0.0.1:8501/a/b/?case=x") == "http://127.0.0.1:8501/a/b"
    monkeypatch.setattr(settings, "_in_force", [Settings(public_url="https://cases.example.org/a")])
    root = base("http://127.0.0.1:8501/")
    assert embed_address(root, "jl516") == "https://cases.example.org/a/embed/jl516"
    assert embed_address(root, 'a"/ü', "de") == "https://cases.example.org/a/embed/a%22%2F%C3%BC?lang=de"
    assert oembed_address(root, "x", "de") == (
        "https://cases.example.org/a/oembed?url=https%3A%2F%2Fcases.example.org%2Fa%2Fembed%2Fx%3Flang%3Dde"
    )


def test_the_code_holds_a_hostile_title_as_text():
    title = '"><script>alert(1)</script>\u202e & more'
    ((tag, frame),) = Frames(embed_code("https://cases.example.org", "x", title, "de", height=500)).found
    assert tag == "iframe"
    assert frame["title"] == title
    assert (frame["src"], frame["height"]) == ("https://cases.example.org/embed/x?lang=de", "500")
    assert frame["width"] == "100%"


# --- health ----------------------------------------------------------------------------------------------------------


def test_health_says_whether_the_cases_can_be_read(app, monkeypatch, tmp_path):
    answer = ask(app, "/healthz")
    assert (answer.status, json.loads(answer.body)["status"]) == (200, "ok")
    assert re.match(r"\d+\.\d+", json.loads(answer.body)["version"])
    monkeypatch.setenv(library.FOLDER, str(tmp_path / "gone"))
    answer = ask(app, "/healthz")
    assert (answer.status, json.loads(answer.body)["reason"]) == (503, "the folder of cases is not there")
    assert str(tmp_path) not in answer.body.decode()
