"""A case of a few lines, for tests that save and publish it often."""

from __future__ import annotations

TEXT = """\
format = 1
id = "small"
# what the author wrote beside it stays
title.en = "A flight from Baku to Grozny"
title.de = "Ein Flug von Baku nach Grosny"
updated = 2024-12-26  # by hand

[flight]
callsign = "AHY8243"

[places.baku]
name.en = "Baku"
lat = 40.4675
lon = 50.0467

[places.grozny]
name.en = "Grozny"
lat = 43.3881
lon = 45.6989

[intended]
route = ["baku", "grozny"]
basis = "great circle"

[[event]]
id = "take-off"
time = 2024-12-25T03:55:00Z
title.en = "Take-off"   # spelt as the report has it
grade = "confirmed"
place = "baku"
sources = ["S01"]

[sources.S01]
publisher = "Ministry"
title = "Report"
"""
TRACK = """
[[track]]
file = "{name}"
"""


def rows(count, lat_deg=40.4675):
    """A track as CSV, one fix a second."""
    lines = ["time,lat,lon,altitude_ft"]
    lines += [
        f"2024-12-25T{4 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z,"
        f"{lat_deg + second * 0.0004:.6f},{50.0467 - second * 0.0006:.6f},{10_000 + second}"
        for second in range(count)
    ]
    return ("\n".join(lines) + "\n").encode()
