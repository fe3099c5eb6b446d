"""Land, water and borders of a rectangle at the scale it needs, and the names on them."""

from geo.basemap.disputes import DisputedArea, disputed_areas
from geo.basemap.labels import CountryLabel, WaterLabel, countries_at, country_labels, water_labels
from geo.basemap.owners import Area, owners_at, owners_within, sky_distance_m
from geo.basemap.store import Scale
from geo.basemap.view import basemap, decode, scale_for

__all__ = [
    "Area",
    "CountryLabel",
    "DisputedArea",
    "Scale",
    "WaterLabel",
    "basemap",
    "countries_at",
    "country_labels",
    "decode",
    "disputed_areas",
    "owners_at",
    "owners_within",
    "scale_for",
    "sky_distance_m",
    "water_labels",
]
