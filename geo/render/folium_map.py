"""The scene as a folium map, and folium maps as parts of the page.

The only home of folium. Nothing that a case says goes through folium's templates for popups and tooltips, which take
raw HTML: the scene stands as JSON in a data block, and the viewer draws it.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final

import folium
from branca.element import Figure
from folium import Map
from folium.elements import ElementAddToElement, JSCSSMixin
from folium.template import Template

from geo.errors import RenderError
from geo.render.inline import data_url, leaflet_script, leaflet_style, viewer_script, viewer_style
from geo.render.layer import LAYER_HTML, LAYER_SCRIPT, layer_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from branca.element import Element

__all__ = ["FlightLayer", "Map", "folium_map", "parts"]

# Layers that are whole within the script that folium writes for them. All others link to files of a content delivery
# network, ask for tiles and pictures, or put HTML together from text.
WHOLE: Final = (
    folium.Circle,
    folium.CircleMarker,
    folium.ColorLine,
    folium.FeatureGroup,
    folium.FitBounds,
    folium.LayerControl,
    folium.PolyLine,
    folium.Polygon,
    folium.Rectangle,
)
# What folium writes anew in every rendering, each time under another name.
_ADDED: Final = re.compile(r"\s*\w+\.addTo\(\w+\);\s*")


class FlightLayer(JSCSSMixin):
    """The scene as a layer of any folium map: the viewer takes the place of the map and puts the map inside itself.

    Its script and style are data addresses, so that a saved map needs no server of ours. Leaflet is the map's own.

    Args:
        scene: what ``compose`` made.
    """

    _template = Template(
        "{% macro html(this, kwargs) %}"
        + LAYER_HTML.format(name="{{ this.get_name() }}", data="{{ this.data }}")
        + "{% endmacro %}"
        "{% macro script(this, kwargs) %}"
        + LAYER_SCRIPT.format(name="{{ this.get_name() }}", map="{{ this._parent.get_name() }}")
        + "{% endmacro %}"
    )

    def __init__(self, scene: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # folium types a part of itself
        self._name = "FlightLayer"
        self.data = layer_data(scene)
        # Branca draws its ids by lot; taken from the content they are the same in every run.
        self._id = hashlib.sha256(self.data.encode()).hexdigest()[:32]
        self.default_js = [("flightcase", data_url("text/javascript", viewer_script()))]
        self.default_css = [("flightcase_css", data_url("text/css", viewer_style()))]


def folium_map(scene: Mapping[str, Any]) -> Map:
    """An ordinary folium map with the scene on it, without tiles, that saves to a file which needs no network.

    Args:
        scene: what ``compose`` made.

    Returns:
        A map to which any folium layer can be added.
    """
    layer = FlightLayer(scene)
    made = Map(tiles=None, zoom_control=False, attribution_control=False)
    made.get_root()._id = made._id = layer._id  # noqa: SLF001  branca has no other way to give an id
    # On the instance: folium's own lists are shared by all maps and lead to other people's servers.
    made.default_js = [("leaflet", data_url("text/javascript", leaflet_script()))]
    made.default_css = [("leaflet_css", data_url("text/css", leaflet_style()))]
    layer.add_to(made)
    return made


def parts(scene: Mapping[str, Any], user_map: Map, data: str) -> tuple[str, str, bool]:
    """HTML and script that folium writes for a map; the map itself is left as it is.

    Args:
        scene: what the page shows; the map gets a layer of it where it has none.
        user_map: a folium map.
        data: what stands in the data block of the layer; the page has the events elsewhere.

    Returns:
        The elements of the body, the script that fills them, with ids by their order in the map, and whether there are
        other layers than ours.

    Raises:
        RenderError: for a layer that would fetch something or that writes text as HTML, and for another scene.
    """
    figure = copy.deepcopy(user_map.get_root())
    elements = list(_walk(figure))
    maps = [element for element in elements if isinstance(element, Map)]
    if not isinstance(figure, Figure) or len(maps) != 1:
        raise RenderError("a page shows one folium map; give it a folium.Map that stands alone in its figure")
    for element in elements:
        _refuse(element)
    _forget_earlier(figure, elements)
    layers = [element for element in _walk(figure) if isinstance(element, FlightLayer)]
    if not layers:
        layers = [FlightLayer(scene)]
        layers[0].add_to(maps[0])
    elif [layer.data for layer in layers] != [layer_data(scene)]:
        raise RenderError("the folium map shows another scene than the page; make both from the same one")
    layers[0].data = data
    for number, element in enumerate(_walk(figure)):
        element._id = str(number)  # noqa: SLF001  branca has no other way to give an id
    figure.render()
    others = any(type(element) not in (Figure, Map, FlightLayer) for element in elements)
    return figure.html.render(), figure.script.render(), others


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():  # noqa: SLF001  branca has no other way to look inside
        yield from _walk(child)


def _forget_earlier(figure: Figure, elements: Sequence[Element]) -> None:
    """Take out what an earlier rendering left in the figure; what someone put there by hand is refused."""
    known = {"meta_http"}
    for element in elements:
        links = (*getattr(element, "default_js", ()), *getattr(element, "default_css", ()))
        known |= {element.get_name(), *(label for label, _ in links)}
        for name, child in list(element._children.items()):  # noqa: SLF001  branca has no other way to look inside
            if type(child) is ElementAddToElement:
                del element._children[name]  # noqa: SLF001  this is a copy, and folium adds it again
    for section in (figure.header, figure.html, figure.script):
        for name, child in section._children.items():  # noqa: SLF001  branca has no other way to look inside
            if name not in known and not _ADDED.fullmatch(child.render()):
                raise RenderError(f"the figure of the folium map holds raw HTML or script ({name}); leave it out")
        section._children.clear()  # noqa: SLF001  this is a copy


def _refuse(element: Element) -> None:
    """Raise RenderError for an element that does not stand for itself."""
    kind = type(element)
    name = kind.__name__
    # Exactly these: a class made from one of them may write anything.
    if kind in (Figure, FlightLayer, Map, ElementAddToElement) or _is_whole(element):
        return
    advice = f"a page can carry {', '.join(each.__name__ for each in WHOLE)}, and GeoJson; none with pop-ups"
    if isinstance(element, folium.TileLayer):
        raise RenderError(f"{name} would ask {element.tiles} for tiles; make the map with tiles=None, {advice}")
    links = [label for label, _ in (*getattr(element, "default_js", ()), *getattr(element, "default_css", ()))]
    needs = f"needs files from elsewhere ({', '.join(links)})" if links else "may fetch files or write text as HTML"
    raise RenderError(f"{kind.__module__}.{name} {needs}; {advice}")


def _is_whole(element: Element) -> bool:
    kind = type(element)
    if isinstance(element, folium.LayerControl) and element.options.get("collapsed", True):
        raise RenderError("LayerControl needs a picture while it is folded; write LayerControl(collapsed=False)")
    if isinstance(element, folium.GeoJson):
        if not element.embed:
            raise RenderError(f"GeoJson would ask for {element.embed_link}; read the file and pass what it holds")
        if _has_pins(element):
            raise RenderError("GeoJson draws points as pictures from elsewhere; write marker=folium.CircleMarker()")
        return kind is folium.GeoJson
    return kind in WHOLE


def _has_pins(layer: folium.GeoJson) -> bool:
    if isinstance(layer.marker, (folium.Circle, folium.CircleMarker)):
        return False
    return bool(re.search(r'"type": ?"(Multi)?Point"', json.dumps(layer.data)))
