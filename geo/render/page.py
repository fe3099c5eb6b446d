"""The scene as one HTML file that asks nobody for anything.

The page is the folium map of the scene with the viewer around it. The default map is written here as folium writes it,
since importing folium alone takes longer than a page may; a test holds the two to the same bytes.
"""

from __future__ import annotations

import re
from html import escape
from string import Template
from typing import TYPE_CHECKING, Any

from geo.errors import RenderError
from geo.render.head import head, linked_data
from geo.render.inline import (
    csp_hash,
    json_text,
    leaflet_script,
    leaflet_style,
    script_text,
    shrink_css,
    tiles_script,
    tiles_style,
    viewer_script,
    viewer_style,
)
from geo.render.languages import language_blocks
from geo.render.layer import LAYER_HTML, LAYER_SCRIPT, MAP_OPTIONS, layer_data
from geo.render.markup import article, plain
from geo.render.poster import page_poster
from geo.render.told import told
from geo.resources import asset_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from geo.render.folium_map import Map
    from geo.render.published import Published

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


def _policy(scripts: list[str], style: str, pictures: str) -> str:
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(csp_hash(script) for script in scripts),
        "style-src": csp_hash(style),
        "img-src": f"data:{pictures}",
        # Its own address only: crawlers ask for robots.txt through the page. Nothing of ours connects.
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{rule} {value}" for rule, value in rules.items())


def _origin(url: str) -> str:
    """What the policy admits for an address of tiles: scheme, host and port.

    Raises:
        RenderError: the scene was not composed, and its address could say something else in the policy.
    """
    found = re.match(r"https?://[A-Za-z0-9.-]+(:\d+)?(?=/)", url)
    if found is None:
        raise RenderError(f"{url[:80]!r} is no address of map tiles")
    return found.group()


def page(
    scene: Mapping[str, Any],
    folium_map: Map | None = None,
    also: Iterable[Mapping[str, Any]] = (),
    published: Published | None = None,
) -> str:
    """One self-contained HTML file: viewer, data, basemap, and the whole story as text for readers without script.

    Args:
        scene: what ``compose`` made.
        folium_map: a folium map whose layers the page shall carry too; without one, the map of ``folium_map(scene)``.
        also: scenes of the same case in other languages or units, among which the reader may choose.
        published: where the page will stand; without it, nothing that needs an address is said.

    Returns:
        HTML, the same for equal scenes. It sends no request and says so in its Content-Security-Policy; where the case
        names a provider of map tiles, the policy admits pictures from there, for which a reader has to ask.

    Raises:
        RenderError: when a layer of the map would fetch something, or puts markup into the page, for a scene in
            ``also`` of another case, and for an address that is not absolute.
    """
    also = tuple(also)
    html, start, more = _parts(scene, folium_map, layer_data(scene, told(scene)))
    style = leaflet_style(whole=more) + viewer_style() + shrink_css(asset_text("page.css"))
    viewer, pictures = viewer_script(), ""
    if tiles := scene["map"].get("tiles"):
        style, viewer, pictures = style + tiles_style(), f"{tiles_script()}\n{viewer}", f" {_origin(tiles['url'])}"
    scripts = [_EARLY, leaflet_script(whole=more), viewer, start]
    return Template(asset_text("page.html")).substitute(
        lang=escape(scene["language"]),
        dir=escape(scene["direction"]),
        title=escape(plain(scene["title"])),
        policy=escape(_policy(scripts, style, pictures), quote=False),
        head=head(scene, published, (each["language"] for each in also)),
        linked_data=json_text(linked_data(scene, published)),
        early=_EARLY,
        style=style,
        article=article(scene, page_poster(scene)),
        map=html + language_blocks(scene, also),
        leaflet=scripts[1],
        viewer=scripts[2],
        start=start,
    )
