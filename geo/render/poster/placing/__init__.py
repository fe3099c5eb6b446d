"""Where signs and texts stand on the map, so that none covers another: as the viewer has it."""

from geo.render.poster.placing.annotate import Arrangement, arrange
from geo.render.poster.placing.labels import Label, TextLine
from geo.render.poster.placing.signs import Sign

__all__ = ["Arrangement", "Label", "Sign", "TextLine", "arrange"]
