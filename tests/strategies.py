"""Hypothesis strategies for the nouns of the project."""

from __future__ import annotations

from hypothesis import strategies as st

latitudes = st.floats(-90, 90, allow_nan=False).map(lambda value: round(value, 6))
longitudes = st.floats(-180, 180, allow_nan=False).map(lambda value: round(value, 6))
positions = st.tuples(latitudes, longitudes)
#: Away from the poles, where an azimuth is well defined.
inhabited = st.tuples(st.floats(-80, 80).map(lambda value: round(value, 6)), longitudes)
azimuths = st.floats(0, 360, exclude_max=True)
