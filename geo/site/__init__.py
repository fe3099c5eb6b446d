"""Cases as a static site: pages, pictures, data, an index with search and map, a sitemap, a feed of corrections."""

from geo.site.links import check
from geo.site.publishing import Site, Written, publish

__all__ = ["Site", "Written", "check", "publish"]
