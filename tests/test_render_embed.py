from __future__ import annotations

import gzip
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from micawber import Provider

from geo.errors import RenderError
from geo.render import embed
from geo.render.embed import Picture
from geo.resources import asset_text

PAGE = "https://news.example/flights/j2-8243/"
SCRIPT = "https://news.example/flights/embed.js"
POSTER = Picture("https://news.example/flights/j2-8243/poster.png", 'A map: "Grozny" & more')
HOSTILE = '"><script>alert(1)</script>\u202e & \x00 \x1b more'
#: Browsers and XML readers forbid these; they become U+FFFD.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.texts = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        self.texts.append(data)


def only(text):
    ((tag, said),) = Elements(text).found
    return tag, said


def test_a_frame_for_any_article():
    tag, said = only(embed.iframe(f"{PAGE}?a=1&b=2", "How it went"))
    assert tag == "iframe"
    assert said["src"] == f"{PAGE}?a=1&b=2"
    assert (said["title"], said["width"], said["height"], said["loading"]) == ("How it went", "100%", "720", "lazy")
    assert "data-flightcase" in said
    assert only(embed.iframe(PAGE, "x", height=500, width=600))[1]["width"] == "600"


def test_the_element_is_a_link_without_its_script_and_a_picture_without_any():
    text = embed.element(SCRIPT, PAGE, "How it went", POSTER, event="first-bang", plain="")
    found = Elements(text).found
    assert [tag for tag, _ in found] == ["flight-case", "a", "noscript", "a", "img", "script"]
    said = dict(found)
    assert said["flight-case"]["src"] == said["a"]["href"] == PAGE
    assert (said["flight-case"]["event"], said["flight-case"]["plain"]) == ("first-bang", "")
    assert "min-height:720px" in said["flight-case"]["style"]
    assert (said["img"]["alt"], said["img"]["width"], said["img"]["height"]) == (POSTER.alt, "1200", "630")
    assert said["script"] == {"src": SCRIPT, "async": ""}
    tall = dict(Elements(embed.element(SCRIPT, PAGE, "x", height=900)).found)["flight-case"]
    assert (tall["height"], tall["style"]) == ("900", "display:block;min-height:900px")
    assert "noscript" not in embed.element(SCRIPT, PAGE, "x")


def test_the_names_that_the_element_takes_are_those_of_the_script():
    script = asset_text("embed.js")
    for name in ("t", "event", "lang", "units", "theme", "plain", "static", "transparent", "fit"):
        assert re.search(rf'["{{ ]{name}[":]', script), name
        assert dict(Elements(embed.element(SCRIPT, PAGE, "x", **{name: "1"})).found)["flight-case"][name] == "1"
    assert len(gzip.compress(script.encode(), 9, mtime=0)) <= 2500


def test_forms_that_wordpress_and_amp_know():
    _, frame = only(embed.wordpress(PAGE, "How it went"))
    assert (frame["class"], frame["frameborder"]) == ("wp-embedded-content", "0")
    assert "allow-scripts" in frame["sandbox"].split()
    assert "allow-same-origin" not in frame["sandbox"]
    found = dict(Elements(embed.amp(PAGE, "How it went", POSTER, "Show all")).found)
    assert list(found) == ["amp-iframe", "amp-img", "div"]
    # amp-iframe: it grows where it is resizable and has an overflow; a placeholder lets it stand at the top.
    assert {"resizable", "sandbox", "layout", "height"} <= found["amp-iframe"].keys()
    assert "placeholder" in found["amp-img"]
    assert {"overflow", "role", "tabindex"} <= found["div"].keys()
    assert (found["div"]["aria-label"], found["amp-img"]["alt"]) == ("Show all", POSTER.alt)


@pytest.mark.parametrize(
    ("room", "size"),
    [
        ({}, (1060, 720)),
        ({"maxwidth": 1040}, (1040, 720)),
        ({"maxwidth": 1039}, (1039, 860)),
        ({"maxwidth": 600}, (600, 860)),
        ({"maxwidth": 599}, (599, 720)),
        ({"maxwidth": 500, "maxheight": 750}, (500, 720)),
        ({"maxwidth": 700, "maxheight": 500}, (700, 500)),
        ({"maxwidth": 99999, "maxheight": 99999}, (1060, 720)),
    ],
)
def test_oembed_keeps_to_the_room_there_is(room, size):
    said = embed.oembed(PAGE, "How it went", poster=POSTER, **room)
    assert (said["width"], said["height"]) == size
    _, frame = only(said["html"])
    assert (frame["width"], frame["height"]) == tuple(map(str, size))
    thumbnail = [name for name in said if name.startswith("thumbnail")]
    fits = POSTER.width <= room.get("maxwidth", 10**9) and POSTER.height <= room.get("maxheight", 10**9)
    assert thumbnail == (["thumbnail_url", "thumbnail_width", "thumbnail_height"] if fits else [])


