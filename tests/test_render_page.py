"""The page and the folium map: one file, no requests, equal bytes, and text that stays text."""

from __future__ import annotations

import importlib
import json
import re
from html.parser import HTMLParser
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from small_scene import small_scene, with_every_word

from geo.errors import RenderError
from geo.render import RENDERINGS, Format, render
from geo.render.folium_map import FlightLayer, folium_map
from geo.render.head import linked_data
from geo.render.inline import csp_hash
from geo.render.page import page

if TYPE_CHECKING:
    from pathlib import Path

# Folium types a part of itself; what a notebook would write is not for the type checker.
folium: Any = importlib.import_module("folium")
plugins: Any = importlib.import_module("folium.plugins")
HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(2)>`${alert(3)}`{{7*7}}{%x%}{#\u2028\"'&amp;</style>"
)
LINE = [(50.0, 8.0), (53.0, 14.0)]


class Document(HTMLParser):
    """Elements of a page: name, attributes, text inside."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[list[str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        text: list[str] = []
        self.found.append((tag, dict(attrs), text))
        if tag not in {"meta", "link", "br"}:
            self._open.append(text)

    def handle_endtag(self, tag: str) -> None:
        if tag not in {"meta", "link", "br"} and self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        for text in self._open:
            text.append(data)

    def all(self, name: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, "".join(text)) for tag, attributes, text in self.found if tag == name]

    def meta(self, key: str) -> str | None:
        for attributes, _ in self.all("meta"):
            if key in (attributes.get("name"), attributes.get("property"), attributes.get("http-equiv")):
                return attributes["content"]
        return None


@pytest.fixture(scope="module")
def text() -> str:
    return page(small_scene())


@pytest.fixture(scope="module")
def document(text: str) -> Document:
    return Document(text)


def saved(flight_map: Any) -> str:
    held = BytesIO()
    flight_map.save(held, close_file=False)
    return held.getvalue().decode()


def test_the_page_is_the_folium_map_with_the_viewer_around_it(text: str) -> None:
    assert page(small_scene(), folium_map(small_scene())) == text


def test_equal_scenes_give_equal_bytes(text: str) -> None:
    assert page(small_scene()) == text
    assert saved(folium_map(small_scene())) == saved(folium_map(small_scene()))


def test_the_policy_admits_exactly_what_is_inside(document: Document) -> None:
    policy = dict(rule.split(" ", 1) for rule in (document.meta("Content-Security-Policy") or "").split("; "))
    scripts = [inside for attributes, inside in document.all("script") if "type" not in attributes]
    styles = [inside for _, inside in document.all("style")]
    assert policy["default-src"] == "'none'"
    assert policy["script-src"].split() == [csp_hash(script) for script in scripts]
    assert policy["style-src"].split() == [csp_hash(style) for style in styles]
    assert {policy[name] for name in ("base-uri", "form-action")} == {"'none'"}


def test_nothing_in_it_is_fetched(document: Document) -> None:
    asked = [
        (tag, name, value)
        for tag, attributes, _ in document.found
        for name, value in attributes.items()
        if name in {"src", "srcset", "href", "action", "poster", "style"} and not (tag == "a" and name == "href")
    ]
    assert asked == [("link", "href", "data:,")]
    assert "url(" not in "".join(style for _, style in document.all("style")).replace("url(#", "")


def test_it_says_what_it_is(document: Document) -> None:
    html = document.all("html")[0][0]
    assert (html["lang"], html["dir"]) == ("en", "ltr")
    assert document.all("title")[0][1] == small_scene()["title"]
    assert document.meta("description") == small_scene()["standfirst"]
    assert document.meta("og:title") == small_scene()["title"]
    assert document.meta("og:locale") == "en_GB"
    assert document.meta("robots") == "max-image-preview:large"
    (linked,) = [json.loads(inside) for attributes, inside in document.all("script") if "ld+json" in str(attributes)]
    assert linked == json.loads(json.dumps(linked_data(small_scene())))


def test_the_text_holds_every_event_with_claims_and_sources(document: Document) -> None:
    (_, article), *_ = document.all("article")
    for said in ("Take-off from Westby", "Funkspruch", "Disputed", "No recording was published.", "über dem Wald"):
        assert said in article
    assert [attributes["datetime"] for attributes, _ in document.all("time")] == [
        "2023-11-14T22:13:20Z",
        "2023-11-14T22:23:20Z",
        "2023-11-14T22:33:20Z",
        "2023-12-01",
    ]
    links = {str(attributes["href"]) for attributes, _ in document.all("a")}
    assert links == {"https://example.org/notes", "#s-S1", "#s-S2"}
    assert {link[1:] for link in links if link.startswith("#")} <= {
        attributes.get("id") for attributes, _ in document.all("li")
    }
    assert "1 December 2023: The turn was given a minute late." in article
    assert [attributes.get("id") for attributes, _ in document.all("tr") if "id" in attributes] == [
        "e-take-off",
        "e-call",
        "e-turn",
    ]
    assert {inside for _, attributes, text in document.found if attributes.get("lang") == "de" for inside in text} == {
        "Funkspruch",
        "über dem Wald",
    }
    assert "B Leak, not authenticated · The crew: über dem Wald · by radio · 22:33 [S1]" in article
    assert document.all("caption")[0][1] == "All events"


def test_the_text_tells_the_story_in_its_order_and_leads_to_its_events() -> None:
    scene = small_scene()
    step = {"id": "one", "count": "Step 1 of 2", "time": 1, "time_text": "22:33 UTC", "view": None,
            "title": {"text": "Kurve", "lang": "de"}, "text": "It turned.", "event": "turn",
            "sources": ["S9"]}  # fmt: skip
    last = {**step, "id": "two", "event": None, "title": "Then", "sources": []}
    scene["story"] = {"heading": "Story", "more": "This event with its sources", "steps": [step, last]}
    document = Document(page(scene))
    assert [inside for _, inside in document.all("h3")][:2] == ["22:33 UTC: Kurve", "22:33 UTC: Then"]
    assert [inside for attributes, inside in document.all("a") if attributes["href"] == "#e-turn"] == [
        "This event with its sources"
    ]
    assert "S9" in [inside for attributes, inside in document.all("a") if attributes["href"] == "#s-S9"]


def test_a_source_leads_to_its_archived_copy_and_says_what_is_in_another_language() -> None:
    scene = small_scene()
    scene["other_sources"][0] |= {
        "archived": {"text": "archived copy", "url": "https://archive.example.org/9"},
        "after": [", 2023. ", {"text": "Auf Deutsch", "lang": "de"}],
    }
    document = Document(page(scene))
    assert "https://archive.example.org/9" in [attributes["href"] for attributes, _ in document.all("a")]
    (cited,) = [inside for attributes, inside in document.all("li") if attributes.get("id") == "s-S9"]
    assert cited == "[S9] Notes of the tower, 2023. Auf Deutsch · archived copy"
    assert "Auf Deutsch" in [inside for attributes, inside in document.all("span") if attributes.get("lang") == "de"]


def test_corrections_are_told_at_the_head_of_the_text() -> None:
    scene = {**small_scene(), "corrected": "Corrections (1)"}
    document = Document(page(scene))
    names = [(tag, attributes.get("href") or attributes.get("id")) for tag, attributes, _ in document.found]
    assert names.index(("a", "#corrections")) < names.index(("h2", "corrections"))
    shown = [
        inside for _, attributes, text in document.found if attributes.get("href") == "#corrections" for inside in text
    ]
    assert shown == ["Corrections (1)"]
    assert [attributes["datetime"] for attributes, _ in document.all("time")][-1] == "2023-12-01"


def test_the_map_is_there_without_script(document: Document) -> None:
    (figure,) = [text for tag, _, text in document.found if tag == "figure"]
    (picture,) = [attributes for tag, attributes, _ in document.found if tag == "svg"]
    assert picture["role"] == "img"
    assert "style" not in {name for _, attributes, _ in document.found for name in attributes}
    assert small_scene()["description"] in "".join(figure)


def test_a_case_with_little_to_say_has_a_page() -> None:
    scene = {**small_scene(), "standfirst": None, "updated": None, "corrections": []}
    document = Document(page(scene))
    assert document.meta("description") == ""
    assert [inside for _, inside in document.all("h2")] == ["14 November 2023, by the minute", "Sources"]


def test_hostile_text_stays_text(document: Document) -> None:
    scene = with_every_word(small_scene(), lambda word: word + HOSTILE)
    for source in scene["events"][0]["card"]["sources"]:
        source["url"] = "javascript:alert(4)"
    hostile = Document(page(scene))
    assert [tag for tag, _, _ in hostile.found if tag in {"img", "script", "style"}] == [
        tag for tag, _, _ in document.found if tag in {"img", "script", "style"}
    ]
    scripts = [inside for attributes, inside in document.all("script") if "type" not in attributes]
    assert [inside for attributes, inside in hostile.all("script") if "type" not in attributes] == scripts
    assert hostile.all("h1")[0][1] == scene["title"]
    assert "javascript:" not in {str(attributes.get("href"))[:11] for attributes, _ in hostile.all("a")}
    assert page(scene, folium_map(scene)) == page(scene)


def test_a_saved_map_needs_no_network() -> None:
    document = Document(saved(folium_map(small_scene())))
    asked = [attributes.get("src") or attributes.get("href") or "" for _, attributes, _ in document.found]
    assert {address.split(":")[0] for address in asked if address} == {"data"}


def test_the_layer_joins_anyones_map() -> None:
    own = folium.Map(tiles=None)
    FlightLayer(small_scene()).add_to(own)
    links = [str(attributes.get("src")) for attributes, _ in Document(saved(own)).all("script")]
    assert any(link.startswith("data:text/javascript") for link in links)
    assert any("leaflet" in link for link in links)
    assert folium.Map.default_js[0][1].startswith("https://"), "folium's own lists stay as they are"


def test_a_page_carries_the_layers_of_its_map_and_leaves_the_map_alone(text: str) -> None:
    own = folium_map(small_scene())
    group = folium.FeatureGroup("mine").add_to(own)
    folium.PolyLine(LINE, color="#123456").add_to(group)
    folium.GeoJson({"type": "LineString", "coordinates": [[8, 50], [9, 51]]}).add_to(own)
    folium.LayerControl(collapsed=False).add_to(own)
    saved(own)
    before = own.get_root().to_json()
    made = page(small_scene(), own)
    assert '"#123456"' in made
    assert "geo_json_" in made
    assert made != text
    assert page(small_scene(), own) == made
    assert own.get_root().to_json() == before
    saved(own)
    assert page(small_scene(), own) == made


def test_a_map_without_our_layer_gets_it() -> None:
    own = folium.Map(tiles=None)
    folium.Circle((50, 8), radius=1000).add_to(own)
    assert "flightcase.drawLayer(" in page(small_scene(), own)
    assert "flightcase" not in saved(own)


def test_a_layer_cannot_end_the_script() -> None:
    own = folium_map(small_scene())
    folium.PolyLine(LINE, color="</script><script>alert(1)</script>").add_to(own)
    assert len(Document(page(small_scene(), own)).all("script")) == len(Document(page(small_scene())).all("script"))


def _with(*layers: Any) -> Any:
    own = folium.Map(tiles=None)
    for layer in layers:
        layer.add_to(own)
    return own


def _with_raw_html() -> Any:
    own = _with()
    own.get_root().html.add_child(folium.Element("<h3>Mine</h3>"))
    return own


POINT = {"type": "Point", "coordinates": [8, 50]}


@pytest.mark.parametrize(
    ("own", "says"),
    [
        (folium.Map, "TileLayer would ask https://tile.openstreetmap.org/"),
        (lambda: _with(folium.Marker((50, 8))), "folium.map.Marker"),
        (lambda: _with(folium.PolyLine(LINE, popup="<b>a</b>")), "folium.map.Popup"),
        (lambda: _with(folium.PolyLine(LINE, tooltip="a")), "folium.map.Tooltip"),
        (lambda: _with(plugins.MarkerCluster()), "MarkerCluster needs files from elsewhere (markerclusterjs"),
        (lambda: _with(folium.GeoJson(POINT)), "marker=folium.CircleMarker()"),
        (lambda: _with(folium.LayerControl()), "LayerControl(collapsed=False)"),
        (lambda: folium_map(small_scene(shift=1.0)), "another scene"),
        (_with_raw_html, "raw HTML"),
    ],
)
def test_a_layer_that_is_not_whole_is_refused(own: Any, says: str) -> None:
    with pytest.raises(RenderError, match=re.escape(says)):
        page(small_scene(), own())


def test_a_layer_that_links_to_its_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "line.json"
    file.write_text(json.dumps({"type": "LineString", "coordinates": [[8, 50], [9, 51]]}), encoding="utf-8")
    with pytest.raises(RenderError, match=r"would ask for .*line\.json; read the file"):
        page(small_scene(), _with(folium.GeoJson(str(file), embed=False)))


def test_points_of_a_layer_may_be_circles() -> None:
    assert "circleMarker" in page(small_scene(), _with(folium.GeoJson(POINT, marker=folium.CircleMarker())))


def test_renderings_go_by_what_names_end_in() -> None:
    assert render(small_scene(), "Story.HTML") == page(small_scene()).encode()
    with pytest.raises(RenderError, match=r"no rendering makes story\.docx; names end in \.html, \.geojson"):
        render(small_scene(), "story.docx")


def test_the_longest_ending_is_meant(monkeypatch) -> None:
    more = {"@2x.html": Format(lambda *_: "twice", "text/html"), **RENDERINGS}
    monkeypatch.setattr("geo.render.RENDERINGS", more)
    assert render(small_scene(), "story@2x.html") == b"twice"
