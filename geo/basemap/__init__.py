"""Land, water and borders of a rectangle at the scale it needs, and the names on them."""

from geo.basemap.labels import CountryLabel, WaterLabel, countries_at, country_labels, water_labels
from geo.basemap.store import Scale
from geo.basemap.view import basemap, decode, scale_for

__all__ = [
    "CountryLabel",
    "Scale",
    "WaterLabel",
    "basemap",
    "countries_at",
    "country_labels",
    "decode",
    "scale_for",
    "water_labels",
]
