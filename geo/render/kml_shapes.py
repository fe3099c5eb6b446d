"""Geometry of features as KML 2.2, with Google's ``gx:Track`` where an aircraft was at a place at a time.

Everything is clamped to the ground: a scene knows no heights, and none is invented. Longitudes are within ±180.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from geo.render.antimeridian import DIGITS, column, cut_line, points, wrap
from geo.render.dashes import dashes
from geo.render.features import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Path = Mapping[str, Any]
    Point = tuple[float, float]

_CLAMPED: Final = "<altitudeMode>clampToGround</altitudeMode>"
_HALF: Final = 180.0


def drawn(geometry: Mapping[str, Any] | None) -> str:
    """A geometry of GeoJSON; several parts stand in one ``MultiGeometry``."""
    if geometry is None:
        return ""
    kind, given = geometry["type"], geometry["coordinates"]
    match kind.removeprefix("Multi"):
        case "Point":
            parts = [_point(at) for at in (given if kind != "Point" else [given])]
        case "LineString":
            parts = [_line(line) for line in (given if kind != "LineString" else [given])]
        case _:
            parts = [_polygon(rings) for rings in (given if kind != "Polygon" else [given])]
    return _several(parts)


def way(path: Path) -> str:
    """A line without its times, cut at the antimeridian; of a single position a point."""
    return _several([_point(one[0]) if len(one) == 1 else _line(one) for one in cut_line(points(path))[0]])


def dashed(path: Path, on: float, off: float) -> str:
    """The dashes of a line, in degrees of latitude each."""
    pieces = (piece for dash in dashes(points(path), on, off) for piece in cut_line(dash)[0])
    return _several([_line(piece) for piece in pieces if len(piece) > 1])


def tracks(paths: Sequence[Path], schema: str) -> str:
    """Where an aircraft was and when: one ``gx:Track`` for each path, cut where it crosses the antimeridian.

    No position is added at a cut, since it would be one that nobody received. ``gx:interpolate`` joins what a cut
    parted, and only that: paths that a gap lies between never stand in one such group.

    Args:
        paths: with times.
        schema: address of the schema that has the array ``doubt_m``.
    """
    groups = [list(_parts(path)) for path in paths]
    if len(groups) == 1 and len(groups[0]) == 1:
        return _track(groups[0][0], schema)
    made = []
    for group in groups:
        joined = f"<gx:interpolate>{int(len(group) > 1)}</gx:interpolate>"
        made.append(
            f"<gx:MultiTrack>{joined}{''.join(_track(part, schema) for part in group)}</gx:MultiTrack>\n"
            if len(group) > 1
            else _track(group[0], schema)
        )
    return _several(made)


def _parts(path: Path) -> Iterator[list[tuple[float, float, float, float | None]]]:
    """Longitude, latitude, time and doubt of the points, in parts that do not cross the antimeridian."""
    doubts = column(path["doubt_m"]) if "doubt_m" in path else [None] * len(path["time"]["deltas"])
    rows = [
        (round(wrap(lon), DIGITS), round(lat, DIGITS), time, doubt)
        for (lon, lat), time, doubt in zip(points(path), column(path["time"]), doubts, strict=True)
    ]
    part = rows[:1]
    for before, row in pairwise(rows):
        if abs(row[0] - before[0]) > _HALF:
            yield part
            part = []
        part.append(row)
    yield part


def _track(rows: Iterable[tuple[float, float, float, float | None]], schema: str) -> str:
    kept = list(rows)
    whens = "".join(f"<when>{iso(time)}</when>\n" for _, _, time, _ in kept)
    coords = "".join(f"<gx:coord>{lon} {lat} 0</gx:coord>\n" for lon, lat, _, _ in kept)
    doubts = "".join(f"<gx:value>{doubt:.1f}</gx:value>" for *_, doubt in kept if doubt is not None)
    if doubts:
        values = f'<gx:SimpleArrayData name="doubt_m">{doubts}</gx:SimpleArrayData>'
        doubts = f'<ExtendedData><SchemaData schemaUrl="{schema}">{values}</SchemaData></ExtendedData>\n'
    return f"<gx:Track>{_CLAMPED}\n{whens}{coords}{doubts}</gx:Track>\n"


def _several(parts: Sequence[str]) -> str:
    return (
        "".join(parts) if len(parts) == 1 else f"<MultiGeometry>\n{''.join(parts)}</MultiGeometry>\n" if parts else ""
    )


def _coordinates(positions: Iterable[Sequence[float]]) -> str:
    return f"<coordinates>{' '.join(f'{lon},{lat}' for lon, lat in positions)}</coordinates>"


def _point(at: Sequence[float]) -> str:
    return f"<Point>{_coordinates([at])}</Point>\n"


def _line(positions: Iterable[Sequence[float]]) -> str:
    return f"<LineString><tessellate>1</tessellate>{_coordinates(positions)}</LineString>\n"


def _polygon(rings: Sequence[Iterable[Sequence[float]]]) -> str:
    edges = [f"<LinearRing>{_coordinates(ring)}</LinearRing>" for ring in rings]
    holes = "".join(f"<innerBoundaryIs>{edge}</innerBoundaryIs>" for edge in edges[1:])
    return f"<Polygon><tessellate>1</tessellate><outerBoundaryIs>{edges[0]}</outerBoundaryIs>{holes}</Polygon>\n"
