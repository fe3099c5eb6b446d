"""What our units are in others, each exact by definition."""

from __future__ import annotations

from typing import Final

#: International foot (1959), m; statute mile of 5,280 of them, km.
FOOT_M: Final = 0.3048
MILE_KM: Final = 1.609344
#: International nautical mile, m; knot, one of them in an hour, in m/s and km/h.
NAUTICAL_MILE_M: Final = 1852.0
KNOT_M_S: Final = 1852 / 3600
KNOT_KMH: Final = 1.852
