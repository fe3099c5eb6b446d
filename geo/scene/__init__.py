"""A case and its route are composed into a ``Scene``: pure JSON, everything that is drawn in its words.

``docs/scene.md`` describes it. Below the scene nobody knows what a flight is, and nobody formats a date or a number.
"""

from geo.scene.composition import Scene, compose
from geo.scene.words import Units, languages

__all__ = ["Scene", "Units", "compose", "languages"]
