"""Flightcase: a flight occurrence as a map and a timeline that say what is measured, inferred and unknown.

A case file is *read* into a ``Case``, *traced* into a ``Route``, *composed* into a ``Scene``, and *rendered*.

The verbs::

    casefile.read(path) -> Case      casefile.check(path)    casefile.write(case, path)
    trace(case) -> Route
    compose(case, route, language, units) -> Scene
    render(scene, suffix) -> bytes   render.page.page(scene)   render.folium_map.folium_map(scene)

    notebook.to_geodataframe(scene)  notebook.to_trajectory(track)  notebook.from_traffic(flight) -> Track

The nouns are in ``geo.model``, the errors in ``geo.errors``. What is named here is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from geo import showing

if TYPE_CHECKING:
    from geo import casefile as casefile
    from geo import notebook as notebook
    from geo import render as render
    from geo.errors import FlightcaseError as FlightcaseError
    from geo.model import Case as Case
    from geo.model import Track as Track
    from geo.route import Route as Route
    from geo.route import trace as trace
    from geo.scene import Scene as Scene
    from geo.scene import compose as compose

_HOMES: Final = {
    "Case": "geo.model",
    "FlightcaseError": "geo.errors",
    "Route": "geo.route",
    "Scene": "geo.scene",
    "Track": "geo.model",
    "compose": "geo.scene",
    "trace": "geo.route",
}

__all__ = ["Case", "FlightcaseError", "Route", "Scene", "Track", "casefile", "compose", "notebook", "render", "trace"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  whatever the name stands for
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    if name in ("casefile", "notebook", "render"):
        return import_module(f"geo.{name}")
    raise AttributeError(f"module 'geo' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)


def _drawn(shown: Any) -> str:  # noqa: ANN401  a case, a route or a scene
    from geo.notebook import html

    return html(shown)


showing.draw_with(_drawn)
