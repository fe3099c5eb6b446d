"""The scene as one HTML file that asks nobody for anything.

The page is the folium map of the scene with the viewer around it. The default map is written here as folium writes it,
since importing folium alone takes longer than a page may; a test holds the two to the same bytes.
"""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING, Any

from geo.render.inline import (
    csp_hash,
    json_text,
    leaflet_script,
    leaflet_style,
    script_text,
    shrink_css,
    viewer_script,
    viewer_style,
)
from geo.render.layer import EVENT_HTML, LAYER_HTML, LAYER_SCRIPT, MAP_OPTIONS, split_data
from geo.render.markup import article, plain
from geo.resources import asset_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from geo.render.folium_map import Map

# Open Graph wants a country with the language; English dates here are written the British way.
_LOCALES = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU", "az": "az_AZ", "kk": "kk_KZ", "ar": "ar_AR"}
# Runs before the text is drawn, so that readers with JavaScript do not see the text and then the viewer.
_EARLY = 'document.documentElement.className="js"'


def _default_parts(data: str) -> tuple[str, str]:
    name, layer = "map_1", "flight_layer_2"
    options = "".join(f"{json_text(key)}: {json_text(value)},\n" for key, value in MAP_OPTIONS.items())
    html = f'<div class="folium-map" id="{name}" ></div>\n' + LAYER_HTML.format(name=layer, data=data)
    script = (
        f'var {name} = L.map(\n"{name}",\n{{\ncenter: [0.0, 0.0],\ncrs: L.CRS.EPSG3857,\n...{{\n{options}}}\n}}\n);\n'
        + LAYER_SCRIPT.format(name=layer, map=name)
    )
    return html, script


def _lines(text: str) -> str:
    """The text without indentation and empty lines."""
    stripped = (line.strip() for line in text.split("\n"))
    return "\n".join(line for line in stripped if line)


def _parts(scene: Mapping[str, Any], folium_map: Map | None, data: str) -> tuple[str, str, bool]:
    """HTML, script, and whether the map has layers besides ours, which may use any part of Leaflet."""
    if folium_map is None:
        html, script = _default_parts(data)
        more = False
    else:
        from geo.render.folium_map import parts

        html, script, more = parts(scene, folium_map, data)
    return _lines(html), script_text(_lines(script)), more


def _linked_data(scene: Mapping[str, Any]) -> dict[str, Any]:
    corrections = [
        {"@type": "CorrectionComment", "text": plain(correction["text"]), "datePublished": correction.get("datetime")}
        for correction in scene["corrections"]
    ]
    article_data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": plain(scene["title"]),
        "description": plain(scene["standfirst"]),
        "inLanguage": scene["language"],
        "dateModified": scene["updated"],
        "correction": [_filled(correction) for correction in corrections],
    }
    return _filled(article_data)


def _filled(entries: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entries.items() if value}


def _open_graph(scene: Mapping[str, Any]) -> str:
    entries = {
        "og:type": "article",
        "og:title": plain(scene["title"]),
        "og:description": plain(scene["standfirst"]),
        "og:locale": _LOCALES.get(scene["language"]),
    }
    return "\n".join(f'<meta property="{key}" content="{escape(value)}">' for key, value in entries.items() if value)


def _policy(scripts: list[str], style: str) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(csp_hash(script) for script in scripts),
        "style-src": csp_hash(style),
        "img-src": "data:",
        # Its own address only: crawlers ask for robots.txt through the page. Nothing of ours connects.
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())


def page(scene: Mapping[str, Any], folium_map: Map | None = None) -> str:
    """One self-contained HTML file: viewer, data, basemap, and the whole story as text for readers without script.

    Args:
        scene: what ``compose`` made.
        folium_map: a folium map whose layers the page shall carry too; without one, the map of ``folium_map(scene)``.

    Returns:
        HTML, the same for equal scenes. It sends no request and says so in its Content-Security-Policy.

    Raises:
        RenderError: when a layer of the map would fetch something, or puts markup into the page.
    """
    rest, events = split_data(scene)
    html, start, more = _parts(scene, folium_map, rest)
    style = leaflet_style(whole=more) + viewer_style() + shrink_css(asset_text("page.css"))
    scripts = [_EARLY, leaflet_script(whole=more), viewer_script(), start]
    return Template(asset_text("page.html")).substitute(
        lang=escape(scene["language"]),
        dir=escape(scene["direction"]),
        title=escape(plain(scene["title"])),
        description=escape(plain(scene["standfirst"])),
        policy=escape(_policy(scripts, style), quote=False),
        open_graph=_open_graph(scene),
        linked_data=json_text(_linked_data(scene)),
        early=_EARLY,
        style=style,
        article=article(scene, [EVENT_HTML.format(data=event) for event in events]),
        map=html,
        leaflet=scripts[1],
        viewer=scripts[2],
        start=start,
    )