def test_oembed_is_what_the_specification_wants():
    said = embed.oembed(PAGE, "How <it> went", provider="The News", provider_url="https://news.example/")
    assert (said["type"], said["version"]) == ("rich", "1.0")
    assert (said["title"], said["provider_name"]) == ("How <it> went", "The News")
    assert [type(said[name]) for name in ("width", "height", "cache_age")] == [int, int, int]
    assert json.loads(json.dumps(said)) == said
    root = ET.fromstring(embed.oembed_xml(said))  # noqa: S314  made by ourselves
    assert {each.tag: each.text for each in root} == {name: str(value) for name, value in said.items()}
    tag, link = only(embed.discovery(f"{PAGE}oembed.json", "How it went"))
    assert (tag, link["rel"], link["type"]) == ("link", "alternate", "application/json+oembed")
    assert only(embed.discovery(PAGE, "x", "xml"))[1]["type"] == "text/xml+oembed"


def test_a_consumer_takes_the_answer_of_a_static_site(tmp_path):
    file = tmp_path / "oembed.json"
    file.write_text(json.dumps(embed.oembed(PAGE, "How it went", poster=POSTER)), encoding="utf-8")

    class Static(Provider):
        def fetch(self, url):
            assert "maxwidth=640" in url
            return file.read_text(encoding="utf-8")

    found = Static("https://news.example/oembed.json").request(PAGE, maxwidth=640)
    assert (found["type"], found["thumbnail_url"]) == ("rich", POSTER.address)
    assert found["html"].startswith("<iframe")


WORDS = st.text(st.characters(codec="utf-8"), max_size=60)


@given(WORDS)
def test_no_words_get_out_of_their_place(words):
    whole = FORBIDDEN.sub("\ufffd", words)
    picture = Picture(POSTER.address, words)
    made = {
        "iframe": embed.iframe(PAGE, words),
        "flight-case": embed.element(SCRIPT, PAGE, words, picture, event=words),
        "amp-iframe": embed.amp(PAGE, words, picture, words),
        "link": embed.discovery(PAGE, words),
    }
    kinds = {tag: [each for each, _ in Elements(text.replace("\r", "")).found] for tag, text in made.items()}
    assert kinds == {
        "iframe": ["iframe"],
        "flight-case": ["flight-case", "a", "noscript", "a", "img", "script"],
        "amp-iframe": ["amp-iframe", "amp-img", "div"],
        "link": ["link"],
    }
    for tag, text in made.items():
        assert dict(Elements(text).found)[tag]["title"] == whole
    said = embed.oembed(PAGE, words)
    assert only(said["html"])[1]["title"] == said["title"] == whole
    assert ET.fromstring(embed.oembed_xml(said)).tag == "oembed"  # noqa: S314  made by ourselves


def test_hostile_words_are_text():
    text = embed.element(SCRIPT, PAGE, HOSTILE, Picture(POSTER.address, HOSTILE))
    assert text.count("<script") == 1
    assert "\x00" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    "address", ["", "page.html", "//news.example/", "javascript:alert(1)", "https:///x", "ftp://a/b"]
)
def test_only_whole_addresses_of_the_web_go_to_others(address):
    makers = [
        lambda: embed.iframe(address, "x"),
        lambda: embed.element(address, PAGE, "x"),
        lambda: embed.element(SCRIPT, address, "x"),
        lambda: embed.element(SCRIPT, PAGE, "x", Picture(address, "x")),
        lambda: embed.amp(PAGE, "x", Picture(address, "x"), "x"),
        lambda: embed.oembed(address, "x"),
        lambda: embed.oembed(PAGE, "x", poster=Picture(address, "x")),
        lambda: embed.discovery(address, "x"),
        lambda: embed.wordpress(address, "x"),
    ]
    for make in makers:
        with pytest.raises(RenderError, match="write it whole"):
            make()
