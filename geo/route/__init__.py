"""A case is traced into a ``Route``: the intended line, and stretches that say what was received and what is drawn."""

from geo.route.route import Line, Route, RouteStretch
from geo.route.tracing import trace

__all__ = ["Line", "Route", "RouteStretch", "trace"]
